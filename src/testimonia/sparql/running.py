"""One query on its way through a worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from testimonia.errors import QueryAborted, QueryError
from testimonia.sparql import frames, lexer, refusals
from testimonia.sparql.answers import (
    Counters,
    Ended,
    Query,
    Streamed,
    Whole,
    outcome_of,
    request_of,
)
from testimonia.sparql.lanes import Lanes
from testimonia.sparql.limits import Limits
from testimonia.sparql.lines import Briefs, Follower
from testimonia.sparql.processes import Process, WorkerEnded
from testimonia.sparql.snapshots import Snapshot
from testimonia.sparql.tickets import Ticket
from testimonia.sparql.workers import Worker, Workers

# A client that is slow to take a result may use this many times the deadline in all.
_MOST_WAITING: Final = 20
_PATIENCE_WITH_CLIENT: Final = 0.5
_LONGEST_SHAPED: Final = 10_000
_LONGEST_FOLLOWING: Final = 16 * 1024
# To wait so long behind others costs less than to wake one more worker.
_WORTH_SECONDS: Final = 0.0005
# And so long is well waited where all are at work.
_MOST_SECONDS: Final = 0.01


@dataclass(slots=True)
class Means:
    """What every query of a pool needs."""

    limits: Limits
    lanes: Lanes
    workers: Workers
    counters: Counters
    briefs: Briefs = field(default_factory=Briefs)
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
        self._shape = _shape(query)
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
        message = frames.pack(frames.REQUEST, request_of(self._query, self._snapshot.name))
        process = await self._followed(message) or await self._begun(message)
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
                self._done(process, payload, size)
                body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
                return Whole(media_type, body, more, cut)
        if self._worker is not None:
            self._worker.line.disperse()  # the client's pace is nobody else's
        return Streamed(media_type, b"".join(pieces), more, self._rest(process, size), cut)

    # ------------------------------------------------------------------------- a worker

    async def _followed(self, message: bytes) -> Process | None:
        """The process of a worker that is at something brief, when this brief query's turn has
        come; ``None`` where there is none, or it did not come."""
        means, seconds = self._means, self._means.briefs.seconds(self._shape)
        if seconds is None or means.lanes.starting or len(message) > _LONGEST_FOLLOWING:
            return None
        most = _WORTH_SECONDS if means.lanes.has_room(quick=True) else _MOST_SECONDS
        worker = means.workers.to_follow(self._snapshot, most)
        if worker is None:
            return None
        loop = asyncio.get_running_loop()
        ticket = means.lanes.following(self._query, self._shape)
        follower = Follower(ticket, seconds, loop.create_future())
        try:
            if (sent := worker.process.send_at_once(message)) == 0:
                return None
            worker.line.join(follower)
            if sent < len(message):
                worker.line.close()
                await worker.process.send_rest(message, sent)
        except WorkerEnded:
            return None
        except BaseException:
            follower.turn.cancel()
            raise
        return await self._turn(follower, worker)

    async def _turn(self, follower: Follower, worker: Worker) -> Process | None:
        try:
            its = await follower.turn
        except asyncio.CancelledError:
            turn = follower.turn
            its = turn.done() and not turn.cancelled() and turn.result()
            if its:
                self._has(worker, follower.ticket)
            raise
        if not its:
            return None
        self._has(worker, follower.ticket)
        return worker.process

    def _has(self, worker: Worker, ticket: Ticket) -> None:
        self._worker, self._ticket, self._began = worker, ticket, time.monotonic()

    async def _begun(self, message: bytes) -> Process:
        """A worker that has the request; one that ended while it was idle cannot be told it."""
        self._ticket = ticket = await self._place()
        while True:
            self._began = time.monotonic()
            self._worker = worker = self._means.workers.take(slow=ticket.lane == "slow")
            worker.use(self._snapshot)
            process = worker.process
            try:
                await process.send_rest(message, process.send_at_once(message))
            except WorkerEnded:
                if not worker.was_idle:
                    raise
                self._means.workers.is_gone(worker)
                self._worker = None
                continue
            brief = None if ticket.lane == "slow" else self._means.briefs.seconds(self._shape)
            ticket.brief = brief is not None
            _runs(worker, ticket)
            worker.line.begin(brief, ticket.started)
            return process

    async def _place(self) -> Ticket:
        lanes, query, shape = self._means.lanes, self._query, self._shape
        if (ticket := lanes.start(query, shape)) is not None:
            return ticket
        async with asyncio.timeout_at(self._due):
            return await lanes.enter(query, shape)

    # ------------------------------------------------------------------------- its answer

    def _done(self, process: Process, payload: bytes, size: int) -> None:
        """Give back the worker, which has said how it went, and goes on in any case."""
        end = frames.unpack_end(payload)
        if process.used is not None:
            self._means.briefs.learn(self._shape, end.used - process.used, size)
        process.used = end.used
        self._end("done" if end.error is None else "error", intact=True)
        refusals.require_success(end)

    async def _rest(self, process: Process, size: int) -> AsyncIterator[bytes]:
        """What follows. The time that the client takes for it does not count as the query's."""
        outcome = "client"
        loop = asyncio.get_running_loop()
        latest = self._due + _MOST_WAITING * self._means.limits.seconds
        try:
            while True:
                kind, payload = process.received() or await process.receive(self._due)
                if kind == frames.END:
                    outcome = "error"
                    self._done(process, payload, size)
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
            return refusals.too_late(self._means.limits.seconds)
        if self._means.workers.stopping:
            return refusals.stopping()
        if self._ticket is not None and self._ticket.refused:
            return refusals.busy("too many long queries run already; try again")
        return refusals.reason(error.status)

    def _end(self, outcome: str, *, intact: bool) -> None:
        """Give back what it holds; a second call does nothing."""
        if self._over:
            return
        self._over = True
        means, now = self._means, time.monotonic()
        ticket, worker, self._ticket, self._worker = self._ticket, self._worker, None, None
        follower = _next_in(worker) if intact and ticket is not None else None
        if ticket is not None and follower is None:
            ticket.leave(done=intact)
        if worker is not None:
            if ticket is not None and follower is not None:
                means.lanes.hand_over(ticket, follower.ticket)
                _runs(worker, follower.ticket)
                follower.turn.set_result(True)
            else:
                means.workers.give_back(worker, outcome, intact=intact)
            means.counters.seconds += now - self._began
            self._spent(now - self._began)
        means.counters.outcomes[outcome] += 1
        means.ended(self._query, now - self._asked, outcome)


def _runs(worker: Worker, ticket: Ticket) -> None:
    ticket.is_late = worker.line.disperse
    ticket.runs(worker.process, worker.process.end)


def _next_in(worker: Worker | None) -> Follower | None:
    """Who is next in the worker's line."""
    return worker.line.next(asyncio.get_running_loop().time()) if worker is not None else None


def _shape(query: Query) -> str | None:
    """What quick queries are known by; to look for it in a long one would not be quick."""
    return lexer.shape(query.query) if len(query.query) < _LONGEST_SHAPED else None
