"""What is compared across documents: accounts and statements, found again by the keys they share.

An *item* is a number: the arrival of its document, then its place there, so that items are in the
order in which documents came, and a document's are one range. How the features of an item read is
the business of who compares; the record keeps them as they are given.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from testimonia.catalog.database import Catalogued

Sort = Literal["telling", "claim"]
Row = tuple[Any, ...]
_PLACES: Final = 1 << 20  # items of one document


@dataclass(frozen=True, slots=True)
class Compared:
    """A document as it is compared; ``digest`` tells whether what it gives has changed."""

    arrival: int
    document: str
    day: str
    topic: tuple[str, ...]
    digest: str

    def item(self, number: int) -> int:
        """The number of the document's item with this place."""
        return self.arrival * _PLACES + number


@dataclass(frozen=True, slots=True)
class Told:
    """An account as the record has it: ``event`` is the path of the canonical event's IRI,
    ``because`` why it is that one; ``blocks`` are signed 64-bit integers."""

    item: int
    features: str
    event: str
    because: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A statement as the record has it; ``statement`` is its id."""

    item: int
    statement: str
    features: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """How the statement ``source`` stands to the statement ``target`` (items)."""

    source: int
    target: int
    kind: str
    confidence: float
    because: tuple[str, ...]


def arrival_of(item: int) -> int:
    """The arrival of an item's document."""
    return item // _PLACES


def first_item(arrival: int) -> int:
    """The first item of the document with this arrival."""
    return arrival * _PLACES


def forget_compared(db: sqlite3.Connection, arrival: int) -> None:
    """Take out all that a document gives to be compared."""
    first, end = arrival * _PLACES, (arrival + 1) * _PLACES
    for sort in ("telling", "claim"):
        query = f"SELECT item, blocks FROM {sort} WHERE item >= ? AND item < ?"  # noqa: S608
        rows = [
            (block, item)
            for item, blocks in db.execute(query, (first, end)).fetchall()
            for block in _unpacked(blocks)
        ]
        db.executemany(f"DELETE FROM {sort}_block WHERE block = ? AND item = ?", rows)  # noqa: S608
        db.execute(f"DELETE FROM {sort} WHERE item >= ? AND item < ?", (first, end))  # noqa: S608
    for end_of in ("source", "target"):
        query = f"DELETE FROM relation WHERE {end_of} >= ? AND {end_of} < ?"  # noqa: S608
        db.execute(query, (first, end))
    db.execute("DELETE FROM compared WHERE arrival = ?", (arrival,))


class Comparisons(Catalogued):
    """The part of the record that holds what is compared."""

    def compared(self, document: str) -> Compared | None:
        """A document as it is compared, if it is."""
        return next(self._compared("document = ?", document), None)

    def compared_at(self, arrivals: Collection[int]) -> dict[int, Compared]:
        """Documents by their arrivals."""
        found = self._compared("arrival IN (SELECT value FROM json_each(?))", _json(arrivals))
        return {each.arrival: each for each in found}

    def _compared(self, condition: str, value: str | int) -> Iterator[Compared]:
        query = f"SELECT arrival, document, day, topic, digest FROM compared WHERE {condition}"  # noqa: S608
        for arrival, document, day, topic, digest in self._db.execute(query, (value,)):
            yield Compared(arrival, document, day, _topic(topic), digest)

    def arrival(self, document: str) -> int:
        """When a document came, counting up."""
        query = "SELECT arrival FROM document WHERE id = ?"
        (arrival,) = self._db.execute(query, (document,)).fetchone()
        return int(arrival)

    def not_stored(self) -> list[str]:
        """Documents that are compared though they are to be stored again, or were removed."""
        rows = self._db.execute(
            "SELECT c.document FROM compared c JOIN document d ON d.id = c.document"
            " WHERE d.state IN ('recorded', 'removed') ORDER BY c.arrival"
        )
        return [document for (document,) in rows.fetchall()]

    def put_compared(self, own: Compared, told: Sequence[Told], claimed: Sequence[Claimed]) -> None:
        """Keep what a document gives, in the place of what it gave; its relations go."""
        topic = json.dumps(own.topic, ensure_ascii=False)
        with self._transaction() as db:
            forget_compared(db, own.arrival)
            db.execute(
                "INSERT INTO compared VALUES (?, ?, ?, ?, ?)",
                (own.arrival, own.document, own.day, topic, own.digest),
            )
            db.executemany(
                "INSERT INTO telling VALUES (?, ?, ?, ?, ?)",
                [(t.item, t.features, t.event, t.because, _packed(t.blocks)) for t in told],
            )
            db.executemany(
                "INSERT INTO claim VALUES (?, ?, ?, ?)",
                [(c.item, c.statement, c.features, _packed(c.blocks)) for c in claimed],
            )
            _find_again(db, "telling", told)
            _find_again(db, "claim", claimed)

    def drop_compared(self, document: str) -> None:
        """Take out what a document gives: it is not in the graph."""
        with self._transaction() as db:
            forget_compared(db, self.arrival(document))

    # --------------------------------------------------------------------------- items

    def told(self, items: Collection[int]) -> dict[int, Told]:
        """Accounts by their items."""
        rows = self._rows("SELECT item, features, event, because, blocks FROM telling", items)
        return {row[0]: _told(row) for row in rows}

    def claimed(self, items: Collection[int]) -> dict[int, Claimed]:
        """Statements by their items."""
        rows = self._rows("SELECT item, statement, features, blocks FROM claim", items)
        return {row[0]: _claimed(row) for row in rows}

    def _rows(self, query: str, items: Collection[int]) -> Iterator[Row]:
        if items:
            chosen = f"{query} WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item"  # noqa: S608
            yield from self._db.execute(chosen, (_json(items),))

    def told_in(self, arrival: int) -> list[Told]:
        """The accounts of a document, in its order."""
        rows = self._within("SELECT item, features, event, because, blocks FROM telling", arrival)
        return [_told(row) for row in rows]

    def claimed_in(self, arrival: int) -> list[Claimed]:
        """The statements of a document, in its order."""
        rows = self._within("SELECT item, statement, features, blocks FROM claim", arrival)
        return [_claimed(row) for row in rows]

    def _within(self, query: str, arrival: int) -> sqlite3.Cursor:
        bounds = (arrival * _PLACES, (arrival + 1) * _PLACES)
        return self._db.execute(f"{query} WHERE item >= ? AND item < ? ORDER BY item", bounds)

    def near(
        self, sort: Sort, blocks: Collection[int], arrival: int, most: int
    ) -> dict[int, list[int]]:
        """By block the items of earlier documents that have it: the ``most`` that are nearest
        before a document's arrival."""
        bound = arrival * _PLACES
        return self._near(sort, "item < ?2 ORDER BY item DESC", blocks, bound, most)

    def after(
        self, sort: Sort, blocks: Collection[int], arrival: int, most: int
    ) -> dict[int, list[int]]:
        """The same of later documents."""
        bound = (arrival + 1) * _PLACES
        return self._near(sort, "item >= ?2 ORDER BY item", blocks, bound, most)

    def _near(
        self, sort: Sort, which: str, blocks: Collection[int], bound: int, most: int
    ) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        if blocks:
            query = (
                f"SELECT k.value, b.item FROM json_each(?1) k CROSS JOIN {sort}_block b"  # noqa: S608
                " ON b.block = k.value AND b.item IN"
                f" (SELECT item FROM {sort}_block WHERE block = k.value AND {which} LIMIT ?3)"
            )
            for block, item in self._db.execute(query, (_json(set(blocks)), bound, most)):
                found.setdefault(block, []).append(item)
        return found

    def is_latest(self, arrival: int) -> bool:
        """Whether no later document is compared."""
        (last,) = self._db.execute("SELECT max(arrival) FROM compared").fetchone()
        return last is None or last <= arrival

    def is_told_elsewhere(self, event: str, arrival: int) -> bool:
        """Whether another document gives an account of a canonical event."""
        row = self._db.execute(
            "SELECT 1 FROM telling WHERE event = ? AND (item < ? OR item >= ?) LIMIT 1",
            (event, arrival * _PLACES, (arrival + 1) * _PLACES),
        ).fetchone()
        return row is not None

    # ----------------------------------------------------------------------- relations

    def relations_from(self, sources: Collection[int]) -> list[Related]:
        """How statements stand to others."""
        return self._related("source IN (SELECT value FROM json_each(?))", _json(sources))

    def relations_of(self, arrival: int) -> list[Related]:
        """The relations of a document's statements, in both directions."""
        bounds = (arrival * _PLACES, (arrival + 1) * _PLACES)
        from_here = self._related("source >= ? AND source < ?", *bounds)
        to_here = self._related("target >= ? AND target < ?", *bounds)
        return list(dict.fromkeys((*from_here, *to_here)))

    def _related(self, condition: str, *values: int | str) -> list[Related]:
        query = (
            "SELECT source, target, kind, confidence, because FROM relation"  # noqa: S608
            f" WHERE {condition} ORDER BY source, target, kind"
        )
        rows = self._db.execute(query, values).fetchall()
        return [
            Related(source, target, kind, confidence, tuple(json.loads(because)))
            for source, target, kind, confidence, because in rows
        ]

    def put_relations(self, sources: Iterable[int], related: Iterable[Related]) -> None:
        """Keep the relations of these statements to others, in the place of those they had."""
        with self._transaction() as db:
            db.executemany("DELETE FROM relation WHERE source = ?", [(each,) for each in sources])
            db.executemany(
                "INSERT INTO relation VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        *(each.source, each.target, each.kind, each.confidence),
                        json.dumps(each.because, ensure_ascii=False),
                    )
                    for each in related
                ],
            )


def _find_again(db: sqlite3.Connection, sort: Sort, items: Sequence[Told | Claimed]) -> None:
    rows = sorted((block, each.item) for each in items for block in each.blocks)
    db.executemany(f"INSERT INTO {sort}_block VALUES (?, ?)", rows)  # noqa: S608


@lru_cache(maxsize=4096)
def _topic(written: str) -> tuple[str, ...]:
    """What a document is about. Whom a new one is compared with, the next is too."""
    return tuple(json.loads(written))


def _json(numbers: Collection[int]) -> str:
    return json.dumps(sorted(numbers))


def _told(row: Row) -> Told:
    item, features, event, because, blocks = row
    return Told(item, features, event, because, _unpacked(blocks))


def _claimed(row: Row) -> Claimed:
    item, statement, features, blocks = row
    return Claimed(item, statement, features, _unpacked(blocks))


def _packed(blocks: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(blocks)}q", *blocks)


def _unpacked(blocks: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(blocks) // 8}q", blocks)
