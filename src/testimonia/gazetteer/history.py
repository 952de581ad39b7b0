"""Names that places bore for a time: Leningrad from 1924 to 1991.

A table of names with the dates between which each held, the place that bears them (by its number in
GeoNames, or one of its own) and the country that it was in then. A document's date selects: a name
counts where the whole time in which the document can have been issued lies within its own. Without
a date, or with one that may lie outside, no such name counts, and places are what they are today.
"""

from __future__ import annotations

import calendar
import csv
import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from testimonia.errors import SettingsError
from testimonia.gazetteer.index import Gazetteer
from testimonia.gazetteer.names import normalise
from testimonia.identity import digest
from testimonia.model import GazetteerEntry, NamePeriod

COLUMNS: Final = ("name", "from", "to", "country", "latitude", "longitude", "geonames")
"""The columns of the table: ``name`` and ``geonames`` or both coordinates must be there."""
_FEATURE: Final = "PPLH"  # GeoNames: a populated place that is historical
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_EVER: Final = ("0000-00-00", "9999-99-99")
_SCHEMA: Final = """
CREATE TABLE history (
    norm TEXT NOT NULL, name TEXT NOT NULL, begin TEXT NOT NULL, end TEXT NOT NULL,
    first TEXT NOT NULL, last TEXT NOT NULL, country TEXT NOT NULL, place TEXT NOT NULL);
CREATE INDEX history_norm ON history (norm);
"""


@dataclass(frozen=True, slots=True)
class Historical:
    """A line of the table: a place (``id``), a name of it, and when it bore it."""

    id: str
    period: NamePeriod
    latitude: float | None
    longitude: float | None


def add_history(index: Path, table: Path) -> int:
    """Write the names of a table into an index of places; returns how many.

    Raises:
        SettingsError: a line is wrong, or names a place that the index has not; says which.
    """
    gazetteer = Gazetteer(index)
    rows = list(read_history(table))
    for line, row in rows:
        if row.latitude is None and gazetteer.entry(row.id) is None:
            raise SettingsError(
                f"{table}, line {line}: the index has no place {row.id}; give its latitude and"
                " longitude, or build the index with a dump of GeoNames that has it"
            )
    connection = sqlite3.connect(index, isolation_level=None)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        known = {row.id: gazetteer.entry(row.id) for _, row in rows}
        own = {row.id: row for _, row in rows if known[row.id] is None}
        _add_places(connection, own)
        connection.executemany(
            "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sorted(_values(rows))
        )
        marked = hashlib.sha256(table.read_bytes()).hexdigest()[:16]
        connection.execute(
            "UPDATE meta SET value = value || ? WHERE key = 'version'",
            (f", names in time {table.name} {marked}",),
        )
        connection.execute("COMMIT")
    finally:
        connection.close()
    return len(rows)


def read_history(table: Path) -> Iterator[tuple[int, Historical]]:
    """The lines of a table with their numbers.

    Raises:
        SettingsError: it cannot be read, or a line is wrong; the message says which and why.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = {"name", "from", "to"} - set(rows.fieldnames or ())
            if missing:
                raise SettingsError(
                    f"{table} has no column {min(missing)!r}; it has columns of these names:"
                    f" {', '.join(COLUMNS)}"
                )
            for row in rows:
                try:
                    yield rows.line_num, _historical(row)
                except ValueError as error:
                    raise SettingsError(f"{table}, line {rows.line_num}: {error}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{table} cannot be read: {error}") from error


def dated(gazetteer: Gazetteer, issued: str | None) -> Gazetteer:
    """The gazetteer as it is right for a document that was issued then (a year, a month or a day,
    ISO 8601); itself where nobody says when, or it has no names in time."""
    bounds = _bounds((issued or "")[:10])  # without the time of day
    if bounds is None or not gazetteer.has_history:
        return gazetteer
    return DatedGazetteer(gazetteer, *bounds)


class DatedGazetteer(Gazetteer):
    """A gazetteer in which names count that held from ``first`` to ``last``."""

    def __init__(self, modern: Gazetteer, first: str, last: str) -> None:
        self._modern = modern
        self._bounds = first, last

    @property
    def version(self) -> str:
        """See :class:`Gazetteer`."""
        return self._modern.version

    @property
    def licence(self) -> str:
        """See :class:`Gazetteer`."""
        return self._modern.licence

    def lookup(self, name: str) -> tuple[GazetteerEntry, ...]:
        """All places of this name. Those that bore it then come first, as they were: by that name,
        in that country, with the time for which it holds."""
        then: dict[str, GazetteerEntry] = {}
        for each in self._then(name):
            then.setdefault(each.id, each)
        others = (each for each in self._modern.lookup(name) if each.id not in then)
        return (*then.values(), *others)

    def entry(self, place: str) -> GazetteerEntry | None:
        """See :class:`Gazetteer`."""
        return self._modern.entry(place)

    def names(self, place: str) -> tuple[str, ...]:
        """See :class:`Gazetteer`."""
        return self._modern.names(place)

    def demonym(self, word: str) -> GazetteerEntry | None:
        """See :class:`Gazetteer`."""
        return self._modern.demonym(word)

    def _then(self, name: str) -> Iterator[GazetteerEntry]:
        rows = self._modern.history(normalise(name), *self._bounds)
        for place, period in rows:
            modern = self._modern.entry(place)
            if modern is not None:
                country = period.country or modern.country_code
                yield replace(modern, name=period.name, country_code=country, period=period)


def _historical(row: Mapping[str, str | None]) -> Historical:
    cells = {key: (row.get(key) or "").strip() for key in COLUMNS}
    if not cells["name"]:
        raise ValueError("no name")
    begin, end = cells["from"], cells["to"]
    for each in filter(None, (begin, end)):
        if _bounds(each) is None:
            raise ValueError(f"{each!r} is no year or date such as 1924 or 1924-01-26")
    if not begin and not end:
        raise ValueError("neither from nor to: a name for all times is no historical one")
    if begin and end and _first(begin) > _last(end):
        raise ValueError(f"it ends, in {end}, before it begins, in {begin}")
    point = _point(cells["latitude"], cells["longitude"])
    number = cells["geonames"]
    if number and not (number.isascii() and number.isdecimal()):
        raise ValueError(f"geonames {number!r} is no number")
    if not number and point is None:
        raise ValueError("neither geonames nor latitude and longitude: where is it?")
    # Names of one place without a number are one place if they are in one spot.
    id_ = f"geonames-{number}" if number else f"history-{digest('history', *map(str, point or ()))}"
    period = NamePeriod(cells["name"], begin, end, cells["country"].upper())
    return Historical(id_, period, *(point or (None, None)))


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    if not latitude and not longitude:
        return None
    try:
        point = float(latitude), float(longitude)
    except ValueError as error:
        raise ValueError(f"{latitude!r}, {longitude!r} are no degrees") from error
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise ValueError(f"{latitude}, {longitude} lies nowhere on earth")
    return point


def _add_places(connection: sqlite3.Connection, own: Mapping[str, Historical]) -> None:
    """Places that the index lacks, found by names in time alone."""
    (least,) = connection.execute("SELECT MIN(key) FROM place").fetchone()
    for at, row in enumerate(sorted(own.values(), key=lambda each: each.id), start=1):
        number = row.id.removeprefix("geonames-")
        key = int(number) if number != row.id else min(least or 0, 0) - at
        connection.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, '', '')",
            (
                key,
                None if key > 0 else row.id,
                row.period.name,
                row.latitude,
                row.longitude,
                _FEATURE,
                None,
            ),
        )


def _values(rows: list[tuple[int, Historical]]) -> Iterator[tuple[str, ...]]:
    for _, row in rows:
        name, begin, end = row.period.name, row.period.begin, row.period.end
        first, last = _first(begin) if begin else _EVER[0], _last(end) if end else _EVER[1]
        yield normalise(name), name, begin, end, first, last, row.period.country, row.id


def _bounds(date: str) -> tuple[str, str] | None:
    """The first and the last day that a year, a month or a day can be."""
    match = _DATE.fullmatch(date)
    if match is None:
        return None
    year, month, day = match.groups()
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    if not 1 <= int(month) <= 12:
        return None
    length = calendar.monthrange(max(1, int(year)), int(month))[1]
    if day is None:
        return f"{year}-{month}-01", f"{year}-{month}-{length:02d}"
    return (date, date) if 1 <= int(day) <= length else None


def _first(date: str) -> str:
    bounds = _bounds(date)
    return bounds[0] if bounds else ""


def _last(date: str) -> str:
    bounds = _bounds(date)
    return bounds[1] if bounds else ""
