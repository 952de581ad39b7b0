"""Makes the OpenAPI description complete: every status and media type that a route can answer.

FastAPI knows neither the one shape of our errors, nor negotiation, nor the saved queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import FastAPI

from testimonia.sparql.negotiation import GRAPHS, TABLES
from testimonia.web import cite, graph_store, problems, saved
from testimonia.web.api import context, models, service_paths
from testimonia.web.api.service_paths import content
from testimonia.web.problems import phrase
from testimonia.web.representations import HTML
from testimonia.web.saved import SavedQuery

_SHAPE: Final = {"$ref": "#/components/schemas/Problem"}
_TEXT: Final = {"type": "string"}
_THINGS: Final = "things"
_REPORTS: Final = "reports"
# What any route that asks the store may answer.
_ALWAYS: Final = (401, 403, 413, 429, 500, 503, 507)
_BOUND: Final = {"maxLength": saved.LONGEST}
_SCHEMA_TYPES: Final[dict[str, dict[str, Any]]] = {
    "label": {"type": "string", "minLength": 1},
    "iri": {"type": "string", "format": "iri"},
    "integer": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    "date": {"type": "string", "format": "date"},
    "month-day": {"type": "string", "pattern": r"^--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
}


def complete(app: FastAPI, *, archive: bool = True) -> None:
    """Let the application describe itself wholly; saved queries are for archives."""
    made = app.openapi
    finished: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not finished:
            schema = made()
            _finish(schema, saved.queries().values() if archive else ())
            finished.update(schema)
        return finished

    app.openapi = openapi  # type: ignore[method-assign]


def _finish(schema: dict[str, Any], queries: Iterable[SavedQuery]) -> None:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = models.Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    paths = schema["paths"]
    paths |= service_paths.paths()
    paths |= {f"/api/queries/{each.name}": _saved_path(each) for each in queries}
    for path, methods in paths.items():
        for operation in methods.values():
            _answers(path, operation)


def _answers(path: str, operation: dict[str, Any]) -> None:
    """What this operation can answer, errors in the one shape."""
    responses = operation["responses"]
    for status in _problems_of(path, operation):
        responses.setdefault(str(status), {"description": phrase(status)})
    if (success := responses.get("200")) is not None:
        success["content"] = _success(path, operation, success.get("content", {}))
    for status, response in responses.items():
        if int(status) >= 300:  # a redirect has the shape too, for who does not follow
            response["content"] = {problems.MEDIA_TYPE: {"schema": _SHAPE}, **_page(path)}


def _problems_of(path: str, operation: dict[str, Any]) -> tuple[int, ...]:
    if path == "/healthz":
        return (500,)
    found = list(_ALWAYS)
    if "requestBody" in operation:
        found += [400, 413, 415, 422]
    if operation.get("parameters"):
        found += [422, 400]
    names = {each["name"] for each in operation.get("parameters", ())}
    if path in (graph_store.PATH, "/sparql"):
        found.append(409)
    # A thing, named by the path or by a parameter.
    if "{" in path or names & {"path", "id"}:
        found.append(404)
    if path.startswith("/api/") or _negotiated(operation) or _is_rdf(operation):
        found.append(406)
    if _THINGS in operation.get("tags", ()):
        found += [410, 301]
    return tuple(found)


def _negotiated(operation: dict[str, Any]) -> bool:
    """Whether it is a page for people and RDF for programs."""
    return bool({_THINGS, _REPORTS} & set(operation.get("tags", ())))


def _is_rdf(operation: dict[str, Any]) -> bool:
    return "text/turtle" in operation["responses"].get("200", {}).get("content", {})


def _success(path: str, operation: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    if path == f"/{context.PATH}":
        return {context.MEDIA_TYPE: {"schema": {"type": "object"}}}
    if _THINGS in operation.get("tags", ()):
        styles = (cite.BIBTEX, cite.CSL) if path.startswith("/statement/") else ()
        return {**content((*GRAPHS, *styles)), HTML.media_type: {"schema": _TEXT}}
    if _REPORTS in operation.get("tags", ()):
        return known if path.startswith("/api/") else {**content(GRAPHS), **known}
    if path.startswith("/reconcile") and "application/json" in known:
        return {**known, "text/javascript": {"schema": _TEXT}}  # JSONP
    if path == "/sparql":
        return {**known, HTML.media_type: {"schema": _TEXT}}
    if path.startswith("/api/") and "application/json" in known:
        return {**known, context.MEDIA_TYPE: known["application/json"]}
    return known


def _page(path: str) -> dict[str, Any]:
    """Errors are pages for who would rather have those."""
    return {HTML.media_type: {"schema": _TEXT}}


def _saved_path(query: SavedQuery) -> dict[str, Any]:
    offered = GRAPHS if query.gives_graph else TABLES
    names = [each.name for each in offered]
    parameters = [
        {
            "name": each.name,
            "in": "query",
            "required": False,
            "description": each.about,
            "schema": {**_SCHEMA_TYPES[each.type], **_length(each.type), "default": each.default},
        }
        for each in query.parameters
    ]
    format_ = {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "else by Accept",
        "schema": {"type": "string", "enum": names},
    }
    return {
        "get": {
            "tags": ["api"],
            "summary": query.question,
            "operationId": f"ask_{query.name.replace('-', '_')}",
            "parameters": [*parameters, format_],
            "responses": {"200": {"description": "the result, whole", "content": content(offered)}},
        }
    }


def _length(type_: str) -> dict[str, int]:
    return _BOUND if type_ in {"label", "iri"} else {}
