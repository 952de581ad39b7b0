"""Keeps the indexes of names in step with the store: see :mod:`testimonia.candidates`.

Entities follow from the reading view, so that whatever merges, splits or renames them, the index
knows; entries follow from the graphs of authorities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from testimonia.candidates import AUTHORITIES, ENTITIES, Index, Thing, describing
from testimonia.iris import Iris
from testimonia.rdf import from_oxigraph
from testimonia.store import READING_VIEW, Located
from testimonia.store.checkpoints import Checkpoints
from testimonia.terms import Term, iri, iri_of, is_iri

# From here on a source is indexed anew as a whole: one pass over its graph in the store's order.
_MANY: Final = 20_000
_KINDS: Final = ("actor", "place", "event")


class Quads(Protocol):
    """What is read of a store; the quads of one subject come together."""

    def quads_for_pattern(
        self,
        subject: NamedNode | None,
        predicate: NamedNode | None,
        object_: NamedNode | None,
        graph: NamedNode | DefaultGraph,
        /,
    ) -> Iterator[Quad]:
        """The quads that fit; ``None`` fits everything."""
        ...

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The names of all graphs."""
        ...


class IndexedNames:
    """The two indexes of one open store. Its writer tells of every change, and of each checkpoint
    before that is published.

    Raises:
        StoreError: an index can be neither opened nor made.
    """

    def __init__(self, directory: Path, store: Quads, checkpoints: Checkpoints, iris: Iris) -> None:
        self._store = store
        self._iris = iris
        self._checkpoints = checkpoints
        self._entities = Index(directory, ENTITIES)
        self._authorities = Index(directory, AUTHORITIES)
        newest = checkpoints.generation()
        known = not checkpoints.pending()
        self._entities_known = known and self._entities.generation == newest
        self._authorities_known = known and self._authorities.generation == newest
        self._touched: set[str] = set()
        self._entries: defaultdict[str, set[str]] = defaultdict(set)

    def note(self, changed: Iterable[Located]) -> None:
        """Triples have come or gone; those of other graphs than the view and the authorities' do
        not matter."""
        for graph, (subject, _, _) in changed:
            if is_iri(subject):
                self._note(graph, iri_of(subject))

    def _note(self, graph: str, subject: str) -> None:
        if graph == READING_VIEW:
            entity = self._entity_of(subject)
            if entity is not None:
                self._touched.add(entity)
            return
        authority = self._iris.authority_of(graph)
        # Of the many no more is kept than that there are.
        if authority is not None and len(self._entries[authority]) <= _MANY:
            self._entries[authority].add(subject)

    def forget(self) -> None:
        """Nobody knows what has changed: all is indexed anew with the next checkpoint."""
        self._entities_known = self._authorities_known = False

    def publish(self) -> None:
        """Get ready for the checkpoint that will be published next, of the store as it is now.

        Raises:
            StoreError: the disk refused.
        """
        following = self._checkpoints.generation() + 1
        if self._entities_known:
            things = {(each, ""): self._thing(each) for each in sorted(self._touched)}
            self._entities.update(things, following, {})
        else:
            self._entities.fill(self._all_entities(), following)
            self._entities_known = True
        self._publish_entries(following)
        self._touched.clear()
        self._entries.clear()

    def _publish_entries(self, following: int) -> None:
        if not self._authorities_known:
            names = filter(None, map(self._iris.authority_of, self._graphs()))
            every = (entry for name in sorted(names) for entry in self._all_entries(name))
            self._authorities.fill(every, following)
            self._authorities_known = True
            return
        many = {name for name, touched in self._entries.items() if len(touched) > _MANY}
        few = {
            (each, name): self._entry(name, each)
            for name, touched in self._entries.items()
            if name not in many
            for each in self._whole(name, touched)
        }
        renewed = {name: self._all_entries(name) for name in sorted(many)}
        self._authorities.update(few, following, renewed)

    def close(self) -> None:
        """Let go of the indexes."""
        self._entities.close()
        self._authorities.close()

    # ----------------------------------------------------------------------------- entities

    def _entity_of(self, subject: str) -> str | None:
        """The entity that a node of the view is, or whose geometry it is."""
        name = self._iris.parse(subject)
        if name is None or name.kind not in _KINDS or name.part not in ("", "geometry"):
            return None
        return self._iris.of(name.kind, name.id)

    def _thing(self, entity: str) -> Thing | None:
        said = self._said(entity, DefaultGraph(), describing.of_entities())
        return describing.entity(entity, said)

    def _all_entities(self) -> Iterator[Thing]:
        label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        for quad in self._store.quads_for_pattern(None, label, None, DefaultGraph()):
            subject = quad.subject
            if isinstance(subject, NamedNode) and self._entity_of(subject.value) == subject.value:
                thing = self._thing(subject.value)
                if thing is not None:
                    yield thing

    # ------------------------------------------------------------------------------ entries

    def _entry(self, authority: str, subject: str) -> Thing | None:
        said = self._said(subject, NamedNode(self._iris.authority_graph(authority)))
        return describing.entry(subject, authority, said)

    def _all_entries(self, authority: str) -> Iterator[Thing]:
        graph = NamedNode(self._iris.authority_graph(authority))
        quads = self._store.quads_for_pattern(None, None, None, graph)
        # The store goes by graph, then subject: one subject's quads are together.
        for subject, _ in groupby(quads, key=_subject):
            if subject and (thing := self._entry(authority, subject)) is not None:
                yield thing

    def _whole(self, authority: str, touched: Iterable[str]) -> set[str]:
        """The subjects touched, and those that hold a touched node as their label or geometry."""
        graph = NamedNode(self._iris.authority_graph(authority))
        found = set(touched)
        for each in touched:
            quads = self._store.quads_for_pattern(None, None, NamedNode(each), graph)
            for quad in quads:
                pair = (from_oxigraph(quad.predicate), iri(each))
                if isinstance(quad.subject, NamedNode) and any(describing.linked_nodes([pair])):
                    found.add(quad.subject.value)
        return found

    # -------------------------------------------------------------------------------- store

    def _said(
        self,
        subject: str,
        graph: NamedNode | DefaultGraph,
        looked_at: Collection[Term] | None = None,
    ) -> list[tuple[Term, Term]]:
        said = [*self._pairs(subject, graph, looked_at)]
        held = {
            node: [*self._pairs(iri_of(node), graph, looked_at)]
            for node in describing.linked_nodes(said)
        }
        return describing.flattened(said, held)

    def _pairs(
        self, subject: str, graph: NamedNode | DefaultGraph, looked_at: Collection[Term] | None
    ) -> Iterator[tuple[Term, Term]]:
        for quad in self._store.quads_for_pattern(NamedNode(subject), None, None, graph):
            predicate = from_oxigraph(quad.predicate)
            if looked_at is None or predicate in looked_at:
                yield predicate, from_oxigraph(quad.object)

    def _graphs(self) -> Iterator[str]:
        for name in self._store.named_graphs():
            if isinstance(name, NamedNode):
                yield name.value


def _subject(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else ""
