"""Marks statements in a text: pure, text and marks in, segments out.

Contents nest and overlap (a quotation inside a report, a cue inside another's content), HTML
elements only nest: so the text is cut at every border of a mark, and each segment says all that
covers it. The segments joined are the text. Offsets are code points, end exclusive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from testimonia.model import Span


class Part(StrEnum):
    """What a stretch of text is to a statement."""

    CONTENT = "content"
    CUE = "cue"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of one statement; ``statement`` is any number that is the caller's own."""

    span: Span
    part: Part
    statement: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that the same marks cover from end to end.

    ``contents``, ``cues`` and ``speakers`` are statements, the widest mark first. ``begins`` are
    those whose first mark begins here.
    """

    text: str
    contents: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()

    @property
    def statement(self) -> int | None:
        """The statement to speak of here: of a cue or a speaker its own, else the narrowest."""
        for covering in (self.cues, self.speakers, self.contents):
            if covering:
                return covering[-1]
        return None


def segments(text: str, marks: Iterable[Mark], window: Span | None = None) -> tuple[Segment, ...]:
    """The text (or its ``window``) cut at the borders of ``marks``.

    What of a mark lies outside is not shown; a mark wholly outside is as if it were not there.
    """
    window = window or Span(0, len(text) + 1)
    start, end = min(window.start, len(text)), min(window.end, len(text))
    if start == end:
        return ()
    clipped = sorted(_clipped(marks, start, end), key=lambda each: _widest_first(each.span))
    opening, closing = _by_border(clipped)
    begins = _beginnings(clipped)
    borders = sorted({start, end, *opening, *closing})
    covering: dict[Mark, None] = {}
    found = []
    for here, there in pairwise(borders):
        for mark in closing.get(here, ()):
            covering.pop(mark, None)
        covering.update(dict.fromkeys(opening.get(here, ())))
        found.append(_segment(text[here:there], covering, begins.get(here, ())))
    return tuple(found)


def _clipped(marks: Iterable[Mark], start: int, end: int) -> set[Mark]:
    return {
        Mark(Span(max(mark.span.start, start), min(mark.span.end, end)), mark.part, mark.statement)
        for mark in marks
        if mark.span.start < end and mark.span.end > start
    }


def _widest_first(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _by_border(marks: Iterable[Mark]) -> tuple[dict[int, list[Mark]], dict[int, list[Mark]]]:
    opening, closing = defaultdict(list), defaultdict(list)
    for mark in marks:
        opening[mark.span.start].append(mark)
        closing[mark.span.end].append(mark)
    return opening, closing


def _beginnings(marks: Iterable[Mark]) -> dict[int, tuple[int, ...]]:
    first: dict[int, int] = {}
    for mark in marks:
        first[mark.statement] = min(mark.span.start, first.get(mark.statement, mark.span.start))
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for statement, position in sorted(first.items()):
        found[position] += (statement,)
    return found


def _segment(text: str, covering: Iterable[Mark], begins: tuple[int, ...]) -> Segment:
    ordered = sorted(covering, key=lambda mark: (_widest_first(mark.span), mark.statement))

    def of(part: Part) -> tuple[int, ...]:
        return tuple(dict.fromkeys(mark.statement for mark in ordered if mark.part is part))

    return Segment(text, of(Part.CONTENT), of(Part.CUE), of(Part.SPEAKER), begins)
