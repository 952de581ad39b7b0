"""The W3C's tests of SHACL Core and SHACL-SPARQL, on ``testimonia.validation``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Node

from conformance import w3c
from conformance.w3c import MF, parameters
from testimonia import rdf, validation
from testimonia.errors import TestimoniaError
from testimonia.validation.accepting import conforms
from testimonia.validation.compiling import Compiled, compiled
from testimonia.validation.index import Declined, Index

SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    file: Path
    expected: Node


@cache
def graph_of(file: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(file)


def path_of(reference: Node | None) -> Path:
    return Path(str(reference).removeprefix("file://"))


def cases(manifest: Path) -> Iterator[Case]:
    graph = graph_of(manifest)
    for included in sorted(graph.objects(None, MF.include), key=str):
        yield from cases(path_of(included))
    for entries in graph.objects(None, MF.entries):
        for entry in graph.items(entries):
            action, expected = graph.value(entry, MF.action), graph.value(entry, MF.result)
            assert expected is not None
            yield Case(
                name=f"{manifest.parent.name}/{str(entry).rpartition('/')[2]}",
                data=path_of(graph.value(action, SHT.dataGraph)),
                shapes=path_of(graph.value(action, SHT.shapesGraph)),
                file=manifest,
                expected=expected,
            )


@cache
def cases_of(part: str) -> dict[str, Case]:
    """The tests of ``core`` or ``sparql`` by name; none where the W3C's folder is not."""
    if not w3c.is_here():
        return {}
    return {case.name: case for case in cases(w3c.SHACL / part / "manifest.ttl")}


RESULT = (
    SH.focusNode,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)


def results(graph: rdflib.Graph, report: Node | None) -> Counter[tuple[str, ...]]:
    """The results of a report without their messages, blank nodes all alike."""
    return Counter(
        tuple(written(graph.value(result, name)) for name in RESULT)
        for result in graph.objects(report, SH.result)
    )


def written(node: Node | None) -> str:
    if isinstance(node, rdflib.BNode):
        return "_:"
    if isinstance(node, rdflib.Literal) and node.datatype == XSD.string:
        return repr(rdflib.Literal(str(node)))  # the same literal (RDF 1.1 Concepts, section 3.3)
    return repr(node)


def by_rdflib(data: rdflib.Graph) -> rdflib.Graph:
    """Queries of SHACL-SPARQL are answered as pySHACL does without more."""
    return data


def by_pyoxigraph(data: rdflib.Graph) -> rdflib.Graph:
    """They are answered as when documents are validated."""
    store = pyoxigraph.Store()
    store.load(data.serialize(format="nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return validation.queried(data, store)


def assert_as_expected(test: Case, queries: Callable[[rdflib.Graph], rdflib.Graph]) -> None:
    data, shapes = queries(rdflib.Graph().parse(test.data)), graph_of(test.shapes)
    if test.expected == SHT.Failure:
        with pytest.raises(TestimoniaError):
            validation.report(data, shapes)
        return
    report = validation.report(data, shapes)
    expected = graph_of(test.file)
    node = report.value(None, RDF.type, SH.ValidationReport)
    assert report.value(node, SH.conforms) == expected.value(test.expected, SH.conforms)
    assert results(report, node) == results(expected, test.expected)


@pytest.mark.parametrize("test", parameters("shacl-core", cases_of("core")))
def test_core(test: Case) -> None:
    assert_as_expected(test, by_rdflib)


@pytest.mark.parametrize("test", parameters("shacl-sparql", cases_of("sparql")))
def test_sparql(test: Case) -> None:
    assert_as_expected(test, by_rdflib)


@pytest.mark.parametrize("test", parameters("shacl-sparql-pyoxigraph", cases_of("sparql")))
def test_sparql_by_pyoxigraph(test: Case) -> None:
    assert_as_expected(test, by_pyoxigraph)


# ---------------------------------------------------------------------- shapes as questions


# The nodes that break a shape where the report is about those that a shape inside it looks at.
OUTER = {
    "property/property-001": {
        "<http://datashapes.org/sh/tests/core/property/property-001.test#InvalidPerson1>",
        "<http://datashapes.org/sh/tests/core/property/property-001.test#InvalidPerson2>",
    },
    "validation-reports/shared": {"<http://example.org/shacl-test/i>"},
}


def assert_questions_find_it(test: Case) -> None:
    """They refuse exactly the nodes that the expected report is about; failures are declined."""
    triples = pyoxigraph.parse(path=test.shapes, base_iri=test.shapes.as_uri())
    if test.expected == SHT.Failure:
        with pytest.raises(Declined):
            compiled(Index(triples))
        return
    shapes = compiled(Index(triples))
    store = pyoxigraph.Store()
    store.load(path=test.data, base_iri=test.data.as_uri())
    expected = graph_of(test.file)
    assert conforms(store, shapes) == (
        expected.value(test.expected, SH.conforms) == rdflib.Literal(True)
    )
    reported = {
        term_of(node)
        for result in expected.objects(test.expected, SH.result)
        for node in expected.objects(result, SH.focusNode)
    }
    assert refused(store, shapes) == OUTER.get(test.name, reported)


def term_of(node: Node) -> str:
    return "_:" if isinstance(node, rdflib.BNode) else rdf.from_rdflib_term(node)


def refused(store: pyoxigraph.Store, shapes: Compiled) -> set[str]:
    """Every node that breaks a shape, where the questions stop at the first."""
    found = set()
    for question in shapes.questions:
        selected = solutions(store, question.ask.replace("ASK", "SELECT DISTINCT ?this", 1))
        found |= {solution[0] for solution in selected}
    for select in shapes.selects:
        nodes = {solution[0] for solution in solutions(store, select.focus)}
        found |= {node for node in nodes if solutions(store, select.of(str(node)))}
    return {
        "_:" if isinstance(node, pyoxigraph.BlankNode) else rdf.from_oxigraph(node)
        for node in found
    }


def solutions(store: pyoxigraph.Store, select: str) -> list[pyoxigraph.QuerySolution]:
    return list(cast("pyoxigraph.QuerySolutions", store.query(select)))


@pytest.mark.parametrize("test", parameters("shacl-core-questions", cases_of("core")))
def test_core_as_questions(test: Case) -> None:
    assert_questions_find_it(test)


@pytest.mark.parametrize("test", parameters("shacl-sparql-questions", cases_of("sparql")))
def test_sparql_as_questions(test: Case) -> None:
    assert_questions_find_it(test)
