"""The processes of a pool: those that are at work, and those that are ready for the next query."""

from __future__ import annotations

import asyncio
from typing import Final

from testimonia.sparql import refusals
from testimonia.sparql.answers import Counters
from testimonia.sparql.limits import Limits
from testimonia.sparql.lines import Line
from testimonia.sparql.processes import Process
from testimonia.sparql.snapshots import Snapshot

MOST_PROCESSES: Final = 64
_MODULE: Final = "testimonia.sparql.worker"
# Beside those of the fast lane: one for the place of the quick, one for whoever comes next.
_SPARE: Final = 2


class Worker:
    """A process and the snapshot that it has open."""

    def __init__(self, limits: Limits) -> None:
        arguments = ["--memory", str(limits.memory_bytes), "--seconds", str(limits.seconds)]
        arguments += ["--remote"] if limits.remote else []
        for prefix in limits.services:
            arguments += ["--service", prefix]
        self.process = Process(_MODULE, arguments)
        self.snapshot: Snapshot | None = None
        self.line = Line()
        self.was_idle = False

    def use(self, snapshot: Snapshot) -> None:
        """The next query is about this one."""
        if self.snapshot is not snapshot:
            snapshot.take()
            self._drop()
            self.snapshot = snapshot

    def kill(self, *, wait: bool = False) -> None:
        """It is of no more use; who waits in its line goes elsewhere."""
        self.line.disperse()
        self.process.kill(wait=wait)
        self._drop()

    def _drop(self) -> None:
        if self.snapshot is not None:
            self.snapshot.release()
            self.snapshot = None


class Workers:
    """All processes of one pool; to be used from its event loop only."""

    def __init__(self, limits: Limits, counters: Counters) -> None:
        self.stopping = False
        self._limits = limits
        self._counters = counters
        self._idle: list[Worker] = []
        self._idle_slow: list[Worker] = []  # their priority is the lowest for good
        self._busy: set[Worker] = set()
        self._kept_warm = False
        self._closed = False

    def __len__(self) -> int:
        return len(self._idle) + len(self._idle_slow) + len(self._busy)

    @property
    def idle(self) -> tuple[Worker, ...]:
        """Those that are ready, the one that has answered last at the end."""
        return tuple(self._idle)

    @property
    def busy(self) -> frozenset[Worker]:
        """Those that are at work."""
        return frozenset(self._busy)

    @property
    def crowded(self) -> bool:
        """Whether as many are at work as may be."""
        return len(self._busy) >= MOST_PROCESSES

    def take(self, *, slow: bool = False) -> Worker:
        """An idle worker, or a new one. For the slow lane rather one that is of no other use.

        Raises:
            QueryAborted: no more queries are begun (``stopping``).
        """
        if self.stopping or self._closed:
            raise refusals.stopping()
        worker = (_alive(self._idle_slow) if slow else None) or _alive(self._idle)
        if worker is None:
            worker = self._spawned()
        self._busy.add(worker)
        if not self._idle:
            self.prepare()
        return worker

    def to_follow(self, snapshot: Snapshot, most: float) -> Worker | None:
        """A worker on this snapshot that one more brief query may wait in for the shortest time,
        if that is at most so many seconds."""
        now = asyncio.get_running_loop().time()
        found, shortest = None, most
        for worker in self._busy:
            wait = worker.line.wait(now) if worker.snapshot is snapshot else None
            if wait is not None and wait <= shortest:
                found, shortest = worker, wait
        return found

    def give_back(self, worker: Worker, outcome: str, *, intact: bool) -> None:
        """It has answered; or it is of no more use, and another is made ready."""
        self._busy.discard(worker)
        if intact and not worker.line.spoiled and not self._closed:
            fresh, limits = worker.process.fresh, self._limits
            idle, most = (
                (self._idle, limits.fast + _SPARE) if fresh else (self._idle_slow, limits.slow + 1)
            )
            if len(idle) < most:
                idle.append(worker)
                return
        if not intact:
            self._counters.kills[outcome] += 1
        worker.kill()
        self.prepare()

    def is_gone(self, worker: Worker) -> None:
        """It ended while it was idle."""
        self._busy.discard(worker)
        worker.kill()

    def prepare(self) -> None:
        """Have a worker ready for the next query, soon."""
        if self._kept_warm and not self._closed and not self._idle:
            asyncio.get_running_loop().call_soon(self._prepare)

    def _prepare(self) -> None:
        if not (self._closed or self._idle or self.stopping or self.crowded):
            self._idle.append(self._spawned())

    def _spawned(self) -> Worker:
        self._counters.spawned += 1
        return Worker(self._limits)

    def warm(self) -> None:
        """Have as many ready as may run at once."""
        self._kept_warm = True
        while len(self._idle) < self._limits.fast:
            self._idle.append(self._spawned())

    def let_go(self) -> None:
        """Have no checkpoint open in an idle one."""
        for idle in (self._idle, self._idle_slow):
            for worker in [each for each in idle if each.snapshot is not None]:
                idle.remove(worker)
                worker.kill()
        self.prepare()

    def stop(self) -> None:
        """End what is at work, and begin nothing more."""
        self.stopping = True
        for worker in self._busy:
            worker.process.end()

    def close(self) -> None:
        """End all, whatever they are doing."""
        self._closed = True
        for worker in [*self._idle, *self._idle_slow, *self._busy]:
            worker.kill(wait=True)
        self._idle.clear()
        self._idle_slow.clear()
        self._busy.clear()


def _alive(idle: list[Worker]) -> Worker | None:
    """The one that has answered last, of those that run."""
    while idle:
        worker = idle.pop()
        if worker.process.alive:
            worker.was_idle = True
            return worker
        worker.kill()
    return None
