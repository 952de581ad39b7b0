"""The saved queries as an API: each is asked at ``/api/queries/<name>`` with its parameters."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from testimonia.web import saved
from testimonia.web.api import models
from testimonia.web.api.routes import answer
from testimonia.web.problems import Problem
from testimonia.web.resources import accepted
from testimonia.web.saved import SavedQuery
from testimonia.web.site import Site

FORMAT = "format"


def router(site: Site) -> APIRouter:
    """Routes of the saved queries."""
    routes = APIRouter(prefix="/api/queries", tags=["api"])

    @routes.get("", summary="The saved queries", response_model=models.SavedQueries)
    def queries(request: Request) -> Response:
        listed = [_described(each) for each in saved.queries().values()]
        return answer(request, models.SavedQueries(queries=listed))

    # In OpenAPI each saved query stands as a path of its own: see openapi.py.
    @routes.get("/{name}", include_in_schema=False)
    def query(request: Request, name: Annotated[str, Path(max_length=100)]) -> Response:
        found = saved.queries().get(name)
        if found is None:
            detail = f"there is no saved query {name!r}; /api/queries lists them"
            raise Problem(HTTPStatus.NOT_FOUND, detail)
        values = _values(request)
        format_ = values.pop(FORMAT, None)
        result = site.evaluator.evaluate(
            found.bound(values), accept=accepted(request), format_=format_
        )
        return Response(result.body, media_type=result.media_type, headers={"Vary": "Accept"})

    return routes


def _values(request: Request) -> dict[str, str]:
    """The request's parameters.

    Raises:
        Problem: 400, one is given twice.
    """
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise Problem(HTTPStatus.BAD_REQUEST, f"the parameter {name!r} is given twice")
        values[name] = value
    return values


def _described(query: SavedQuery) -> models.SavedQuery:
    return models.SavedQuery(
        name=query.name,
        title=query.question,
        path=f"api/queries/{query.name}",
        result="graph" if query.gives_graph else "table",
        parameters=[
            models.SavedParameter(
                name=each.name, type=each.type, default=each.default, about=each.about
            )
            for each in query.parameters
        ],
        query=query.text,
    )
