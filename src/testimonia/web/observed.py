"""What the operator sees of every request: an id, a line in the log, counts. And a bound on the
time that a client may take to send a body."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from testimonia.web import problems
from testimonia.web.access import Access, Client
from testimonia.web.metrics import Metrics
from testimonia.web.problems import Problem

HEADER: Final = "X-Request-ID"
MOST_SHOWN: Final = 1000
_KEY: Final = "testimonia.request"
_VALID = re.compile(rb"[A-Za-z0-9._~:/+=@-]{1,128}")
# A body must come within the time that is given, and this much more for what has come.
_LEAST_BYTES_A_SECOND: Final = 16 * 1024
# No status of HTTP's: the client had gone before there was an answer.
CLIENT_GONE: Final = 499

_access_log = logging.getLogger("testimonia.access")
_current: ContextVar[Seen | None] = ContextVar("testimonia_request", default=None)


@dataclass(slots=True)
class Seen:
    """A request as the operator sees it."""

    id: str
    client: str = "-"
    route: str = "other"
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Observing:
    """What the operator wants to see. ``slow``: queries that take so many seconds are logged;
    ``queries``: the log has the text of each; ``body_seconds``: how long a body may take."""

    slow: float | None = None
    queries: bool = False
    body_seconds: float = 30.0


def seen(scope: Scope) -> Seen:
    """What is known of a request; outside of :class:`Observed` nobody looks at it."""
    found: Seen | None = scope.get(_KEY)
    return found or Seen("-")


def current() -> Seen | None:
    """The request that this task serves."""
    return _current.get()


def shortened(text: str) -> str:
    """On one line, and no longer than the log wants it."""
    line = " ".join(text[: 4 * MOST_SHOWN].split())
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…"


class Observed:
    """ASGI middleware around all others."""

    def __init__(self, app: ASGIApp, metrics: Metrics, observing: Observing) -> None:
        self._app = app
        self._metrics = metrics
        self._observing = observing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._observing.body_seconds)
        self._metrics.in_progress += 1
        try:
            await exchange.run(self._app)
        finally:
            self._metrics.in_progress -= 1
            self._note(exchange)

    def _note(self, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        request, scope, status = exchange.seen, exchange.scope, exchange.status
        self._metrics.observe(scope["method"], request.route, status, seconds)
        if not _access_log.isEnabledFor(logging.INFO):
            return
        client = request.client
        if client == "-" and scope.get("client"):
            client = scope["client"][0]
        target = exchange.target
        fields: dict[str, Any] = {
            "request": request.id,
            "client": client,
            "method": scope["method"],
            "target": target,
            "status": status,
            "seconds": round(seconds, 6),
            "bytes": exchange.bytes,
        }
        if self._observing.queries and request.query is not None:
            fields["query"] = shortened(request.query)
        message = (
            f"{int(status)} {scope['method']} {target} HTTP/{scope.get('http_version')}"
            f" {seconds * 1000:.1f} ms {client}"
        )
        _access_log.handle(_record(message, fields))


# To look for the line that logs, the thread and the process costs more than the request's line.
_RECORD: Final = logging.LogRecord(_access_log.name, logging.INFO, "", 0, "", None, None).__dict__


def _record(message: str, fields: dict[str, Any]) -> logging.LogRecord:
    record = logging.LogRecord.__new__(logging.LogRecord)
    now = time.time()
    record.__dict__.update(_RECORD)
    record.msg, record.created, record.msecs = message, now, float(int((now % 1) * 1000))
    record.fields = fields
    return record


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, body_seconds: float) -> None:
        self.began = time.perf_counter()
        self.seen = Seen(_request_id(scope))
        self.scope = {**scope, _KEY: self.seen}
        self.status = CLIENT_GONE
        self.bytes = 0
        self._receive = receive
        self._send = send
        self._id = self.seen.id.encode()
        self._started = False
        self._body_seconds = body_seconds
        self._body_bytes = 0
        self._body_began: float | None = None
        self._body_came = False
        self._too_slow = False

    @property
    def target(self) -> str:
        """What was asked for, as it was written; no control character is in it (RFC 3986)."""
        path: bytes = self.scope.get("raw_path") or self.scope["path"].encode()
        query: bytes = self.scope["query_string"]
        return (path + b"?" + query if query else path).decode("latin-1")

    async def run(self, app: ASGIApp) -> None:
        _current.set(self.seen)
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            if not self._too_slow:
                self.status = self.status if self._started else HTTPStatus.INTERNAL_SERVER_ERROR
                raise
        if self._too_slow and not self._started:
            detail = (
                f"the request's body did not come within {self._body_seconds:g} seconds; send it"
                " again, faster or in smaller parts"
            )
            problem = Problem(HTTPStatus.REQUEST_TIMEOUT, detail, {"Connection": "close"})
            self._too_slow = False
            await problems.response(problem)(self.scope, self.receive, self.send)

    async def receive(self) -> Message:
        if self._body_came:
            return await self._receive()
        if self._body_began is None:
            self._body_began = time.perf_counter()
        due = self._body_began + self._body_seconds + self._body_bytes / _LEAST_BYTES_A_SECOND
        try:
            async with asyncio.timeout(max(0.0, due - time.perf_counter())):
                message = await self._receive()
        except TimeoutError:
            self._too_slow = self._body_came = True
            return {"type": "http.disconnect"}
        self._body_bytes += len(message.get("body", b""))
        self._body_came = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self._too_slow:
            return
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), (b"x-request-id", self._id)]
        else:
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _VALID.fullmatch(value):
            given: str = value.decode("ascii")
            return given
    return os.urandom(8).hex()


class Noted:
    """Access, with who asks noted for the log."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def private(self) -> bool:
        """See :class:`Access`."""
        return self._access.private

    @property
    def writable(self) -> bool:
        """See :class:`Access`."""
        return self._access.writable

    def client(self, request: Request) -> Client:
        """See :meth:`Access.client`."""
        client = self._access.client(request)
        seen(request.scope).client = client.name
        return client

    def admit(self, client: Client) -> None:
        """See :meth:`Access.admit`."""
        self._access.admit(client)

    def spent(self, client: Client, seconds: float) -> None:
        """See :meth:`Access.spent`."""
        self._access.spent(client, seconds)
