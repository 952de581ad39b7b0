"""A document comes among the others, and goes: its events, and how its statements stand to theirs.

What documents give to be compared is kept in the record, and relations too; ``graph/relations`` has
their image. All follows from the record: the same documents in the same order give the same graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Claimed, Compared, Related, Told, arrival_of
from testimonia.crossref.events import Recogniser
from testimonia.crossref.pool import Pool, telling_of
from testimonia.crossref.preparing import Given, Item
from testimonia.crossref.statements import Relater
from testimonia.identity import digest
from testimonia.iris import Iris
from testimonia.store import Batch
from testimonia.terms import Graph, Triple, decimal, iri, literal
from testimonia.vocabulary import RDF, TST, terms_of

_SCHEME = "compared 3"  # changes with what is compared, so that all is found anew
_TST = terms_of(TST)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a document has with the others: ``events`` are paths of canonical events by local key,
    ``entities`` why, ``relations`` those of its statements, ``others`` what changes elsewhere;
    ``compared`` how many pairs of accounts and of statements were looked at."""

    events: Mapping[str, str]
    entities: Graph
    relations: Graph
    others: Batch
    compared: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Sets the documents of one archive beside one another."""

    catalog: Catalog
    iris: Iris

    def enter(self, given: Given, canonical: Mapping[str, str]) -> Entered:
        """Compare a document with those of the record, and record what it gives.

        ``canonical`` are the paths of its canonical entities, as far as they are known.
        """
        own = self._compared(given)
        if self.catalog.compared(given.document) == own:
            return self._as_before(own, given.events)
        tellings = [each.resolved(canonical) for each in given.tellings]
        claims = [each.resolved(canonical) for each in given.claims]
        with self.catalog.together():
            return self._entered(own, given.events, tellings, claims)

    def _entered(
        self,
        own: Compared,
        shown: Collection[str],
        tellings: Sequence[Item],
        claims: Sequence[Item],
    ) -> Entered:
        pool = Pool(self.catalog)
        pointed = self._pointing_to(own.arrival)
        before = self.catalog.told_in(own.arrival)
        recognised = Recogniser(self.catalog, own, pool).recognise(
            [telling_of(each.features) for each in tellings],
            [each.features for each in tellings],
            [each.blocks for each in tellings],
        )
        claimed = [
            Claimed(own.item(number), each.id, each.features, each.blocks)
            for number, each in enumerate(claims)
        ]
        self.catalog.put_compared(own, recognised.told, claimed)
        pool.put(own, recognised.told, claimed)
        self._retire(own, before, recognised.told, shown)
        relater = Relater(self.catalog, pool)
        _, new = relater.relate(own.item(number) for number in range(len(claims)))
        others = Batch()
        if not self.catalog.is_latest(own.arrival):
            changed = relater.relate(pointed | relater.followers(own.arrival))
            others = self._batch(*changed, pool)
        return Entered(
            _of_graph(recognised.canonical, shown),
            self._reasons(own, recognised.told, shown),
            frozenset(self._triples(new, pool)),
            others,
            (recognised.comparisons, relater.comparisons),
        )

    def recorded(self, document: str) -> Entered:
        """What the record says of a document that is compared, relations of others to it too;
        nothing of one that is not."""
        own = self.catalog.compared(document)
        if own is None:
            return Entered({}, frozenset(), frozenset(), Batch())
        return self._as_before(own, self.catalog.identities(document))

    def leave(self, document: str) -> Batch:
        """Take a document out of what is compared: it leaves the graph.

        Returns how the relations of others change; those with it leave with its graph.
        """
        known = self.catalog.compared(document)
        if known is None:
            return Batch()
        pointed = self._pointing_to(known.arrival)
        self.catalog.drop_compared(document)
        pool = Pool(self.catalog)
        return self._batch(*Relater(self.catalog, pool).relate(pointed), pool)

    def tidy(self) -> Batch:
        """Take out what is compared of documents that are not in the graph, since a run was cut
        short."""
        remove: set[Triple] = set()
        for document in self.catalog.not_stored():
            arrival = self.catalog.arrival(document)
            remove |= self._triples(self.catalog.relations_of(arrival), Pool(self.catalog))
            self.catalog.drop_compared(document)
        return Batch(remove={self.iris.relations_graph: frozenset(remove)} if remove else {})

    # ----------------------------------------------------------------------------- record

    def _compared(self, given: Given) -> Compared:
        """The document as it is known again: by its own words alone. Whom the record takes its
        entities for may change with each document that comes later, and what was found with it
        would be found otherwise when all is derived anew."""
        features = (each.features for each in (*given.tellings, *given.claims))
        whole = digest("compared", _SCHEME, given.day, *given.topic, *features)
        arrival = self.catalog.arrival(given.document)
        return Compared(arrival, given.document, given.day, given.topic, whole)

    def _retire(
        self, own: Compared, before: Iterable[Told], told: Iterable[Told], shown: Collection[str]
    ) -> None:
        """Record which events are no more, now that the document's accounts are of others, and
        which are there again. The event that one leads to is that of the same account now."""
        heirs: dict[str, str] = {}
        for each in told:
            telling = telling_of(each.features)
            if telling.event in shown:
                heirs.setdefault(telling.event, each.event)
                heirs[telling.account] = each.event
        here = set(heirs.values())
        gone: dict[str, str | None] = {}
        for each in before:
            if each.event in here or self.catalog.is_told_elsewhere(each.event, own.arrival):
                continue
            telling = telling_of(each.features)
            gone[each.event] = (
                gone.get(each.event) or heirs.get(telling.account) or heirs.get(telling.event)
            )
        if gone or self.catalog.has_retired():
            self.catalog.retire(gone, back=here)

    def _as_before(self, own: Compared, shown: Collection[str]) -> Entered:
        """``shown`` are the local keys of the events that are in its graph."""
        told = self.catalog.told_in(own.arrival)
        events = {telling_of(each.features).event: each.event for each in told}
        related = self.catalog.relations_of(own.arrival)
        triples = frozenset(self._triples(related, Pool(self.catalog)))
        reasons = self._reasons(own, told, shown)
        return Entered(_of_graph(events, shown), reasons, triples, Batch())

    def _pointing_to(self, arrival: int) -> set[int]:
        """The statements of other documents that stand to one of this document."""
        related = self.catalog.relations_of(arrival)
        return {each.source for each in related if arrival_of(each.source) != arrival}

    # ------------------------------------------------------------------------------ graph

    def _reasons(self, own: Compared, told: Iterable[Told], shown: Collection[str]) -> Graph:
        """Why a local event is one that others tell of too."""
        found = {(telling_of(each.features).event, each.because) for each in told if each.because}
        return frozenset(
            (iri(self.iris.local(own.document, key)), TST.because, literal(why))
            for key, why in found
            if key in shown
        )

    def _batch(self, old: Collection[Related], new: Collection[Related], pool: Pool) -> Batch:
        gone, come = self._triples(old, pool), self._triples(new, pool)
        graph = self.iris.relations_graph
        if gone == come:
            return Batch()
        return Batch(add={graph: frozenset(come - gone)}, remove={graph: frozenset(gone - come)})

    def _triples(self, related: Iterable[Related], pool: Pool) -> set[Triple]:
        return {triple for each in related for triple in self._relation(each, pool)}

    def _relation(self, related: Related, pool: Pool) -> Iterator[Triple]:
        source, target = pool.side(related.source), pool.side(related.target)
        if source is None or target is None:
            return
        one, other = source.claim.id, target.claim.id
        node = iri(self.iris.relation(digest("relation", related.kind, one, other)))
        yield node, RDF.type, TST.StatementRelation
        yield node, TST.relationKind, _TST[related.kind]
        yield node, TST.relationFrom, iri(self.iris.statement(one))
        yield node, TST.relationTo, iri(self.iris.statement(other))
        yield node, TST.confidence, decimal(related.confidence)
        yield from ((node, TST.because, literal(why)) for why in related.because)


def _of_graph(events: Mapping[str, str], shown: Collection[str]) -> dict[str, str]:
    """Of a document's events those that are in its graph."""
    return {key: path for key, path in events.items() if key in shown}


def is_change(batch: Batch) -> bool:
    """Whether a batch changes anything."""
    return bool(batch.put or batch.add or batch.remove)
