"""The archive's record: original bytes, frozen texts, metadata, runs, outcomes, identities.

The record is what cannot be made again; the graph is derived from it. It is one SQLite file in
WAL mode with full synchronisation, and the original bytes beside it, content-addressed. Order of
effects: bytes and rows are durable before anything is written to the store, and a document is
marked as stored only after the store has been flushed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from testimonia.errors import ArchiveError
from testimonia.model import Document, Metadata, Run, Text

FILE = "catalog.sqlite"
_APPLICATION = 0x54535431  # "TST1", in the header of the file (SQLite, PRAGMA application_id)
_VERSION = 1
_SCHEMA = """
CREATE TABLE archive (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE text (hash TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
CREATE TABLE document (
    id TEXT PRIMARY KEY,
    text_hash TEXT NOT NULL REFERENCES text (hash),
    original TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    metadata TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recorded', 'stored', 'rejected', 'removed')),
    fingerprint TEXT NOT NULL DEFAULT '',
    run TEXT,
    report TEXT
) STRICT;
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    extractor TEXT NOT NULL,
    settings TEXT NOT NULL
) STRICT;
CREATE TABLE outcome (
    run TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    document TEXT,
    result TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE TABLE entity (id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL) STRICT;
CREATE TABLE identity (
    document TEXT NOT NULL REFERENCES document (id),
    key TEXT NOT NULL,
    entity TEXT NOT NULL REFERENCES entity (id),
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_entity ON identity (entity);
"""
# Not in the schema above: archives made before it are of the same version, since nothing that an
# older Testimonia does depends on it.
_ANSWERS = """
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY,
    extractor TEXT NOT NULL,
    answer TEXT NOT NULL,
    received TEXT NOT NULL
) STRICT
"""
# Paths under the base of IRIs that were published and are no more. Older software ignores it.
_RETIRED = """
CREATE TABLE IF NOT EXISTS retired (path TEXT PRIMARY KEY, successor TEXT) STRICT, WITHOUT ROWID
"""


class State(StrEnum):
    """Where a document stands."""

    RECORDED = "recorded"  # bytes and text are kept; no graph yet, or its writing was cut short
    STORED = "stored"
    REJECTED = "rejected"  # its graph did not conform
    REMOVED = "removed"  # taken out of the graph; the record stays


@dataclass(frozen=True, slots=True)
class Record:
    """One document as the catalog has it; ``fingerprint`` tells what its stored graph was derived
    from and by, so that equal fingerprints mean equal graphs."""

    id: str
    text_hash: str
    name: str
    media_type: str
    encoding: str | None
    metadata: Metadata
    added: str
    state: State
    fingerprint: str
    run: str | None
    report: str | None


class Catalog:
    """The record of one archive. One process writes; others may read meanwhile."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._db = connection

    # ----------------------------------------------------------------------- opening

    @classmethod
    def create(cls, folder: Path, base_iri: str) -> Self:
        """A new record in ``folder``, which is made.

        Raises:
            ArchiveError: the folder holds something else, or cannot be written.
        """
        try:
            if folder.exists() and not folder.is_dir():
                raise ArchiveError(_why_no_archive(folder))
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise ArchiveError(
                    f"{folder} is not empty and is no archive; name another folder with --archive"
                )
            catalog = cls(folder, _prepared(_connect(folder / FILE)))
        except (OSError, sqlite3.Error) as error:
            raise ArchiveError(f"cannot make an archive in {folder}: {error}") from error
        with catalog._transaction() as db:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(_RETIRED)
            db.execute("INSERT INTO archive VALUES ('base_iri', ?)", (base_iri,))
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {_VERSION}")
        (folder / "originals").mkdir()
        return catalog

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The record of the archive in ``folder``.

        Raises:
            ArchiveError: there is none, it is something else, or of a newer version.
        """
        file = folder / FILE
        try:
            if not file.is_file():
                raise ArchiveError(_why_no_archive(folder))
            connection = _connect(file)
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except (OSError, sqlite3.Error) as error:
            raise _unreadable(file, error) from error
        if application != _APPLICATION:
            connection.close()
            raise ArchiveError(f"{file} is a database of something else, not an archive's record")
        if version > _VERSION:
            connection.close()
            raise ArchiveError(
                f"{folder} was made by a newer Testimonia (its record has version {version}, this "
                f"software knows {_VERSION}): install the newer one to open it"
            )
        try:
            _prepared(connection).execute(_RETIRED)
        except sqlite3.Error as error:
            connection.close()
            raise _unreadable(file, error) from error
        return cls(folder, connection)

    def close(self) -> None:
        """Close the file; the object is of no use after."""
        self._db.close()

    def copy_to(self, folder: Path) -> None:
        """A consistent copy of the record in ``folder``, original bytes included."""
        target = sqlite3.connect(folder / FILE)
        try:
            self._db.backup(target)
        finally:
            target.close()
        shutil.copytree(self._folder / "originals", folder / "originals")

    @property
    def base_iri(self) -> str:
        """What all IRIs of this archive begin with."""
        (value,) = self._db.execute("SELECT value FROM archive WHERE key = 'base_iri'").fetchone()
        return str(value)

    def rebase(self, base_iri: str) -> None:
        """Let all IRIs begin with another base; the record itself keeps kinds and ids alone."""
        old = self.base_iri
        with self._transaction() as db:
            db.execute("UPDATE archive SET value = ? WHERE key = 'base_iri'", (base_iri,))
            db.execute("UPDATE document SET report = replace(report, ?, ?)", (old, base_iri))

    def setting(self, key: str) -> str | None:
        """What this archive has set for itself under ``key``."""
        row = self._db.execute("SELECT value FROM archive WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def keep_setting(self, key: str, value: str) -> None:
        """Set something for this archive, whoever opens it."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO archive VALUES (?, ?)", (key, value))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --------------------------------------------------------------------- documents

    def keep(self, data: bytes, document: Document, name: str) -> None:
        """Keep a document's bytes, text and metadata, durably; what is there already stays.

        Metadata that is stated anew replaces what was stated before, key by key.
        """
        original = self._keep_original(data)
        text = document.text
        known = self.document(document.id)
        metadata = merged(known.metadata, text.metadata) if known else text.metadata
        with self._transaction() as db:
            db.execute(
                "INSERT INTO text VALUES (?, ?) ON CONFLICT DO NOTHING",
                (document.text_hash, text.content),
            )
            db.execute(
                "INSERT INTO document (id, text_hash, original, name, media_type, encoding,"
                " metadata, added, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'recorded')"
                " ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata",
                (
                    document.id,
                    document.text_hash,
                    original,
                    name,
                    text.media_type,
                    text.encoding,
                    _written(metadata),
                    _now(),
                ),
            )

    def restate(self, document: str, metadata: Metadata) -> None:
        """Replace what is stated about a document."""
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET metadata = ? WHERE id = ?", (_written(metadata), document)
            )

    def _keep_original(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        target = self.original(name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(target)
            _sync_folder(target.parent)
        return name

    def original(self, sha256: str) -> Path:
        """Where the bytes of this hash are, or would be, kept."""
        return self._folder / "originals" / sha256[:2] / sha256

    def document(self, document: str) -> Record | None:
        """The record of one document."""
        found = self._records("WHERE id = ?", document)
        return next(found, None)

    def documents(self, state: State | None = None) -> Iterator[Record]:
        """All documents (of one state), in the order of their arrival."""
        if state is None:
            return self._records("ORDER BY rowid")
        return self._records("WHERE state = ? ORDER BY rowid", state)

    def _records(self, clause: str, *values: str) -> Iterator[Record]:
        columns = [each.name for each in fields(Record)]
        query = f"SELECT {', '.join(columns)} FROM document {clause}"  # noqa: S608 - our own words
        for row in self._db.execute(query, values).fetchall():
            found = dict(zip(columns, row, strict=True))
            yield Record(
                **{
                    **found,
                    "metadata": _read(found["metadata"]),
                    "state": State(found["state"]),
                }
            )

    def text(self, record: Record) -> Document:
        """The document itself, from the record alone."""
        (content,) = self._db.execute(
            "SELECT content FROM text WHERE hash = ?", (record.text_hash,)
        ).fetchone()
        text = Text(content, record.metadata, record.media_type, record.encoding)
        return Document(record.id, record.text_hash, text)

    # ------------------------------------------------------------------ runs, outcomes

    def begin(self, run: Run) -> None:
        """Record that a run has begun."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO run VALUES (?, ?, ?, ?, ?)",
                (run.id, run.started, run.ended, run.extractor, run.settings),
            )

    def end(self, run: str, ended: str) -> None:
        """Record that a run has ended."""
        with self._transaction() as db:
            db.execute("UPDATE run SET ended = ? WHERE id = ?", (ended, run))

    def note(self, run: str, name: str, document: str | None, result: str, message: str) -> None:
        """Record what became of one source in a run."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
                (run, name, document, result, message),
            )

    def mark_stored(self, fingerprints: dict[str, str], run: str) -> None:
        """Mark documents as stored; only after the store has been flushed."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE document SET state = 'stored', fingerprint = ?, run = ?, report = NULL"
                " WHERE id = ?",
                [(fingerprint, run, document) for document, fingerprint in fingerprints.items()],
            )

    def mark_rejected(self, document: str, fingerprint: str, run: str, report: str) -> None:
        """Mark a document as rejected and keep the report that says why."""
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET state = 'rejected', fingerprint = ?, run = ?, report = ?"
                " WHERE id = ?",
                (fingerprint, run, report, document),
            )

    def mark_undone(self, document: str, state: State = State.RECORDED) -> None:
        """Forget that a document was stored (or say that it was removed)."""
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET state = ?, fingerprint = '', run = NULL WHERE id = ?",
                (state, document),
            )

    # ------------------------------------------------------------- foreign readers' answers

    def answer(self, key: str) -> str | None:
        """The answer of a foreign reader that was kept under ``key``."""
        try:
            query = "SELECT answer FROM answer WHERE key = ?"
            row = self._db.execute(query, (key,)).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return None
        return str(row[0]) if row else None

    def keep_answer(self, key: str, extractor: str, answer: str) -> None:
        """Keep a foreign reader's answer, which cannot be made again, in place of an older one."""
        with self._transaction() as db:
            db.execute(_ANSWERS)
            db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                (key, extractor, answer, _now()),
            )

    # ---------------------------------------------------------------------- identities

    def identities(self, document: str) -> dict[str, str]:
        """Local key to canonical id, of one document."""
        rows = self._db.execute("SELECT key, entity FROM identity WHERE document = ?", (document,))
        return dict(rows.fetchall())

    def identify(
        self,
        document: str,
        canonical: Mapping[str, str],
        labels: Mapping[str, tuple[str, str]],
    ) -> None:
        """Replace a document's identities; ``labels`` gives (kind, label) of canonical ids, and a
        label once given to an id stays."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO entity VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(entity, kind, label) for entity, (kind, label) in labels.items()],
            )
            db.execute("DELETE FROM identity WHERE document = ?", (document,))
            db.executemany(
                "INSERT INTO identity VALUES (?, ?, ?)",
                [(document, key, entity) for key, entity in canonical.items()],
            )

    def label(self, entity: str) -> str | None:
        """The one label of a canonical id."""
        row = self._db.execute("SELECT label FROM entity WHERE id = ?", (entity,)).fetchone()
        return row[0] if row else None

    def has_entity(self, entity: str) -> bool:
        """Whether a canonical id was ever given."""
        return self.label(entity) is not None

    # ------------------------------------------------------------------ IRIs that are no more

    def retire(self, gone: Mapping[str, str | None], *, back: Iterable[str] = ()) -> None:
        """Record that the IRIs with these paths are no more, and what replaced each (or nothing);
        those in ``back`` are there again."""
        with self._transaction() as db:
            db.executemany("DELETE FROM retired WHERE path = ?", [(path,) for path in back])
            db.executemany(
                "INSERT INTO retired VALUES (?, ?)"
                " ON CONFLICT (path) DO UPDATE SET successor = excluded.successor",
                list(gone.items()),
            )

    def has_retired(self) -> bool:
        """Whether any IRI is no more."""
        return self._db.execute("SELECT 1 FROM retired LIMIT 1").fetchone() is not None

    def retired(self, path: str) -> str | None:
        """The path of what replaced a retired IRI in the end; empty where nothing did, ``None``
        where the IRI was never retired."""
        found: str | None = None
        seen: set[str] = set()
        while path not in seen:
            seen.add(path)
            row = self._db.execute(
                "SELECT successor FROM retired WHERE path = ?", (path,)
            ).fetchone()
            if row is None:
                return found
            if row[0] is None:
                return ""
            found = path = row[0]
        return ""


# ------------------------------------------------------------------------------- helpers


def merged(known: Metadata, stated: Metadata) -> Metadata:
    """What is known, with what is stated anew in its place."""
    new = {key: value for key, value in _dict(stated).items() if value and key != "origins"}
    values = {**_dict(known), **new}
    values["origins"] = {**known.origins, **stated.origins}
    return _metadata(values)


def _dict(metadata: Metadata) -> dict[str, object]:
    values = {each.name: getattr(metadata, each.name) for each in fields(metadata)}
    return {**values, "origins": dict(metadata.origins)}


def _metadata(values: dict[str, object]) -> Metadata:
    creators = values.get("creator") or ()
    values["creator"] = tuple(creators) if isinstance(creators, list | tuple) else (creators,)
    return Metadata(**values)  # type: ignore[arg-type]


def _written(metadata: Metadata) -> str:
    return json.dumps(_dict(metadata), ensure_ascii=False, sort_keys=True)


def _read(written: str) -> Metadata:
    return _metadata(json.loads(written))


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=30, check_same_thread=False)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Only for what is known to be a record: the journal mode is written into the file."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _unreadable(file: Path, error: OSError | sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one of an extended code
    forbidden = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    if isinstance(error, PermissionError) or code in forbidden:
        return ArchiveError(
            f"{file} may not be read and written ({error}): check the access rights of its folder"
        )
    return ArchiveError(f"{file} cannot be read as an archive's record: {error}")


def _why_no_archive(folder: Path) -> str:
    if not folder.exists():
        return (
            f"no archive at {folder}: make one with `testimonia ingest PATH --archive {folder}`, "
            "or name another with --archive"
        )
    if not folder.is_dir():
        return f"{folder} is a file, not an archive; name another place with --archive"
    return f"{folder} is a folder but not an archive: it has no {FILE}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
