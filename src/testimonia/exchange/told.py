"""The statements of a document as values: read off its graph, with canonical entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from testimonia.catalog import Record
from testimonia.exchange.holdings import Holdings
from testimonia.iris import Iris
from testimonia.model import Span
from testimonia.rdf import literal_parts
from testimonia.terms import Graph, Term, Triple, iri, iri_of, is_iri
from testimonia.vocabulary import PROV, RDF, RDFS, TST

Node = tuple[str, str]
"""An IRI and its label, which may be empty."""


@dataclass(frozen=True, slots=True)
class Told:
    """One statement. IRIs are plain strings, concepts the local names of the ontology
    (``"Direct"``); spans are code points into the document's text, end exclusive. ``triples`` are
    what the statement says, in canonical entities; ``evidence`` are the triples of its mentions.
    """

    iri: str
    speakers: tuple[Node, ...]
    addressees: tuple[Node, ...]
    about: tuple[Node, ...]
    content: str
    language: str
    cue: str
    directness: str
    kind: str
    certainty: str
    attribution_certainty: str
    polarity: str
    confidence: str
    reported_in: str
    spans: tuple[Span, ...]
    triples: Graph
    evidence: Graph


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """One document with its statements, in the order of the text."""

    iri: str
    record: Record
    runs: tuple[str, ...]
    statements: tuple[Told, ...]


def documents(holdings: Holdings) -> Iterator[ToldDocument]:
    """All stored documents with their statements."""
    return (document(holdings, record) for record in holdings.stored())


def document(holdings: Holdings, record: Record) -> ToldDocument:
    """One of them."""
    graph = holdings.iris.document_graph(record.id)
    reader = _Reader(holdings, holdings.view.graph(graph))
    found = holdings.view.match(iri(graph), PROV.wasGeneratedBy, None)
    runs = tuple(sorted(iri_of(run) for _, (_, _, run) in found))
    return ToldDocument(holdings.iris.document(record.id), record, runs, reader.statements())


class _Reader:
    """Reads one document's graph."""

    def __init__(self, holdings: Holdings, graph: Graph) -> None:
        self._view = holdings.view
        self._iris: Iris = holdings.iris
        self._about: defaultdict[Term, list[Triple]] = defaultdict(list)
        for triple in graph:
            self._about[triple[0]].append(triple)
        self._canonical: dict[Term, Term] = {}
        self._labels: dict[Term, str] = {}

    def statements(self) -> tuple[Told, ...]:
        """In the order of the text, the widest of those that begin together first."""
        nodes = [
            node
            for node, triples in self._about.items()
            if (node, RDF.type, TST.Statement) in triples
        ]
        found = [self._statement(node) for node in nodes]
        return tuple(sorted(found, key=lambda each: (each.spans[:1], each.iri)))

    def _statement(self, node: Term) -> Told:
        values = self._values(node)
        content = literal_parts(values[TST.content][0])

        def text(predicate: Term) -> str:
            term = next(iter(values.get(predicate, ())), '""')
            return _local(term) if is_iri(term) else literal_parts(term).value

        def nodes(predicate: Term) -> tuple[Node, ...]:
            return tuple(map(self._node, values.get(predicate, ())))

        inner = values.get(TST.reportedIn, ())
        return Told(
            iri=iri_of(node),
            speakers=nodes(TST.speaker),
            addressees=nodes(TST.addressee),
            about=nodes(TST.about),
            content=content.value,
            language=content.language or "",
            cue=text(TST.cue),
            directness=text(TST.directness),
            kind=text(TST.kind),
            certainty=text(TST.certainty),
            attribution_certainty=text(TST.attributionCertainty),
            polarity=text(TST.polarity),
            confidence=text(TST.confidence),
            reported_in=iri_of(inner[0]) if inner else "",
            spans=self._spans(values.get(TST.contentMention, ())),
            triples=frozenset(self._said(node)),
            evidence=frozenset(self._evidence(values)),
        )

    def _values(self, node: Term) -> Mapping[Term, list[Term]]:
        values: defaultdict[Term, list[Term]] = defaultdict(list)
        for _, predicate, value in sorted(self._about[node]):
            values[predicate].append(value)
        return values

    def _said(self, node: Term) -> Iterator[Triple]:
        """The statement, the accounts it gives and their quantities; whom and what they name."""
        inside = [node]
        named: set[Term] = set()
        while inside:
            subject = inside.pop()
            for _, predicate, value in self._about[subject]:
                if not is_iri(value) or not self._is_mention(value):
                    yield self._resolved(subject), predicate, self._resolved(value)
                if predicate in (TST.gives, TST.quantity):
                    inside.append(value)
                elif is_iri(value) and self._is_local(value):
                    named.add(value)
        for entity in named:
            yield from self._called(entity)

    def _called(self, entity: Term) -> Iterator[Triple]:
        node = self._resolved(entity)
        for _, predicate, value in self._about[entity]:
            if predicate in (RDF.type, RDFS.label, TST.named) or _is_time(predicate):
                yield node, predicate, value
        if label := self._label(node):
            yield node, RDFS.label, label

    def _evidence(self, values: Mapping[Term, list[Term]]) -> Iterator[Triple]:
        for predicate in (TST.contentMention, TST.cueMention, TST.speakerMention):
            for mention in values.get(predicate, ()):
                for subject, each, value in self._about[mention]:
                    if each != TST.denotes:
                        yield subject, each, value

    def _spans(self, mentions: Iterable[Term]) -> tuple[Span, ...]:
        names = (self._iris.parse(iri_of(each)) for each in mentions)
        return tuple(sorted(name.span for name in names if name and name.span))

    def _node(self, local: Term) -> Node:
        node = self._resolved(local)
        label = self._label(node) or next(
            (value for _, p, value in self._about[local] if p == RDFS.label), '""'
        )
        return iri_of(node), literal_parts(label).value

    def _resolved(self, term: Term) -> Term:
        """The canonical entity of a local one; everything else stays."""
        if not is_iri(term) or not self._is_local(term):
            return term
        if term not in self._canonical:
            found = self._view.match(term, TST.sameEntity, None)
            self._canonical[term] = next((entity for _, (_, _, entity) in found), term)
        return self._canonical[term]

    def _label(self, node: Term) -> Term:
        if node not in self._labels:
            graph = self._iris.entities_graph
            found = (o for g, (_, _, o) in self._view.match(node, RDFS.label, None) if g == graph)
            self._labels[node] = next(found, "")
        return self._labels[node]

    def _is_local(self, term: Term) -> bool:
        name = self._iris.parse(iri_of(term))
        return name is not None and name.is_local

    def _is_mention(self, term: Term) -> bool:
        return self._iris.is_mention(iri_of(term))


def _is_time(predicate: Term) -> bool:
    return predicate in (TST.timex, TST.edtf, TST.dateBasis)


def _local(term: Term) -> str:
    return iri_of(term).rpartition("#")[2]
