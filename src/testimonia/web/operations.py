"""For operators: ``/metrics`` and ``/readyz``, and the log of slow queries."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import time
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from testimonia.errors import TestimoniaError
from testimonia.sparql.pool import Ended, Query
from testimonia.web.access import Right, require
from testimonia.web.metrics import Metrics
from testimonia.web.observed import shortened
from testimonia.web.problems import Problem
from testimonia.web.service import Service

# It asks for the time, so that no result of it is kept: a worker answers each time.
_PROBE: Final = Query("ASK { BIND(NOW() AS ?now) }", format="json")
_PROBE_SECONDS: Final = 5.0
_QUADS: Final = Query(
    "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", format="json"
)
# A scrape waits so long for a count at most. Counting scans the store: it is done anew for another
# generation only, and takes at most a twentieth of one processor's time.
_COUNT_SECONDS: Final = 1.0
_RESTS: Final = 20
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

_slow_log = logging.getLogger("testimonia.slow")


class Operations:
    """The operator's endpoints of one service, whose store is in ``directory``."""

    def __init__(self, service: Service, metrics: Metrics, directory: Path) -> None:
        self._service = service
        self._metrics = metrics
        self._directory = directory
        self._counting: asyncio.Task[None] | None = None
        self._counted: str | None = None
        self._not_before = 0.0

    async def metrics(self, request: Request) -> Response:
        """All figures, for who is on this machine, or has a token with the scope admin.

        Raises:
            Problem: 401, 403.
        """
        client = self._service.access.client(request)
        if not _is_local(request):
            require(client, Right.ADMIN)
        self._metrics.store.bytes = await asyncio.to_thread(_size, self._directory)
        await self._count()
        media_type, text = self._metrics.exposition(request.headers.get("accept", ""))
        headers = {"Content-Type": media_type, "Cache-Control": "no-store"}
        return Response(text, headers=headers)

    async def readyz(self, _: Request) -> Response:
        """Whether there is something to read from and a worker answers.

        Raises:
            Problem: 503, it is not so, or the server is about to end.
        """
        if self._service.pool.stopping:
            raise _not_ready("the server is stopping")
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._service.pool.answer(_PROBE)
        except TimeoutError as error:
            raise _not_ready(f"no worker answered within {_PROBE_SECONDS:g} seconds") from error
        except TestimoniaError as error:
            raise _not_ready(str(error)) from error
        return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})

    async def _count(self) -> None:
        """Have the quads counted, if there is another generation and it is time."""
        pool = self._service.pool
        if self._counting is None or self._counting.done():
            try:
                identity = (await pool.snapshot()).identity
            except TestimoniaError:
                return
            if identity == self._counted or time.monotonic() < self._not_before:
                return
            self._counting = asyncio.create_task(self._counted_anew(identity))
        await asyncio.wait([self._counting], timeout=_COUNT_SECONDS)

    async def _counted_anew(self, identity: str) -> None:
        began = time.monotonic()
        try:
            answer = await self._service.pool.whole(_QUADS)
            rows = json.loads(answer.body)["results"]["bindings"]
            self._metrics.store.quads = int(rows[0]["n"]["value"])
            self._counted = identity
        except TestimoniaError as error:
            logging.getLogger(__name__).warning("the quads could not be counted: %s", error)
        finally:
            now = time.monotonic()
            self._not_before = now + _RESTS * (now - began)


def log_slow(seconds: float) -> Ended:
    """What logs every query that took so long, or longer."""

    def ended(query: Query, taken: float, outcome: str) -> None:
        if taken < seconds:
            return
        text = shortened(query.query) if query.graph is None else f"graph <{query.graph}>"
        _slow_log.warning(
            "slow query, %.3f seconds, %s: %s",
            *(taken, outcome, text),
            extra={"fields": {"seconds": round(taken, 3), "outcome": outcome, "query": text}},
        )

    return ended


def _not_ready(detail: str) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"not ready: {detail}", {"Retry-After": "5"})


def _is_local(request: Request) -> bool:
    """Whether a request comes from this machine itself, not through a proxy on it."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _size(directory: Path) -> int:
    """Bytes on disk; a file that several checkpoints share counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                status = Path(folder, name).stat()
            except OSError:  # a checkpoint that is being removed
                continue
            sizes[status.st_dev, status.st_ino] = 512 * status.st_blocks
    return sum(sizes.values())
