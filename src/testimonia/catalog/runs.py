"""Runs of the software, and what became of each source in them."""

from __future__ import annotations

from testimonia.catalog.database import Catalogued, now, printable
from testimonia.model import Run


class Runs(Catalogued):
    """The part of the record that holds runs."""

    def begin(self, run: Run) -> None:
        """Record that a run has begun."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO run (id, started, ended, extractor, settings) VALUES (?, ?, ?, ?, ?)",
                (run.id, run.started, run.ended, run.extractor, run.settings),
            )

    def end(self, run: str, ended: str) -> None:
        """Record that a run has come to its end."""
        with self._transaction() as db:
            db.execute("UPDATE run SET ended = ? WHERE id = ?", (ended, run))

    def cut_short(self) -> list[Run]:
        """Runs that never came to their end, and of which this was not known: those of processes
        that were killed, for the one who has the lock."""
        rows = self._db.execute(
            "SELECT id, started, ended, extractor, settings FROM run"
            " WHERE ended IS NULL AND interrupted IS NULL ORDER BY rowid"
        )
        return [Run(*row) for row in rows.fetchall()]

    def note_cut_short(self, run: str) -> None:
        """Record that a run was found not to have come to its end."""
        with self._transaction() as db:
            db.execute("UPDATE run SET interrupted = ? WHERE id = ?", (now(), run))

    def note(self, run: str, name: str, document: str | None, result: str, message: str) -> None:
        """Record what became of one source in a run."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
                (run, printable(name), document, result, printable(message)),
            )
