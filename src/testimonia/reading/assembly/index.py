"""Which entity stands at which token or in which stretch of a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from testimonia.model import Actor, Place, Span, Spans, Timex
from testimonia.reading.syntax import Parse

_PARTS_OF_NAMES = frozenset({"compound", "flat", "amod", "nmod", "det", "punct", "case", "nummod"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A mention in its place: its words, their head token, the key of what they denote."""

    span: Span
    head: int
    key: str


class Index:
    """All mentions of a text's entities, findable by token and by span.

    A geopolitical entity is found under its place's key, once.
    """

    def __init__(self, parse: Parse, actors: Iterable[Actor], places: Iterable[Place]) -> None:
        self._parse = parse
        entities: tuple[Actor | Place, ...] = (*actors, *places)
        denoted = {(mention.span, entity.key) for entity in entities for mention in entity.mentions}
        self._standing = sorted(
            (Standing(span, head_of(parse, span), key) for span, key in denoted),
            key=lambda each: (each.span, each.key),
        )
        self._starts = [each.span.start for each in self._standing]
        self._by_head: dict[int, Standing] = {}
        for each in self._standing:
            known = self._by_head.get(each.head)
            if known is None or len(each.span) > len(known.span):
                self._by_head[each.head] = each

    def key(self, head: int) -> str | None:
        """The entity that the phrase with this head token denotes: a mention with the same head,
        else the name in apposition to it ("the chancellor, Ada Moss"), else a mention around it."""
        found = self._by_head.get(head) or self._named_beside(head) or self._around(head)
        return found.key if found else None

    def inside(self, spans: Spans) -> Iterator[str]:
        """Keys of all mentions that lie inside these spans, in textual order, repeated."""
        for span in spans:
            for position in range(bisect_left(self._starts, span.start), len(self._standing)):
                each = self._standing[position]
                if each.span.start >= span.end:
                    break
                if each.span.end <= span.end:
                    yield each.key

    def _named_beside(self, head: int) -> Standing | None:
        token = self._parse.tokens[head]
        for child in self._parse.dependents(token, "appos", "compound", "flat", "nmod"):
            if child.i in self._by_head and child.pos == "PROPN":
                return self._by_head[child.i]
        above = self._parse.head(token)
        if token.dep in {"compound", "flat"} and above.i in self._by_head:
            return self._by_head[above.i]
        return None

    def _around(self, head: int) -> Standing | None:
        token = self._parse.tokens[head]
        if token.dep not in _PARTS_OF_NAMES:
            return None  # a phrase of its own: "the town" in "the town's fall"
        position = bisect_left(self._starts, token.start + 1)
        for each in reversed(self._standing[max(0, position - 4) : position]):
            if each.span.start <= token.start and token.end <= each.span.end:
                return each
        return None


class Times:
    """The times of a text, which do not overlap, findable by span."""

    def __init__(self, times: Iterable[Timex]) -> None:
        self._times = sorted(times, key=lambda time: time.span)
        self._starts = [time.span.start for time in self._times]

    def inside(self, spans: Spans) -> list[str]:
        """Keys of the times that lie inside these spans."""
        return [
            time.key
            for span in spans
            for time in self._times[
                bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)
            ]
            if time.span.end <= span.end
        ]


def head_of(parse: Parse, span: Span) -> int:
    """The token of the span that the others hang from: the first whose governor is outside."""
    inside = parse.within(span)
    for index in inside:
        token = parse.tokens[index]
        hangs_outside = token.head not in inside or token.head == index
        if hangs_outside and token.dep not in {"punct", "case", "det"}:
            return index
    return inside.start if len(inside) else parse.at(span.start)


def conjuncts(parse: Parse, head: int) -> list[int]:
    """The head and what is coordinated with it: "Moss and Hale"."""
    found, token = [head], parse.tokens[head]
    while len(found) < 12 and (following := parse.dependent(token, "conj")) is not None:
        found.append(following.i)
        token = following
    return found
