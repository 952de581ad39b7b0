"""An HTTP client that is not the bottleneck: one event loop, raw connections, results unread.

Run as ``python -m benchmarks.http_load`` it reads a JSON object from standard input (``port``,
``requests``: a list of raw requests, ``clients``, ``seconds``, ``least``: requests at least) and
prints one: seconds, the latency of each request, bytes, errors.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it has its answer."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._head = b""
        self._left: int | None = None
        self._tail = b""
        self._transport: Any = None
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """By the server it is an error."""
        if self._load.running():
            self._load.errors += 1
        self._load.finished()

    def _ask(self) -> None:
        self._head, self._left, self._tail = b"", None, b""
        self._sent = time.perf_counter()
        self._transport.write(next(self._load.requests))

    def data_received(self, data: bytes) -> None:
        """A part of an answer."""
        self._load.bytes += len(data)
        if self._left is None:
            data = self._headers(data)
            if self._left is None:
                return
        if self._left >= 0:
            self._left -= len(data)
            done = self._left <= 0
        else:
            self._tail = (self._tail + data[-7:])[-7:]
            done = self._tail == _LAST_CHUNK
        if done:
            self._answered()

    def _headers(self, data: bytes) -> bytes:
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return b""
        head, rest = self._head[:end], self._head[end + 4 :]
        if head[9:12] != b"200":
            self._load.errors += 1
        length = _LENGTH.search(head)
        self._left = int(length[1]) if length else -1
        # The empty result of a chunked answer has its last chunk right after the headers.
        return rest if length else b"\r\n" + rest

    def _answered(self) -> None:
        self._load.latencies.append(time.perf_counter() - self._sent)
        if self._load.running():
            self._ask()
        else:
            self._transport.close()


class Load:
    """All connections together."""

    def __init__(self, requests: list[bytes], clients: int, seconds: float, least: int) -> None:
        self.requests: Iterator[bytes] = itertools.cycle(requests)
        self.latencies: list[float] = []
        self.errors = 0
        self.bytes = 0
        self._clients = clients
        self._seconds = seconds
        self._least = least
        self._until = 0.0
        self._open = 0
        self._over = asyncio.Event()

    def running(self) -> bool:
        """Whether more is to be asked."""
        late = time.perf_counter() >= self._until
        return not late or len(self.latencies) + self.errors < self._least

    def finished(self) -> None:
        """A connection is closed."""
        self._open -= 1
        if not self._open:
            self._over.set()

    async def run(self, port: int) -> dict[str, Any]:
        """Ask until the time is over; what was measured."""
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        self._until = began + self._seconds
        self._open = self._clients
        for _ in range(self._clients):
            await loop.create_connection(lambda: Client(self), "127.0.0.1", port)
        await self._over.wait()
        return {
            "seconds": time.perf_counter() - began,
            "latencies": self.latencies,
            "bytes": self.bytes,
            "errors": self.errors,
        }


def main() -> None:
    asked = json.load(sys.stdin)
    requests = [each.encode() for each in asked["requests"]]

    async def run() -> dict[str, Any]:
        load = Load(requests, asked["clients"], asked["seconds"], asked["least"])
        return await load.run(asked["port"])

    json.dump(uvloop.run(run()), sys.stdout)


if __name__ == "__main__":
    main()
