"""The form in which triples come back from a store: the same for each, so that stores compare.

It is pyoxigraph's, which keeps numbers, booleans and times by value ("12.0" comes back as "12").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import DefaultGraph, Quad, Store

from testimonia.errors import StoreError
from testimonia.rdf import from_oxigraph, to_quads
from testimonia.store import Located
from testimonia.terms import Graph, Triple, iri


def normalised(graphs: Mapping[str, Graph]) -> set[Located]:
    """The triples as a store will give them back, in one pass through a store in memory.

    Without it "12.0" would differ from the "12" that is stored, and every batch change something.

    Raises:
        StoreError: a term is not in canonical N-Triples form.
    """
    scratch = Store()
    for name, graph in graphs.items():
        try:
            scratch.extend(to_quads(graph, iri(name)))
        except ValueError as error:
            raise StoreError(f"the graph <{name}> cannot be stored: {error}") from error
    return set(map(located, scratch))


def triple_of(quad: Quad) -> Triple:
    """A quad without its graph."""
    return from_oxigraph(quad.subject), from_oxigraph(quad.predicate), from_oxigraph(quad.object)


def located(quad: Quad) -> Located:
    """The triple of a quad, with the name of its graph."""
    name = quad.graph_name
    return ("" if isinstance(name, DefaultGraph) else name.value), triple_of(quad)


def grouped(located: Iterable[Located]) -> dict[str, list[Triple]]:
    """Triples by graph."""
    groups: defaultdict[str, list[Triple]] = defaultdict(list)
    for name, triple in located:
        groups[name].append(triple)
    return groups
