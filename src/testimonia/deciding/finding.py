"""Finding the words of a decision again: in a text that may have been revised, and in what a reader
makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from testimonia.decisions import Quote, Target
from testimonia.model import Span, Spans, Statement

# Half of the words must be the same: less is another thing.
_ENOUGH: Final = 0.5
Thing = TypeVar("Thing")


def locate(quote: Quote, text: str) -> Span | None:
    """Where the words stand in ``text``: in their place, else nearest to it, however the lines
    are broken; ``None`` where they are not there any more."""
    span = quote.span
    if text[span.start : span.end] == quote.words:
        return span
    pattern = r"\s+".join(map(re.escape, quote.words.split()))
    if not pattern:
        return None
    # At a word's boundary: "he" is not found again in "the".
    before = r"(?<!\w)" if quote.words[0].isalnum() else ""
    after = r"(?!\w)" if quote.words[-1].isalnum() else ""
    found = re.finditer(before + pattern + after, text)
    nearest = min(found, key=lambda match: abs(match.start() - span.start), default=None)
    return Span(*nearest.span()) if nearest else None


def near(quote: Quote, shift: int) -> Quote:
    """The same words, looked for as far from where they stood."""
    start = max(0, quote.span.start + shift)
    return Quote(Span(start, start + len(quote.span)), quote.words)


def hull(spans: Spans) -> Span:
    """The whole stretch of words that may be discontinuous."""
    return Span(spans[0].start, max(span.end for span in spans))


def statement_at(
    content: Span, cue: Span | None, statements: Sequence[Statement | None]
) -> int | None:
    """The position of the statement with mostly this content, of which the same cue counts as
    half; ``None`` where there is none. Those that are ``None`` are passed over."""
    best: tuple[float, int] = (0.0, 0)
    for position, statement in enumerate(statements):
        if statement is not None:
            best = max(best, (_likeness(content, cue, statement), -position))
    return -best[1] if best[0] >= _ENOUGH else None


def _likeness(content: Span, cue: Span | None, statement: Statement) -> float:
    whole = hull(statement.content)
    common = _common(content, whole)
    alike = common / (len(content) + len(whole) - common)
    if cue is None:
        # The narrator's have no cue: what is found in somebody's mouth is another statement.
        return alike if not statement.cue else alike / 2
    same_cue = any(cue.overlaps(each) for each in statement.cue)
    return alike + (_ENOUGH if same_cue and common else 0.0)


def thing_at(span: Span, things: Iterable[tuple[Span, Thing]]) -> Thing | None:
    """The thing whose words are mostly those of ``span``: half of them the same, or the one ends
    where the other does, as a name does that has lost its title."""
    best: tuple[float, Thing] | None = None
    for words, thing in things:
        common = _common(span, words)
        alike = common / (len(span) + len(words) - common)
        fits = alike >= _ENOUGH or (common > 0 and span.end == words.end)
        if fits and (best is None or alike > best[0]):
            best = (alike, thing)
    return best[1] if best else None


def located(target: Target, text: str) -> tuple[Span, Span | None] | None:
    """Where a target's words stand in ``text``, and its cue; ``None`` where they do not."""
    span = locate(target.quote, text)
    if span is None:
        return None
    if target.cue is None:
        return span, None
    shift = span.start - target.quote.span.start
    return span, locate(near(target.cue, shift), text)


def _common(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
