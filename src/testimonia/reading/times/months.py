"""Days and weeks told by their month: "the first Monday in May", "the second week of March"."""

from __future__ import annotations

from datetime import date, timedelta

from testimonia.model import DateBasis
from testimonia.reading.times import calendar, dates
from testimonia.reading.times.calendar import NO_YEAR
from testimonia.reading.times.context import Context, Resolved, dated, entry
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.numbers import ordinal

_MIDDLE_OF_WEEK = 3  # days from the first to the middle of seven


def nth_weekday(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the first Monday in May", "the last Friday of March 2013"."""
    year, month, basis = _month(candidate, context)
    nth = _nth(candidate)
    if not nth or year is None:
        return dated(f"{NO_YEAR}-{month:02d}", DateBasis.YEAR_UNKNOWN) if nth else None
    weekday = int(entry(candidate.fields["weekday"]))
    day = calendar.nth_weekday(year, month, weekday, nth)
    return dated(day.isoformat(), basis) if day.month == month else None


def nth_week(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the second week of March", "the last day of February", "the first weekend in May".

    The first week is the one around the first seven days of the month.
    """
    nth, unit = _nth(candidate), str(entry(candidate.fields["unit"]) or "WE")
    year, month, basis = _month(candidate, context)
    if not nth or unit not in ("D", "W", "WE"):
        return None
    if year is None:
        return dated(f"{NO_YEAR}-{month:02d}", DateBasis.YEAR_UNKNOWN)
    day = _day_of(year, month, unit, nth)
    return dated(calendar.period(day, unit), basis) if day.month == month else None


def _day_of(year: int, month: int, unit: str, nth: int) -> date:
    """A day of the ``nth`` day, seven days or weekend of a month; -1 is the last."""
    if unit == "WE":
        return calendar.nth_weekday(year, month, 6, nth)
    step = 7 if unit == "W" else 1
    if nth > 0:
        first = date(year, month, 1) + timedelta(days=step * (nth - 1))
        return first + timedelta(days=_MIDDLE_OF_WEEK if unit == "W" else 0)
    last = calendar.day_or_last(year, month, 31)
    return last - timedelta(days=_MIDDLE_OF_WEEK if unit == "W" else 0)


def week_of(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the week of March 3", "the weekend of 4 May"."""
    unit = str(entry(candidate.fields["unit"]) or "WE")
    found = dates.day(candidate, context) if unit in ("W", "WE") else None
    if found is None:
        return None
    first = found.extent.earliest
    return dated(calendar.period(first, unit), found.basis) if first else found


def _nth(candidate: Candidate) -> int:
    words = candidate.fields["nth"]
    return -1 if words == ("last",) else ordinal(words)


def _month(candidate: Candidate, context: Context) -> tuple[int | None, int, DateBasis]:
    """Year, where anything tells it, and month that the expression names."""
    found = dates.month(candidate, context)
    if found is None or found.extent.earliest is None:
        return None, int(entry(candidate.fields["month"])), DateBasis.YEAR_UNKNOWN
    first = found.extent.earliest
    return first.year, first.month, found.basis
