"""The pages of single things, and the same as RDF. Handlers run in threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from testimonia.catalog import Record, State
from testimonia.vocabulary import TST
from testimonia.web import cite, linked, representations
from testimonia.web import pages_queries as queries
from testimonia.web.details import (
    document_details,
    entity_details,
    event_details,
    statement_details,
)
from testimonia.web.paging import PageNumber
from testimonia.web.problems import Problem
from testimonia.web.rendering import render
from testimonia.web.site import Site

FormatName = Annotated[
    str | None,
    Query(max_length=100, description="html, turtle, jsonld, ntriples, rdfxml; else by Accept"),
]

_CLASSES = {
    "document": TST.Document,
    "statement": TST.Statement,
    "actor": TST.Actor,
    "place": TST.Place,
    "event": TST.Event,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one thing."""

    site: Site
    request: Request
    kind: str
    id: str
    format: str | None

    @property
    def iri(self) -> str:
        """The thing's IRI.

        Raises:
            Problem: 404, nothing can have such an id.
        """
        try:
            return self.site.iris.of(self.kind, self.id)
        except ValueError as error:
            raise self.missing() from error

    def missing(self, detail: str = "") -> Problem:
        """The answer where there is no such thing."""
        detail = detail or f"this archive has no {self.kind} with the id {self.id!r}"
        return Problem(HTTPStatus.NOT_FOUND, detail)

    def check(self) -> None:
        """Make sure that the graph has it.

        Raises:
            Problem: 404, it has not.
        """
        if not self.site.exists(self.iri, _CLASSES[self.kind]):
            raise linked.missing(self.site, self.request, self.iri)

    def answer(self, template: str, details: Callable[[], dict[str, Any]]) -> Response:
        """HTML or RDF, as the client would have it.

        Raises:
            NotAcceptable: it would have neither.
        """
        if self.kind != "document":  # a rejected one has a page, but is not in the graph
            self.check()
        chosen = representations.of_page(self.format, accepted(self.request))
        if chosen is None:
            shown = {"alternates": representations.ALTERNATES, **details()}
            headers = {"Link": self._links(html=False)} if shown["alternates"] else {}
            return render(self.request, template, shown, headers=headers)
        if self.kind == "document":
            self.check()
        result = self.site.answers.construct(self._description(), chosen.format.name)
        return Response(
            result.body,
            media_type=chosen.media_type,
            headers={"Vary": "Accept", "Link": self._links(html=True)},
        )

    def _links(self, *, html: bool) -> str:
        found = linked.links(self.site, self.request, self.iri, html=html)
        if self.kind == "statement":
            return f'{found}, <{self.iri}>; rel="cite-as"'
        return found

    def _description(self) -> str:
        document = None
        if self.kind == "statement":
            where = self.site.answers.describe(queries.cards([self.iri])).text(
                self.iri, TST.document
            )
            name = self.site.iris.parse(where)
            document = name.id if name else None
        return queries.description(self.site.iris, self.kind, self.iri, document)


def accepted(request: Request) -> str | None:
    """The request's ``Accept`` header; several are one list."""
    return ", ".join(request.headers.getlist("accept")) or None


def router(site: Site) -> APIRouter:
    """Routes of these pages."""
    routes = APIRouter(default_response_class=HTMLResponse, tags=["things"])

    @routes.get("/document/{id}", summary="A document, its statements marked in its text")
    def document(
        request: Request, id: str, format: FormatName = None, page: PageNumber = 1
    ) -> Response:
        asked = Asked(site, request, "document", id, format)
        record = _record(asked)
        return asked.answer(
            "document.html", lambda: document_details(site, asked.iri, record, page)
        )

    @routes.get("/document/{id}/report", summary="Why a document was rejected")
    def report(request: Request, id: str) -> Response:
        asked = Asked(site, request, "document", id, None)
        record = _record(asked)
        if record.state is not State.REJECTED or record.report is None:
            raise asked.missing("this document was not rejected: there is no report on it")
        shown = {"thing": site.thing(asked.iri), "report": record.report}
        return render(request, "report.html", shown)

    @routes.get("/statement/{id}", summary="A statement and the words around it")
    def statement(request: Request, id: str, format: FormatName = None) -> Response:
        asked = Asked(site, request, "statement", id, format)
        if (style := _citation_style(format, accepted(request))) is not None:
            asked.check()
            format_, write = cite.WRITERS[style]
            body = write(cite.citation(site, asked.iri))
            return Response(body, media_type=format_.media_type, headers={"Vary": "Accept"})

        def details() -> dict[str, Any]:
            cited = cite.text(cite.citation(site, asked.iri))
            return {**statement_details(site, asked.iri), "citation": cited}

        return asked.answer("statement.html", details)

    @routes.get("/actor/{id}", summary="An actor: what it said, what is said about it")
    def actor(
        request: Request,
        id: str,
        format: FormatName = None,
        said: PageNumber = 1,
        about: PageNumber = 1,
    ) -> Response:
        asked = Asked(site, request, "actor", id, format)
        return asked.answer("entity.html", lambda: entity_details(site, asked.iri, said, about))

    @routes.get("/place/{id}", summary="A place: what happened there, what is said about it")
    def place(
        request: Request,
        id: str,
        format: FormatName = None,
        said: PageNumber = 1,
        about: PageNumber = 1,
    ) -> Response:
        asked = Asked(site, request, "place", id, format)
        return asked.answer("entity.html", lambda: entity_details(site, asked.iri, said, about))

    @routes.get("/event/{id}", summary="An event: its accounts side by side")
    def event(
        request: Request,
        id: str,
        format: FormatName = None,
        page: PageNumber = 1,
        about: PageNumber = 1,
        during: PageNumber = 1,
    ) -> Response:
        asked = Asked(site, request, "event", id, format)
        return asked.answer(
            "event.html", lambda: event_details(site, asked.iri, page, about, during)
        )

    return routes


def _citation_style(name: str | None, accept: str | None) -> str | None:
    """``bibtex`` or ``csl`` where that is asked for, by name or by a type that names it alone."""
    asked = (name or accept or "").strip().lower()
    for style, (format_, _) in cite.WRITERS.items():
        if asked in (style, format_.media_type):
            return style
    return None


def _record(asked: Asked) -> Record:
    record = asked.site.record(asked.id)
    if record is None:
        raise linked.missing(asked.site, asked.request, asked.iri)
    if record.state is State.REMOVED:
        detail = "this document was taken out of the archive; its record is kept, not shown"
        raise Problem(HTTPStatus.GONE, detail)
    return record
