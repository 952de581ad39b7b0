"""The raw endpoints inside the application: what a framework would only slow down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from testimonia.errors import TestimoniaError
from testimonia.web.access import Access, Right, require
from testimonia.web.asking import on_behalf
from testimonia.web.manners import Mannerly, Manners
from testimonia.web.observed import seen
from testimonia.web.problems import Problem

# What a private archive shows to everybody: that it is alive, and what its pages are made with.
_OPEN = ("/healthz", "/readyz", "/static/")

Refuse = Callable[[Request, Exception], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
# What a response that waits for its headers is kept as, on its way through the compression.
_WAITING: Final = "testimonia.response"
_ENDPOINT: Final = "testimonia.endpoint"


class RawEndpoints:
    """The endpoints that no framework has to look at: each request is answered with a response,
    and what holds for all answers is added once. ``endpoints`` go by path; one that ends in ``/``
    stands for all below it. ``compress`` is a middleware; what has less than ``least_compressed``
    bytes passes it by.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        refuse: Refuse,
        manners: Manners,
        compress: Callable[[ASGIApp], ASGIApp],
        least_compressed: int,
    ) -> None:
        self._exact = {path: each for path, each in endpoints.items() if not path.endswith("/")}
        self._below = {path: each for path, each in endpoints.items() if path.endswith("/")}
        self._refuse = refuse
        self._manners = manners
        self._least_compressed = least_compressed
        self._mannerly = Mannerly(compress(_send_waiting), manners)

    def find(self, path: str) -> Endpoint | None:
        """Whose path this is, if it is one of these."""
        if (found := self._exact.get(path)) is not None:
            return found
        return next((each for start, each in self._below.items() if path.startswith(start)), None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, for a path that was found.

        Raises:
            Exception: what nobody has foreseen, after an answer that says so.
        """
        path: str = scope["path"]
        # One name for all below a path: there may be any number of them.
        seen(scope).route = path if path in self._exact else "/" + path.split("/")[1]
        if (preflight := self._manners.preflight(scope)) is not None:
            await preflight(scope, receive, send)
            return
        endpoint: Endpoint = scope[_ENDPOINT]
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        request = Request(asked, receive)
        try:
            response = await endpoint(request)
        except (Problem, TestimoniaError) as error:
            response = self._refuse(request, error)
        except Exception as error:
            await self._send(self._refuse(request, error), scope, receive, send)
            raise
        await self._send(response, scope, receive, send)

    async def _send(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        whole = type(response).__call__ is Response.__call__ and response.background is None
        if not whole or len(response.body) >= self._least_compressed:
            await self._mannerly({**scope, _WAITING: response}, receive, send)
            return
        headers = self._manners.added(response.raw_headers, scope)
        await send(
            {"type": "http.response.start", "status": response.status_code, "headers": headers}
        )
        body = b"" if scope["method"] == "HEAD" else response.body
        await send({"type": "http.response.body", "body": body})


async def _send_waiting(scope: Scope, receive: Receive, send: Send) -> None:
    response: Response = scope[_WAITING]
    await response(scope, receive, send)


class Application(FastAPI):
    """A framework's application, with raw endpoints before it."""

    front: ASGIApp | None = None
    raw: RawEndpoints | None = None

    def put_before(self, raw: RawEndpoints, around: Callable[[ASGIApp], ASGIApp]) -> None:
        """Let ``raw`` answer what is its own; ``around`` is the middleware that all is seen by."""
        self.raw, self.front = raw, around(raw)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        endpoint = None
        if self.raw is not None and scope["type"] == "http":
            endpoint = self.raw.find(scope["path"])
        if endpoint is None or self.front is None:
            await super().__call__(scope, receive, send)
        else:
            scope["app"], scope[_ENDPOINT] = self, endpoint
            await self.front(scope, receive, send)


class Guard:
    """ASGI middleware: what the framework serves is for those who may read."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse) -> None:
        self._app = app
        self._access = access
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":  # the server's own beginning and end
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if self._access.private and not scope["path"].startswith(_OPEN):
            try:
                require(self._access.client(request), Right.QUERY)
            except Problem as problem:
                await self._refuse(request, problem)(scope, receive, send)
                return
        try:
            with on_behalf(request, self._access):
                await self._app(scope, receive, send)
        finally:
            seen(scope).route = getattr(scope.get("route"), "path", "other")
