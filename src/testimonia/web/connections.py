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
# A client that has closed its sending side may still want its answer, or may have left: the two
# look alike until something is sent to it.
_PROBE_SECONDS: Final = 1.5
_PROBE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_WORTH_A_COPY: Final = 64 * 1024
_HEAD: Final = b"HTTP/1.1 "
# RFC 3986, section 3.2.2, with a port.
_HOST: Final = re.compile(rb"(?:\[[0-9A-Fa-fv:.]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
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
    _half_closed = False
    _probing: asyncio.TimerHandle | None = None
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
        if self._probing is not None:
            self._probing.cancel()
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
        """All headers are there. HTTP/1.1 without a Host, or with two, is refused (RFC 9112,
        section 3.2), and so is a transfer coding other than chunked (section 6.1)."""
        self._headers_came()
        self._in_headers = False
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            detail = f"one Host header is needed, not {len(hosts)}"
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, detail))
            return
        if hosts and _HOST.fullmatch(hosts[0]) is None:
            detail = f"the Host header names no host: {hosts[0][:200].decode('latin-1')!r}"
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, detail))
            return
        for name, value in self.headers:
            if name == b"transfer-encoding" and value.strip().lower() != b"chunked":
                coding = value.decode("latin-1")
                detail = f"a body can come chunked, not with the transfer coding {coding!r}"
                self._refuse(Problem(HTTPStatus.NOT_IMPLEMENTED, detail))
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
        if self._refused:
            return
        if self.cycle is not None and not self.cycle.response_complete:
            if self.pipeline or self.cycle.response_started or not self.cycle.more_body:
                self.transport.close()  # what is being answered cannot be told from this
                return
            # This is its answer: whoever waits for the rest of its body hears that none comes.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._refused = True
        self._headers_came()
        response = problems.response(problem)
        lines = [f"HTTP/1.1 {problem.status} {problem.title}\r\n".encode()]
        lines += [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
        lines += [b"connection: close\r\n\r\n", bytes(response.body)]
        self.transport.write(b"".join(lines))
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    # ------------------------------------------------------------------------- half closed

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more. What it has asked for whole is answered all the same (RFC 9112,
        section 9.6: a connection can be closed in one direction); returns whether to stay open."""
        if self._refused:
            return True  # closed when it has been told
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
            return False
        if self.cycle.more_body:
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, "the request ended before its body"))
            return True
        if not self._half_closed:
            self._half_closed = True
            self._probe_after(_PROBE_SECONDS)
        return True

    def on_response_complete(self) -> None:
        """An answer has been sent; where nothing more can be asked, it was the last."""
        last = self._half_closed and not self.pipeline
        super().on_response_complete()
        if last:
            self.transport.close()

    def _probe_after(self, seconds: float) -> None:
        self._probing = self.loop.call_later(seconds, self._probe, seconds)

    def _probe(self, waited: float) -> None:
        """Send what every client passes over (RFC 9110, section 15.2). One that has left answers
        with a reset, which the next of these finds."""
        waiting = not self.pipeline and not self.cycle.response_started
        if waiting and self.cycle.scope["http_version"] == "1.1":
            self.transport.write(_PROBE)
        self._probe_after(waited)

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
