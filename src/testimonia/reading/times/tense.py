"""The tense of the clause around a span, from the words alone: for texts without a parse.

The verb that governs a time mostly stands before it, and near: the nearest sign of tense decides.
"""

from __future__ import annotations

import re

from testimonia.model import Span, Tense
from testimonia.reading.times.lexicon import lexicon

_BEFORE, _AFTER = 160, 90  # code points looked at on either side, inside the sentence
_NEAR = 3  # words from a progressive to the time that it plans
_WORD = re.compile(r"['’]\w+|[^\W\d_]+(?:n['’]t)?")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[A-Z“\"'`(])|\n\s*\n")
_OPENERS = ("On ", "In ", "Since ", "By ", "Over ", "During ", "Last ")  # a sentence begins here
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Co|Corp|Inc|vs|No))\.\s+$"
)


def tense_before(text: str, span: Span) -> Tense:
    """The tense of the verb that stands before the span in its sentence, else ``NONE``.

    A time that opens its sentence ("On Friday the …") has none there.
    """
    opening = _sentence_before(text, span.start)
    before = [] if opening.endswith(_OPENERS) else _WORD.findall(opening)
    signs = (_sign(before, place) for place in range(len(before) - 1, -1, -1))
    return next((tense for tense in signs if tense), Tense.NONE)


def tense_after(text: str, span: Span) -> Tense:
    """The tense of the first verb behind the span in its sentence, else ``NONE``."""
    after = _WORD.findall(_sentence_after(text, span.end))
    signs = (_sign(after, place) for place in range(len(after)))
    return next((tense for tense in signs if tense), Tense.NONE)


def _sentence_before(text: str, end: int) -> str:
    first = max(0, end - _BEFORE)
    window = text[first : end + 1]  # with the letter behind, by which an end of sentence is known
    for found in reversed(list(_SENTENCE_END.finditer(window))):
        if first + found.end() <= end and not _ABBREVIATED.search(window[: found.end()]):
            return window[found.end() : end - first]
    return window[: end - first]


def _sentence_after(text: str, start: int) -> str:
    window = text[start : start + _AFTER]
    found = _SENTENCE_END.search(window)
    return window[: found.start()] if found else window


def _sign(words: list[str], place: int) -> Tense | None:
    """What the word at ``place`` tells; a participle takes the tense of its auxiliary."""
    signs, word = lexicon().tense, words[place].lower()
    before = words[place - 1].lower() if place else ""
    if word in signs["modal"]:
        return Tense.PAST if word == "could" and _negated(words, place) else Tense.FUTURE
    if word in signs["future"] or (word == "to" and before in signs["before_infinitive"]):
        return Tense.FUTURE
    if word.endswith("ing") and before in signs["be"] and len(words) - place <= _NEAR:
        return Tense.FUTURE  # "they are meeting on Friday"
    if _is_past(words[place]):
        return _participle({each.lower() for each in words[max(0, place - 4) : place]})
    return Tense.PRESENT if word in signs["present"] else None


def _is_past(word: str) -> bool:
    """Whether a word has the form of a past tense or participle; names in "-ed" have not."""
    signs = lexicon().tense
    regular = word.endswith("ed") and len(word) > 4 and word not in signs["not_past"]
    return word.lower() in signs["past"] or (regular and not word[0].isupper())


def _negated(words: list[str], place: int) -> bool:
    """ "could not be reached on Friday", "neither could be reached" tell of the past."""
    around = {each.lower() for each in words[max(0, place - 8) : place + 2]}
    return not around.isdisjoint(lexicon().tense["negative"])


def _participle(auxiliaries: set[str]) -> Tense | None:
    """Past, but ahead in "will be released on Friday"; after "could be" the modal decides."""
    if "be" not in auxiliaries:
        return Tense.PAST
    if "could" in auxiliaries:
        return None
    signs = lexicon().tense
    ahead = signs["modal"] | {"will", "to", "would", "shall"}
    return Tense.PAST if ahead.isdisjoint(auxiliaries) else Tense.FUTURE
