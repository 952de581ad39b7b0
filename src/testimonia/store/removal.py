"""What leaves the store with a document, or makes room for a new version of it.

The shared graphs hold things for several documents at once. Theirs alone, and so to go with the
last document that has them, are: links of local entities, canonical entities without any local
one (with their links to authorities), places that are nobody's place and lie around nobody's,
relations of its statements, runs that no graph comes from any more. Human decisions always stay;
that they rule a thing of the document goes with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Protocol

from testimonia.iris import Iris
from testimonia.store import Batch, Located
from testimonia.terms import Graph, Term, iri, iri_of, is_iri
from testimonia.vocabulary import GEO, PROV, TST

_Pattern = tuple[Term | None, Term | None, Term | None]


class _View(Protocol):
    @property
    def iris(self) -> Iris: ...

    def graph(self, name: str) -> Graph: ...

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]: ...


def removal(view: _View, id_: str) -> Batch:
    """All that leaves with the document; an empty change where there is no such document."""
    return _Removal(view, id_).batch()


def replacement(
    view: _View,
    id_: str,
    graphs: Mapping[str, Graph],
    shared: Mapping[str, Graph],
    outdated: Mapping[str, Graph],
) -> Batch:
    """The document's new ``graphs``, and ``shared`` in the place of what was its alone, and of
    what is ``outdated``."""
    old = removal(view, id_)
    remove = {
        name: old.remove.get(name, frozenset()) | outdated.get(name, frozenset())
        for name in {*old.remove, *outdated}
    }
    return Batch(put={**old.put, **graphs}, add=shared, remove=remove)


class _Removal:
    def __init__(self, view: _View, id_: str) -> None:
        self._view = view
        self._iris = view.iris
        self._id = id_
        self._graphs = (self._iris.document_graph(id_), self._iris.inferred_graph(id_))
        self._things = self._own_things()

    def batch(self) -> Batch:
        remove: defaultdict[str, set[tuple[Term, Term, Term]]] = defaultdict(set)
        parts = (
            *(self._links(), self._facts(), self._names(), self._relations()),
            *(self._ruled(), self._runs()),
        )
        for graph, triple in chain.from_iterable(parts):
            remove[graph].add(triple)
        return Batch(
            put={graph: frozenset() for graph in self._graphs},
            remove={graph: frozenset(triples) for graph, triples in remove.items()},
        )

    def _own_things(self) -> set[Term]:
        """The document, its statements and its local nodes."""
        subjects = {s for graph in self._graphs for s, _, _ in self._view.graph(graph)}
        return {subject for subject in subjects if self._is_own(subject)}

    def _is_own(self, subject: Term) -> bool:
        name = self._iris.parse(iri_of(subject))
        if name is None or name.span is not None:
            return False
        return name.kind == "statement" or (name.kind == "document" and name.id == self._id)

    def _links(self) -> Iterator[Located]:
        graph = self._iris.entities_graph
        for thing in self._things:
            for located in self._in({graph}, (thing, None, None)):
                yield located
                if located[1][1] == TST.sameEntity:
                    yield from self._in({graph}, (self._reasons(thing), None, None))

    def _reasons(self, local: Term) -> Term:
        return f"{local[:-1]}#link>"

    def _facts(self) -> Iterator[Located]:
        """All about the entities that no other document has."""
        linked = {o for _, (_, p, o) in self._links() if p == TST.sameEntity}
        orphans = {entity for entity in linked if not self._has_others(entity)}
        around = {
            place
            for orphan in orphans
            for _, (_, _, place) in self._in(self._authorities, (orphan, TST.within, None))
        }
        for entity in orphans | {place for place in around if not self._has_others(place)}:
            if not self._surrounds_others(entity):
                yield from self._about(entity)

    def _names(self) -> Iterator[Located]:
        """The names of their time by which this document alone calls places."""
        called = {
            name
            for thing in self._things
            for _, (_, _, name) in self._in(set(self._graphs), (thing, TST.calledBy, None))
        }
        for name in called:
            by = self._view.match(None, TST.calledBy, name)
            if all(graph in self._graphs for graph, _ in by):
                yield from self._in(self._authorities, (name, None, None))
                yield from self._in(self._authorities, (None, TST.formerName, name))

    def _has_others(self, entity: Term) -> bool:
        """Whether a local entity of another document is the same as ``entity``."""
        links = self._in({self._iris.entities_graph}, (None, TST.sameEntity, entity))
        return any(local not in self._things for _, (local, _, _) in links)

    def _surrounds_others(self, place: Term) -> bool:
        # ``tst:within`` is transitively closed there: one step tells.
        inside = self._in(self._authorities, (None, TST.within, place))
        return any(self._has_others(inner) for _, (inner, _, _) in inside)

    def _about(self, entity: Term) -> Iterator[Located]:
        for graph, triple in self._in(self._authorities, (entity, None, None)):
            yield graph, triple
            if triple[1] in (GEO.hasGeometry, TST.formerName) and is_iri(triple[2]):
                yield from self._in(self._authorities, (triple[2], None, None))
        for _, (link, _, _) in self._in(self._authorities, (None, TST.linkFrom, entity)):
            yield from self._in(self._authorities, (link, None, None))

    def _relations(self) -> Iterator[Located]:
        graphs = {self._iris.relations_graph}
        for thing in self._things:
            yield from self._in(graphs, (thing, None, None))
            for located in self._in(graphs, (None, None, thing)):
                yield located
                relation = located[1][0]
                if not self._is_document(relation):  # another document has links of its own
                    yield from self._in(graphs, (relation, None, None))

    def _ruled(self) -> Iterator[Located]:
        """Which decisions rule things of the document now."""
        for thing in self._things:
            yield from self._in({self._iris.decisions_graph}, (None, TST.affects, thing))

    def _is_document(self, subject: Term) -> bool:
        name = self._iris.parse(iri_of(subject)) if is_iri(subject) else None
        return name is not None and name.kind == "document"

    def _runs(self) -> Iterator[Located]:
        graphs = {self._iris.runs_graph}
        own = [iri(name) for name in (*self._graphs, self._iris.document(self._id))]
        runs = set()
        for name in own:
            yield from self._in(graphs, (None, None, name))
            for graph, triple in self._in(graphs, (name, None, None)):
                yield graph, triple
                if triple[1] == PROV.wasGeneratedBy:
                    runs.add(triple[2])
        for run in runs:
            made = self._in(graphs, (None, PROV.wasGeneratedBy, run))
            if all(graph in own for _, (graph, _, _) in made):
                yield from self._in(graphs, (run, None, None))

    @property
    def _authorities(self) -> Set[str]:
        return {self._iris.entities_graph, self._iris.gazetteer_graph}

    def _in(self, graphs: Set[str], pattern: _Pattern) -> Iterable[Located]:
        return (located for located in self._view.match(*pattern) if located[0] in graphs)
