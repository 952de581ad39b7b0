"""What holds for every answer: a HEAD has no body, any site's script may read, and a page runs and
loads nothing foreign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Documents are untrusted text: were an escape ever missed, no script would run all the same.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_EXPOSED: Final = "Link, Retry-After, ETag, Location, Warning, X-Request-ID"
# Fetch standard, section 3.3 (CORS). Starlette's middleware would add "Vary: Origin" to all.
# There are no cookies: what another site's script may do, anybody with that token may.
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Accept, Content-Type, Authorization, If-Match, If-None-Match, X-Request-ID"
    ),
    "Access-Control-Max-Age": "86400",
}

# What some resource here or other knows.
_EVERYWHERE: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


class Manners:
    """The common headers, and what preflights are answered. ``origins`` are the sites whose scripts
    may read, ``*`` for all of them."""

    def __init__(self, origins: tuple[str, ...] = ("*",)) -> None:
        self._origins = origins
        # The same for every request, unless it depends on who asks.
        fixed = "*" in origins or not origins
        self._fixed = {**_HEADERS, **self._sharing({})} if fixed else None
        self._raw = _raw(self._fixed or {})

    def added(self, headers: list[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
        """An answer's headers and those of these that it has not itself."""
        if self._fixed is not None:
            names = [name for name, _ in headers]
            return [*headers, *[each for each in self._raw if each[0] not in names]]
        message: Message = {"headers": list(headers)}
        given = MutableHeaders(scope=message)
        for name, value in self._shared(scope).items():
            if name == "Vary":
                given.add_vary_header(value)
            else:
                given.setdefault(name, value)
        added: list[tuple[bytes, bytes]] = message["headers"]
        return added

    def preflight(self, scope: Scope) -> Response | None:
        """The answer to a CORS preflight, or to who asks what the server knows at all, if this is
        one (RFC 9110, section 9.3.7)."""
        if scope["method"] == "OPTIONS" and scope["path"] == "*":
            return Response(status_code=204, headers={**self._shared(scope), "Allow": _EVERYWHERE})
        if not _is_preflight(scope):
            return None
        return Response(status_code=204, headers={**self._shared(scope), **_PREFLIGHT})

    def _shared(self, scope: Scope) -> dict[str, str]:
        return self._fixed or {**_HEADERS, **self._sharing(scope)}

    def _sharing(self, scope: Scope) -> dict[str, str]:
        """Which site's scripts may read this answer."""
        if "*" in self._origins:
            return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
        if not self._origins:
            return {}
        origin = Headers(scope=scope).get("origin", "")
        if origin not in self._origins:
            return {"Vary": "Origin"}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": _EXPOSED,
            "Vary": "Origin",
        }


class Mannerly:
    """ASGI middleware: answers HEAD as GET without the body, and CORS preflights, and sets the
    common headers.

    A body after a HEAD would be taken for the next answer on a kept-alive connection.
    """

    def __init__(self, app: ASGIApp, manners: Manners) -> None:
        self._app = app
        self._manners = manners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (preflight := self._manners.preflight(scope)) is not None:
            await preflight(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                message["headers"] = self._manners.added(headers, scope)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, sending)


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)
