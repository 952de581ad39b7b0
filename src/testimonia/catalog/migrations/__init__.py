"""The schema of the record, as the steps that led to it: ``0001.sql``, ``0002.sql`` and so on.

A step that was released is never changed: a new one is added. Each is one transaction, and the
version that the file's header tells (SQLite, PRAGMA user_version) is the last step it took. A new
record takes them all, so that there is one way to each schema.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

from testimonia.errors import ArchiveError

STEPS: tuple[str, ...] = tuple(
    step.read_text("utf-8")
    for step in sorted(files(__name__).iterdir(), key=lambda each: each.name)
    if step.name.endswith(".sql")
)
VERSION = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of a record."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def apply(
    connection: sqlite3.Connection, *, base_iri: str | None = None, application: int | None = None
) -> None:
    """Take every step that a record has not taken; a new one is told its base IRI and that it is
    Testimonia's.

    Raises:
        sqlite3.Error: a step failed; those before it stay.
    """
    # A table that others refer to can only be made anew with this off, outside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        while version_of(connection) < VERSION:
            _take_next(connection, base_iri, application)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def bring_up(connection: sqlite3.Connection, file: Path) -> None:
    """Bring the record in ``file`` to this version, after a copy was put beside it.

    Raises:
        ArchiveError: the copy or a step failed; the record is as it was before that step.
    """
    copy = file.with_name(f"{file.stem}.before-version-{VERSION}{file.suffix}")
    try:
        _copy(connection, copy)
        apply(connection)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        raise ArchiveError(
            f"{file} is of an older version and cannot be brought to version {VERSION}: {error};"
            " make room and give write access, then try again"
        ) from error


def _take_next(
    connection: sqlite3.Connection, base_iri: str | None, application: int | None
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        taken = version_of(connection)  # again: another process may have been faster
        if taken < VERSION:
            for statement in STEPS[taken].split(";"):
                connection.execute(statement)
            if taken == 0 and base_iri is not None:
                connection.execute("INSERT INTO archive VALUES ('base_iri', ?)", (base_iri,))
                connection.execute(f"PRAGMA application_id = {application}")
            _require_whole(connection)
            connection.execute(f"PRAGMA user_version = {taken + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _require_whole(connection: sqlite3.Connection) -> None:
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError(f"a row of {broken[0]} has lost what it refers to")


def _copy(connection: sqlite3.Connection, copy: Path) -> None:
    """A whole copy or none; one of an earlier attempt is written over."""
    unfinished = copy.with_name(copy.name + ".tmp")
    unfinished.unlink(missing_ok=True)
    target = sqlite3.connect(unfinished)
    try:
        # Its own journal mode is the source's; a single file is what a copy should be.
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
    unfinished.replace(copy)
