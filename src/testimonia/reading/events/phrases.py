"""Phrases of a parse: the words of a head, without the clauses that hang on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from testimonia.model import Span
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.syntax import Parse, Token

_GAP = re.compile(r"\n\s*\n\s*")
_CLAUSAL = frozenset({"relcl", "acl", "ccomp", "pcomp", "advcl", "appos", "csubj", "parataxis"})
_COORDINATED = ("conj", "cc", "preconj")
_LOOSE = frozenset({"punct", "cc"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_CALENDAR = frozenset({"DATE", "TIME"})
_MEASURE = frozenset({"MONEY", "PERCENT", "QUANTITY", "ORDINAL"})


def phrase(parse: Parse, head: Token) -> Span:
    """The phrase of ``head`` without what is coordinated with it or said of it in a clause."""
    besides = {child.i for child in parse.dependents(head, *_COORDINATED)}
    below = frozenset(without_clauses(parse, head, but=frozenset(besides)))
    first = last = head.i
    while first - 1 in below:
        first -= 1
    while last + 1 in below:
        last += 1
    run = _without_loose_ends(parse, list(range(first, last + 1)))
    return _within_paragraph(parse.text, parse.span(run[0], run[-1] + 1), head)


def _within_paragraph(text: str, span: Span, head: Token) -> Span:
    """No phrase goes over an empty line: what the parser joined there is a title or a list."""
    before = [gap.end() for gap in _GAP.finditer(text, span.start, head.start)]
    after = _GAP.search(text, head.end, span.end)
    return Span(before[-1] if before else span.start, after.start() if after else span.end)


def without_clauses(parse: Parse, head: Token, *, but: frozenset[int] = frozenset()) -> list[int]:
    """Sorted tokens below ``head``, no clause and none of the subtrees ``but`` among them, no
    punctuation at the ends."""
    found, stack = [], [head.i]
    while stack:
        index = stack.pop()
        found.append(index)
        stack.extend(i for i in parse.children[index] if i not in but and not _is_clause(parse, i))
    return _without_loose_ends(parse, sorted(found))


def _without_loose_ends(parse: Parse, found: list[int]) -> list[int]:
    while len(found) > 1 and _is_loose(parse.tokens[found[-1]]):
        found.pop()
    while len(found) > 1 and _is_loose(parse.tokens[found[0]]):
        del found[0]
    return found


def _is_loose(token: Token) -> bool:
    return token.dep in _LOOSE or token.text in {",", ";"}


def _is_clause(parse: Parse, index: int) -> bool:
    """A clause, or a preposition with one ("accused the mayor *of closing the bridge*")."""
    token = parse.tokens[index]
    if token.dep == "prep":
        return parse.dependent(token, "pcomp") is not None
    return token.dep in _CLAUSAL


def conjuncts(parse: Parse, head: Token) -> Iterator[Token]:
    """What is coordinated with a nominal: "the mayor and *the council*"."""
    while (following := parse.dependent(head, "conj")) is not None and following.pos in _NOMINAL:
        yield following
        head = following


def label(parse: Parse, token: Token) -> str:
    """The tagger's label of the entity that a token is in, or nothing."""
    return parse.entities[token.entity].label if token.entity >= 0 else ""


def is_calendar(parse: Parse, token: Token) -> bool:
    """Whether the tagger calls it a date or a time of day."""
    return label(parse, token) in _CALENDAR


def is_ahead(parse: Parse, preposition: Token) -> bool:
    """ "by the end of April", "for September", "in the coming year": dates that lie ahead of who
    says them; "for two hours", "in April" and "the next day" are none."""
    date, words = parse.dependent(preposition, "pobj"), lexicon()
    if preposition.dep != "prep" or date is None or date.tag in {"NNS", "CD"}:
        return False
    below = parse.subtree(date)
    if not any(is_calendar(parse, parse.tokens[i]) for i in below):
        return False
    modifiers = {child.lower for child in parse.dependents(date, "amod", "det", "nummod")}
    if modifiers & words.ahead_words:
        return preposition.lower in words.placing or preposition.lower in words.ahead
    return preposition.lower in words.ahead and not modifiers & {"a", "an"}


def is_measure(parse: Parse, token: Token) -> bool:
    """Money, shares, sizes and ranks: "$5 million", "a third", and not "the $5 million bridge"."""
    if token.pos in {"NUM", "SYM"} or token.text == "%":
        return label(parse, token) in _MEASURE or token.text == "%"
    if label(parse, token) not in _MEASURE:
        return False
    return parse.dependent(token, "nummod") is not None or token.tag in {"JJ", "CD"}


def resolved(parse: Parse, token: Token) -> Token | None:
    """The antecedent of a relative pronoun ("the man *who* left"), else the token itself.

    ``None`` for one without an antecedent ("*what* he saw").
    """
    if token.tag not in {"WDT", "WP", "WP$"}:
        return token
    for above in parse.ancestors(token):
        if above.dep == "relcl":
            return parse.head(above)
    return None
