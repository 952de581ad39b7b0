"""Requests and the answers that they must have, as two manifests of the suite describe them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urljoin

import httpx
import pyoxigraph
import rdflib
from pyoxigraph import QueryBoolean, QueryResultsFormat
from rdflib.term import Node

from conformance.data import assert_isomorphic, parsed
from conformance.endpoint import Endpoint
from conformance.w3c import MF, Entry

HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")

_RDF = frozenset(
    {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}
)
_BOOLEAN = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
_FORMATS: Final = {
    "boolean": frozenset(_BOOLEAN),
    "tabular": frozenset({*_BOOLEAN, "text/csv", "text/tab-separated-values"}),
    "RDF": _RDF,
}
_STATUS = {
    "OK": HTTPStatus.OK,
    "Created": HTTPStatus.CREATED,
    "NoContent": HTTPStatus.NO_CONTENT,
    "NotFound": HTTPStatus.NOT_FOUND,
}


@dataclass(frozen=True)
class Message:
    """What a request or an answer carries."""

    headers: dict[str, str]
    body: str
    encoding: str


@dataclass(frozen=True)
class Expected:
    """What an answer must be; ``statuses`` are numbers, or classes of them (``2xx``)."""

    statuses: frozenset[str]
    boolean: bool | None
    format: str | None
    location: str | None
    message: Message


@dataclass(frozen=True)
class Exchange:
    """One request with the answer it must have; ``path`` is the manifest's own."""

    method: str
    path: str
    message: Message
    expected: Expected


def exchanges(entry: Entry) -> Iterator[Exchange]:
    """The requests of a test, in their order."""
    manifest = entry.manifest
    requests = entry.value(MF.action, HT.requests)
    assert requests is not None, f"{entry.name}: there are no requests"
    for request in manifest.items(requests):
        answer = manifest.value(request, HT.resp)
        assert answer is not None, f"{entry.name}: no answer is expected"
        yield Exchange(
            _text(manifest, request, HT.methodName),
            _text(manifest, request, HT.absolutePath),
            _message(manifest, request),
            _expected(manifest, answer),
        )


def _message(manifest: rdflib.Graph, node: Node) -> Message:
    headers = manifest.value(node, HT.headers)
    body = manifest.value(node, HT.body)
    return Message(
        {
            _text(manifest, each, HT.fieldName): _text(manifest, each, HT.fieldValue)
            for each in (manifest.items(headers) if headers else ())
        },
        _text(manifest, body, CNT.chars) if body else "",
        _text(manifest, body, CNT.characterEncoding) if body else "UTF-8",
    )


def _expected(manifest: rdflib.Graph, node: Node) -> Expected:
    def optional(name: Node) -> str | None:
        return _text(manifest, node, name) if (node, name, None) in manifest else None

    boolean = optional(MF.expectedBoolean)
    return Expected(
        frozenset(_status(each) for each in manifest.objects(node, MF.expectedStatus)),
        None if boolean is None else boolean == "true",
        optional(MF.expectedFormat),
        optional(MF.expectedLocation),
        _message(manifest, node),
    )


def _text(manifest: rdflib.Graph, node: Node, name: Node) -> str:
    return str(manifest.value(node, name, any=False))


def _status(node: Node) -> str:
    name = str(node).rpartition("#")[2]
    return name.removeprefix("StatusCode") if "xx" in name else str(int(_STATUS[name]))


# ------------------------------------------------------------------------------- held with a server


def hold(endpoint: Endpoint, entry: Entry, prefix: str, url: Callable[[Exchange], str]) -> None:
    """Make the requests of a test, at ``url`` of each where the manifest has ``prefix``.

    Raises:
        AssertionError: an answer is not what it must be.
    """
    known: dict[str, str] = {}
    for number, exchange in enumerate(exchanges(entry), start=1):
        path = exchange.path.removeprefix(prefix)
        body = exchange.message.body
        for variable, location in known.items():
            path = path.replace(variable, quote(location, safe=":/"))
            body = body.replace(variable, location)
        data = body.encode(exchange.message.encoding)
        answer = endpoint.send(
            exchange.method, url(exchange) + path, data, exchange.message.headers
        )
        try:
            _check(answer, exchange)
        except AssertionError as error:
            error.add_note(f"request {number}: {exchange.method} {exchange.path}")
            error.add_note(f"answer: {answer.status_code} {answer.headers}\n{answer.text[:500]}")
            raise
        if exchange.expected.location:
            location = urljoin(str(answer.request.url), answer.headers["location"])
            known[exchange.expected.location] = location


def _check(answer: httpx.Response, exchange: Exchange) -> None:
    expected = exchange.expected
    code = str(answer.status_code)
    assert expected.statuses & {code, f"{code[0]}xx"}, f"{code}, not {sorted(expected.statuses)}"
    if expected.format is not None:
        assert _media_type(answer) in _FORMATS[expected.format]
    if expected.boolean is not None:
        found = pyoxigraph.parse_query_results(answer.content, format=_BOOLEAN[_media_type(answer)])
        assert isinstance(found, QueryBoolean)
        assert bool(found) is expected.boolean
    if expected.location is not None:
        assert "location" in answer.headers
    if "content-type" in expected.message.headers:
        _check_type(answer, expected.message.headers["content-type"])
    if expected.message.body:
        base = str(answer.request.url)
        graphs = (parsed(each, "turtle", base) for each in (answer.text, expected.message.body))
        assert_isomorphic(*graphs)
    if exchange.method == "HEAD":
        assert not answer.content


def _check_type(answer: httpx.Response, expected: str) -> None:
    """The media type; Turtle is in UTF-8 whether its charset is named or not."""
    assert _media_type(answer) == expected.partition(";")[0]
    assert answer.charset_encoding in (None, "utf-8", "UTF-8")


def _media_type(answer: httpx.Response) -> str:
    named: str = answer.headers.get("content-type", "")
    return named.partition(";")[0].strip().lower()
