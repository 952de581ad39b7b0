"""SPARQL 1.1 Query: evaluation, syntax and formats of results, against a server over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest
import rdflib

from conformance import results, suites
from conformance.data import Source, Sources, assert_isomorphic, parsed
from conformance.endpoint import Endpoint, is_understood
from conformance.results import Solutions
from conformance.w3c import MF, Entry, Suite, iri_of, parameters, path_of

QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Query:
    """An evaluation test: a query, the data it sees, and what it answers."""

    file: Path
    data: Sources
    expected: Path

    @property
    def text(self) -> str:
        """The query with the base that its file gives it."""
        return f"BASE <{iri_of(self.file)}>\n{self.file.read_text(encoding='utf-8')}"

    @property
    def is_ordered(self) -> bool:
        """Whether the result has an order: what orders a subquery stands inside its braces."""
        return re.search(r"ORDER\s+BY", self.text.rpartition("}")[2], re.IGNORECASE) is not None


def query_of(entry: Entry) -> Query:
    action = entry.value(MF.action)
    default = [Source(path_of(each)) for each in entry.manifest.objects(action, QT.data)]
    named = [
        Source(path_of(each), str(each)) for each in entry.manifest.objects(action, QT.graphData)
    ]
    return Query(
        path_of(entry.value(MF.action, QT.query)),
        tuple(sorted([*default, *named], key=str)),
        path_of(entry.value(MF.result)),
    )


def evaluations(suite: Suite) -> dict[str, Query]:
    return {entry.name: query_of(entry) for entry in suite.entries()}


def assert_answers(endpoint: Endpoint, test: Query) -> None:
    """The data are put into the store, and the query has the expected answer."""
    endpoint.hold(test.data)
    answer = endpoint.query(test.text, results.MEDIA_TYPES[test.expected.suffix])
    assert answer.status_code == HTTPStatus.OK, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    expected = results.from_file(test.expected)
    if isinstance(expected, rdflib.Graph):
        assert media_type == "application/n-triples"
        assert_isomorphic(parsed(answer.content, "nt"), expected)
        return
    found = results.parsed(answer.content, media_type)
    if isinstance(expected, Solutions):
        assert isinstance(found, Solutions)
        same = results.same_solutions(found, expected, ordered=test.is_ordered)
        assert same, results.difference(found, expected)
    else:
        assert found is expected


@pytest.mark.parametrize(
    "test", parameters("query-evaluation", evaluations(suites.QUERY_EVALUATION))
)
def test_evaluation(endpoint: Endpoint, test: Query) -> None:
    assert_answers(endpoint, test)


@pytest.mark.parametrize("test", parameters("results-formats", evaluations(suites.RESULTS_FORMATS)))
def test_results_format(endpoint: Endpoint, test: Query) -> None:
    assert_answers(endpoint, test)


@pytest.mark.parametrize(
    "test",
    parameters("query-syntax", {entry.name: entry for entry in suites.QUERY_SYNTAX.entries()}),
)
def test_syntax(endpoint: Endpoint, test: Entry) -> None:
    endpoint.hold(())
    query = path_of(test.value(MF.action)).read_text(encoding="utf-8")
    answer = endpoint.query(query, "*/*")
    if test.kind == "NegativeSyntaxTest11":
        assert answer.status_code == HTTPStatus.BAD_REQUEST, answer.text
    else:
        assert is_understood(answer), f"{answer.status_code}: {answer.text}"
