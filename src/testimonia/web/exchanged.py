"""What exports name beside a statement: its nanopublication, its annotation. Handlers run in
threads."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from testimonia import terms
from testimonia.exchange import nanopubs, told, web_annotations
from testimonia.exchange.holdings import Holdings
from testimonia.exchange.told import Told, ToldDocument
from testimonia.vocabulary import TST
from testimonia.web.problems import Problem
from testimonia.web.site import Site

# Web Annotation Protocol, section 3.1: the media type has the profile.
_ANNOTATION: Final = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'

Form = Callable[[Holdings, ToldDocument, Told], bytes]


def router(site: Site) -> APIRouter:
    """Routes of these IRIs."""
    routes = APIRouter(tags=["things"])

    @routes.get("/statement/{id}/nanopublication", summary="A statement as a nanopublication")
    def nanopublication(id: str) -> Response:
        return Response(_of(site, id, nanopubs.of_statement), media_type="application/trig")

    @routes.get("/statement/{id}/annotation", summary="A statement as a web annotation")
    def annotation(id: str) -> Response:
        return Response(_of(site, id, web_annotations.of_statement), media_type=_ANNOTATION)

    return routes


def _of(site: Site, id_: str, form: Form) -> bytes:
    missing = Problem(HTTPStatus.NOT_FOUND, f"this archive has no statement with the id {id_!r}")
    try:
        iri = site.iris.statement(id_)
    except ValueError as error:
        raise missing from error
    with site.archive.view() as view:
        found = view.match(terms.iri(iri), TST.document, None)
        names = [site.iris.parse(terms.iri_of(each)) for _, (_, _, each) in found]
        record = site.record(names[0].id) if names and names[0] else None
        if record is None:
            raise missing
        holdings = Holdings(view, site.archive.catalog)
        document = told.document(holdings, record)
        statement = next((each for each in document.statements if each.iri == iri), None)
        if statement is None:
            raise missing
        return form(holdings, document, statement)
