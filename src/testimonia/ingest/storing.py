"""Where a document that was read is linked and stored: in the writer's process, in their order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from testimonia.catalog import Catalog, Record
from testimonia.crossref import Changing, Entities, LinkGraph
from testimonia.crossref.documents import CrossReference, Entered
from testimonia.crossref.preparing import Given
from testimonia.decided import Decided
from testimonia.ingest.deriving import Derived
from testimonia.iris import Iris
from testimonia.linking import Links, label_triples, relinked, same_triples
from testimonia.mapping import derivation_triples, nodes, place_facts, retired
from testimonia.model import GazetteerEntry
from testimonia.reprints import Reprints
from testimonia.store import Batch, Writer
from testimonia.store.arrivals import Arrival, Prepared, triples_of
from testimonia.terms import Graph, Triple, iri, iri_of


@dataclass(frozen=True, slots=True)
class Linking:
    """Links documents with what is there, and puts them into the store."""

    catalog: Catalog
    writer: Writer
    entities: Entities
    around: Callable[[GazetteerEntry], Iterable[GazetteerEntry]]
    gazetteer: Callable[[], Graph]
    settled: Callable[[Collection[str]], None]
    touched: set[str] = field(default_factory=set)
    others: list[Batch] = field(default_factory=list)

    def arrival(self, record: Record, derived: Derived, prepared: Prepared, run: str) -> Arrival:
        """The document linked: identities in the record, and what the store is to have.

        Documents that come with it are linked before or after it, in their order, and none of them
        is in the store yet: what is asked of them is to be asked of the record.
        """
        iris, id_ = self.writer.iris, record.id
        before = self.catalog.identities(id_)
        links = self.entities.link_profiles(id_, derived.profiles, derived.entities)
        if links.doubles:
            Changing(self.catalog, self.writer).join(links.doubles)
            links = replace(links, canonical=self.catalog.identities(id_))
        crossed = self._crossed(derived.given, links)
        links = relinked(links, crossed.events)
        self.catalog.identify(id_, links.canonical, links.kinds)
        self.others.append(crossed.others)
        self.touched.update(before.values(), links.canonical.values())
        entries = self._entries(derived.places)
        around = {f"place/{entry.id}": entry.name for entry in entries}
        unnamed = {path: name for path, name in around.items() if path not in links.labels}
        shared = {
            iris.entities_graph: same_triples(id_, links, iris)
            | label_triples(unnamed, iris)
            | crossed.entities,
            iris.relations_graph: crossed.relations,
            iris.gazetteer_graph: self._facts(entries),
            iris.runs_graph: derivation_triples(iris, run, id_),
            iris.decisions_graph: self._decided.note(derived.noted),
        }
        self._retire(id_, prepared)
        canonical = {
            iri(iris.local(id_, key)): iri(iris.base_iri + path)
            for key, path in links.canonical.items()
        }
        return Arrival(id_, prepared, canonical, shared)

    def store(self, arrivals: Sequence[Arrival], pending: Collection[str]) -> None:
        """Put documents into the store, with the links between those of one text. In the graph are
        those marked as stored, and ``pending``: these among them."""
        self.writer.put_documents([self._labelled(each) for each in arrivals])
        for batch in self.others:  # how statements of others stand to these
            self.writer.apply(batch)
        self.others.clear()
        Changing(self.catalog, self.writer).line_up()
        reprints = Reprints(self.catalog, self.writer)
        for each in arrivals:
            reprints.link(each.id, pending)
            if (record := self.catalog.document(each.id)) is not None:
                self._decided.relink(record)
        self.settled(self.touched)
        self.touched.clear()

    @property
    def crossing(self) -> CrossReference:
        """Sets the archive's documents beside one another."""
        return CrossReference(self.catalog, self.writer.iris)

    def _crossed(self, given: Given, links: Links) -> Entered:
        return self.crossing.enter(given, links.canonical)

    @property
    def _decided(self) -> Decided:
        return Decided(self.catalog, self.writer)

    def _labelled(self, arrival: Arrival) -> Arrival:
        """With the labels of its entities, now that all that come with it are linked: one of them
        may have given a better one. Entities that are there already change theirs first."""
        iris = self.writer.iris
        paths = {iri_of(each).removeprefix(iris.base_iri) for each in arrival.canonical.values()}
        labels = self.catalog.labels(paths)
        named, graph = label_triples(labels, iris), iris.entities_graph
        if outdated := LinkGraph(self.catalog, self.writer).outdated(labels):
            changed = {subject for subject, _, _ in outdated}
            better = frozenset(triple for triple in named if triple[0] in changed)
            self.writer.apply(Batch(add={graph: better}, remove={graph: outdated}))
        return replace(arrival, shared={**arrival.shared, graph: arrival.shared[graph] | named})

    def _facts(self, entries: Iterable[GazetteerEntry]) -> Graph:
        facts = frozenset[Triple]().union(*(_of_place(each, self.writer.iris) for each in entries))
        return facts | self.gazetteer() if facts else facts

    def _retire(self, id_: str, prepared: Prepared) -> None:
        """Record which IRIs are no more. Before the store changes: an IRI that is there is never
        looked up in the record, so a crash between the two does no harm."""
        iris = self.writer.iris
        old = self.writer.graph(iris.document_graph(id_))
        if old:
            new = triples_of(prepared.document)
            if old != new:
                self.catalog.retire(retired(old, new, iris), back=nodes(new, iris))
        elif self.catalog.has_retired(f"document/{id_}/") or self.catalog.has_retired("statement/"):
            self.catalog.retire({}, back=nodes(triples_of(prepared.document), iris))

    def _entries(self, places: Iterable[GazetteerEntry]) -> list[GazetteerEntry]:
        """The places of a reading that the gazetteer knows, and those around them."""
        own = {entry.id: entry for entry in places}
        around = {each.id: each for entry in own.values() for each in self.around(entry)}
        return list({**around, **own}.values())


@lru_cache(maxsize=10_000)
def _of_place(entry: GazetteerEntry, iris: Iris) -> Graph:
    return frozenset(place_facts(entry, iris))
