"""Brief queries wait in the worker itself, behind the one that it is at.

To wake a process costs more than most queries. Where a worker is at a query whose like have been
*brief*, the requests of others like that are sent to it at once, and it goes on from one to the
next without a sleep. Whoever turns out to be slow, or ends the worker, does so alone: those behind
are asked again elsewhere, as if they had just come.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final

from testimonia.sparql.tickets import Ticket

# Of the processor's time, and of the result.
_BRIEF_SECONDS: Final = 0.005
_BRIEF_BYTES: Final = 64 * 1024
_REMEMBERED: Final = 1024
_LONGEST: Final = 64
# Whoever is still at it then is not what it was taken for: nobody else waits for it.
_LATE_SECONDS: Final = 0.05


class Briefs:
    """What is known of brief queries: the seconds that the last of each shape took."""

    def __init__(self) -> None:
        self._seconds: OrderedDict[str, float] = OrderedDict()

    def seconds(self, shape: str | None) -> float | None:
        """What one of this shape will take; ``None`` where that may be long."""
        return None if shape is None else self._seconds.get(shape)

    def learn(self, shape: str | None, seconds: float, size: int) -> None:
        """One of this shape took so many seconds of a processor, and its result so many bytes."""
        if shape is None:
            return
        if seconds > _BRIEF_SECONDS or size > _BRIEF_BYTES:
            self._seconds.pop(shape, None)
            return
        self._seconds[shape] = seconds
        self._seconds.move_to_end(shape)
        if len(self._seconds) > _REMEMBERED:
            self._seconds.popitem(last=False)


@dataclass(slots=True, eq=False)
class Follower:
    """One who waits in a line. ``turn`` tells whether it came, or whether to go elsewhere."""

    ticket: Ticket
    seconds: float
    turn: asyncio.Future[bool]


class Line:
    """Those whose requests a worker has, behind the one that it is at."""

    def __init__(self) -> None:
        self._followers: deque[Follower] = deque()
        self._open = False
        self._late = 0.0
        self._first = 0.0
        self._expected = 0.0
        self.spoiled = False  # the worker has requests whose answers nobody waits for

    def __len__(self) -> int:
        return len(self._followers)

    def begin(self, seconds: float | None, now: float) -> None:
        """The worker is at a query that is to take so long; ``None``: nobody may wait for it."""
        self._open = seconds is not None and not self.spoiled
        self._first = self._expected = seconds or 0.0
        self._late = now + _LATE_SECONDS

    def close(self) -> None:
        """Nobody more may join."""
        self._open = False

    def wait(self, now: float) -> float | None:
        """How long one who joins now would wait; ``None`` where nobody may."""
        if not self._open or now > self._late or len(self._followers) >= _LONGEST:
            return None
        return self._expected

    def join(self, follower: Follower) -> None:
        """One more, whose request has been sent."""
        self._followers.append(follower)
        self._expected += follower.seconds

    def next(self, now: float) -> Follower | None:
        """Who is next, now that the first is done; ``None`` where nobody is, or it has gone."""
        if not self._followers:
            self._open = False
            return None
        if self._followers[0].turn.done():
            self.disperse()
            return None
        follower = self._followers.popleft()
        self._expected = max(0.0, self._expected - self._first)
        self._first, self._late = follower.seconds, now + _LATE_SECONDS
        return follower

    def disperse(self) -> None:
        """Send all elsewhere; the worker is of no more use when it is done."""
        self._open = False
        while self._followers:
            self.spoiled = True
            follower = self._followers.popleft()
            if not follower.turn.done():
                follower.turn.set_result(False)
