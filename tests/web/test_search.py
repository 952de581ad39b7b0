"""Search where there is too much to find, or words that say nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from testimonia import fulltext
from testimonia.library import Archive, open_archive
from testimonia.terms import iri, literal
from testimonia.vocabulary import RDF, RDFS, TST
from testimonia.web import create_app

pytestmark = pytest.mark.anyio
COMMON, BEST = "boat", "boat, boat and boat"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """More boats than a query may be given hits."""
    folder = tmp_path_factory.mktemp("search") / "archive"
    with open_archive(folder, create=True) as opened:
        boats = [f"{COMMON} number {n}, of wood" for n in range(fulltext.MOST_HITS + 5)]
        graph = set()
        for n, label in enumerate([*boats, BEST]):
            actor = iri(
                opened.iris.of("actor", f"{n:026d}".translate(str.maketrans("0189", "abcd")))
            )
            graph |= {(actor, RDF.type, TST.Actor), (actor, RDFS.label, literal(label))}
        with opened.writer() as writer:
            writer.replace({opened.iris.entities_graph: frozenset(graph)})
        yield opened


@pytest.fixture
async def client(harbour: Archive) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(harbour)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://archive.test") as opened:
            yield opened
    finally:
        app.state.service.pool.close()


async def test_of_too_many_hits_the_best_are_shown_and_that_is_said(
    client: httpx.AsyncClient,
) -> None:
    found = (await client.get("/api/search", params={"q": COMMON, "limit": 1})).json()
    assert found["more"] is True
    assert found["total"] == fulltext.MOST_HITS
    assert found["items"][0]["label"] == BEST
    few = (await client.get("/api/search", params={"q": f"{COMMON} 77"})).json()
    assert (few["total"], "more" in few) == (1, False)
    actors = (await client.get("/api/actors", params={"q": COMMON, "limit": 1})).json()
    assert (actors["total"], actors["more"]) == (fulltext.MOST_HITS, True)

    headers = {"Accept": "text/html"}
    page = await client.get("/search", params={"q": COMMON}, headers=headers)
    assert page.status_code == 200
    assert "the best 10,000 hits" in page.text
    assert page.text.index(BEST) < page.text.index(f"{COMMON} number")
    one = await client.get("/search", params={"q": f"{COMMON} 77"}, headers=headers)
    assert "the best" not in one.text


async def test_the_pattern_is_never_answered_in_part(client: httpx.AsyncClient) -> None:
    query = f'PREFIX tst: <https://w3id.org/testimonia#> SELECT * {{ ?l tst:matches "{COMMON}" }}'
    answer = await client.get("/sparql", params={"query": query})
    assert answer.status_code == 400
    assert "matches too much" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ('the "old', "a quotation mark is open"),
        ("boat AND", "AND has no words after it"),
        ("(boat", "a bracket is open"),
        ("— ! *", "no words to look for"),
        ("(" * 200 + "boat" + ")" * 200, "brackets in one another"),
    ],
)
async def test_what_cannot_be_searched_for_is_told(
    client: httpx.AsyncClient, words: str, reason: str
) -> None:
    page = await client.get("/search", params={"q": words}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert reason in page.text
    for path in ("/api/search", "/api/statements", "/api/actors", "/api/places", "/api/documents"):
        answer = await client.get(path, params={"q": words})
        assert answer.status_code == 400
        assert reason in answer.json()["detail"]


async def test_an_index_that_is_gone_is_made_anew(
    client: httpx.AsyncClient, harbour: Archive
) -> None:
    (harbour.folder / "store" / fulltext.FILE).unlink()
    found = (await client.get("/api/search", params={"q": f"{COMMON} 78"})).json()
    assert [each["label"] for each in found["items"]] == [f"{COMMON} number 78, of wood"]


async def test_what_is_not_there_has_names_that_are_near(client: httpx.AsyncClient) -> None:
    assert (await client.get("/actor/woodland")).json().get("near") is None
    assert (await client.get("/actor/woo-BOAT")).json()["near"]
