"""Linked data for every IRI of the archive that has no page of its own kind: graphs, local nodes,
runs, geometries; what replaced an IRI; and the ``Link`` headers of all.

An IRI answers 200 with what is known of it, both ways: there is no 303, since the pages are about
the things and their graphs have IRIs of their own. Of a mention the document answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from testimonia import rdf, terms
from testimonia.catalog import State
from testimonia.errors import StoreError
from testimonia.iris import Iris, Name
from testimonia.sparql.negotiation import GRAPHS
from testimonia.vocabulary import PREFIXES, RDFS, TST
from testimonia.web import pages_queries, representations
from testimonia.web.problems import Problem
from testimonia.web.rendering import render, root_from
from testimonia.web.site import Site, number
from testimonia.web.things import Thing, Things, prefixed

ROWS: Final = 500
_GAZETTEER_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_MADE = re.compile(r"[a-z2-7]{26}|geonames-\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NEAR = 5

FormatName = Annotated[
    str | None,
    Query(max_length=100, description="html, or the name of an RDF format; else by Accept"),
]


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and a value, as a page shows them."""

    property: Thing
    value: Thing
    language: str | None = None


def router(site: Site) -> APIRouter:
    """Routes of these IRIs. It comes after the pages of things: their paths are longer."""
    routes = APIRouter(default_response_class=HTMLResponse, tags=["things"])

    def respond(request: Request, path: str, format_: str | None) -> Response:
        iri = site.iris.base_iri + path
        name = site.iris.parse(iri) if rdf.is_absolute_iri(iri) else None
        if name is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"this archive gives no IRI like {path!r}")
        return _answer(site, request, iri, name, format_)

    @routes.get("/graph/{name}", summary="A graph that documents share")
    def graph(request: Request, name: str, format: FormatName = None) -> Response:
        return respond(request, f"graph/{name}", format)

    @routes.get("/document/{id}/{part}", summary="The graph of a document, or what follows from it")
    def document_graph(request: Request, id: str, part: str, format: FormatName = None) -> Response:
        return respond(request, f"document/{id}/{part}", format)

    @routes.get(
        "/document/{id}/{kind}/{key}", summary="An entity, account, time or number of a document"
    )
    def local(
        request: Request, id: str, kind: str, key: str, format: FormatName = None
    ) -> Response:
        return respond(request, f"document/{id}/{kind}/{key}", format)

    @routes.get("/decision/{id}/{side}", summary="The words that a decision is about")
    def passage(request: Request, id: str, side: str, format: FormatName = None) -> Response:
        return respond(request, f"decision/{id}/{side}", format)

    @routes.get("/place/{id}/geometry", summary="Where a place lies")
    def geometry(request: Request, id: str, format: FormatName = None) -> Response:
        return respond(request, f"place/{id}/geometry", format)

    @routes.get("/place/{id}/name-{key}", summary="A name that a place bore for a time")
    def place_name(request: Request, id: str, key: str, format: FormatName = None) -> Response:
        return respond(request, f"place/{id}/name-{key}", format)

    @routes.get("/authority/{name}", summary="The graph of an authority file")
    def authority(request: Request, name: str, format: FormatName = None) -> Response:
        return respond(request, f"authority/{name}", format)

    @routes.get("/authority/{name}/{entry:path}", summary="An entry of an authority file")
    def entry(request: Request, name: str, entry: str, format: FormatName = None) -> Response:
        # What came percent-encoded has been decoded; an entry's IRI has it as it came.
        return respond(request, f"authority/{name}/{quote(entry, safe='')}", format)

    for kind in ("actor", "place", "event"):
        routes.get(
            f"/{kind}/{{id}}/authority-{{key}}",
            summary="A link to an entry of an authority file, with its reasons",
            name=f"{kind} link",
        )(_of_link(respond, kind))

    for kind, summary in (
        ("run", "A run of the software"),
        ("relation", "A relation between statements"),
        ("decision", "A human decision"),
        ("curator", "Somebody who decides"),
    ):
        routes.get(f"/{kind}/{{id}}", summary=summary, name=kind)(_of_kind(respond, kind))
    return routes


def _of_kind(respond: Any, kind: str) -> Any:
    def handler(request: Request, id: str, format: FormatName = None) -> Response:
        response: Response = respond(request, f"{kind}/{id}", format)
        return response

    return handler


def _of_link(respond: Any, kind: str) -> Any:
    def handler(request: Request, id: str, key: str, format: FormatName = None) -> Response:
        response: Response = respond(request, f"{kind}/{id}/authority-{key}", format)
        return response

    return handler


def _answer(site: Site, request: Request, iri: str, name: Name, format_: str | None) -> Response:
    accept = ", ".join(request.headers.getlist("accept")) or None
    if not _is_there(site, iri, name):
        raise missing(site, request, iri)
    chosen = representations.of_page(format_, accept)
    headers = {"Vary": "Accept", "Link": links(site, request, iri, html=chosen is not None)}
    if chosen is None:
        shown = _graph_page(site, iri) if name.is_graph else _node_page(site, iri)
        return render(request, "resource.html", {**shown, "iri": iri}, headers=headers)
    query = whole(iri) if name.is_graph else around(iri)
    result = site.answers.construct(query, chosen.format.name)
    return Response(result.body, media_type=chosen.media_type, headers=headers)


# ----------------------------------------------------------------------------------- queries


def whole(graph: str) -> str:
    """CONSTRUCT of a graph."""
    return f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {terms.iri(graph)} {{ ?s ?p ?o }} }}"


def around(iri: str) -> str:
    """CONSTRUCT of what any graph says of a node, what points to it, and the labels of both."""
    node = terms.iri(iri)
    label = f"<{PREFIXES['rdfs']}label>"
    return f"""
        CONSTRUCT {{ ?s ?p ?o }} {{
            {{ {node} ?p ?o BIND({node} AS ?s) }}
            UNION {{ GRAPH ?g {{ {node} ?p ?o }} BIND({node} AS ?s) }}
            UNION {{ ?s ?p {node} BIND({node} AS ?o) }}
            UNION {{ GRAPH ?g {{ ?s ?p {node} }} BIND({node} AS ?o) }}
            UNION {{ {node} ?link ?s . ?s {label} ?o BIND({label} AS ?p) }}
        }}"""


def _told(iri: str) -> str:
    node = terms.iri(iri)
    return f"""
        SELECT DISTINCT ?p ?o ?s {{
            {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }}
            UNION {{ ?s ?p {node} }} UNION {{ GRAPH ?g {{ ?s ?p {node} }} }}
        }} LIMIT {ROWS + 1:d}"""


def _named_near(site: Site, words: Iterable[str]) -> str:
    wanted = terms.literal(" ".join(f'"{word}"*' for word in words))
    entities = terms.iri(site.iris.entities_graph)
    return f"""
        SELECT DISTINCT ?x {{ ?label {TST.matches} {wanted} .
            GRAPH {entities} {{ ?x {RDFS.label} ?label }} }} LIMIT {_NEAR:d}"""


def _is_there(site: Site, iri: str, name: Name) -> bool:
    node = terms.iri(iri)
    if name.is_graph:
        query = f"SELECT ?s {{ GRAPH {node} {{ ?s ?p ?o }} }} LIMIT 1"
    else:
        query = (
            f"SELECT ?p {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} }} LIMIT 1"
        )
    return bool(site.answers.select(query))


# ------------------------------------------------------------------------------------- pages


def _graph_page(site: Site, iri: str) -> dict[str, Any]:
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {terms.iri(iri)} {{ ?s ?p ?o }} }}"
    total = number(site.answers.first(count).get("n"))
    return {**_node_page(site, iri), "kind": "graph", "triples": total}


def _node_page(site: Site, iri: str) -> dict[str, Any]:
    rows = site.answers.select(_told(iri))
    shown = rows[:ROWS]
    mentioned = {value.text for row in shown for value in row.values() if value.is_iri}
    things = site.things({iri, *mentioned})
    says, of_it = [], []
    for row in shown:
        property_ = things.of(row["p"].text)
        if "o" in row:
            value = row["o"]
            thing = _linked(site, things, value.text) if value.is_iri else Thing(value.text)
            says.append(Fact(property_, thing, value.language))
        else:
            of_it.append(Fact(property_, _linked(site, things, row["s"].text)))
    return {
        "thing": things.of(iri),
        "kind": "",
        "triples": None,
        "says": _ordered(says),
        "of_it": _ordered(of_it),
        "more": len(rows) > ROWS,
        "alternates": representations.ALTERNATES,
        "formats": GRAPHS,
    }


def _linked(site: Site, things: Things, iri: str) -> Thing:
    """A thing with a link wherever this archive has an answer."""
    thing = things.of(iri)
    name = site.iris.parse(iri)
    if name is None:
        return Thing(thing.label if thing.label != iri else prefixed(iri))
    path = iri.removeprefix(site.iris.base_iri).partition("#")[0]
    return Thing(thing.label, thing.path or path, thing.kind)


def _ordered(facts: list[Fact]) -> list[Fact]:
    found = dict.fromkeys(facts)
    return sorted(found, key=lambda fact: (fact.property.label, fact.value.label))


# -------------------------------------------------------------------- what is not there any more


def missing(site: Site, request: Request, iri: str) -> Problem:
    """The answer for an IRI that the graph has not: 301 to what replaced it, 410 if it was there,
    else 404 with names that are near."""
    path = iri.removeprefix(site.iris.base_iri)
    catalog = site.archive.catalog
    successor = catalog.retired(path)
    if successor:
        query = f"?{request.url.query}" if request.url.query else ""
        detail = f"{iri} was replaced by {site.iris.base_iri}{successor} (dcterms:isReplacedBy)"
        location = root_from(request) + successor + query
        return Problem(HTTPStatus.MOVED_PERMANENTLY, detail, {"Location": location})
    if successor == "" or _was_there(site, iri):
        detail = f"{iri} was here and is no more: its document was removed, or reads otherwise now"
        return Problem(HTTPStatus.GONE, detail)
    near = [{"label": each.label, "path": each.path} for each in _near(site, path)]
    detail = f"this archive has nothing at {path!r}"
    return Problem(HTTPStatus.NOT_FOUND, detail, extra={"near": near} if near else {})


def _was_there(site: Site, iri: str) -> bool:
    """Whether it was of a removed document, or a canonical entity that nothing speaks of now."""
    name = site.iris.parse(iri)
    if name is None:
        return False
    if name.kind == "document":
        record = site.record(name.id)
        return record is not None and record.state is State.REMOVED
    return site.archive.catalog.has_entity(f"{name.kind}/{name.id}")


def _near(site: Site, path: str) -> list[Thing]:
    """Things that are called by the words of a path which is nobody's."""
    last = path.rpartition("/")[2]
    words = [] if _MADE.fullmatch(last) else _WORD.findall(last)[:_NEAR]
    if not words:
        return []
    try:
        found = site.page_of(_named_near(site, words))
    except StoreError:  # without the index it is not there all the same
        return []
    things = site.things(found)
    return [things.of(each) for each in found]


# ------------------------------------------------------------------------------- Link headers


def links(site: Site, request: Request, iri: str, *, html: bool) -> str:
    """The ``Link`` header of a page about ``iri`` (RFC 8288): its other representations (``html``:
    the page among them), its IRI, the graph that it stands in, and the licence where one is
    known."""
    formats = (*((representations.HTML,) if html else ()), *GRAPHS)
    found = [representations.links(formats), f'<{iri}>; rel="canonical"']
    name = site.iris.parse(iri)
    if name is not None:
        found += [
            f'<{target}>; rel="{relation}"' for relation, target in _relations(site, iri, name)
        ]
    return ", ".join(found)


def _relations(site: Site, iri: str, name: Name) -> Iterable[tuple[str, str]]:
    described = _describing_graph(site.iris, iri, name, site)
    if described and described != iri:
        yield "describedby", described
    if (
        name.kind == "place" and name.id.startswith("geonames-")
    ) or iri == site.iris.gazetteer_graph:
        yield "license", _GAZETTEER_LICENCE
    document = _document_of(site, iri, name)
    record = site.record(document) if document else None
    rights = record.metadata.rights if record else None
    if rights and re.fullmatch(r"https?://[^\s<>\"]+", rights):
        yield "license", rights


def _describing_graph(iris: Iris, iri: str, name: Name, site: Site) -> str | None:
    if name.is_graph or name.kind == "run":
        return iris.runs_graph
    document = _document_of(site, iri, name)
    if document:
        return iris.document_graph(document)
    if name.part == "geometry" or name.part.startswith("name-"):
        return iris.gazetteer_graph
    if name.kind == "authority":
        return iris.authority_graph(name.id)
    graphs = {
        "relation": iris.relations_graph,
        "decision": iris.decisions_graph,
        "curator": iris.decisions_graph,
    }
    return graphs.get(name.kind, iris.entities_graph)


def _document_of(site: Site, iri: str, name: Name) -> str | None:
    """The id of the one document that an IRI belongs to."""
    if name.kind == "document":
        return name.id
    if name.kind != "statement":
        return None
    where = site.answers.describe(pages_queries.cards([iri])).text(iri, TST.document)
    found = site.iris.parse(where)
    return found.id if found else None
