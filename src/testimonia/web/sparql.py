"""SPARQL 1.1 Protocol: queries and updates over HTTP, as a raw ASGI application.

No framework reads the request: that is a third faster, and parameters are decoded once and
strictly. What is not a protocol matter is the pool's.
"""

from __future__ import annotations

import logging
import re
from asyncio import to_thread
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from testimonia.errors import TestimoniaError
from testimonia.sparql.answers import is_fleeting, told_apart
from testimonia.sparql.pool import Query, Streamed, Whole
from testimonia.updates.dataset import Update
from testimonia.web import bodies, problems, representations
from testimonia.web.access import Client, Right, require
from testimonia.web.bodies import FORM, Parameters
from testimonia.web.departure import EndingWithClient
from testimonia.web.description import ServiceDescription
from testimonia.web.observed import seen
from testimonia.web.problems import Problem
from testimonia.web.service import Service, any_matches, matches
from testimonia.web.sparql_page import SparqlPage

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_POSTED: Final = (QUERY, FORM, UPDATE)

_LONGEST_LINK: Final = 4000
_LONG: Final = 100_000
_PLAIN = re.compile(r"[A-Za-z0-9.:/_-]+")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: a query or an update, never both."""

    query: Query | None = None
    update: Update | None = None


class SparqlEndpoint:
    """The application at ``/sparql``. ``page`` is what browsers get, where there is one."""

    def __init__(
        self,
        service: Service,
        description: ServiceDescription,
        page: SparqlPage | None = None,
    ) -> None:
        self._service = service
        self._description = description
        self._page = page

    async def response(self, request: Request) -> Response:
        """What a request is answered.

        Raises:
            Problem, TestimoniaError: see :mod:`testimonia.web.problems`.
        """
        if request.method == "OPTIONS":
            headers = {"Allow": _allowed(), "Accept-Post": ", ".join(_POSTED)}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        if request.method not in METHODS:
            detail = f"queries come by GET or POST, updates by POST, not {request.method}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": _allowed()})
        client = self._service.access.client(request)
        in_url = bodies.parameters(request)
        if request.method != "POST" and not in_url.has("query"):
            return await self._without_query(request, client, in_url)
        operation = await self._operation(request, in_url)
        seen(request.scope).query = _text(operation)
        if operation.update is not None:
            return await self._updated(operation.update, client)
        return await self._answered(request, client, operation.query or Query())

    # ------------------------------------------------------------------------- queries

    async def _without_query(
        self, request: Request, client: Client, parameters: Parameters
    ) -> Response:
        """The form for people; for programs what can be asked here."""
        if parameters.has("update"):
            detail = "an update changes something, so it comes by POST, not in a URL"
            raise Problem(HTTPStatus.BAD_REQUEST, detail)
        require(client, Right.QUERY)
        if self._page is not None and representations.wants_html_form(
            parameters.first("format"), bodies.accept(request)
        ):
            return await self._page.form(request)
        return await self._description.response(request, parameters.first("format"))

    async def _answered(self, request: Request, client: Client, query: Query) -> Response:
        require(client, Right.QUERY)
        if self._page is not None and representations.wants_html_result(query.format, query.accept):
            return await self._page.answered(request, query)
        headers = [(b"vary", self._service.vary.encode())]
        unwanted, etag = request.headers.get("if-none-match"), None
        if request.method == "GET" and not is_fleeting(query.query):
            etag = await self._service.etag(told_apart(query))
            headers += [(b"etag", etag.encode()), (b"cache-control", b"no-cache")]
            # Who has a validator was once given an answer. Without one it is not known yet whether
            # there is any, and an error is told before it (RFC 9110, section 13.2.1).
            if matches(unwanted, etag) and not any_matches(unwanted):
                return Answer(b"", headers, HTTPStatus.NOT_MODIFIED)
        else:
            headers.append((b"cache-control", b"no-store"))
        answer = await self._asked(request, client, query)
        if etag is not None and any_matches(unwanted):
            if isinstance(answer, Streamed):
                await answer.rest.aclose()  # type: ignore[attr-defined]
            return Answer(b"", headers, HTTPStatus.NOT_MODIFIED)
        if answer.more is not None:
            headers += _limited(answer.more, self._service.pool.limits.rows or 0)
        if isinstance(answer, Streamed):
            return StreamedResponse(answer, headers)
        headers.append((b"content-type", _content_type(answer.media_type)))
        headers.append((b"content-length", b"%d" % len(answer.body)))
        return Answer(answer.body, headers)

    async def _asked(self, request: Request, client: Client, query: Query) -> Whole | Streamed:
        access, pool = self._service.access, self._service.pool
        access.admit(client)
        with EndingWithClient(request.receive):
            answer = await pool.answer(query, spent=partial(access.spent, client))
        if isinstance(answer, Streamed) and request.scope.get("http_version") == "1.0":
            # There a part cannot be told from the whole.
            return await _gathered(answer, pool.limits.result_bytes)
        return answer

    # ------------------------------------------------------------------------- updates

    async def _updated(self, update: Update, client: Client) -> Response:
        if not self._service.access.writable:
            detail = "this server is read-only; it can be started so that tokens may write"
            raise Problem(HTTPStatus.FORBIDDEN, detail)
        require(client, Right.UPDATE)
        self._service.access.admit(client)
        allowed = replace(update, unchecked=client.may(Right.UNCHECKED))
        spent = partial(self._service.access.spent, client)
        await self._service.dataset.update(allowed, spent=spent)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    # ------------------------------------------------------------------------- requests

    async def _operation(self, request: Request, in_url: Parameters) -> Operation:
        """What is asked for.

        Raises:
            Problem: 400, 413, 415.
        """
        base_iri = base_of(request, self._service.base_iri)
        if request.method != "POST":
            return self._of_parameters(in_url, base_iri, bodies.accept(request))
        kind = bodies.content_type(request, _POSTED)
        text = await bodies.body(request, self._service.query_bytes)
        if kind == FORM:
            # 10 MB take a second, in which others want to be answered.
            long = len(text) > _LONG
            pairs = await to_thread(bodies.decoded, text) if long else bodies.decoded(text)
            given = Parameters([*in_url.pairs, *pairs])
        else:
            name = "query" if kind == QUERY else "update"
            given = Parameters([*in_url.pairs, (name, bodies.utf8(text))])
        return self._of_parameters(given, base_iri, bodies.accept(request))

    def _of_parameters(self, given: Parameters, base_iri: str, accept: str | None) -> Operation:
        return _of_parameters(given, base_iri, accept, short_names=not self._service.plain)


def base_of(request: Request, base_iri: str | None) -> str:
    """What relative IRIs of a request are relative to: the endpoint itself (RFC 3986, 5.1.3)."""
    if base_iri is not None:
        return base_iri + request.url.path.removeprefix("/")
    scope = request.scope
    address = scope["scheme"], request.headers.get("host", ""), scope["path"]
    return _address(*address) or str(request.url.replace(query="", fragment=""))


@lru_cache(maxsize=256)
def _address(scheme: str, host: str, path: str) -> str | None:
    """What the framework would make of these, in a tenth of the time; ``None`` where it is not
    as simple."""
    simple = host and not host.endswith((":80", ":443")) and _PLAIN.fullmatch(host + path)
    return f"{scheme}://{host}{path}" if simple else None


def _of_parameters(
    given: Parameters, base_iri: str, accept: str | None, *, short_names: bool
) -> Operation:
    queries, updates = given.all("query"), given.all("update")
    if len(queries) + len(updates) != 1 or not "".join(queries + updates).strip():
        found = f"{len(queries)} of the one and {len(updates)} of the other were given"
        detail = f"one parameter `query` or one parameter `update` is needed, not empty; {found}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    if updates:
        using = tuple(given.all("using-graph-uri"))
        named = tuple(given.all("using-named-graph-uri"))
        return Operation(update=Update(updates[0], using, named, base_iri))
    return Operation(
        Query(
            queries[0],
            accept=accept,
            format=given.first("format"),
            default_graphs=tuple(given.all("default-graph-uri")),
            named_graphs=tuple(given.all("named-graph-uri")),
            short_names=short_names,
            base_iri=base_iri,
        )
    )


def _text(operation: Operation) -> str:
    if operation.update is not None:
        return operation.update.text
    return operation.query.query if operation.query is not None else ""


def _allowed() -> str:
    return ", ".join(METHODS)


def _limited(more: str, rows: int) -> list[tuple[bytes, bytes]]:
    """What tells a client that there may be more rows than it is given, and where."""
    warning = f'299 testimonia "at most {rows} rows are given; there may be more"'
    headers = [(b"warning", warning.encode())]
    following = urlencode({"query": more})
    if len(following) <= _LONGEST_LINK:
        headers.append((b"link", f'<?{following}>; rel="next"'.encode()))
    return headers


async def _gathered(answer: Streamed, bound: int) -> Whole:
    pieces = [answer.body, *[piece async for piece in _up_to(answer.rest, bound)]]
    return Whole(answer.media_type, b"".join(pieces), answer.more)


async def _up_to(pieces: AsyncIterator[bytes], bound: int) -> AsyncIterator[bytes]:
    from testimonia.sparql.refusals import too_large

    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > bound:
            raise too_large(bound)
        yield piece


class Answer(Response):
    """A response whose headers are known as they are sent; the framework's way to them costs as
    much as a small result."""

    def __init__(
        self, body: bytes, headers: list[tuple[bytes, bytes]], status: int = HTTPStatus.OK
    ) -> None:
        self.status_code = status
        self.body = body
        self.raw_headers = headers
        self.background = None


@lru_cache(maxsize=64)
def _content_type(media_type: str) -> bytes:
    """The header's value, as the framework would have it."""
    text = media_type.startswith("text/")
    return (f"{media_type}; charset=utf-8" if text else media_type).encode()


class StreamedResponse(Response):
    """A long result as it comes. Where it fails after its beginning has been sent, the connection
    is broken off without the last chunk: nobody can take the part for the whole."""

    def __init__(self, answer: Streamed, headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__()
        self.raw_headers = [*headers, (b"content-type", _content_type(answer.media_type))]
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        rest = self._answer.rest
        try:
            with EndingWithClient(receive):
                await send(_piece(self._answer.body))
                async for piece in rest:
                    await send(_piece(piece))
        except Problem:
            return  # there is nobody any more
        except TestimoniaError as error:
            problem = problems.of_error(error)
            _log.warning("a result was broken off: %d %s", problem.status, problem.detail)
            return  # without the last message the server closes the connection
        finally:
            await rest.aclose()  # type: ignore[attr-defined]
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _piece(body: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": True}
