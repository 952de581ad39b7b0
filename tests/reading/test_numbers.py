"""Numerals as decimal numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.reading.numbers import extent, is_numeral, number, unit, value
from testimonia.reading.syntax import Parse, Token

Parser = Callable[[str], Parse]

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def write(n: int, *, conjunction: str) -> str:
    """A number below a million in words."""
    if n < 20:
        return SMALL[n]
    if n < 100:
        return TENS[n // 10] + (f"-{SMALL[n % 10]}" if n % 10 else "")
    big, name = (100, "hundred") if n < 1000 else (1000, "thousand")
    head = f"{write(n // big, conjunction=conjunction)} {name}"
    rest = n % big
    if not rest:
        return head
    link = conjunction if rest < 100 else " "
    return f"{head}{link}{write(rest, conjunction=conjunction)}"


@given(st.integers(0, 999_999), st.sampled_from([" and ", " "]))
def test_words_are_read_back(n: int, conjunction: str) -> None:
    words = write(n, conjunction=conjunction)
    assert value(tuple(words.split())) == str(n)
    assert value(tuple(words.replace("-", " ").split())) == str(n)


@given(st.integers(0, 10**15))
def test_digits_are_read_back_with_and_without_commas(n: int) -> None:
    assert value((str(n),)) == value((f"{n:,}",)) == str(n)


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_words_give_a_numeral_or_nothing(words: list[str]) -> None:
    found = value(tuple(words))
    assert found is None or float(found) >= 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2.5 million", "2500000"),
        ("a dozen", "12"),
        ("two dozen", "24"),
        ("half a dozen", "6"),
        ("half a million", "500000"),
        ("a hundred and ten", "110"),
        ("three million and two", "3000002"),
        ("12 hundred", "1200"),
        ("million", "1000000"),
    ],
)
def test_scales(words: str, expected: str) -> None:
    assert value(tuple(words.split())) == expected


@pytest.mark.parametrize(
    "words",
    ["several", "1990s", "7-5", "10 and 20", "five twenty", "12 13", "a", "and", "half", "-", ""],
)
def test_what_is_no_single_number(words: str) -> None:
    assert value(tuple(words.split())) is None


def test_is_numeral() -> None:
    assert all(map(is_numeral, ("12", "twelve", "twenty-five", "million", "1,200.5")))
    assert not any(map(is_numeral, ("", "twelfth", "and", "dozens", "-", "3-1")))


def token(parse: Parse, text: str) -> Token:
    return next(each for each in parse.tokens if each.text == text)


@pytest.mark.parametrize(
    ("text", "of", "words", "expected"),
    [
        ("It cost two hundred and five crowns.", "hundred", "two hundred and five", "205"),
        ("About a dozen bakers left.", "dozen", "a dozen", "12"),
        ("They ate 12 a day.", "12", "12", "12"),
        ("Some 10 and 20 more left.", "10", "10 and 20", None),
        ("Several bakers left.", "Several", "Several", None),
    ],
)
def test_the_whole_numeral_is_read(
    parse: Parser, text: str, of: str, words: str, expected: str | None
) -> None:
    parsed = parse(text)
    numeral = token(parsed, of)
    assert parsed.span(*extent(parsed, numeral)).of(text) == words
    assert number(parsed, numeral) == expected


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ("It cost $5 million.", "million", "dollar"),
        ("It cost €5.", "5", "euro"),
        ("It fell 5%.", "5", "percent"),
        ("It cost 5 crowns.", "5", None),
    ],
)
def test_unit(parse: Parser, text: str, of: str, expected: str | None) -> None:
    parsed = parse(text)
    assert unit(parsed, token(parsed, of)) == expected
