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

    def own_identities(self, document: str) -> dict[str, str]:
        """Local key to the canonical id that linking by itself gave, where people decided
        otherwise."""
        query = "SELECT key, entity FROM own_identity WHERE document = ?"
        return dict(self._db.execute(query, (document,)).fetchall())

    def reidentify(
        self, document: str, canonical: Mapping[str, str], own: Mapping[str, str]
    ) -> None:
        """Let some of a document's local keys be of other canonical ids, as people decided; ``own``
        is what linking by itself says of all that they decided on."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE identity SET entity = ? WHERE document = ? AND key = ?",
                [(entity, document, key) for key, entity in canonical.items()],
            )
            db.execute("DELETE FROM own_identity WHERE document = ?", (document,))
            db.executemany(
                "INSERT INTO own_identity VALUES (?, ?, ?)",
                [(document, key, entity) for key, entity in own.items()],
            )

    def age(self, entity: str) -> int | None:
        """How early a canonical id was given, counted up; ``None`` where it never was."""
        row = self._db.execute("SELECT rowid FROM entity WHERE id = ?", (entity,)).fetchone()
        return int(row[0]) if row else None

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

    def relabel(self, entity: str, label: str) -> None:
        """Give a canonical id a better label."""
        with self._transaction() as db:
            db.execute("UPDATE entity SET label = ? WHERE id = ?", (label, entity))

    def is_in_use(self, entity: str) -> bool:
        """Whether some local entity is the one with this canonical id."""
        query = "SELECT 1 FROM identity WHERE entity = ? LIMIT 1"
        return self._db.execute(query, (entity,)).fetchone() is not None

    def locals_of(self, entity: str) -> list[tuple[str, str]]:
        """Document and key of all local entities that are the one with this canonical id, in the
        order of their documents' arrival."""
        rows = self._db.execute(
            "SELECT i.document, i.key FROM identity i JOIN document d ON d.id = i.document"
            " WHERE i.entity = ? ORDER BY d.arrival, i.key",
            (entity,),
        )
        return rows.fetchall()

    def move(self, document: str, key: str, entity: str) -> None:
        """Let one local entity be another canonical one (which has a label)."""
        with self._transaction() as db:
            db.execute(
                "UPDATE identity SET entity = ? WHERE document = ? AND key = ?",
                (entity, document, key),
            )

    def mint(self, entity: str, kind: str, label: str) -> None:
        """Record a canonical id; a label once given stays."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO entity VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (entity, kind, label)
            )
