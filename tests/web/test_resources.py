"""Pages as RDF: which format a client gets, and what is in it."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

pytestmark = pytest.mark.anyio

BASE = "http://localhost:8000/"
TURTLE, HTML = "text/turtle; charset=utf-8", "text/html; charset=utf-8"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
MATRIX = [
    (None, HTML),
    ("*/*", HTML),
    (BROWSER, HTML),
    ("text/*", HTML),
    ("text/turtle", TURTLE),
    ("text/turtle;q=0.4, text/html;q=0.3", TURTLE),
    ("text/html, text/turtle;q=0.9", HTML),
    ("text/html;q=0, */*;q=0.1", TURTLE),
    ("application/ld+json", "application/ld+json"),
    ("application/json", "application/json"),
    ("application/n-triples", "application/n-triples"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/rdf+xml;q=0.5, application/ld+json", "application/ld+json"),
]


@pytest.mark.parametrize(("accept", "expected"), MATRIX)
async def test_accept_chooses(
    client: httpx.AsyncClient, statements: dict[str, str], accept: str | None, expected: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    if accept is None:
        del client.headers["Accept"]
    path = f"/statement/{statements['the wall broke']}"
    response = await client.get(path, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"] == expected
    assert "Accept" in response.headers["vary"].split(", ")
    assert 'rel="alternate"' in response.headers["link"]


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "nonsense"])
async def test_what_there_is_not_is_not_acceptable(
    client: httpx.AsyncClient, statements: dict[str, str], accept: str
) -> None:
    path = f"/statement/{statements['the wall broke']}"
    response = await client.get(path, headers={"Accept": accept})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert "text/turtle" in response.json()["detail"]


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("ntriples", ox.RdfFormat.N_TRIPLES),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ],
)
async def test_every_format_holds_the_same_graph(
    browser: httpx.AsyncClient, statements: dict[str, str], name: str, format_: ox.RdfFormat
) -> None:
    content = "the wall <script>alert('text')</script> broke & 12 boats sank"
    path = f"/statement/{statements[content]}"
    response = await browser.get(path, params={"format": name})
    triples = {each.triple for each in ox.parse(response.content, format_)}
    said = ox.Triple(
        ox.NamedNode(BASE + path.removeprefix("/")),
        ox.NamedNode("https://w3id.org/testimonia#content"),
        ox.Literal(content, language="en"),
    )
    assert said in triples
    anchors = {each.object.value for each in triples if each.predicate.value.endswith("#anchorOf")}
    assert anchors == {"Ada Brook", "said", content}
    assert len(triples) == len(
        {
            each.triple
            for each in ox.parse(
                (await browser.get(path, params={"format": "ntriples"})).content,
                ox.RdfFormat.N_TRIPLES,
            )
        }
    )


@pytest.mark.parametrize("label", ["Ada Brook", "Odense", "breaking of the wall"])
async def test_entities_come_with_what_points_to_them(
    client: httpx.AsyncClient, entities: dict[str, str], label: str
) -> None:
    response = await client.get(f"/{entities[label]}", params={"format": "nt"})
    node = ox.NamedNode(BASE + entities[label])
    triples = [each.triple for each in ox.parse(response.content, ox.RdfFormat.N_TRIPLES)]
    assert any(triple.subject == node for triple in triples)
    assert any(triple.object == node for triple in triples)


async def test_a_document_has_rdf_unless_it_was_rejected(
    client: httpx.AsyncClient, documents: dict[str, str]
) -> None:
    accept = {"Accept": "text/turtle"}
    stored = await client.get(f"/document/{documents['storm']}", headers=accept)
    assert (stored.status_code, stored.headers["content-type"]) == (200, TURTLE)
    rejected = await client.get(f"/document/{documents['light']}", headers=accept)
    assert rejected.status_code == 404


@pytest.mark.parametrize("kind", ["document", "statement", "actor", "place", "event"])
@pytest.mark.parametrize("id_", ["nobody", "x%20y", "%3E%7D", "..%2Fx"])
async def test_an_unknown_id_is_not_found(client: httpx.AsyncClient, kind: str, id_: str) -> None:
    for accept in ("text/html", "text/turtle", "*/*"):
        response = await client.get(f"/{kind}/{id_}", headers={"Accept": accept})
        assert response.status_code == 404


async def test_an_id_of_another_kind_is_not_found(
    client: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    assert (await client.get(f"/event/{statements['the wall broke']}")).status_code == 404
