"""The reports as typed JSON, under ``/api``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from testimonia.errors import NotAcceptable
from testimonia.web.reports import chronicle, compare, dossier, models, voices
from testimonia.web.reports.asked import (
    AskedComparison,
    AskedEvents,
    AskedVoices,
    Scope,
    scope_of,
)
from testimonia.web.reports.budget import within_budget
from testimonia.web.reports.pages import existing
from testimonia.web.site import Site

Id = Annotated[str, Path(min_length=1, max_length=200, description="the end of its IRI")]


def router(site: Site) -> APIRouter:
    """Routes of the reports' JSON."""
    routes = APIRouter(prefix="/api", tags=["reports"])

    @routes.get("/compare", summary="Sources side by side", response_model=models.Compared)
    def compared(request: Request, asked: Annotated[AskedComparison, Query()]) -> Response:
        scope = _scope(site, asked)
        view = compare.compared(site, scope, asked.page)
        return answer(models.Compared, view, _next(request, view.events, asked.page))

    @routes.get("/timeline", summary="Events in time and space", response_model=models.Chronicle)
    def timeline(request: Request, asked: Annotated[AskedEvents, Query()]) -> Response:
        scope = _scope(site, asked)
        view = chronicle.chronicle(site, scope, asked.page)
        return answer(models.Chronicle, view, _next(request, view.happenings, asked.page))

    @routes.get("/voices", summary="Who is quoted, and how", response_model=models.Voices)
    def voiced(asked: Annotated[AskedVoices, Query()]) -> Response:
        return answer(
            models.Voices, voices.voices(within_budget(site, voices.ADVICE), _scope(site, asked))
        )

    @routes.get("/actors/{id}/dossier", summary="An actor", response_model=models.Dossier)
    def of_actor(request: Request, id: Id) -> Response:
        iri = existing(site, request, "actor", id)
        return answer(models.Dossier, dossier.dossier(site, iri))

    @routes.get("/places/{id}/dossier", summary="A place that acts", response_model=models.Dossier)
    def of_place(request: Request, id: Id) -> Response:
        iri = existing(site, request, "place", id)
        return answer(models.Dossier, dossier.dossier(site, iri))

    return routes


def _scope(site: Site, asked: AskedComparison | AskedEvents | AskedVoices) -> Scope:
    """What is asked for.

    Raises:
        NotAcceptable: it is not JSON that is wanted.
    """
    if asked.format not in (None, "json"):
        raise NotAcceptable(
            f"this is there as JSON, not as {asked.format!r}; the page without /api has other forms"
        )
    return scope_of(site, asked)


def json_of(model: type[BaseModel], view: object, *, indent: int | None = None) -> str:
    """A report's value as JSON."""
    return model.model_validate(view).model_dump_json(
        by_alias=True, exclude_none=True, indent=indent
    )


def answer(
    model: type[BaseModel], view: object, headers: dict[str, str] | None = None
) -> Response:  # fmt: skip
    """A report's value as an answer."""
    return Response(json_of(model, view), HTTPStatus.OK, headers, "application/json")


def _next(request: Request, part: Any, page: int) -> dict[str, str]:
    """The ``Link`` header of what comes after."""
    if not part.more:
        return {}
    url = request.url.include_query_params(page=page + 1)
    return {"Link": f'<?{url.query}>; rel="next"'}
