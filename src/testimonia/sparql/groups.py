"""The brackets of a query that is known to be grammatical, and what kind each is.

SPARQL 1.1 Query, section 19.8. Since the grammar holds, the neighbours of a bracket tell what it
encloses: a group of patterns, data, a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from testimonia.sparql.lexer import Token

_CLOSING: Final = {"{": "}", "(": ")", "[": "]"}


class Kind(Enum):
    """What stands between two brackets."""

    GROUP = auto()  # a group graph pattern, evaluated here
    REMOTE = auto()  # a group inside SERVICE, evaluated elsewhere
    SHORT = auto()  # the group of CONSTRUCT WHERE, which is its template too
    DATA = auto()  # VALUES
    TEMPLATE = auto()  # CONSTRUCT
    ROUND = auto()  # an expression, a collection, a path
    SQUARE = auto()  # properties of a blank node
    QUERY = auto()  # the whole


@dataclass(slots=True)
class Region:
    """Brackets with what they enclose: tokens, and regions in their turn. Offsets of the text, the
    brackets included."""

    kind: Kind
    start: int
    end: int = 0
    items: list[Item] = field(default_factory=list)


Item = Token | Region


def regions(found: Sequence[Token]) -> Iterator[Region]:
    """The whole and every region in it, each after those that it encloses."""
    open_: list[Region] = [Region(Kind.QUERY, 0)]
    for token in found:
        here = open_[-1]
        if token.text in _CLOSING and token.kind in ("open", "other"):
            inner = Region(_kind(token.text, here), token.start)
            here.items.append(inner)
            open_.append(inner)
        elif token.text in _CLOSING.values() and token.kind in ("close", "other"):
            if len(open_) > 1:
                here.end = token.end
                yield open_.pop()
        else:
            here.items.append(token)
    yield open_[0]


def is_word(item: Item | None, *words: str) -> bool:
    """Whether it is one of these keywords."""
    return isinstance(item, Token) and item.is_word(*words)


def is_text(item: Item | None, *texts: str) -> bool:
    """Whether it is a token with one of these texts."""
    return isinstance(item, Token) and item.text in texts


def is_braces(item: Item | None) -> bool:
    """Whether it is a region in braces."""
    return isinstance(item, Region) and item.kind not in (Kind.ROUND, Kind.SQUARE)


def item(items: Sequence[Item], index: int) -> Item | None:
    """The item of this index, if there is one; none before the first."""
    return items[index] if 0 <= index < len(items) else None


def _kind(bracket: str, outer: Region) -> Kind:
    if bracket != "{":
        return Kind.ROUND if bracket == "(" else Kind.SQUARE
    items = outer.items
    last, before = item(items, len(items) - 1), item(items, len(items) - 2)
    if is_word(last, "CONSTRUCT"):
        return Kind.TEMPLATE
    if is_word(before, "VALUES") or outer.kind is Kind.DATA:
        return Kind.DATA
    if (
        outer.kind is Kind.REMOTE
        or is_word(before, "SERVICE")
        or (is_word(before, "SILENT") and is_word(item(items, len(items) - 3), "SERVICE"))
    ):
        return Kind.REMOTE
    if outer.kind is Kind.QUERY and _is_short_construct(items):
        return Kind.SHORT
    return Kind.GROUP if outer.kind is not Kind.SHORT else Kind.SHORT


def _is_short_construct(items: Sequence[Item]) -> bool:
    for index, each in enumerate(items):
        if is_word(each, "CONSTRUCT"):
            return not is_braces(item(items, index + 1))
    return False
