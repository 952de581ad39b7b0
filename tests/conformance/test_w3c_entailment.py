"""The W3C's tests of query answers under RDFS and OWL 2 RL, on ``testimonia.inference``.

Each test's data are completed by the rules, and pyoxigraph answers the query from the whole. A
blank node of the data stands under an IRI meanwhile, as everything does in Testimonia.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store
from rdflib.term import Node

from conformance import results, suites
from conformance.results import Solutions
from conformance.test_w3c_query import Query, query_of
from conformance.w3c import MF, MISSING, Entry, iri_of, is_here, known, parameters
from testimonia import inference, rdf
from testimonia.terms import Graph

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
ENT = rdflib.Namespace("http://www.w3.org/ns/entailment/")
PR = rdflib.Namespace("http://www.w3.org/ns/owl-profile/")
_BLANK = "urn:blank:"

pytestmark = pytest.mark.slow


def queries() -> dict[str, Query]:
    return {entry.name: query_of(entry) for entry in suites.ENTAILMENT.entries()}


@pytest.mark.parametrize("test", parameters("entailment", queries()))
def test_entailment(test: Query) -> None:
    found = answered(test, completed([source.file for source in test.data]))

    expected = results.from_file(test.expected)
    if isinstance(expected, Solutions):
        assert isinstance(found, Solutions)
        same = results.same_solutions(found, expected, ordered=test.is_ordered)
        assert same, results.difference(found, expected)
    else:
        assert found is expected


def completed(files: list[Path]) -> Graph:
    """The data of a test with what follows from them."""
    data: Graph = frozenset()
    for number, file in enumerate(files):
        skolem = f"{_BLANK}{number}-"
        data |= rdf.parse(file.read_bytes(), "turtle", iri_of(file), skolem=skolem)
    return data | inference.closure(data)


def answered(test: Query, graph: Graph) -> bool | Solutions:
    """What a query answers, with blank nodes again."""
    store = Store()
    store.extend(rdf.to_quads(graph))
    answer = store.query(test.text)
    assert isinstance(answer, QuerySolutions | QueryBoolean)
    written = answer.serialize(format=QueryResultsFormat.JSON)
    assert written is not None
    found = results.parsed(written, results.MEDIA_TYPES[".srj"])
    return found if isinstance(found, bool) else _unhidden(found)


def _unhidden(found: Solutions) -> Solutions:
    rows = ({name: _with_blanks(value) for name, value in row.items()} for row in found.rows)
    return Solutions(found.variables, tuple(rows))


def _with_blanks(term: str) -> str:
    return re.sub(rf"^<{_BLANK}(.+)>$", r"_:b\1", term)


def is_ours(entry: Entry) -> bool:
    """Whether RDFS, or OWL on data of the profile RL, is among the regimes of a test."""
    regimes = values(entry, SD.entailmentRegime)
    owl = {ENT["OWL-Direct"], ENT["OWL-RDF-Based"]}
    return ENT.RDFS in regimes or bool(
        regimes & owl and PR.RL in values(entry, SD.EntailmentProfile)
    )


def values(entry: Entry, name: Node) -> set[Node]:
    """One value, or those of a list."""
    value = entry.value(MF.action, name)
    assert value is not None or name == SD.EntailmentProfile
    return set(entry.manifest.items(value)) or {value} if value is not None else set()


@pytest.mark.skipif(not is_here(), reason=MISSING)
def test_what_is_excluded_are_the_other_regimes() -> None:
    others = {entry.name for entry in suites.ENTAILMENT.entries() if not is_ours(entry)}

    assert known("entailment").excluded.keys() == others
