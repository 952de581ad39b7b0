"""What is read of a remote store: see :class:`testimonia.store.View`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Store,
    serialize,
)

from testimonia.endpoints.client import Client, CutShort
from testimonia.endpoints.target import Target
from testimonia.iris import Iris
from testimonia.rdf import from_oxigraph
from testimonia.store import READING_VIEW, ExportFormat, Located
from testimonia.store.normal import located, triple_of
from testimonia.store.view import DATASETS, GRAPHS, WITH_PREFIXES, Exporting
from testimonia.terms import Graph, Term, Triple, iri, iri_of
from testimonia.vocabulary import PREFIXES

_CHUNK: Final = 20_000
_VARIABLES: Final = re.compile(r"\?\w+")

Pattern = tuple[Term | None, Term | None, Term | None]


class RemoteView(Exporting):
    """The read side. What is read is what is there at that moment, of each request its own.

    Raises (each method):
        StoreError: the store cannot be reached, or does not answer.
    """

    def __init__(self, client: Client, iris: Iris) -> None:
        self._client = client
        self.iris = iris

    @classmethod
    def of(cls, target: Target, iris: Iris) -> RemoteView:
        """The view of a store, with connections of its own."""
        return RemoteView(Client(target), iris)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def count(self, graph: str | None = None) -> int:
        """How many triples stand in ``graph``; in all graphs and the reading view if ``None``."""
        if graph is None:
            return self._number(self._hiding("GRAPH ?g { ?s ?p ?o }")) + self.count(READING_VIEW)
        return self._number(self.inside(graph, "?s ?p ?o"))

    def graphs(self) -> tuple[str, ...]:
        """The named graphs that have triples, sorted."""
        names = {iri_of(row[0] or "") for row in self.rows(self._client.target.kind.graph_names)}
        return tuple(sorted(names.difference(self._client.target.hidden)))

    def graph(self, name: str) -> Graph:
        """All triples of one graph; none where there is no such graph."""
        scratch = Store()
        scratch.extend(self._quads(name))
        return frozenset(map(triple_of, scratch))

    def triples(self, name: str) -> Iterator[Triple]:
        """The triples of one graph, one by one, in no particular order."""
        return map(triple_of, self.raw_quads(name))

    def viewed(self, subject: Term) -> Graph:
        """What the reading view says of a subject."""
        where = self.inside(READING_VIEW, f"{subject} ?p ?o")
        known = (subject, None, None)
        return frozenset(triple for _, triple in self.located(where, known, graph=READING_VIEW))

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples of named graphs that fit; ``None`` fits everything."""
        pattern = " ".join(
            term or name
            for term, name in zip((subject, predicate, object_), ("?s", "?p", "?o"), strict=True)
        )
        yield from self.located(f"GRAPH ?g {{ {pattern} }}", (subject, predicate, object_))

    def located(
        self, where: str, known: Pattern = (None, None, None), graph: str | None = None
    ) -> Iterator[Located]:
        """The triples ``?s ?p ?o`` of ``?g`` that a pattern binds, but for what is ``known``
        already, in the form in which every store gives them."""
        hidden = frozenset(self._client.target.hidden)
        names = [name for name, term in zip(("?s", "?p", "?o"), known, strict=True) if term is None]
        asked = ["?g", *names] if graph is None else names
        query = f"SELECT {' '.join(asked) or '?g'} {{ {where} }}"
        for row in self.rows(query):
            terms = iter(row)
            name = iri_of(next(terms) or "") if graph is None else graph
            if name not in hidden:
                s, p, o = (term or next(terms) or "" for term in known)
                yield name, (s, p, o)

    def rows(self, query: str) -> Iterator[tuple[Term | None, ...]]:
        """The solutions of a SELECT without ORDER BY and LIMIT, read as they come."""
        for solution in self._solutions(query):
            yield tuple(None if term is None else _term(term) for term in solution)

    def _solutions(self, query: str) -> Iterator[QuerySolution]:
        """In parts where the store cuts the result short. Without ORDER BY two parts would not fit
        together: Virtuoso reads a graph in several threads."""
        try:
            with self._client.results(query) as results:
                yield from cast("QuerySolutions", results)
                return
        except CutShort:
            if not self._client.target.kind.page:
                raise
        names = " ".join(dict.fromkeys(_VARIABLES.findall(query.partition("{")[0])))
        page, offset = self._client.target.kind.page, 0
        while True:
            part = f"SELECT {names} {{ {{ {query} ORDER BY {names} }} }}"
            number = 0
            with self._client.results(f"{part} LIMIT {page} OFFSET {offset}") as results:
                for number, solution in enumerate(cast("QuerySolutions", results), 1):  # noqa: B007
                    yield solution
            if number < page:
                return
            offset += page

    def quads(self) -> Iterator[Located]:
        """Everything, the reading view included, in no particular order."""
        return map(located, self.raw_quads())

    def raw_quads(self, graph: str | None = None) -> Iterator[Quad]:
        """The same for pyoxigraph, blank nodes and all."""
        for name in (READING_VIEW, *self.graphs()) if graph is None else (graph,):
            quads = self._quads(name)
            while chunk := list(islice(quads, _CHUNK)):
                scratch = Store()
                scratch.extend(chunk)
                yield from scratch

    def _dump(self, output: BinaryIO, format_: ExportFormat, graph: str | None) -> None:
        whole = graph is None and format_ in DATASETS
        quads = self.raw_quads(None if whole else graph or READING_VIEW)
        serialize(
            quads if whole else (quad.triple for quad in quads),
            output,
            format={**DATASETS, **GRAPHS}[format_],
            prefixes=dict(PREFIXES) if format_ in WITH_PREFIXES else None,
        )

    # ------------------------------------------------------------------------- patterns

    def place(self, graph: str) -> str:
        """Where a graph's triples stand in the store: the reading view may be a named graph."""
        return graph or self._client.target.view

    def inside(self, graph: str, pattern: str) -> str:
        """A pattern of one graph, or of the reading view."""
        place = self.place(graph)
        return f"GRAPH {iri(place)} {{ {pattern} }}" if place else pattern

    def _hiding(self, pattern: str) -> str:
        hidden = ", ".join(f"<{each}>" for each in self._client.target.hidden if ":" in each)
        return f"{pattern} FILTER (?g NOT IN ({hidden}))"

    def _number(self, where: str) -> int:
        with self._client.results(f"SELECT (COUNT(*) AS ?n) {{ {where} }}") as results:
            return sum(int(row[0].value) for row in cast("QuerySolutions", results))

    def _quads(self, graph: str) -> Iterator[Quad]:
        name = NamedNode(graph) if graph else DefaultGraph()
        where = self.inside(graph, "?s ?p ?o")
        if self._client.target.kind.page:
            # There a CONSTRUCT is cut short without a word.
            for s, p, o in self._solutions(f"SELECT ?s ?p ?o {{ {where} }}"):
                yield Quad(s, p, o, name)
            return
        with self._client.triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}") as triples:
            for quad in triples:
                yield Quad(quad.subject, quad.predicate, quad.object, name)


def _term(node: object) -> Term:
    """Our term, in the form in which every store gives it."""
    from testimonia.rdf import as_stored

    return as_stored(from_oxigraph(node))
