"""What is allowed outside is reached at the address that was looked at, and nowhere else."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from testimonia.errors import Forbidden, QueryError
from testimonia.sparql import evaluation, frames, policy
from testimonia.sparql.evaluation import Request
from testimonia.sparql.outside import Outside
from testimonia.sparql.policy import Reach
from testimonia.updates import operations

ANSWER = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"bnode","value":"b"}}]}}'


@dataclass
class Elsewhere:
    """A server on loopback, and what it was asked."""

    port: int = 0
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            server.asked.append((self.path, self.headers["Host"], self.rfile.read(size)))
            status, _, target = self.path[1:].partition("/")
            self.send_response(int(status) if status.isdigit() else 200)
            if target:
                self.send_header("Location", f"http://{target}")
            kind = "text/turtle" if self.command == "GET" else "application/sparql-results+json"
            body = b"<rel> <a:p> 1 , [] ." if self.command == "GET" else ANSWER
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = listening.server_port
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    listening.shutdown()
    listening.server_close()


@dataclass
class Names:
    """A resolver that says another thing each time, as a hostile one would."""

    answers: list[str]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str) -> list[str]:
        self.asked.append(host)
        return [self.answers.pop(0)]


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback for once counts as public: a test has no other address to answer at."""
    monkeypatch.setattr(policy, "is_public", lambda number: number == "127.0.0.1")


@pytest.mark.usefixtures("public")
def test_the_connection_goes_to_the_address_that_was_checked(elsewhere: Elsewhere) -> None:
    names = Names(["127.0.0.1", "10.0.0.1"])
    url = elsewhere.address("sparql", "service.example")
    outside = Outside((elsewhere.address("", "service.example"),), names)
    answer = outside.call("SERVICE", url, "*/*", b"ASK {}", "application/sparql-query")
    assert answer.body == ANSWER
    assert names.asked == ["service.example"]
    assert elsewhere.asked == [("/sparql", f"service.example:{elsewhere.port}", b"ASK {}")]
    with pytest.raises(Forbidden, match="private"):
        outside.call("SERVICE", url, "*/*", b"ASK {}", "application/sparql-query")
    assert len(elsewhere.asked) == 1


@pytest.mark.usefixtures("public")
def test_redirects_are_looked_at_too(elsewhere: Elsewhere) -> None:
    allowed = Outside((elsewhere.address("", "service.example"),), lambda _: ["127.0.0.1"])
    here = f"service.example:{elsewhere.port}"
    found = allowed.call(
        "SERVICE", elsewhere.address(f"307/{here}/end", "service.example"), "*/*", b"q"
    )
    assert found.url == f"http://{here}/end"
    assert [body for *_, body in elsewhere.asked] == [b"q", b"q"]
    for target in (f"127.0.0.1:{elsewhere.port}/", f"other.example:{elsewhere.port}/"):
        with pytest.raises(Forbidden, match="may not reach"):
            allowed.call("LOAD", elsewhere.address(f"302/{target}", "service.example"), "*/*")
    with pytest.raises(QueryError, match="redirect that is no answer"):
        allowed.call("SERVICE", elsewhere.address(f"303/{here}/", "service.example"), "*/*", b"q")
    again = f"307/{here}/" * 9
    with pytest.raises(QueryError, match="redirects more than 5 times"):
        allowed.call("LOAD", elsewhere.address(again, "service.example"), "*/*")
    with pytest.raises(QueryError, match="answered with 500"):
        allowed.call("LOAD", elsewhere.address("500", "service.example"), "*/*")


@pytest.mark.parametrize("number", ["10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1"])
def test_addresses_inside_have_many_names(number: str) -> None:
    with pytest.raises(Forbidden, match="private"):
        policy.checked_address(
            "LOAD", "http://a.example/", ("http://a.example/",), lambda _: [number]
        )


def answered(query: str, reach: Reach) -> str:
    output = io.BytesIO()
    evaluation.answer(Store(), Request(query, format="csv"), output, reach)
    output.seek(0)
    pieces = []
    while header := output.read(frames.HEADER.size):
        kind, length = frames.HEADER.unpack(header)
        payload = output.read(length)
        pieces += [payload] if kind == frames.DATA else []
    return b"".join(pieces).decode()


def test_a_service_is_called_through_the_relay(elsewhere: Elsewhere) -> None:
    reach = Reach((elsewhere.address(""),))
    service = f"SERVICE <{elsewhere.address('ds')}> {{ ?x <a:p> ?y }}"
    query = f"SELECT (isBlank(?x) AS ?b) {{ {service} }} # SERVICE <http://no.example/>"
    assert answered(query, reach) == "b\r\ntrue\r\n"
    ((path, host, body),) = elsewhere.asked
    assert (path, host) == ("/ds", f"127.0.0.1:{elsewhere.port}")
    assert b"<a:p>" in body
    broken = f"SELECT * {{ SERVICE SILENT <{elsewhere.address('500')}> {{ ?x <a:p> ?y }} }}"
    assert answered(broken, reach).count("\r\n") == 2
    with pytest.raises(QueryError, match="/500 is answered with 500"):
        answered(broken.replace("SILENT", ""), reach)


def update(store: Store, text: str, reach: Reach) -> None:
    request: dict[str, Any] = {"text": text, "using": [], "using_named": [], "base_iri": None}
    operations.update(store, request, reach)


def test_what_is_loaded_stands_in_the_update(elsewhere: Elsewhere) -> None:
    reach, store = Reach((elsewhere.address(""),)), Store()
    url = elsewhere.address("data/file")
    update(store, f"PREFIX g: <a:> LOAD <{url}> INTO GRAPH g:g ; LOAD <{url}>", reach)
    assert len(store) == 4
    graphs = {str(quad.graph_name) for quad in store}
    assert graphs == {"<a:g>", "DEFAULT"}
    assert {quad.subject for quad in store} == {NamedNode(elsewhere.address("data/rel"))}

    before = set(store)
    with pytest.raises(QueryError, match="answered with 404"):
        update(store, f"CLEAR ALL ; LOAD <{elsewhere.address('404')}>", reach)
    update(
        store, f"LOAD # it may fail\n SILENT <{elsewhere.address('404')}> INTO GRAPH <a:x>", reach
    )
    assert set(store) == before
    update(
        store,
        f"INSERT {{ ?x <a:q> 1 }} WHERE {{ SERVICE <{elsewhere.address('ds')}> {{ ?x ?y ?z }} }}",
        reach,
    )
    assert len(store) == 5


def test_where_nothing_is_allowed_nothing_is_called(elsewhere: Elsewhere) -> None:
    for reach in (Reach(), Reach(("http://service.example/",))):
        with pytest.raises(Forbidden):
            answered(f"SELECT * {{ SERVICE <{elsewhere.address('ds')}> {{ ?x ?y ?z }} }}", reach)
        with pytest.raises(Forbidden):
            update(Store(), f"LOAD <{elsewhere.address('ds')}>", reach)
    assert elsewhere.asked == []
