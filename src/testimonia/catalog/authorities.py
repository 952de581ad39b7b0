"""Authority files: the bytes as they came, what they are called, and whether all is stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testimonia.catalog import originals
from testimonia.catalog.database import Catalogued, now, printable

# A life or a body is told from its namesakes by the years of the documents about it; of one that is
# everywhere so many tell enough.
_MOST_DOCUMENTS = 1000


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of an authority: its name, its bytes' SHA-256, its form and how it is read."""

    name: str
    original: str
    format: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority as it was loaded last; ``complete``: its graph is that of its files."""

    name: str
    licence: str
    loaded: str
    complete: bool
    files: tuple[KeptFile, ...]


class AuthorityFiles(Catalogued):
    """The part of the record that holds authority files."""

    def keep_file(self, path: Path) -> str:
        """Keep a file's bytes, durably. Returns their SHA-256.

        Raises:
            StoreError: the disk refused.
            OSError: the file cannot be read.
        """
        return originals.keep_file(self._folder, path)

    def authorities(self) -> tuple[Authority, ...]:
        """All, by their names."""
        rows = self._db.execute("SELECT * FROM authority ORDER BY name").fetchall()
        return tuple(
            Authority(name, licence, loaded, bool(complete), self._files(name))
            for name, licence, loaded, complete in rows
        )

    def begin_authority(self, name: str, licence: str, files: Sequence[KeptFile]) -> None:
        """Record what is to be the authority of this name from now on; not yet stored."""
        with self._transaction() as db:
            _forget(db, name)
            db.execute("INSERT INTO authority VALUES (?, ?, ?, 0)", (name, licence, now()))
            rows = [
                (name, at, printable(each.name), each.original, each.format, _written(each))
                for at, each in enumerate(files)
            ]
            db.executemany("INSERT INTO authority_file VALUES (?, ?, ?, ?, ?, ?)", rows)

    def complete_authority(self, name: str) -> None:
        """Mark an authority as stored, links and all."""
        with self._transaction() as db:
            db.execute("UPDATE authority SET complete = 1 WHERE name = ?", (name,))

    def outdate_authority(self, name: str) -> None:
        """Mark an authority as one that is not wholly stored, or has to go."""
        with self._transaction() as db:
            db.execute("UPDATE authority SET complete = 0 WHERE name = ?", (name,))

    def drop_authority(self, name: str) -> None:
        """Take an authority out of the record; bytes that nothing else has go too."""
        gone = [each.original for each in self._files(name)]
        with self._transaction() as db:
            _forget(db, name)
        for original in gone:
            if not self._is_used(original):
                originals.place(self._folder, original).unlink(missing_ok=True)

    def years_of(self, entity: str) -> tuple[int, int] | None:
        """The first and the last year in which documents about an entity (by its path) were
        issued; of many documents those with the first ids are looked at."""
        row = self._db.execute(
            "SELECT MIN(year), MAX(year) FROM (SELECT"
            " CAST(substr(json_extract(d.metadata, '$.issued'), 1, 4) AS INTEGER) AS year"
            " FROM (SELECT DISTINCT document FROM identity WHERE entity = ?"
            " ORDER BY document LIMIT ?) AS about JOIN document d ON d.id = about.document"
            " WHERE json_extract(d.metadata, '$.issued') IS NOT NULL)",
            (entity, _MOST_DOCUMENTS),
        ).fetchone()
        return (int(row[0]), int(row[1])) if row[0] else None

    def _files(self, name: str) -> tuple[KeptFile, ...]:
        rows = self._db.execute(
            "SELECT name, original, format, parameters FROM authority_file WHERE authority = ?"
            " ORDER BY position",
            (name,),
        )
        return tuple(
            KeptFile(called, original, format_, json.loads(parameters))
            for called, original, format_, parameters in rows.fetchall()
        )

    def _is_used(self, original: str) -> bool:
        return any(
            self._db.execute(f"SELECT 1 FROM {table} WHERE original = ?", (original,)).fetchone()  # noqa: S608
            for table in ("document", "authority_file")
        )


def _forget(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM authority_file WHERE authority = ?", (name,))
    db.execute("DELETE FROM authority WHERE name = ?", (name,))


def _written(file: KeptFile) -> str:
    return json.dumps(file.parameters, ensure_ascii=False, sort_keys=True)
