"""What the standards of HTTP, the SPARQL Protocol and the Graph Store Protocol ask for, one request
a line, against the live server: beside the W3C's suites, which have little of it.

RFC 9110 and 9112 (HTTP), SPARQL 1.1 Protocol, SPARQL 1.1 Graph Store HTTP Protocol, SPARQL 1.1
Query Results (JSON, XML, CSV and TSV), Fetch (CORS).
"""

from __future__ import annotations

import gzip
import json
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from pyoxigraph import (
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from conformance.endpoint import QUERY, UPDATE, Endpoint

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
TURTLE = {"Content-Type": "text/turtle"}
A, B, NEW, ABSENT = (f"http://manners.example/{each}" for each in ("a", "b", "new", "absent"))
S, P, OBJECT = ("<http://x.example/s>", "<http://x.example/p>", "<http://x.example/o>")
ONE = "SELECT (1 AS ?x) {}"
BAD = "SELECT * {"
GRAPH = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{B}> {{ ?s ?p ?o }} }}"
HAS = f"ASK {{ {S} {P} {OBJECT} }}"
DIGITS = " ".join("0123456789")
LONG = f"SELECT * {{ VALUES ?a {{ {DIGITS} }} VALUES ?b {{ {DIGITS} }} VALUES ?c {{ {DIGITS} }} }}"
ADD = f"INSERT DATA {{ GRAPH <{B}> {{ {S} {P} 1 }} }}"
MOVE = f"INSERT {{ GRAPH <{B}> {{ ?s ?p ?o }} }} %s WHERE {{ ?s ?p ?o }}"
FILES = (
    b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.ttl"\r\n'
    b"Content-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .\r\n"
    b'--B\r\nContent-Disposition: form-data; name="g"; filename="b.nt"\r\n\r\n'
    b'<a:a> <a:b> "2" .\r\n--B--\r\n'
)
FIELD = b'--B\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n--B--\r\n'
RDF_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'
    b'<rdf:Description rdf:about="a:a"><a:b>1</a:b></rdf:Description></rdf:RDF>'
)
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"


def asked(query: str, **also: str | list[str]) -> str:
    return "/sparql?" + urlencode({"query": query, **also}, doseq=True)


def graph(iri: str) -> str:
    return "/rdf-graph-store?graph=" + quote(iri, safe="")


@dataclass(frozen=True)
class Check:
    """A request, what it is answered, and by what headers (their values are parts)."""

    status: int
    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    has: dict[str, str] = field(default_factory=dict)


def get(status: int, query: str, accept: str | None = None, type_: str = "") -> Check:
    headers = {"Accept": accept} if accept is not None else {}
    has = {"content-type": type_, "vary": "Accept"} if type_ else {}
    return Check(status, "GET", asked(query), headers, has=has)


def post(status: int, kind: str | None, body: bytes, **headers: str) -> Check:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Check(
        status, "POST", "/sparql", {**({"Content-Type": kind} if kind else {}), **given}, body
    )


def put(status: int, kind: str, body: bytes, **headers: str) -> Check:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Check(status, "PUT", graph(A), {"Content-Type": kind, **given}, body)


def form(*pairs: tuple[str, str]) -> bytes:
    return urlencode(pairs).encode()


NEGOTIATED = [
    *(get(200, ONE, each, each) for each in (JSON, XML, CSV, TSV, "application/json")),
    get(200, ONE, None, JSON),
    get(200, ONE, "", JSON),
    get(200, ONE, "*/*", JSON),
    get(200, ONE, "text/*", CSV),
    get(200, ONE, "application/*", JSON),
    get(200, ONE, "TEXT/CSV", CSV),
    get(200, ONE, "text/csv;charset=utf-8", CSV),
    get(200, ONE, "text/csv;q=0, */*", JSON),
    get(200, ONE, f"{JSON};q=0, */*;q=0.1", XML),
    get(200, ONE, f"{CSV};q=0.5, {TSV}", TSV),
    get(200, ONE, "image/png, */*;q=0.01", JSON),
    get(200, ONE, f"{XML};q=0.9, {CSV};q=0.8, */*;q=0.1", XML),
    get(200, ONE, f"text/*;q=0.5, {XML};q=0.4", CSV),
    *(
        get(406, ONE, each)
        for each in ("text/turtle", "image/png", "*/*;q=0", "text/csv;q=0", f"{JSON};q=0.0")
    ),
    *(
        get(200, query, each, each)
        for query in (GRAPH, f"DESCRIBE {S}")
        for each in (
            "text/turtle",
            "application/n-triples",
            "application/rdf+xml",
            "application/ld+json",
            "application/trig",
            "application/n-quads",
        )
    ),
    get(200, GRAPH, "*/*", "text/turtle"),
    get(200, GRAPH, "text/turtle;q=0, */*", "application/n-triples"),
    *(get(406, GRAPH, each) for each in (CSV, JSON, "image/png", "*/*;q=0.0")),
    *(get(200, "ASK {}", each, each) for each in (JSON, XML, CSV, TSV)),
]

METHODS = [
    *(
        Check(405, method, path, TURTLE, has={"allow": "GET, HEAD, POST"})
        for method in ("PUT", "DELETE", "PATCH")
        for path in ("/sparql", "/sparql/")
    ),
    Check(405, "PROPFIND", "/rdf-graph-store", has={"allow": "DELETE"}),
    Check(405, "POST", "/.well-known/void", has={"allow": "GET"}),
    *(
        Check(204, "OPTIONS", path, has={"allow": "HEAD"})
        for path in ("/sparql", "/rdf-graph-store", "/.well-known/void")
    ),
    *(
        Check(
            204,
            "OPTIONS",
            "/rdf-graph-store",
            {"Origin": "https://o.example", "Access-Control-Request-Method": method},
            has={"access-control-allow-methods": method, "access-control-allow-origin": "*"},
        )
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ),
    Check(
        400,
        "GET",
        asked(BAD),
        {"Origin": "https://o.example"},
        has={"access-control-allow-origin": "*"},
    ),
    *(
        Check(405, method, path, TURTLE, has={"allow": "GET, HEAD, OPTIONS"})
        for method in ("POST", "PUT", "DELETE")
        for path in ("/", "/healthz", "/static/style.css")
    ),
    *(
        Check(204, "OPTIONS", path, has={"allow": "GET, HEAD, OPTIONS"})
        for path in ("/", "/healthz", "/static/style.css", "/readyz", "/metrics")
    ),
    Check(400, "HEAD", asked(BAD)),
    Check(406, "HEAD", asked(ONE), {"Accept": "image/png"}),
    Check(404, "HEAD", graph(ABSENT)),
    Check(404, "HEAD", "/nothing"),
    Check(
        200, "HEAD", asked(ONE), {"Accept": CSV}, has={"content-type": CSV, "content-length": "6"}
    ),
    Check(200, "HEAD", graph(B), has={"content-type": "text/turtle"}),
    Check(200, "HEAD", "/sparql", has={"content-type": "text/turtle"}),
    Check(200, "GET", asked(ONE), {"Range": "bytes=0-3"}),
    Check(304, "GET", asked(ONE), {"If-None-Match": "*"}, has={"etag": '"', "vary": "Accept"}),
    Check(200, "GET", asked(ONE), {"If-None-Match": '"another"'}, has={"etag": '"'}),
    # An error is told before a precondition is looked at (RFC 9110, section 13.2.1).
    Check(400, "GET", asked(BAD), {"If-None-Match": "*"}),
    Check(406, "GET", asked(ONE), {"If-None-Match": "*", "Accept": "image/png"}),
    Check(404, "GET", graph(ABSENT), {"If-None-Match": "*"}),
    Check(412, "GET", graph(B), {"If-Match": '"another"'}, has={"etag": '"'}),
    Check(200, "GET", graph(B), {"If-Match": "*"}),
    Check(406, "GET", "/sparql", {"Accept": "image/png"}),
    Check(404, "GET", "/nothing", has={"content-type": "application/problem+json"}),
]

QUERIES = [
    Check(400, "GET", "/sparql?query="),
    Check(400, "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D"),
    Check(400, "GET", "/sparql?update=CLEAR+DEFAULT"),
    Check(400, "GET", "/sparql?query=ASK%7B%7D&update=CLEAR+DEFAULT"),
    Check(400, "GET", "/sparql?query=ASK%7B%7D%zz"),
    Check(400, "GET", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%22%FF%22%7D"),
    Check(200, "GET", "/sparql?query=ASK+%7B%7D&unknown=1"),
    Check(200, "GET", "/sparql?%71uery=ASK%7B%7D"),
    Check(200, "GET", "/sparql?query=ASK%7B%7D" + "%20" * 20_000),
    Check(400, "GET", asked(BAD), has={"content-type": "application/problem+json"}),
    Check(403, "GET", asked("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")),
    post(200, QUERY, b"ASK {}"),
    post(200, f"{QUERY}; charset=utf-8", b"ASK {}"),
    post(200, QUERY.upper(), b"ASK {}"),
    post(200, FORM, form(("query", "ASK {}"))),
    post(200, f"{FORM}; charset=UTF-8", form(("query", "ASK {}"))),
    post(400, FORM, b""),
    post(400, FORM, form(("x", "y"))),
    post(400, FORM, form(("query", "ASK {}"), ("query", "ASK {}"))),
    post(400, FORM, form(("query", "ASK {}"), ("update", ADD))),
    post(400, FORM, b"query=ASK%7B%3Fs%20%3Fp%20%22%FF%22%7D"),
    post(400, QUERY, b""),
    post(400, QUERY, b'ASK { ?s ?p "\xff" }'),
    post(400, QUERY, ADD.encode()),
    post(400, UPDATE, b"ASK {}"),
    Check(400, "POST", asked("ASK {}"), {"Content-Type": QUERY}, b"ASK {}"),
    Check(400, "POST", asked("ASK {}"), {"Content-Type": UPDATE}, ADD.encode()),
    post(415, "text/plain", b"ASK {}"),
    post(415, "application/json", b"{}"),
    post(415, "multipart/form-data; boundary=B", FIELD),
    post(200, QUERY, gzip.compress(b"ASK {}"), Content_Encoding="gzip"),
    post(200, QUERY, gzip.compress(b"ASK {}"), Content_Encoding="x-gzip"),
    post(200, QUERY, zlib.compress(b"ASK {}"), Content_Encoding="deflate"),
    post(200, QUERY, b"ASK {}", Content_Encoding="identity"),
    post(400, QUERY, b"ASK {}", Content_Encoding="gzip"),
    post(415, QUERY, b"ASK {}", Content_Encoding="compress"),
    post(200, QUERY, gzip.compress(b"ASK ") + gzip.compress(b"{}"), Content_Encoding="gzip"),
    post(400, QUERY, gzip.compress(b"ASK {}") + b"more", Content_Encoding="gzip"),
    post(400, QUERY, zlib.compress(b"ASK {}") + b"more", Content_Encoding="deflate"),
    post(400, QUERY, gzip.compress(b" ") * 1000, Content_Encoding="gzip"),
    post(413, QUERY, gzip.compress(b" " * 30_000_000), Content_Encoding="gzip"),
    post(200, QUERY, b"ASK {}", Expect="100-continue"),
]

UPDATES = [
    post(204, UPDATE, ADD.encode()),
    post(204, FORM, form(("update", ADD))),
    post(400, FORM, form(("update", ADD), ("update", ADD))),
    post(400, UPDATE, b"INSERT DATA {"),
    post(403, UPDATE, b"LOAD <http://127.0.0.1:9/>"),
    *(
        Check(
            status,
            "POST",
            f"/sparql?{name}={quote(B, safe='')}",
            {"Content-Type": UPDATE},
            text.encode(),
        )
        for name, text, status in (
            ("using-graph-uri", MOVE % "", 204),
            ("using-named-graph-uri", MOVE % "", 204),
            ("using-graph-uri", MOVE % f"USING <{B}>", 400),
            ("using-graph-uri", MOVE % f"USING NAMED <{B}>", 400),
            ("using-named-graph-uri", MOVE % f"USING <{B}>", 400),
            ("using-graph-uri", f"WITH <{B}> " + MOVE % "", 400),
        )
    ),
    post(204, FORM, form(("update", MOVE % ""), ("using-graph-uri", B))),
]

NO_XML = 'CONSTRUCT { <a:s> <a:p> "%s" } {}'
IN_XML = [
    *(
        get(406, query, each)
        for each, query in (
            (XML, 'SELECT ("a\\u0001" AS ?x) {}'),
            (XML, 'SELECT ("a\\uFFFE" AS ?x) {}'),
            ("application/rdf+xml", NO_XML % "\\u0001"),
            ("application/rdf+xml", "CONSTRUCT { <a:s> <http://x.example/1> 1 } {}"),
            ("application/rdf+xml", "CONSTRUCT { <a:s> <http://x.example/p/> 1 } {}"),
        )
    ),
    get(200, 'SELECT ("a\\u0001" AS ?x) {}', JSON, JSON),
    get(200, "CONSTRUCT { <a:s> <http://x.example/1> 1 } {}", "text/turtle", "text/turtle"),
]

STORE = [
    Check(400, "GET", "/rdf-graph-store"),
    Check(400, "GET", f"/rdf-graph-store?default&graph={quote(B)}"),
    Check(400, "GET", f"/rdf-graph-store?graph={quote(B)}&graph={quote(B)}"),
    Check(400, "GET", "/rdf-graph-store?graph=relative"),
    Check(400, "GET", graph("http://a b")),
    Check(200, "GET", "/rdf-graph-store?default"),
    Check(404, "GET", graph(ABSENT)),
    Check(404, "DELETE", graph(ABSENT)),
    Check(400, "PUT", "/rdf-graph-store", TURTLE, b"<a:a> <a:b> 1 ."),
    Check(400, "DELETE", "/rdf-graph-store"),
    Check(406, "GET", graph(B), {"Accept": CSV}),
    *(
        Check(200, "GET", graph(B), {"Accept": each}, has={"content-type": each, "vary": "Accept"})
        for each in (
            "text/turtle",
            "application/rdf+xml",
            "application/ld+json",
            "application/trig",
        )
    ),
    put(204, "text/turtle", b""),
    put(204, "TEXT/turtle; charset=utf-8", b"<a:a> <a:b> <rel> ."),
    put(204, "application/n-triples", b'<a:a> <a:b> "c" .\n'),
    put(204, "application/ld+json", b'{"@id":"a:a","a:b":"c"}'),
    put(204, "application/trig", b"<a:a> <a:b> 1 ."),
    put(204, "text/turtle", gzip.compress(b"<a:a> <a:b> 1 ."), Content_Encoding="gzip"),
    put(400, "text/turtle", b"<a:a> <a:b"),
    put(204, "application/rdf+xml", b"<?xml version='1.0'?>" + RDF_XML),
    *(
        put(400, "application/rdf+xml", each)
        for each in (b"", RDF_XML[:-1], RDF_XML.removesuffix(b"</rdf:RDF>"), RDF_XML + b"<a/>")
    ),
    put(400, "text/turtle", b'<a:a> <a:b> "\xff" .'),
    put(400, "application/trig", b"<a:g> { <a:a> <a:b> 1 }"),
    put(400, "text/turtle", b"<a:a> <a:b> 1 .", Content_Range="bytes 0-14/20"),
    put(415, "text/csv", b"a,b"),
    put(412, "text/turtle", b"<a:a> <a:b> 1 .", If_None_Match="*"),
    put(412, "text/turtle", b"<a:a> <a:b> 1 .", If_Match='"another"'),
    Check(412, "PUT", graph(ABSENT), {**TURTLE, "If-Match": "*"}, b"<a:a> <a:b> 1 ."),
    Check(412, "DELETE", graph(A), {"If-Match": '"another"'}),
    Check(204, "PATCH", graph(A), {"Content-Type": UPDATE}, b"INSERT DATA { <a:a> <a:b> 1 }"),
    Check(415, "PATCH", graph(A), TURTLE, b"<a:a> <a:b> 1 .", has={"accept-patch": UPDATE}),
    *(
        Check(status, "POST", graph(A), {"Content-Type": f"multipart/form-data{boundary}"}, body)
        for status, boundary, body in (
            (204, "; boundary=B", FILES),
            (400, "", FILES),
            (400, "; boundary=B", b"no form"),
            (400, "; boundary=B", FILES[:60]),
            (400, "; boundary=B", FIELD),
        )
    ),
]

COMPRESSED = [
    Check(
        200,
        "GET",
        asked(LONG),
        {"Accept": type_, "Accept-Encoding": wanted},
        has={"vary": "Accept-Encoding", **has},
    )
    for type_ in (JSON, XML, CSV, TSV)
    for wanted, has in (
        ("gzip", {"content-encoding": "gzip"}),
        ("zstd, gzip;q=0.5", {"content-encoding": "zstd"}),
        ("gzip;q=0", {}),
    )
] + [
    Check(
        200,
        "GET",
        "/sparql",
        {"Accept": each, "Accept-Encoding": "gzip"},
        has={"content-encoding": "gzip"},
    )
    for each in (
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
    )
]


@pytest.fixture(scope="module")
def server(endpoint: Endpoint) -> Iterator[Endpoint]:
    for iri in (A, B):
        url = f"{endpoint.store_url}?graph={quote(iri, safe='')}"
        answer = endpoint.send("PUT", url, f"{S} {P} {OBJECT} .".encode(), TURTLE)
        assert answer.is_success
    yield endpoint
    for iri in (A, B):
        endpoint.send("DELETE", f"{endpoint.store_url}?graph={quote(iri, safe='')}", b"", {})


def root(server: Endpoint) -> str:
    return server.query_url.removesuffix("/sparql")


def sent(server: Endpoint, check: Check) -> httpx.Response:
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", **check.headers}
    request = httpx.Request(
        check.method, root(server) + check.target, content=check.body, headers=headers
    )
    if "Accept" not in check.headers:
        del request.headers["Accept"]
    server._held = None
    return server.client.send(request)


@pytest.mark.parametrize(
    "check",
    [*NEGOTIATED, *METHODS, *QUERIES, *UPDATES, *IN_XML, *STORE, *COMPRESSED],
    ids=lambda check: f"{check.status} {check.method} {check.target[:40]}",
)
def test_a_request_is_answered_as_the_standards_ask(server: Endpoint, check: Check) -> None:
    answer = sent(server, check)
    assert answer.status_code == check.status, answer.text
    for name, part in check.has.items():
        assert part in answer.headers.get(name, ""), (name, answer.headers)
    if "content-encoding" not in check.has and "Accept-Encoding" in check.headers:
        assert "content-encoding" not in answer.headers
    if check.method == "HEAD":
        assert answer.content == b""


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        (TSV, '?x\t?y\t?z\n5\t<http://x.example/y>\t"a\\"\\n"@fr\n'),
        (CSV, 'x,y,z\r\n5,http://x.example/y,"a""\n"\r\n'),
    ],
)
def test_tables_to_the_byte(server: Endpoint, accept: str, body: str) -> None:
    query = 'SELECT (5 AS ?x) (<http://x.example/y> AS ?y) ("a\\"\\n"@fr AS ?z) {}'
    assert sent(server, get(200, query, accept)).text == body


def test_line_ends_come_back_from_xml_as_they_are(server: Endpoint) -> None:
    text = "a\r\nb\rc\n"
    literal = text.replace("\r", "\\r").replace("\n", "\\n")
    table = sent(server, get(200, f'SELECT ("{literal}" AS ?x) {{}}', XML)).content
    rows = parse_query_results(table, format=QueryResultsFormat.XML)
    assert isinstance(rows, QuerySolutions)
    assert next(rows)["x"] == Literal(text)
    query = f'CONSTRUCT {{ <a:s> <a:p> "{literal}" }} {{}}'
    triples = sent(server, get(200, query, "application/rdf+xml")).content
    assert [each.object for each in parse(triples, RdfFormat.RDF_XML)] == [Literal(text)]
    body = f'<a:s> <a:p> "{literal}" .'.encode()
    assert sent(server, put(204, "text/turtle", body)).status_code == 204
    stored = sent(server, Check(200, "GET", graph(A), {"Accept": "application/rdf+xml"})).content
    assert [each.object for each in parse(stored, RdfFormat.RDF_XML)] == [Literal(text)]


@pytest.mark.parametrize(
    ("also", "true"),
    [
        ({"default-graph-uri": B}, True),
        ({"default-graph-uri": [B, ABSENT]}, True),
        ({"default-graph-uri": ABSENT}, False),
        ({"named-graph-uri": B}, False),
    ],
)
def test_the_request_says_what_the_dataset_is(
    server: Endpoint, also: dict[str, str | list[str]], true: bool
) -> None:
    for query in (HAS, HAS.replace("ASK", f"ASK FROM <{ABSENT}>")):
        answer = sent(server, Check(200, "GET", asked(query, **also), {"Accept": JSON}))
        assert json.loads(answer.content)["boolean"] is true


def test_a_graph_comes_and_goes(server: Endpoint) -> None:
    for status, method in ((201, "PUT"), (204, "PUT"), (200, "GET"), (204, "DELETE"), (404, "GET")):
        body = b"<> <a:b> <rel> ." if method == "PUT" else b""
        answer = sent(
            server,
            Check(status, method, graph(NEW), {**TURTLE, "Accept": "application/n-triples"}, body),
        )
        assert answer.status_code == status
        if answer.status_code == 200:
            assert answer.text == f"<{NEW}> <a:b> <http://manners.example/rel> .\n"


def test_a_graph_without_a_name_is_given_one(server: Endpoint) -> None:
    made = sent(server, Check(201, "POST", "/rdf-graph-store", TURTLE, b"<> <a:b> 1 ."))
    assert made.status_code == 201
    location = made.headers["location"]
    for status, method in ((200, "GET"), (204, "DELETE"), (404, "GET")):
        answer = server.send(method, location, b"", {"Accept": "application/n-triples"})
        assert answer.status_code == status
        assert status != 200 or answer.text.startswith(f"<{location}> <a:b> ")


# ------------------------------------------------------------------------- bytes on the line


@contextmanager
def connected(server: Endpoint) -> Iterator[socket.socket]:
    address = urlsplit(server.query_url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 80), 30) as connection:
        yield connection


ASKED = b"/sparql?query=ASK%7B%7D"
POSTED = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET %b HTTP/1.1\r\n\r\n" % ASKED, 400),
        (b"POST /sparql HTTP/1.1\r\nContent-Length: 6\r\n\r\nASK {}", 400),
        (b"GET %b HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" % ASKED, 400),
        (b"GET %b HTTP/1.0\r\n\r\n" % ASKED, 200),
        (b"FETCH /sparql HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"nonsense\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204),
        (b"GET %b HTTP/1.1\r\nHost: a<b\r\n\r\n" % ASKED, 400),
        (b"GET %b HTTP/1.1\r\nHost: [::1]:80\r\n\r\n" % ASKED, 200),
        (POSTED + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (POSTED + b"Transfer-Encoding: odd\r\n\r\n", 501),
        (POSTED + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n%b\r\n\r\n0\r\n\r\n"
            % b"Transfer-Encoding: chunked",
            400,
        ),
    ],
)
def test_what_is_hardly_http(server: Endpoint, data: bytes, status: int) -> None:
    with connected(server) as connection:
        connection.sendall(data)
        assert int(connection.recv(65536)[9:12]) == status


def test_a_connection_stays_in_step_after_errors(server: Endpoint) -> None:
    host = b" HTTP/1.1\r\nHost: a\r\n"
    body = b"Content-Type: text/plain\r\nContent-Length: 50000\r\n\r\n" + b"x" * 50_000
    several = [
        (b"HEAD /sparql?query=BAD" + host + b"\r\n", 400),
        (b"GET " + ASKED + host + b"\r\n", 200),
        (b"POST /sparql" + host + body, 415),
        (b"GET " + ASKED + host + b"\r\n", 200),
        (b"PUT /sparql" + host + body, 405),
        (b"HEAD /nothing" + host + b"\r\n", 404),
        (b"GET " + ASKED + host + b"\r\n", 200),
    ]
    with connected(server) as connection:
        for data, status in several:
            connection.sendall(data)
            assert int(connection.recv(65536)[9:12]) == status


def test_a_hundred_requests_at_once_are_answered_in_order(server: Endpoint) -> None:
    one = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
    bad = one % b"/sparql?query=BAD"
    with connected(server) as connection:
        connection.sendall((one % ASKED + bad) * 50)
        received = b""
        while received.count(b"HTTP/1.1 ") < 100:
            piece = connection.recv(65536)
            assert piece
            received += piece
    assert [int(each[:3]) for each in received.split(b"HTTP/1.1 ")[1:]] == [200, 400] * 50


def answers(connection: socket.socket) -> list[int]:
    """The statuses of all answers until the server closes."""
    received = b""
    while piece := connection.recv(65536):
        received += piece
    found = [int(each[:3]) for each in received.split(b"HTTP/1.1 ")[1:]]
    return [each for each in found if each != 100]


LASTING = asked(
    f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {'1 ' * 1000} }} VALUES ?b {{ {'1 ' * 1000} }}"
    " VALUES ?c { 1 2 3 4 5 6 7 8 } }"
).encode()


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % ASKED, [200]),
        (b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % LASTING, [200]),
        (b"GET %b HTTP/1.0\r\n\r\n" % ASKED, [200]),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 3, [200] * 3),
        (b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % ASKED * 3, [200] * 3),
        (POSTED + b"Content-Length: 6\r\n\r\nASK {}", [200]),
        (POSTED + b"Content-Length: 60\r\n\r\nASK {}", [400]),
        (b"GET /sparql HTTP/1.1\r\nHo", []),
    ],
)
def test_who_sends_no_more_is_answered(server: Endpoint, data: bytes, statuses: list[int]) -> None:
    with connected(server) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        assert answers(connection) == statuses
