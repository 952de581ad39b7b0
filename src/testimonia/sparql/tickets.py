"""A query's right to run, as :mod:`testimonia.sparql.lanes` gives it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from testimonia.sparql.lanes import Lanes


class Process(Protocol):
    """What a lane does to a query's process. ``used`` is the processor time that it had had when
    it became idle, where it has said so."""

    used: float | None

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
        self.shape: Hashable = None
        self.quick = False
        self.brief = False
        self.lane = "waiting"
        self.place: asyncio.Future[None] | None = None
        self.refused = False
        self.process: Process | None = None
        self.give_up: Callable[[], None] = lambda: None
        self.is_late: Callable[[], None] = lambda: None
        self.timer: asyncio.TimerHandle | None = None
        self.started = 0.0
        self.used: float | None = None
        self.beginning = 0.0

    def runs(self, process: Process, give_up: Callable[[], None]) -> None:
        """The query now runs in ``process``; ``give_up`` ends it where there is no room to park."""
        self.process, self.give_up = process, give_up
        self.started = asyncio.get_running_loop().time()
        if self.lane == "slow":
            process.lower_priority()
        else:
            self._lanes.watch(self)

    def leave(self, *, done: bool | None = None) -> None:
        """The query is over, or waits for its client alone; a second call does nothing. ``done``
        tells whether it came to its own end, where it did not wait."""
        if self.timer is not None:
            self.timer.cancel()
        self._lanes.leave(self, done=done)
