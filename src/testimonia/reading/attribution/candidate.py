"""What the construction rules propose and what they read: candidates, ranges, the text's context.

Ranges are half-open ranges of token indices, sorted and disjoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.syntax import Parse

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible attribution: which words would be cue, source and content, and why.

    ``slot`` is the syntactic place of the content at the cue ("that", "infinitive", "object",
    "prep:about", "quote" …), ``route`` the way from the cue to its source ("subject",
    "conjunct", "control", "none" …).
    """

    construction: str
    slot: str
    lemma: str
    content: Ranges
    content_head: int | None = None
    cue_head: int | None = None
    cue: Ranges = ()
    source_head: int | None = None
    source: Ranges = ()
    route: str = "none"


@dataclass(frozen=True, slots=True)
class Context:
    """A parse with its quotations; ``quoted`` gives per token its quotation's index, or -1."""

    parse: Parse
    quotations: tuple[Quotation, ...]
    quoted: tuple[int, ...]
    paragraphs: tuple[int, ...]  # per token, the number of its paragraph

    def quotation_at(self, index: int) -> Quotation | None:
        """The quotation that the token stands in."""
        number = self.quoted[index]
        return self.quotations[number] if number >= 0 else None


def within_paragraph(context: Context, candidate: Candidate) -> Candidate | None:
    """The candidate without what a sentence over several lines put into it from other paragraphs.

    ``None`` where nothing of its content is left.
    """
    if candidate.cue_head is None:
        return candidate
    here = context.paragraphs[candidate.cue_head]
    content = _of_paragraph(context, candidate.content, here)
    if not content:
        return candidate if candidate.slot.startswith("quote") else None
    return replace(
        candidate, content=content, source=_of_paragraph(context, candidate.source, here)
    )


def _of_paragraph(context: Context, part: Ranges, paragraph: int) -> Ranges:
    numbers = context.paragraphs
    if all(numbers[first] == numbers[last - 1] == paragraph for first, last in part):
        return part
    return ranges(i for pair in part for i in range(*pair) if numbers[i] == paragraph)


def ranges(indices: Iterable[int]) -> Ranges:
    """Sorted token indices as ranges."""
    runs: list[tuple[int, int]] = []
    for index in indices:
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return tuple(runs)


def union(*parts: Ranges) -> Ranges:
    """All the ranges, sorted, neighbours and overlaps joined."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(pair for part in parts for pair in part):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def difference(whole: Ranges, hole: Ranges) -> Ranges:
    """``whole`` without the tokens of ``hole``."""
    kept: list[tuple[int, int]] = []
    for first, last in whole:
        for start, end in hole:
            if end <= first or start >= last:
                continue
            if start > first:
                kept.append((first, start))
            first = max(first, end)
        if first < last:
            kept.append((first, last))
    return tuple(kept)


def covers(whole: Ranges, index: int) -> bool:
    """Whether the token is in one of the ranges."""
    return any(first <= index < last for first, last in whole)


def size(part: Ranges) -> int:
    """Number of tokens."""
    return sum(last - first for first, last in part)
