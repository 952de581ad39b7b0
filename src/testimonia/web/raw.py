"""The raw endpoints inside the application: what a framework would only slow down."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from testimonia.errors import TestimoniaError
from testimonia.web.access import Access, Right, require
from testimonia.web.asking import on_behalf
from testimonia.web.observed import seen
from testimonia.web.problems import Problem

# What a private archive shows to everybody: that it is alive, and what its pages are made with.
_OPEN = ("/healthz", "/readyz", "/static/")

Refuse = Callable[[Request, Exception], Response]


class RawEndpoints:
    """ASGI middleware: hands requests for some paths to applications of their own, and the rest
    on. ``endpoints`` go by path; one that ends in ``/`` stands for all below it."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, ASGIApp], refuse: Refuse) -> None:
        self._app = app
        self._exact = {path: each for path, each in endpoints.items() if not path.endswith("/")}
        self._below = {path: each for path, each in endpoints.items() if path.endswith("/")}
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        endpoint = self._endpoint(scope)
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        # One name for all below a path: there may be any number of them.
        path: str = scope["path"]
        seen(scope).route = path if path in self._exact else "/" + path.split("/")[1]
        try:
            await endpoint(scope, receive, send)
        except (Problem, TestimoniaError) as error:
            response = self._refuse(Request(scope), error)
            await response(scope, receive, send)

    def _endpoint(self, scope: Scope) -> ASGIApp | None:
        if scope["type"] != "http":
            return None
        path: str = scope["path"]
        if (found := self._exact.get(path)) is not None:
            return found
        return next((each for start, each in self._below.items() if path.startswith(start)), None)


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
