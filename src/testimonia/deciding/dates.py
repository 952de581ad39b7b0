"""Dates as people give them: EDTF level 0 (Library of Congress, 2019), days of no known year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from testimonia.model import DateBasis, Timex, TimexType

_DAY_OF_A_YEAR = re.compile(r"(?:--|XXXX-)(\d\d)-(\d\d)")
_SINGLE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_LEAP_YEAR = 2000


def dated(time: Timex, value: str) -> Timex:
    """The time with this date in the place of what was read: ``2025``, ``2025-12``,
    ``2025-12-12``, ``2025-12-01/2025-12-03``, or ``--12-11`` for a day of no known year.

    Raises:
        ValueError: it is no such date.
    """
    if found := _DAY_OF_A_YEAR.fullmatch(value):
        month_day = date(_LEAP_YEAR, int(found[1]), int(found[2])).strftime("--%m-%d")
        edtf = f"XXXX-{month_day[2:]}"
        return _with(time, edtf, None, None, month_day)
    first, _, last = value.partition("/")
    earliest = _bounds(first)[0]
    latest = _bounds(last or first)[1]
    if earliest > latest:
        raise ValueError(f"{value} ends before it begins")
    return _with(time, value, earliest, latest, None)


def as_read(time: Timex, stood: Mapping[str, Any]) -> Timex:
    """The time with the value that it had when it was confirmed.

    Raises:
        ValueError: it is no value.
    """
    earliest, latest = (stood.get(name) for name in ("earliest", "latest"))
    return replace(
        time,
        type=TimexType(stood["type"]),
        value=str(stood["value"]),
        edtf=stood.get("edtf"),
        month_day=stood.get("month_day"),
        basis=DateBasis(stood["basis"]),
        earliest=date.fromisoformat(earliest) if earliest else None,
        latest=date.fromisoformat(latest) if latest else None,
    )


def stood(time: Timex) -> dict[str, Any]:
    """What ``as_read`` takes."""
    return {
        "type": time.type.value,
        "value": time.value,
        "edtf": time.edtf,
        "earliest": time.earliest and time.earliest.isoformat(),
        "latest": time.latest and time.latest.isoformat(),
        "month_day": time.month_day,
        "basis": time.basis.value,
    }


def _with(
    time: Timex, edtf: str, earliest: date | None, latest: date | None, month_day: str | None
) -> Timex:
    return replace(
        time,
        type=TimexType.DATE,
        value=edtf,
        edtf=edtf,
        earliest=earliest,
        latest=latest,
        month_day=month_day,
        basis=DateBasis.DECIDED,
    )


def _bounds(value: str) -> tuple[date, date]:
    """First and last day."""
    found = _SINGLE.fullmatch(value)
    if found is None:
        raise ValueError(
            f"{value!r} is no date: write 2025, 2025-12, 2025-12-12, 2025-12-01/2025-12-03 or"
            " --12-11"
        )
    year, month, day = int(found[1]), found[2], found[3]
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is not None:
        exact = date(year, int(month), int(day))
        return exact, exact
    first = date(year, int(month), 1)
    return first, first.replace(day=calendar.monthrange(year, int(month))[1])
