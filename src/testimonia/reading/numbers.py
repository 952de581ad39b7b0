"""Numerals as decimal numbers: "11,000", "twelve", "2.5 million", "a dozen"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from testimonia.reading.syntax import Parse, Token

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,30}(?:\.\d{1,30})?")
_ARTICLES = frozenset({"a", "an"})
_LONGEST = 12  # words of one numeral
_THOUSAND = Decimal(1000)
_HUNDRED = Decimal(100)


def number(parse: Parse, numeral: Token) -> str | None:
    """The value of the numeral that a token is a part of, as a decimal numeral.

    The words around it that belong to the same numeral are read with it: "two hundred and five".
    ``None`` where the words name no exact number ("several", "1990s", "7-5", "10 and 20").
    """
    first, last = extent(parse, numeral)
    return value(tuple(token.lower for token in parse.tokens[first:last]))


def extent(parse: Parse, numeral: Token) -> tuple[int, int]:
    """First and last token (exclusive) of the numeral that a token is a part of."""
    if not is_numeral(numeral.lower):
        return numeral.i, numeral.i + 1
    begin, end = parse.sentences[numeral.sentence]
    start, stop = max(begin, numeral.i - _LONGEST), min(end, numeral.i + _LONGEST)
    before = [token.lower for token in parse.tokens[start : numeral.i]]
    after = [token.lower for token in parse.tokens[numeral.i : stop]]
    words = [*_run(before[::-1])[::-1], *_run(after)]
    first = numeral.i - len(_run(before[::-1]))
    last = first + len(words)
    while first < numeral.i and _is_loose(words[0], words[1]):
        first += 1
        del words[0]
    while last > numeral.i + 1 and not is_numeral(words.pop()):
        last -= 1
    return first, last


def _is_loose(word: str, following: str) -> bool:
    """ "*and* twelve", "*a* 12" (but "a dozen"): no part of the numeral that follows."""
    return word == "and" or (word in _ARTICLES and not _is_scale(following))


def _run(words: list[str]) -> list[str]:
    """The words at the front that can stand in a numeral."""
    return list(takewhile(_is_part, words))


def unit(parse: Parse, numeral: Token) -> str | None:
    """The currency whose sign stands before or behind a numeral: "dollar" for "$5 million"."""
    begin, end = parse.sentences[numeral.sentence]
    first, last = extent(parse, numeral)
    around = parse.tokens[max(begin, first - 1) : first] + parse.tokens[last : min(end, last + 1)]
    units = _units()
    return next((units[token.lower] for token in around if token.lower in units), None)


def is_numeral(word: str) -> bool:
    """Whether a lower-case word writes a number, or a part of one ("million", "1,200")."""
    return bool(word) and all(_small(part) is not None or _is_scale(part) for part in _split(word))


def value(words: tuple[str, ...]) -> str | None:
    """The number that these lower-case words write in order: ``("two", "hundred")`` gives
    ``"200"``; ``None`` where they write no single number."""
    parts = [part for word in words for part in _split(word)]
    total, last_scale = Decimal(0), None
    while parts:
        group = _group(parts)
        if group is None:
            return None
        scale = _take_scale(parts)
        if last_scale is not None and scale >= last_scale:
            return None
        total, last_scale = total + group * scale, scale
        if parts and parts[0] == "and" and len(parts) > 1 and scale >= _THOUSAND:
            del parts[0]
    return None if last_scale is None else f"{total.normalize():f}"


# ------------------------------------------------------------------------------------ parts


def _group(parts: list[str]) -> Decimal | None:
    """What stands before a scale: below a thousand in words ("two hundred and five"), or digits.

    Takes its words from the front of ``parts``.
    """
    if parts[0] in {"half", *_ARTICLES}:
        return _indefinite(parts)
    if _is_scale(parts[0]):
        return Decimal(1)
    hundreds = _below_hundred(parts)
    if hundreds is None or not parts or parts[0] != "hundred":
        return hundreds
    del parts[0]
    if len(parts) > 1 and parts[0] == "and":
        del parts[0]
    rest = _below_hundred(parts) if parts and not _is_scale(parts[0]) else Decimal(0)
    return None if rest is None else hundreds * _HUNDRED + rest


def _indefinite(parts: list[str]) -> Decimal | None:
    """ "a dozen", "half a million", "a hundred and ten"."""
    value = Decimal("0.5") if parts.pop(0) == "half" else Decimal(1)
    if value < 1 and parts and parts[0] in _ARTICLES:
        del parts[0]
    if not parts or not _is_scale(parts[0]):
        return None
    if value == 1 and parts[0] == "hundred":
        parts.insert(0, "one")
        return _group(parts)
    return value


def _below_hundred(parts: list[str]) -> Decimal | None:
    first = _small(parts[0])
    if first is None:
        return None
    is_tens = parts.pop(0).isalpha() and first >= 20
    if is_tens and parts and parts[0].isalpha() and 0 < (_small(parts[0]) or 0) < 10:
        first += _small(parts.pop(0)) or 0
    return first


def _take_scale(parts: list[str]) -> Decimal:
    """The scales at the front, multiplied: "hundred thousand"."""
    found = Decimal(1)
    while parts and _is_scale(parts[0]):
        found *= _numerals()["scales"][parts.pop(0)]
    return found


def _is_part(word: str) -> bool:
    return is_numeral(word) or word in {"and", "half", *_ARTICLES}


def _is_scale(word: str) -> bool:
    return word in _numerals()["scales"]


def _split(word: str) -> list[str]:
    return word.split("-") if word.replace("-", "").isalpha() else [word]


def _small(word: str) -> Decimal | None:
    if _DIGITS.fullmatch(word):
        return Decimal(word.replace(",", ""))
    found = _numerals()["cardinals"].get(word)
    return None if found is None else Decimal(found)


def _units() -> Mapping[str, str]:
    units: Mapping[str, str] = _data()["units"]
    return units


def _numerals() -> Mapping[str, Mapping[str, int]]:
    return _data()


@cache
def _data() -> dict[str, Any]:
    data = (files("testimonia.reading") / "data" / "numerals.toml").read_text("utf-8")
    return tomllib.loads(data)
