"""SPARQL 1.1 Protocol over the application: the three ways to ask, formats, errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest

from testimonia.errors import StoreError
from testimonia.web import description
from testimonia.web.description import ServiceDescription
from testimonia.web.service import MEGABYTE

pytestmark = pytest.mark.anyio

PREFIX = "PREFIX tst: <https://w3id.org/testimonia#> "
SELECT = PREFIX + "SELECT ?c { ?s tst:content ?c } ORDER BY ?c LIMIT 1"
ASK = PREFIX + "ASK { ?s tst:cue 'deny' }"
CONSTRUCT = PREFIX + "CONSTRUCT WHERE { ?s tst:cue ?c }"
DESCRIBE = "DESCRIBE <http://localhost:8000/place/geonames-2615876>"
JSON = "application/sparql-results+json"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


async def ask(
    client: httpx.AsyncClient, query: str, accept: str = "*/*", **parameters: str
) -> httpx.Response:
    return await client.get(
        "/sparql", params={"query": query, **parameters}, headers={"Accept": accept}
    )


async def test_three_ways_to_ask_give_one_answer(client: httpx.AsyncClient) -> None:
    answers = [
        await ask(client, SELECT),
        await client.post("/sparql", data={"query": SELECT}),
        await client.post("/sparql", content=SELECT, headers=DIRECT),
        await client.post(
            "/sparql",
            content=SELECT,
            headers={"Content-Type": "application/sparql-query; charset=UTF-8"},
        ),
    ]
    assert {each.status_code for each in answers} == {200}
    assert {each.headers["content-type"] for each in answers} == {JSON}
    assert len({each.content for each in answers}) == 1
    assert answers[0].json()["results"]["bindings"][0]["c"]["value"] == "The wall broke at night"


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, "*/*", JSON),
        (SELECT, "application/json", "application/json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (
            SELECT,
            "text/csv;q=0.2, application/sparql-results+xml",
            "application/sparql-results+xml",
        ),
        (SELECT, "application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        (SELECT, "text/turtle, application/sparql-results+json;q=0.5", JSON),
        (ASK, "*/*", JSON),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (DESCRIBE, "text/turtle", "text/turtle; charset=utf-8"),
        (SELECT, "text/html", "text/html; charset=utf-8"),
        (SELECT, "text/html, application/sparql-results+json;q=0.9", "text/html; charset=utf-8"),
        (SELECT, "text/html;q=0.5, application/sparql-results+json", JSON),
    ],
)
async def test_accept_chooses(
    client: httpx.AsyncClient, query: str, accept: str, expected: str
) -> None:
    response = await ask(client, query, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == expected
    assert "Accept" in response.headers["vary"].split(", ")
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "image/png")]
)
async def test_what_a_result_cannot_be_is_not_acceptable(
    client: httpx.AsyncClient, query: str, accept: str
) -> None:
    response = await ask(client, query, accept)
    assert response.status_code == 406


async def test_format_goes_before_accept(client: httpx.AsyncClient) -> None:
    response = await ask(client, SELECT, "application/sparql-results+xml", format="csv")
    assert response.text.splitlines() == ["c", "The wall broke at night"]
    assert (await ask(client, SELECT, format="nonsense")).status_code == 406


async def test_a_dataset_can_be_chosen(
    client: httpx.AsyncClient, documents: dict[str, str]
) -> None:
    graph = f"http://localhost:8000/document/{documents['shut']}/graph"
    count = PREFIX + "SELECT (COUNT(*) AS ?n) { ?s a tst:Statement }"
    one = await ask(client, count, **{"default-graph-uri": graph})
    assert one.json()["results"]["bindings"][0]["n"]["value"] == "2"
    named = PREFIX + "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s a tst:Statement } }"
    pairs = [("query", named), ("named-graph-uri", graph)]
    posted = await client.post("/sparql", content=urlencode(pairs), headers=FORM)
    assert posted.json()["results"]["bindings"][0]["n"]["value"] == "2"
    both = [("default-graph-uri", graph), ("default-graph-uri", graph.replace("/graph", "/x"))]
    direct = await client.post("/sparql?" + urlencode(both), content=count, headers=DIRECT)
    assert direct.json()["results"]["bindings"][0]["n"]["value"] == "2"


@pytest.mark.parametrize(
    ("method", "url", "body", "headers", "status"),
    [
        ("GET", "/sparql?query=", b"", {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", {}, 400),
        ("GET", "/sparql?query=SELECT+nonsense", b"", {}, 400),
        ("GET", "/sparql?query=%FF", b"", {}, 400),
        ("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", DIRECT, 400),
        ("POST", "/sparql", b"ASK { # \xff", DIRECT, 400),
        ("POST", "/sparql", b"query=%FF", FORM, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", b"update=CLEAR+ALL", FORM, 403),
        ("POST", "/sparql", b"update=CLEAR+ALL&query=ASK+%7B%7D", FORM, 400),
        ("GET", "/sparql?update=CLEAR+ALL", b"", {}, 400),
        ("POST", "/sparql", b"CLEAR ALL", DIRECT, 400),
        ("POST", "/sparql", b"ASK {}", {}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"ASK {}", {**DIRECT, "Content-Encoding": "gzip"}, 400),
        ("POST", "/sparql", b"ASK {}", {**DIRECT, "Content-Encoding": "compress"}, 415),
        ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
        (
            "POST",
            "/sparql",
            "ASK {}".encode("utf-16"),
            {"Content-Type": "application/sparql-query; charset=utf-16"},
            415,
        ),
        ("POST", "/sparql", b"#" * (10 * MEGABYTE + 1), DIRECT, 413),
        ("PUT", "/sparql", b"", {}, 405),
        ("DELETE", "/sparql?query=ASK%7B%7D", b"", {}, 405),
    ],
)
async def test_what_is_wrong_is_told_in_one_shape(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    response = await client.request(method, url, content=body, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert {"type", "title", "detail"} <= problem.keys()
    assert problem["detail"]
    if status == 405:
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


async def test_a_body_of_unknown_length_is_bounded_too(client: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"#" * (1024 * 1024)

    response = await client.post("/sparql", content=body(), headers=DIRECT)
    assert response.status_code == 413


async def test_a_syntax_error_says_where(client: httpx.AsyncClient) -> None:
    response = await ask(client, "SELECT ?s {\n ?s ?p }")
    assert response.status_code == 400
    assert "line 2, column " in response.json()["detail"]


async def test_other_services_are_not_called(client: httpx.AsyncClient) -> None:
    response = await ask(client, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert response.status_code == 403
    assert "SERVICE" in response.json()["detail"]


async def test_head_is_get_without_the_body(client: httpx.AsyncClient) -> None:
    for query, status in ((SELECT, 200), ("nonsense", 400)):
        got = await client.get("/sparql", params={"query": query})
        head = await client.head("/sparql", params={"query": query})
        assert (head.status_code, head.content) == (status, b"")
        assert head.headers["content-length"] == got.headers["content-length"]
        assert head.headers["content-type"] == got.headers["content-type"]


async def test_any_page_may_read(client: httpx.AsyncClient) -> None:
    options = await client.options("/sparql")
    assert options.status_code == 204
    assert "POST" in options.headers["allow"]
    preflight = await client.options(
        "/sparql",
        headers={
            "Origin": "http://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]


async def test_a_browser_gets_a_form(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/sparql")
    assert response.status_code == 200
    assert '<textarea id="query" name="query"' in response.text


async def test_a_browser_gets_a_table_of_labels(browser: httpx.AsyncClient) -> None:
    query = PREFIX + "SELECT ?speaker ?kind { ?s tst:speaker ?speaker ; tst:kind ?kind }"
    response = await browser.get("/sparql", params={"query": query, "format": "html"})
    assert response.status_code == 200
    assert ">Ada Brook</a>" in response.text
    assert "<td>attitude</td>" in response.text
    assert "http://localhost:8000/" not in response.text.partition("<table>")[2]


async def test_a_browser_gets_a_graph_as_turtle_and_truth_as_a_word(
    browser: httpx.AsyncClient,
) -> None:
    graph = await browser.get("/sparql", params={"query": CONSTRUCT})
    assert "tst:cue" in graph.text.partition("<pre")[2]
    answer = await browser.get("/sparql", params={"query": ASK})
    assert "<td>yes</td>" in answer.text


async def test_a_browser_is_told_what_is_wrong_beside_its_query(
    browser: httpx.AsyncClient,
) -> None:
    response = await browser.get("/sparql", params={"query": "SELECT </textarea><b>"})
    assert response.status_code == 400
    assert "SELECT &lt;/textarea&gt;&lt;b&gt;" in response.text
    assert "syntax error" in response.text


async def test_values_are_escaped_in_tables(browser: httpx.AsyncClient) -> None:
    query = 'SELECT ("<script>x</script>" AS ?a) (<javascript:alert(1)> AS ?b) {}'
    response = await browser.get("/sparql", params={"query": query})
    assert response.status_code == 200
    assert "<script>x" not in response.text
    assert 'href="javascript:' not in response.text


async def test_words_are_found_and_a_search_that_makes_no_sense_is_told(
    client: httpx.AsyncClient,
) -> None:
    query = "PREFIX tst: <https://w3id.org/testimonia#> SELECT ?c { ?s tst:content ?c . %s }"
    every = await client.get(
        "/sparql", params={"query": query % ""}, headers={"Accept": "text/csv"}
    )
    words = [line.strip('"') for line in every.text.splitlines()[1:]]
    word = max(words[0].split(), key=len).strip('.,"”“')
    asked = {"query": query % f'?c tst:matches "{word}"'}
    found = await client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
    hits = [line.strip('"') for line in found.text.splitlines()[1:]]
    assert set(hits) == {each for each in words if word.lower() in each.lower()}
    wrong = await client.get("/sparql", params={"query": query % '?c tst:matches "("'})
    assert wrong.status_code == 400
    assert "no words to look for" in wrong.json()["detail"]


async def test_the_service_description_names_what_goes_beyond_sparql(
    client: httpx.AsyncClient,
) -> None:
    described = await client.get("/sparql", headers={"Accept": "application/n-triples"})
    here = "<http://localhost:8000/sparql> <http://www.w3.org/ns/sparql-service-description#"
    for line in (
        f"{here}propertyFeature> <https://w3id.org/testimonia#matches>",
        f"{here}extensionFunction> <https://w3id.org/testimonia#edtfBefore>",
        f"{here}extensionFunction> <http://www.opengis.net/def/function/geosparql/sfWithin>",
    ):
        assert line in described.text


async def test_a_store_that_takes_long_to_count_is_described_without_counts(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, counts = asyncio.Event(), ServiceDescription._counts

    async def later(self: ServiceDescription, query: str) -> Mapping[str, int]:
        await released.wait()
        return await counts(self, query)

    monkeypatch.setattr(ServiceDescription, "_counts", later)
    monkeypatch.setattr(ServiceDescription, "statistics", _anew)
    monkeypatch.setattr(description, "_SOON_SECONDS", 0.1)
    triples = {"Accept": "application/n-triples"}
    without = await client.get("/sparql", headers=triples)
    assert without.status_code == 200
    assert "void#triples" not in without.text
    assert "etag" not in without.headers  # the next answer may have them
    released.set()
    monkeypatch.setattr(description, "_SOON_SECONDS", 60)
    counted = await client.get("/sparql", headers=triples)
    assert set(without.text.splitlines()) < set(counted.text.splitlines())
    assert "void#triples" in counted.text
    assert counted.headers["etag"]


async def test_a_store_that_cannot_be_counted_is_tried_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    async def never(self: ServiceDescription, query: str) -> Mapping[str, int]:
        monkeypatch.setattr(self, "_uncountable", None)  # again so in the end
        tried.append(query)
        raise StoreError("the query took more than 10 seconds")

    monkeypatch.setattr(ServiceDescription, "_counts", never)
    monkeypatch.setattr(ServiceDescription, "statistics", _anew)
    for _ in range(3):
        described = await client.get("/sparql", headers={"Accept": "application/n-triples"})
        assert described.status_code == 200
        assert "void#triples" not in described.text
    assert len(tried) == 1


_STATISTICS = ServiceDescription.statistics


async def _anew(self: ServiceDescription) -> description.Statistics:
    """Counted though it was counted before: the application is that of all these tests."""
    self._counted = None
    return await _STATISTICS(self)
