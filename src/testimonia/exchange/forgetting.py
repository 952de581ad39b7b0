"""Forgetting a document in the record: its bytes, text, metadata, names, and all that only it gave.

Which tables there are is asked of the record itself: whatever has a column ``document`` loses its
rows of the document, and whatever has ``text_hash`` those of its text, once no other document has
the same. Freed pages are overwritten (SQLite, PRAGMA secure_delete) and given back (VACUUM), and
the log is cut, so that no byte remains in the record's files.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from testimonia.catalog import FILE
from testimonia.catalog.comparisons import forget_compared
from testimonia.errors import ArchiveError
from testimonia.exchange.copies import Copy

_PATIENCE_SECONDS: Final = 15.0
# Shorter strings of an answer (names of fields, types) tell nothing about where they come from.
_TELLING: Final = 8
# A key of the table ``archive`` while the store still has to be made anew.
_UNFINISHED: Final = "forgetting"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting did not reach: ``copies`` that hold the document or may; ``generations`` of
    the store that somebody was reading; ``graphs`` of users that name it. ``decisions`` are the
    ids of those that went with the text, whose words they quote. ``store`` is the address of a
    store elsewhere, whose files nobody here can clean."""

    name: str
    copies: tuple[Copy, ...] = ()
    generations: tuple[Path, ...] = ()
    graphs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    store: str = ""


def forget(folder: Path, document: str) -> None:
    """Take the document out of the record in ``folder``; the store is to be made anew after.

    Raises:
        ArchiveError: another process kept the record from being cleaned.
    """
    with closing(_open(folder)) as record:
        original = _forget(record, document)
        if original is not None:
            (folder / "originals" / original[:2] / original).unlink(missing_ok=True)
        # Copies of the record from before it was brought to a newer version.
        for copy in folder.glob("catalog.before-version-*.sqlite*"):
            copy.unlink()
        _clean(record, folder)


def clean(folder: Path) -> None:
    """Clean the record of what was forgotten in it, after it was cut short.

    Raises:
        ArchiveError: another process keeps it from that.
    """
    with closing(_open(folder)) as record:
        _clean(record, folder)


def unfinished(folder: Path) -> bool:
    """Whether a document was forgotten in the record, and perhaps not in the store."""
    with closing(_open(folder)) as record:
        row = record.execute("SELECT 1 FROM archive WHERE key = ?", (_UNFINISHED,)).fetchone()
    return row is not None


def finished(folder: Path) -> None:
    """Note that nothing of what was forgotten is in the store."""
    with closing(_open(folder)) as record:
        record.execute("DELETE FROM archive WHERE key = ?", (_UNFINISHED,))


def _open(folder: Path) -> sqlite3.Connection:
    record = sqlite3.connect(folder / FILE, isolation_level=None, timeout=_PATIENCE_SECONDS)
    record.execute("PRAGMA secure_delete = ON")
    return record


def _forget(record: sqlite3.Connection, document: str) -> str | None:
    """One transaction. Returns the original that no other document has."""
    record.execute("BEGIN IMMEDIATE")
    try:
        query = "SELECT text_hash, original, name FROM document WHERE id = ?"
        text_hash, original, name = record.execute(query, (document,)).fetchone()
        content = _content(record, text_hash)
        for arrival in _column(record, "SELECT arrival FROM compared WHERE document = ?", document):
            forget_compared(record, arrival)
        entities = _column(record, "SELECT entity FROM identity WHERE document = ?", document)
        _forget_decisions(record, "decision.scope = ?", document)
        for table in _with_column(record, "document"):
            record.execute(f'DELETE FROM "{table}" WHERE document = ?', (document,))  # noqa: S608
        record.execute("DELETE FROM document WHERE id = ?", (document,))
        _forget_paths(record, f"document/{document}")
        if not _others(record, "name", name):
            record.execute("DELETE FROM outcome WHERE name = ?", (name,))
        if not _others(record, "text_hash", text_hash):
            _forget_decisions(record, "decision_target.text_hash = ?", text_hash)
            for table in _with_column(record, "text_hash"):
                record.execute(f'DELETE FROM "{table}" WHERE text_hash = ?', (text_hash,))  # noqa: S608
            _forget_signature(record, text_hash)
            record.execute("DELETE FROM text WHERE hash = ?", (text_hash,))
            _forget_answers(record, content)
        record.executemany(
            "DELETE FROM entity WHERE id = ? AND id NOT IN (SELECT entity FROM identity)",
            [(entity,) for entity in entities],
        )
        record.execute("INSERT OR REPLACE INTO archive VALUES (?, '1')", (_UNFINISHED,))
        shared = _others(record, "original", original) or _is_authoritys(record, original)
    except BaseException:
        record.execute("ROLLBACK")
        raise
    record.execute("COMMIT")
    return None if shared else str(original)


def _forget_decisions(record: sqlite3.Connection, condition: str, value: str) -> None:
    """Decisions quote the text that they are about, and so do their values and reasons."""
    query = (
        "SELECT DISTINCT number, id FROM decision"  # noqa: S608 - our own words
        f" JOIN decision_target ON decision_target.decision = number WHERE {condition}"
    )
    for number, id_ in record.execute(query, (value,)).fetchall():
        record.execute("DELETE FROM decision_effect WHERE decision = ?", (id_,))
        record.execute("DELETE FROM decision_target WHERE decision = ?", (number,))
        record.execute("DELETE FROM decision WHERE number = ?", (number,))


def _forget_signature(record: sqlite3.Connection, text_hash: str) -> None:
    """What tells reprints of the text."""
    which = "(SELECT id FROM signature WHERE text = ?)"
    record.execute(f"DELETE FROM band WHERE signature IN {which}", (text_hash,))  # noqa: S608
    record.execute("DELETE FROM signature WHERE text = ?", (text_hash,))


def _forget_paths(record: sqlite3.Connection, path: str) -> None:
    """IRIs of the document that were retired before."""
    if "retired" in _with_column(record, "path"):
        query = "DELETE FROM retired WHERE path = ? OR path LIKE ? OR successor LIKE ?"
        record.execute(query, (path, f"{path}/%", f"{path}/%"))


def _content(record: sqlite3.Connection, text_hash: str) -> str:
    row = record.execute("SELECT content FROM text WHERE hash = ?", (text_hash,)).fetchone()
    return str(row[0]) if row else ""


def _column(record: sqlite3.Connection, query: str, value: str) -> list[Any]:
    return [row[0] for row in record.execute(query, (value,))]


def _others(record: sqlite3.Connection, column: str, value: str) -> bool:
    """Whether a document that is left has the same."""
    query = f"SELECT 1 FROM document WHERE {column} = ? LIMIT 1"  # noqa: S608 - our own words
    return record.execute(query, (value,)).fetchone() is not None


def _is_authoritys(record: sqlite3.Connection, original: str) -> bool:
    query = "SELECT 1 FROM authority_file WHERE original = ? LIMIT 1"
    return record.execute(query, (original,)).fetchone() is not None


def _with_column(record: sqlite3.Connection, column: str) -> list[str]:
    query = (
        "SELECT s.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c"
        " WHERE s.type = 'table' AND s.name != 'document' AND c.name = ?"
    )
    return _column(record, query, column)


def _forget_answers(record: sqlite3.Connection, content: str) -> None:
    """Answers of foreign readers are kept by a key that does not tell the text, but they quote
    it: those go that quote this text, where no text that is left has those words too."""
    with suppress(sqlite3.OperationalError):  # nobody was ever asked
        for key, answer in record.execute("SELECT key, answer FROM answer").fetchall():
            quoted = [each for each in _strings(answer) if each in content]
            if quoted and not _all_elsewhere(record, quoted):
                record.execute("DELETE FROM answer WHERE key = ?", (key,))


def _strings(answer: str) -> Iterator[str]:
    try:
        inside: list[Any] = [json.loads(answer)]
    except ValueError:
        inside = [answer]
    while inside:
        value = inside.pop()
        if isinstance(value, str) and len(value) >= _TELLING:
            yield value
        elif isinstance(value, dict):
            inside += value.values()
        elif isinstance(value, list):
            inside += value


def _all_elsewhere(record: sqlite3.Connection, quoted: Collection[str]) -> bool:
    tests = " AND ".join("instr(content, ?)" for _ in quoted)
    query = f"SELECT 1 FROM text WHERE {tests} LIMIT 1"  # noqa: S608 - placeholders
    return record.execute(query, tuple(quoted)).fetchone() is not None


def _clean(record: sqlite3.Connection, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    record.execute("VACUUM")
    while True:
        busy, *_ = record.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        if time.monotonic() > until:
            raise ArchiveError(
                f"{folder / FILE} is being read, and its log cannot be cut: run `testimonia forget`"
                " again when nobody reads it"
            )
        time.sleep(0.1)
