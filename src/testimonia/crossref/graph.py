"""Links in ``graph/entities``, in line with the record; document graphs stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from testimonia.catalog import Catalog
from testimonia.linking import Found, link_triples
from testimonia.linking.constraints import Local
from testimonia.store import Batch, Writer
from testimonia.terms import Graph, Term, Triple, iri, iri_of, literal
from testimonia.vocabulary import RDFS, TST


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """``graph/entities`` of one archive."""

    catalog: Catalog
    writer: Writer

    def outdated(self, labels: Mapping[str, str]) -> Graph:
        """Labels that entities have in the graph, and another one (by path) in the record."""
        base = self.writer.iris.base_iri
        return frozenset(
            triple
            for path, label in labels.items()
            for triple in self._labels(iri(base + path))
            if triple[2] != literal(label)
        )

    def line_up(self, locals_: Iterable[Local]) -> bool:
        """Let the graph say of these local entities what the record says, in one transaction that
        changes the reading view too. Of documents that are not in the graph nothing is said.

        Returns whether anything changed.
        """
        old: set[Triple] = set()
        new: set[Triple] = set()
        for document, keys in _by_document(locals_).items():
            identities = self.catalog.identities(document)
            reasons = self.catalog.profiles(document)
            for key in keys:
                standing = set(self._standing(document, key))
                if standing and key in identities:
                    kept = reasons.get(key)
                    why = None
                    if kept and kept.confidence is not None:
                        why = Found(kept.confidence, kept.because)
                    iris = self.writer.iris
                    old |= standing
                    new |= set(link_triples(document, key, identities[key], why, iris))
        new |= self._labels_of({o for _, p, o in new if p == TST.sameEntity})
        old |= self._unlabelled(old, new)
        graph = self.writer.iris.entities_graph
        return self.writer.apply(
            Batch(add={graph: frozenset(new - old)}, remove={graph: frozenset(old - new)})
        )

    def _standing(self, document: str, key: str) -> Iterator[Triple]:
        iris = self.writer.iris
        yield from self._match(iri(iris.local(document, key)), TST.sameEntity, None)
        yield from self._match(iri(iris.entity_link(document, key)), None, None)

    def _labels_of(self, entities: Iterable[Term]) -> set[Triple]:
        base = self.writer.iris.base_iri
        labels = ((each, self.catalog.label(iri_of(each).removeprefix(base))) for each in entities)
        return {(each, RDFS.label, literal(label)) for each, label in labels if label is not None}

    def _unlabelled(self, old: set[Triple], new: set[Triple]) -> set[Triple]:
        """Labels of entities that no local one is any more, and labels that are another now."""
        moved = {s for s, p, _ in old if p == TST.sameEntity}
        labelled = {s: o for s, p, o in new if p == RDFS.label}
        gone: set[Triple] = set()
        for entity in {o for _, p, o in (*old, *new) if p == TST.sameEntity}:
            left = any(s not in moved for s, _, _ in self._match(None, TST.sameEntity, entity))
            kept = labelled.get(entity)
            if kept is None and left:
                continue
            gone |= {triple for triple in self._labels(entity) if triple[2] != kept}
        return gone

    def _labels(self, entity: Term) -> Iterator[Triple]:
        return self._match(entity, RDFS.label, None)

    def _match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Triple]:
        graph = self.writer.iris.entities_graph
        for name, triple in self.writer.match(subject, predicate, object_):
            if name == graph:
                yield triple


def _by_document(locals_: Iterable[Local]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for document, key in sorted(set(locals_)):
        found.setdefault(document, []).append(key)
    return found
