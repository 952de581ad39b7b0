"""What is compared across documents: accounts and statements, found again by the keys they share.

An *item* is a number: the arrival of its document, then its place there, so that items are in the
order in which documents came, and a document's are one range. How the features of an item read is
the business of who compares; the record keeps them as they are given.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Seen:
    """What was looked up: accounts by their items; by query, bound and number, and then by block,
    the items near a document."""

    told: dict[int, Told] = field(default_factory=dict)
    near: dict[tuple[str, int, int], dict[int, list[int]]] = field(default_factory=dict)


class Comparisons(Catalogued):
    """The part of the record that holds what is compared."""

    _seen: _Seen | None = None

    @contextmanager
    def seeing_once(self) -> Iterator[None]:
        """Within, what other documents give is looked up once, for one document that comes among
        them: a look at the index for each key of each account, again for its statements. Nobody
        else may change what they give meanwhile."""
        self._seen = _Seen()
        try:
            yield
        finally:
            self._seen = None

    def compared(self, document: str) -> Compared | None:
        """A document as it is compared, if it is."""
        return next(self._compared("document = ?", document), None)

    def compared_at(self, arrival: int) -> Compared | None:
        """The same by its arrival."""
        return next(self._compared("arrival = ?", arrival), None)

    def _compared(self, condition: str, value: str | int) -> Iterator[Compared]:
        query = f"SELECT arrival, document, day, topic, digest FROM compared WHERE {condition}"  # noqa: S608
        for arrival, document, day, topic, digest in self._db.execute(query, (value,)):
            yield Compared(arrival, document, day, tuple(json.loads(topic)), digest)

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
        if self._seen is not None:
            own_items = range(own.item(0), own.item(_PLACES))
            self._seen.told = {i: t for i, t in self._seen.told.items() if i not in own_items}
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
        known = {} if self._seen is None else self._seen.told
        found = {item: known[item] for item in items if item in known}
        missing = [item for item in items if item not in found]
        rows = self._rows("SELECT item, features, event, because, blocks FROM telling", missing)
        found |= {row[0]: _told(row) for row in rows}
        known |= found
        return found

    def claimed(self, items: Collection[int]) -> dict[int, Claimed]:
        """Statements by their items."""
        rows = self._rows("SELECT item, statement, features, blocks FROM claim", items)
        return {row[0]: _claimed(row) for row in rows}

    def _rows(self, query: str, items: Collection[int]) -> Iterator[Row]:
        # The numbers as one value: the query is prepared once, whatever their number.
        among = f"{query} WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item"  # noqa: S608 - our own words
        return self._db.execute(among, (json.dumps(list(items)),)) if items else iter(())

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

    def near(self, sort: Sort, blocks: Iterable[int], arrival: int, most: int) -> Counter[int]:
        """How many of these blocks items of earlier documents have: of each block the ``most``
        that are nearest before a document's arrival."""
        end = arrival * _PLACES
        return self._near(sort, "item < ? ORDER BY item DESC", blocks, end, most)

    def after(self, sort: Sort, blocks: Iterable[int], arrival: int, most: int) -> Counter[int]:
        """The same of later documents."""
        first = (arrival + 1) * _PLACES
        return self._near(sort, "item >= ? ORDER BY item", blocks, first, most)

    def _near(
        self, sort: Sort, which: str, blocks: Iterable[int], bound: int, most: int
    ) -> Counter[int]:
        query = f"SELECT item FROM {sort}_block WHERE block = ? AND {which} LIMIT ?"  # noqa: S608
        near = {} if self._seen is None else self._seen.near.setdefault((query, bound, most), {})
        found: Counter[int] = Counter()
        for block in blocks:
            items = near.get(block)
            if items is None:
                rows = self._db.execute(query, (block, bound, most))
                items = near[block] = [item for (item,) in rows]
            found.update(items)
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

    def relations_from(self, source: int) -> list[Related]:
        """How a statement stands to others."""
        return self._related("source = ?", source)

    def relations_of(self, arrival: int) -> list[Related]:
        """The relations of a document's statements, in both directions."""
        bounds = (arrival * _PLACES, (arrival + 1) * _PLACES)
        from_here = self._related("source >= ? AND source < ?", *bounds)
        to_here = self._related("target >= ? AND target < ?", *bounds)
        return list(dict.fromkeys((*from_here, *to_here)))

    def _related(self, condition: str, *values: int) -> list[Related]:
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
