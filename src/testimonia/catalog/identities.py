"""Identities: which canonical entity each local one is, and the label of each canonical one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from testimonia.catalog.database import Catalogued


class Identities(Catalogued):
    """The part of the record that holds identities."""

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

    def labels(self, entities: Iterable[str]) -> dict[str, str]:
        """The labels of those canonical ids that have one."""
        wanted = json.dumps(list(entities))
        query = "SELECT id, label FROM entity WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._db.execute(query, (wanted,)).fetchall())

    def has_entity(self, entity: str) -> bool:
        """Whether a canonical id was ever given."""
        return self.label(entity) is not None
