"""Times counted from another: "two years ago", "a week from Friday", "three Sundays ago"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from testimonia.model import DateBasis, TimexType
from testimonia.reading.times import calendar
from testimonia.reading.times.calendar import NO_YEAR
from testimonia.reading.times.context import (
    Context,
    Resolved,
    anchored,
    dated,
    entry,
    unresolved,
)
from testimonia.reading.times.durations import duration_value, unit_of
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.numbers import quantity


def ago(candidate: Candidate, context: Context) -> Resolved | None:
    """ "two years ago", "a day earlier", "three weeks later", "ten years from now"."""
    fields = candidate.fields
    unit, count = unit_of(fields["unit"]), _count(candidate)
    if unit is None:
        return None
    span = Resolved(TimexType.DURATION, duration_value(count, unit))
    direction = fields["direction"][0]
    if count is None or unit.startswith("T") or unit not in calendar.UNKNOWN:
        bare = "quantity" not in fields and direction in ("earlier", "later")
        return span if direction == "ago" or bare else None  # "a few days" alone, then
    here = _starting_point(direction, unit, candidate, context)
    if here is None:
        return span if direction in ("earlier", "later", "before") else unresolved(unit)
    back = direction in ("ago", "earlier", "before")
    return _moved(here, unit, -count if back else count, candidate, context)


def _count(candidate: Candidate) -> float | None:
    if "quantity" not in candidate.fields:
        return None
    count = quantity(candidate.fields["quantity"])
    return count + 0.5 if count and "half" in candidate.fields else count


def _starting_point(
    direction: str, unit: str, candidate: Candidate, context: Context
) -> date | None:
    """Where to count from: "ago" from the document's date, "earlier" from a time mentioned."""
    here = context.document_date
    if direction not in ("earlier", "later", "before", "beforehand"):
        return here
    last = context.last(unit, candidate.start_offset)
    if last:
        return last.earliest
    return here if unit in ("Y", "Q") and direction == "earlier" else None


def _moved(here: date, unit: str, count: float, candidate: Candidate, context: Context) -> Resolved:
    last = context.quarter()
    if unit == "Y" and abs(count) == 1 and last and candidate.start_offset - last.end < _SAME_STORY:
        return replace(anchored(last.earliest, "Q", int(count) * 4), passing=True)
    if count == int(count):
        return anchored(here, unit, int(count))
    if unit not in ("Y", "M", "W"):
        return anchored(here, unit, round(count))
    finer, times = {"Y": ("M", 12), "M": ("W", 4), "W": ("D", 7)}[unit]
    return anchored(anchored_day(here, finer, round(count * times)), unit)


_SAME_STORY = 700  # code points within which "a year ago" compares with the quarter spoken of


def anchored_day(here: date, unit: str, count: int) -> date:
    """``here`` moved by ``count`` units."""
    return calendar.shift(here, unit, count)


# --------------------------------------------------------------- counted to a day or a finer period


def ago_to_the_day(candidate: Candidate, context: Context) -> Resolved | None:
    """ "two years ago today", "a year ago this month", "a week ago Tuesday"."""
    fields, here, unit = candidate.fields, context.document_date, unit_of(candidate.fields["unit"])
    count = quantity(fields["quantity"])
    if unit is None or unit not in calendar.UNKNOWN or count is None or count != int(count):
        return None
    finer = unit_of(fields["finer"]) if "finer" in fields else "D"
    if here is None or finer not in calendar.UNKNOWN:
        return unresolved(finer) if finer in calendar.UNKNOWN else None
    if "weekday" in fields:
        here = _weekday_around(here, int(entry(fields["weekday"])), ahead=False)
    elif "deictic" in fields:
        here += timedelta(days=int(entry(fields["deictic"])))
    return anchored(calendar.shift(here, unit, -int(count)), finer)


def from_day(candidate: Candidate, context: Context) -> Resolved | None:
    """ "a week from Friday", "two weeks from tomorrow"."""
    fields, here, unit = candidate.fields, context.document_date, unit_of(candidate.fields["unit"])
    count = quantity(fields["quantity"])
    if unit is None or unit not in calendar.UNKNOWN or count is None or count != int(count):
        return None
    if here is None:
        return unresolved("D")
    if "weekday" in fields:
        here = _weekday_around(here, int(entry(fields["weekday"])), ahead=True)
    else:
        here += timedelta(days=int(entry(fields["deictic"])))
    return anchored(calendar.shift(here, unit, int(count)), "D")


def _weekday_around(here: date, weekday: int, *, ahead: bool) -> date:
    if here.isoweekday() == weekday:
        return here
    step = calendar.weekday_after if ahead else calendar.weekday_before
    return step(here, weekday)


def named_ago(candidate: Candidate, context: Context) -> Resolved | None:
    """ "three Sundays ago", "two summers ago"."""
    fields, here = candidate.fields, context.document_date
    count = int(quantity(fields["quantity"]) or 0)
    if "weekday" in fields:
        number = int(entry(fields["weekday"]))
        if here is None:
            return dated(f"{NO_YEAR}-WXX-{number}", DateBasis.YEAR_UNKNOWN)
        return anchored(calendar.weekday_before(here, number) - timedelta(weeks=count - 1), "D")
    code = str(entry(fields["season"]))
    if here is None:
        return dated(f"{NO_YEAR}-{code}", DateBasis.YEAR_UNKNOWN)
    begun = (here.month + here.day / 31) >= calendar.SEASON_MONTHS[code] % 12
    last = here.year - (not begun) - (code == "WI")
    return dated(f"{last - count + 1:04d}-{code}", DateBasis.ANCHORED)
