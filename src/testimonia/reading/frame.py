"""A parse without its datelines, which say where and when a report was written, and no more."""

from __future__ import annotations

from dataclasses import replace

from testimonia.reading.layout import datelines
from testimonia.reading.syntax import Parse, Token

FRAME = "dateline"  # the label of their tokens, known to no rule


def without_datelines(parse: Parse) -> Parse:
    """The same tokens, those of datelines each a root of its own, so that no rule finds them below
    a verb; what hung on one hangs where the dateline hung ("OAKFORD, May 3 - *Shares* fell")."""
    framed = {i for span in datelines(parse.text) for i in parse.within(span)}
    if not framed:
        return parse
    return replace(parse, tokens=tuple(_freed(parse, token, framed) for token in parse.tokens))


def _freed(parse: Parse, token: Token, framed: set[int]) -> Token:
    if token.i in framed:
        return token._replace(head=token.i, dep=FRAME, entity=-1)
    if token.head not in framed:
        return token
    above = token
    while above.head in framed and above.head != above.i:
        above = parse.head(above)
    if above.head == above.i:
        return token._replace(head=token.i, dep="ROOT")
    return token._replace(head=above.head, dep=above.dep)
