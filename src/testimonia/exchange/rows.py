"""The record's tables as JSON lines, whichever tables and columns it has.

The first line of a table names its columns, each further line is a row. Rows come in the order in
which they were made, so that written and read again they give the same lines. What is not the
archive's content stays out: jobs, and where copies of it lie.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from testimonia.errors import ArchiveError

Value = str | int | float | bytes | None

LOCAL: Final = frozenset({"job", "job_outcome", "copy", "watched"})
# Settings that say where this archive keeps its graph; no copy writes there.
LOCAL_SETTINGS: Final = ("store", "store_id")
# A catalog makes this table with the first answer.
ANSWERS: Final = (
    "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, extractor TEXT NOT NULL,"
    " answer TEXT NOT NULL, received TEXT NOT NULL) STRICT"
)
_BYTES: Final = "base64"


def tables(record: sqlite3.Connection) -> tuple[str, ...]:
    """The names of the tables that hold content, sorted."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    return tuple(sorted(name for (name,) in record.execute(query) if name not in LOCAL))


def write(record: sqlite3.Connection, table: str, output: BinaryIO) -> None:
    """All rows of one table."""
    columns = _columns(record, table)
    output.write(_line(list(columns)))
    for row in record.execute(_selection(record, table, columns)):
        output.write(_line([_written(value) for value in row]))


def read(record: sqlite3.Connection, table: str, lines: Iterable[bytes]) -> None:
    """Put the rows that ``write`` wrote in the place of those there; columns
    that they do not name keep their defaults.

    Raises:
        ArchiveError: there is no such table or column here, or the lines are no rows.
    """
    try:
        rows = (json.loads(line) for line in lines)
        columns: list[str] = next(rows, [])
        known = _columns(record, table)
        if not known or not {*columns} <= {*known} or not all(isinstance(c, str) for c in columns):
            raise ArchiveError(
                f"the table {table!r} has columns that this software does not know; it was"
                " exported by a newer Testimonia"
            )
        record.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of the schema
        places = ", ".join("?" * len(columns))
        names = ", ".join(f'"{column}"' for column in columns)
        record.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608
            (list(map(_read, row)) for row in rows),
        )
    except (ValueError, TypeError, sqlite3.Error) as error:
        raise ArchiveError(f"the table {table!r} of the export cannot be read: {error}") from error


def _columns(record: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(
        name for (name,) in record.execute("SELECT name FROM pragma_table_info(?)", (table,))
    )


def _selection(record: sqlite3.Connection, table: str, columns: Iterable[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    found = record.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
    order = names if found and found[0] else "rowid"
    local = ", ".join(f"'{key}'" for key in LOCAL_SETTINGS)
    where = f" WHERE key NOT IN ({local})" if table == "archive" else ""
    return f'SELECT {names} FROM "{table}"{where} ORDER BY {order}'  # noqa: S608 - names of the schema


def _line(values: list[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _written(value: Value) -> object:
    return {_BYTES: base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _read(value: object) -> object:
    return base64.b64decode(value[_BYTES]) if isinstance(value, dict) else value


def lines(opened: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, without empty ones."""
    return (line for line in opened if line.strip())
