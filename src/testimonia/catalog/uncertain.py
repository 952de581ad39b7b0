"""Of what was found across documents what is least certain: links between entities, made or not,
and relations between statements. Each is read from an index, however much there is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from testimonia.catalog.database import Catalogued


@dataclass(frozen=True, slots=True)
class Near:
    """A local entity that may be the archive's ``entity`` (a path), with what probability and why;
    ``linked`` says whether it was taken to be so. ``members`` is how many local entities the
    smaller of the two that a decision would join, or part, has."""

    document: str
    key: str
    entity: str
    confidence: float
    because: tuple[str, ...]
    linked: bool = False
    members: int = 1


@dataclass(frozen=True, slots=True)
class Unsure:
    """How one statement may stand to another, by their ids."""

    source: str
    target: str
    kind: str
    confidence: float
    because: tuple[str, ...]


class Uncertain(Catalogued):
    """The part of the record that tells what is least certain."""

    def keep_near(self, document: str, near: Sequence[Near]) -> None:
        """Put what may be one after all in the place of what the document had."""
        query = "SELECT 1 FROM near WHERE document = ? LIMIT 1"
        if not near and self._db.execute(query, (document,)).fetchone() is None:
            return
        rows = [
            (each.document, each.key, each.entity, each.confidence, _written(each.because))
            for each in near
        ]
        with self._transaction() as db:
            db.execute("DELETE FROM near WHERE document = ?", (document,))
            db.executemany("INSERT INTO near VALUES (?, ?, ?, ?, ?)", rows)

    def drop_near(self, entities: Iterable[str]) -> None:
        """Take out what may be one of these entities, whose names the reasons quote."""
        with self._transaction() as db:
            rows = [(each,) for each in sorted(set(entities))]
            db.executemany("DELETE FROM near WHERE entity = ?", rows)

    def most_likely_missed(self, limit: int) -> list[Near]:
        """What was not linked, the most probable first; of entities that are still there, and of
        documents in the graph."""
        rows = self._db.execute(
            "SELECT n.document, n.key, n.entity, n.confidence, n.because,"
            " MIN(own.members, other.members)"
            " FROM near n JOIN document d ON d.id = n.document AND d.state = 'stored'"
            " JOIN identity i ON i.document = n.document AND i.key = n.key"
            " JOIN canonical own ON own.entity = i.entity"
            " JOIN canonical other ON other.entity = n.entity"
            " WHERE i.entity <> n.entity ORDER BY n.confidence DESC, n.document, n.key LIMIT ?",
            (limit,),
        ).fetchall()
        return [_near(row, linked=False) for row in rows]

    def least_sure_links(self, limit: int) -> list[Near]:
        """What was linked, the least probable first; no decisions of people."""
        rows = self._db.execute(
            "SELECT p.document, p.key, i.entity, p.confidence, p.because, 1"
            " FROM profile p JOIN document d ON d.id = p.document AND d.state = 'stored'"
            " JOIN identity i ON i.document = p.document AND i.key = p.key"
            " WHERE p.confidence IS NOT NULL AND p.confidence < 1"
            " ORDER BY p.confidence, p.document, p.key LIMIT ?",
            (limit,),
        ).fetchall()
        return [_near(row, linked=True) for row in rows]

    def least_sure_relations(self, limit: int) -> list[Unsure]:
        """Relations between statements, the least probable first."""
        rows = self._db.execute(
            "SELECT a.statement, b.statement, r.kind, r.confidence, r.because FROM relation r"
            " JOIN claim a ON a.item = r.source JOIN claim b ON b.item = r.target"
            " ORDER BY r.confidence, r.source, r.target, r.kind LIMIT ?",
            (limit,),
        ).fetchall()
        return [
            Unsure(source, target, kind, confidence, tuple(json.loads(because)))
            for source, target, kind, confidence, because in rows
        ]


def _near(row: tuple[str, str, str, float, str, int], *, linked: bool) -> Near:
    document, key, entity, confidence, because, members = row
    return Near(document, key, entity, confidence, tuple(json.loads(because)), linked, members)


def _written(because: Sequence[str]) -> str:
    return json.dumps(list(because), ensure_ascii=False)
