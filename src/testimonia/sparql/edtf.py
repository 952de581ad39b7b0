"""What dates in EDTF say of the calendar: the first and the last day that they may mean.

ISO 8601-2:2019 and the Library of Congress specification: level 0, level 1 and of level 2 what
documents give (parts of a year, sets, qualified parts). A day is (year, month, day) of the
proleptic Gregorian calendar, of any year. Pure: no RDF here.

The bounds are those that the reading gives the dates it finds: seasons by meteorological and
astronomical reckoning together, in the northern hemisphere; about (``~``, ``%``) widens by one
unit of the date's precision on either side; uncertain (``?``) does not widen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

Day: TypeAlias = tuple[int, int, int]
Bound: TypeAlias = Day | float | None
"""A day; minus or plus infinity for an end that is left open (``..``); ``None`` for one that is
not known."""

ALWAYS_BEFORE: Final = float("-inf")
ALWAYS_AFTER: Final = float("inf")

_Q = r"[?~%]?"
_DATE: Final = re.compile(
    rf"({_Q})(-?)([0-9X]{{4}})({_Q})(?:-({_Q})([0-9X]{{2}})({_Q})(?:-({_Q})([0-9X]{{2}})({_Q}))?)?"
)
_LONG_YEAR: Final = re.compile(r"Y(-?)([1-9]\d{0,11})(?:E(\d{1,2}))?([?~%]?)")
_CLOCK: Final = re.compile(
    r"(-?\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-4]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)?"
)
# First and last day of the seasons: a year's offset, month, day. Winter is the one that begins in
# the year or the one that ends in it.
_SPRING, _SUMMER = ((0, 3, 1), (0, 6, 21)), ((0, 6, 1), (0, 9, 23))
_AUTUMN, _WINTER = ((0, 9, 1), (0, 12, 22)), ((-1, 12, 1), (1, 3, 21))
_NORTH = (_SPRING, _SUMMER, _AUTUMN, _WINTER)
_SOUTH = (_AUTUMN, _WINTER, _SPRING, _SUMMER)
_SEASONS: Final = dict(enumerate((*_NORTH, *_NORTH, *_SOUTH), start=21))
# Parts of a year: the number of the first, and how many months one has.
_PARTS: Final = ((33, 4, 3), (37, 3, 4), (40, 2, 6))
_MONTHS_OF_30: Final = frozenset({4, 6, 9, 11})
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that a date may mean, both included."""

    earliest: Bound
    latest: Bound


def before(one: Span, other: Span) -> bool | None:
    """Whether ``one`` has ended at the latest before ``other`` begins at the earliest; ``None``
    where a bound that it takes is not known."""
    return _less(one.latest, other.earliest)


def overlaps(one: Span, other: Span) -> bool | None:
    """Whether the two spans have a day in common; ``None`` as above."""
    apart = (_less(one.latest, other.earliest), _less(other.latest, one.earliest))
    if True in apart:
        return False
    return None if None in apart else True


def _less(one: Bound, other: Bound) -> bool | None:
    if one is None or other is None:
        return None
    return _order(one) < _order(other)


def _order(bound: Day | float) -> tuple[float, ...]:
    return bound if isinstance(bound, tuple) else (bound,)


@lru_cache(maxsize=4096)
def span(value: str) -> Span:
    """The span of a date.

    Raises:
        ValueError: it is no EDTF of a kind that is known here, or does not tell the year.
    """
    if len(value) > _LONGEST:
        raise ValueError("too long for a date")
    if value[:1] in ("[", "{"):
        return _set(value)
    if "/" not in value:
        return _single(value)
    first, last = value.split("/")
    earliest = _end(first, ALWAYS_BEFORE).earliest
    latest = _end(last, ALWAYS_AFTER).latest
    if earliest is None and latest is None:
        raise ValueError(f"{value} says nothing of when")
    if _less(latest, earliest):
        raise ValueError(f"{value} ends before it begins")
    return Span(earliest, latest)


def _end(value: str, open_: float) -> Span:
    """One end of an interval: ``..`` is open, nothing is unknown."""
    if value == "..":
        return Span(open_, open_)
    return _single(value) if value else Span(None, None)


def _set(value: str) -> Span:
    """One of a set (``[…]``) or all of it (``{…}``): from its first day to its last."""
    if value[-1] != {"[": "]", "{": "}"}[value[0]]:
        raise ValueError(f"{value} is no set")
    spans = [_range(each.strip()) for each in value[1:-1].split(",")]
    earliest = min((_known(each.earliest) for each in spans), key=_order)
    latest = max((_known(each.latest) for each in spans), key=_order)
    return Span(earliest, latest)


def _range(value: str) -> Span:
    first, dots, last = value.partition("..")
    if not dots:
        return _single(value)
    earliest = _single(first).earliest if first else ALWAYS_BEFORE
    return Span(earliest, _single(last).latest if last else ALWAYS_AFTER)


def _known(bound: Bound) -> Day | float:
    if bound is None:
        raise ValueError("a bound of a set is not known")
    return bound


def _single(value: str) -> Span:
    if found := _DATE.fullmatch(value):
        return _date(found)
    if found := _CLOCK.fullmatch(value):
        return _single(found[1])
    if found := _LONG_YEAR.fullmatch(value):
        year = int(found[2]) * 10 ** int(found[3] or 0) * (-1 if found[1] else 1)
        return _widened((year, 1, 1), (year, 12, 31), "year" if found[4] in ("~", "%") else None)
    raise ValueError(f"{value!r} is no date in EDTF that can be compared")


def _date(found: re.Match[str]) -> Span:
    q1, sign, year, q2, q3, month, q4, q5, day, q6 = (each or "" for each in found.groups())
    if year == "XXXX":
        raise ValueError(f"{found[0]} does not tell the year")
    about = any(each in ("~", "%") for each in (q1, q2, q3, q4, q5, q6))
    if month.isdigit() and int(month) > 12:
        if day or not year.isdigit():
            raise ValueError(f"{found[0]} is no date")
        first, last = _part(int(sign + year), int(month))
        return _widened(first, last, "month" if about else None)
    first = _first(sign, year, month, day, descending=False)
    last = _first(sign, year, month, day, descending=True)
    unit = "day" if day else "month" if month else "year"
    return _widened(first, last, unit if about else None)


def _part(year: int, number: int) -> tuple[Day, Day]:
    if number in _SEASONS:
        (before_, m1, d1), (after, m2, d2) = _SEASONS[number]
        return (year + before_, m1, d1), (year + after, m2, d2)
    for first, count, months in _PARTS:
        if first <= number < first + count:
            last = (number - first + 1) * months
            return (year, last - months + 1, 1), (year, last, _length(year, last))
    raise ValueError(f"there is no month or part of a year {number}")


def _first(sign: str, year: str, month: str, day: str, *, descending: bool) -> Day:
    """The first day that fits the patterns, or the last."""
    for y in _years(sign, year, descending=descending):
        for m in _numbers(month, 1, 12, descending=descending):
            for d in _numbers(day, 1, _length(y, m), descending=descending):
                return y, m, d
    raise ValueError("there is no such day")


def _years(sign: str, pattern: str, *, descending: bool) -> Iterator[int]:
    if not sign:
        yield from _numbers(pattern, 0, 9999, descending=descending)
        return
    if pattern == "0000":
        raise ValueError("there is no year -0000")
    yield from (-each for each in _numbers(pattern, 0, 9999, descending=not descending))


def _numbers(pattern: str, least: int, most: int, *, descending: bool) -> Iterator[int]:
    """The numbers from ``least`` to ``most`` that fit: ``X`` is any figure; nothing fits all."""
    fits = re.compile(pattern.replace("X", r"\d") or r"\d*")
    low = max(least, int(pattern.replace("X", "0") or least))
    high = min(most, int(pattern.replace("X", "9") or most))
    numbers = range(high, low - 1, -1) if descending else range(low, high + 1)
    return (each for each in numbers if fits.fullmatch(f"{each:0{len(pattern)}d}"))


def _widened(first: Day, last: Day, unit: str | None) -> Span:
    return (
        Span(first, last) if unit is None else Span(_shift(first, unit, -1), _shift(last, unit, 1))
    )


def _shift(day: Day, unit: str, by: int) -> Day:
    y, m, d = day
    if unit == "year":
        return _clamped(y + by, m, d)
    if unit == "month":
        total = y * 12 + m - 1 + by
        return _clamped(total // 12, total % 12 + 1, d)
    if 1 <= d + by <= _length(y, m):
        return y, m, d + by
    y, m, _ = _shift((y, m, 1), "month", by)
    return y, m, (1 if by > 0 else _length(y, m))


def _clamped(year: int, month: int, day: int) -> Day:
    return year, month, min(day, _length(year, month))


def _length(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in _MONTHS_OF_30 else 31
