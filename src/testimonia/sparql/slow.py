"""The slow lane: a few long queries at the lowest priority, and those that wait for a place there,
stopped in the midst or not begun.

There is always a processor that no long query is at. Where the fast lane is empty that one may be
used too, by a query whose like have come to an end: what has none would only be in the way longer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Final

from testimonia.sparql.limits import Limits
from testimonia.sparql.refusals import busy
from testimonia.sparql.tickets import Process, Ticket

_REMEMBERED: Final = 1024
_WHERE_ALL_IS_QUIET: Final = 1  # place more


class SlowLane:
    """``is_quiet`` tells whether nobody is in the fast lane, or about to be."""

    def __init__(self, limits: Limits, is_quiet: Callable[[], bool]) -> None:
        self._limits = limits
        self._is_quiet = is_quiet
        self._parked: deque[Ticket] = deque()
        self._finite: OrderedDict[Hashable, None] = OrderedDict()
        self.running = 0

    @property
    def queued(self) -> int:
        """Queries that wait for a place."""
        return len(self._parked)

    async def enter(self, ticket: Ticket) -> None:
        """Wait for a place, to begin there.

        Raises:
            QueryAborted: too many wait already (``busy``).
        """
        if self._has_room(ticket):
            self.running += 1
        else:
            if len(self._parked) >= self._limits.parked:
                raise busy("too many long queries run already; try again in a while")
            ticket.place = place = asyncio.get_running_loop().create_future()
            self._parked.append(ticket)
            try:
                await place
            except asyncio.CancelledError:
                with suppress(ValueError):
                    self._parked.remove(ticket)
                if place.done() and not place.cancelled():
                    self._give()
                raise
        ticket.lane = "slow"

    def take(self, ticket: Ticket, process: Process) -> bool:
        """A query that is in the midst of it comes here, and runs on or is stopped; says whether
        there is room for it."""
        if self._has_room(ticket):
            self.running += 1
            ticket.lane = "slow"
            process.lower_priority()
        elif len(self._parked) < self._limits.parked:
            ticket.lane = "parked"
            process.lower_priority()
            process.stop()
            self._parked.append(ticket)
        else:
            return False
        return True

    def leave(self, ticket: Ticket, lane: str) -> None:
        """One of these is over."""
        if lane == "slow":
            self._give()
        elif lane == "parked":
            self._parked.remove(ticket)

    def learn(self, shape: Hashable, *, finite: bool) -> None:
        """One of this shape has come to its end, or was ended before."""
        if shape is None:
            return
        self._finite.pop(shape, None)
        if finite:
            self._finite[shape] = None
            if len(self._finite) > _REMEMBERED:
                self._finite.popitem(last=False)

    def fill(self) -> None:
        """Give the places that there are to those that have waited longest."""
        for ticket in tuple(self._parked):
            if self.running >= self._limits.slow + _WHERE_ALL_IS_QUIET:
                return
            if not self._has_room(ticket):
                continue
            self._parked.remove(ticket)
            if ticket.lane == "parked":
                self.running += 1
                ticket.lane = "slow"
                if ticket.process is not None:
                    ticket.process.resume()
            elif ticket.place is not None and not ticket.place.done():
                self.running += 1
                ticket.place.set_result(None)

    def _has_room(self, ticket: Ticket) -> bool:
        if self.running < self._limits.slow:
            return True
        most = self._limits.slow + _WHERE_ALL_IS_QUIET
        return self.running < most and ticket.shape in self._finite and self._is_quiet()

    def _give(self) -> None:
        self.running -= 1
        self.fill()
