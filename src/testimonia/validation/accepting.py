"""Graphs that conform, told by questions in SPARQL to pyoxigraph instead of by pySHACL.

What is accepted here conforms. What is not may conform all the same: the reference decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING, cast

from testimonia import rdf, terms
from testimonia.terms import Graph
from testimonia.validation import files
from testimonia.validation.compiling import Compiled, compiled
from testimonia.validation.index import Declined, Index
from testimonia.vocabulary import RDFS

if TYPE_CHECKING:
    import pyoxigraph
    from pyoxigraph import QuerySolution, QuerySolutions


def accepts(graph: Graph, without: Collection[str] = ()) -> bool:
    """Whether a document's graph is seen to conform to ``shapes/*.ttl``.

    ``without`` are the IRIs of shapes with a query that it conforms to anyhow.
    """
    shapes = _shapes()
    if shapes is None or any(predicate == RDFS.subClassOf for _, predicate, _ in graph):
        return False  # the shapes are compiled for the classes of the ontology
    whole = graph | files.hierarchy()
    store = _loaded(whole)
    if store is None or not _is_kept(graph):
        return False
    return conforms(store, shapes.for_graph(whole), without)


def _loaded(graph: Graph) -> pyoxigraph.Store | None:
    """A store with the graph; ``None`` where a term is none, which is for the reference to say.

    The terms are those of N-Triples: to parse them again takes 4 ms for 2,436 triples, to make an
    object of each 10 ms.
    """
    from pyoxigraph import RdfFormat, Store

    store = Store()
    try:
        store.load("".join([f"{s} {p} {o} .\n" for s, p, o in graph]), format=RdfFormat.N_TRIPLES)
    except SyntaxError:
        return None
    return store if len(store) == len(graph) else None


def conforms(store: pyoxigraph.Store, shapes: Compiled, without: Collection[str] = ()) -> bool:
    """Whether the store's default graph is seen to conform: no violation is found."""
    if any(
        # What is there by what it needs was looked up.
        (each.needs or store.query(each.first)) and store.query(each.ask)
        for each in shapes.questions
    ):
        return False
    selects = [each for each in shapes.selects if each.shape not in without]
    nodes = {
        focus: [str(solution[0]) for solution in _solutions(store, focus)]
        for focus in dict.fromkeys(each.focus for each in selects)
    }
    return all(
        # In a query a blank node is a variable, and a literal no subject.
        terms.is_iri(node) and next(_solutions(store, each.of(node)), None) is None
        for each in selects
        for node in nodes[each.focus]
    )


def _solutions(store: pyoxigraph.Store, select: str) -> Iterator[QuerySolution]:
    return iter(cast("QuerySolutions", store.query(select)))


@cache
def _shapes() -> Compiled | None:
    """The shapes of this installation; ``None`` if they have what is not compiled."""
    from pyoxigraph import parse

    try:
        triples = (triple for file in files.shapes() for triple in parse(path=file))
        return compiled(Index(triples, files.classes()))
    except Declined:
        return None


def _is_kept(graph: Graph) -> bool:
    """Whether a store gives back the graph's literals as they are.

    It keeps numbers and times by value: then a query sees 1 for 01, and xsd:integer for another
    whole number's datatype, and answers for a graph that is not the document's.
    """
    typed = {value for _, _, value in graph if value[-1] == ">" and value[0] == '"'}
    return all(rdf.as_stored(value) == value for value in typed)
