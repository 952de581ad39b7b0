"""One query on its way through a worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from testimonia.errors import QueryAborted, QueryError
from testimonia.sparql import frames, lexer, processes
from testimonia.sparql.answers import (
    Counters,
    Ended,
    Query,
    Streamed,
    Whole,
    outcome_of,
    request_of,
)
from testimonia.sparql.lanes import Lanes, Ticket
from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import Process, WorkerEnded
from testimonia.sparql.snapshots import Snapshot
from testimonia.sparql.workers import Worker, Workers

# A client that is slow to take a result may use this many times the deadline in all.
_MOST_WAITING: Final = 20
_PATIENCE_WITH_CLIENT: Final = 0.5
_LONGEST_SHAPED: Final = 10_000


@dataclass(slots=True)
class Means:
    """What every query of a pool needs."""

    limits: Limits
    lanes: Lanes
    workers: Workers
    counters: Counters
    ended: Ended = lambda *_: None


class Run:
    """One query. ``due`` is a time of the event loop; ``spent`` is told the seconds that a worker
    had."""

    def __init__(
        self,
        means: Means,
        query: Query,
        snapshot: Snapshot,
        due: float,
        spent: Callable[[float], None],
    ) -> None:
        self._means = means
        self._query = query
        self._snapshot = snapshot
        self._due = due
        self._spent = spent
        self._ticket: Ticket | None = None
        self._worker: Worker | None = None
        self._asked = time.monotonic()
        self._began = 0.0
        self._over = False

    async def answer(self) -> Whole | Streamed:
        """Run it until it is done, or until more has come than is held back.

        Raises:
            QueryError, NotAcceptable, QueryAborted: see :meth:`testimonia.sparql.pool.Pool.answer`.
        """
        try:
            return await self._answer()
        except (TimeoutError, WorkerEnded) as error:
            meant = self._meaning(error)
            self._end(outcome_of(meant), intact=False)
            raise meant from error
        except BaseException as error:
            self._end(outcome_of(error), intact=False)
            raise

    async def _answer(self) -> Whole | Streamed:
        self._ticket = ticket = await self._place()
        process = await self._begun(ticket)
        pieces: list[bytes] = []
        media_type, more, cut, size = "", None, False, 0
        while size <= self._means.limits.buffer_bytes:
            kind, payload = process.received() or await process.receive(self._due)
            if kind == frames.DATA:
                pieces.append(payload)
                size += len(payload)
            elif kind == frames.HEAD:
                media_type, more, cut = frames.unpack_head(payload)
            else:
                self._done(process, payload)
                body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
                return Whole(media_type, body, more, cut)
        return Streamed(media_type, b"".join(pieces), more, self._rest(process), cut)

    async def _place(self) -> Ticket:
        lanes, query = self._means.lanes, self._query
        shape = _shape(query)
        if (ticket := lanes.start(query, shape)) is not None:
            return ticket
        async with asyncio.timeout_at(self._due):
            return await lanes.enter(query, shape)

    async def _begun(self, ticket: Ticket) -> Process:
        """A worker that has the request; one that ended while it was idle cannot be told it."""
        request = request_of(self._query, self._snapshot.name)
        while True:
            self._began = time.monotonic()
            self._worker = worker = self._means.workers.take()
            ready = worker.asked
            worker.use(self._snapshot)
            try:
                await worker.process.send(request)
            except WorkerEnded:
                if not ready:
                    raise
                self._means.workers.is_gone(worker)
                self._worker = None
                continue
            ticket.runs(worker.process, worker.process.end)
            return worker.process

    def _done(self, process: Process, payload: bytes) -> None:
        """Give back the worker, which has said how it went, and goes on in any case."""
        end = frames.unpack_end(payload)
        process.used = end.used
        self._end("done" if end.error is None else "error", intact=True)
        processes.require_success(end)

    async def _rest(self, process: Process) -> AsyncIterator[bytes]:
        """What follows. The time that the client takes for it does not count as the query's."""
        outcome = "client"
        loop = asyncio.get_running_loop()
        latest = self._due + _MOST_WAITING * self._means.limits.seconds
        try:
            while True:
                kind, payload = process.received() or await process.receive(self._due)
                if kind == frames.END:
                    outcome = "error"
                    self._done(process, payload)
                    return
                handed = loop.time()
                with self._place_lent(loop):
                    yield payload
                self._due = min(latest, self._due + loop.time() - handed)
        except (TimeoutError, WorkerEnded) as error:
            meant = self._meaning(error)
            outcome = outcome_of(meant)
            raise meant from error
        except Exception as error:
            outcome = outcome_of(error)
            raise
        finally:
            self._end(outcome, intact=False)

    @contextmanager
    def _place_lent(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """While a slow client makes the worker wait, its place in the lanes is others'."""
        lent = loop.call_later(_PATIENCE_WITH_CLIENT, self._lend)
        try:
            yield
        finally:
            lent.cancel()

    def _lend(self) -> None:
        if self._ticket is not None and self._worker is not None:
            self._worker.process.lower_priority()
            self._ticket.leave()
            self._ticket = None

    def _meaning(self, error: TimeoutError | WorkerEnded) -> QueryAborted | QueryError:
        """What it is to the client that the time is over, or the worker has gone."""
        if isinstance(error, TimeoutError):
            return processes.too_late(self._means.limits.seconds)
        if self._means.workers.stopping:
            return processes.stopping()
        if self._ticket is not None and self._ticket.refused:
            return processes.busy("too many long queries run already; try again")
        return processes.reason(error.status)

    def _end(self, outcome: str, *, intact: bool) -> None:
        """Give back what it holds; a second call does nothing."""
        if self._over:
            return
        self._over = True
        if self._ticket is not None:
            self._ticket.leave()
            self._ticket = None
        means, now = self._means, time.monotonic()
        if self._worker is not None:
            worker, self._worker = self._worker, None
            means.workers.give_back(worker, outcome, intact=intact)
            means.counters.seconds += now - self._began
            self._spent(now - self._began)
        means.counters.outcomes[outcome] += 1
        means.ended(self._query, now - self._asked, outcome)


def _shape(query: Query) -> str | None:
    """What quick queries are known by; to look for it in a long one would not be quick."""
    return lexer.shape(query.query) if len(query.query) < _LONGEST_SHAPED else None
