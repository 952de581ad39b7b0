"""How alike two names are: pure, and the same for linking and for reconciliation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from testimonia.candidates.spelling import latin, skeleton

_DROPPED: Final = str.maketrans("", "", ".'’‘ʼʻ`´ʹ")
_WORD: Final = re.compile(r"[^\W_]+")
_CASED: Final = 16_384  # names whose folded form is kept

EQUAL, FOLDED, TURNED, PARTIAL, INITIALS = 1.0, 0.99, 0.97, 0.8, 0.75
_LIKE: Final = 0.95  # the most for names that are only spelt alike
_ONE_OF: Final = 0.5  # a single word of several


@lru_cache(_CASED)
def fold(name: str) -> str:
    """The words of a name, one blank between them: in Latin letters, without case, accents and
    punctuation.

    Full stops and apostrophes go without a trace ("U.N." and "UN" are one), everything else that
    is no letter or digit parts words; a leading "the" is dropped before another word.
    """
    bare = latin(name).casefold()
    words = _WORD.findall(bare.translate(_DROPPED))
    while len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(words)


@lru_cache(_CASED)
def sound(name: str) -> str:
    """What the spellings of a name of several words have in common, in whatever order: Valeriy
    Gerasimov, Gerasimov, Valery. Empty for a single word, which tells too little."""
    words = fold(name).split()
    return " ".join(sorted(map(skeleton, words))) if len(words) > 1 else ""


def similarity(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; symmetric.

    1 for equal ones, above 0.96 for those that differ in case, accents, punctuation or the order
    of their words ("Brook, Ada"); 0.8 where one leaves out words between its first and last, 0.75
    with initials for words; at most 0.95 for a different spelling, by the edits that part them
    (Indel distance of the words in order, rapidfuzz), and 0.5 for one word of several.
    """
    alike = same_words(one, other)
    words, others = fold(one).split(), fold(other).split()
    if alike >= TURNED or not words or not others:
        return alike
    return max(alike, _spelling(words, others))


def same_words(one: str, other: str) -> float:
    """The same without misspellings: words are equal, left out, or their initials."""
    if one == other:
        return EQUAL
    a, b = fold(one), fold(other)
    if not a or not b:
        return 0.0
    if a == b:
        return FOLDED
    words, others = a.split(), b.split()
    if sorted(words) == sorted(others):
        return TURNED
    return _structural(*sorted((words, others), key=lambda each: (len(each), each)))


def _structural(short: list[str], long: list[str]) -> float:
    if len(short) == 1:
        return _ONE_OF if short[0] in long else 0.0
    if len(short) < len(long) and _ends(short, long) and _in_order(short, long):
        return PARTIAL
    if short[-1] == long[-1] and _abbreviates(short[:-1], long[:-1]):
        return INITIALS
    if set(short) <= set(long):
        return _ONE_OF + 0.2 * len(short) / len(long)
    return 0.0


def _ends(short: list[str], long: list[str]) -> bool:
    return short[0] == long[0] and short[-1] == long[-1]


def _in_order(short: list[str], long: list[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether the words of either stand for those of the other by their first letters."""
    pairs = list(zip(short, long, strict=False))
    spelt = [a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs]
    return bool(pairs) and all(spelt)


def _spelling(words: list[str], others: list[str]) -> float:
    """By letters. Words that begin differently are rarely one name misspelt: the worst pair of
    words counts as much as the whole."""
    whole = fuzz.ratio(" ".join(sorted(words)), " ".join(sorted(others))) / 100
    if len(words) != len(others):
        return min(_LIKE, whole) * 0.85
    pairs = zip(sorted(words), sorted(others), strict=True)
    worst = min(fuzz.ratio(a, b) for a, b in pairs) / 100
    return min(_LIKE, (whole + worst) / 2)
