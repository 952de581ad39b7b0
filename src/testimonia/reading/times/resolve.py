"""From the grammar's candidates to TIMEX3 values: which action gives which rule its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from testimonia.model import Span, Timex
from testimonia.reading.times import ago, clock, dates, durations, months, relative
from testimonia.reading.times.context import Context, Resolved
from testimonia.reading.times.grammar import Candidate

Action = Callable[[Candidate, Context], Resolved | None]


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "iso": dates.iso,
        "numeric_date": dates.numeric_date,
        "compact_date": dates.compact_date,
        "year_month": dates.year_month,
        "day": dates.day,
        "letter_day": dates.letter_day,
        "day_range": dates.day_range,
        "month": dates.month,
        "month_range": dates.month_range,
        "year": dates.named_year,
        "fiscal_year": dates.fiscal_year,
        "year_range": dates.year_range,
        "era_year": dates.era_year,
        "decade": dates.decade,
        "century": dates.century,
        "holiday": dates.holiday,
        "weekday": relative.weekday,
        "nth_weekday": months.nth_weekday,
        "nth_week": months.nth_week,
        "week_of": months.week_of,
        "season": relative.season,
        "quarter": relative.quarter,
        "half": relative.half,
        "period_again": relative.period_again,
        "deictic": relative.deictic,
        "relative_unit": relative.relative_unit,
        "year_end": relative.year_end,
        "neighbour_unit": relative.neighbour_unit,
        "ago": ago.ago,
        "ago_to_the_day": ago.ago_to_the_day,
        "from_day": ago.from_day,
        "named_ago": ago.named_ago,
        "clock": clock.clock,
        "clock_of_part": clock.clock_of_part,
        "military": clock.military,
        "past_the_hour": clock.past_the_hour,
        "daypart": clock.daypart,
        "tonight": clock.tonight,
        "duration": durations.duration,
        "double_duration": durations.double_duration,
        "quarter_century": durations.quarter_century,
        "vague_duration": durations.vague_duration,
        "span_to_now": durations.span_to_now,
        "vague_span": durations.vague_span,
        "every": durations.every,
        "every_part": durations.every_part,
        "every_named": durations.every_named,
        "weekdays": durations.weekdays,
        "frequency": durations.frequency,
        "weekends": durations.weekends,
        "amount_per_unit": durations.amount_per_unit,
        "rate": durations.rate,
        "present": durations.present,
        "past": durations.past,
        "future": durations.future,
    }
)


def resolve(candidate: Candidate, context: Context) -> Timex | None:
    """The time that a candidate tells, noted in ``context``; ``None`` where it is none."""
    try:
        resolved = ACTIONS[candidate.rule.action](candidate, context)
    except (ValueError, OverflowError):  # no such day, or outside the years 1 to 9999
        return None
    if resolved is None:
        return None
    place = resolved.extent
    context.note(resolved, candidate.end_offset)
    return Timex(
        key=f"time/{candidate.start_offset}",
        span=Span(candidate.start_offset, candidate.end_offset),
        type=resolved.type,
        value=resolved.value,
        edtf=place.edtf,
        earliest=place.earliest,
        latest=place.latest,
        month_day=place.month_day,
        basis=resolved.basis,
    )
