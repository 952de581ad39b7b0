"""What opens a report and belongs to no statement: datelines before the first sentence."""

from __future__ import annotations

from dataclasses import replace

from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, covers, difference
from testimonia.reading.attribution.spans import noun_phrase
from testimonia.reading.layout import datelines
from testimonia.reading.syntax import Parse

_NAMES = frozenset({"PROPN", "NOUN", "PRON"})
_WITHIN = frozenset({"compound", "nmod", "poss", "amod", "det", "nummod"})
_LONGEST = 25  # tokens between a dateline and the verb of its sentence


def dateline_ranges(parse: Parse) -> Ranges:
    """Where datelines stand; a content begins behind them."""
    return tuple((r.start, r.stop) for r in map(parse.within, datelines(parse.text)) if r)


def without_dateline(context: Context, candidate: Candidate, frame: Ranges) -> Candidate:
    """The candidate with nothing of a dateline in its content or source.

    In "WESTPORT (AP) — *The union* left, saying …" the parser may take the place for the subject;
    who speaks is then the first noun phrase behind the dash.
    """
    if not frame:
        return candidate
    content = difference(candidate.content, frame) or candidate.content
    source = difference(candidate.source, frame)
    if source == candidate.source:
        return replace(candidate, content=content)
    head = candidate.source_head
    if source and head is not None and covers(source, head):
        return replace(candidate, content=content, source=source)
    stop = next(last for first, last in frame if _overlaps(candidate.source, first, last))
    found = _first_name(context.parse, stop)
    if found is None:
        return replace(candidate, content=content)
    span = difference(noun_phrase(context.parse, context.parse.tokens[found]), frame)
    return replace(candidate, content=content, source=span, source_head=found)


def _overlaps(source: Ranges, first: int, last: int) -> bool:
    return any(start < last and end > first for start, end in source)


def _first_name(parse: Parse, start: int) -> int | None:
    """The head of the first noun phrase from here, before any verb."""
    for token in parse.tokens[start : start + _LONGEST]:
        if token.pos in ("VERB", "AUX", "PUNCT"):
            return None
        if token.pos in _NAMES and token.dep not in _WITHIN:
            return token.i
    return None
