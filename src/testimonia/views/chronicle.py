"""Events in time: each telling of an event has its own line, so that sources that disagree are seen
to. Days without a year stand in a lane of their own, on a year of no number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from testimonia.views.earth import Spot
from testimonia.views.periods import Periods
from testimonia.views.svg import Figure, Markup, element, picture, text
from testimonia.views.values import Listing, Moment, Ref, Telling

_WIDTH: Final = 900.0
_LABEL: Final = 250.0
_LABEL_COLUMNS: Final = 32
_LINE: Final = 9.0
_GAP: Final = 12.0
_TOP: Final = 30.0
_MOST_LINES: Final = 8
_TICKS: Final = 9
_LEAST: Final = 4.0
# A year with a 29 February.
_LEAP: Final = 2000
_YEARLESS: Final = re.compile(r"(?:XXXX-|--)(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its tellings; ``total`` is how many it has, ``documents`` in how many."""

    event: Ref
    type: str
    tellings: tuple[Telling, ...]
    total: int
    documents: int

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All times that are told of it."""
        return tuple(moment for telling in self.tellings for moment in telling.times)

    @property
    def more(self) -> int:
        """How many tellings are not among these."""
        return max(0, self.total - len({each.iri for each in self.tellings}))


@dataclass(frozen=True, slots=True)
class Located:
    """A place with its coordinates (degrees) and how many events are told to have been there."""

    ref: Ref
    latitude: float
    longitude: float
    events: int


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Events that fulfil ``scope``, the dated first, by their earliest day.

    ``over_time`` counts all of them by the earliest day that is told; ``places`` are those of all
    of them, ``unlocated`` how many places nobody located.
    """

    scope: tuple[str, ...]
    happenings: Listing[Happening]
    over_time: Periods
    places: Listing[Located]
    unlocated: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    start: date
    end: date
    told: str


def timeline(id_: str, title: str, happenings: Sequence[Happening], root: str) -> Figure | None:
    """The dated lane; ``None`` where nothing is dated. Links are ``root`` and the event's path."""
    lanes = [
        (each, [line for telling in each.tellings for line in _dated(telling)])
        for each in happenings
    ]
    lanes = [(each, lines) for each, lines in lanes if lines]
    if not lanes:
        return None
    ends = [day for _, lines in lanes for line in lines for day in (line.start, line.end)]
    first, last = min(ends), max(ends)
    ticks = list(_ticks(first, last))
    told = (
        f"{_many(len(lanes), 'event')} between {first} and {last}, one below the other; each line "
        "is what one source tells, as long as its words leave it open. The table has all of it."
    )
    return _drawn(id_, title, told, lanes, (first, last), ticks, root)


def yearless(id_: str, title: str, happenings: Sequence[Happening], root: str) -> Figure | None:
    """The lane of days and months without a year; ``None`` where there are none."""
    lanes = [
        (each, [line for telling in each.tellings for line in _yearless(telling)])
        for each in happenings
    ]
    lanes = [(each, lines) for each, lines in lanes if lines]
    if not lanes:
        return None
    told = (
        f"{_many(len(lanes), 'event')} of which a day or a month is told and no year, on a year "
        "from January to December. The table has all of it."
    )
    year = (date(_LEAP, 1, 1), date(_LEAP, 12, 31))
    ticks = [(date(_LEAP, month, 1), name) for month, name in enumerate(_MONTHS, start=1)]
    return _drawn(id_, title, told, lanes, year, ticks, root)


def _dated(telling: Telling) -> Iterator[_Line]:
    for moment in telling.times:
        if moment.earliest and moment.latest:
            yield _Line(moment.earliest, moment.latest, _told(telling, moment))


def _yearless(telling: Telling) -> Iterator[_Line]:
    for moment in telling.times:
        found = _YEARLESS.match(moment.month_day or moment.value)
        if moment.is_dated or found is None:
            continue
        month, day = int(found["month"]), int(found["day"] or 0)
        try:
            start = date(_LEAP, month, day or 1)
        except ValueError:
            continue
        end = start if day else (start + timedelta(31)).replace(day=1) - timedelta(1)
        yield _Line(start, end, _told(telling, moment))


def _told(telling: Telling, moment: Moment) -> str:
    who = ", ".join(voice.ref.label for voice in telling.saying.voices)
    return f"{moment.label}: {who}, in {telling.saying.source.document.label}"


def _drawn(
    id_: str,
    title: str,
    told: str,
    lanes: Sequence[tuple[Happening, list[_Line]]],
    span: tuple[date, date],
    ticks: Iterable[tuple[date, str]],
    root: str,
) -> Figure:
    first, last = span
    scale = (_WIDTH - _LABEL - 12) / max(1, (last - first).days + 1)

    def x(day: date) -> float:
        return _LABEL + (day - first).days * scale

    heights = [_GAP + _LINE * min(_MOST_LINES, max(1, len(lines))) for _, lines in lanes]
    bottom = _TOP + sum(heights)
    content: list[Markup] = []
    for day, label in ticks:
        content.append(element("line", x1=x(day), x2=x(day), y1=_TOP, y2=bottom, class_="grid"))
        content.append(text(label, x(day) + 2, _TOP - 8, class_="tick"))
    y = _TOP
    for (happening, lines), height in zip(lanes, heights, strict=True):
        content.append(_lane(happening, lines, y, height, x, scale, root))
        y += height
    return picture(id_, title, told, _WIDTH, bottom + 6, *content, linked=True)


def _lane(
    happening: Happening,
    lines: Sequence[_Line],
    y: float,
    height: float,
    x: Callable[[date], float],
    scale: float,
    root: str,
) -> Markup:
    drawn = [element("line", x1=0, x2=_WIDTH, y1=y + height, y2=y + height, class_="grid")]
    label = happening.event.label
    name = text(label, 0, y + height / 2 + 4, most=_LABEL_COLUMNS, class_="name")
    if happening.event.path:
        name = element("a", name, href=root + happening.event.path, aria_label=label)
    drawn.append(name)
    for place, line in enumerate(lines[:_MOST_LINES]):
        width = max(_LEAST, ((line.end - line.start).days + 1) * scale)
        drawn.append(
            element(
                "rect",
                element("title", line.told),
                x=min(x(line.start), _WIDTH - _LEAST),
                y=y + _GAP / 2 + place * _LINE,
                width=width,
                height=_LINE - 3,
                class_="telling",
            )
        )
    return element("g", *drawn)


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """About nine days to write on the line: years, months or days."""
    days = (last - first).days + 1
    if days > 3 * 366:
        step = _rounded(days / 365.25 / _TICKS)
        years = range(-(-first.year // step) * step, last.year + 1, step)
        yield from ((date(year, 1, 1), str(year)) for year in years if date(year, 1, 1) >= first)
    elif days > 62:
        step = max(1, round(days / 30.4 / _TICKS + 0.49))
        months = range(first.year * 12 + first.month, last.year * 12 + last.month, step)
        starts = (date(each // 12, each % 12 + 1, 1) for each in months)
        yield from ((day, f"{day:%Y-%m}") for day in starts)
    else:
        step = max(1, round(days / _TICKS + 0.49))
        for number in range(0, days, step):
            day = first + timedelta(number)
            yield day, f"{day:%Y-%m-%d}" if days <= 7 or number == 0 else f"{day:%m-%d}"


def _rounded(step: float) -> int:
    """1, 2, 5, 10, 20, 50 …: the next that is no less."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size >= step:
                return factor * size
        size *= 10


def spots(places: Iterable[Located], link: str) -> list[Spot]:
    """The places as discs; ``link`` has ``{}`` where the place's IRI stands."""
    return [
        Spot(each.ref.label, each.latitude, each.longitude, each.events, link.format(each.ref.path))
        for each in places
    ]


def by_lane(happenings: Iterable[Happening]) -> dict[str, list[Happening]]:
    """The same events by what is known of their time: dated, without a year, without a time."""

    def lane(happening: Happening) -> str:
        if any(each.is_dated for each in happening.moments):
            return "dated"
        return "yearless" if any(each.is_yearless for each in happening.moments) else "timeless"

    ordered = sorted(happenings, key=lane)
    return {name: list(found) for name, found in groupby(ordered, key=lane)}


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
