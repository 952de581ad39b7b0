"""Identities: which canonical entity each local one is, and the label of each canonical one."""

from __future__ import annotations

from collections.abc import Mapping

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

    def has_entity(self, entity: str) -> bool:
        """Whether a canonical id was ever given."""
        return self.label(entity) is not None
