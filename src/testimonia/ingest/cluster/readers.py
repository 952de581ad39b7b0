"""Hands documents to a cluster in rounds, and keeps what comes back until it is stored.

A round is one execution of Ray Data. Two are under way at a time, so that no machine waits for the
last documents of one; what has come in meanwhile is the next. However few that are, they leave
after a tenth of a second: the line of documents may be waiting for just those.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Any, Final

from testimonia.closing import Closing
from testimonia.errors import ClusterError, ReadingError
from testimonia.ingest.cluster import ray_data
from testimonia.ingest.cluster.node import Reading
from testimonia.ingest.cluster.shards import Shard, Shelf
from testimonia.ingest.deriving import Derived, Extractor, Task

_ROUNDS: Final = 2
_GATHER_SECONDS: Final = 0.1
# Documents a core: a round takes some ten seconds.
_ROUND_EACH: Final = 48
# How far a cluster may be ahead of the writer: what it read is on the disk.
_LINE_EACH: Final = 192
_LINE: Final = 64
_CHARACTERS_EACH: Final = 8_000
# What one task of Ray's has: little enough that all have something, and lose little with a machine.
_BLOCK: Final = 8
_BLOCK_CHARACTERS: Final = 50_000
_LEAVE_SECONDS: Final = 15.0


class Shelved(Future[Derived]):
    """A document that is read elsewhere; what is derived of it is taken from the shelf when it is
    asked for, so that thousands of them may wait."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        super().__init__()
        self._shelf = shelf
        self.name = name

    def result(self, timeout: float | None = None) -> Derived:
        """See :class:`concurrent.futures.Future`."""
        super().result(timeout)
        return self._shelf.get(self.name)

    def arrived(self) -> None:
        """It is on the shelf."""
        with suppress(InvalidStateError):
            self.set_result(None)  # type: ignore[arg-type]

    def failed(self, error: BaseException) -> None:
        """It will not be, unless it is."""
        with suppress(InvalidStateError):
            self.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Handed:
    task: Task
    future: Shelved


class ClusterReaders(Closing):
    """Reads on the machines of the cluster at ``address`` (:func:`ray_data.connected`).

    ``make`` and ``name`` are as in :class:`Reading`, and are asked here for the extractor's name.
    ``folder`` is where shards lie. Futures raise as those of
    :class:`testimonia.ingest.workers.Workers`, and a ClusterError when the cluster is gone.

    Raises:
        UsageError: Ray is not installed.
        ClusterError: there is no such cluster, or a machine of it cannot read as this one would.
    """

    def __init__(
        self,
        address: str,
        make: Callable[[], Extractor],
        name: Callable[[], str],
        memory: int,
        folder: Path,
        *,
        workers: int | None = None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.extractor = name()
        reading = Reading(make, name, self.extractor, memory)
        self._given = bytes(ForkingPickler.dumps(reading))
        self._shelf = Shelf(folder)
        self._there: dict[str, set[str]] = {}
        for each in self._shelf.names():
            self._there.setdefault(each.partition("-")[0], set()).add(each)
        self._queue: SimpleQueue[_Handed | None] = SimpleQueue()
        self._names: dict[str, str] = {}
        self._waiting: set[Future[Derived]] = set()
        self._lock = Lock()
        self._room = Semaphore(_ROUNDS)
        self._broken: ClusterError | None = None
        self._closed = False
        self._stack = ExitStack()
        with self._stack:
            notice(
                "connecting with the cluster …" if address != ray_data.LOCAL else "starting Ray …"
            )
            self._stack.enter_context(ray_data.connected(address, workers))
            if refused := ray_data.refusals(self._given):
                raise ClusterError(f"not all machines read as this one: {'; '.join(refused)}")
            cores = ray_data.cores()
            self.most = _LINE + _LINE_EACH * cores
            self.characters = self.most * _CHARACTERS_EACH
            self._rounds: list[Thread] = []
            self._thread = Thread(target=self._hand_out, name="testimonia-rounds", daemon=True)
            self._thread.start()
            self._stack = self._stack.pop_all()

    def submit(self, task: Task) -> Future[Derived]:
        """See :class:`testimonia.ingest.readers.Readers`."""
        future = Shelved(self._shelf, self._shelf.name(task))
        with self._lock:
            self._names[task.document.id] = future.name
        there = self._there.pop(task.document.id, set())
        for outdated in there - {future.name}:
            self._shelf.drop(outdated)
        if future.name in there and self._shelf.find(future.name):
            future.arrived()
        elif self._broken is not None:
            future.failed(self._broken)
        else:
            self._waiting.add(future)
            future.add_done_callback(self._waiting.discard)
            self._queue.put(_Handed(task, future))
        return future

    def done(self, documents: Collection[str]) -> None:
        """See :class:`testimonia.ingest.readers.Readers`."""
        for each in documents:
            with self._lock:
                name = self._names.pop(each, None)
            if name is not None:
                self._shelf.drop(name)

    def close(self) -> None:
        """Begin nothing more, and let go of the cluster. What has been read is on the shelf."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        until = time.monotonic() + _LEAVE_SECONDS
        self._thread.join(_LEAVE_SECONDS)
        for thread in self._rounds:
            thread.join(max(0.0, until - time.monotonic()))
        self._stack.close()
        for each in [*self._waiting]:
            with suppress(InvalidStateError):
                each.set_exception(_not_read())
        self._shelf.tidy()

    # ------------------------------------------------------------------------------- rounds

    def _hand_out(self) -> None:
        while (first := self._queue.get()) is not None:
            self._room.acquire()
            if self._closed:
                return
            handed = self._gathered(first)
            self._rounds = [each for each in self._rounds if each.is_alive()]
            thread = Thread(
                target=self._round, args=(handed,), name="testimonia-round", daemon=True
            )
            self._rounds.append(thread)
            thread.start()

    def _gathered(self, first: _Handed) -> list[_Handed]:
        most = _ROUND_EACH * _cores()
        handed = [first]
        until = time.monotonic() + _GATHER_SECONDS
        while len(handed) < most:
            try:
                more = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            handed.append(more)
        return handed

    def _round(self, handed: Sequence[_Handed]) -> None:
        waiting = dict(enumerate(handed))
        error: BaseException = _not_read()
        try:
            rows = ray_data.read(self._given, list(_blocks(handed)))
            for row in self._until_closed(rows):
                place = waiting.pop(row["number"], None)
                if place is not None:  # what a lost machine told may be told again
                    self._arrive(place.future, row)
            if waiting and not self._closed:
                error = ClusterError("the cluster lost documents in a round")
        except ClusterError as gone:
            error = self._broken = gone
        except BaseException as other:
            error = other
        finally:
            for each in waiting.values():
                each.future.failed(error)
            self._room.release()

    def _until_closed(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            yield row
            if self._closed:
                return

    def _arrive(self, future: Shelved, row: dict[str, Any]) -> None:
        if row["refused"]:
            self._broken = ClusterError(f"a machine cannot read as this one: {row['refused']}")
            future.failed(self._broken)
        elif row["error"]:
            future.failed(pickle.loads(row["error"]))  # noqa: S301 - our own
        else:
            try:
                self._shelf.put(future.name, Shard(row["quads"], row["rest"]))
            except OSError as error:
                future.failed(error)
            else:
                future.arrived()


def _cores() -> int:
    with suppress(Exception):
        return ray_data.cores()
    return 1


def _blocks(handed: Sequence[_Handed]) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered and packed, so many to a task of Ray's that each core has several."""
    most = max(1, min(_BLOCK, len(handed) // (4 * _cores())))
    block: list[tuple[int, bytes]] = []
    characters = 0
    for number, each in enumerate(handed):
        block.append((number, bytes(ForkingPickler.dumps(each.task))))
        characters += len(each.task.document.text.content)
        if len(block) >= most or characters >= _BLOCK_CHARACTERS:
            yield block
            block, characters = [], 0
    if block:
        yield block


def _not_read() -> ReadingError:
    return ReadingError("it was not read: the ingestion was ended")
