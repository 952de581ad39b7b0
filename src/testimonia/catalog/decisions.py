"""What people decided, and what each decision does now, document by document."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from testimonia.catalog.database import now
from testimonia.catalog.documents import Documents, Record
from testimonia.decisions import (
    LINKING,
    Decision,
    Kind,
    Quote,
    Standing,
    Target,
    What,
    Withdrawal,
    decision_id,
)
from testimonia.model import Span

_COLUMNS = (
    "number, id, kind, what, field, value, stands, scope, who, made, why, withdrawn_who, withdrawn,"
    " withdrawn_why"
)
# As the index on it has it; a source that is empty is none (Metadata.identity).
_SOURCE = "COALESCE(json_extract(metadata, '$.source'), json_extract(metadata, '$.identifier'))"
_LINKING = ", ".join(f"'{each}'" for each in sorted(LINKING))
Part = Literal["reading", "linking", "relating"]
_PARTS: Mapping[Part, str] = {
    "reading": "withdrawn IS NULL",
    "linking": f"kind IN ({_LINKING})",
    "relating": "what = 'relation'",
}


@dataclass(frozen=True, slots=True)
class KeptEffect:
    """What a decision does in one document; ``paths`` are IRIs under the base."""

    document: str
    decision: str
    standing: Standing
    told: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of a document that a decision would settle something about.

    ``confidence`` is the reading's, ``dependents`` how much rests on it, ``score`` how much a
    decision would settle; ``path`` is the thing's IRI under the base.
    """

    document: str
    what: What
    quote: Quote
    path: str
    confidence: float
    dependents: int
    score: float


class Decisions(Documents):
    """The part of the record that holds decisions, beside the documents that they are about."""

    def decide_all(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Record decisions, all or none; each is given its number and its id, and the time if it
        has none."""
        with self._transaction() as db:
            return [_insert(db, each) for each in decisions]

    def withdraw(self, decision: str, by: str, why: str = "") -> None:
        """Record that a decision is taken back; one that was before stays as it is."""
        with self._transaction() as db:
            db.execute(
                "UPDATE decision SET withdrawn_who = ?, withdrawn = ?, withdrawn_why = ?,"
                " published = 0 WHERE id = ? AND withdrawn IS NULL",
                (by, now(), why, decision),
            )

    def decision(self, id_: str) -> Decision | None:
        """One decision."""
        return next(self._decisions("WHERE id = ?", id_), None)

    def decisions(self, *, withdrawn: bool = True) -> list[Decision]:
        """All decisions, in the order in which they were made; without those ``withdrawn`` if
        that is not wanted."""
        clause = "" if withdrawn else "WHERE withdrawn IS NULL"
        return list(self._decisions(f"{clause} ORDER BY number"))

    def has_decisions(self) -> bool:
        """Whether anything was ever decided."""
        return self._db.execute("SELECT 1 FROM decision LIMIT 1").fetchone() is not None

    def decisions_on(self, record: Record, part: Part = "reading") -> tuple[Decision, ...]:
        """The decisions that hold for a document, in the order in which they were made: those of
        its text, and those of earlier texts from the same source.

        Those on its ``reading`` come without what was withdrawn; those on its entities
        (``linking``) and on relations of its statements (``relating``) come with it.
        """
        if not self.has_decisions():
            return ()
        source = record.metadata.identity
        clause = (
            f"WHERE {_PARTS[part]} AND number IN (SELECT decision FROM decision_target"  # noqa: S608
            " WHERE text_hash = ? OR (source = ? AND source != '')) ORDER BY number"
        )
        found = self._decisions(clause, record.text_hash, source)
        return tuple(each for each in found if _holds(each, record))

    def touched_by(self, decision: Decision) -> list[Record]:
        """The documents that a decision holds for, in the order of their arrival."""
        found: dict[str, Record] = {}
        for target in decision.targets:
            clause = "WHERE text_hash = ? ORDER BY arrival"
            found.update((each.id, each) for each in self._records(clause, target.text_hash))
            if target.source:
                clause = f"WHERE {_SOURCE} = ? ORDER BY arrival"
                found.update((each.id, each) for each in self._records(clause, target.source))
        return [each for each in found.values() if _holds(decision, each)]

    def unpublished(self) -> list[Decision]:
        """Those whose triples may not be in the store as the record has them."""
        return list(self._decisions("WHERE published = 0 ORDER BY number"))

    def note_published(self, decisions: Iterable[Decision]) -> None:
        """Note that the triples of decisions are in the store, and durable."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE decision SET published = 1 WHERE id = ? AND withdrawn IS ?",
                [(each.id, each.withdrawn and each.withdrawn.when) for each in decisions],
            )

    # ---------------------------------------------------------------------------- derived

    def keep_effects(
        self, document: str, effects: Sequence[KeptEffect], part: Part = "reading"
    ) -> None:
        """Put what decisions do in one part of a document in the place of what they did there."""
        rows = [
            (document, each.decision, each.standing, each.told, json.dumps(each.paths), part)
            for each in effects
        ]
        query = "SELECT 1 FROM decision_effect WHERE document = ? AND part = ? LIMIT 1"
        if not rows and self._db.execute(query, (document, part)).fetchone() is None:
            return
        with self._transaction() as db:
            query = "DELETE FROM decision_effect WHERE document = ? AND part = ?"
            db.execute(query, (document, part))
            db.executemany("INSERT INTO decision_effect VALUES (?, ?, ?, ?, ?, ?)", rows)

    def effects(self, *, decision: str | None = None, path: str | None = None) -> list[KeptEffect]:
        """What decisions do now: all, or of one decision, or of those that rule what has ``path``;
        by decision, in documents in the order of their arrival."""
        query = (
            "SELECT e.document, e.decision, standing, told, paths FROM decision_effect AS e"
            " JOIN document AS d ON d.id = e.document AND d.state = 'stored'"
            " WHERE (? IS NULL OR e.decision = ?) AND (? IS NULL OR instr(paths, ?))"
            " ORDER BY e.decision, d.arrival, part DESC"
        )
        quoted = None if path is None else json.dumps(path)
        rows = self._db.execute(query, (decision, decision, quoted, quoted)).fetchall()
        return [
            KeptEffect(where, which, Standing(standing), told, tuple(json.loads(paths)))
            for where, which, standing, told, paths in rows
        ]

    def keep_doubts(self, document: str, doubts: Sequence[Doubt]) -> None:
        """Put what is doubtful in a document in the place of what was."""
        rows = [
            (
                *(document, each.what, each.quote.span.start, each.quote.span.end),
                *(each.quote.words, each.path, each.confidence, each.dependents, each.score),
            )
            for each in doubts
        ]
        query = "SELECT 1 FROM doubt WHERE document = ? LIMIT 1"
        if not rows and self._db.execute(query, (document,)).fetchone() is None:
            return
        with self._transaction() as db:
            db.execute("DELETE FROM doubt WHERE document = ?", (document,))
            db.executemany("INSERT INTO doubt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def doubts(self, limit: int) -> list[Doubt]:
        """What decisions would settle most, the most first; of documents in the graph alone."""
        query = (
            "SELECT u.document, what, start, stop, words, path, confidence, dependents, score"
            " FROM doubt AS u CROSS JOIN document AS d ON d.id = u.document AND d.state = 'stored'"
            " ORDER BY score DESC LIMIT ?"
        )
        return [
            Doubt(document, What(what), Quote(Span(start, stop), words), *rest)
            for document, what, start, stop, words, *rest in self._db.execute(query, (limit,))
        ]

    # ------------------------------------------------------------------------------ rows

    def _decisions(self, clause: str, *values: str) -> Iterator[Decision]:
        query = f"SELECT {_COLUMNS} FROM decision {clause}"  # noqa: S608 - our own words
        rows = self._db.execute(query, values).fetchall()
        targets = self._targets([row[0] for row in rows])
        for row in rows:
            yield _decision(row, targets[row[0]])

    def _targets(self, numbers: Sequence[int]) -> Mapping[int, list[Target]]:
        found: dict[int, list[Target]] = {number: [] for number in numbers}
        query = "SELECT * FROM decision_target WHERE decision BETWEEN ? AND ? ORDER BY 1, 2"
        bounds = (min(numbers, default=0), max(numbers, default=-1))
        for number, _, text_hash, source, start, stop, words, cue in self._db.execute(
            query, bounds
        ):
            if number in found:
                quote = Quote(Span(start, stop), words)
                read = Quote.read(json.loads(cue)) if cue else None
                found[number].append(Target(text_hash, quote, read, source))
        return found


def _insert(db: sqlite3.Connection, decision: Decision) -> Decision:
    made = decision.when or now()
    row = db.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM decision").fetchone()
    number = int(row[0])
    id_ = decision_id(number, decision.kind, decision.target, made)
    decision = replace(decision, id=id_, number=number, when=made)
    db.execute(
        f"INSERT INTO decision ({_COLUMNS}) VALUES"  # noqa: S608 - our own words
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
        (
            *(number, id_, decision.kind, decision.what, decision.field, decision.value),
            *(decision.stands, decision.scope, decision.by, made, decision.why),
        ),
    )
    for side, target in enumerate(decision.targets):
        cue = json.dumps(target.cue.written()) if target.cue else None
        span = target.quote.span
        db.execute(
            "INSERT INTO decision_target VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(number, side, target.text_hash, target.source, span.start, span.end),
                *(target.quote.words, cue),
            ),
        )
    return decision


def _decision(row: tuple[object, ...], targets: Sequence[Target]) -> Decision:
    number, id_, kind, what, field, value, stands, scope, by, made, why, *withdrawn = row
    who, when, reason = (None if each is None else str(each) for each in withdrawn)
    return Decision(
        id=str(id_),
        number=int(str(number)),
        kind=Kind(str(kind)),
        what=What(str(what)),
        target=targets[0],
        by=str(by),
        when=str(made),
        why=str(why),
        other=targets[1] if len(targets) > 1 else None,
        field=str(field),
        value=str(value),
        stands=str(stands),
        scope=None if scope is None else str(scope),
        withdrawn=None if when is None else Withdrawal(who or "", when, reason or ""),
    )


def _holds(decision: Decision, record: Record) -> bool:
    """Whether it holds for this document, which has one of its texts or a later one from there."""
    if decision.scope is None or decision.scope == record.id:
        return True
    source = record.metadata.identity
    return any(
        source and target.source == source and target.text_hash != record.text_hash
        for target in decision.targets
    )
