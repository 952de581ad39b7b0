"""SPARQL 1.1 Protocol, section 2.1: queries over HTTP, as a raw ASGI application.

No framework reads the request: that is a third faster, and parameters are decoded once and
strictly. What is not a protocol matter is the evaluator's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from testimonia.sparql.evaluator import QueryResult
from testimonia.web import problems, query_page, representations
from testimonia.web.problems import Problem
from testimonia.web.site import Site

BODY_BYTES: Final = 10 * 1024 * 1024
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"

_READ_BYTES = 8 * BODY_BYTES
_MOST_FIELDS = 1000
# Waiting queries are threads; pages and files have threads of their own.
_THREADS = 32


@dataclass(frozen=True, slots=True)
class Parameters:
    """A request's parameters by name, in their order."""

    pairs: Sequence[tuple[str, str]] = ()

    def all(self, name: str) -> list[str]:
        """Every value of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str) -> str | None:
        """The first value that is not empty."""
        return next(filter(None, self.all(name)), None)


@dataclass(frozen=True, slots=True)
class Operation:
    """One query as the protocol has it."""

    query: str
    format: str | None = None
    accept: str | None = None
    default_graphs: list[str] = field(default_factory=list)
    named_graphs: list[str] = field(default_factory=list)


class SparqlEndpoint:
    """The application at ``/sparql``."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._limiter = anyio.CapacityLimiter(_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive)
        response = await self._response(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": _allowed()})
        if request.method not in METHODS:
            detail = f"queries come by GET or POST, not {request.method}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": _allowed()})
        parameters = await _parameters(request)
        page = _wants_page(request, parameters)
        if page and not any(parameters.all("query")):
            return await self._in_thread(lambda: query_page.form(request))
        operation = _operation(request, parameters)
        if page:
            return await self._in_thread(lambda: self._page(request, operation))
        return await self._in_thread(lambda: self._answer(operation))

    async def _in_thread(self, work: Callable[[], Response]) -> Response:
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    def _answer(self, operation: Operation) -> Response:
        result = self._evaluate(operation)
        return Response(result.body, media_type=result.media_type, headers={"Vary": "Accept"})

    def _page(self, request: Request, operation: Operation) -> Response:
        shown = Operation(
            operation.query,
            accept=query_page.ACCEPT,
            default_graphs=operation.default_graphs,
            named_graphs=operation.named_graphs,
        )
        try:
            result = self._evaluate(shown)
        except Exception as error:
            problem = problems.of_error(error)
            if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            return query_page.failed(request, operation.query, problem)
        return query_page.answered(request, self._site, operation.query, result)

    def _evaluate(self, operation: Operation) -> QueryResult:
        return self._site.archive.evaluator.evaluate(
            operation.query,
            accept=operation.accept,
            format_=operation.format,
            default_graph_uris=operation.default_graphs,
            named_graph_uris=operation.named_graphs,
        )


# -------------------------------------------------------------------------------- the request


def _allowed() -> str:
    return ", ".join(METHODS)


def _wants_page(request: Request, parameters: Parameters) -> bool:
    return representations.wants_html_result(parameters.first("format"), _accept(request))


def _accept(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


def _operation(request: Request, parameters: Parameters) -> Operation:
    queries = parameters.all("query")
    if len(queries) != 1 or not queries[0].strip():
        found = f"{len(queries)} were given" if len(queries) > 1 else "none was given"
        raise Problem(HTTPStatus.BAD_REQUEST, f"one parameter `query` is needed; {found}")
    return Operation(
        queries[0],
        parameters.first("format"),
        _accept(request),
        parameters.all("default-graph-uri"),
        parameters.all("named-graph-uri"),
    )


async def _parameters(request: Request) -> Parameters:
    """Those of the URL and of the body; a direct POST's body is its ``query``.

    Raises:
        Problem: 400, 413, 415.
    """
    in_url = _decoded(request.scope["query_string"])
    if request.method != "POST":
        return Parameters(in_url)
    kind = _content_type(request)
    body = await _body(request)
    if kind == DIRECT:
        return Parameters([*in_url, ("query", _utf8(body))])
    return Parameters([*in_url, *_decoded(body)])


def _content_type(request: Request) -> str:
    """``DIRECT`` or ``FORM``.

    Raises:
        Problem: 415, it is neither, or not UTF-8, or compressed.
    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind, charset = header.get_content_type(), header.get_content_charset("utf-8")
    encoding = request.headers.get("content-encoding", "identity")
    if kind not in (DIRECT, FORM):
        asked = request.headers.get("content-type", "no type")
        raise _unsupported(f"a query comes as {DIRECT} or {FORM}, not as {asked!r}")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise _unsupported(f"a query comes in UTF-8, not in {charset!r}")
    if encoding.strip().lower() not in ("", "identity"):
        raise _unsupported(f"the body may not be compressed ({encoding})")
    return kind


def _unsupported(detail: str) -> Problem:
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Post": f"{DIRECT}, {FORM}"})


async def _body(request: Request) -> bytes:
    """The body, of which no more is kept than it may be long.

    A little more is read and thrown away: a client that is still sending when the connection is
    closed never sees the answer.

    Raises:
        Problem: 413; 400, the client has gone.
    """
    announced = int(request.headers.get("content-length") or 0)
    if announced > (BODY_BYTES if "expect" in request.headers else _READ_BYTES):
        raise _too_large()
    body, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= BODY_BYTES:
                body += chunk
            elif size > _READ_BYTES:
                break
    except ClientDisconnect as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "the request ended before its body") from error
    if size > BODY_BYTES:
        raise _too_large()
    return bytes(body)


def _too_large() -> Problem:
    detail = f"the body is larger than {BODY_BYTES:,} bytes; send a shorter query"
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})


def _decoded(data: bytes) -> list[tuple[str, str]]:
    """Parameters, percent-decoded once.

    Raises:
        Problem: 400, they are not UTF-8, or too many.
    """
    try:
        return parse_qsl(
            _utf8(data), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        detail = f"the parameters cannot be read as UTF-8 form data: {error}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"the request is not UTF-8: {error.reason} at byte {error.start}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error
