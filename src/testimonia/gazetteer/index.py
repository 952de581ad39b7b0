"""Reads the index: read-only, from any thread, in any number of processes."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from testimonia.errors import SettingsError
from testimonia.gazetteer.build import FORMAT
from testimonia.gazetteer.names import normalise
from testimonia.model import GazetteerEntry, NamePeriod

_MAPPED = 1 << 32  # bytes of the file mapped at most: its pages are shared by all processes
_CACHED = 50_000  # names and entries kept per process: some 20 MB at most
_FIELDS = """
p.key, p.id, p.name, p.latitude, p.longitude, p.feature, p.country, p.within, p.population,
p.exact, p.alternates
"""
_BY_NAME = f"""
SELECT {_FIELDS}, n.exact FROM name n JOIN place p ON p.key = n.place WHERE n.norm = ?
"""  # noqa: S608
_BY_KEY = f"SELECT {_FIELDS}, 0 FROM place p WHERE p.key = ?"  # noqa: S608
_BY_ID = f"SELECT {_FIELDS}, 0 FROM place p WHERE p.id = ?"  # noqa: S608


class _Record(NamedTuple):
    key: int
    id: str | None
    name: str
    latitude: float | None
    longitude: float | None
    feature: str
    country: str | None
    within: str
    population: int
    exact: str
    alternates: str
    only_exact: int

    def spelt(self, name: str) -> bool:
        return name == self.name or name in self.exact.split("|")


def open_gazetteer(path: Path) -> Gazetteer:
    """The gazetteer in the file ``path`` (made by ``build_gazetteer``).

    Raises:
        SettingsError: there is no such file, or it is not an index of this version.
    """
    return Gazetteer(path)


class Gazetteer:
    """Which places bear a name. Safe to share between threads, and to use after a fork."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._opened)
        self._meta = self._read_meta()
        self._lookup = lru_cache(_CACHED)(self._find)
        self._entry = lru_cache(_CACHED)(self._read_entry)
        self._id = lru_cache(_CACHED)(self._read_id)
        self.has_history = bool(self._rows("SELECT 1 FROM sqlite_master WHERE name = ?", "history"))

    @property
    def version(self) -> str:
        """The packages that the index was made from, with their versions."""
        return self._meta["version"]

    @property
    def licence(self) -> str:
        """Whose data it is, and under which licences."""
        return self._meta["licence"]

    def lookup(self, name: str) -> tuple[GazetteerEntry, ...]:
        """All places of this name: those spelt exactly so first, then the more populous.

        Case, accents, full stops and hyphens do not matter, except for abbreviations ("Kan.",
        "US"), which are found only as they are spelt.
        """
        return self._lookup(name)

    def entry(self, place: str) -> GazetteerEntry | None:
        """The place with this id (``"geonames-703448"``), if the gazetteer has it."""
        return self._entry(place)

    def names(self, place: str) -> tuple[str, ...]:
        """All spellings of the place with this id, its own name first; none if it is unknown."""
        record = self._record(place)
        if record is None:
            return ()
        return (record.name, *filter(None, f"{record.exact}|{record.alternates}".split("|")))

    def demonym(self, word: str) -> GazetteerEntry | None:
        """The place that an adjective or name of inhabitants belongs to: "Turkish", "Turks"."""
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            found = self._rows("SELECT place FROM demonym WHERE word = ?", form)
            if found:
                return self._entry(self._id(int(found[0][0])))
        return None

    def history(self, norm: str, first: str, last: str) -> tuple[tuple[str, NamePeriod], ...]:
        """The ids of the places that bore a name (normalised) from the day ``first`` to ``last``,
        with its time; see :mod:`testimonia.gazetteer.history`."""
        rows = self._rows(
            "SELECT place, name, begin, end, country, first, last FROM history WHERE norm = ?"
            " ORDER BY place, first",
            norm,
        )
        return tuple(
            (place, NamePeriod(name, begin, end, country))
            for place, name, begin, end, country, since, until in rows
            if since <= first and last <= until
        )

    # -- reading -------------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection, in this process: SQLite's must not cross a fork."""
        held = getattr(self._local, "held", None)
        if held is None or held[0] != os.getpid():
            uri = f"{self._path.as_uri()}?mode=ro&immutable=1"
            held = (os.getpid(), sqlite3.connect(uri, uri=True, check_same_thread=False))
            held[1].execute(f"PRAGMA mmap_size = {_MAPPED}")
            self._opened.append(held[1])
            self._local.held = held
        connection: sqlite3.Connection = held[1]
        return connection

    def _rows(self, statement: str, value: str | int) -> list[tuple[Any, ...]]:
        return self._connection().execute(statement, (value,)).fetchall()

    def _find(self, name: str) -> tuple[GazetteerEntry, ...]:
        records = [_Record(*row) for row in self._rows(_BY_NAME, normalise(name))]
        records = [one for one in records if not one.only_exact or one.spelt(name)]
        records.sort(key=lambda one: (not one.spelt(name), -one.population, one.key))
        return tuple(map(self._to_entry, records))

    def _read_entry(self, place: str) -> GazetteerEntry | None:
        record = self._record(place)
        return None if record is None else self._to_entry(record)

    def _record(self, place: str) -> _Record | None:
        number = place.removeprefix("geonames-")
        by_key = number != place and number.isascii() and number.isdigit()
        rows = self._rows(_BY_KEY, int(number)) if by_key else self._rows(_BY_ID, place)
        return _Record(*rows[0]) if rows else None

    def _read_id(self, key: int) -> str:
        if key > 0:
            return f"geonames-{key}"
        return str(self._rows("SELECT id FROM place WHERE key = ?", key)[0][0])

    def _to_entry(self, record: _Record) -> GazetteerEntry:
        return GazetteerEntry(
            self._id(record.key),
            record.name,
            record.latitude,
            record.longitude,
            record.feature,
            record.country,
            tuple(self._id(int(key)) for key in record.within.split()),
            record.population,
        )

    def _read_meta(self) -> dict[str, str]:
        try:
            rows = self._connection().execute("SELECT key, value FROM meta").fetchall()
        except sqlite3.Error as error:
            raise SettingsError(
                f"{self._path} is no gazetteer ({error}); build it: testimonia gazetteer build"
            ) from error
        meta: dict[str, str] = dict(rows)
        if meta.get("format") != FORMAT:
            raise SettingsError(
                f"the gazetteer {self._path} has format {meta.get('format')}, this version reads "
                f"{FORMAT}; build it again with: testimonia gazetteer build"
            )
        return meta


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
