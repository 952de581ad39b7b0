"""The file of the record: made, opened, brought to this version, copied."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from testimonia.catalog import migrations
from testimonia.errors import ArchiveError, StoreError

FILE = "catalog.sqlite"
_UNFINISHED = f"{FILE}.new"
_APPLICATION = 0x54535431  # "TST1", in the header of the file (SQLite, PRAGMA application_id)


class Catalogued:
    """What every part of the record shares: the file, and transactions in it."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._db = connection

    @classmethod
    def create(cls, folder: Path, base_iri: str) -> Self:
        """A new record in ``folder``, which is made.

        Raises:
            ArchiveError: the folder holds something else, or cannot be written.
        """
        unfinished = folder / _UNFINISHED
        try:
            if folder.exists() and not folder.is_dir():
                raise ArchiveError(_why_no_archive(folder))
            folder.mkdir(parents=True, exist_ok=True)
            if any(not _is_beginning(each) for each in folder.iterdir()):
                raise ArchiveError(
                    f"{folder} is not empty and is no archive; name another folder with --archive"
                )
            unfinished.unlink(missing_ok=True)  # of a process that was killed while making it
            new = sqlite3.connect(unfinished, isolation_level=None)
            try:
                migrations.apply(new, base_iri=base_iri, application=_APPLICATION)
            finally:
                new.close()
            (folder / "originals").mkdir(exist_ok=True)
            unfinished.replace(folder / FILE)
            connection = _prepared(_connect(folder / FILE))
        except (OSError, sqlite3.Error) as error:
            raise ArchiveError(f"cannot make an archive in {folder}: {error}") from error
        return cls(folder, connection)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The record of the archive in ``folder``; one of an older version is brought to this one,
        after a copy of it was put beside it (``catalog.before-version-N.sqlite``).

        Raises:
            ArchiveError: there is none, it is something else, or of a newer version, or it is of
                an older one and cannot be changed.
        """
        file = folder / FILE
        try:
            if not file.is_file():
                raise ArchiveError(_why_no_archive(folder))
            connection = _connect(file)
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = migrations.version_of(connection)
        except (OSError, sqlite3.Error) as error:
            raise _unreadable(file, error) from error
        if application != _APPLICATION:
            connection.close()
            raise ArchiveError(f"{file} is a database of something else, not an archive's record")
        if version > migrations.VERSION:
            connection.close()
            raise ArchiveError(
                f"{folder} was made by a newer Testimonia (its record has version {version}, this "
                f"software knows {migrations.VERSION}): install the newer one to open it"
            )
        try:
            _prepared(connection)
        except sqlite3.Error as error:
            connection.close()
            raise _unreadable(file, error) from error
        if version < migrations.VERSION:
            migrations.bring_up(connection, file)
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
        shutil.copytree(
            self._folder / "originals", folder / "originals", ignore=shutil.ignore_patterns("*.tmp")
        )

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
            # What was stored has other IRIs now: its digests say nothing any more.
            db.execute(
                "UPDATE document SET report = replace(report, ?, ?), graph_digest = ''",
                (old, base_iri),
            )

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
        """All or nothing, and on disk after.

        Raises:
            StoreError: the disk refused.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk has rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise StoreError(cannot_write(self._folder, error)) from error

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A part of the transaction that is under way, else one of its own."""
        if self._db.in_transaction:
            yield self._db
            return
        with self._transaction() as db:
            yield db

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several changes of the record that are made together or not at all.

        Raises:
            StoreError: the disk refused.
        """
        with self._changing():
            yield


def cannot_write(folder: Path, error: Exception) -> str:
    """What to tell of a record that the disk does not take."""
    return (
        f"the record in {folder} could not be written: {error}; nothing is lost: make room or give"
        " access, then go on with `testimonia ingest --resume`"
    )


def printable(name: str) -> str:
    """A name as it can be kept: what no character stands for (bytes of a file's name that are no
    UTF-8) is spelt out."""
    return name.encode("utf-8", "backslashreplace").decode()


def now() -> str:
    """The time of day, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_beginning(path: Path) -> bool:
    """Whether this is what a process left that was killed while it made an archive."""
    if path.name == "originals":
        return path.is_dir() and not any(path.iterdir())
    return path.name.startswith(_UNFINISHED)


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
