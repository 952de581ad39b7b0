"""The tense of the clause around a span, from the words alone: for texts without a parse.

The verb that governs a time mostly stands before it, and near: the nearest sign of tense decides.
"""

from __future__ import annotations

import re

from testimonia.model import Span, Tense
from testimonia.reading.times.lexicon import lexicon

_BEFORE, _AFTER = 160, 90  # code points looked at on either side, inside the sentence
_NEAR = 2  # words from a progressive to the time that it plans
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
    if _refuses(words, place):
        return Tense.PAST
    if word in signs["deferring"] and words[-1].lower() in _LIMITS:
        return Tense.FUTURE
    if word == "due" and _governs_noun(words, place):
        return None  # "fell due to its losses"
    if word in signs["future"] or (word == "to" and before in signs["before_infinitive"]):
        return _unless_had(words, place)
    if before == "to" or before in signs["before_noun"]:
        return None  # "to meet", "the revised figures"
    return Tense.FUTURE if _arranged(words, place) else _finite(words, place)


_LIMITS = ("until", "till", "to")


def _unless_had(words: list[str], place: int) -> Tense:
    """Future, but past in "had been due to meet on Friday", "had planned to"."""
    before = {each.lower() for each in words[max(0, place - 3) : place]}
    return Tense.PAST if before & {"had", "'d", "’d"} else Tense.FUTURE


def _governs_noun(words: list[str], place: int) -> bool:
    after = [each.lower() for each in words[place + 1 : place + 3]]
    return after[:1] == ["to"] and not lexicon().tense["before_noun"].isdisjoint(after[1:])


def _refuses(words: list[str], place: int) -> bool:
    """ "would not say on Friday" is told of the past, whichever of its words one stands at."""
    signs, word = lexicon().tense, words[place].lower()
    first = place if word.startswith("would") else max(0, place - 3)
    around = {each.lower() for each in words[first : first + 4]}
    if not word.startswith("would") and word not in signs["refused"]:
        return False
    would = around & {"would", "wouldn't", "wouldn’t"}
    negative = around & (signs["negative"] | {"wouldn't", "wouldn’t"})
    return bool(would and negative) and not around.isdisjoint(signs["refused"])


def _arranged(words: list[str], place: int) -> bool:
    """ "the court meets Friday", "they are meeting the unions on Friday"."""
    signs, word = lexicon().tense, words[place].lower()
    before = words[place - 1].lower() if place else ""
    if word in signs["arranged"]:
        return before in signs["be"]
    if word.endswith("ing") and before in signs["be"] and len(words) - place <= _NEAR:
        return True
    if word in signs["timetable_or_noun"]:
        return bool(before) and not _is_past(before) and not before.endswith("ing")
    return word in signs["timetable"]


def _finite(words: list[str], place: int) -> Tense | None:
    if _is_past(words[place]):
        before = [each.lower() for each in words[max(0, place - 8) : place]]
        if _supposed(before):
            return Tense.FUTURE
        return _participle(set(before[-4:]))
    return Tense.PRESENT if words[place].lower() in lexicon().tense["present"] else None


def _supposed(before: list[str]) -> bool:
    """ "if she is elected in March", "when the appeal is heard on Friday" look ahead."""
    signs = lexicon().tense
    return bool({"is", "are"}.intersection(before[-3:])) and not signs["supposing"].isdisjoint(
        before
    )


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
