"""Times relative to the document's date, or to a time that the text has mentioned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from testimonia.model import DateBasis, TimexType
from testimonia.reading.times import calendar
from testimonia.reading.times.calendar import NO_YEAR
from testimonia.reading.times.clock import with_time
from testimonia.reading.times.context import (
    Context,
    Resolved,
    anchored,
    behind,
    dated,
    entry,
    part_of_name,
    preceding,
    relation,
    unresolved,
)
from testimonia.reading.times.dates import stated_year
from testimonia.reading.times.durations import duration_value, unit_of
from testimonia.reading.times.edtf import NOTHING
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.numbers import ordinal, quantity

# Quarters that one against the clause's tense counts as farther off: no quarter to come is told
# of in the past, but the report of a past one may be to come ("expects to report for the quarter").
_QUARTERS_AGAINST = {-1: 2.5, 0: 0.5, 1: 1.5}


def deictic(candidate: Candidate, context: Context) -> Resolved | None:
    """ "today", "yesterday", "tomorrow morning"."""
    if part_of_name(candidate):
        return None  # "USA Today"
    if context.document_date is None:
        return with_time(unresolved("D"), candidate)
    days = int(entry(candidate.fields["deictic"]))
    return with_time(anchored(context.document_date, "D", days), candidate)


def weekday(candidate: Candidate, context: Context) -> Resolved | None:
    """ "Friday", "last Monday", "the following Tuesday", "Monday of next week"."""
    number = int(entry(candidate.fields["weekday"]))
    found = _weekday(candidate, context, number)
    unknown = dated(f"{NO_YEAR}-WXX-{number}", DateBasis.YEAR_UNKNOWN)
    return with_time(anchored(found, "D") if found else unknown, candidate)


def _weekday(candidate: Candidate, context: Context, number: int) -> date | None:
    words, here = candidate.fields.get("relation", ()), context.document_date
    if not words and (start := _range_start(candidate, context)):
        return calendar.weekday_after(start, number)
    if set(words) & {"the", "following", "that"}:
        last = context.last("D", candidate.start_offset)
        here = last.earliest if last else here
    if here is None:
        return None
    if "of_week" in candidate.fields:
        week = here + timedelta(weeks=relation(candidate.fields["of_week"]))
        return calendar.weekday_of_week(week, number)
    step = relation(words)
    if step == 0 and here.isoweekday() == number:
        return here
    ahead = step > 0 or (step == 0 and _ahead(candidate, context, words))
    return calendar.weekday_after(here, number) if ahead else calendar.weekday_before(here, number)


def _range_start(candidate: Candidate, context: Context) -> date | None:
    """The day that "Monday to …" names where the candidate is the range's other end."""
    if preceding(candidate, 1) not in ("TO", "THROUGH", "UNTIL", "DASH", "HYPHEN"):
        return None
    if preceding(candidate, 2) not in ("WEEKDAY", "DAYPART"):
        return None
    last = context.last("D", candidate.start_offset, _JOINT)
    return last.earliest if last else None


_JOINT = 10  # code points: " through " and the like


def _ahead(candidate: Candidate, context: Context, words: tuple[str, ...]) -> bool:
    direction = context.direction(candidate)
    return direction > 0 or ("this" in words and direction == 0)


def season(candidate: Candidate, context: Context) -> Resolved | None:
    """ "summer", "last winter", "the spring of 2012"."""
    code, y = str(entry(candidate.fields["season"])), stated_year(candidate, context)
    if "years" in candidate.fields:
        y = int(candidate.fields["years"][0][:4])
    if y is not None:
        stated = "year_ref" not in candidate.fields
        return dated(f"{y:04d}-{code}", DateBasis.EXPLICIT if stated else DateBasis.ANCHORED)
    here = context.document_date
    if here is None:
        return dated(f"{NO_YEAR}-{code}", DateBasis.YEAR_UNKNOWN)
    middles = [
        _middle(code, year) for year in range(here.year - 2, here.year + 3) if 1 < year < 9999
    ]
    found = _season(middles, here, candidate, context)
    return dated(f"{found.year - (code == 'WI'):04d}-{code}", DateBasis.ANCHORED) if found else None


def _middle(code: str, year: int) -> date:
    return date(year, calendar.SEASON_MONTHS[code], 15)


def _season(middles: list[date], here: date, candidate: Candidate, context: Context) -> date | None:
    words = candidate.fields.get("relation", ())
    step = relation(words)
    if step < 0:
        return max((m for m in middles if m < here - timedelta(days=45)), default=None)
    if step > 0:
        return min((m for m in middles if m > here + timedelta(days=45)), default=None)
    if "this" in words:
        return next((m for m in middles if m.year == here.year), None)
    return context.nearest(middles, candidate)


def quarter(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the third quarter", "Q3 2013"; a fiscal quarter has no place in the calendar."""
    fields = candidate.fields
    named = entry(fields["quarter"])
    number = named if isinstance(named, int) else ordinal(fields["quarter"])
    number = 4 if fields["quarter"] == ("last",) else number
    y, here = stated_year(candidate, context), context.document_date
    if y is None and here is None:
        resolved = dated(f"{NO_YEAR}-Q{number}", DateBasis.YEAR_UNKNOWN)
    elif y is None and here is not None:
        resolved = dated(_nearest_quarter(candidate, context, here, number), DateBasis.ANCHORED)
    else:
        basis = DateBasis.EXPLICIT if "year" in fields else DateBasis.ANCHORED
        resolved = dated(f"{y:04d}-Q{number}", basis)
    return replace(resolved, bounds=NOTHING) if "fiscal" in fields else resolved


def _nearest_quarter(candidate: Candidate, context: Context, here: date, number: int) -> str:
    now = here.year * 4 + (here.month - 1) // 3
    direction = context.direction(candidate)

    def distance(index: int) -> float:
        off = index - now
        against = off * direction < 0 or (direction == 0 and off > 0)
        return abs(off) + _QUARTERS_AGAINST[direction] * against

    index = min(((here.year + n) * 4 + number - 1 for n in (-1, 0, 1)), key=distance)
    return f"{index // 4:04d}-Q{index % 4 + 1}"


def half(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the second half of 2013", "first-half"."""
    words = candidate.fields["half"]
    if "count" in candidate.fields:
        return _first_units(candidate, context)
    named = entry(words) if len(words[0]) == 2 else 0
    number = 2 if words == ("last",) else named if isinstance(named, int) else ordinal(words)
    number = number or ordinal(words)
    y, here = stated_year(candidate, context), context.document_date
    if number not in (1, 2) or (y is None and here is None):
        return dated(f"{NO_YEAR}-H{number}", DateBasis.YEAR_UNKNOWN) if number in (1, 2) else None
    if y is None and here is not None:
        y = here.year - (number == 2 and here.month < 7)
    basis = DateBasis.EXPLICIT if "year" in candidate.fields else DateBasis.ANCHORED
    resolved = dated(f"{y:04d}-H{number}", basis)
    return replace(resolved, bounds=NOTHING) if "fiscal" in candidate.fields else resolved


def _first_units(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the first six months of 2013" is a half of it, "the first nine months" a duration."""
    fields = candidate.fields
    unit, count = unit_of(fields["unit"]), quantity(fields["count"])
    if unit is None or count is None:
        return None
    number, y = ordinal(fields["half"]), stated_year(candidate, context)
    months = count * {"Q": 3, "M": 1}.get(unit, 0)
    if months == _HALF_A_YEAR and number in (1, 2):
        return dated(f"{y:04d}-H{number}", DateBasis.EXPLICIT)
    return Resolved(TimexType.DURATION, duration_value(count, unit))


_HALF_A_YEAR = 6  # months


def period_again(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the latest quarter", "the year-ago period", "the 1989 period": of the quarter spoken of."""
    fields, last = candidate.fields, context.quarter()
    if "year" in fields:
        name = last.value[4:] if last else ""
        return dated(fields["year"][0] + name, DateBasis.ANCHORED)
    here = last.earliest if last else context.document_date
    if here is None:
        return None
    if fields.get("again") == ("current",) and context.document_date:
        return anchored(context.document_date, "Q")
    if "again" in fields:
        return anchored(here, "Q", 0 if last else -1)
    unit = unit_of(fields["before"][:1]) or "Y"
    before = anchored(here, "Q" if last or unit == "Q" else unit, -4 if last else -1)
    return replace(before, passing=True)


def relative_unit(candidate: Candidate, context: Context) -> Resolved | None:
    """ "last year", "this week", "the following month", "that day", "the weekend"."""
    words, unit = candidate.fields["relation"], unit_of(candidate.fields["unit"])
    if unit is None or (candidate.rule.weak and not _stands_alone(candidate, unit)):
        return None
    if candidate.rule.weak and behind(candidate) in ("ending", "ended"):
        return Resolved(TimexType.DURATION, duration_value(1, unit))
    here = _origin(words, unit, candidate, context)
    if here is None:
        return unresolved(unit)
    step = relation(words)
    if unit == "WE" and step == 0:
        step = _weekend(candidate, context, here)
    return anchored(here, unit, step)


def _stands_alone(candidate: Candidate, unit: str) -> bool:
    """Whether "the week", "the year" tells a date: "later in the day", "over the weekend"."""
    if unit == "WE":
        return True
    before = preceding(candidate, 1)
    return unit in ("D", "W", "Q", "Y", "M") and before in (
        "IN",
        "OF",
        "FOR",
        "DURING",
        "AND",
        "BY",
    )


def _origin(
    words: tuple[str, ...], unit: str, candidate: Candidate, context: Context
) -> date | None:
    """The day that a relation counts from: that of a time mentioned, or the document's."""
    told = {"following", "same", "that", "subsequent", "ensuing"}.intersection(words)
    if told or words in (("the", "next"), ("the", "previous"), ("the", "day")):
        last = context.last(unit, candidate.start_offset)
        return last.earliest if last else context.document_date
    return context.document_date


def _weekend(candidate: Candidate, context: Context, here: date) -> int:
    if "this" in candidate.fields["relation"] or here.isoweekday() >= 6:
        return 0
    return -1 if context.direction(candidate) <= 0 else 0


def year_end(candidate: Candidate, context: Context) -> Resolved | None:
    """ "year-end", "month's end", "year-end 2012"."""
    unit = next(
        (u for w in candidate.tokens.words(candidate.first, candidate.end) if (u := unit_of((w,)))),
        None,
    )
    if unit not in ("Y", "M"):
        return None
    here = context.document_date
    if "year" in candidate.fields:
        return dated(candidate.fields["year"][0], DateBasis.EXPLICIT)
    if here is None:
        return unresolved(unit)
    return anchored(here, unit, -1 if preceding(candidate, 1) == "SINCE" else 0)


def neighbour_unit(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the year before", "the week after"."""
    unit = unit_of(candidate.fields["unit"])
    if unit is None:
        return None
    last = context.last(unit, candidate.start_offset)
    here = last.earliest if last else context.document_date
    if here is None:
        return unresolved(unit)
    return anchored(here, unit, 1 if candidate.fields["direction"] == ("after",) else -1)
