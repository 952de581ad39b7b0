"""Arithmetic of the Gregorian calendar in TIMEX3's units, and TIMEX3 values of its periods.

Units: ``D`` day, ``W`` ISO week, ``WE`` weekend, ``FN`` fortnight, ``M`` month, ``Q`` quarter,
``Y`` year, ``DE`` decade, ``CE`` century; ``TH``, ``TM``, ``TS`` hour, minute, second.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

_DAYS = {"D": 1, "W": 7, "WE": 7, "FN": 14}
_MONTHS = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}

NO_YEAR = "X" * 4  # TIMEX3 and EDTF write an X for each figure that nothing tells
NO_DAY = f"{NO_YEAR}-XX-XX"
UNKNOWN = {
    "D": NO_DAY,
    "W": f"{NO_YEAR}-WXX",
    "FN": f"{NO_YEAR}-WXX",
    "WE": f"{NO_YEAR}-WXX-WE",
    "M": f"{NO_YEAR}-XX",
    "Q": f"{NO_YEAR}-QX",
    "Y": NO_YEAR,
    "DE": "X" * 3,
    "CE": "X" * 2,
}
SEASON_MONTHS = {"SP": 4, "SU": 7, "FA": 10, "WI": 1}  # a month in the middle of each


def shift(day: date, unit: str, count: int) -> date:
    """``day`` moved by ``count`` units; a day that its new month lacks becomes the month's last.

    Raises:
        ValueError, OverflowError: the result lies outside the years 1 to 9999.
    """
    if unit in _DAYS:
        return day + timedelta(days=_DAYS[unit] * count)
    if unit not in _MONTHS:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + _MONTHS[unit] * count, 12)
    return day_or_last(year, month + 1, day.day)


def day_or_last(year: int, month: int, day: int) -> date:
    """The day, or the last of its month where the month is shorter."""
    if not 1 <= year <= 9999:
        raise ValueError(f"no year of this calendar: {year}")
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def period(day: date, unit: str) -> str:
    """The TIMEX3 value of the period of length ``unit`` that holds ``day``."""
    week = day.isocalendar()
    return {
        "W": f"{week.year:04d}-W{week.week:02d}",
        "FN": f"{week.year:04d}-W{week.week:02d}",
        "WE": f"{week.year:04d}-W{week.week:02d}-WE",
        "M": f"{day.year:04d}-{day.month:02d}",
        "Q": f"{day.year:04d}-Q{(day.month + 2) // 3}",
        "Y": f"{day.year:04d}",
        "DE": f"{day.year // 10:03d}",
        "CE": f"{day.year // 100:02d}",
    }.get(unit, day.isoformat())


def weekday_before(day: date, weekday: int) -> date:
    """The last ``weekday`` (1 = Monday) strictly before ``day``."""
    return day - timedelta(days=(day.isoweekday() - weekday - 1) % 7 + 1)


def weekday_after(day: date, weekday: int) -> date:
    """The first ``weekday`` (1 = Monday) strictly after ``day``."""
    return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)


def weekday_of_week(day: date, weekday: int) -> date:
    """The ``weekday`` of the ISO week of ``day``."""
    return day + timedelta(days=weekday - day.isoweekday())


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The ``nth`` weekday of a month, counted from its end where ``nth`` is negative."""
    if nth > 0:
        first = date(year, month, 1) - timedelta(days=1)
        return weekday_after(first, weekday) + timedelta(weeks=nth - 1)
    after = shift(date(year, month, 1), "M", 1)
    return weekday_before(after, weekday) + timedelta(weeks=nth + 1)


def easter(year: int) -> date:
    """Western Easter Sunday (Meeus 1991, chapter 8: the anonymous Gregorian algorithm)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, skipped = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    quarter, odd = divmod(rest, 4)
    sunday = (32 + 2 * skipped + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holiday(code: str, year: int) -> date:
    """The day that a code of ``[values.HOLIDAY]`` names in ``year``."""
    if code.startswith("easter"):
        return easter(year) + timedelta(days=int(code.removeprefix("easter")))
    if "/" in code:
        counted, _, days = code.partition("+")
        month, weekday, nth = map(int, counted.split("/"))
        return nth_weekday(year, month, weekday, nth) + timedelta(days=int(days or 0))
    month, day = map(int, code.split("-"))
    return date(year, month, day)
