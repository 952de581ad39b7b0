"""What is read of a store that is open in this process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from testimonia.iris import Iris
from testimonia.rdf import from_oxigraph, to_oxigraph
from testimonia.store import READING_VIEW, ExportFormat, Located
from testimonia.store.normal import located, triple_of
from testimonia.store.sorting import SortedLines
from testimonia.terms import Graph, Term, Triple, iri_of
from testimonia.vocabulary import PREFIXES

DATASETS = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
GRAPHS = {
    "ntriples": RdfFormat.N_TRIPLES,
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
}
WITH_PREFIXES = frozenset({"trig", "turtle", "rdfxml"})


class Exporting(ABC):
    """Writes what a view has, which ``_dump`` writes unsorted."""

    def export(
        self,
        output: BinaryIO,
        format_: ExportFormat = "nquads",
        *,
        graph: str | None = None,
        sort: bool = False,
    ) -> None:
        """See :meth:`testimonia.store.View.export`.

        Raises:
            ValueError: ``sort`` with a format that is not line by line.
            StoreError: the store cannot be read.
            OSError: ``output`` cannot be written.
        """
        if not sort:
            self._dump(output, format_, graph)
            return
        if format_ not in {"nquads", "ntriples"}:
            raise ValueError(f"{format_} cannot be sorted; nquads and ntriples can")
        with SortedLines(output) as lines:
            self._dump(cast("BinaryIO", lines), format_, graph)

    @abstractmethod
    def _dump(self, output: BinaryIO, format_: ExportFormat, graph: str | None) -> None: ...


class EmbeddedView(Exporting):
    """The read side; see :class:`testimonia.store.View`."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self._store = store
        self.iris = iris

    def count(self, graph: str | None = None) -> int:
        """How many triples stand in ``graph``; in all graphs and the reading view if ``None``."""
        if graph is None:
            return len(self._store)
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, name_of(graph)))

    def graphs(self) -> tuple[str, ...]:
        """The named graphs that have triples, sorted."""
        return tuple(sorted(iri_of(from_oxigraph(name)) for name in self._store.named_graphs()))

    def graph(self, name: str) -> Graph:
        """All triples of one graph; none where there is no such graph."""
        quads = self._store.quads_for_pattern(None, None, None, name_of(name))
        return frozenset(map(triple_of, quads))

    def triples(self, name: str) -> Iterator[Triple]:
        """The triples of one graph, one by one, in no particular order."""
        return map(triple_of, self._store.quads_for_pattern(None, None, None, name_of(name)))

    def viewed(self, subject: Term) -> Graph:
        """What the reading view says of a subject."""
        quads = self._store.quads_for_pattern(_iri_node(subject), None, None, DefaultGraph())
        return frozenset(map(triple_of, quads))

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples of named graphs that fit; ``None`` fits everything.

        Raises:
            ValueError: something given is not in canonical N-Triples form.
        """
        for found in self._find(subject, predicate, object_):
            if found[0] != READING_VIEW:
                yield found

    def _find(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        wanted = None if object_ is None else to_oxigraph(object_)
        pattern = (_iri_node(subject), _iri_node(predicate), wanted, None)
        return map(located, self._store.quads_for_pattern(*pattern))

    def quads(self) -> Iterator[Located]:
        """Everything, the reading view included, in no particular order."""
        return map(located, self._store)

    def raw_quads(self) -> Iterator[Quad]:
        """The same for pyoxigraph, blank nodes and all."""
        return iter(self._store)

    def _dump(self, output: BinaryIO, format_: ExportFormat, graph: str | None) -> None:
        whole = graph is None and format_ in DATASETS
        self._store.dump(
            output,
            {**DATASETS, **GRAPHS}[format_],
            from_graph=None if whole else name_of(graph or READING_VIEW),
            prefixes=dict(PREFIXES) if format_ in WITH_PREFIXES else None,
        )


def name_of(graph: str) -> NamedNode | DefaultGraph:
    """pyoxigraph's name of a graph, the default graph's for the reading view."""
    return NamedNode(graph) if graph else DefaultGraph()


def _iri_node(term: Term | None) -> NamedNode | None:
    return None if term is None else NamedNode(iri_of(term))
