"""That the harness tells right answers from wrong ones."""

from __future__ import annotations

import sys
from http import HTTPStatus
from pathlib import Path

import httpx
import pyshacl
import pytest
import rdflib

from conformance import exchanges, w3c
from conformance.data import Source, assert_same_graphs, graphs_of, insertion
from conformance.endpoint import Endpoint, is_understood
from conformance.results import Row, Solutions, parsed, same_solutions
from conformance.servers import serving
from conformance.test_w3c_http import SHAPES
from conformance.w3c import Entry, known, parameters

INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"


def solutions(*rows: Row) -> Solutions:
    return Solutions(("x", "y"), rows)


# ------------------------------------------------------------------------------------- results


def same(found: Solutions, expected: Solutions, *, ordered: bool = False) -> bool:
    return same_solutions(found, expected, ordered=ordered)


def test_rows_are_a_multiset_without_order() -> None:
    one, two = {"x": '"1"'}, {"x": '"2"'}

    assert same(solutions(one, two, one), solutions(one, one, two))
    assert not same(solutions(one, two, two), solutions(one, one, two))
    assert not same(solutions(one, one), solutions(one))


def test_rows_are_a_list_with_order() -> None:
    one, two = {"x": '"1"'}, {"x": '"2"'}

    assert same(solutions(one, two), solutions(one, two), ordered=True)
    assert not same(solutions(one, two), solutions(two, one), ordered=True)


def test_an_unbound_variable_is_no_value() -> None:
    assert not same(solutions({"x": '"1"'}), solutions({"x": '"1"', "y": '""'}))
    assert not same(Solutions(("x",), ({"x": '"1"'},)), solutions({"x": '"1"'}))


def test_blank_nodes_are_equal_but_for_their_names_in_the_whole_result() -> None:
    shared = solutions({"x": "_:a"}, {"y": "_:a"})

    assert same(shared, solutions({"y": "_:b"}, {"x": "_:b"}))
    assert not same(shared, solutions({"x": "_:a"}, {"y": "_:b"}))
    assert not same(solutions({"x": "_:a"}), solutions({"x": '"a"'}))


@pytest.mark.parametrize(
    ("found", "expected", "equal"),
    [
        ("1", "1.0", False),  # an integer and a decimal
        ("1.50", "1.5", True),
        ("15e-1", "1.5E0", True),
        ("1.5e0", "1.5", False),
        ('"01"', '"1"', False),
        ("true", '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', True),
        ('"a"@en', '"a"', False),
    ],
)
def test_numbers_are_compared_by_value_and_datatype(found: str, expected: str, equal: bool) -> None:
    results = [
        parsed(f"?x\n{term}\n".encode(), "text/tab-separated-values") for term in (found, expected)
    ]
    one, other = (each for each in results if isinstance(each, Solutions))

    assert same(one, other) is equal


def test_csv_is_read_as_text() -> None:
    found = parsed(b'x,y\r\n"4,4",\r\n', "text/csv")

    assert found == solutions({"x": "4,4", "y": ""})


# ---------------------------------------------------------------------------------------- data


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(w3c, "SPARQL", tmp_path)
    file = tmp_path / "data.ttl"
    file.write_text("<> <#p> [ <#q> 1 ] .", encoding="utf-8")
    return Source(file, "http://example.org/g")


def test_graphs_are_equal_but_for_the_names_of_blank_nodes(source: Source) -> None:
    once, again = graphs_of(source.quads()), graphs_of(source.quads())
    default = graphs_of(Source(source.file).quads())

    assert_same_graphs(once, again)
    with pytest.raises(AssertionError):
        assert_same_graphs(once, default)
    with pytest.raises(AssertionError):
        assert_same_graphs(once, graphs_of(source.quads()[:1]))


def test_data_are_put_in_by_one_update_unless_they_are_in_already(source: Source) -> None:
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content.decode())
        return httpx.Response(HTTPStatus.NO_CONTENT)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        endpoint = Endpoint("http://x/q", "http://x/u", "http://x/s", client)
        endpoint.hold((source,))
        endpoint.hold((source,))
        endpoint.send("PUT", "http://x/s", b"", {})
        endpoint.hold((source,))

    updates = [each for each in sent if each]
    assert len(updates) == 2
    assert updates[0].startswith("DROP ALL ;")
    assert "GRAPH <http://example.org/g>" in updates[0]
    assert "data.ttl#q>" in insertion((source,))


def test_a_server_says_where_it_listens_and_ends_with_the_block(tmp_path: Path) -> None:
    server = "import time; print('listening on http://127.0.0.1:9/', flush=True); time.sleep(60)"
    ended = tmp_path / "log"

    with serving([sys.executable, "-c", server], ended) as address:
        assert address == "http://127.0.0.1:9/"

    with (
        pytest.raises(RuntimeError, match="ended with 3:\nno such folder"),
        serving([sys.executable, "-c", "print('no such folder'); exit(3)"], ended),
    ):
        pass


@pytest.mark.parametrize(
    ("status", "understood"), [(200, True), (204, True), (403, True), (400, False), (500, False)]
)
def test_a_refusal_is_an_answer_to_a_legal_request(status: int, understood: bool) -> None:
    assert is_understood(httpx.Response(status)) is understood


# ----------------------------------------------------------------------------------- exchanges

MANIFEST = """
@prefix ht: <http://www.w3.org/2011/http#> .
@prefix hts: <http://www.w3.org/2011/http-statusCodes#> .
@prefix cnt: <http://www.w3.org/2011/content#> .
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
<urn:test> mf:action [ ht:requests (
    [ ht:methodName "POST" ; ht:absolutePath "/gsp" ;
      ht:body [ cnt:chars "<s> <p> 1 ." ; cnt:characterEncoding "UTF-8" ] ;
      ht:headers ( [ ht:fieldName "content-type" ; ht:fieldValue "text/turtle" ] ) ;
      ht:resp [ mf:expectedStatus hts:Created ; mf:expectedLocation "$LOCATION$" ] ]
    [ ht:methodName "GET" ; ht:absolutePath "/gsp?graph=$LOCATION$" ;
      ht:resp [ mf:expectedStatus hts:StatusCode2xx ;
                ht:headers ( [ ht:fieldName "content-type" ; ht:fieldValue "text/turtle" ] ) ;
                ht:body [ cnt:chars "<http://x/s> <http://x/p> 1 ." ;
                          cnt:characterEncoding "UTF-8" ] ] ]
    [ ht:methodName "GET" ; ht:absolutePath "/gsp?ask" ;
      ht:resp [ mf:expectedStatus hts:OK ; mf:expectedBoolean true ;
                mf:expectedFormat "boolean" ] ]
) ] .
"""

CREATED = httpx.Response(201, headers={"location": "/new"})
GRAPH = httpx.Response(
    200, content=b"<http://x/s> <http://x/p> 1 .", headers={"content-type": "text/turtle"}
)
JSON = {"content-type": "application/sparql-results+json"}
TRUE = httpx.Response(200, content=b'{"head":{},"boolean":true}', headers=JSON)
FALSE = httpx.Response(200, content=b'{"head":{},"boolean":false}', headers=JSON)
OTHER = httpx.Response(
    200, content=b"<http://x/s> <http://x/p> 2 .", headers={"content-type": "text/turtle"}
)
TEXT = httpx.Response(
    200, content=b"<http://x/s> <http://x/p> 1 .", headers={"content-type": "text/plain"}
)


def held(*answers: httpx.Response) -> list[str]:
    """The addresses that were asked."""
    given, asked = iter(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return next(given)

    manifest = rdflib.Graph().parse(data=MANIFEST)
    entry = Entry("test", "GraphStoreProtocolTest", rdflib.URIRef("urn:test"), manifest)
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        endpoint = Endpoint("http://x/q", "http://x/u", "http://x/store", client)
        exchanges.hold(endpoint, entry, "/gsp", lambda _: endpoint.store_url)
    return asked


def test_requests_are_made_in_order_with_the_location_that_was_answered() -> None:
    assert held(CREATED, GRAPH, TRUE) == [
        "http://x/store",
        "http://x/store?graph=http://x/new",
        "http://x/store?ask",
    ]


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.Response(201), GRAPH, TRUE),
        (httpx.Response(204, headers={"location": "/new"}), GRAPH, TRUE),
        (CREATED, OTHER, TRUE),
        (CREATED, TEXT, TRUE),
        (CREATED, httpx.Response(404), TRUE),
        (CREATED, GRAPH, FALSE),
        (CREATED, GRAPH, GRAPH),
    ],
    ids=["no location", "204", "other graph", "other type", "404", "false", "no boolean"],
)
def test_a_wrong_answer_is_seen(answers: tuple[httpx.Response, ...]) -> None:
    with pytest.raises(AssertionError):
        held(*answers)


@pytest.mark.parametrize(
    ("description", "conforms"),
    [
        (
            "[] a sd:Service ; sd:endpoint <http://x/> ; sd:supportedLanguage sd:SPARQL11Query .",
            True,
        ),
        ("[] a sd:Service .", False),
        ("[] sd:endpoint <http://x/> .", False),
        ("[] a sd:Service ; sd:endpoint 'http://x/' .", False),
        ("[] a sd:NamedGraph .", False),
        ("[] a sd:Service ; sd:endpoint <http://x/> ; sd:defaultDataset [] .", False),
    ],
)
def test_the_shapes_of_service_descriptions(description: str, conforms: bool) -> None:
    prefix = "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
    graph = rdflib.Graph().parse(data=prefix + description)

    assert pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))[0] is conforms


# --------------------------------------------------------------------------------------- lists


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(w3c, "LISTS", tmp_path)
    monkeypatch.setattr(w3c, "is_here", lambda: True)
    return tmp_path


def test_a_listed_test_must_fail_and_an_excluded_one_is_not_run(lists: Path) -> None:
    (lists / "harness-marks.toml").write_text(
        '[[not_passed]]\nreason = "r"\ntests = ["a"]\n[[excluded]]\nreason = "e"\ntests = ["b"]\n'
    )

    failing, skipped, other = parameters("harness-marks", {"a": 1, "b": 2, "c": 3})

    assert [
        (mark.name, mark.kwargs) for mark in (*failing.marks, *skipped.marks, *other.marks)
    ] == [
        ("xfail", {"reason": "r", "strict": True}),
        ("skip", {"reason": "e"}),
    ]


@pytest.mark.parametrize(
    "content",
    [
        '[[not_passed]]\nreason = "r"\ntests = ["a", "a"]\n',
        '[[not_passed]]\nreason = "r"\ntests = ["a"]\n[[excluded]]\nreason = "e"\ntests = ["a"]\n',
        "[[passed]]\n",
    ],
)
def test_a_list_that_contradicts_itself_is_refused(lists: Path, content: str) -> None:
    name = f"harness-{abs(hash(content))}"
    (lists / f"{name}.toml").write_text(content)

    with pytest.raises(ValueError, match=name):
        known(name)


def test_relative_references_keep_their_place() -> None:
    assert w3c.path_of(rdflib.URIRef(f"{w3c.BASE}a/b.ttl")) == w3c.SPARQL / "a" / "b.ttl"
    assert w3c.iri_of(w3c.SPARQL / "a" / "b.ttl") == f"{w3c.BASE}a/b.ttl"
