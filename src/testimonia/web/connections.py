"""One connection, within bounds: a client that sends or takes too slowly does not keep it.

uvicorn bounds idle connections alone. Bodies are bounded by
:class:`testimonia.web.observed.Observed`, which knows when one is wanted.
"""

from __future__ import annotations

import asyncio
import re
import sys
from http import HTTPStatus
from typing import Any, Final

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from testimonia.web import problems
from testimonia.web.problems import Problem

# From the first byte (or the connection's beginning) to the end of the headers.
HEADER_SECONDS: Final = 15.0
HEADER_BYTES: Final = 1024 * 1024
# A client that takes less than this in that time has no more interest.
TAKING_SECONDS: Final = 30.0
TAKING_BYTES: Final = 16 * 1024
# What a refused client still sends is read for a while: closed at once, it would never see why.
_LINGER_SECONDS: Final = 2.0
_WORTH_A_COPY: Final = 64 * 1024
_HEAD: Final = b"HTTP/1.1 "
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100} [^ \r\n]+ HTTP/1\.[01]\r?\n")


class _Together:
    """A transport that sends the head of a response with the beginning of its body: two writes are
    two calls of the system, and wake the client twice."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""
        self._due: asyncio.Handle | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, but wait with a head until the loop's next turn."""
        if self._held and len(data) > _WORTH_A_COPY:
            self._transport.writelines([self._taken(), data])
            return
        if self._held:
            data = self._taken() + data
        elif data.startswith(_HEAD):
            self._held = data
            self._due = self._loop.call_soon(self._send)
            return
        self._transport.write(data)

    def close(self) -> None:
        """Close, after what is held."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._held:
            self._transport.write(self._taken())

    def _taken(self) -> bytes:
        held, self._held = self._held, b""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        return held


class Connection(HttpToolsProtocol):
    """The protocol of one connection."""

    _headers_due: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = False
    _refused = False
    _came = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come, and is to say what for."""
        super().connection_made(transport)
        self.transport: Any = _Together(transport, self.loop)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody has gone."""
        self._headers_came()
        self._stop_watching()
        super().connection_lost(exc)

    # ----------------------------------------------------------------------------- coming in

    def data_received(self, data: bytes) -> None:
        """Something has come: a part of the headers, or of the body."""
        if self._refused or self.parser is None:
            return
        self._came = data
        super().data_received(data)
        if not self._in_headers or self._refused:
            return
        if self._headers_due is None:
            self._await_headers()
        self._header_bytes += len(data)
        if self._header_bytes > HEADER_BYTES:
            detail = (
                f"the address and the headers have more than {HEADER_BYTES:,} bytes; a long query"
                " comes by POST"
            )
            self._refuse(Problem(HTTPStatus.REQUEST_URI_TOO_LONG, detail))

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._headers_came()  # those of most requests come at once: it is not worth a timer
        self._header_bytes = 0
        self._in_headers = True

    def on_headers_complete(self) -> None:
        """All headers are there. RFC 9112, section 3.2: HTTP/1.1 without a Host, or with two, is
        refused."""
        self._headers_came()
        self._in_headers = False
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, f"one Host header is needed, not {hosts}"))
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body; of what is refused nobody wants it."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has come whole."""
        if not self._refused:
            super().on_message_complete()

    def _await_headers(self) -> None:
        self._headers_came()
        self._headers_due = self.loop.call_later(HEADER_SECONDS, self._give_up_headers)

    def _headers_came(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _give_up_headers(self) -> None:
        if self._in_headers:
            detail = f"the request's headers did not come within {HEADER_SECONDS:g} seconds"
            self._refuse(Problem(HTTPStatus.REQUEST_TIMEOUT, detail))
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets the same shape of answer as everything else; so does a method that
        nobody knows (RFC 9110, section 15.6.2)."""
        if isinstance(sys.exception(), HttpParserInvalidMethodError) and self._is_request():
            detail = "there is no such method here; OPTIONS tells which there are"
            self._refuse(Problem(HTTPStatus.NOT_IMPLEMENTED, detail))
            return
        self._refuse(Problem(HTTPStatus.BAD_REQUEST, msg))

    def _is_request(self) -> bool:
        """Whether what came last begins as a request does, whatever its method."""
        return _REQUEST_LINE.match(self._came) is not None

    def _refuse(self, problem: Problem) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()  # what is being answered cannot be told from this
            return
        self._refused = True
        self._headers_came()
        response = problems.response(problem)
        lines = [f"HTTP/1.1 {problem.status} {problem.title}\r\n".encode()]
        lines += [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
        lines += [b"connection: close\r\n\r\n", bytes(response.body)]
        self.transport.write(b"".join(lines))
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    # ---------------------------------------------------------------------------- going out

    def pause_writing(self) -> None:
        """More is waiting to be taken than may."""
        super().pause_writing()
        self._watch(self._waiting())

    def resume_writing(self) -> None:
        """The client has taken enough."""
        self._stop_watching()
        super().resume_writing()

    def _watch(self, waiting: int) -> None:
        self._stop_watching()
        self._taking = self.loop.call_later(TAKING_SECONDS, self._look, waiting)

    def _look(self, before: int) -> None:
        waiting = self._waiting()
        if before - waiting < TAKING_BYTES:
            self.transport.abort()
        else:
            self._watch(waiting)

    def _waiting(self) -> int:
        size: Any = self.transport.get_write_buffer_size()
        return int(size)

    def _stop_watching(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
