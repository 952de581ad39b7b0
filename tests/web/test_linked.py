"""Every IRI of the archive answers, says who points at it, and is missed in a useful way."""

from __future__ import annotations

import json
import re

import httpx
import pyoxigraph as ox
import pytest

from fakes import FakeReader
from testimonia.ingest import Ingestion, Source
from testimonia.library import Archive, open_archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings
from testimonia.web import create_app

pytestmark = pytest.mark.anyio

BASE = "http://localhost:8000/"
FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def iris_of(archive: Archive) -> set[str]:
    """Every IRI under the base that stands anywhere in the store."""
    body = archive.evaluator.evaluate(
        "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", format_="json"
    ).body
    rows = json.loads(body)["results"]["bindings"]
    values = {each["value"] for row in rows for each in row.values() if each["type"] == "uri"}
    return {each for each in values if each.startswith(BASE)}


def triples(response: httpx.Response, format_: ox.RdfFormat) -> set[ox.Triple]:
    return {each.triple for each in ox.parse(response.content, format_)}


async def test_every_iri_dereferences(client: httpx.AsyncClient, archive: Archive) -> None:
    kinds = set()
    for iri in sorted(iris_of(archive)):
        path = "/" + iri.removeprefix(BASE).partition("#")[0]
        response = await client.get(path, headers={"Accept": "application/n-triples"})
        assert response.status_code == 200, iri
        found = triples(response, ox.RdfFormat.N_TRIPLES)
        name = archive.iris.parse(iri)
        if name is None or name.is_graph:
            assert found, iri
        else:
            named = {each.subject for each in found} | {each.object for each in found}
            assert ox.NamedNode(iri) in named, iri
            kinds.add(name.part.partition("/")[0] or ("mention" if name.span else name.kind))
        link = response.headers["link"]
        canonical = iri.partition("#")[0]
        assert f'<{canonical}>; rel="canonical"' in link
        assert link.count('rel="alternate"') >= 6
    assert kinds >= {"document", "mention", "statement", "account", "quantity", "time", "actor"}
    assert kinds >= {"place", "event", "run", "geometry"}


async def test_pages_have_labels_and_links(
    browser: httpx.AsyncClient, documents: dict[str, str]
) -> None:
    page = await browser.get(f"/document/{documents['storm']}/account/1")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for words in ("breaking of the wall", "Odense", "fishermen", "What points to it"):
        assert words in page.text
    assert 'href="../../../event/' in page.text
    graph = await browser.get("/graph/entities")
    assert re.search(r"\d+ triples", graph.text)


@pytest.mark.parametrize("path", ["graph/gazetteer", "document/{storm}/account/1"])
async def test_every_format_holds_the_same(
    client: httpx.AsyncClient, documents: dict[str, str], path: str
) -> None:
    path = "/" + path.format(**documents)
    found = [
        triples(await client.get(path, params={"format": name}), format_)
        for name, format_ in FORMATS.items()
    ]
    assert len(found[0]) > 5
    assert all(each == found[0] for each in found)


async def test_a_graph_is_what_is_stored(
    client: httpx.AsyncClient, archive: Archive, documents: dict[str, str]
) -> None:
    response = await client.get(f"/document/{documents['storm']}/graph?format=nt")
    with archive.view() as view:
        stored = view.graph(archive.iris.document_graph(documents["storm"]))
    assert len(triples(response, ox.RdfFormat.N_TRIPLES)) == len(stored)


async def test_links_tell_graph_and_licence(
    client: httpx.AsyncClient, statements: dict[str, str], documents: dict[str, str]
) -> None:
    statement = await client.get(f"/statement/{statements['the wall broke']}")
    graph = f"{BASE}document/{documents['shut']}/graph"
    assert f'<{graph}>; rel="describedby"' in statement.headers["link"]
    assert 'rel="cite-as"' in statement.headers["link"]
    place = await client.get("/place/geonames-2615876")
    assert 'licenses/by/4.0/>; rel="license"' in place.headers["link"]


async def test_what_is_missed_is_missed_usefully(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/actor/ada-brook")
    assert page.status_code == 404
    assert re.search(r'<a href="\.\./actor/\w+">Ada Brook</a>', page.text)
    assert 'role="search"' in page.text
    for path in ("/graph/nothing", "/document/x/actor/1", "/run/x", "/place/x/geometry"):
        assert (await browser.get(path)).status_code == 404, path
    for path in ("/graph/%01", "/document/x/%00", "/document/x/y/%22", "/place/x/authority-%0A"):
        assert (await browser.get(path)).status_code == 404, path


# -------------------------------------------------------------------------------- citations


async def test_a_statement_can_be_cited(
    client: httpx.AsyncClient, statements: dict[str, str], browser: httpx.AsyncClient
) -> None:
    path = f"/statement/{statements['fishermen fear more storms']}"
    csl = await client.get(path, params={"format": "csl"})
    assert csl.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    (item,) = csl.json()
    assert item["author"] == [{"literal": "Nell Grey"}]
    assert item["issued"] == {"date-parts": [[2031, 5, 4]]}
    assert item["URL"] == BASE + path[1:]
    assert "attributed to Ada Brook, characters" in item["note"]
    bibtex = await client.get(path, headers={"Accept": "application/x-bibtex"})
    assert bibtex.text.startswith("@misc{tst-")
    assert r"alert('title')</script> \& flood}" in bibtex.text
    assert "year = {2031}" in bibtex.text
    assert "month = {5}" in bibtex.text
    page = await browser.get(path)
    assert "How to cite it" in page.text
    assert (await client.get("/statement/nothing?format=csl")).status_code == 404


# --------------------------------------------------------------------------- what is no more

LETTER = "Brook said the wall broke. Lind said the harbour of Odense is shut."


async def test_replaced_and_removed_iris(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("retired") / "archive"
    with open_archive(folder, create=True) as archive:
        source = Source("letter", lambda: (LETTER.encode(), Text(LETTER, Metadata(), "text/plain")))
        reader = FakeReader()

        def ingest() -> str:
            with archive.writer() as writer:
                run = Ingestion(archive.catalog, writer, reader, Settings(), around=lambda _: [])
                (outcome,) = run.ingest([source])
            return outcome.document or ""

        def statements() -> dict[str, str]:
            body = archive.query("SELECT ?s ?c { ?s tst:content ?c }", format="json").body
            rows = json.loads(body)["results"]["bindings"]
            return {row["c"]["value"]: row["s"]["value"].removeprefix(BASE) for row in rows}

        document = ingest()
        old = statements()
        # A newer extractor finds the head of the first cue elsewhere, and the second not at all.
        reader.extractor = "fake 2"
        reader.change = _moved
        ingest()
        (new,) = statements().values()
        app = create_app(archive)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=BASE) as client,
        ):
            moved = await client.get("/" + old["the wall broke"], params={"format": "turtle"})
            assert moved.status_code == 301
            assert str(moved.next_request.url) == f"{BASE}{new}?format=turtle"  # type: ignore[union-attr]
            gone = await client.get("/" + old["the harbour of Odense is shut"])
            assert gone.status_code == 410
            reader.extractor, reader.change = "fake 1", lambda reading: reading
            ingest()
            assert (await client.get("/" + old["the wall broke"])).status_code == 200
            back = await client.get("/" + new)
            assert (back.status_code, back.headers["location"]) == (
                301,
                f"../{old['the wall broke']}",
            )
            archive.remove(document)
            for path in (
                f"document/{document}",
                f"document/{document}/graph",
                f"document/{document}/actor/0",
                old["the wall broke"],
            ):
                assert (await client.get("/" + path)).status_code == 410, path


def _moved(reading):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    first = reading.statements[0]
    return replace(reading, statements=(replace(first, anchor=first.anchor + 1),))
