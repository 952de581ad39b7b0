"""The reports as pages, and the same as RDF. Handlers run in threads."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from testimonia import rdf as triples_rdf
from testimonia.errors import QueryError
from testimonia.terms import Term
from testimonia.views import cube
from testimonia.vocabulary import TST
from testimonia.web import linked, representations
from testimonia.web.paging import Paging
from testimonia.web.problems import Problem
from testimonia.web.rendering import render
from testimonia.web.reports import chronicle, compare, dossier, rdf, shown, voices
from testimonia.web.reports.asked import (
    AskedComparison,
    AskedEvents,
    AskedVoices,
    Scope,
    scope_of,
)
from testimonia.web.reports.budget import within_budget
from testimonia.web.resources import FormatName, accepted
from testimonia.web.site import Site

_CLASSES: Final = {"actor": TST.Actor, "place": TST.Place}
_TAG: Final = "reports"


def router(site: Site) -> APIRouter:
    """Routes of the reports."""
    routes = APIRouter(default_response_class=HTMLResponse, tags=[_TAG])

    @routes.get("/compare", summary="What sources tell of an event or a topic, side by side")
    def compared(request: Request, asked: Annotated[AskedComparison, Query()]) -> Response:
        one = One(site, request, asked, "compare", compare.EVENTS_PER_PAGE)
        return one.answer(
            lambda: compare.compared(site, one.scope, asked.page),
            lambda view: one.paging(view.events.total),
            lambda view, paging: one.graph(
                rdf.comparison(view, one.address(), one.following(paging))
            ),
        )

    @routes.get("/timeline", summary="Events in time and space, with the sources behind each")
    def timeline(request: Request, asked: Annotated[AskedEvents, Query()]) -> Response:
        one = One(site, request, asked, "timeline", chronicle.EVENTS_PER_PAGE)
        return one.answer(
            lambda: chronicle.chronicle(site, one.scope, asked.page),
            lambda view: one.paging(view.happenings.total),
            lambda view, paging: one.graph(
                rdf.timeline(view, one.address(), one.following(paging))
            ),
        )

    @routes.get("/voices", summary="Who is quoted, how directly, how many without a name")
    def voiced(request: Request, asked: Annotated[AskedVoices, Query()]) -> Response:
        one = One(site, request, asked, "voices", 1)
        return one.answer(
            lambda: voices.voices(within_budget(site, voices.ADVICE), one.scope),
            lambda _: one.paging(0),
            lambda view, _: (
                lambda format_: triples_rdf.serialise(cube.triples(view, one.address()), format_)
            ),
        )

    for kind in _CLASSES:
        routes.get(f"/{kind}/{{id}}/dossier", summary=f"All that the archive has of a {kind}")(
            _dossier(site, kind)
        )
    return routes


Serialised = Callable[[str], bytes]


class One:
    """One request for a report with parameters."""

    def __init__(
        self,
        site: Site,
        request: Request,
        asked: AskedComparison | AskedEvents | AskedVoices,
        name: str,
        size: int,
    ) -> None:
        self._site = site
        self._request = request
        self._asked = asked
        self._name = name
        self._size = size
        self.scope: Scope = scope_of(site, asked)

    def paging(self, total: int) -> Paging:
        """Where the request is in the list."""
        return Paging(self._asked.page, total, query=self.scope.query, size=self._size)

    def address(self, page: int | None = None) -> str:
        """The report's IRI."""
        number = self._asked.page if page is None else page
        query = [*self.scope.given, *([("page", str(number))] if number > 1 else [])]
        return self._site.iris.base_iri + self._name + (f"?{urlencode(query)}" if query else "")

    def following(self, paging: Paging) -> str:
        """The IRI of the next page, empty on the last."""
        return self.address(paging.number + 1) if paging.number < paging.last else ""

    def graph(self, found: rdf.Shown) -> Serialised:
        """What serialises it."""
        query = rdf.construct(found)
        return lambda format_: self._site.answers.construct(query, format_).body

    def answer(
        self,
        view: Callable[[], Any],
        paged: Callable[[Any], Paging],
        graph: Callable[[Any, Paging], Serialised],
    ) -> Response:
        """HTML or RDF, as the client would have it.

        Raises:
            NotAcceptable: it would have neither.
            QueryError: the words cannot be searched for, and it is not HTML that is wanted.
        """
        chosen = representations.of_page(self._asked.format, accepted(self._request))
        try:
            made = view()
        except QueryError as error:
            if chosen is not None or not self.scope.words:
                raise
            return self._page({"wrong": str(error), "view": None}, HTTPStatus.BAD_REQUEST, "")
        paging = paged(made)
        if chosen is None:
            following = self.following(paging)
            context = {"wrong": "", "view": made, **shown.context(self._name, made)}
            return self._page({**context, "paging": paging}, HTTPStatus.OK, following)
        headers = {"Vary": "Accept", "Link": self._links(self.following(paging))}
        body = graph(made, paging)(chosen.format.name)
        return Response(body, media_type=chosen.media_type, headers=headers)

    def _page(self, context: dict[str, Any], status: HTTPStatus, following: str) -> Response:
        common = shown.common(self._site, self.scope, self._asked)
        kept = [*self.scope.given, ("page", str(self._asked.page))]
        return render(
            self._request,
            f"{self._name}.html",
            {
                "alternates": representations.ALTERNATES,
                "kept": f"{urlencode(kept)}&",
                "paging": None,
                **common,
                **context,
            },
            status=status,
            headers={"Link": self._links(following)},
        )

    def _links(self, following: str) -> str:
        kept = self.scope.query
        links = [
            f'<?{kept}{"&" if kept else ""}format={each.name}>; rel="alternate";'
            f' type="{each.media_type}"'
            for each in representations.ALTERNATES
        ]
        if following:
            links.append(f'<?{following.partition("?")[2]}>; rel="next"')
        return ", ".join(links)


def _dossier(site: Site, kind: str) -> Callable[..., Response]:
    def made(request: Request, id: str, format: FormatName = None) -> Response:
        iri = existing(site, request, kind, id)
        chosen = representations.of_page(format, accepted(request))
        view = dossier.dossier(site, iri)
        headers = {"Vary": "Accept", "Link": representations.links()}
        if chosen is None:
            context = {"view": view, **shown.context("dossier", view)}
            context["alternates"] = representations.ALTERNATES
            return render(request, "dossier.html", context, headers=headers)
        query = rdf.construct(rdf.dossier(view, f"{iri}/dossier"))
        body = site.answers.construct(query, chosen.format.name).body
        return Response(body, media_type=chosen.media_type, headers=headers)

    return made


def existing(site: Site, request: Request, kind: str, id_: str) -> str:
    """The IRI of an actor or a place that is there.

    Raises:
        Problem: 404, it is not; 301 or 410 where it is no more.
    """
    class_: Term = _CLASSES[kind]
    try:
        iri = site.iris.of(kind, id_)
    except ValueError:
        detail = f"this archive has no {kind} with the id {id_!r}"
        raise Problem(HTTPStatus.NOT_FOUND, detail) from None
    if not site.exists(iri, class_):
        raise linked.missing(site, request, iri)
    return iri
