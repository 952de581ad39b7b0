"""Where the words that a foreign reader quotes stand in the text, or why they do not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from testimonia.model import Span
from testimonia.reading.foreign.protocol import Quote, Stretch

_SHOWN = 60


class Mismatch(ValueError):
    """A quote that does not stand in the text, or not once."""


class Quotes:
    """Resolves quotes against one text. Strict: ``text[span.start:span.end]`` is the quote, and no
    word is cut at either end, so that "he" is not found in "the"."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._once: dict[str, int] = {}

    def span(self, stretch: Stretch) -> Span:
        """The span of a quote.

        Raises:
            Mismatch: its words do not stand where it says, or it does not say which are meant.
        """
        quote = Quote(quote=stretch) if isinstance(stretch, str) else stretch
        if quote.quote.strip() != quote.quote:
            raise Mismatch(f"{_shown(quote.quote)} begins or ends with white space")
        start = self._sought(quote) if quote.start is None else self._stated(quote, quote.start)
        return Span(start, start + len(quote.quote))

    def _stated(self, quote: Quote, start: int) -> int:
        if quote.context is not None or quote.occurrence is not None:
            raise Mismatch(f"{_shown(quote.quote)} has a start and says which in another way too")
        if not self._text.startswith(quote.quote, start):
            there = self._text[start : start + len(quote.quote)]
            raise Mismatch(f"{_shown(quote.quote)} does not stand at {start}, but {_shown(there)}")
        if not _is_whole(quote.quote, self._text, start):
            raise Mismatch(f"{_shown(quote.quote)} stands at {start} inside a word")
        return start

    def _sought(self, quote: Quote) -> int:
        first, within = 0, self._text
        if quote.context is not None:
            first, within = self._only(quote.context), quote.context
        if quote.occurrence is not None:
            return first + _nth(quote.quote, quote.occurrence, within)
        if quote.context is None:
            return self._only(quote.quote)
        return first + _only(quote.quote, within, "its context")

    def _only(self, words: str) -> int:
        if words not in self._once:
            self._once[words] = _only(words, self._text, "the text")
        return self._once[words]


def _only(words: str, within: str, where: str) -> int:
    found = list(islice(_standing(words, within), 2))
    if len(found) == 1:
        return found[0]
    if found:
        raise Mismatch(
            f"{_shown(words)} stands in {where} more than once: say which by start, context or"
            " occurrence"
        )
    part = ", but inside a word" if words in within else ""
    raise Mismatch(f"{_shown(words)} does not stand in {where}{part}")


def _nth(words: str, number: int, within: str) -> int:
    found = list(islice(_standing(words, within), number))
    if len(found) < number:
        raise Mismatch(f"{_shown(words)} stands there {len(found)} times, not {number}")
    return found[-1]


def _standing(words: str, within: str) -> Iterator[int]:
    """Where the words stand and cut no word at either end."""
    found = within.find(words)
    while found >= 0:
        if _is_whole(words, within, found):
            yield found
        found = within.find(words, found + 1)


def _is_whole(words: str, within: str, start: int) -> bool:
    end = start + len(words)
    cut_first = start > 0 and within[start - 1].isalnum() and words[0].isalnum()
    cut_last = end < len(within) and within[end].isalnum() and words[-1].isalnum()
    return not (cut_first or cut_last)


def _shown(words: str) -> str:
    return repr(words if len(words) <= _SHOWN else words[:_SHOWN] + "…")
