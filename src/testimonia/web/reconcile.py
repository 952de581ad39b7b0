"""``/reconcile``: the Reconciliation Service API 0.2 over HTTP, as OpenRefine asks for it.

See :mod:`testimonia.reconciling` for the protocol. Answers may be had as JSONP; what other sites'
scripts may read is the server's matter (``web.manners``). Names are looked up in indexes that are
open for reading alone; what only the graph knows is asked of the pool.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from testimonia import __version__
from testimonia.reconciling import PROPERTIES, Query, parse_batch, parse_extension
from testimonia.reconciling.service import Reconciler, opened
from testimonia.web import bodies, reconcile_queries
from testimonia.web.bodies import Parameters
from testimonia.web.manners import POLICY
from testimonia.web.problems import Problem
from testimonia.web.rendering import render
from testimonia.web.service import MEGABYTE, Service
from testimonia.web.site import Site

PATH: Final = "/reconcile"
BATCH: Final = 50  # queries
EXTENDED: Final = 500  # things
_MOST_BYTES: Final = 4 * MEGABYTE
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,99}(?:\.[A-Za-z_$][\w$]{0,99}){0,9}", re.ASCII)
_SCHEMA_SPACE: Final = "https://w3id.org/testimonia#"
# Shown inside the pages of whoever asks, which is what a preview is for.
_FRAMED: Final = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
}
_WIDTH, _HEIGHT = 430, 300

Answer = Callable[[Reconciler], Any]
_FORM: Final = {
    "type": "object",
    "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}},
}


def _parameters(*names: str) -> dict[str, Any]:
    """Parameters for the description of the interface: all may be left out."""
    return {
        "parameters": [
            {"name": each, "in": "query", "required": False, "schema": {"type": "string"}}
            for each in names
        ]
    }


def router(site: Site, service: Service) -> APIRouter:
    """Routes of the service."""
    routes = APIRouter(prefix=PATH, tags=["reconciliation"])
    asking = _Asking(site, service)

    @routes.get(
        "",
        summary="The manifest; with `queries` or `extend` their answers",
        openapi_extra=_parameters("queries", "extend", "callback"),
    )
    async def get(request: Request) -> Response:
        return await asking.endpoint(request, bodies.parameters(request))

    @routes.post(
        "",
        summary="Match a batch of names (`queries`), or give properties (`extend`)",
        openapi_extra={"requestBody": {"content": {bodies.FORM: {"schema": _FORM}}}},
    )
    async def post(request: Request) -> Response:
        bodies.content_type(request, (bodies.FORM,))
        given = bodies.decoded(await bodies.body(request, _MOST_BYTES))
        inside = Parameters([*given, *bodies.parameters(request).pairs])
        if not inside.first("queries") and not inside.first("extend"):
            raise Problem(HTTPStatus.BAD_REQUEST, "the form has neither queries nor extend")
        return await asking.endpoint(request, inside)

    @routes.get(
        "/suggest/{what}",
        summary="Entities, types or properties whose names begin so",
        openapi_extra=_parameters("prefix", "cursor", "type", "callback"),
    )
    async def suggest(request: Request, what: str) -> Response:
        given = bodies.parameters(request)
        return await asking.json(request, given, partial(_suggested, what, given))

    @routes.get(
        "/flyout/{what}",
        summary="A few words on an entity, a type or a property",
        openapi_extra=_parameters("id", "callback"),
    )
    async def flyout(request: Request, what: str) -> Response:
        given = bodies.parameters(request)
        return await asking.json(request, given, partial(_flyout, what, given))

    @routes.get(
        "/properties",
        summary="The properties that things of a type have",
        openapi_extra=_parameters("type", "limit", "callback"),
    )
    async def properties(request: Request) -> Response:
        given = bodies.parameters(request)
        return await asking.json(request, given, partial(_proposed, given))

    @routes.get(
        "/preview",
        summary="A thing, as a small page to be shown inside another",
        response_class=HTMLResponse,
        openapi_extra=_parameters("id"),
    )
    async def preview(request: Request) -> Response:
        shown = await asking.answer(request, partial(_previewed, bodies.parameters(request)))
        return render(request, "preview.html", shown, headers=_FRAMED)

    @routes.get("/view", include_in_schema=False)
    async def view(request: Request) -> Response:
        iri = await asking.answer(request, partial(_viewed, bodies.parameters(request)))
        # The archive's own by a relative way: it may be served elsewhere than its IRIs say.
        path = iri.removeprefix(site.iris.base_iri)
        return RedirectResponse(f"../{path}" if path != iri else iri, HTTPStatus.SEE_OTHER)

    return routes


class _Asking:
    """What every request needs: the archive, and whose share its time is taken from."""

    def __init__(self, site: Site, service: Service) -> None:
        self._site = site
        self._service = service
        self._directory = site.archive.folder / "store"

    async def endpoint(self, request: Request, given: Parameters) -> Response:
        """The endpoint itself: by what is given the manifest, matches or properties."""
        if (queries := given.first("queries")) is not None:
            return await self.json(request, given, partial(self._matched, queries))
        if (extend := given.first("extend")) is not None:
            return await self.json(request, given, partial(self._extended, extend))
        root = str(request.base_url).rstrip("/") + PATH
        return await self.json(request, given, partial(self._manifest, root))

    async def json(self, request: Request, given: Parameters, answer: Answer) -> Response:
        """An answer as JSON, or in a call of the function that the client names."""
        callback = given.first("callback")
        if callback is not None and not _CALLBACK.fullmatch(callback):
            raise Problem(HTTPStatus.BAD_REQUEST, f"callback: {callback!r} is no function's name")
        found = await self.answer(request, answer)
        if callback is None:
            return JSONResponse(found)
        # ASCII alone: two line ends of Unicode are none in JSON, but are in older scripts.
        return Response(f"/**/{callback}({json.dumps(found)});", media_type="text/javascript")

    async def answer(self, request: Request, answer: Answer) -> Any:
        """What ``answer`` gives, in a thread, on the share of whoever asks."""
        access = self._service.access
        client = access.client(request)
        access.admit(client)
        began = time.perf_counter()
        try:
            return await anyio.to_thread.run_sync(self._answered, answer)
        finally:
            access.spent(client, time.perf_counter() - began)

    def _answered(self, answer: Answer) -> Any:
        with opened(self._directory, self._site.iris) as reconciler:
            return answer(reconciler)

    def _matched(self, queries: str, reconciler: Reconciler) -> Any:
        batch = parse_batch(queries)
        if len(batch) > BATCH:
            detail = f"a batch may have {BATCH} queries, not {len(batch):,}; send several"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        return self._in_time(batch, reconciler)

    def _in_time(self, batch: dict[str, Query], reconciler: Reconciler) -> Any:
        most = self._site.archive.settings.query_seconds
        until = time.monotonic() + most

        def still() -> None:
            if time.monotonic() > until:
                detail = f"the batch was not matched within {most:g} seconds; send fewer queries"
                retry = {"Retry-After": "5"}
                raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry)

        return reconciler.results(batch, still)

    def _extended(self, extend: str, reconciler: Reconciler) -> Any:
        asked = parse_extension(extend)
        if len(asked.ids) > EXTENDED:
            detail = f"{EXTENDED} ids may be given at a time, not {len(asked.ids):,}; send several"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        return reconciler.extended(asked, self._counted)

    def _counted(self, iris: Sequence[str], properties: Sequence[str]) -> dict[Any, Any]:
        values: dict[tuple[str, str], Any] = {}
        for query, columns in reconcile_queries.counts(self._site.iris, iris, properties):
            for row in self._site.answers.select(query):
                for property_, form in columns.items():
                    if property_ in row and "x" in row:
                        values[property_, row["x"].text] = form(row[property_].text)
        return values

    def _manifest(self, root: str, reconciler: Reconciler) -> Any:
        def suggesting(what: str) -> dict[str, str]:
            return {
                "service_url": root,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": root,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }

        manifest = {
            "versions": ["0.1", "0.2"],
            "name": f"Testimonia: {self._site.iris.base_iri}",
            "identifierSpace": self._site.iris.base_iri,
            "schemaSpace": _SCHEMA_SPACE,
            "serviceVersion": __version__,
            "batchSize": BATCH,
            "defaultTypes": reconciler.types(),
            "view": {"url": f"{root}/view?id={{{{id}}}}"},
            "preview": {
                "url": f"{root}/preview?id={{{{id}}}}",
                "width": _WIDTH,
                "height": _HEIGHT,
            },
            "suggest": {what: suggesting(what) for what in ("entity", "type", "property")},
            "extend": {
                "propose_properties": {"service_url": root, "service_path": "/properties"},
                "property_settings": [],
            },
        }
        if self._service.access.private:  # a token is the password, with any name
            manifest["authentication"] = {"type": "basic"}
        return manifest


# ------------------------------------------------------------------------------------ answers


def _suggested(what: str, given: Parameters, reconciler: Reconciler) -> Any:
    prefix, cursor = given.first("prefix") or "", _number(given, "cursor", 0) or 0
    match what:
        case "entity":
            return reconciler.suggested(prefix, cursor, given.all("type"))
        case "type":
            return reconciler.suggested_types(prefix, cursor)
        case "property":
            return reconciler.suggested_properties(prefix, cursor)
    raise _unknown(what)


def _flyout(what: str, given: Parameters, reconciler: Reconciler) -> Any:
    id_ = _id(given)
    match what:
        case "entity":
            thing = reconciler.thing(id_)
            if thing is None:
                raise _missing(id_)
            name, words = thing.label, reconciler.described(thing)
        case "type":
            names = {each["id"]: each["name"] for each in reconciler.types()}
            name, words = _of(names, id_), ""
        case "property":
            property_ = _of(PROPERTIES, id_)
            name, words = property_.name, property_.description
        case _:
            raise _unknown(what)
    return {"id": id_, "html": reconcile_queries.flyout(name, words)}


def _of(known: Any, id_: str) -> Any:
    if id_ not in known:
        raise _missing(id_)
    return known[id_]


def _proposed(given: Parameters, reconciler: Reconciler) -> Any:
    return reconciler.proposed(given.first("type") or "", _number(given, "limit", None))


def _previewed(given: Parameters, reconciler: Reconciler) -> dict[str, Any]:
    id_ = _id(given)
    thing = reconciler.thing(id_)
    if thing is None:
        raise _missing(id_)
    types = [each["name"] for each in reconciler.types() if each["id"] in thing.kinds]
    return {
        "thing": thing,
        "types": types,
        "names": [each for each in thing.names if each != thing.label][:10],
        "about": reconciler.described(thing),
        "same": [each for each in thing.facts.get("same", ()) if _is_web(each)],
        "id": id_,
    }


def _viewed(given: Parameters, reconciler: Reconciler) -> str:
    id_ = _id(given)
    thing = reconciler.thing(id_)
    if thing is None or not _is_web(thing.iri):
        raise _missing(id_)
    return thing.iri


def _is_web(iri: str) -> bool:
    return iri.startswith(("http://", "https://"))


def _id(given: Parameters) -> str:
    id_ = given.first("id")
    if id_ is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "id: say of what, such as ?id=actor/…")
    return id_


def _number(given: Parameters, name: str, usual: int | None) -> int | None:
    value = given.first(name)
    if value is None:
        return usual
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name}: {value!r} is no whole number from 0 up")
    return int(value)


def _missing(id_: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"there is nothing with the id {id_!r}")


def _unknown(what: str) -> Problem:
    detail = f"there are entity, type and property to be suggested, not {what!r}"
    return Problem(HTTPStatus.NOT_FOUND, detail)
