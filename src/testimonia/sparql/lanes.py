"""Who runs when: short queries at once, long ones behind, so that nobody's long query makes a
short one wait.

A query starts in the *fast* lane. Whoever is not done after a short while leaves it: its process
gets the lowest priority and a place in the *slow* lane, or is stopped until there is one. A
processor that somebody new needs is free again within that while, whatever the others do. What was
slow once goes straight to the slow lane the next time, and so does what is like it, but for
constants, until one of these is quick. What is like a query that was quick goes before what nobody
knows, and has a place that nobody else gets.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable
from contextlib import suppress
from typing import Final

from testimonia.sparql.limits import Limits
from testimonia.sparql.refusals import busy
from testimonia.sparql.slow import SlowLane
from testimonia.sparql.tickets import Process, Ticket

_REMEMBERED: Final = 1024
_HURRY: Final = 0.25  # of the patience, while others wait for a start
_BY_THE_CLOCK: Final = 5  # times the patience, for who waits for something else than a processor
_SHORTEST: Final = 0.01
_BEGINNING: Final = 0.15  # what a new process needs to become one, beside its first query
_FOR_THE_QUICK: Final = 1  # place
_IN_TURN: Final = 4  # every so many starts, who is not known goes first all the same


class Lanes:
    """All queries of one pool; to be used from its event loop only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._fast = 0
        self._starting: deque[asyncio.Future[None]] = deque()
        self._starting_quick: deque[asyncio.Future[None]] = deque()
        self._starts = 0
        self._slow = SlowLane(limits, self._is_quiet)
        self._known_slow: OrderedDict[Hashable, None] = OrderedDict()
        self._known_quick: OrderedDict[Hashable, None] = OrderedDict()

    @property
    def running(self) -> int:
        """Queries that have a processor's attention."""
        return self._fast + self._slow.running

    @property
    def queued(self) -> int:
        """Queries that wait for a start, or are stopped."""
        return len(self._starting) + len(self._starting_quick) + self._slow.queued

    def start(self, key: Hashable, shape: Hashable = None) -> Ticket | None:
        """A place in the fast lane for who need not wait for it: what most get."""
        quick = shape is not None and shape in self._known_quick
        waiting = self._starting_quick if quick else self._starting
        if waiting or not self.has_room(quick=quick) or self._is_slow(key, shape):
            return None
        self._fast += 1
        ticket = Ticket(self, key)
        ticket.shape, ticket.quick, ticket.lane = shape, quick, "fast"
        return ticket

    def has_room(self, *, quick: bool) -> bool:
        """Whether one more may start in the fast lane at once."""
        return self._fast < self._places(quick=quick)

    @property
    def starting(self) -> bool:
        """Whether anybody waits for a start."""
        return bool(self._starting or self._starting_quick)

    def following(self, key: Hashable, shape: Hashable) -> Ticket:
        """A ticket for who has no place yet, but is to be handed another's."""
        ticket = Ticket(self, key)
        ticket.shape, ticket.quick, ticket.brief = shape, True, True
        ticket.lane = "following"
        return ticket

    def hand_over(self, ticket: Ticket, following: Ticket) -> None:
        """One in the fast lane is done, and another has its place now."""
        if ticket.timer is not None:
            ticket.timer.cancel()
        following.lane, ticket.lane = ticket.lane, ""
        self._learn(ticket)

    def _is_slow(self, key: Hashable, shape: Hashable) -> bool:
        return key in self._known_slow or (shape is not None and shape in self._known_slow)

    async def enter(self, key: Hashable, shape: Hashable = None) -> Ticket:
        """Wait for a place. ``key`` tells equal queries, ``shape`` those that are alike.

        Raises:
            QueryAborted: too many wait already (``busy``).
        """
        ticket = Ticket(self, key)
        ticket.shape, ticket.quick = shape, shape is not None and shape in self._known_quick
        if self._is_slow(key, shape):
            await self._slow.enter(ticket)
        else:
            await self._enter_fast(ticket)
        return ticket

    async def _enter_fast(self, ticket: Ticket) -> None:
        waiting = self._starting_quick if ticket.quick else self._starting
        if waiting or self._fast >= self._places(quick=ticket.quick):
            if len(waiting) >= self._limits.waiting:
                raise busy("too many queries wait for a start; try again in a while")
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                with suppress(ValueError):
                    waiting.remove(place)
                if place.done() and not place.cancelled():
                    self._give_fast()
                raise
        else:
            self._fast += 1
        ticket.lane = "fast"

    def _places(self, *, quick: bool) -> int:
        return self._limits.fast + (_FOR_THE_QUICK if quick else 0)

    def _is_quiet(self) -> bool:
        return not self._fast and not self.starting

    def watch(self, ticket: Ticket) -> None:
        """Let a query of the fast lane leave it when its time there is over."""
        if ticket.process is not None:
            ticket.used = ticket.process.used
            if ticket.used is None:
                ticket.used = ticket.process.processor_seconds()
                ticket.beginning = _BEGINNING
        self._look_again(ticket, self._patience(ticket) * (_HURRY if ticket.brief else 1))

    def _patience(self, ticket: Ticket) -> float:
        """Who is not known hurries while others wait; to send one away that is nearly done, as its
        like are, would help nobody."""
        hurry = not ticket.quick and (self._starting or self._starting_quick)
        return self._limits.patience_seconds * (_HURRY if hurry else 1)

    def _look_again(self, ticket: Ticket, seconds: float) -> None:
        ticket.timer = asyncio.get_running_loop().call_later(seconds, self._look, ticket)

    def _look(self, ticket: Ticket) -> None:
        """What counts is the processor's time: on a busy machine nobody is quick by the clock."""
        if ticket.lane != "fast" or ticket.process is None:
            return
        elapsed = asyncio.get_running_loop().time() - ticket.started
        now = ticket.process.processor_seconds()
        used = elapsed if now is None or ticket.used is None else now - ticket.used
        patience = self._patience(ticket) + ticket.beginning
        longest = _BY_THE_CLOCK * (self._limits.patience_seconds + ticket.beginning)
        if used >= _HURRY * patience or elapsed >= patience:
            ticket.is_late()
        if used < patience and elapsed < longest:
            left = (patience - used) * (_HURRY if ticket.brief else 1)
            self._look_again(ticket, max(_SHORTEST, left))
        else:
            self._demote(ticket, ticket.process)

    def _demote(self, ticket: Ticket, process: Process) -> None:
        ticket.is_late()
        _remember(self._known_slow, ticket.key)
        if ticket.shape in self._known_quick:
            # Some of its like are quick: only this one is known as slow.
            del self._known_quick[ticket.shape]
        elif ticket.shape is not None:
            _remember(self._known_slow, ticket.shape)
        self._give_fast()
        if not self._slow.take(ticket, process):
            ticket.lane, ticket.refused = "", True
            ticket.give_up()

    def leave(self, ticket: Ticket, *, done: bool | None) -> None:
        """See :meth:`Ticket.leave`."""
        lane, ticket.lane = ticket.lane, ""
        if done is not None:
            self._slow.learn(ticket.shape, finite=done)
        if lane in ("fast", "slow") and ticket.process is not None:
            self._learn(ticket)
        if lane == "fast":
            self._give_fast()
        else:
            self._slow.leave(ticket, lane)

    def _learn(self, ticket: Ticket) -> None:
        """What was over soon makes those of its like known as quick."""
        elapsed = asyncio.get_running_loop().time() - ticket.started
        if ticket.shape is not None and elapsed < self._limits.patience_seconds:
            self._known_slow.pop(ticket.shape, None)
            _remember(self._known_quick, ticket.shape)

    def _give_fast(self) -> None:
        """Hand a place to whoever has waited longest."""
        self._fast -= 1
        while (waiting := self._next()) is not None:
            place = waiting.popleft()
            if not place.done():
                self._fast += 1
                self._starts += 1
                place.set_result(None)
        if self._is_quiet():
            self._slow.fill()

    def _next(self) -> deque[asyncio.Future[None]] | None:
        """Those of whom one may start now."""
        unknown = bool(self._starting) and self._fast < self._places(quick=False)
        quick = bool(self._starting_quick) and self._fast < self._places(quick=True)
        if quick and not (unknown and self._starts % _IN_TURN == 0):
            return self._starting_quick
        return self._starting if unknown else None


def _remember(known: OrderedDict[Hashable, None], key: Hashable) -> None:
    known[key] = None
    known.move_to_end(key)
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
