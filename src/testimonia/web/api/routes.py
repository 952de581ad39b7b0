"""Lists and single things as typed JSON. Handlers run in threads."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import mimeparse
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from testimonia.errors import NotAcceptable
from testimonia.terms import Term
from testimonia.vocabulary import TST
from testimonia.web import pages_queries
from testimonia.web.api import build, context, keyset, models, searching, selection
from testimonia.web.api.build import Builder
from testimonia.web.api.meaning import resolved
from testimonia.web.api.selection import Resolved
from testimonia.web.problems import Problem
from testimonia.web.rendering import root_from
from testimonia.web.site import Site

JSON = "application/json"
Id = Annotated[str, Path(min_length=1, max_length=200, description="the end of its IRI")]
Page = TypeVar("Page", bound=models.Page)


def router(site: Site) -> APIRouter:
    """Routes of lists and things."""
    routes = APIRouter(prefix="/api", tags=["api"])
    _lists(routes, site)
    _singles(routes, site)

    @routes.get("/context.jsonld", summary="The JSON-LD context of these answers")
    def context_document() -> Response:
        return JSONResponse(context.context(), media_type=context.MEDIA_TYPE)

    return routes


def _lists(routes: APIRouter, site: Site) -> None:
    @routes.get("/statements", summary="Statements", response_model=models.Statements)
    def statements(request: Request, asked: Annotated[models.AskedStatements, Query()]) -> Response:
        given = {
            "speaker": asked.speaker,
            "about": asked.about,
            "place": asked.place,
            "document": asked.document,
        }
        things = resolved(site, given)
        pattern = selection.statements(asked, things)

        def items(iris: list[str]) -> list[models.Statement]:
            built = build.builder(site, selection.whole_statements(iris))
            return [built.statement(each) for each in iris]

        return _listed(site, request, asked, things, pattern, items, models.Statements)

    @routes.get(
        "/actors", summary="Actors: persons, groups, states …", response_model=models.Actors
    )
    def actors(request: Request, asked: Annotated[models.AskedActors, Query()]) -> Response:
        return _listed(
            site,
            request,
            asked,
            {},
            selection.actors(asked),
            _described(site, pages_queries.described, Builder.actor),
            models.Actors,
        )

    @routes.get("/places", summary="Places", response_model=models.Places)
    def places(request: Request, asked: Annotated[models.AskedPlaces, Query()]) -> Response:
        things = resolved(site, {"within": asked.within})
        return _listed(
            site,
            request,
            asked,
            things,
            selection.places(asked, things),
            _described(site, selection.whole_places, Builder.place),
            models.Places,
        )

    @routes.get("/events", summary="Events", response_model=models.Events)
    def events(request: Request, asked: Annotated[models.AskedEvents, Query()]) -> Response:
        things = resolved(site, {"actor": asked.actor, "place": asked.place})
        return _listed(
            site,
            request,
            asked,
            things,
            selection.events(asked, things),
            _described(site, pages_queries.described, Builder.event),
            models.Events,
        )

    @routes.get("/documents", summary="Documents", response_model=models.Documents)
    def documents(request: Request, asked: Annotated[models.AskedDocuments, Query()]) -> Response:
        things = resolved(site, {"publisher": asked.publisher})
        return _listed(
            site,
            request,
            asked,
            things,
            selection.documents(asked, things),
            _described(site, selection.without_text, Builder.document),
            models.Documents,
        )

    @routes.get("/search", summary="Search names, titles, contents", response_model=models.Hits)
    def search(request: Request, asked: Annotated[models.AskedSearch, Query()]) -> Response:
        found = searching.page(site, asked.q, asked.cursor, asked.limit)
        items = _described(site, selection.without_text, Builder.hit)(found.things)
        kept = [each for each in items if each is not None]
        return _page(request, models.Hits, found, kept)


def _singles(routes: APIRouter, site: Site) -> None:
    @routes.get(
        "/statements/{id}",
        summary="A statement and its evidence",
        response_model=models.OneStatement,
    )
    def statement(request: Request, id: Id) -> Response:
        iri = _existing(site, "statement", id, TST.Statement)
        built = build.builder(site, selection.whole_statements([iri]))
        found = built.statement(iri)
        name = site.iris.parse(found.document.id) if found.document else None
        words = build.mentions(site, iri, name.id) if name else {}
        return answer(
            request,
            models.OneStatement(
                context=_context(request),
                **_fields(found),
                content_mentions=words.get(TST.contentMention, []),
                cue_mentions=words.get(TST.cueMention, []),
                speaker_mentions=words.get(TST.speakerMention, []),
            ),
        )

    @routes.get("/actors/{id}", summary="An actor", response_model=models.OneActor)
    def actor(request: Request, id: Id) -> Response:
        iri = _existing(site, "actor", id, TST.Actor)
        found = build.builder(site, pages_queries.described([iri])).actor(iri)
        return answer(request, models.OneActor(context=_context(request), **_fields(found)))

    @routes.get("/places/{id}", summary="A place", response_model=models.OnePlace)
    def place(request: Request, id: Id) -> Response:
        iri = _existing(site, "place", id, TST.Place)
        found = build.builder(site, selection.whole_places([iri])).place(iri)
        return answer(request, models.OnePlace(context=_context(request), **_fields(found)))

    @routes.get(
        "/events/{id}", summary="An event and who tells what of it", response_model=models.OneEvent
    )
    def event(request: Request, id: Id) -> Response:
        iri = _existing(site, "event", id, TST.Event)
        found = build.builder(site, pages_queries.described([iri])).event(iri)
        told = build.accounts(site, iri)
        return answer(
            request,
            models.OneEvent(context=_context(request), **_fields(found), accounts=told),
        )

    @routes.get("/documents/{id}", summary="A document", response_model=models.OneDocument)
    def document(request: Request, id: Id) -> Response:
        iri = _existing(site, "document", id, TST.Document)
        found = build.builder(site, selection.without_text([iri])).document(iri)
        return answer(request, models.OneDocument(context=_context(request), **_fields(found)))


# ------------------------------------------------------------------------------------- parts

Item = TypeVar("Item")


def _listed(
    site: Site,
    request: Request,
    asked: models.Asked,
    things: Resolved,
    pattern: str,
    items: Callable[[list[str]], list[Any]],
    page: type[Page],
) -> Response:
    """A page of the list that a pattern selects; empty where a name is nobody's."""
    if not all(things.values()):
        return _page(request, page, keyset.Slice([], 0, None), [])
    found = keyset.page(site, pattern, asked.cursor, asked.limit)
    return _page(request, page, found, items(found.things) if found.things else [])


def _page(request: Request, page: type[Page], found: keyset.Slice, items: list[Any]) -> Response:
    made = page.model_validate(
        {
            "@context": _context(request),
            "total": found.total,
            "next": found.next,
            "more": found.more or None,
            "items": items,
        }
    )
    headers = {}
    if found.next:
        url = request.url.include_query_params(cursor=found.next)
        headers["Link"] = f'<?{url.query}>; rel="next"'
    return answer(request, made, headers)


def _described(
    site: Site, query: Callable[[list[str]], str], make: Callable[[Builder, str], Item]
) -> Callable[[list[str]], list[Item]]:
    def items(iris: list[str]) -> list[Item]:
        if not iris:
            return []
        built = build.builder(site, query(iris))
        return [make(built, each) for each in iris]

    return items


def _fields(found: BaseModel) -> dict[str, Any]:
    return {name: getattr(found, name) for name in type(found).model_fields}


def _context(request: Request) -> str:
    return root_from(request) + context.PATH


def _existing(site: Site, kind: str, id_: str, class_: Term) -> str:
    """The IRI of a thing that is there.

    Raises:
        Problem: 404, it is not.
    """
    try:
        iri = site.iris.of(kind, id_)
    except ValueError:
        iri = ""
    if not iri or not site.exists(iri, class_):
        detail = f"this archive has no {kind} with the id {id_!r}"
        raise Problem(HTTPStatus.NOT_FOUND, detail)
    return iri


def answer(request: Request, model: BaseModel, headers: dict[str, str] | None = None) -> Response:
    """The answer as JSON, named JSON-LD for who would rather have that.

    Raises:
        NotAcceptable: the client takes neither.
    """
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    try:
        media_type = mimeparse.best_match([context.MEDIA_TYPE, JSON], accept.lower())
    except mimeparse.MimeTypeParseException:
        media_type = ""
    if not media_type:
        raise NotAcceptable(f"this is there as {JSON} and {context.MEDIA_TYPE}, not as {accept!r}")
    body = model.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, media_type=media_type, headers={"Vary": "Accept", **(headers or {})})
