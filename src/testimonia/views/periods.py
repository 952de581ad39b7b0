"""Counts by day, month or year: as precise as all dates allow, and no column left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from testimonia.views.charts import MOST_COLUMNS, Bar

_DATE: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_DAYS: Final = 62
_MONTHS: Final = 60


@dataclass(frozen=True, slots=True)
class Periods:
    """``unit`` is day, month, year or decade. ``undated`` are counts that have no place: no date,
    or none that can be read."""

    unit: str
    rows: tuple[Bar, ...]
    undated: tuple[int, ...]


def periods(counts: Iterable[tuple[str, int, int]], series: int) -> Periods:
    """From (date, number of the series from 0, count); dates as ``2031-05-04``, ``2031-05``,
    ``2031`` or empty, with or without a time."""
    dated: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    undated: Counter[int] = Counter()
    for written, number, count in counts:
        parts = _parts(written)
        if parts is None:
            undated[number] += count
        else:
            dated[parts][number] += count
    if not dated:
        return Periods("year", (), _row(undated, series))
    precision = min(len(each) for each in dated)
    unit, size = _unit(sorted(dated), precision)
    grouped: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for parts, counted in dated.items():
        grouped[_key(parts, size)].update(counted)
    keys = _filled(sorted(grouped), size)
    rows = tuple(Bar(_label(each, size), _row(grouped[each], series)) for each in keys)
    return Periods(unit, rows, _row(undated, series))


def _parts(written: str) -> tuple[int, ...] | None:
    found = _DATE.match(written)
    if found is None:
        return None
    parts = tuple(int(each) for each in found.groups() if each)
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return None
    return parts


def _row(counted: Counter[int], series: int) -> tuple[int, ...]:
    return tuple(counted[number] for number in range(series))


def _unit(dates: Sequence[tuple[int, ...]], precision: int) -> tuple[str, int]:
    """The finest unit that all dates have and that makes a picture."""
    first, last = (date(*(*each, 1, 1)[:3]) for each in (dates[0], dates[-1]))
    if precision == 3 and (last - first).days < _DAYS:
        return "day", 3
    if precision >= 2 and (last.year - first.year) * 12 + last.month - first.month < _MONTHS:
        return "month", 2
    if last.year - first.year < MOST_COLUMNS:
        return "year", 1
    return "decade", 0


def _key(parts: tuple[int, ...], size: int) -> tuple[int, ...]:
    return parts[:size] if size else (parts[0] // 10 * 10,)


def _filled(keys: Sequence[tuple[int, ...]], size: int) -> list[tuple[int, ...]]:
    """With the periods between, of which nothing is counted."""
    if size == 3:
        first, last = date(*keys[0]), date(*keys[-1])
        days = (first + timedelta(each) for each in range((last - first).days + 1))
        return [(each.year, each.month, each.day) for each in days]
    if size == 2:
        months = range(keys[0][0] * 12 + keys[0][1] - 1, keys[-1][0] * 12 + keys[-1][1])
        return [(each // 12, each % 12 + 1) for each in months]
    return [(each,) for each in range(keys[0][0], keys[-1][0] + 1, 1 if size else 10)]


def _label(key: tuple[int, ...], size: int) -> str:
    if not size:
        return f"{key[0]}s"
    return "-".join(f"{part:0{4 if place == 0 else 2}d}" for place, part in enumerate(key))
