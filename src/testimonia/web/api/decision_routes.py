"""Decisions in the API: read by everybody who may read, made with a token of the scope ``curate``.

A decision is recorded when it is answered, 202, and in force when its job is over. The token comes
as ``Authorization: Bearer``: what a browser sends by itself makes no decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from testimonia.web import bodies
from testimonia.web.access import Right, require, with_token
from testimonia.web.api import decision_models as models
from testimonia.web.curation import Curation, Made
from testimonia.web.job_runner import JobRunner
from testimonia.web.problems import Problem
from testimonia.web.service import MEGABYTE, Service

_JSON: Final = "application/json"
Id = Annotated[str, Path(min_length=1, max_length=200, description="the end of its IRI")]
Thing = Annotated[
    str, Query(min_length=1, max_length=2000, description="an IRI, or its path under the base")
]
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {_JSON: {"schema": {"type": "object"}}}}
}


def router(curation: Curation, service: Service, runner: JobRunner) -> APIRouter:
    """Routes of decisions."""
    routes = APIRouter(prefix="/api", tags=["decisions"])
    _reading(routes, curation)

    async def made(request: Request, work: Any) -> Response:
        given = await _curating(request, service)
        found: Made = await anyio.to_thread.run_sync(work, given)
        if found.job is not None:
            runner.wake()
        body = {"job": found.job, "items": found.decisions}
        location = f"/api/decisions/{found.decisions[0]['id']}"
        return JSONResponse(body, HTTPStatus.ACCEPTED, {"Location": location})

    @routes.post(
        "/decisions",
        status_code=202,
        summary="Decide: one decision, or items with several",
        response_model=models.DecisionsMade,
        openapi_extra=_BODY,
    )
    async def decide(request: Request) -> Response:
        return await made(request, lambda given: curation.record(_items(given)))

    @routes.post(
        "/decisions/{id}/withdrawal",
        status_code=202,
        summary="Take a decision back",
        response_model=models.DecisionsMade,
        openapi_extra=_BODY,
    )
    async def withdraw(request: Request, id: Id) -> Response:
        return await made(request, lambda given: curation.withdraw(id, given))

    return routes


def _reading(routes: APIRouter, curation: Curation) -> None:
    @routes.get("/review", summary="What decisions would settle most", response_model=models.Queue)
    def queue(limit: Annotated[int, Query(ge=1, le=200)] = 20) -> Response:
        return _answer(models.Queue.model_validate({"items": curation.questions(limit)}))

    @routes.get(
        "/review/thing",
        summary="Something to decide on, as it stands",
        response_model=models.ThingShown,
    )
    def thing(path: Thing) -> Response:
        return _answer(models.ThingShown.model_validate(curation.thing(path)))

    @routes.get(
        "/decisions",
        summary="Decisions with their effects",
        response_model=models.DecisionList,
    )
    def decisions(
        after: Annotated[int, Query(ge=0, le=2**62, description="number of the last seen")] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        withdrawn: Annotated[bool, Query(description="those too that were withdrawn")] = False,
        thing: Annotated[
            str | None, Query(max_length=2000, description="those alone that rule this now")
        ] = None,
    ) -> Response:
        found = curation.review.decisions(withdrawn=withdrawn, thing=thing)
        rest = [each for each in found if each.decision.number > after]
        page = rest[:limit]
        more = page[-1].decision.number if len(rest) > limit else None
        items = [curation.shown(each) for each in page]
        shown = {"total": len(found), "next": more, "items": items}
        return _answer(models.DecisionList.model_validate(shown))

    @routes.get(
        "/decisions/{id}",
        summary="A decision with its effects",
        response_model=models.DecisionShown,
    )
    def decision(id: Id) -> Response:
        shown = curation.shown(curation.one(id))
        return _answer(models.DecisionShown.model_validate(shown))


def _answer(model: BaseModel) -> Response:
    headers = {"Cache-Control": "no-cache"}
    return Response(model.model_dump_json(), media_type=_JSON, headers=headers)


def _items(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = given.get("items", [given])
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise Problem(HTTPStatus.BAD_REQUEST, '"items" is a list of decisions')
    return items


async def _curating(request: Request, service: Service) -> Mapping[str, Any]:
    """The body, of somebody who may decide."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = with_token(request, token if scheme.lower() == "bearer" else "")
    require(service.access.client(bearer), Right.CURATE)
    bodies.content_type(request, (_JSON,))
    body = await bodies.body(request, MEGABYTE)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"this is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "a JSON object is wanted here")
    return found
