"""``POST /documents``: documents in, while the archive is served; ``/jobs/…``: how that went."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message

from testimonia.errors import Busy, UsageError
from testimonia.fetching import Fetcher
from testimonia.jobs import Job
from testimonia.sources.metadata import checked
from testimonia.web import bodies
from testimonia.web.access import Client, Right, require
from testimonia.web.job_runner import JobRunner
from testimonia.web.problems import Problem
from testimonia.web.service import MEGABYTE, Service

_MULTIPART: Final = "multipart/form-data"
_JSON: Final = "application/json"
_MOST_BYTES: Final = 64 * MEGABYTE
_MOST_FILES: Final = 1000
_AT_ONCE: Final = 2
_LOOK_SECONDS: Final = 0.3
_SUFFIXES: Final = {"text/html": ".html", "text/markdown": ".md", "text/plain": ".txt"}

_BESIDE: Final[dict[str, Any]] = {
    "metadata": {"type": "object"},
    "force_language": {"type": "boolean"},
}
_NAMED: Final = {each: {"type": "string"} for each in ("text", "url", "name")}
_FILES: Final = {"type": "array", "items": {"type": "string", "format": "binary"}}
# As OpenAPI has it.
_SENT: Final = {
    _MULTIPART: {"schema": {"type": "object", "properties": {"file": _FILES, **_BESIDE}}},
    _JSON: {"schema": {"type": "object", "properties": {**_NAMED, **_BESIDE}}},
}

Files = list[tuple[str, bytes]]


def router(service: Service, runner: JobRunner, hosts: tuple[str, ...]) -> APIRouter:
    """Routes of documents and jobs; ``hosts`` are those that documents may be fetched from."""
    routes = APIRouter(tags=["documents"])
    turn = asyncio.Semaphore(_AT_ONCE)
    fetcher = Fetcher(hosts)

    @routes.post(
        "/documents",
        status_code=202,
        summary="Take documents in: files, or JSON",
        openapi_extra={"requestBody": {"required": True, "content": _SENT}},
    )
    async def post(request: Request) -> Response:
        require(service.access.client(request), Right.INGEST)
        async with turn:  # bodies are held in memory
            files, given = await _read(request, fetcher)
            stated = checked(_object(given.get("metadata")), lambda key: f"metadata, {key}")
            force = given.get("force_language") in (True, "true")
            job = await anyio.to_thread.run_sync(_add, runner, files, stated, force)
        runner.wake()
        return JSONResponse(_shown(job), 202, {"Location": f"/jobs/{job.id}"})

    @routes.get("/jobs/{id}", summary="How a job stands, with the outcome of each document")
    async def poll(request: Request, id: str) -> Response:
        _require_sender(service.access.client(request))
        job = await anyio.to_thread.run_sync(_job, runner, id)
        headers = {"Cache-Control": "no-store", **({} if job.over else {"Retry-After": "1"})}
        return JSONResponse(_shown(job), headers=headers)

    @routes.get("/jobs/{id}/events", summary="The same as server-sent events, as it happens")
    async def events(request: Request, id: str) -> Response:
        _require_sender(service.access.client(request))
        await anyio.to_thread.run_sync(_job, runner, id)
        last = request.headers.get("last-event-id", "0")
        seen = int(last) if last.isdecimal() else 0
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = _events(runner, id, seen)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return routes


def _require_sender(client: Client) -> None:
    """Jobs are for who sends documents, and for who decides: a decision is a job too."""
    if not client.may(Right.CURATE):
        require(client, Right.INGEST)


# ---------------------------------------------------------------------------------- requests


async def _read(request: Request, fetcher: Fetcher) -> tuple[Files, Mapping[str, Any]]:
    """The documents of a request, and what is given beside them.

    Raises:
        Problem: 400, 413, 415.
        Forbidden: it is to be fetched from where nothing may be.
    """
    kind = bodies.content_type(request, (_MULTIPART, _JSON))
    body = await bodies.body(request, _MOST_BYTES)
    if kind == _MULTIPART:
        return await _of_form(request, body)
    given = _object(body)
    text, url, name = (given.get(key) for key in ("text", "url", "name"))
    if isinstance(text, str) == isinstance(url, str) or not isinstance(name, str | None):
        raise Problem(HTTPStatus.BAD_REQUEST, 'give either "text" or "url", as a string')
    if isinstance(text, str):
        return [(name or "text.txt", text.encode("utf-8", "replace"))], given
    return await anyio.to_thread.run_sync(_fetched, fetcher, str(url), given)


async def _of_form(request: Request, body: bytes) -> tuple[Files, Mapping[str, Any]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, receive)
    try:
        form = await again.form(max_files=_MOST_FILES, max_fields=10, max_part_size=MEGABYTE)
    except (MultiPartException, KeyError, ValueError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the form cannot be read: {error}") from error
    files = [
        (each.filename or "document", await each.read())
        for _, each in form.multi_items()
        if isinstance(each, UploadFile)
    ]
    return files, {name: each for name, each in form.items() if isinstance(each, str)}


def _fetched(
    fetcher: Fetcher, url: str, given: Mapping[str, Any]
) -> tuple[Files, Mapping[str, Any]]:
    found = fetcher.fetch(url)
    if found.status != HTTPStatus.OK:
        detail = f"{found.url} answers {found.status}: there is no document to be had"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    name = urlsplit(found.url).path.rpartition("/")[2] or "document"
    suffix = _SUFFIXES.get(found.media_type.partition(";")[0].strip().lower(), "")
    name = name if not suffix or name.lower().endswith(suffix) else name + suffix
    stated = {"source": found.url, **_object(given.get("metadata"))}
    return [(name, found.data)], {**given, "metadata": stated}


def _object(value: Any) -> dict[str, Any]:
    """A JSON object, as it is or still to be read; nothing is an empty one."""
    try:
        found = json.loads(value) if isinstance(value, str | bytes) else value or {}
    except (ValueError, RecursionError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"this is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "a JSON object is wanted here")
    return found


# -------------------------------------------------------------------------------------- jobs


def _add(runner: JobRunner, files: Files, stated: Mapping[str, object], force: bool) -> Job:
    try:
        return runner.jobs.add(files, stated, force_language=force)
    except Busy as error:
        retry = {"Retry-After": "30"}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, str(error), retry) from error


def _job(runner: JobRunner, id_: str) -> Job:
    try:
        return runner.jobs.job(id_)
    except UsageError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error


def _shown(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.state,
        "made": job.made,
        "ended": job.ended,
        "files": job.files,
        "message": job.message,
        "outcomes": [asdict(each) for each in job.outcomes],
    }


async def _events(runner: JobRunner, id_: str, seen: int) -> AsyncIterator[str]:
    """Server-sent events (HTML standard, section 9.2): ``outcome`` for each document, numbered so
    that a client that comes again goes on where it was; ``end`` with the whole job."""
    quiet = 0.0
    while True:
        job = await anyio.to_thread.run_sync(_job, runner, id_)
        for outcome in job.outcomes[seen:]:
            seen, quiet = outcome.number, 0.0
            yield f"id: {seen}\nevent: outcome\ndata: {json.dumps(asdict(outcome))}\n\n"
        if job.over:
            yield f"event: end\ndata: {json.dumps(_shown(job))}\n\n"
            return
        quiet += _LOOK_SECONDS
        if quiet > 15:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK_SECONDS)
