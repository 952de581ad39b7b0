"""SPARQL 1.1 Update: evaluation and syntax, against a server over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDFS
from rdflib.term import Node

from conformance import suites
from conformance.data import Source, Sources, assert_same_graphs, graphs_of
from conformance.endpoint import Endpoint, is_understood
from conformance.w3c import MF, Entry, iri_of, parameters, path_of

UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Update:
    """An evaluation test: a request, and the store before and after it."""

    file: Path
    before: Sources
    after: Sources

    @property
    def text(self) -> str:
        """The request with the base that its file gives it."""
        return f"BASE <{iri_of(self.file)}>\n{self.file.read_text(encoding='utf-8')}"


def update_of(entry: Entry) -> Update:
    return Update(
        path_of(entry.value(MF.action, UT.request)),
        sources_of(entry, entry.value(MF.action)),
        sources_of(entry, entry.value(MF.result)),
    )


def sources_of(entry: Entry, state: Node | None) -> Sources:
    manifest = entry.manifest
    default = [Source(path_of(file)) for file in manifest.objects(state, UT.data)]
    named = [
        Source(path_of(manifest.value(each, UT.graph)), str(manifest.value(each, RDFS.label)))
        for each in manifest.objects(state, UT.graphData)
    ]
    return tuple(sorted([*default, *named], key=str))


@pytest.mark.parametrize(
    "test",
    parameters(
        "update-evaluation",
        {entry.name: update_of(entry) for entry in suites.UPDATE_EVALUATION.entries()},
    ),
)
def test_evaluation(endpoint: Endpoint, test: Update) -> None:
    endpoint.hold(test.before)
    answer = endpoint.update(test.text)
    assert answer.is_success, f"{answer.status_code}: {answer.text}"
    expected = [quad for source in test.after for quad in source.quads()]
    assert_same_graphs(graphs_of(endpoint.quads()), graphs_of(expected))


@pytest.mark.parametrize(
    "test",
    parameters("update-syntax", {entry.name: entry for entry in suites.UPDATE_SYNTAX.entries()}),
)
def test_syntax(endpoint: Endpoint, test: Entry) -> None:
    file = path_of(test.value(MF.action))
    update = f"BASE <{iri_of(file)}>\n{file.read_text(encoding='utf-8')}"
    endpoint.hold(())
    answer = endpoint.update(update)
    if test.kind == "NegativeUpdateSyntaxTest11":
        assert answer.status_code == HTTPStatus.BAD_REQUEST, answer.text
        return
    if not is_understood(answer):
        # Some drop a graph: that there is none is an error (SPARQL 1.1 Update, section 3.2.2).
        graph = f"{iri_of(file.parent)}/graph"
        endpoint.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <{graph}> 1 }} }}")
        answer = endpoint.update(update)
    assert is_understood(answer), f"{answer.status_code}: {answer.text}"
