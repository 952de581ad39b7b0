"""Names as they are compared: in Latin letters, without case, accents and points."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from testimonia.candidates.spelling import latin, skeleton, sound_of
from testimonia.linking.lexicon import lexicon

__all__ = ["ALIKE", "alike", "skeleton", "words_of"]

_POINTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")  # U.N. is UN
_APART = re.compile(r"[^\w']+")
ALIKE = 0.93
"""Jaro-Winkler similarity from which on two spellings of a word are taken for one."""
_SAME_CONSONANTS = 0.8
_SHORTEST = 4


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name: transliterated, lower-case, without points and apostrophes.

    Hyphens part words; "&" is "and".
    """
    lowered = _POINTS.sub("", latin(name).casefold().replace("&", " and ").replace("’", "'"))
    words = (word.replace("'", "") for word in _APART.split(_possessive(lowered)))
    return tuple(word for word in words if word)


def alike(one: str, other: str) -> bool:
    """Whether two words may be one, spelt or transliterated in two ways.

    Short ones hardly are, and two that are both common names of their own are two.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST or (_is_common(one) and _is_common(other)):
        return False
    a, b = sound_of(one), sound_of(other)
    nearness = JaroWinkler.similarity(a, b)
    if skeleton(one) == skeleton(other) and len(skeleton(one)) > 2:
        return nearness >= _SAME_CONSONANTS
    return one[0] == other[0] and nearness >= ALIKE


def _is_common(word: str) -> bool:
    return word in lexicon().surnames or word in lexicon().given_names


def _possessive(text: str) -> str:
    return re.sub(r"'s?(?=\s|$)", "", text)
