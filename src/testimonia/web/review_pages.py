"""Pages for who decides: what is worth a decision, a thing with a form, a decision and its effects.

The forms work without scripts. The token comes in a field of the form: what a browser sends by
itself (Basic) makes no decision, so that no other site can make one in somebody's name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from testimonia.curating.wishes import RELATIONS
from testimonia.decisions import Kind, What
from testimonia.web import bodies
from testimonia.web.access import Right, require, with_token
from testimonia.web.curation import Curation, Made
from testimonia.web.job_runner import JobRunner
from testimonia.web.rendering import render, root_from
from testimonia.web.service import MEGABYTE, Service
from testimonia.web.site import Site

_QUESTIONS: Final = 50
_DECISIONS: Final = 50
_LINKED: Final = ("mention", "account")
_FIELDS: Final = ("kind", "thing", "by", "why", "only", "field", "value", "other", "token")
_SHAPE: Final = {"type": "object", "properties": {each: {"type": "string"} for each in _FIELDS}}
_FORM: Final[dict[str, Any]] = {
    "status_code": HTTPStatus.SEE_OTHER,
    "openapi_extra": {
        "requestBody": {"required": True, "content": {bodies.FORM: {"schema": _SHAPE}}}
    },
}
Id = Annotated[str, Path(min_length=1, max_length=200)]
Thing = Annotated[str, Query(min_length=1, max_length=2000, description="what to decide on")]
Other = Annotated[str, Query(max_length=2000, description="what the form is filled in with")]


def router(site: Site, curation: Curation, service: Service, runner: JobRunner) -> APIRouter:
    """Routes of these pages."""
    routes = APIRouter(default_response_class=HTMLResponse, tags=["review"])
    _reading(routes, site, curation)

    async def made(request: Request, work: Any) -> Response:
        given = await _form(request, service)
        found: Made = await anyio.to_thread.run_sync(work, given)
        if found.job is not None:
            runner.wake()
        path = f"review/decision/{found.decisions[0]['id']}"
        return RedirectResponse(root_from(request) + path, HTTPStatus.SEE_OTHER)

    # Forms of these pages alone: programs have the API.
    @routes.post("/review", summary="A decision, by form", **_FORM)
    async def decide(request: Request) -> Response:
        return await made(request, lambda given: curation.record([_asked(given)]))

    @routes.post("/review/decision/{id}/withdrawal", summary="Its withdrawal, by form", **_FORM)
    async def withdraw(request: Request, id: Id) -> Response:
        return await made(request, lambda given: curation.withdraw(id, given))

    return routes


def _reading(routes: APIRouter, site: Site, curation: Curation) -> None:
    @routes.get("/review", summary="What a decision would settle most, and what was decided")
    def queue(request: Request) -> HTMLResponse:
        found = curation.review.decisions(withdrawn=True)
        latest = [curation.shown(each) for each in reversed(found[-_DECISIONS:])]
        shown = {
            "questions": curation.questions(_QUESTIONS),
            "decisions": latest,
            "total": len(found),
        }
        return render(request, "review.html", shown)

    @routes.get("/review/thing", summary="Something to decide on, with a form")
    def thing(
        request: Request, path: Thing, other: Other = "", relation: Other = ""
    ) -> HTMLResponse:
        found = curation.thing(path)
        kinds = [each.value for each in Kind if each not in (Kind.MERGE, Kind.SPLIT)]
        linked = found["what"] in _LINKED
        shown = {
            "found": found,
            "stands": _lines(found["stands"]),
            "kinds": [*kinds, "merge", "split"] if linked else kinds,
            "linked": linked,
            "relations": RELATIONS if found["what"] == What.STATEMENT else (),
            "other": other,
            "relation": relation,
            "page": _page_of(site, found),
        }
        return render(request, "decide.html", shown)

    @routes.get("/review/decision/{id}", summary="A decision with what it does now")
    def decision(request: Request, id: Id) -> HTMLResponse:
        found = curation.shown(curation.one(id))
        value = json.dumps(found["value"], ensure_ascii=False) if found["field"] else ""
        return render(request, "decision.html", {"found": found, "value": value})


def _page_of(site: Site, found: Mapping[str, Any]) -> str:
    """The page that shows a thing, or the document that it is in."""
    name = site.iris.parse(site.iris.base_iri + found["thing"])
    if name is not None and name.kind in ("statement", "actor", "place", "event"):
        return str(found["thing"])
    return found["canonical"] or f"document/{found['document']}"


def _lines(stands: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How a thing stands, in words."""
    return [(name, line) for name, value in stands.items() if (line := _line(value))]


def _line(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_line, value)))
    if isinstance(value, dict):
        marks = [name for name in ("narrator", "hidden") if value.get(name)]
        return marks[0] if marks else str(value.get("words") or value.get("name") or "")
    return "" if value is None else str(value)


def _asked(given: Mapping[str, str]) -> dict[str, Any]:
    """A form as the API would have it: a field counts for a correction alone, the other thing for
    what takes two; each line of a value is one."""
    kind = given.get("kind", "")
    asked: dict[str, Any] = {name: given.get(name, "") for name in ("kind", "thing", "by", "why")}
    asked["only"] = "only" in given
    if kind == Kind.CORRECT:
        lines = given.get("value", "").splitlines()
        asked |= {
            "field": given.get("field", ""),
            "value": [each for each in lines if each.strip()],
        }
    if kind in (Kind.MERGE, Kind.SPLIT):
        asked["other"] = given.get("other", "")
    if kind in (Kind.CONFIRM, Kind.REJECT) and given.get("relation"):
        asked |= {"field": given["relation"], "other": given.get("other", "")}
    return asked


async def _form(request: Request, service: Service) -> Mapping[str, str]:
    """The fields of a form, of somebody who may decide."""
    bodies.content_type(request, (bodies.FORM,))
    given = dict(bodies.decoded(await bodies.body(request, MEGABYTE)))
    asking = with_token(request, given.pop("token", ""))
    require(service.access.client(asking), Right.CURATE)
    return given
