"""The ASGI application: routes, errors in one shape, the headers that every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

from testimonia import __version__
from testimonia.endpoints.address import EMBEDDED
from testimonia.errors import TestimoniaError
from testimonia.library import Archive
from testimonia.sparql.limits import Limits
from testimonia.sparql.negotiation import GRAPHS, TABLES
from testimonia.sparql.pool import Pool
from testimonia.updates.archive import ArchiveDataset
from testimonia.updates.plain import PlainDataset
from testimonia.web import (
    about,
    api,
    documents,
    editor,
    exchanged,
    graph_store,
    linked,
    pages,
    problems,
    reconcile,
    representations,
    resources,
    review_pages,
)
from testimonia.web.access import Access, OpenAccess
from testimonia.web.api import decision_routes, openapi
from testimonia.web.curation import Curation
from testimonia.web.description import About, ServiceDescription
from testimonia.web.graph_store import METHODS, GraphStore
from testimonia.web.job_runner import JobRunner
from testimonia.web.manners import Mannerly, Manners
from testimonia.web.metrics import Metrics
from testimonia.web.observed import Noted, Observed, Observing
from testimonia.web.operations import Operations, log_slow
from testimonia.web.problems import Problem
from testimonia.web.raw import Application, Endpoint, Guard, RawEndpoints
from testimonia.web.rendering import render
from testimonia.web.reports import api as report_api
from testimonia.web.reports import pages as report_pages
from testimonia.web.service import Bridge, Service
from testimonia.web.site import Site
from testimonia.web.sparql import SparqlEndpoint
from testimonia.web.sparql_page import SparqlPage

_STATIC: Final = Path(__file__).parent / "static"
_LET_GO_SECONDS: Final = 1.0
_LEAST_COMPRESSED: Final = 1000
# The middleware knows the usual media types of the web, and few of RDF's.
for _format in (*TABLES, *GRAPHS):
    for _media_type in _format.media_types:
        add_compress_type(_media_type)
add_compress_type(problems.MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class Serving:
    """How something is served: what queries may take, who may do what, which other sites' scripts
    may read (``*``: all), what is said about the whole, what the operator wants to see, and from
    which hosts documents may be fetched that are named by their address."""

    limits: Limits = field(default_factory=Limits)
    access: Access = field(default_factory=OpenAccess)
    origins: tuple[str, ...] = ("*",)
    about: About = field(default_factory=About)
    observing: Observing = field(default_factory=Observing)
    fetch: tuple[str, ...] = ()


def create_app(archive: Archive, serving: Serving | None = None) -> FastAPI:
    """The application that serves ``archive``; with its end the query processes end."""
    serving = serving or Serving(Limits(seconds=archive.settings.query_seconds))
    remote = archive.store != EMBEDDED
    serving = replace(serving, limits=replace(serving.limits, remote=remote))
    dataset = ArchiveDataset(archive.folder / "store", archive.iris, serving.limits)
    pool = Pool(dataset, serving.limits)
    service = Service(dataset, pool, Noted(serving.access), archive.iris.base_iri)
    site = Site(archive, Bridge(pool))
    runner = JobRunner(archive.folder, dataset)
    app = _application(service, runner)
    app.include_router(documents.router(service, runner, serving.fetch))
    app.include_router(pages.router(site))
    app.include_router(resources.router(site))
    app.include_router(exchanged.router(site))
    app.include_router(linked.router(site))
    app.include_router(editor.router())
    app.include_router(reconcile.router(site, service))
    app.include_router(about.router(app, site, service))
    app.include_router(api.router(site))
    curation = Curation(site, runner)
    app.include_router(decision_routes.router(curation, service, runner))
    app.include_router(review_pages.router(site, curation, service, runner))
    app.include_router(report_pages.router(site))
    app.include_router(report_api.router(site))
    openapi.complete(app)
    directory = archive.folder / "store"
    return _finished(app, service, serving, directory, SparqlPage(site, pool, service.access))


def create_plain_app(dataset: PlainDataset, serving: Serving) -> FastAPI:
    """The application that serves a plain dataset: the protocols and nothing else."""
    service = Service(dataset, Pool(dataset, serving.limits), Noted(serving.access))
    app = _application(service)
    app.include_router(about.health())
    app.add_api_route("/", lambda: RedirectResponse("/sparql"), include_in_schema=False)
    openapi.complete(app, archive=False)
    return _finished(app, service, serving, dataset.directory, None)


def _application(service: Service, runner: JobRunner | None = None) -> Application:
    app = Application(
        title="Testimonia",
        version=__version__,
        summary="Who said what, about whom, when and where, each statement with its words.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(service, runner),
    )
    app.state.service = service
    return app


def _finished(
    app: Application,
    service: Service,
    serving: Serving,
    directory: Path,
    page: SparqlPage | None = None,
) -> Application:
    metrics = Metrics(service.pool)
    operations = Operations(service, metrics, directory)
    if serving.observing.slow is not None:
        service.pool.tell(log_slow(serving.observing.slow))
    description = ServiceDescription(service, serving.about)
    sparql, store = SparqlEndpoint(service, description, page), GraphStore(service)
    endpoints: Mapping[str, Endpoint] = {
        "/sparql": sparql.response,
        "/sparql/": sparql.response,
        graph_store.PATH: store.response,
        f"{graph_store.PATH}/": store.response,
        "/.well-known/void": _getting(description.void),
        "/metrics": _getting(operations.metrics),
        "/readyz": _getting(operations.readyz),
    }
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _handle_errors(app)
    manners = Manners(serving.origins)
    observed = partial(Observed, metrics=metrics, observing=serving.observing)
    app.put_before(RawEndpoints(endpoints, _error, manners, _compress, _LEAST_COMPRESSED), observed)
    app.add_middleware(Guard, access=service.access, refuse=_error)
    app.add_middleware(_compress)
    app.add_middleware(Mannerly, manners=manners)
    app.add_middleware(observed)
    return app


def _compress(app: ASGIApp) -> CompressMiddleware:
    """The fastest of each: what is compressed here keeps the event loop from others."""
    return CompressMiddleware(
        app, minimum_size=_LEAST_COMPRESSED, zstd_level=1, brotli_quality=1, gzip_level=1
    )


def _lifespan(
    service: Service, runner: JobRunner | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.pool.warm()
        if runner is not None:
            await runner.resume()
        tidying = asyncio.create_task(_let_go(service.pool))
        try:
            yield
        finally:
            tidying.cancel()
            if runner is not None:
                await runner.close()
            service.pool.close()
            await service.dataset.close()

    return lifespan


async def _let_go(pool: Pool) -> None:
    while True:
        await asyncio.sleep(_LET_GO_SECONDS)
        await pool.let_go()


def _getting(answer: Endpoint) -> Endpoint:
    """An endpoint that is only read."""

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS"})
        if request.method != "GET":
            allowed = {"Allow": "GET, HEAD, OPTIONS"}
            detail = f"this is read by GET, not {request.method}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allowed)
        return await answer(request)

    return endpoint


# ------------------------------------------------------------------------------------ errors


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
    detail, headers = str(error.detail), dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.url.path}"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = allowed = _allowed(request)
        detail = f"{request.url.path} knows {allowed}, not {request.method}"
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return _answer(request, Problem(error.status_code, detail, headers))


def _allowed(request: Request) -> str:
    """The methods of what is at an address: of all routes there, where the framework names those of
    the first alone, and knows neither of HEAD nor of OPTIONS."""

    def known(method: str) -> bool:
        root = request.scope.get("app_root_path", "")  # a mount has made it its own
        scope = {**request.scope, "method": method, "root_path": root}
        there = next((each for each in routes if each.matches(scope)[0] is Match.FULL), None)
        if isinstance(there, Mount) or method in ("HEAD", "OPTIONS"):
            return method in ("GET", "HEAD", "OPTIONS")  # the mounts are of files
        return there is not None

    routes = request.app.routes
    found = [each for each in METHODS if known(each)]
    return ", ".join(each for each in found if each != "HEAD" or "GET" in found)


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
    """A problem as a page for browsers, as a report in RDF where there is one and that is wanted,
    else as ``application/problem+json``."""
    accept = ", ".join(request.headers.getlist("accept"))
    if representations.prefers_html(accept, [problems.MEDIA_TYPE, "application/json"]):
        headers = dict(problem.headers)
        return render(
            request, "problem.html", {"problem": problem}, status=problem.status, headers=headers
        )
    return problems.response(problem, accept)
