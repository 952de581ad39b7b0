"""The copies of an archive that were made: backups, packages. What is forgotten is still in them.

They are noted in the record, in a table that no copy has.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from testimonia.catalog import FILE

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS copy (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, made TEXT NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: ``kind`` is ``backup``, ``archive`` or ``ro-crate``; ``made`` is in UTC."""

    path: Path
    kind: str
    made: str


def note(folder: Path, path: Path, kind: str) -> None:
    """Note that a copy of the archive in ``folder`` was made."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with _open(folder) as record:
        row = (str(path.absolute()), kind, made)
        record.execute("INSERT OR REPLACE INTO copy VALUES (?, ?, ?)", row)


def all_of(folder: Path) -> tuple[Copy, ...]:
    """All that were made, the oldest first."""
    with _open(folder) as record:
        rows = record.execute("SELECT path, kind, made FROM copy ORDER BY made, path").fetchall()
    return tuple(Copy(Path(path), kind, made) for path, kind, made in rows)


def holding(folder: Path, document: str, added: str) -> tuple[Copy, ...]:
    """The copies that hold a document, or may: those that are not where they were made count by
    their date."""
    return tuple(copy for copy in all_of(folder) if _holds(copy, document, added))


@contextmanager
def _open(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None, timeout=30)) as record:
        record.execute(_TABLE)
        yield record


def _holds(copy: Copy, document: str, added: str) -> bool:
    try:
        match copy.kind:
            case "backup":
                return _in_record(copy.path / FILE, document)
            case "archive":
                return document.encode() in _file(copy.path, "record/document.jsonl")
            case _:
                return document.encode() in _file(copy.path, "ro-crate-metadata.json")
    except (OSError, KeyError, zipfile.BadZipFile, sqlite3.Error):
        return copy.made >= added  # both are ISO 8601 in UTC, to the second


def _in_record(file: Path, document: str) -> bool:
    uri = f"{file.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as record:
        found = record.execute("SELECT 1 FROM document WHERE id = ?", (document,)).fetchone()
    return found is not None


def _file(path: Path, name: str) -> bytes:
    if path.is_dir():
        return (path / name).read_bytes()
    with zipfile.ZipFile(path) as package:
        return package.read(name)
