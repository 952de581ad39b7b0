"""Who runs when: short queries at once, long ones behind, so that nobody's long query makes a
short one wait.

A query starts in the *fast* lane. Whoever is not done after a short while leaves it: its process
gets the lowest priority and a place in the *slow* lane, or is stopped until there is one. A
processor that somebody new needs is free again within that while, whatever the others do. What was
slow once goes straight to the slow lane the next time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Final, Protocol

from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import busy

_REMEMBERED: Final = 1024
_HURRY: Final = 0.25  # of the patience, while others wait for a start
_BY_THE_CLOCK: Final = 5  # times the patience, for who waits for something else than a processor
_SHORTEST: Final = 0.01


class Process(Protocol):
    """What a lane does to a query's process."""

    def processor_seconds(self) -> float | None:
        """How long it has had a processor so far; ``None`` where nobody knows."""

    def lower_priority(self) -> None:
        """For good."""

    def stop(self) -> None:
        """For a while."""

    def resume(self) -> None:
        """And on."""


class Ticket:
    """A query's right to run. ``leave`` it when done, whichever way it ended."""

    def __init__(self, lanes: Lanes, key: Hashable) -> None:
        self._lanes = lanes
        self.key = key
        self.lane = "waiting"
        self.refused = False
        self.process: Process | None = None
        self.give_up: Callable[[], None] = lambda: None
        self.timer: asyncio.TimerHandle | None = None
        self.started = 0.0
        self.used: float | None = None

    def runs(self, process: Process, give_up: Callable[[], None]) -> None:
        """The query now runs in ``process``; ``give_up`` ends it where there is no room to park."""
        self.process, self.give_up = process, give_up
        if self.lane == "slow":
            process.lower_priority()
        else:
            self._lanes.watch(self)

    def leave(self) -> None:
        """The query is over, or waits for its client alone; a second call does nothing."""
        if self.timer is not None:
            self.timer.cancel()
        self._lanes.leave(self)


class Lanes:
    """All queries of one pool; to be used from its event loop only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._fast = 0
        self._slow = 0
        self._starting: deque[tuple[asyncio.Future[None], Ticket]] = deque()
        self._parked: deque[Ticket | asyncio.Future[None]] = deque()
        self._known: OrderedDict[Hashable, None] = OrderedDict()

    @property
    def running(self) -> int:
        """Queries that have a processor's attention."""
        return self._fast + self._slow

    @property
    def queued(self) -> int:
        """Queries that wait for a start, or are stopped."""
        return len(self._starting) + len(self._parked)

    async def enter(self, key: Hashable) -> Ticket:
        """Wait for a place. ``key`` tells equal queries.

        Raises:
            QueryAborted: too many wait already (``busy``).
        """
        ticket = Ticket(self, key)
        if key in self._known:
            await self._enter_slow(ticket)
        else:
            await self._enter_fast(ticket)
        return ticket

    async def _enter_fast(self, ticket: Ticket) -> None:
        if self._fast >= self._limits.fast or self._starting:
            if len(self._starting) >= self._limits.waiting:
                raise busy("too many queries wait for a start; try again in a while")
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._starting.append((place, ticket))
            try:
                await place
            except asyncio.CancelledError:
                with suppress(ValueError):
                    self._starting.remove((place, ticket))
                if place.done() and not place.cancelled():
                    self._give_fast()
                raise
        else:
            self._fast += 1
        ticket.lane = "fast"

    async def _enter_slow(self, ticket: Ticket) -> None:
        if self._slow >= self._limits.slow:
            if len(self._parked) >= self._limits.parked:
                raise busy("too many long queries run already; try again in a while")
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._parked.append(place)
            try:
                await place
            except asyncio.CancelledError:
                with suppress(ValueError):
                    self._parked.remove(place)
                if place.done() and not place.cancelled():
                    self._give_slow()
                raise
        else:
            self._slow += 1
        ticket.lane = "slow"

    def watch(self, ticket: Ticket) -> None:
        """Let a query of the fast lane leave it when its time there is over."""
        ticket.started = asyncio.get_running_loop().time()
        ticket.used = ticket.process.processor_seconds() if ticket.process else None
        self._look_again(ticket, self._patience)

    @property
    def _patience(self) -> float:
        return self._limits.patience_seconds * (_HURRY if self._starting else 1)

    def _look_again(self, ticket: Ticket, seconds: float) -> None:
        ticket.timer = asyncio.get_running_loop().call_later(seconds, self._look, ticket)

    def _look(self, ticket: Ticket) -> None:
        """What counts is the processor's time: on a busy machine nobody is quick by the clock."""
        if ticket.lane != "fast" or ticket.process is None:
            return
        elapsed = asyncio.get_running_loop().time() - ticket.started
        now = ticket.process.processor_seconds()
        used = elapsed if now is None or ticket.used is None else now - ticket.used
        if used < self._patience and elapsed < _BY_THE_CLOCK * self._limits.patience_seconds:
            self._look_again(ticket, max(_SHORTEST, self._patience - used))
        else:
            self._demote(ticket, ticket.process)

    def _demote(self, ticket: Ticket, process: Process) -> None:
        self._remember(ticket.key)
        self._give_fast()
        if self._slow < self._limits.slow:
            self._slow += 1
            ticket.lane = "slow"
            process.lower_priority()
        elif len(self._parked) < self._limits.parked:
            ticket.lane = "parked"
            process.lower_priority()
            process.stop()
            self._parked.append(ticket)
        else:
            ticket.lane, ticket.refused = "", True
            ticket.give_up()

    def leave(self, ticket: Ticket) -> None:
        """See :meth:`Ticket.leave`."""
        lane, ticket.lane = ticket.lane, ""
        if lane == "fast":
            self._give_fast()
        elif lane == "slow":
            self._give_slow()
        elif lane == "parked":
            self._parked.remove(ticket)

    def _give_fast(self) -> None:
        """Hand a place to whoever has waited longest."""
        while self._starting:
            place, _ = self._starting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._fast -= 1

    def _give_slow(self) -> None:
        while self._parked:
            following = self._parked.popleft()
            if isinstance(following, Ticket):
                following.lane = "slow"
                if following.process is not None:
                    following.process.resume()
                return
            if not following.done():
                following.set_result(None)
                return
        self._slow -= 1

    def _remember(self, key: Hashable) -> None:
        self._known[key] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
