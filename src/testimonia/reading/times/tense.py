"""The tense of the clause around a span, from the words alone: for texts without a parse.

The verb that governs a time mostly stands before it, and near: the nearest sign of tense decides.
"""

from __future__ import annotations

import re

from testimonia.model import Span, Tense
from testimonia.reading.times.lexicon import lexicon

_BEFORE, _AFTER = 160, 90  # code points looked at on either side, inside the sentence
_WORD = re.compile(r"['’]\w+|[^\W\d_]+(?:n['’]t)?")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[A-Z“\"'`(])|\n\s*\n")
_OPENERS = ("On ", "In ", "Since ", "By ", "Over ", "During ", "Last ")  # a sentence begins here
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Co|Corp|Inc|vs|No))\.\s+$"
)


def textual_tense(text: str, span: Span) -> Tense:
    """``FUTURE``, ``PAST`` or ``PRESENT`` by the nearest sign of tense, else ``NONE``."""
    opening = _sentence_before(text, span.start)
    before = [] if opening.endswith(_OPENERS) else _WORD.findall(opening.lower())
    after = _WORD.findall(_sentence_after(text, span.end).lower())
    for place in range(len(before) - 1, -1, -1):
        if tense := _sign(before, place):
            return tense
    return next((t for place in range(len(after)) if (t := _sign(after, place))), Tense.NONE)


def _sentence_before(text: str, end: int) -> str:
    window = text[max(0, end - _BEFORE) : end]
    for found in reversed(list(_SENTENCE_END.finditer(window))):
        if not _ABBREVIATED.search(window[: found.end()]):
            return window[found.end() :]
    return window


def _sentence_after(text: str, start: int) -> str:
    window = text[start : start + _AFTER]
    found = _SENTENCE_END.search(window)
    return window[: found.start()] if found else window


def _sign(words: list[str], place: int) -> Tense | None:
    """What the word at ``place`` tells; a participle takes the tense of its auxiliary."""
    signs, word = lexicon().tense, words[place]
    if word in signs["future"]:
        return Tense.FUTURE
    if word == "to" and place and words[place - 1] in _BEFORE_INFINITIVE:
        return Tense.FUTURE
    participle = word in signs["past"] or (
        word.endswith("ed") and len(word) > 4 and word not in signs["not_past"]
    )
    if participle:
        auxiliaries = words[max(0, place - 4) : place]
        return Tense.FUTURE if _future_passive(auxiliaries) else Tense.PAST
    if word in signs["present"]:
        return Tense.PRESENT
    return None


_BEFORE_INFINITIVE = {
    "is",
    "are",
    "wants",
    "want",
    "agreed",
    "ready",
    "decided",
    "vowed",
    "promised",
}


def _future_passive(words: list[str]) -> bool:
    """Whether "will be", "to be" stand before a participle: "will be released on Friday"."""
    return "be" in words and any(
        w in ("will", "to", "would", "shall", "should", "may") for w in words
    )
