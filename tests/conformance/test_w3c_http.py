"""SPARQL 1.1 Protocol, Graph Store HTTP Protocol and Service Description, against a server."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS

from conformance import exchanges, suites
from conformance.data import Source, parsed
from conformance.endpoint import QUERY, Endpoint
from conformance.exchanges import Exchange
from conformance.test_w3c_update import UT
from conformance.w3c import Entry, Suite, parameters, path_of

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SHAPES = Path(__file__).parent / "service-description.ttl"

pytestmark = pytest.mark.slow


def entries_of(suite: Suite) -> dict[str, Entry]:
    return {entry.name: entry for entry in suite.entries()}


def url_of(endpoint: Endpoint, test: Entry, exchange: Exchange) -> str:
    """Where a request goes: tests of updates look with a query at what they did."""
    asks = exchange.message.headers.get("content-type") == QUERY
    return endpoint.update_url if "update" in test.name and not asks else endpoint.query_url


@pytest.mark.parametrize("test", parameters("protocol", entries_of(suites.PROTOCOL)))
def test_protocol(endpoint: Endpoint, test: Entry) -> None:
    manifest = test.manifest
    named = [
        Source(path_of(manifest.value(each, UT.graph)), str(manifest.value(each, RDFS.label)))
        for each in manifest.objects(test.node, UT.graphData)
    ]
    endpoint.hold(tuple(sorted(named, key=str)))
    exchanges.hold(endpoint, test, "/sparql/", lambda exchange: url_of(endpoint, test, exchange))


@pytest.mark.parametrize("test", parameters("graph-store", entries_of(suites.GRAPH_STORE)))
def test_graph_store(endpoint: Endpoint, test: Entry) -> None:
    endpoint.hold(())
    exchanges.hold(endpoint, test, "/gsp", lambda _: endpoint.store_url)
    answer = endpoint.query("ASK {}", "*/*")
    assert answer.is_success, "what came after a HEAD made the connection useless"


# ------------------------------------------------------------------------- service description


def described(endpoint: Endpoint) -> rdflib.Graph:
    """What a GET of the endpoint without a query answers."""
    answer = endpoint.client.get(endpoint.query_url, headers={"Accept": "text/turtle"})
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
    return parsed(answer.content, "turtle", endpoint.query_url)


def returns_rdf(endpoint: Endpoint) -> None:
    assert len(described(endpoint))


def has_endpoint_triple(endpoint: Endpoint) -> None:
    assert (None, SD.endpoint, rdflib.URIRef(endpoint.query_url)) in described(endpoint)


def conforms_to_schema(endpoint: Endpoint) -> None:
    """The suite says no more; what the vocabulary says of its terms is in the shapes."""
    graph = described(endpoint)
    assert (None, RDF.type, SD.Service) in graph
    conforms, _, text = pyshacl.validate(
        graph, shacl_graph=rdflib.Graph().parse(SHAPES), inference="none", advanced=False
    )
    assert conforms, text


DESCRIPTION = {
    f"service-description/{name}": test
    for name, test in {
        "has-endpoint-triple": has_endpoint_triple,
        "returns-rdf": returns_rdf,
        "conforms-to-schema": conforms_to_schema,
    }.items()
}


@pytest.mark.parametrize(
    "test", parameters("service-description", entries_of(suites.SERVICE_DESCRIPTION))
)
def test_service_description(endpoint: Endpoint, test: Entry) -> None:
    DESCRIPTION[test.name](endpoint)
