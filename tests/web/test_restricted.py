"""A document whose rights say so is shown by its quotations, not its text."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from documents import ICE, put
from testimonia.library import Archive, open_archive
from testimonia.web import create_app

pytestmark = pytest.mark.anyio
UNQUOTED = "Nobody wondered"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(tmp_path_factory.mktemp("restricted") / "archive", create=True) as opened:
        put(opened, ICE, title="Ice", rights="restricted: the estate's")
        yield opened


@pytest.fixture
async def client(archive: Archive) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(archive)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as opened:
        yield opened
    app.state.service.pool.close()


async def test_pages_show_quotations_alone(archive: Archive, client: httpx.AsyncClient) -> None:
    (record,) = archive.catalog.documents()
    page = (await client.get(f"/document/{record.id}", headers={"Accept": "text/html"})).text
    shown = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert UNQUOTED not in shown
    assert "the ice is thick" in shown
    assert "quotations alone" in shown
    rows = archive.query("SELECT ?s { ?s a tst:Statement }", format="csv").body.decode().split()[1:]
    assert len(rows) == 2
    for statement in rows:
        path = statement.removeprefix(archive.iris.base_iri)
        page = (await client.get(f"/{path}", headers={"Accept": "text/html"})).text
        assert "In its context" in page
        assert UNQUOTED not in html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json"])
async def test_rdf_has_quotations_alone(
    archive: Archive, client: httpx.AsyncClient, accept: str
) -> None:
    (record,) = archive.catalog.documents()
    found = await client.get(f"/document/{record.id}", headers={"Accept": accept})
    assert found.status_code == 200
    assert UNQUOTED not in found.text
    query = f'ASK {{ GRAPH ?g {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{UNQUOTED}")) }} }}'
    asked = await client.get("/sparql", params={"query": query, "format": "json"})
    assert asked.json()["boolean"] is False
