"""Numbers in figures and in words."""

from __future__ import annotations

import re

from testimonia.reading.times.lexicon import lexicon

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_VAGUE = {"few", "several", "many", "some", "number", "numerous", "dozens", "hundreds", "thousands"}
_JOINTS = {"-", "–", "—", "‐", "‑", "or", "to"}


def quantity(words: tuple[str, ...]) -> float | None:
    """How many: "twenty-four", "2 1/2", "a couple of", "half"; ``None`` for "a few", "several".

    Of "two or three" and "10-15" it is the first.
    """
    if not words or _VAGUE.intersection(" ".join(words).split()):
        return None
    if "couple" in words:
        return 2
    total, current = 0.0, 0.0
    for place, word in enumerate(words):
        value = _number(word)
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
        elif word == "dozen":
            current = max(current, 1) * 12
        elif value is not None:
            if (
                value < 1
                or current == 0
                or (current % 10 == 0 and (value < 10 <= current or current >= 100))
            ):
                current += value
            else:
                break
        elif word in _JOINTS and not _tens_before(words, place):
            break
        if word == "thousand":
            total, current = total + current, 0.0
    return (total + current) or 1


def _tens_before(words: tuple[str, ...], place: int) -> bool:
    """Whether a hyphen joins one number ("twenty-four"), not two ("ten-fifteen")."""
    before = _number(words[place - 1]) if place else None
    after = _number(words[place + 1]) if place + 1 < len(words) else None
    return bool(before and after and words[place] in "-‐‑" and before % 10 == 0 and after < 10)


def _number(word: str) -> float | None:
    if word in ("a", "an"):
        return None
    value = lexicon().values.get(word)
    if isinstance(value, int):
        return value or None
    digits = word.replace(",", "")
    if re.fullmatch(r"\d/\d", digits):
        return int(digits[0]) / int(digits[2])
    for mark in "-–—":
        digits = digits.split(mark)[0]
    try:
        return float(digits)
    except ValueError:
        return None


def ordinal(words: tuple[str, ...]) -> int:
    """1 of "first", 11 of "11th", 7 of "7"; 0 where it is none."""
    text = "-".join(word for word in words if word not in ("-", "the"))
    value = lexicon().values.get(text)
    if isinstance(value, int):
        return value
    digits = text.rstrip("stndrh")
    return int(digits) if digits.isdecimal() and len(digits) < 4 else 0


def year(words: tuple[str, ...], pivot: int) -> int:
    """A year in figures ("1994", "'94", "FY94") or words ("nineteen ninety-four").

    Two figures are the year nearest to ``pivot``.
    """
    text = words[0].lstrip("'’‘`").removeprefix("fy")
    if text.isdecimal():
        value = int(text)
        return value if len(text) == 4 else nearest_century(value, pivot)
    if "thousand" in words:
        return int(quantity(tuple(w for w in words if w != "and")) or 0)
    head, rest = _number(words[0]) or 0, tuple(w for w in words[1:] if w not in "-‐‑")
    return int(head * 100 + (quantity(rest) or 0))


def nearest_century(two_figures: int, pivot: int) -> int:
    """The year ending in ``two_figures`` that is nearest to ``pivot``."""
    base = pivot - pivot % 100 + two_figures
    return min((base - 100, base, base + 100), key=lambda candidate: abs(candidate - pivot))
