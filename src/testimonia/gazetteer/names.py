"""Names of places: when two spellings are one, and which alternates are fit for matching."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_MARKS = str.maketrans("-‐‑–/,", "      ", ".'’‘ʼʻ`´ʹ")
_LEADING = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


def normalise(name: str) -> str:
    """The form under which names are looked up: equal for spellings that are one name.

    Case and accents are folded, full stops and apostrophes dropped, hyphens count as spaces, a
    leading "the" is dropped, "St.", "Mt." and "Ft." are written out before another word.
    """
    bare = name.casefold()
    if not bare.isascii():
        folded = unicodedata.normalize("NFKD", bare.translate(_LETTERS))
        bare = "".join(character for character in folded if not unicodedata.combining(character))
    words = bare.translate(_MARKS).split()
    if len(words) < 2:
        return "".join(words)
    if words[0] == "the":
        words = words[1:]
    return " ".join([*(_LEADING.get(word, word) for word in words[:-1]), words[-1]])


def is_latin(name: str) -> bool:
    """Whether every letter of the name is a Latin one."""
    return name.isascii() or all(
        not character.isalpha() or character < "\u0250" or "\u1e00" <= character <= "\u1eff"
        for character in name
    )


def fit_for_matching(alternate: str) -> bool:
    """Whether an alternate name may make a toponym of a text's words.

    GeoNames' alternates hold airport and country codes ("IEV", "OSL"), romanisations of other
    scripts ("qyyb", "kiyebha") and syllables of two letters; none of them is an English name.
    """
    if len(alternate) < 4 or not is_latin(alternate):
        return False
    return alternate[0].isupper() and not (alternate.isupper() and len(alternate) < 5)
