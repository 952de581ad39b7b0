"""What operators need: figures, readiness, the log, and an end that breaks nothing off."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families

from servers import Served, read_to_end, serving
from testimonia.library import Archive
from testimonia.sparql.limits import Limits
from testimonia.tokens import Tokens
from testimonia.updates.plain import PlainDataset
from testimonia.web import Serving, connections, create_app, create_plain_app
from testimonia.web.access import OpenAccess, TokenAccess
from testimonia.web.observed import MOST_SHOWN, Observing

ASK = {"query": "ASK {}"}
INSERT = {"update": "INSERT DATA { <a:s> <a:p> 1 , 2 . GRAPH <a:g> { <a:s> <a:p> 1 } }"}
SECRET = "Quokka"

Opening = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def plain(tmp_path: Path) -> Opening:
    @asynccontextmanager
    async def opening(
        address: str = "127.0.0.1", limits: Limits | None = None, **observing: object
    ) -> AsyncIterator[httpx.AsyncClient]:
        serving = Serving(
            limits or Limits(seconds=20),
            OpenAccess(writable=True),
            observing=Observing(**observing),  # type: ignore[arg-type]
        )
        app = create_plain_app(PlainDataset(tmp_path / "plain", serving.limits), serving)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://plain.test") as client,
        ):
            yield client

    return opening


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    response = await client.get("/metrics")
    assert response.status_code == 200
    found = {}
    for family in text_string_to_metric_families(response.text):
        for sample in family.samples:
            labels = ",".join(f"{key}={sample.labels[key]}" for key in sorted(sample.labels))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


# ----------------------------------------------------------------------------------- metrics


@pytest.mark.anyio
async def test_figures_are_those_of_what_happened(plain: Opening) -> None:
    async with plain() as client:
        for _ in range(3):
            await client.get("/sparql", params=ASK)
        await client.post("/sparql", data=INSERT)
        await client.get("/sparql", params={"query": "nonsense"})
        await client.get("/nothing/at/all")
        await client.get("/rdf-graph-store/one")
        await client.get("/rdf-graph-store/two")
        found = await figures(client)
    asked = "testimonia_http_requests_total{{method={},route={},status={}}}"
    assert found[asked.format("GET", "/sparql", 200)] == 3
    assert found[asked.format("POST", "/sparql", 204)] == 1
    assert found[asked.format("GET", "/sparql", 400)] == 1
    assert found[asked.format("GET", "other", 404)] == 1
    assert found[asked.format("GET", "/rdf-graph-store", 404)] == 2
    assert found["testimonia_http_request_seconds_count{route=/sparql}"] == 5
    assert found["testimonia_result_cache_hits_total{}"] == 2
    assert found["testimonia_queries_running{}"] == found["testimonia_queries_queued{}"] == 0
    assert found["testimonia_workers{}"] >= 1
    assert found["testimonia_store_quads{}"] == 3
    assert found["testimonia_store_bytes{}"] > 0
    assert found["testimonia_store_generation{}"] >= 1


@pytest.mark.anyio
async def test_quads_are_counted_once_a_generation(plain: Opening) -> None:
    async with plain() as client:
        await client.post("/sparql", data=INSERT)
        first = await figures(client)
        for _ in range(3):
            last = await figures(client)
        assert last["testimonia_queries_total{}"] == first["testimonia_queries_total{}"]


@pytest.mark.anyio
async def test_a_kill_is_counted_by_its_reason(plain: Opening) -> None:
    async with plain(limits=Limits(seconds=2)) as client:
        await client.post("/sparql", data={"update": numbers(300)})
        assert (await client.get("/sparql", params={"query": ENDLESS})).status_code == 503
        found = await figures(client)
    assert found["testimonia_worker_kills_total{reason=deadline}"] == 1
    assert found["testimonia_queries_ended_total{outcome=deadline}"] == 1


@pytest.mark.anyio
async def test_figures_are_for_this_machine_or_an_administrator(
    archive: Archive, tmp_path: Path
) -> None:
    tokens = Tokens(tmp_path)
    admin, _ = tokens.create(["admin"])
    reader, _ = tokens.create(["query"])
    app = create_app(archive, Serving(Limits(), TokenAccess(tokens, private=True)))
    async with app.router.lifespan_context(app):
        for address, headers, expected in [
            ("127.0.0.1", {}, 200),
            ("::1", {}, 200),
            ("192.0.2.7", {}, 401),
            ("192.0.2.7", {"Authorization": f"Bearer {reader}"}, 403),
            ("192.0.2.7", {"Authorization": f"Bearer {admin}"}, 200),
            ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 401),
            ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 401),
        ]:
            transport = httpx.ASGITransport(app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:
                response = await client.get("/metrics", headers=headers)
                assert response.status_code == expected, (address, headers)
                assert (await client.get("/readyz")).status_code == 200


# --------------------------------------------------------------------------------- readiness


@pytest.mark.anyio
async def test_ready_is_who_can_answer(plain: Opening) -> None:
    async with plain() as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert (await client.head("/readyz")).status_code == 200


@pytest.mark.anyio
async def test_not_ready_without_a_store_or_when_stopping(tmp_path: Path) -> None:
    app = create_plain_app(PlainDataset(tmp_path / "plain"), Serving())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://x.test") as client,
    ):
        assert (await client.get("/readyz")).status_code == 200
        app.state.service.pool.stop()
        refused = await client.get("/readyz")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "stopping" in refused.json()["detail"]
        query = await client.get("/sparql", params={"query": "ASK { <a:x> ?p ?o }"})
        assert (query.status_code, "stopping" in query.json()["detail"]) == (503, True)
        app.state.service.pool.close()
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503


# ------------------------------------------------------------------------------------ the log


@pytest.mark.anyio
async def test_a_request_keeps_its_id_or_gets_one(plain: Opening) -> None:
    async with plain() as client:
        kept = await client.get("/healthz", headers={"X-Request-ID": "3f-a.b:c"})
        assert kept.headers["x-request-id"] == "3f-a.b:c"
        ids = set()
        for given in ["", "a b", "x" * 129, 'a"b', "a\tb"]:
            made = await client.get("/nothing", headers={"X-Request-ID": given})
            ids.add(made.headers["x-request-id"])
        assert len(ids) == 5
        assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    loggers = [logging.getLogger(f"testimonia.{name}") for name in ("access", "slow")]
    handler = Kept()
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.INFO)
    yield handler.records
    for each in loggers:
        each.removeHandler(handler)
        each.setLevel(logging.NOTSET)


def fields(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = record.__dict__["fields"]
    return found


@pytest.mark.anyio
@pytest.mark.parametrize("shown", [False, True])
async def test_a_posted_query_is_logged_if_that_is_wanted(
    plain: Opening, records: list[logging.LogRecord], shown: bool
) -> None:
    async with plain(queries=shown) as client:
        await client.post("/sparql", data={"query": f"ASK {{ ?s ?p '{SECRET}' }}"})
    (record,) = [each for each in records if each.name == "testimonia.access"]
    assert (SECRET in json.dumps(fields(record))) == shown
    assert fields(record)["status"] == 200


@pytest.mark.anyio
async def test_the_log_names_a_token_by_its_id(
    archive: Archive, tmp_path: Path, records: list[logging.LogRecord]
) -> None:
    tokens = Tokens(tmp_path)
    text, token = tokens.create(["query"])
    app = create_app(archive, Serving(Limits(), TokenAccess(tokens)))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://x.test") as client,
    ):
        headers = {"Authorization": f"Bearer {text}"}
        assert (await client.get("/sparql", params=ASK, headers=headers)).status_code == 200
    (record,) = records
    assert fields(record)["client"] == f"token {token.id}"
    assert text.rpartition("_")[2] not in record.getMessage() + repr(fields(record))


@pytest.mark.anyio
async def test_slow_queries_are_logged_with_how_they_ended(
    plain: Opening, records: list[logging.LogRecord]
) -> None:
    async with plain(limits=Limits(seconds=2), slow=1.5) as client:
        await client.post("/sparql", data={"update": numbers(300)})
        await client.get("/sparql", params=ASK)
        long = f"{ENDLESS} # {'x' * 5000}"
        assert (await client.post("/sparql", data={"query": long})).status_code == 503
    (record,) = [each for each in records if each.name == "testimonia.slow"]
    found = fields(record)
    assert found["outcome"] == "deadline"
    assert 1.5 < float(str(found["seconds"])) < 5
    assert len(str(found["query"])) == MOST_SHOWN + 1
    assert str(found["query"]).startswith("SELECT * { ?a ?b ?c .")


def test_each_line_of_the_json_log_is_an_object(tmp_path: Path) -> None:
    options = ("--log", "json", "--slow", "0", "--log-queries")
    with serving("--plain", str(tmp_path / "plain"), *options) as served:
        with served.client() as client:
            headers = {"X-Request-ID": "mine"}
            client.post("/sparql", data={"query": f"ASK {{ <a:{SECRET}> ?p ?o }}"}, headers=headers)
            client.get("/nothing")
        served.terminate()
        assert served.process.wait(30) == 0
        lines = [json.loads(line) for line in served.lines if line.startswith("{")]
    assert {"testimonia.access", "testimonia.slow", "testimonia.web.server"} == {
        each["logger"] for each in lines
    }
    assert {each["logger"] for each in lines if each.get("request") == "mine"} == {
        "testimonia.access",
        "testimonia.slow",
    }
    assert all(re.fullmatch(r"[\d-]{10}T[\d:.]{12}Z", each["time"]) for each in lines)
    assert [each["status"] for each in lines if "status" in each] == [200, 404]


# -------------------------------------------------------------------------- slow connections


@pytest.fixture
def small_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The protocol of our connections alone, with little patience; it answers 8 MB."""
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.5)
    monkeypatch.setattr(connections, "TAKING_SECONDS", 0.5)
    monkeypatch.setattr(connections, "HEADER_BYTES", 10_000)

    async def app(scope: object, receive: object, send: Callable[..., object]) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)  # type: ignore[misc]
        for more in (True, False):
            body = {"type": "http.response.body", "body": b"x" * 4_000_000, "more_body": more}
            await send(body)  # type: ignore[misc]

    config = uvicorn.Config(
        app, port=0, http=connections.Connection, lifespan="off", log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


def connected(port: int) -> Served:
    return Served(process=None, port=port)  # type: ignore[arg-type]


def test_headers_that_never_end_are_refused(small_server: int) -> None:
    for sent, status in [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"408"),
        (b"GET /" + b"x" * 20_000, b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 2_000, b"414"),
        (b"nonsense\r\n\r\n", b"400"),
    ]:
        with connected(small_server).connect(10) as connection:
            began = time.monotonic()
            connection.sendall(sent)
            answer = read_to_end(connection)
            assert time.monotonic() - began < 8
        assert answer[9:12] == status
        if status:
            assert b"content-type: application/problem+json" in answer
            assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == int(status)


def test_a_client_that_takes_nothing_is_let_go(small_server: int) -> None:
    with connected(small_server).connect(10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(3)
        assert len(read_to_end(connection)) < 8_000_000
    with connected(small_server).connect(10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert len(read_to_end(connection)) > 8_000_000


def test_a_body_that_does_not_come_is_told_so(tmp_path: Path) -> None:
    options = ("--body-timeout", "0.5", "--write-open")
    with serving("--plain", str(tmp_path / "plain"), *options) as served:
        for path, kind in [
            ("/sparql", "application/sparql-query"),
            ("/sparql", "application/x-www-form-urlencoded"),
            ("/rdf-graph-store?default", "text/turtle"),
        ]:
            with served.connect(20) as connection:
                head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
                connection.sendall(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
                answer = read_to_end(connection)
            assert answer.startswith(b"HTTP/1.1 408 "), answer
            assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 408


# ------------------------------------------------------------------------------------ the end

ENDLESS = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    " FILTER(?c > ?f && ?f > ?i && ?i > ?l && ?l > ?c) }"
)
# Two seconds of work on 300 triples, and one row.
SECONDS_LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f = ?i) }"
LONG_RESULT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def numbers(count: int) -> str:
    triples = " . ".join(f"<a:s{n}> <a:p> {n}" for n in range(count))
    return f"INSERT DATA {{ {triples} }}"


@pytest.fixture
def filled(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    options = ("--write-open", "--grace", str(request.param))
    with serving("--plain", str(tmp_path / "plain"), *options) as served:
        with served.client() as client:
            assert client.post("/sparql", data={"update": numbers(300)}).status_code == 204
        yield served


@pytest.mark.parametrize("filled", [25], indirect=True)
def test_what_is_at_work_may_finish(filled: Served) -> None:
    async def ends() -> tuple[httpx.Response, int]:
        async with httpx.AsyncClient(base_url=filled.url, timeout=60) as client:
            counted = asyncio.create_task(client.get("/sparql", params={"query": SECONDS_LONG}))
            size = 0
            params = {"query": LONG_RESULT + " LIMIT 400000", "format": "csv"}
            async with client.stream("GET", "/sparql", params=params) as download:
                async for piece in download.aiter_bytes():
                    if not size:
                        filled.terminate()
                        await asyncio.sleep(0.3)
                        with pytest.raises(httpx.ConnectError):
                            async with httpx.AsyncClient() as late:
                                await late.get(f"{filled.url}/healthz")
                    size += piece.count(b"\n")
            return await counted, size

    counted, lines = asyncio.run(ends())
    assert (counted.status_code, lines) == (200, 400_001)
    assert filled.process.wait(30) == 0
    assert "Traceback" not in filled.log()


@pytest.mark.parametrize("filled", [1], indirect=True)
def test_what_does_not_finish_in_time_is_told_so(filled: Served) -> None:
    async def ends() -> tuple[httpx.Response, bool]:
        async with httpx.AsyncClient(base_url=filled.url, timeout=60) as client:
            endless = asyncio.create_task(client.get("/sparql", params={"query": ENDLESS}))
            broken = False
            try:
                async with client.stream("GET", "/sparql", params={"query": LONG_RESULT}) as all_:
                    filled.terminate()
                    async for _ in all_.aiter_bytes():
                        await asyncio.sleep(0.05)
            except httpx.RemoteProtocolError:
                broken = True
            return await endless, broken

    endless, broken = asyncio.run(ends())
    assert (endless.status_code, endless.json()["status"]) == (503, 503)
    assert "stopping" in endless.json()["detail"]
    assert broken, "a part was taken for the whole"
    assert filled.process.wait(30) == 0
    assert "Traceback" not in filled.log()


def test_a_client_that_leaves_ends_its_query(tmp_path: Path) -> None:
    with (
        serving("--plain", str(tmp_path / "plain"), "--write-open") as served,
        served.client() as client,
    ):
        client.post("/sparql", data={"update": numbers(300)})
        with pytest.raises(httpx.ReadTimeout):
            client.get("/sparql", params={"query": ENDLESS}, timeout=1.5)
        with client.stream("GET", "/sparql", params={"query": LONG_RESULT}) as download:
            next(download.iter_bytes())
        kills = 0.0
        for _ in range(50):
            text = client.get("/metrics").text
            found = re.search(r'worker_kills_total\{reason="client"\} (\S+)', text)
            kills = float(found[1]) if found else 0
            if kills == 2:
                break
            time.sleep(0.2)
        assert kills == 2
        assert "testimonia_queries_running 0.0" in text
