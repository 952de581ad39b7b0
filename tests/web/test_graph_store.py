"""Graph Store HTTP Protocol and updates, on a plain dataset that everybody may write."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from testimonia.sparql.limits import Limits
from testimonia.updates.plain import PlainDataset
from testimonia.web import Serving, create_plain_app
from testimonia.web.access import OpenAccess

pytestmark = pytest.mark.anyio

TURTLE = {"Content-Type": "text/turtle"}
GRAPH = {"graph": "https://mine.example/g"}


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    limits = Limits(seconds=20, patience_seconds=10, buffer_bytes=64 * 1024)
    dataset = PlainDataset(tmp_path / "plain", limits)
    app = create_plain_app(dataset, Serving(limits, OpenAccess(writable=True)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://plain.test") as client,
    ):
        yield client


async def rows(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 200
    return sorted(answer.text.split("\r\n")[1:-1])


async def test_a_graph_s_life(plain: httpx.AsyncClient) -> None:
    store: dict[str, Any] = {"url": "/rdf-graph-store", "params": GRAPH}
    assert (await plain.get(**store)).status_code == 404
    assert (await plain.delete(**store)).status_code == 404
    assert (await plain.put(**store, content="<a:s> <a:p> 1 .", headers=TURTLE)).status_code == 201
    assert (await plain.put(**store, content="<a:s> <a:p> 2 .", headers=TURTLE)).status_code == 204
    assert (await plain.post(**store, content="<> <a:p> 3 .", headers=TURTLE)).status_code == 204
    got = await plain.get(**store, headers={"Accept": "application/n-triples"})
    assert sorted(got.text.splitlines()) == [
        '<a:s> <a:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<https://mine.example/g> <a:p> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]
    head = await plain.head(**store)
    assert (head.status_code, head.content) == (200, b"")
    patch = {"Content-Type": "application/sparql-update"}
    delete = "DELETE WHERE { <a:s> ?p ?o }"
    assert (await plain.patch(**store, content=delete, headers=patch)).status_code == 204
    assert await rows(plain, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == ["3"]
    clear = await plain.patch(**store, content="CLEAR ALL", headers=patch)
    assert clear.status_code == 400
    assert (await plain.delete(**store)).status_code == 204
    assert (await plain.get(**store)).status_code == 404


async def test_a_graph_named_by_its_address(plain: httpx.AsyncClient) -> None:
    path = "/rdf-graph-store/people/1"
    assert (await plain.put(path, content="<> <a:p> <b> .", headers=TURTLE)).status_code == 201
    here = "http://plain.test/rdf-graph-store/people/1"
    assert await rows(plain, "SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?o } }") == [
        f"{here},{here},http://plain.test/rdf-graph-store/people/b"
    ]
    made = await plain.post("/rdf-graph-store", content="<> <a:p> 1 .", headers=TURTLE)
    assert made.status_code == 201
    location = made.headers["location"]
    assert location in await rows(plain, "SELECT ?g { GRAPH ?g { ?s ?p 1 } }")
    assert (await plain.get(location)).status_code == 200


async def test_the_default_graph(plain: httpx.AsyncClient) -> None:
    url = "/rdf-graph-store?default"
    assert (await plain.get(url)).status_code == 200
    assert (await plain.put(url, content="<a:s> <a:p> 1 .", headers=TURTLE)).status_code == 204
    assert await rows(plain, "SELECT ?o { ?s ?p ?o }") == ["1"]
    assert (await plain.delete(url)).status_code == 204
    assert (await plain.get(url)).status_code == 200


async def test_files_of_a_form(plain: httpx.AsyncClient) -> None:
    files = [
        ("a", ("one.ttl", b"<a:s> <a:p> 1 .", "text/turtle")),
        ("b", ("two.nt", b'<a:s> <a:p> "2" .', "application/octet-stream")),
    ]
    made = await plain.post("/rdf-graph-store", params=GRAPH, files=files)
    assert made.status_code == 201
    assert await rows(plain, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == ["1", "2"]
    bad = await plain.post("/rdf-graph-store", params=GRAPH, files={"a": ("x.doc", b"?", "a/b")})
    assert bad.status_code == 415


async def test_preconditions(plain: httpx.AsyncClient) -> None:
    async def put(body: str, **headers: str) -> int:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = await plain.put(
            "/rdf-graph-store", params=GRAPH, content=body, headers={**TURTLE, **named}
        )
        return answer.status_code

    assert await put("<a:s> <a:p> 1 .", if_match="*") == 412
    assert await put("<a:s> <a:p> 1 .", if_none_match="*") == 201
    assert await put("<a:s> <a:p> 1 .", if_none_match="*") == 412
    got = await plain.get("/rdf-graph-store", params=GRAPH)
    etag = got.headers["etag"]
    same = await plain.get("/rdf-graph-store", params=GRAPH, headers={"If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    await plain.put("/rdf-graph-store?graph=a:other", content="<a:s> <a:p> 9 .", headers=TURTLE)
    assert await put("<a:s> <a:p> 2 .", if_match=etag) == 204, "another graph is no change"
    assert await put("<a:s> <a:p> 3 .", if_match=etag) == 412


@pytest.mark.parametrize(
    ("method", "url", "content", "headers", "status"),
    [
        ("PUT", "/rdf-graph-store", "", TURTLE, 400),
        ("GET", "/rdf-graph-store", "", {}, 400),
        ("GET", "/rdf-graph-store?graph=a:b&default", "", {}, 400),
        ("GET", "/rdf-graph-store?graph=not+an+iri", "", {}, 400),
        ("GET", "/rdf-graph-store?default", "", {"Accept": "image/png"}, 406),
        ("PUT", "/rdf-graph-store?default", "<a:s> <a:p>", TURTLE, 400),
        ("PUT", "/rdf-graph-store?default", "<a:s> <a:p> 1 .", {"Content-Type": "a/b"}, 415),
        ("PUT", "/rdf-graph-store?default", "<a:s> <a:p> 1 .", {}, 415),
        ("PUT", "/rdf-graph-store?default", "{", {"Content-Type": "application/ld+json"}, 400),
        ("PATCH", "/rdf-graph-store?default", "<a:s> <a:p> 1 .", TURTLE, 415),
        ("TRACE", "/rdf-graph-store?default", "", {}, 405),
    ],
)
async def test_what_is_wrong_is_told(
    plain: httpx.AsyncClient,
    method: str,
    url: str,
    content: str,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = await plain.request(method, url, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert (status != 405) or "PATCH" in answer.headers["allow"]


async def test_updates_by_form_and_by_body(plain: httpx.AsyncClient) -> None:
    form = await plain.post("/sparql", data={"update": "INSERT DATA { <a:s> <a:p> 1 }"})
    assert form.status_code == 204
    direct = await plain.post(
        "/sparql",
        content=gzip.compress(b"INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 2 } }"),
        headers={"Content-Type": "application/sparql-update", "Content-Encoding": "gzip"},
    )
    assert direct.status_code == 204
    move = {
        "update": "INSERT { ?s <a:moved> ?o } WHERE { ?s ?p ?o }",
        "using-graph-uri": "a:g",
    }
    assert (await plain.post("/sparql", data=move)).status_code == 204
    assert await rows(plain, "SELECT ?p ?o { ?s ?p ?o }") == ["a:moved,2", "a:p,1"]
    both = {"update": "INSERT {} USING <a:g> WHERE {}", "using-graph-uri": "a:g"}
    assert (await plain.post("/sparql", data=both)).status_code == 400


async def test_several_default_graphs_of_a_query_are_merged(plain: httpx.AsyncClient) -> None:
    for name in ("a:1", "a:2"):
        await plain.put(
            "/rdf-graph-store", params={"graph": name}, content="<a:s> <a:p> 1 .", headers=TURTLE
        )
    assert await rows(plain, "SELECT ?o FROM <a:1> FROM <a:2> { ?s ?p ?o }") == ["1"]
    query = (
        "PREFIX g: <a:> SELECT ?o FROM g:1 FROM g:2 FROM NAMED g:2 { ?s ?p ?o GRAPH ?g {?s ?p ?o} }"
    )
    assert await rows(plain, query) == ["1"]


COUNTED = "INSERT { <a:n> <a:is> ?n } %s WHERE { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } # end"


@pytest.mark.parametrize(
    ("update", "also"),
    [
        (COUNTED % "USING <a:1> USING <a:2>", {}),
        (COUNTED % "USING <a:1> USING <a:1> using <a:2> USING NAMED <a:1>", {}),
        (f"PREFIX g: <a:> INSERT DATA {{}} ; {COUNTED % 'USING g:1 USING g:2'}\n ;", {}),
        (COUNTED % "", {"using-graph-uri": ["a:1", "a:2"]}),
    ],
)
async def test_several_graphs_that_an_update_uses_are_merged(
    plain: httpx.AsyncClient, update: str, also: dict[str, list[str]]
) -> None:
    for name in ("a:1", "a:2"):
        await plain.put(
            "/rdf-graph-store",
            params={"graph": name},
            content=f"<a:s> <a:p> 1 . <{name}> <a:p> 2 .",
            headers=TURTLE,
        )
    done = await plain.post("/sparql", data={"update": update, **also})
    assert done.status_code == 204, done.text
    assert await rows(plain, "SELECT ?o { <a:n> ?p ?o }") == ["3"]
    assert await rows(plain, "SELECT ?g { GRAPH ?g {} }") == ["a:1", "a:2"]


async def test_a_long_result_is_streamed_and_whole(plain: httpx.AsyncClient) -> None:
    numbers = "\n".join(f"<a:s{n}> <a:p> {n} ." for n in range(20_000))
    await plain.put("/rdf-graph-store?default", content=numbers, headers=TURTLE)
    answer = await plain.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert "content-length" not in answer.headers
    assert len(answer.json()["results"]["bindings"]) == 20_000
    graph = await plain.get("/rdf-graph-store?default", headers={"Accept": "application/n-triples"})
    assert len(graph.text.splitlines()) == 20_000


async def test_a_repeated_query_is_not_sent_again(plain: httpx.AsyncClient) -> None:
    async def ask(etag: str = "") -> httpx.Response:
        headers = {"If-None-Match": etag} if etag else {}
        return await plain.get("/sparql", params={"query": "ASK {}"}, headers=headers)

    etag = (await ask()).headers["etag"]
    assert (await ask(etag)).status_code == 304
    await plain.post("/sparql", data={"update": "INSERT DATA { <a:s> <a:p> 1 }"})
    assert (await ask(etag)).status_code == 200


async def test_descriptions(plain: httpx.AsyncClient) -> None:
    await plain.put("/rdf-graph-store?graph=a:g", content="<a:s> a <a:C> .", headers=TURTLE)
    await plain.put("/rdf-graph-store?default", content="<a:s> a <a:D>, <a:E> .", headers=TURTLE)
    service = await plain.get("/sparql", headers={"Accept": "text/turtle"})
    assert "sd:endpoint <http://plain.test/sparql>" in service.text
    assert "sd:SPARQL11Update" in service.text
    assert "sd:extensionFunction" in service.text
    assert "sd:propertyFeature" not in service.text, "a plain dataset has no full text"
    void = await plain.get("/.well-known/void")
    assert "void:triples 2" in void.text
    assert "<a:D>" in void.text
    assert "<a:g> a void:Dataset" in void.text


async def test_a_limit_of_rows_is_told(tmp_path: Path) -> None:
    limits = Limits(rows=2)
    dataset = PlainDataset(tmp_path / "plain", limits)
    app = create_plain_app(dataset, Serving(limits, OpenAccess(writable=True)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://plain.test") as client,
    ):
        await client.post("/sparql", data={"update": "INSERT DATA { <a:s> <a:p> 1, 2, 3 }"})
        query = {"query": "SELECT ?o { ?s ?p ?o } ORDER BY ?o VALUES ?p { <a:p> }"}
        first = await client.get("/sparql", params=query)
        assert len(first.json()["results"]["bindings"]) == 2
        assert "at most 2 rows" in first.headers["warning"]
        following = first.headers["link"].partition(">")[0].removeprefix("<")
        second = await client.get(f"/sparql{following}")
        rows_ = [row["o"]["value"] for row in second.json()["results"]["bindings"]]
        assert rows_ == ["3"]
        assert "warning" in second.headers
