"""Foreign readers' answers, which cannot be made again."""

from __future__ import annotations

from testimonia.catalog.database import Catalogued, now


class Answers(Catalogued):
    """The part of the record that holds answers."""

    def answer(self, key: str) -> str | None:
        """The answer of a foreign reader that was kept under ``key``."""
        row = self._db.execute("SELECT answer FROM answer WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def keep_answer(self, key: str, extractor: str, answer: str) -> None:
        """Keep a foreign reader's answer in place of an older one."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                (key, extractor, answer, now()),
            )
