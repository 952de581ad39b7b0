"""Profiles of local entities, summed by canonical entity, and the keys they are found under.

Sums are exact: what a profile added is taken away with it, so that a document that goes leaves
nothing behind.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from testimonia.catalog.database import Catalogued

_AT_ONCE = 500  # values in one query; SQLite takes some thousands
_ALL = ""  # the trait that every document has


@dataclass(frozen=True, slots=True)
class Profiled:
    """A profile as it is kept.

    ``names``, ``traits`` and ``keys`` are texts that mean nothing here; ``confidence`` and
    ``because`` are of the link to the canonical entity ``entity`` (a path), no confidence where
    the entity is its own. ``scheme`` names the rules by which it was made and linked.
    """

    document: str
    key: str
    kind: str
    names: tuple[str, ...]
    traits: frozenset[str]
    stated: bool
    scheme: str
    entity: str = ""
    confidence: float | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summed:
    """A canonical entity with the number of its profiles; ``traits`` are those asked for, with the
    number of profiles that have each."""

    number: int
    entity: str
    members: int
    traits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a profile adds to its canonical entity."""

    traits: frozenset[str]
    keys: frozenset[str]


class Profiles(Catalogued):
    """The part of the record that holds profiles."""

    def profiles(self, document: str) -> dict[str, Profiled]:
        """The profiles of a document by local key, each with its canonical entity."""
        return {each.key: each for each in self._profiles("p.document = ?", document)}

    def members(self, entity: str) -> list[Profiled]:
        """The profiles of a canonical entity, in the order of their documents' arrival."""
        return list(self._profiles("i.entity = ?", entity))

    def standing_under(self, keys: Iterable[str], most: int) -> list[tuple[int, int]]:
        """Numbers of canonical entities that stand under one of the keys, each with how many of
        the keys lead to it; of a key with more than ``most`` the latest ones."""
        found: dict[int, int] = {}
        query = "SELECT canonical FROM canonical_key WHERE key = ? ORDER BY canonical DESC LIMIT ?"
        for key in keys:
            for (number,) in self._db.execute(query, (key, most)):
                found[number] = found.get(number, 0) + 1
        return list(found.items())

    def summed(self, number: int, kinds: str, traits: Collection[str] = ()) -> Summed:
        """A canonical entity with the traits whose kind (first letter) is in ``kinds``, at most
        64 of each, and those of ``traits`` that it has."""
        query = "SELECT entity, members FROM canonical WHERE number = ?"
        entity, members = self._db.execute(query, (number,)).fetchone()
        found: dict[str, int] = dict(self._db.execute(_of_kinds(kinds), (number,)))
        if traits:
            found.update(self._db.execute(_among(len(traits)), (number, *sorted(traits))))
        return Summed(number, entity, members, found)

    def number_of(self, entity: str) -> int | None:
        """The number of a canonical entity that has profiles."""
        row = self._db.execute(
            "SELECT number FROM canonical WHERE entity = ?", (entity,)
        ).fetchone()
        return row[0] if row else None

    def with_profiles(self, entities: Iterable[str]) -> set[str]:
        """Those of these canonical entities that have profiles."""
        asked = sorted(set(entities))
        found: set[str] = set()
        for start in range(0, len(asked), _AT_ONCE):
            part = asked[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT entity FROM canonical WHERE entity IN ({marks})"  # noqa: S608
            found.update(entity for (entity,) in self._db.execute(query, part))
        return found

    def documents_with(self, traits: Collection[str]) -> tuple[int, dict[str, int]]:
        """How many documents have profiles, and how many have each of these traits."""
        asked = [_ALL, *sorted(traits)]
        marks = ", ".join("?" * len(asked))
        rows = self._db.execute(
            f"SELECT trait, documents FROM trait WHERE trait IN ({marks})",  # noqa: S608
            asked,
        )
        found: dict[str, int] = dict(rows.fetchall())
        return found.pop(_ALL, 0), found

    def has_other_schemes(self, scheme: str) -> bool:
        """Whether some profile was made by other rules, or some document has none though its
        entities were recorded."""
        query = (
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM profile WHERE scheme < ?1)"
            " OR EXISTS (SELECT 1 FROM profile WHERE scheme > ?1)"
            " OR (EXISTS (SELECT 1 FROM identity) AND NOT EXISTS (SELECT 1 FROM profile))"
        )
        return self._db.execute(query, (scheme,)).fetchone() is not None

    # -------------------------------------------------------------------------- changes

    def attach(self, profile: Profiled, counted: Counted) -> None:
        """Add a profile, and what it adds to its canonical entity (which has a label)."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO profile VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(profile.document, profile.key, profile.kind, _written(profile.names)),
                    *(_written(sorted(profile.traits)), int(profile.stated), profile.scheme),
                    *(profile.confidence, _written(profile.because)),
                ),
            )
            (number,) = db.execute(
                "INSERT INTO canonical (entity, members) VALUES (?, 1)"
                " ON CONFLICT (entity) DO UPDATE SET members = members + 1 RETURNING number",
                (profile.entity,),
            ).fetchone()
            _count(db, number, counted, 1)

    def detach(self, profile: Profiled, counted: Counted) -> None:
        """Take a profile away, and what it added."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM profile WHERE document = ? AND key = ?",
                (profile.document, profile.key),
            )
            number = self.number_of(profile.entity)
            if number is None:
                return
            _count(db, number, counted, -1)
            db.execute("UPDATE canonical SET members = members - 1 WHERE number = ?", (number,))
            db.execute("DELETE FROM canonical WHERE number = ? AND members <= 0", (number,))

    def reword(self, document: str, key: str, because: Iterable[str]) -> None:
        """Give the reasons of a link in other words."""
        with self._transaction() as db:
            db.execute(
                "UPDATE profile SET because = ? WHERE document = ? AND key = ?",
                (_written(because), document, key),
            )

    def count_document(self, traits: Collection[str], by: int) -> None:
        """Let one document more (``by`` 1) or less (-1) have these traits."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO trait VALUES (?, ?)"
                " ON CONFLICT (trait) DO UPDATE SET documents = documents + excluded.documents",
                [(trait, by) for trait in (_ALL, *sorted(traits))],
            )
            if by < 0:
                gone = [(trait,) for trait in (_ALL, *sorted(traits))]
                db.executemany("DELETE FROM trait WHERE trait = ? AND documents <= 0", gone)

    def clear_profiles(self) -> None:
        """Take all profiles away; identities stay."""
        with self._transaction() as db:
            for table in (
                "profile",
                "near",
                "canonical_trait",
                "canonical_key",
                "canonical",
                "trait",
            ):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words

    # ------------------------------------------------------------- documents to line up

    def note_relinked(self, documents: Collection[str]) -> None:
        """Record that the links of these documents are changing in the graph."""
        with self._transaction() as db:
            rows = [(document,) for document in sorted(documents)]
            db.executemany("INSERT OR IGNORE INTO relinked VALUES (?)", rows)

    def relinked(self) -> list[str]:
        """Documents whose links in the graph may be behind the record."""
        rows = self._db.execute("SELECT document FROM relinked ORDER BY document")
        return [document for (document,) in rows.fetchall()]

    def settle_relinked(self) -> None:
        """Record that the graph has the links of the record."""
        if self.relinked():
            with self._transaction() as db:
                db.execute("DELETE FROM relinked")

    def _profiles(self, condition: str, value: str) -> Iterator[Profiled]:
        rows = self._db.execute(
            "SELECT p.document, p.key, p.kind, p.names, p.traits, p.stated, p.scheme, i.entity,"  # noqa: S608
            " p.confidence, p.because FROM profile p"
            " JOIN identity i ON i.document = p.document AND i.key = p.key"
            f" JOIN document d ON d.id = p.document WHERE {condition} ORDER BY d.arrival, p.key",
            (value,),
        )
        for document, key, kind, names, traits, stated, scheme, entity, sure, because in rows:
            yield Profiled(
                *(document, key, kind, tuple(json.loads(names)), frozenset(json.loads(traits))),
                *(bool(stated), scheme, entity, sure, tuple(json.loads(because))),
            )


def _count(db: sqlite3.Connection, number: int, counted: Counted, by: int) -> None:
    for table, column, found in (
        ("canonical_trait", "trait", counted.traits),
        ("canonical_key", "key", counted.keys),
    ):
        db.executemany(
            f"INSERT INTO {table} ({column}, canonical, members) VALUES (?, ?, ?)"  # noqa: S608
            " ON CONFLICT DO UPDATE SET members = members + excluded.members",
            [(each, number, by) for each in sorted(found)],
        )
        if by < 0:
            db.executemany(
                f"DELETE FROM {table} WHERE {column} = ? AND canonical = ? AND members <= 0",  # noqa: S608
                [(each, number) for each in sorted(found)],
            )


@cache
def _of_kinds(kinds: str) -> str:
    """Each in the order of the index, so that it stops however many an entity has."""
    each = (
        "SELECT * FROM (SELECT trait, members FROM canonical_trait WHERE canonical = ?1"  # noqa: S608
        f" AND trait >= '{kind}:' AND trait < '{kind};' LIMIT 64)"
        for kind in kinds
    )
    return " UNION ALL ".join(each)


@cache
def _among(count: int) -> str:
    marks = ", ".join("?" * count)
    return (
        "SELECT trait, members FROM canonical_trait"  # noqa: S608 - placeholders
        f" WHERE canonical = ? AND trait IN ({marks})"
    )


def _written(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
