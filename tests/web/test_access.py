"""Rights by token, and shares of the workers' time."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from testimonia.library import Archive
from testimonia.sparql.limits import Limits
from testimonia.tokens import Tokens
from testimonia.web import Serving, create_app
from testimonia.web.access import Shares, TokenAccess
from testimonia.web.problems import Problem

pytestmark = pytest.mark.anyio

COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
MINE = "https://mine.example/graph"
INSERT = f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> <a:p> 1 }} }}"

Opening = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


@pytest.fixture
def served(archive: Archive, tokens: Tokens) -> Opening:
    @asynccontextmanager
    async def opening(**options: object) -> AsyncIterator[httpx.AsyncClient]:
        access = TokenAccess(tokens, **options)  # type: ignore[arg-type]
        app = create_app(archive, Serving(Limits(seconds=20), access))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://archive.test") as client,
        ):
            yield client

    return opening


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def test_without_tokens_everybody_reads_and_nobody_writes(served: Opening) -> None:
    async with served() as client:
        assert (await client.get("/sparql", params=COUNT)).status_code == 200
        refused = await client.post("/sparql", data={"update": INSERT})
        assert refused.status_code == 403
        assert "read-only" in refused.json()["detail"]


async def test_a_token_gives_the_rights_of_its_scopes(served: Opening, tokens: Tokens) -> None:
    writer, made = tokens.create(["update"])
    reader, _ = tokens.create(["query"])
    async with served() as client:

        async def write(headers: dict[str, str]) -> httpx.Response:
            return await client.post("/sparql", data={"update": INSERT}, headers=headers)

        nobody = await write({})
        assert nobody.status_code == 401
        assert nobody.headers["www-authenticate"].startswith("Bearer ")
        assert (await write(bearer(reader))).status_code == 403
        assert (await write(bearer("tst_0_wrong"))).status_code == 401
        assert (await write(bearer(writer))).status_code == 204
        ask = {"query": f"ASK {{ GRAPH <{MINE}> {{ ?s ?p 1 }} }}"}
        assert (await client.get("/sparql", params=ask)).json()["boolean"] is True
        gone = await client.delete(
            "/rdf-graph-store", params={"graph": MINE}, headers=bearer(writer)
        )
        assert gone.status_code == 204
        tokens.revoke(made.id)
        assert (await write(bearer(writer))).status_code in (401, 403)


async def test_managed_graphs_are_nobody_s_to_write(served: Opening, tokens: Tokens) -> None:
    headers = bearer(tokens.create(["admin"])[0])
    async with served() as client:
        for graph in ("http://localhost:8000/graph/entities", None):
            params = {"graph": graph} if graph else {"default": ""}
            content = {"content": b"<a:s> <a:p> 1 .", "params": params}
            typed = {**headers, "Content-Type": "text/turtle"}
            put = await client.put("/rdf-graph-store", headers=typed, **content)  # type: ignore[arg-type]
            assert put.status_code == 403
            assert "named graph of your own" in put.json()["detail"]


async def test_a_new_graph_is_found_where_its_location_says(
    served: Opening, tokens: Tokens
) -> None:
    """The archive is asked by another name than its IRIs have."""
    headers = {**bearer(tokens.create(["update"])[0]), "Content-Type": "text/turtle"}
    async with served() as client:
        made = await client.post("/rdf-graph-store", content=b"<> <a:p> 1 .", headers=headers)
        location, name = made.headers["location"], made.links["canonical"]["url"]
        assert location.startswith("http://archive.test/rdf-graph-store/")
        assert name.startswith("http://localhost:8000/rdf-graph-store/")
        for address in (location, f"/rdf-graph-store?graph={name}"):
            found = await client.get(address, headers={"Accept": "application/n-triples"})
            assert found.text.startswith(f"<{name}> <a:p> ")
        assert (await client.delete(location, headers=headers)).status_code == 204
        assert (await client.get(location)).status_code == 404


async def test_the_service_is_described_by_each_of_its_addresses(served: Opening) -> None:
    async with served() as client:
        described = (await client.get("/sparql", headers={"Accept": "application/n-triples"})).text
        for address in ("http://archive.test/sparql", "http://localhost:8000/sparql"):
            assert f"#endpoint> <{address}> ." in described


STATEMENT = b"<a:s> a <https://w3id.org/testimonia#Statement> ."


async def test_the_shapes_are_asked_unless_a_scope_says_otherwise(
    served: Opening, tokens: Tokens
) -> None:
    checked, unchecked = tokens.create(["update"])[0], tokens.create(["update", "unchecked"])[0]
    async with served() as client:

        async def put(text: str, accept: str = "*/*") -> httpx.Response:
            headers = {**bearer(text), "Content-Type": "text/turtle", "Accept": accept}
            return await client.put(
                "/rdf-graph-store", params={"graph": MINE}, content=STATEMENT, headers=headers
            )

        refused = await put(checked)
        assert refused.status_code == 422
        assert refused.json()["report"]["conforms"] is False
        turtle = await put(checked, "text/turtle")
        assert turtle.headers["content-type"].startswith("text/turtle")
        assert "sh:ValidationReport" in turtle.text
        linked = await put(checked, "application/ld+json")
        assert "ValidationReport" in linked.text
        assert (await client.get("/rdf-graph-store", params={"graph": MINE})).status_code == 404
        assert (await put(unchecked)).status_code == 201
        await client.delete("/rdf-graph-store", params={"graph": MINE}, headers=bearer(unchecked))


async def test_a_private_archive(served: Opening, tokens: Tokens) -> None:
    reader = tokens.create(["query"])[0]
    writer = tokens.create(["update"])[0]
    basic = {"Authorization": "Basic " + b64encode(f"me:{reader}".encode()).decode()}
    async with served(private=True) as client:
        for path in ("/sparql?query=ASK%7B%7D", "/", "/documents", "/.well-known/void", "/docs"):
            assert (await client.get(path)).status_code == 401, path
            assert (await client.get(path, headers=bearer(writer))).status_code == 403, path
            assert (await client.get(path, headers=bearer(reader))).status_code == 200, path
            assert (await client.get(path, headers=basic)).status_code == 200, path
        assert (await client.get("/rdf-graph-store?default")).status_code == 401
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/sparql?query=ASK%7B%7D", headers=bearer(reader))
        assert "Authorization" in answer.headers["vary"]


async def test_who_used_its_share_waits(served: Opening) -> None:
    slow = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"}
    async with served(seconds=0.001) as client:
        assert (await client.get("/sparql", params=slow)).status_code == 200
        refused = await client.get("/sparql", params=slow)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1


async def test_pages_and_the_api_take_from_the_same_share(served: Opening, tokens: Tokens) -> None:
    token, _ = tokens.create(["query"])
    html = {"Accept": "text/html"}
    for path in (
        "/",
        "/actors",
        "/api/statements",
        "/api/search?q=wall",
        "/api/queries/said-by-an-actor",
    ):
        async with served(seconds=0.0001) as client:
            assert (await client.get(path)).status_code == 200
            again = await client.get("/api/places")
            assert again.status_code == 429, path
            assert int(again.headers["retry-after"]) > 0
            asked = await client.get("/sparql", params={"query": "ASK {}"}, headers=html)
            assert asked.status_code == 429
            own = await client.get("/api/places", headers=bearer(token))
            assert own.status_code == 200
            assert (await client.get("/healthz")).status_code == 200


async def test_writes_take_from_the_share(served: Opening, tokens: Tokens) -> None:
    turtle = {"Content-Type": "text/turtle"}
    writes: list[dict[str, Any]] = [
        {"method": "POST", "url": "/sparql", "data": {"update": INSERT}},
        {"method": "PUT", "url": f"/rdf-graph-store?graph={MINE}", "headers": turtle},
        {"method": "DELETE", "url": f"/rdf-graph-store?graph={MINE}"},
    ]
    for write in writes:
        headers = {**bearer(tokens.create(["update"])[0]), **write.pop("headers", {})}
        async with served(seconds=0.0001) as client:
            done = await client.request(**write, headers=headers)
            assert done.is_success, done.text
            again = await client.request(**write, headers=headers)
            assert again.status_code == 429
            assert int(again.headers["retry-after"]) > 0


def test_shares_fill_up_again() -> None:
    now = [0.0]
    shares = Shares(60, lambda: now[0])
    shares.spent("a", 90)
    with pytest.raises(Problem) as caught:
        shares.admit("a")
    assert caught.value.headers["Retry-After"] == "30"
    shares.admit("b")
    now[0] = 31
    shares.admit("a")
