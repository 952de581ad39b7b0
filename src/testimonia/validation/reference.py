"""The verdict and the report of pySHACL, which is the reference.

For 1,733 triples, in CPU time, the least of several runs: pySHACL as it comes 560 to 610 ms; here
54 to 58 ms, of which 31 are pySHACL's and 22 turn the triples into the two libraries' own. Nearly
all of the difference is that pyoxigraph answers the queries; a test holds both results equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from testimonia import terms
from testimonia.errors import TestimoniaError
from testimonia.rdf import from_rdflib_term, to_quads, to_rdflib
from testimonia.validation import files
from testimonia.validation.report import SHACL, Violation

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib
    from rdflib.query import Result
    from rdflib.term import Node


def violations(graph: terms.Graph, without: Collection[str] = ()) -> list[Violation]:
    """The results about a document's graph, by all shapes but those named.

    Raises:
        TestimoniaError: the shapes of this installation cannot be applied.
        ValueError: a term of ``graph`` is not in canonical N-Triples form.
    """
    from rdflib.namespace import SH

    found = report(_data(graph), _shapes(tuple(without)))
    return [_violation(found, result) for result in found.objects(None, SH.result)]


def report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """The ``sh:ValidationReport`` of any shapes about ``data``, which may be changed.

    Raises:
        TestimoniaError: the shapes cannot be applied (SHACL, section 3.4: a failure).
    """
    import pyshacl
    import rdflib

    _, found, failure = pyshacl.validate(
        data, shacl_graph=shapes, inplace=True, inference="none", advanced=False
    )
    if not isinstance(found, rdflib.Graph):
        raise TestimoniaError(
            f"the shapes cannot be applied: {failure}; repair or install Testimonia again"
        )
    return found


def _data(graph: terms.Graph) -> rdflib.Graph:
    """A graph of its own for pySHACL, which may then write into it.

    Of an ontology, SHACL reads the class hierarchy and nothing else (section 1.1, "SHACL
    instance"), so that is all that is added. For the whole of it pySHACL would copy the data first
    (22 ms), into a graph whose queries pyoxigraph no longer answers.
    """
    from pyoxigraph import Store

    store = Store()
    store.extend(to_quads(graph))
    return queried(to_rdflib(graph | files.hierarchy()), store)


def queried(data: rdflib.Graph, store: pyoxigraph.Store) -> rdflib.Graph:
    """The graph with its queries answered by pyoxigraph from ``store``, which holds the same.

    That does for our shapes, not for all: the W3C's tests say which are answered otherwise.
    """
    return _queried_graph()(data, store)


@cache
def _queried_graph() -> Callable[[rdflib.Graph, pyoxigraph.Store], rdflib.Graph]:
    """rdflib's graph whose queries pyoxigraph answers, as pySHACL itself lets it."""
    import rdflib
    from pyshacl.graph_abstraction import DataGraph

    class QueriedGraph(rdflib.Graph):
        def __init__(self, triples: rdflib.Graph, queried: pyoxigraph.Store) -> None:
            super().__init__(triples.store, triples.identifier)
            self._queried = DataGraph.from_oxigraph_store(queried)

        def query(self, *args: Any, **options: Any) -> Result:
            return cast("Result", self._queried.query(*args, **options))

    return QueriedGraph


@cache
def _shapes(without: tuple[str, ...]) -> rdflib.Graph:
    """All shapes but these. pySHACL adds to them the same few triples of its own each time."""
    import rdflib

    shapes = rdflib.Graph()
    for file in files.shapes():
        shapes.parse(file)
    for name in without:
        shape = rdflib.URIRef(name)
        shapes.add((shape, rdflib.URIRef(SHACL + "deactivated"), rdflib.Literal(True)))
    return shapes


def _violation(report: rdflib.Graph, result: Node) -> Violation:
    def iri(name: str) -> str:
        return str(report.value(result, URIRef(SHACL + name)))

    from rdflib import URIRef

    path = report.value(result, URIRef(SHACL + "resultPath"))
    value = report.value(result, URIRef(SHACL + "value"))
    return Violation(
        focus_node=iri("focusNode"),
        path=None if path is None else str(path),
        value=None if value is None else from_rdflib_term(value),
        message=iri("resultMessage"),
        severity=iri("resultSeverity"),
        shape=iri("sourceShape"),
        component=iri("sourceConstraintComponent"),
    )
