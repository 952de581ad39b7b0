"""Vocatives: who is spoken to at the beginning of a turn, a paragraph or a mail.

"Karen, the port authority has confirmed …": no part of the subject, and nobody's "she" around.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from testimonia.reading.syntax import Parse, Token

_LONGEST = 12  # tokens of the subject behind the comma
_SUBJECTS = ("nsubj", "nsubjpass")
_OPENING = " \t\"“”'‘"


def is_vocative(parse: Parse, token: Token) -> bool:
    """Whether a bare first name or title opens a paragraph, with a comma and a subject behind."""
    named = token.text[:1].isupper() and token.lower.rstrip(".") in _forms_of_address()
    if not (named and _opens(parse, token)):
        return False
    return addressed_subject(parse, token) is not None


def addressed_subject(parse: Parse, token: Token) -> Token | None:
    """The subject behind "Karen, …", which the parser may take for an apposition or leave so.

    One that a second comma ends is an apposition indeed: "Karen, the captain, said".
    """
    first = token.i + 2
    if first >= len(parse.tokens) or parse.tokens[first - 1].text != ",":
        return None
    if parse.tokens[first].tag in ("NNP", "NNPS") or parse.tokens[first].tag.startswith("W"):
        return None
    for head in parse.tokens[first : first + _LONGEST]:
        left, right = parse.edges[head.i]
        takes = head.dep in _SUBJECTS or (head.dep == "appos" and head.head == token.i)
        if takes and left == first and head.head != first and right < len(parse.tokens):
            return head if _goes_on(parse, parse.tokens[right]) else None
    return None


def _goes_on(parse: Parse, after: Token) -> bool:
    """Whether the subject's verb follows."""
    return after.tag.startswith(("VB", "MD", "RB")) and after.tag != "VBN"


def _opens(parse: Parse, token: Token) -> bool:
    line = parse.text[parse.text.rfind("\n", 0, token.start) + 1 : token.start].strip(_OPENING)
    return not line or line.endswith(":")


@cache
def _forms_of_address() -> frozenset[str]:
    """First names, honorifics and offices, in lower case without a full stop."""
    names, titles = _read("names"), _read("titles")
    given = f"{names['masculine']} {names['feminine']}".split()
    honorifics = (word for words in titles["honorifics"].values() for word in words)
    return frozenset((*given, *honorifics, *titles["offices"]["words"]))


def _read(name: str) -> dict[str, Any]:
    data = files("testimonia.reading") / "data" / f"{name}.toml"
    return tomllib.loads(data.read_text(encoding="utf-8"))
