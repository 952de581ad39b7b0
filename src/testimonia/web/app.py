"""The ASGI application: routes, errors in one shape, the headers that every answer carries."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from testimonia import __version__
from testimonia.errors import TestimoniaError
from testimonia.library import Archive
from testimonia.web import (
    about,
    api,
    editor,
    linked,
    pages,
    problems,
    representations,
    resources,
    sparql,
)
from testimonia.web.api import openapi
from testimonia.web.manners import Manners
from testimonia.web.problems import Problem
from testimonia.web.rendering import render
from testimonia.web.site import Site

_STATIC: Final = Path(__file__).parent / "static"


def create_app(archive: Archive, *, deadline: float | None = None) -> FastAPI:
    """The application that serves ``archive``; it closes nothing.

    ``deadline`` is how many seconds a query may take, where that is not to be the archive's
    setting; it must be given before the archive has answered its first query.
    """
    if deadline is not None:
        archive.settings = replace(archive.settings, query_seconds=deadline)
    app = FastAPI(
        title="Testimonia",
        version=__version__,
        summary="Who said what, about whom, when and where, each statement with its words.",
        docs_url=None,
        redoc_url=None,
    )
    site = Site(archive)
    app.include_router(pages.router(site))
    app.include_router(resources.router(site))
    app.include_router(linked.router(site))
    app.include_router(editor.router())
    app.include_router(about.router(app, site))
    app.include_router(api.router(site))
    openapi.complete(app)
    app.router.routes.append(Route("/sparql", endpoint=sparql.SparqlEndpoint(site)))
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _handle_errors(app)
    app.add_middleware(Manners)
    return app


def _handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Problem, _error)
    app.add_exception_handler(TestimoniaError, _error)
    app.add_exception_handler(Exception, _error)


def _framework_error(request: Request, error: Exception) -> Response:
    """The framework's own: no such route, a method that is not there."""
    if not isinstance(error, HTTPException):
        return _error(request, error)
    detail = str(error.detail)
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.url.path}"
    return _answer(request, Problem(error.status_code, detail, error.headers or {}))


def _invalid(request: Request, error: Exception) -> Response:
    """A parameter that has no meaning."""
    found: list[dict[str, Any]] = []
    if isinstance(error, RequestValidationError):
        found = [
            {"parameter": str(each["loc"][-1]), "detail": each["msg"]} for each in error.errors()
        ]
    detail = "; ".join(f"{each['parameter']}: {each['detail']}" for each in found)
    return _answer(
        request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, extra={"errors": found})
    )


def _error(request: Request, error: Exception) -> Response:
    return _answer(request, problems.of_error(error))


def _answer(request: Request, problem: Problem) -> Response:
    """A problem as a page for browsers, else as ``application/problem+json``."""
    accept = ", ".join(request.headers.getlist("accept"))
    if representations.prefers_html(accept, [problems.MEDIA_TYPE, "application/json"]):
        headers = dict(problem.headers)
        return render(
            request, "problem.html", {"problem": problem}, status=problem.status, headers=headers
        )
    return problems.response(problem)
