"""IRIs that were published and are no more, by their paths under the base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from testimonia.catalog.database import Catalogued


class Retired(Catalogued):
    """The part of the record that holds retired IRIs."""

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

    def has_retired(self, within: str = "") -> bool:
        """Whether any IRI is no more whose path begins so."""
        query = "SELECT 1 FROM retired WHERE path >= ? AND path < ? LIMIT 1"
        return self._db.execute(query, (within, f"{within}\U0010ffff")).fetchone() is not None

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
