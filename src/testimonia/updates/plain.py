"""A plain dataset: the store alone, by SPARQL's own rules for the default graph.

For conformance suites, and for people who want just a store. One process has it open and writes
(:mod:`testimonia.updates.live`); whoever reads, reads what it has published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from testimonia import tokens
from testimonia.errors import ArchiveError, StoreError
from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import Process
from testimonia.store.checkpoints import Checkpoints, lease
from testimonia.store.locking import StoreLock
from testimonia.updates import dataset
from testimonia.updates.dataset import GraphWrite, Update
from testimonia.updates.turns import Spent, Turns, may_last, unnoted

_MODULE: Final = "testimonia.updates.live"
_LIVE: Final = "live"
_KNOWN: Final = frozenset(
    {_LIVE, "checkpoints", "lock", "owner.json", "pending", tokens.FILE, f"{tokens.FILE}.lock"}
)


class PlainDataset:
    """The plain dataset in ``directory``, which is made where it is missing. To be used in an event
    loop.

    Raises:
        ArchiveLocked: another process has it; the message says which.
        ArchiveError: the directory cannot be made, or holds something else.
    """

    def __init__(self, directory: Path, limits: Limits | None = None) -> None:
        _make(directory)
        self._directory = directory
        self._limits = limits or Limits()
        self._held = StoreLock(directory)
        self._checkpoints = Checkpoints(directory)
        self._checkpoints.sweep()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = Turns(self._limits)
        self._process: Process | None = None
        self._changes = 0
        self._published: tuple[int, Path] | None = None
        self._publishing: asyncio.Future[None] | None = None
        self._closed = False

    @property
    def directory(self) -> Path:
        """Where it is."""
        return self._directory

    # ---------------------------------------------------------------------------- reading

    def version(self) -> object:
        """What changes with every write."""
        self._loop = asyncio.get_running_loop()
        return self._changes

    @contextmanager
    def lease(self) -> Iterator[Path]:
        """A checkpoint with every write so far. To be called in a thread other than the loop's."""
        if self._loop is None:
            raise StoreError("nobody has asked for the version in an event loop yet")
        path = asyncio.run_coroutine_threadsafe(self._publish(), self._loop).result()
        with lease(path):
            yield path

    async def _publish(self) -> Path:
        # Whoever wants what is there already, or soon, does not wait for a write.
        if self._current() is None and self._publishing is not None:
            await asyncio.wait([self._publishing])
        if (path := self._current()) is not None:
            return path
        async with self._turn.own():
            return self._current() or await self._published_now()

    def _current(self) -> Path | None:
        """The checkpoint that has every write so far, if there is one."""
        if self._published is not None and self._published[0] == self._changes:
            return self._published[1]
        return None

    async def _published_now(self) -> Path:
        self._publishing = asyncio.get_running_loop().create_future()
        try:
            path = await self._checkpoint()
            self._published = (self._changes, path)
            return path
        finally:
            self._publishing.set_result(None)
            self._publishing = None

    async def _checkpoint(self) -> Path:
        target, finish = self._checkpoints.begin()
        await self._done({"operation": "publish", "target": str(target)})
        return finish()

    # ---------------------------------------------------------------------------- writing

    async def update(self, update: Update, *, spent: Spent = unnoted) -> None:
        """See :meth:`testimonia.updates.dataset.Dataset.update`; nothing is anybody's own here."""
        await self._write(dataset.request_of(update), spent=spent)

    async def put(self, write: GraphWrite, *, spent: Spent = unnoted) -> bool:
        """See :meth:`testimonia.updates.dataset.Dataset.put`."""
        head = await self._write(dataset.request_to_put(write), write.data, spent=spent)
        return bool(head["created"])

    async def drop(self, graph: str, *, spent: Spent = unnoted) -> bool:
        """See :meth:`testimonia.updates.dataset.Dataset.drop`."""
        head = await self._write({"operation": "drop", "graph": graph}, spent=spent)
        return bool(head["existed"])

    async def close(self) -> None:
        """Publish what there is, and let go of the lock."""
        if self._closed:
            return
        try:
            await self._publish()
        finally:
            self._closed = True
            if self._process is not None:
                self._process.kill(wait=True)
            self._held.release()

    async def _write(
        self, request: dict[str, Any], data: bytes | None = None, *, spent: Spent
    ) -> dict[str, Any]:
        lasting = may_last(request, data)
        async with self._turn.write(spent, lasting=lasting):
            if self._current() is None and lasting:
                # Readers want what was written before, and would wait for this to end.
                await self._published_now()
            self._checkpoints.outdate()
            head = await self._done(request, data)
            # Where others wait to write, no reader would have a turn soon.
            path = await self._checkpoint() if self._turn.contended else None
            self._changes += 1
            if path is not None:
                self._published = (self._changes, path)
            return head

    async def _done(self, request: dict[str, Any], data: bytes | None = None) -> dict[str, Any]:
        if self._closed:
            raise StoreError("the dataset has been closed")
        head, _ = await dataset.answered(self._running(), request, data, self._limits)
        return head

    def _running(self) -> Process:
        if self._process is not None and self._process.closed:
            self._process.kill(wait=True)
            self._process = None
        if self._process is None:
            extra = ["--store", str(self._directory / _LIVE)]
            self._process = Process(_MODULE, dataset.arguments(self._limits, extra))
        return self._process


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        foreign = sorted(each.name for each in directory.iterdir() if each.name not in _KNOWN)
    except OSError as error:
        raise ArchiveError(f"no dataset can be made in {directory}: {error.strerror}") from error
    if foreign:
        raise ArchiveError(
            f"{directory} holds something else than a plain dataset ({foreign[0]}); name a new"
            " folder"
        )
