"""What the raw endpoints are in OpenAPI: the framework does not see them."""

from __future__ import annotations

from typing import Any, Final

from testimonia.sparql.negotiation import GRAPHS, TABLES, Format
from testimonia.web import bodies, graph_store, sparql

_TEXT: Final = {"type": "string"}
_IRI: Final = {"type": "string", "format": "iri"}
_IRIS: Final = {"type": "array", "items": _IRI}
_TAGS: Final = ["service"]


def paths() -> dict[str, Any]:
    """The paths of the protocols and of what operators ask, without the errors that all have."""
    return {
        "/sparql": {"get": _asked_by_url(), "post": _asked_by_body()},
        graph_store.PATH: _graph_store(),
        "/.well-known/void": {
            "get": {
                "tags": _TAGS,
                "summary": "The dataset: what it has, how much of it (VoID, DCAT)",
                "operationId": "void",
                "parameters": [_parameter("format", _TEXT)],
                "responses": _done("the description", content(GRAPHS)),
            }
        },
        "/metrics": {
            "get": {
                "tags": _TAGS,
                "summary": "Figures for Prometheus",
                "operationId": "metrics",
                "responses": _done(
                    "the figures",
                    {each: {"schema": _TEXT} for each in ("text/plain", _OPEN_METRICS)},
                ),
            }
        },
        "/readyz": {
            "get": {
                "tags": _TAGS,
                "summary": "Whether queries can be answered",
                "operationId": "readyz",
                "responses": _done("they can", {"application/json": {"schema": _STATUS}}),
            }
        },
    }


_OPEN_METRICS: Final = "application/openmetrics-text"
_STATUS: Final = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string"}},
}


def content(formats: tuple[Format, ...]) -> dict[str, Any]:
    """The media types of these formats."""
    return {name: {"schema": _shape(name)} for each in formats for name in each.media_types}


def _shape(media_type: str) -> dict[str, Any]:
    """JSON is more than its text: an object or, of JSON-LD, an array."""
    return {} if media_type.endswith("json") else _TEXT


# ------------------------------------------------------------------------------------ SPARQL

_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_USING: Final = ("using-graph-uri", "using-named-graph-uri")


def _results() -> dict[str, Any]:
    return _done("the result, whole", {**content(TABLES), **content(GRAPHS)})


def _asked_by_url() -> dict[str, Any]:
    return {
        "tags": _TAGS,
        "summary": "SPARQL 1.1 query; without one the service description, or a form for people",
        "operationId": "sparql_get",
        "parameters": [
            {**_parameter("query", _TEXT), "required": True},
            *(_parameter(each, _IRIS) for each in _DATASET),
            _parameter("format", _TEXT),
        ],
        "responses": _results(),
    }


def _asked_by_body() -> dict[str, Any]:
    graphs = dict.fromkeys((*_DATASET, *_USING), _IRIS)
    form = {
        "type": "object",
        "description": "a query or an update",
        "properties": {"query": _TEXT, "update": _TEXT, "format": _TEXT, **graphs},
        "oneOf": [{"required": ["query"]}, {"required": ["update"]}],
    }
    return {
        "tags": _TAGS,
        "summary": "SPARQL 1.1 query or update, as a form or as the body itself",
        "operationId": "sparql_post",
        "parameters": [
            *(_parameter(each, _IRIS) for each in (*_DATASET, *_USING)),
            _parameter("format", _TEXT),
        ],
        "requestBody": _body(
            {
                sparql.QUERY: {"schema": _TEXT},
                sparql.UPDATE: {"schema": _TEXT},
                bodies.FORM: {"schema": form},
            }
        ),
        "responses": {**_results(), "204": {"description": "the update is done"}},
    }


# ------------------------------------------------------------------------------- graph store


def _graph_store() -> dict[str, Any]:
    files = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
    graph = _body({**content(GRAPHS), graph_store.MULTIPART: {"schema": files}})
    patch = _body({sparql.UPDATE: {"schema": _TEXT}})
    made, changed = {"description": "there was none, and it is made"}, {"description": "done"}
    return {
        "get": _on_graph("A graph", "get", _done("the graph", content(GRAPHS))),
        "put": _on_graph("A graph in the place of another", "put", _written(made, changed), graph),
        "post": _on_graph(
            "Triples added to a graph; to a new one, where none is named",
            *("post", _written(made, changed)),
            graph,
        ),
        "patch": _on_graph("A graph changed by SPARQL Update", "patch", {"204": changed}, patch),
        "delete": _on_graph("A graph removed", "delete", {"204": changed}),
    }


def _written(made: dict[str, str], changed: dict[str, str]) -> dict[str, Any]:
    return {"201": made, "204": changed}


def _on_graph(
    summary: str, method: str, responses: dict[str, Any], body: dict[str, Any] | None = None
) -> dict[str, Any]:
    named = {**_parameter("graph", _IRI), "description": "its IRI; else `default`"}
    default = {**_parameter("default", _TEXT), "allowEmptyValue": True}
    responses = {**responses, "404": {"description": "there is no such graph"}}
    responses["412"] = {"description": "a precondition does not hold"}
    return {
        "tags": _TAGS,
        "summary": summary,
        "operationId": f"graph_{method}",
        "parameters": [named, default, *([_parameter("format", _TEXT)] if method == "get" else [])],
        **({"requestBody": body} if body is not None else {}),
        "responses": responses,
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _body(kinds: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": kinds}


def _done(description: str, kinds: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": description, "content": kinds}}
