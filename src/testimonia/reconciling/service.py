"""The service on one archive: looks up, scores, and answers in the protocol's JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final

from testimonia.candidates import AUTHORITIES, ENTITIES, Thing, candidates, open_index, suggestions
from testimonia.candidates.retrieval import with_iri, with_same
from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.reconciling.asked import Extension, Query
from testimonia.reconciling.schema import (
    AUTHORITY,
    PROPERTIES,
    TYPES,
    Property,
    broader,
    properties_of,
)
from testimonia.reconciling.scoring import Candidate, certain, rank

Json = dict[str, Any]
# Values of properties that the graph is asked for, by property and IRI.
Counted = Mapping[tuple[str, str], Any]
_SUGGESTED: Final = 20
_FURTHEST: Final = 200  # suggestions that can be skipped


class Reconciler:
    """Answers from the indexes in a store's ``directory``; to be used by one thread at a time.

    Raises:
        StoreError: the indexes are just being made.
    """

    def __init__(self, directory: Path, iris: Iris) -> None:
        self._iris = iris
        self._stack = ExitStack()
        self._entities = self._opened(directory, ENTITIES)
        self._authorities = self._opened(directory, AUTHORITIES)

    def close(self) -> None:
        """Let go of the indexes."""
        self._stack.close()

    def _opened(self, directory: Path, file: str) -> sqlite3.Connection:
        connection = open_index(directory, file)
        if connection is None:
            self.close()
            raise StoreError("the index of names is just being made; ask again")
        return self._stack.enter_context(closing(connection))

    # ------------------------------------------------------------------------------ matching

    def results(self, batch: Mapping[str, Query], still: Callable[[], None] = lambda: None) -> Json:
        """The candidates of each query; ``still`` is called before each, and may raise."""
        results: Json = {}
        for key, query in batch.items():
            still()
            results[key] = {"result": [self._candidate(each) for each in self.ranked(query)]}
        return results

    def ranked(self, query: Query) -> list[Candidate]:
        """The candidates of one query, the best first."""
        named = self.thing(query.text) if query.text else None
        found = list(self._found(query))
        ranked = rank(query, found, self._labels(found, query))
        if named is None:
            return ranked
        others = [each for each in ranked if each.thing.iri != named.iri]
        unmatched = [Candidate(each.thing, each.score, each.features) for each in others]
        return [certain(named), *unmatched][: query.limit]

    def _found(self, query: Query) -> Iterator[Thing]:
        wanted = [each for each in query.types if each.startswith(AUTHORITY)]
        same = self._same(query)
        names = [query.text] if query.text else self._names(query)
        seen: set[tuple[str, str]] = set()
        sources: list[tuple[sqlite3.Connection, str | None]] = []
        if not query.types or len(wanted) < len(query.types):
            sources.append((self._entities, None))
        sources += [(self._authorities, each.removeprefix(AUTHORITY)) for each in wanted]
        for index, source in sources:
            things = [each for name in names for each in candidates(index, name, source=source)]
            for each in (*things, *(with_same(index, same) if same else ())):
                if (each.iri, each.source) not in seen and source in (None, each.source):
                    seen.add((each.iri, each.source))
                    yield each

    @staticmethod
    def _names(query: Query) -> list[str]:
        return [
            value for each in query.constraints if each.property == "name" for value in each.values
        ]

    @staticmethod
    def _same(query: Query) -> list[str]:
        return [
            value
            for each in query.constraints
            if each.property == "exactMatch"
            for value in each.values
        ]

    def _labels(self, things: Iterable[Thing], query: Query) -> dict[str, str]:
        """Labels of the places around, where a query asks for such."""
        if not any(each.property == "within" for each in query.constraints):
            return {}
        iris = {iri for each in things for iri in each.facts.get("within", ())}
        return {iri: thing.label for iri in iris if (thing := self._by_iri(iri)) is not None}

    def _candidate(self, candidate: Candidate) -> Json:
        thing = candidate.thing
        features = [{"id": key, "value": value} for key, value in candidate.features.items()]
        return {
            **self._named(thing),
            "type": self._types(thing),
            "score": candidate.score,
            "features": features,
            "match": candidate.match,
        }

    # ---------------------------------------------------------------------------- suggestions

    def suggested(self, prefix: str, cursor: int, types: Sequence[str] = ()) -> Json:
        """Things whose names begin so, or that have this id; of the archive, and of authorities
        where their types are asked for."""
        authorities = {each.removeprefix(AUTHORITY) for each in types if each.startswith(AUTHORITY)}
        kinds = [each for each in types if not each.startswith(AUTHORITY)]
        most = min(cursor, _FURTHEST) + _SUGGESTED
        named = self.thing(prefix)
        found = [named] if named is not None else []
        if not types or kinds:
            found += [
                each
                for each in suggestions(self._entities, prefix, most if not kinds else 10 * most)
                if not kinds or any(each.is_a(kind) for kind in kinds)
            ]
        if authorities:
            entries = suggestions(self._authorities, prefix, 10 * most)
            found += [each for each in entries if each.source in authorities]
        shown = list({each.iri: each for each in found}.values())[cursor : cursor + _SUGGESTED]
        return {"result": [{**self._named(each), "notable": self._types(each)} for each in shown]}

    def suggested_types(self, prefix: str, cursor: int) -> Json:
        """Types whose ids or names have words that begin so."""
        return _page([each for each in self.types() if _begins(prefix, each)], cursor)

    def suggested_properties(self, prefix: str, cursor: int) -> Json:
        """Properties whose ids or names have words that begin so."""
        every = [
            {"id": each.id, "name": each.name, "description": each.description}
            for each in PROPERTIES.values()
        ]
        return _page([each for each in every if _begins(prefix, each)], cursor)

    def types(self) -> list[Json]:
        """All types, the authorities' among them."""
        own: list[Json] = [
            {"id": id_, "name": name, **({"broader": above} if (above := broader(id_)) else {})}
            for id_, name in TYPES.items()
        ]
        return own + [
            {"id": f"{AUTHORITY}{name}", "name": f"Entry of the authority “{name}”"}
            for name in self.authorities()
        ]

    def authorities(self) -> list[str]:
        """The names of the authorities that have entries."""
        # A skip scan: DISTINCT would read the whole index.
        query = "SELECT MIN(source) FROM thing WHERE source > ?"
        names: list[str] = []
        while row := self._authorities.execute(query, (names[-1] if names else "",)).fetchone()[0]:
            names.append(row)
        return names

    # ------------------------------------------------------------------------------ extension

    def proposed(self, type_: str, limit: int | None) -> Json:
        """The properties that things of a type have."""
        properties = [{"id": each.id, "name": each.name} for each in properties_of(type_)]
        shown = properties if limit is None else properties[:limit]
        answer: Json = {"type": type_, "properties": shown}
        return answer if limit is None else {**answer, "limit": limit}

    def extended(
        self, asked: Extension, counted: Callable[[Sequence[str], Sequence[str]], Counted]
    ) -> Json:
        """Values of properties; ``counted`` gives those that the graph is asked for, of the things
        with these IRIs and the properties with these ids."""
        things = {id_: thing for id_ in asked.ids if (thing := self.thing(id_)) is not None}
        properties = [PROPERTIES[each] for each in asked.properties]
        wanted = [each.id for each in properties if not each.fact]
        own = [each.iri for each in things.values() if not each.source]
        values = counted(own, wanted) if own and wanted else {}
        rows = {
            id_: {
                each.id: self._cells(each, things[id_], values) if id_ in things else []
                for each in properties
            }
            for id_ in asked.ids
        }
        return {"meta": [self._meta(each) for each in properties], "rows": rows}

    @staticmethod
    def _meta(property_: Property) -> Json:
        meta: Json = {"id": property_.id, "name": property_.name}
        if property_.form == "entity":
            meta["type"] = {"id": "Place", "name": TYPES["Place"]}
        return meta

    def _cells(self, property_: Property, thing: Thing, counted: Counted) -> list[Json]:
        if not property_.fact:
            value = counted.get((property_.id, thing.iri))
            return [] if value is None else [{property_.form: value}]
        if property_.fact == "names":
            return [{"str": each} for each in thing.names]
        if property_.fact == "kinds":
            return [{"str": TYPES[each]} for each in thing.kinds]
        values = thing.facts.get(property_.fact, ())
        if property_.fact == "point":
            axis = 0 if property_.id == "latitude" else 1
            return [{"float": float(values[axis])}] if values else []
        if property_.form == "entity":
            around = filter(None, map(self._by_iri, values))
            return [{"id": self.id_of(each), "name": each.label} for each in around]
        return [{"str": each} for each in values]

    # --------------------------------------------------------------------------------- things

    def thing(self, id_: str) -> Thing | None:
        """The thing with this id: a path under the archive's base, or an entry's IRI."""
        for iri in (f"{self._iris.base_iri}{id_}", id_):
            if (found := self._by_iri(iri)) is not None:
                return found
        return None

    def _by_iri(self, iri: str) -> Thing | None:
        if iri.startswith(self._iris.base_iri):
            found = with_iri(self._entities, iri)
            if found:
                return found[0]
        return next(iter(with_iri(self._authorities, iri)), None)

    def id_of(self, thing: Thing) -> str:
        """The id of a thing."""
        return thing.iri.removeprefix(self._iris.base_iri)

    def _named(self, thing: Thing) -> Json:
        named: Json = {"id": self.id_of(thing), "name": thing.label}
        described = self.described(thing)
        return {**named, "description": described} if described else named

    def described(self, thing: Thing) -> str:
        """A line that tells a thing from its namesakes."""
        others = [each for each in thing.names if each != thing.label][:3]
        lives = " – ".join(filter(None, (thing.first("begin"), thing.first("end"))))
        around = [self._by_iri(each) for each in thing.facts.get("within", ())[:3]]
        parts = (
            thing.first("description"),
            lives,
            ", ".join(each.label for each in around if each is not None) or thing.first("country"),
            f"also {', '.join(others)}" if others else "",
            "described, not named" if thing.first("unnamed") else "",
            f"in {thing.source}" if thing.source else "",
        )
        return "; ".join(filter(None, parts))

    def _types(self, thing: Thing) -> list[Json]:
        ids = dict.fromkeys(
            (*thing.kinds, *(above["id"] for each in thing.kinds for above in broader(each)))
        )
        types = [{"id": each, "name": TYPES[each]} for each in ids]
        if thing.source:
            name = f"Entry of the authority “{thing.source}”"
            types.append({"id": f"{AUTHORITY}{thing.source}", "name": name})
        return types


@contextmanager
def opened(directory: Path, iris: Iris) -> Iterator[Reconciler]:
    """The service for as long as a request takes.

    Raises:
        StoreError: the indexes are just being made.
    """
    reconciler = Reconciler(directory, iris)
    try:
        yield reconciler
    finally:
        reconciler.close()


def _page(every: list[Json], cursor: int) -> Json:
    return {"result": every[cursor : cursor + _SUGGESTED]}


def _begins(prefix: str, item: Mapping[str, Any]) -> bool:
    asked = prefix.strip().casefold()
    id_, name = item["id"].casefold(), item["name"].casefold()
    return id_.startswith(asked) or any(
        name[at:].startswith(asked)
        for at in (0, *(at + 1 for at, each in enumerate(name) if each == " "))
    )
