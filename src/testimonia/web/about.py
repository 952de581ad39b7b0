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
from testimonia.web import bodies, query_page, sparql
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

    describe_sparql(app)
    return routes


def describe_sparql(app: FastAPI) -> None:
    """Put ``/sparql`` into the OpenAPI description: being a raw route, FastAPI does not know it."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        schema["paths"].setdefault("/sparql", _sparql_paths())
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "parameters": operation.get("parameters", []),
            }


def _sparql_paths() -> dict[str, Any]:
    texts = {"type": "string"}
    answers = {
        media_type: {"schema": texts}
        for each in (*TABLES, *GRAPHS)
        for media_type in [each.media_type]
    }
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    responses: dict[str, Any] = {
        "200": {"description": "the result, whole", "content": answers},
        **{
            status: {"description": meaning, "content": problem}
            for status, meaning in _SPARQL_PROBLEMS.items()
        },
    }
    dataset = [_parameter(name, texts) for name in ("default-graph-uri", "named-graph-uri")]
    format_ = _parameter("format", texts)
    query = {**_parameter("query", texts), "required": True}
    body = {
        "required": True,
        "content": {
            sparql.QUERY: {"schema": texts},
            bodies.FORM: {
                "schema": {"type": "object", "required": ["query"], "properties": {"query": texts}}
            },
        },
    }
    common = {"tags": ["service"], "responses": responses}
    return {
        "get": {
            "summary": "SPARQL 1.1 query; a form for people where there is no query",
            "operationId": "sparql_get",
            "parameters": [query, *dataset, format_],
            **common,
        },
        "post": {
            "summary": "SPARQL 1.1 query, as a form or as the body itself",
            "operationId": "sparql_post",
            "parameters": [*dataset, format_],
            "requestBody": body,
            **common,
        },
    }


_SPARQL_PROBLEMS = {
    "400": "no query, or one that cannot be parsed",
    "406": "no such format for this kind of result",
    "413": "the request's body or the result is too large",
    "415": "a body of another type",
    "503": "the query took too long, or there is nothing to read from",
    "507": "the query needed too much memory",
}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}
