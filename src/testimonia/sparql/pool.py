"""Answers queries in worker processes, which end at the deadline whatever they are doing.

Nothing of a query is parsed on this side. A result of moderate size comes back whole or not at
all; a longer one is handed on as it comes, and who takes it learns of a late failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from testimonia.errors import StoreError
from testimonia.sparql import refusals
from testimonia.sparql.answers import (
    Counters,
    Ended,
    Query,
    Streamed,
    Whole,
    is_fleeting,
)
from testimonia.sparql.cache import ResultCache
from testimonia.sparql.lanes import Lanes
from testimonia.sparql.limits import Limits
from testimonia.sparql.running import Means, Run
from testimonia.sparql.snapshots import Publications, Snapshot, Snapshots
from testimonia.sparql.workers import Workers

__all__ = ["Counters", "Ended", "Pool", "Publications", "Query", "Snapshot", "Streamed", "Whole"]

_IDLE_SECONDS: Final = 2.0


class Pool:
    """The worker processes of one event loop. Close it to end them."""

    def __init__(self, publications: Publications, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.lanes = Lanes(self.limits)
        self.counters = Counters()
        self.cache = ResultCache()
        self.workers = Workers(self.limits, self.counters)
        self._snapshots = Snapshots(publications, self.cache.forget)
        self._means = Means(self.limits, self.lanes, self.workers, self.counters)
        self._closed = False

    def tell(self, ended: Ended) -> None:
        """Have every query's end told to ``ended``."""
        self._means.ended = ended

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
        if self.workers.crowded:
            raise refusals.busy("too many queries are being answered; try again in a while")
        due = asyncio.get_running_loop().time() + self.limits.seconds
        snapshot = await self.snapshot()
        key = (snapshot.identity, query)
        if (known := self.cache.get(key)) is not None:
            self.counters.cached += 1
            return known
        snapshot.take()
        try:
            asked = query
            if query.rows is None and self.limits.rows is not None:
                asked = replace(query, rows=self.limits.rows)
            answer = await Run(self._means, asked, snapshot, due, spent).answer()
            if isinstance(answer, Whole) and not is_fleeting(query.query):
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
                raise refusals.too_large(self.limits.result_bytes)
        return Whole(answer.media_type, b"".join(pieces), answer.more, answer.cut)

    async def snapshot(self) -> Snapshot:
        """What a query that begins now runs on: it has every write that was acknowledged before.

        Raises:
            StoreError, ArchiveError: there is nothing to read from.
        """
        if self._closed:
            raise StoreError("the evaluator has been closed")
        return await self._snapshots.now()

    async def let_go(self) -> None:
        """Where nothing was asked of late: hold no generation that is not the newest any more, so
        that what was forgotten can go from the disk."""
        if await self._snapshots.let_go(_IDLE_SECONDS):
            self.workers.let_go()

    @property
    def generation(self) -> int | None:
        """The number of the checkpoint that was read last."""
        return self._snapshots.generation

    @property
    def stopping(self) -> bool:
        """Whether no more queries are begun."""
        return self.workers.stopping

    async def warm(self) -> None:
        """Have as many workers ready as may run at once."""
        self.workers.warm()

    def stop(self) -> None:
        """End the queries that are still at work; who waits for one is told that the server is
        stopping."""
        self.workers.stop()

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        self._closed = True
        self.workers.close()
        self._snapshots.close()
