"""TIMEX3 values in EDTF (ISO 8601-2:2019; Library of Congress specification, levels 0 to 2)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from testimonia.reading.times.calendar import NO_YEAR, day_or_last, shift

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(.*))?")
_DAY_OF_A_YEAR = re.compile(rf"{NO_YEAR}-(\d\d)-(\d\d)(?:T.*)?")
_FULL_CLOCK = re.compile(r"\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?")
_PERIOD = re.compile(r"(\d{4})-(W\d\d-WE|W\d\d|\d\d|Q\d|H\d|SP|SU|FA|WI)")
_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}
# First and last day of each season in the northern hemisphere, by meteorological and astronomical
# reckoning taken together. A year's winter is the one that begins in it or the one that ends in it.
_SEASON_BOUNDS = {
    "SP": ((0, 3, 1), (0, 6, 21)),
    "SU": ((0, 6, 1), (0, 9, 23)),
    "FA": ((0, 9, 1), (0, 12, 22)),
    "WI": ((-1, 12, 1), (1, 3, 21)),
}


@dataclass(frozen=True, slots=True)
class Extent:
    """What a value says of the calendar: EDTF, first and last possible day, day of any year.

    A time of day has no EDTF of its own unless it is known to the second; its day stands for it.
    """

    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    month_day: str | None = None


NOTHING = Extent()


def extent(value: str, *, approximate: bool = False) -> Extent:
    """The extent of a TIMEX3 value; empty where EDTF cannot say it.

    ``approximate`` adds EDTF's ``~`` and widens the bounds by one unit of the value's precision on
    either side.
    """
    try:
        found = _interval(value) if "/" in value else _single(value)
        return _approximate(found) if approximate else found
    except (ValueError, OverflowError):
        return NOTHING


def between(first: date, last: date) -> Extent:
    """The extent of the days from ``first`` to ``last``."""
    return Extent(f"{first.isoformat()}/{last.isoformat()}", first, last)


def _interval(value: str) -> Extent:
    first, last = (_single(end) for end in value.split("/", 1))
    if first.edtf is None or last.edtf is None:
        return NOTHING
    return Extent(f"{first.edtf}/{last.edtf}", first.earliest, last.latest)


def _single(value: str) -> Extent:
    if found := _DAY.fullmatch(value):
        return _day(found)
    if found := _DAY_OF_A_YEAR.fullmatch(value):
        month, day = int(found[1]), int(found[2])
        day_or_last(4, month, day)
        return Extent(f"{NO_YEAR}-{month:02d}-{day:02d}", month_day=f"--{month:02d}-{day:02d}")
    if re.fullmatch(rf"{NO_YEAR}-\d\d", value):
        return Extent(value)
    if found := _PERIOD.fullmatch(value):
        return _period(int(found[1]), found[2])
    if re.fullmatch(r"\d{2,4}", value):
        return _years(value)
    if found := re.fullmatch(r"BC(\d{4})", value):
        return Extent(f"-{int(found[1]) - 1:04d}" if int(found[1]) > 1 else "0000")
    return NOTHING


def _day(found: re.Match[str]) -> Extent:
    day = date(int(found[1]), int(found[2]), int(found[3]))
    clock = found[4] if found[4] and _FULL_CLOCK.fullmatch(found[4]) else None
    return Extent(f"{day.isoformat()}T{clock}" if clock else day.isoformat(), day, day)


def _years(value: str) -> Extent:
    """A year, a decade ("199") or a century ("19"): EDTF writes X for what is left open."""
    width = 10 ** (4 - len(value))
    first, last = int(value) * width, (int(value) + 1) * width - 1
    edtf = value + "X" * (4 - len(value))
    if first == 0:
        return Extent(edtf, None, date(last, 12, 31)) if last else Extent(edtf)
    return Extent(edtf, date(first, 1, 1), date(last, 12, 31))


def _period(year: int, name: str) -> Extent:
    if name in _SEASONS:
        return _season(year, name)
    if name.startswith("W"):
        return _week(year, int(name[1:3]), weekend=name.endswith("WE"))
    if name.startswith("Q"):
        return _months(f"{year:04d}-{32 + int(name[1]):02d}", year, int(name[1]) * 3 - 2, 3)
    if name.startswith("H"):
        return _months(f"{year:04d}-{39 + int(name[1]):02d}", year, int(name[1]) * 6 - 5, 6)
    return _months(f"{year:04d}-{name}", year, int(name), 1)


def _months(edtf: str, year: int, first: int, count: int) -> Extent:
    last = first + count - 1
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Extent(edtf, date(year, first, 1), end)


def _season(year: int, name: str) -> Extent:
    (before, m1, d1), (after, m2, d2) = _SEASON_BOUNDS[name]
    edtf = f"{year:04d}-{_SEASONS[name]}"
    return Extent(edtf, date(year + before, m1, d1), date(year + after, m2, d2))


def _week(year: int, week: int, *, weekend: bool) -> Extent:
    monday = date.fromisocalendar(year, week, 1)
    return between(monday + timedelta(days=5 if weekend else 0), monday + timedelta(days=6))


def _approximate(found: Extent) -> Extent:
    if found.edtf is None or found.earliest is None or found.latest is None:
        return found
    unit = next((u for shape, u in _PRECISION if re.fullmatch(shape, found.edtf)), None)
    if unit is None:
        return Extent(None, found.earliest, found.latest)
    earliest, latest = shift(found.earliest, unit, -1), shift(found.latest, unit, 1)
    return Extent(f"{found.edtf}~", earliest, latest)


_PRECISION = ((r"\d{4}", "Y"), (r"\d{4}-(?:0\d|1[0-2])", "M"), (r"\d{4}-\d\d-\d\d", "D"))
