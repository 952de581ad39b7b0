"""What the server tells of itself: health, and its documentation, made from its own OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from testimonia import __version__
from testimonia.sparql.negotiation import GRAPHS, TABLES
from testimonia.vocabulary import PREFIXES
from testimonia.web import query_page
from testimonia.web.rendering import render
from testimonia.web.service import MEGABYTE, Service
from testimonia.web.site import Site


def health() -> APIRouter:
    """The route that tells whether the server is alive."""
    routes = APIRouter(tags=["service"])

    @routes.get("/healthz", summary="Whether the server answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    return routes


def router(app: FastAPI, site: Site, service: Service) -> APIRouter:
    """Routes of these pages."""
    routes = health()

    @routes.get("/docs", summary="This interface, for people", response_class=HTMLResponse)
    def docs(request: Request) -> HTMLResponse:
        shown = {
            "operations": list(_operations(app.openapi())),
            "deadline": f"{service.pool.limits.seconds:g}",
            "body_megabytes": service.query_bytes // MEGABYTE,
            "tables": TABLES,
            "graphs": GRAPHS,
            "prefixes": PREFIXES,
            "examples": query_page.examples(),
            "base_iri": site.iris.base_iri,
        }
        return render(request, "docs.html", shown)

    return routes


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "parameters": operation.get("parameters", []),
            }
