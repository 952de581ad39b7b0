"""Answers queries in worker processes, which end at the deadline whatever they are doing.

Nothing of a query is parsed on this side. A result of moderate size comes back whole or not at
all; a longer one is handed on as it comes, and who takes it learns of a late failure.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from testimonia.errors import StoreError
from testimonia.sparql import frames, lexer, processes
from testimonia.sparql.answers import (
    FIELDS,
    Counters,
    Ended,
    Publications,
    Query,
    Streamed,
    Whole,
    outcome_of,
)
from testimonia.sparql.cache import ResultCache
from testimonia.sparql.lanes import Lanes, Ticket
from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import Process, WorkerEnded

__all__ = ["Counters", "Ended", "Pool", "Publications", "Query", "Snapshot", "Streamed", "Whole"]

_MODULE: Final = "testimonia.sparql.worker"
# A client that is slow to take a result may use this many times the deadline in all.
_MOST_WAITING: Final = 20
_PATIENCE_WITH_CLIENT: Final = 0.5
_MOST_PROCESSES: Final = 64
# Beside those of the fast lane: one for the place of the quick, one for whoever comes next.
_SPARE: Final = 2
_IDLE_SECONDS: Final = 2.0
_LONGEST_SHAPED: Final = 10_000
_LONGEST_KEPT: Final = 100_000
# Results of these differ from one time to the next.
_FLEETING = re.compile(r"now|rand|uuid|bnode|service", re.IGNORECASE)


class Snapshot:
    """A checkpoint with its lease. ``identity`` tells it from every other, for good."""

    def __init__(self, leased: AbstractContextManager[Path]) -> None:
        self._stack = ExitStack()
        self.path = self._stack.enter_context(leased)
        status = self.path.stat()
        self.identity = f"{self.path.name}-{status.st_ino:x}-{status.st_mtime_ns:x}"
        self._users = 1

    def take(self) -> None:
        """One more needs it."""
        self._users += 1

    def release(self) -> None:
        """One less does."""
        self._users -= 1
        if not self._users:
            self._stack.close()


class _Worker:
    """A process and the snapshot that it has open."""

    def __init__(self, limits: Limits) -> None:
        arguments = ["--memory", str(limits.memory_bytes), "--seconds", str(limits.seconds)]
        arguments += ["--remote"] if limits.remote else []
        for prefix in limits.services:
            arguments += ["--service", prefix]
        self.process = Process(_MODULE, arguments)
        self.snapshot: Snapshot | None = None

    def use(self, snapshot: Snapshot) -> None:
        if self.snapshot is not snapshot:
            snapshot.take()
            self._drop()
            self.snapshot = snapshot

    def kill(self, *, wait: bool = False) -> None:
        self.process.kill(wait=wait)
        self._drop()

    def _drop(self) -> None:
        if self.snapshot is not None:
            self.snapshot.release()
            self.snapshot = None


class Pool:
    """The worker processes of one event loop. Close it to end them."""

    def __init__(self, publications: Publications, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.lanes = Lanes(self.limits)
        self.counters = Counters()
        self.cache = ResultCache()
        self.ended: Ended = lambda *_: None
        self.stopping = False
        self._kept_warm = False
        self._publications = publications
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._snapshot: Snapshot | None = None
        self._version: object = None
        self._leasing = asyncio.Lock()
        self._used = time.monotonic()
        self._closed = False

    # ------------------------------------------------------------------------- asking

    async def answer(
        self, query: Query, *, spent: Callable[[float], None] = lambda _: None
    ) -> Whole | Streamed:
        """The result, in the format that is named, else in the best that is accepted.

        SPARQL 1.1 Protocol, section 2.1: graphs that are given here go before those of the query.
        ``spent`` is told the seconds that a worker had.

        Raises:
            QueryError: it cannot be parsed (says where), is nested too deeply, or asks for more
                than it may.
            NotAcceptable: its result has no such format.
            QueryAborted: it took too long (``deadline``), too much memory (``memory``), ended the
                worker otherwise (``crash``), or there is too much to do (``busy``).
            StoreError: there is nothing to read from.
        """
        self.counters.queries += 1
        if len(self._busy) >= _MOST_PROCESSES:
            raise processes.busy("too many queries are being answered; try again in a while")
        deadline = time.monotonic() + self.limits.seconds
        snapshot = await self.snapshot()
        snapshot.take()
        try:
            key = (snapshot.identity, query)
            if (known := self.cache.get(key)) is not None:
                self.counters.cached += 1
                return known
            answer = await self._asked(query, snapshot, deadline, spent)
            if isinstance(answer, Whole) and not _is_fleeting(query.query):
                self.cache.put(key, answer)
            return answer
        finally:
            snapshot.release()

    async def whole(
        self, query: Query, *, spent: Callable[[float], None] = lambda _: None
    ) -> Whole:
        """The same, but whole whatever its size.

        Raises:
            QueryAborted: also where it is larger than the limit (``size``).
        """
        answer = await self.answer(query, spent=spent)
        if isinstance(answer, Whole):
            return answer
        pieces, size = [answer.body], len(answer.body)
        async for piece in answer.rest:
            pieces.append(piece)
            size += len(piece)
            if size > self.limits.result_bytes:
                await answer.rest.aclose()  # type: ignore[attr-defined]
                raise processes.too_large(self.limits.result_bytes)
        return Whole(answer.media_type, b"".join(pieces), answer.more, answer.cut)

    async def snapshot(self) -> Snapshot:
        """What a query that begins now runs on: it has every write that was acknowledged before.

        Raises:
            StoreError, ArchiveError: there is nothing to read from.
        """
        if self._closed:
            raise StoreError("the evaluator has been closed")
        self._used = time.monotonic()
        version = self._publications.version()
        if self._snapshot is not None and version == self._version:
            return self._snapshot
        async with self._leasing:
            version = self._publications.version()
            if self._snapshot is None or version != self._version:
                lease = self._publications.lease()
                fresh = await asyncio.to_thread(Snapshot, lease)
                old, self._snapshot, self._version = self._snapshot, fresh, version
                self.cache.forget()
                if old is not None:
                    old.release()
        return self._snapshot

    async def let_go(self) -> None:
        """Where nothing was asked of late: hold no generation that is not the newest any more, so
        that what was forgotten can go from the disk."""
        if time.monotonic() - self._used < _IDLE_SECONDS:
            return
        async with self._leasing:
            if self._snapshot is None or self._publications.version() == self._version:
                return
            old, self._snapshot = self._snapshot, None
            self.cache.forget()
            old.release()
        for worker in [each for each in self._idle if each.snapshot is not None]:
            self._idle.remove(worker)
            worker.kill()
        self.prepare()

    async def _asked(
        self, query: Query, snapshot: Snapshot, deadline: float, spent: Callable[[float], None]
    ) -> Whole | Streamed:
        if query.rows is None and self.limits.rows is not None:
            query = replace(query, rows=self.limits.rows)
        run = _Run(self, query, snapshot, deadline, spent)
        try:
            return await run.begin()
        except BaseException as error:
            run.end(outcome_of(error), intact=False)
            raise

    # ------------------------------------------------------------------------- workers

    def take(self) -> _Worker:
        """An idle worker, or a new one.

        Raises:
            QueryAborted: no more queries are begun (``stopping``).
        """
        if self.stopping:
            raise processes.stopping()
        while self._idle:
            worker = self._idle.pop()
            if worker.process.alive:
                break
            worker.kill()
        else:
            worker = self._spawned()
        self._busy.add(worker)
        return worker

    def give_back(self, worker: _Worker, outcome: str, *, intact: bool) -> None:
        """It has answered; or it is of no more use, and another is made ready."""
        self._busy.discard(worker)
        reusable = intact and worker.process.fresh and not self._closed
        if reusable and len(self._idle) < self.limits.fast + _SPARE:
            self._idle.append(worker)
            return
        if not intact:
            self.counters.kills[outcome] += 1
        worker.kill()
        self.prepare()

    def prepare(self) -> None:
        """Have a worker ready for the next query, soon."""
        if self._kept_warm and not self._closed and not self._idle:
            asyncio.get_running_loop().call_soon(self._prepare)

    def _prepare(self) -> None:
        crowded = len(self._busy) >= _MOST_PROCESSES
        if not (self._closed or self._idle or self.stopping or crowded):
            self._idle.append(self._spawned())

    def _spawned(self) -> _Worker:
        self.counters.spawned += 1
        return _Worker(self.limits)

    @property
    def generation(self) -> int | None:
        """The number of the checkpoint that was read last."""
        name = self._snapshot.path.name if self._snapshot is not None else ""
        return int(name) if name.isdecimal() else None

    @property
    def workers(self) -> int:
        """How many processes there are."""
        return len(self._idle) + len(self._busy)

    async def warm(self) -> None:
        """Have as many workers ready as may run at once."""
        self._kept_warm = True
        while len(self._idle) < self.limits.fast:
            self._idle.append(self._spawned())

    def stop(self) -> None:
        """End the queries that are still at work; who waits for one is told that the server is
        stopping."""
        self.stopping = True
        for worker in self._busy:
            worker.process.end()

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        self._closed = True
        for worker in [*self._idle, *self._busy]:
            worker.kill(wait=True)
        self._idle.clear()
        self._busy.clear()
        if self._snapshot is not None:
            self._snapshot.release()
            self._snapshot = None


class _Run:
    """One query on its way through a worker."""

    def __init__(
        self,
        pool: Pool,
        query: Query,
        snapshot: Snapshot,
        deadline: float,
        spent: Callable[[float], None],
    ) -> None:
        self._pool = pool
        self._query = query
        self._snapshot = snapshot
        self._deadline = deadline
        self._spent = spent
        self._ticket: Ticket | None = None
        self._worker: _Worker | None = None
        self._asked = time.monotonic()
        self._began = 0.0
        self._over = False

    async def begin(self) -> Whole | Streamed:
        """Run it until it is done, or until more has come than is held back."""
        async with self._bounded():
            self._ticket = await self._pool.lanes.enter(self._query, _shape(self._query))
            worker = self._start(self._ticket)
            await worker.process.send(_request(self._query, self._snapshot.path))
            head, pieces, done = await self._first(worker.process)
        body = b"".join(pieces)
        media_type, more = str(head.get("media_type")), head.get("more")
        cut = bool(head.get("cut"))
        if done:
            self.end("done", intact=True)
            return Whole(media_type, body, more, cut)
        return Streamed(media_type, body, more, self._rest(worker.process), cut)

    def _start(self, ticket: Ticket) -> _Worker:
        self._began = time.monotonic()
        self._worker = worker = self._pool.take()
        self._pool.prepare()
        worker.use(self._snapshot)
        ticket.runs(worker.process, worker.process.end)
        return worker

    async def _first(self, process: Process) -> tuple[Mapping[str, Any], list[bytes], bool]:
        head: Mapping[str, Any] = {}
        pieces, size = [], 0
        while size <= self._pool.limits.buffer_bytes:
            kind, payload = await process.receive()
            if kind == frames.HEAD:
                head = frames.unpack(payload)
            elif kind == frames.DATA:
                pieces.append(payload)
                size += len(payload)
            else:
                end = frames.unpack(payload)
                process.used = end.get("used")
                if end["error"] is not None:
                    self.end("error", intact=True)  # it has said so itself, and goes on
                processes.require_success(end)
                return head, pieces, True
        return head, pieces, False

    async def _rest(self, process: Process) -> AsyncIterator[bytes]:
        """What follows. The time that the client takes for it does not count as the query's."""
        outcome = "client"
        latest = self._deadline + _MOST_WAITING * self._pool.limits.seconds
        try:
            while True:
                async with self._bounded():
                    kind, payload = await process.receive()
                if kind == frames.END:
                    end = frames.unpack(payload)
                    process.used = end.get("used")
                    processes.require_success(end)
                    outcome = "done"
                    return
                handed = time.monotonic()
                with self._place_lent():
                    yield payload
                waited = time.monotonic() - handed
                self._deadline = min(latest, self._deadline + waited)
        except Exception as error:
            outcome = outcome_of(error)
            raise
        finally:
            self.end(outcome, intact=outcome == "done")

    @contextmanager
    def _place_lent(self) -> Iterator[None]:
        """While a slow client makes the worker wait, its place in the lanes is others'."""
        lent = asyncio.get_running_loop().call_later(_PATIENCE_WITH_CLIENT, self._lend)
        try:
            yield
        finally:
            lent.cancel()

    def _lend(self) -> None:
        if self._ticket is not None and self._worker is not None:
            self._worker.process.lower_priority()
            self._ticket.leave()
            self._ticket = None

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """What happens in here ends at the deadline, and a worker's end gets its meaning."""
        try:
            async with asyncio.timeout(max(0.0, self._deadline - time.monotonic())):
                yield
        except TimeoutError as error:
            raise processes.too_late(self._pool.limits.seconds) from error
        except WorkerEnded as ended:
            if self._pool.stopping:
                raise processes.stopping() from ended
            if self._ticket is not None and self._ticket.refused:
                raise processes.busy("too many long queries run already; try again") from ended
            raise processes.reason(ended.status) from ended

    def end(self, outcome: str, *, intact: bool) -> None:
        """Give back what it holds; a second call does nothing."""
        if self._over:
            return
        self._over = True
        if self._ticket is not None:
            self._ticket.leave()
            self._ticket = None
        now = time.monotonic()
        if self._worker is not None:
            worker, self._worker = self._worker, None
            self._pool.give_back(worker, outcome, intact=intact)
            self._pool.counters.seconds += now - self._began
            self._spent(now - self._began)
        self._pool.counters.outcomes[outcome] += 1
        self._pool.ended(self._query, now - self._asked, outcome)


def _is_fleeting(text: str) -> bool:
    return len(text) > _LONGEST_KEPT or _FLEETING.search(text) is not None


def _shape(query: Query) -> str | None:
    """What quick queries are known by; to look for it in a long one would not be quick."""
    return lexer.shape(query.query) if len(query.query) < _LONGEST_SHAPED else None


def _request(query: Query, checkpoint: Path) -> dict[str, Any]:
    request: dict[str, Any] = {each: getattr(query, each) for each in FIELDS}
    request["checkpoint"] = str(checkpoint)
    return request
