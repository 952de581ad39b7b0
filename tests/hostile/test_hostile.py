"""Hostile clients against a real server, with a normal one beside them all the while."""

from __future__ import annotations

import gzip
import re
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import constructs
from servers import Served, read_to_end, serving
from testimonia.library import open_archive
from testimonia.tokens import Tokens

pytestmark = pytest.mark.slow

DEADLINE = 2.5
MEMORY = 192
LATE = 12.0  # after the deadline, on a busy machine
TOLD = {400, 413, 429, 503, 507}
MEGABYTE = 1024 * 1024
NORMAL = "SELECT ?o { <urn:s7> <urn:p> ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Beside(threading.Thread):
    """A normal client, who asks a small question again and again; and who weighs the server."""

    def __init__(self, served: Served) -> None:
        super().__init__(daemon=True)
        self._served = served
        self._over = threading.Event()
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self.refused = 0
        self.memory = 0

    def run(self) -> None:
        with self._served.client() as client:
            number = 0
            while not self._over.wait(0.03):
                number += 1
                began = time.perf_counter()
                try:
                    query = f"{NORMAL} # {number}"
                    response = client.get("/sparql", params={"query": query, "format": "csv"})
                    if response.status_code in (429, 503):
                        told(response)
                        self.refused += 1
                    elif (response.status_code, response.text) != (200, "o\r\n7\r\n"):
                        self.failures.append(f"{response.status_code} {response.text[:200]}")
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                self.seconds.append(time.perf_counter() - began)
                self.memory = max(self.memory, self._served.memory())

    def end(self) -> None:
        self._over.set()
        self.join(60)


def data() -> str:
    lines = [f"<urn:s{n}> <urn:p> {n} ." for n in range(2000)]
    lines += [f"<urn:n{n}> <urn:next> <urn:n{(n * 7 + 1) % 1500}> ." for n in range(1500)]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile") / "plain"
    options = ("--deadline", str(DEADLINE), "--memory", str(MEMORY), "--body-timeout", "2")
    with serving("--plain", str(folder), "--write-open", *options) as server:
        with server.client() as client:
            turtle = {"Content-Type": "text/turtle"}
            put = client.put("/rdf-graph-store?default", content=data(), headers=turtle)
            assert put.status_code in (200, 201, 204)
        yield server


@pytest.fixture(scope="module", autouse=True)
def beside(served: Served) -> Iterator[Beside]:
    """Whatever the tests of this module do, the normal client is served."""
    normal = Beside(served)
    normal.start()
    yield normal
    normal.end()
    assert served.process.poll() is None, served.log()[-2000:]
    assert normal.failures == []
    assert normal.refused <= 0.01 * len(normal.seconds)
    assert len(normal.seconds) > 50
    assert statistics.median(normal.seconds) < 0.5
    assert max(normal.seconds) < LATE
    # A few at work may each use what they may; those that wait have not come far.
    assert normal.memory < (4 * MEMORY + 1200) * MEGABYTE


def told(response: httpx.Response, among: set[int] = TOLD) -> None:
    """The answer is an error, and says so in the one shape."""
    assert response.status_code in among, (response.status_code, response.text[:300])
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert len(problem["detail"]) > 10


def stopped(served: Served, query: str) -> None:
    """The query ends in time: with an error, or broken off, never as a part that looks whole."""
    began = time.perf_counter()
    try:
        with served.client() as client:
            told(client.post("/sparql", data={"query": query}), {413, 429, 503, 507})
    except httpx.RemoteProtocolError:
        pass  # it was a long result, and was broken off
    assert time.perf_counter() - began < DEADLINE + LATE


def survived(response: httpx.Response) -> None:
    """Either it was done, or the answer says why not."""
    if response.status_code >= 400:
        told(response)
    else:
        assert response.status_code in (200, 201, 204)


@pytest.mark.parametrize("name", constructs.HEAVY)
def test_a_query_without_end_is_ended(served: Served, name: str) -> None:
    stopped(served, constructs.HEAVY[name])


@pytest.mark.parametrize("name", constructs.HEAVY_UPDATES)
def test_an_update_without_end_is_ended_and_undone(served: Served, name: str) -> None:
    began = time.perf_counter()
    with served.client() as client:
        told(client.post("/sparql", data={"update": constructs.HEAVY_UPDATES[name]}), {503, 507})
        assert time.perf_counter() - began < DEADLINE + LATE
        left = (
            "SELECT ?s { GRAPH ?g { ?s ?p ?o }"
            " FILTER(?g = <urn:o> || STRSTARTS(STR(?g), 'urn:c')) }"
        )
        assert client.post("/sparql", data={"query": left, "format": "csv"}).text == "s\r\n"


def test_twenty_updates_at_once(served: Served) -> None:
    """They have the store one after the other; a short one need not wait for all of them."""
    names = [*constructs.HEAVY_UPDATES] * 3
    began = time.perf_counter()

    def send(name: str) -> None:
        with served.client() as client:
            told(client.post("/sparql", data={"update": constructs.HEAVY_UPDATES[name]}))

    with ThreadPoolExecutor(21) as many:
        sent = [many.submit(send, each) for each in names]
        with served.client() as client:
            time.sleep(0.5)
            for number in range(3):
                write = {
                    "update": f"INSERT DATA {{ GRAPH <urn:w> {{ <urn:w> <urn:p> {number} }} }}"
                }
                answer = client.post("/sparql", data=write)
                survived(answer)
                if answer.status_code == 204:
                    ask = {"query": f"ASK {{ GRAPH <urn:w> {{ ?s ?p {number} }} }}"}
                    assert client.post("/sparql", data=ask).json()["boolean"] is True
        for done in sent:
            done.result(60)
    assert time.perf_counter() - began < 2 * DEADLINE + LATE


@pytest.mark.parametrize("name", constructs.QUERIES)
def test_a_deep_query_ends_nobody_but_itself(served: Served, name: str) -> None:
    with served.client() as client:
        survived(client.post("/sparql", data={"query": constructs.QUERIES[name]}))


@pytest.mark.parametrize("name", constructs.UPDATES)
def test_a_deep_update_ends_nobody_but_itself(served: Served, name: str) -> None:
    with served.client() as client:
        survived(client.post("/sparql", data={"update": constructs.UPDATES[name]}))


@pytest.mark.parametrize("name", constructs.GRAPHS)
def test_a_deep_graph_ends_nobody_but_itself(served: Served, name: str) -> None:
    kind, body = constructs.GRAPHS[name]
    with served.client() as client:
        headers = {"Content-Type": kind}
        url = "/rdf-graph-store?graph=urn:deep"
        survived(client.put(url, content=body.encode(), headers=headers))


def test_long_queries(served: Served) -> None:
    most = 10 * MEGABYTE - 200
    direct = {"Content-Type": "application/sparql-query"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies = [
        (f"ASK {{ VALUES ?x {{ {'1 ' * (most // 2 - 20)} }} }}", direct),
        (f"ASK {{ BIND('{'x' * (most - 30)}' AS ?y) }}", direct),
        (f"ASK {{}} # {'service ' * (most // 8 - 3)}", direct),
        (f"ASK {{}} {' ' * (most - 10)}", direct),
        ("x" * most, direct),
        (f"query=ASK%7B%7D{'%20' * (most // 3 - 20)}", form),
        (f"query=ASK%7B%7D&{'x=%41&' * (most // 6 - 20)}", form),
    ]
    with served.client() as client:
        for text, headers in bodies:
            survived(client.post("/sparql", content=text.encode(), headers=headers))
        over = client.post("/sparql", content=b" " * (10 * MEGABYTE + 1), headers=direct)
        told(over, {413})
        bomb = gzip.compress(b" " * (200 * MEGABYTE))
        packed = {**direct, "Content-Encoding": "gzip"}
        told(client.post("/sparql", content=bomb, headers=packed), {413})
        members = gzip.compress(b" ") * 400_000
        told(client.post("/sparql", content=members, headers=packed), {400})
        turtle = {"Content-Type": "text/turtle", "Content-Encoding": "gzip"}
        put = client.put("/rdf-graph-store?graph=urn:b", content=bomb, headers=turtle)
        told(put, {413})
        part = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.ttl"\r\n\r\n\r\n'
        parts = {"Content-Type": "multipart/form-data; boundary=B"}
        many = part * 100_000 + b"--B--\r\n"
        told(client.post("/rdf-graph-store?graph=urn:b", content=many, headers=parts), {400})
    with served.connect() as connection:
        connection.sendall(b"GET /sparql?query=" + b"x" * (2 * MEGABYTE) + b" HTTP/1.1\r\n\r\n")
        assert read_to_end(connection).startswith(b"HTTP/1.1 414 ")


def test_two_hundred_at_once(served: Served) -> None:
    queries = [f"{each} # {n}" for n in range(17) for each in constructs.HEAVY.values()][:200]
    began = time.perf_counter()
    with ThreadPoolExecutor(200) as many:
        for done in [many.submit(stopped, served, each) for each in queries]:
            done.result(60)
    assert time.perf_counter() - began < DEADLINE + 2 * LATE


def test_slow_readers(served: Served, beside: Beside) -> None:
    before = len(beside.seconds)
    taken = [served.connect() for _ in range(40)]
    try:
        for n, connection in enumerate(taken):
            path = httpx.URL(served.url + "/sparql", params={"query": f"{LARGE} # {n}"}).raw_path
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(4)
        assert len(beside.seconds) - before > 5
    finally:
        for connection in taken:
            connection.close()


def test_half_sent_requests(served: Served) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    bodies = [served.connect() for _ in range(50)]
    heads = [served.connect() for _ in range(50)]
    try:
        for connection in bodies:
            connection.sendall(head + b"Content-Length: 1000\r\n\r\nSELECT")
        for connection in heads:
            connection.sendall(head)
        for connection in bodies:
            assert read_to_end(connection).startswith(b"HTTP/1.1 408 ")
    finally:
        for connection in [*bodies, *heads]:
            connection.close()


# ------------------------------------------------------------------------------ reaching out


@pytest.fixture
def trap() -> Iterator[tuple[str, list[object]]]:
    """An address on loopback, and whoever came there."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, address = listener.accept()
                except TimeoutError:
                    continue
                connection.close()
                came.append(address)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", came
        over.set()
        thread.join(10)


def refused(response: httpx.Response, text: str) -> None:
    """What is SILENT may fail by itself, in a process without a network (SPARQL 1.1 Federated
    Query, section 2.3): nothing came of it, and it is no error."""
    if "SILENT" in text and response.status_code in (200, 204):
        assert "root:" not in response.text
    else:
        told(response, {400, 403})


def test_nobody_is_sent_elsewhere(served: Served, trap: tuple[str, list[object]]) -> None:
    address, came = trap
    with served.client() as client:
        for name, query in constructs.disguises(address).items():
            response = client.post("/sparql", data={"query": query})
            if "from" in name:
                assert response.status_code == 200
                assert response.json()["results"]["bindings"] == []
            else:
                refused(response, query)
        for name, update in constructs.loads(address).items():
            response = client.post("/sparql", data={"update": update})
            if name != "using":
                refused(response, update)
        for kind, body in constructs.remote_graphs(address).values():
            headers = {"Content-Type": kind}
            put = client.put("/rdf-graph-store?graph=urn:r", content=body, headers=headers)
            survived(put)
            assert "root:" not in client.get("/rdf-graph-store?graph=urn:r").text
    time.sleep(0.3)
    assert came == []


# ---------------------------------------------------------------------------- in an archive


def test_an_archive_stands_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with open_archive(folder, create=True) as opened, opened.writer():
        pass
    text, _ = Tokens(folder).create(["update"])
    options = ("--deadline", "3", "--memory", str(MEMORY))
    with serving("--archive", str(folder), *options) as server, server.client() as client:
        client.headers["Authorization"] = f"Bearer {text}"
        for name in ("where parentheses", "triple terms"):
            update = constructs.UPDATES[name]
            response = client.post("/sparql", data={"update": update})
            if response.status_code >= 400:
                told(response, {*TOLD, 403})
        for name in ("turtle list", "jsonld objects"):
            kind, body = constructs.GRAPHS[name]
            headers = {"Content-Type": kind}
            url = "/rdf-graph-store?graph=urn:deep"
            survived(client.put(url, content=body.encode(), headers=headers))
        update = "INSERT DATA { GRAPH <urn:m> { <a:s> <a:p> 1 } }"
        one = client.post("/sparql", data={"update": update})
        assert one.status_code == 204, one.text
        assert re.search("<urn:m>|a:s", client.get("/rdf-graph-store?graph=urn:m").text)
