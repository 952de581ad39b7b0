"""Times of day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from testimonia.model import DateBasis, TimexType
from testimonia.reading.times.calendar import NO_DAY, NO_YEAR, weekday_after, weekday_before
from testimonia.reading.times.context import Context, Resolved, entry, relation
from testimonia.reading.times.grammar import Candidate

_NEAR = 250  # code points within which a time of day belongs to the day mentioned last
_AFTER_NOON = {"AF", "EV", "NI"}


def clock_value(words: tuple[str, ...]) -> str | None:
    """``"22:00"`` of "10 p.m.", "10:00 in the evening"; ``None`` where no clock shows it."""
    named = entry(words[:1])
    if isinstance(named, str) and ":" in named:
        return named
    hour, *rest = _figures(words[0], named)
    late = any(w.startswith("p") for w in words[1:] if entry((w,)) == "") or _after_noon(words)
    if late and hour < 12:
        hour += 12
    elif len(words) > 1 and words[1].startswith("a") and hour == 12:
        hour = 0
    if hour > 24 or any(part > 59 for part in rest):
        return None
    return ":".join(f"{part:02d}" for part in (hour, *(rest or [0])))


def _figures(word: str, named: str | int) -> list[int]:
    return [named] if isinstance(named, int) else [int(n) for n in re.split(r"[:.]", word)]


def _after_noon(words: tuple[str, ...]) -> bool:
    return any(entry((word,)) in _AFTER_NOON for word in words[1:])


def with_time(resolved: Resolved | None, candidate: Candidate) -> Resolved | None:
    """A day together with the time or part of day that the expression names, if any."""
    if resolved is None:
        return None
    clock, part = candidate.fields.get("clock"), candidate.fields.get("part")
    if clock:
        value = clock_value(clock)
        return _timed(resolved, value) if value else None
    code = entry(part) if part else ""
    return _timed(resolved, str(code)) if code else resolved


def _timed(resolved: Resolved, time: str) -> Resolved:
    return replace(resolved, type=TimexType.TIME, value=f"{resolved.value}T{time}")


def near_day(candidate: Candidate, context: Context) -> Resolved:
    """The day that a bare time of day belongs to: the one mentioned shortly before, else today."""
    last = context.last("D", candidate.start_offset, _NEAR)
    if last:
        return Resolved(TimexType.DATE, last.earliest.isoformat(), DateBasis.ANCHORED)
    here = context.document_date
    if here is None:
        return Resolved(TimexType.DATE, NO_DAY, DateBasis.YEAR_UNKNOWN)
    return Resolved(TimexType.DATE, here.isoformat(), DateBasis.ANCHORED)


def clock(candidate: Candidate, context: Context) -> Resolved | None:
    """ "10 p.m. Wednesday", "noon", "9:15 GMT"."""
    value = clock_value(candidate.fields["clock"])
    if value is None:
        return None
    named = candidate.fields.get("day")
    resolved = _named_day(named, candidate, context) if named else near_day(candidate, context)
    return _timed(resolved, value)


def _named_day(words: tuple[str, ...], candidate: Candidate, context: Context) -> Resolved:
    here, value = context.document_date, int(entry(words))
    if here is None:
        unknown = NO_DAY if value < 1 else f"{NO_YEAR}-WXX-{value}"
        return Resolved(TimexType.DATE, unknown, DateBasis.YEAR_UNKNOWN)
    if words[0] in ("today", "yesterday", "tomorrow"):
        day = here + timedelta(days=value)
    elif here.isoweekday() == value:
        day = here
    else:
        ahead = context.direction(candidate) > 0
        day = weekday_after(here, value) if ahead else weekday_before(here, value)
    return Resolved(TimexType.DATE, day.isoformat(), DateBasis.ANCHORED)


def clock_of_part(candidate: Candidate, context: Context) -> Resolved | None:
    """ "8:30 this morning", "5 p.m. tomorrow afternoon", "8 tonight"."""
    fields, here = candidate.fields, context.document_date
    part = fields.get("part", ("night",))
    value = clock_value((*fields["clock"], *part))
    if value is None:
        return None
    if here is None:
        return _timed(Resolved(TimexType.DATE, NO_DAY, DateBasis.YEAR_UNKNOWN), value)
    days = int(entry(fields["deictic"])) if "deictic" in fields else 0
    day = here + timedelta(days=days + relation(fields.get("relation", ())))
    return _timed(Resolved(TimexType.DATE, day.isoformat(), DateBasis.ANCHORED), value)


def military(candidate: Candidate, context: Context) -> Resolved | None:
    """ "0900 GMT", "1800 hours"."""
    figures = candidate.fields["clock"][0]
    if not figures.isdecimal() or len(figures) != 4:
        return None
    if int(figures[:2]) > 24 or int(figures[2:]) > 59:
        return None
    return _timed(near_day(candidate, context), f"{figures[:2]}:{figures[2:]}")


def past_the_hour(candidate: Candidate, context: Context) -> Resolved | None:
    """ "half past nine", "a quarter to ten", "twenty past six in the evening"."""
    fields = candidate.fields
    hour, shift = _number(fields["hour"][0]), _SHIFTS.get(fields["shift"][0])
    minutes = shift if shift is not None else _number(fields["shift"][0])
    if not 1 <= hour <= 12 or not 1 <= minutes <= 59 or entry(fields.get("unit", ())) == "TH":
        return None
    before = fields.get("way", ("past",))[0] in ("to", "before")
    total = hour * 60 + (-minutes if before else minutes)
    if candidate.tokens.words(candidate.end - 1, candidate.end)[0].startswith("p") and hour < 12:
        total += 12 * 60
    return _timed(near_day(candidate, context), f"{total // 60:02d}:{total % 60:02d}")


_SHIFTS = {"half": 30, "quarter": 15}


def _number(word: str) -> int:
    value = entry((word,))
    return value if isinstance(value, int) else int(word)


def daypart(candidate: Candidate, context: Context) -> Resolved | None:
    """ "this morning", "last night", "in the evening"."""
    words = candidate.fields.get("relation", ())
    here = context.document_date
    if "this" in words or "last" in words:
        if here is None:
            return _timed(
                Resolved(TimexType.DATE, NO_DAY, DateBasis.YEAR_UNKNOWN), _part(candidate)
            )
        day = here + timedelta(days=relation(words))
        return _timed(
            Resolved(TimexType.DATE, day.isoformat(), DateBasis.ANCHORED), _part(candidate)
        )
    near = near_day(candidate, context)
    step = relation(words)
    if step and near.extent.earliest:
        near = replace(near, value=(near.extent.earliest + timedelta(days=step)).isoformat())
    return _timed(near, _part(candidate))


def _part(candidate: Candidate) -> str:
    return str(entry(candidate.fields["part"]))


def tonight(candidate: Candidate, context: Context) -> Resolved | None:
    """ "tonight", "overnight"."""
    here = context.document_date
    basis = DateBasis.ANCHORED if here else DateBasis.YEAR_UNKNOWN
    value = here.isoformat() if here else NO_DAY
    night = Resolved(TimexType.DATE, value, basis, passing=True)
    return _timed(night, str(entry(candidate.fields["tonight"])))
