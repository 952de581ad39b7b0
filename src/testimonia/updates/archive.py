"""An archive as the endpoint serves it: everybody's to read, and its users' own graphs to write.

The writer of the archive is opened with the first write and let go when there has been none for a
while, so that `testimonia ingest` can have its turn.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from testimonia.endpoints.target import is_remote
from testimonia.errors import ArchiveLocked, Invalid
from testimonia.iris import Iris
from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import Process
from testimonia.store import Change
from testimonia.store.locking import owner
from testimonia.store.opening import AnyWriter, open_writer
from testimonia.store.published import Published
from testimonia.updates import dataset
from testimonia.updates.dataset import GraphWrite, Update
from testimonia.updates.turns import Spent, Turns, may_last, unnoted

_MODULE: Final = "testimonia.updates.trial"
_IDLE_SECONDS: Final = 5.0
_IMPORT_SECONDS: Final = 600.0


class ArchiveDataset:
    """The store in ``directory``, of the archive with these IRIs. To be used in an event loop."""

    def __init__(
        self,
        directory: Path,
        iris: Iris,
        limits: Limits | None = None,
    ) -> None:
        self._directory = directory
        self._iris = iris
        self._limits = limits or Limits()
        self._turn = Turns(self._limits)
        self._published = Published(directory, iris)
        self._writer: AnyWriter | None = None
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._letting_go: asyncio.Task[None] | None = None
        self._lent = False

    # ---------------------------------------------------------------------------- reading

    def version(self) -> object:
        """What changes with every write, of this process or another."""
        writer = self._writer
        return self._published.version() if writer is None else (id(writer), writer.version())

    def lease(self) -> AbstractContextManager[Path]:
        """A checkpoint with every write that was acknowledged."""
        writer = self._writer
        return self._published.lease() if writer is None else writer.lease()

    # ---------------------------------------------------------------------------- writing

    async def update(self, update: Update, *, spent: Spent = unnoted) -> None:
        """See :meth:`testimonia.updates.dataset.Dataset.update`."""
        await self._write(dataset.request_of(update), spent=spent)

    async def put(self, write: GraphWrite, *, spent: Spent = unnoted) -> bool:
        """See :meth:`testimonia.updates.dataset.Dataset.put`."""
        head = await self._write(dataset.request_to_put(write), write.data, spent=spent)
        return write.graph not in head["existed"]

    async def drop(self, graph: str, *, spent: Spent = unnoted) -> bool:
        """See :meth:`testimonia.updates.dataset.Dataset.drop`."""
        request = {"operation": "drop", "graph": graph, "unchecked": True}
        head = await self._write(request, spent=spent)
        return graph in head["existed"]

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Another process may write, and nobody here, as long as the context."""
        async with self._turn.own():
            await self._let_go()
            self._lent = True
        try:
            yield
        finally:
            self._lent = False

    async def close(self) -> None:
        """Let go of the writer and of the process."""
        async with self._turn.own():
            await self._let_go()
        if self._process is not None:
            self._process.kill(wait=True)

    async def _write(
        self, request: dict[str, Any], data: bytes | None = None, *, spent: Spent
    ) -> dict[str, Any]:
        """Try it on a copy; apply what it changes there."""
        async with self._turn.write(spent, lasting=may_last(request, data)):
            writer = await self._opened()
            try:
                folder = Path(tempfile.mkdtemp(prefix="trial-", dir=self._directory))
                try:
                    copy = folder / "copy"
                    await asyncio.to_thread(writer.checkpoint, copy)
                    tried = {**request, "copy": str(copy), "reserved": self._iris.reserved}
                    head, lines = await dataset.answered(self._running(), tried, data, self._limits)
                finally:
                    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
                if (report := head["report"]) is not None:
                    raise Invalid(
                        f"nothing was written: {report['text'].splitlines()[0]}",
                        report["turtle"],
                        report["json"],
                    )
                change = Change(tuple(_changes(lines)), tuple(head["made"]), tuple(head["dropped"]))
                await asyncio.to_thread(writer.change_users_graphs, change)
                return head
            finally:
                self._rest()

    async def _opened(self) -> AnyWriter:
        if self._lent:
            raise ArchiveLocked(
                f"documents are being read into the archive by {owner(self._directory)}; try again"
                " when they are done"
            )
        if self._idle is not None:
            self._idle.cancel()
        if self._writer is None:
            self._writer = await asyncio.to_thread(open_writer, self._directory, self._iris)
        return self._writer

    def _rest(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._begin_letting_go)

    def _begin_letting_go(self) -> None:
        self._letting_go = asyncio.ensure_future(self._let_go_in_turn())

    async def _let_go_in_turn(self) -> None:
        async with self._turn.own():
            await self._let_go()

    async def _let_go(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._writer is not None:
            # Published first: whoever reads from now on finds every write there.
            await asyncio.to_thread(self._writer.flush)
            writer, self._writer = self._writer, None
            await asyncio.to_thread(writer.close)

    def _running(self) -> Process:
        if self._process is not None and self._process.closed:
            self._process.kill(wait=True)
            self._process = None
        if self._process is None:
            self._process = Process(_MODULE, dataset.arguments(self._limits))
        return self._process


def put(
    directory: Path, iris: Iris, graph: str, data: bytes, media_type: str, base_iri: str
) -> bool:
    """Put a graph into the store in ``directory`` outside any event loop; see
    :meth:`ArchiveDataset.put`."""

    async def once() -> bool:
        limits = Limits(seconds=_IMPORT_SECONDS, remote=is_remote(directory))
        opened = ArchiveDataset(directory, iris, limits)
        try:
            return await opened.put(GraphWrite(graph, data, media_type, base_iri))
        finally:
            await opened.close()

    return asyncio.run(once())


def _changes(lines: bytes) -> Iterator[tuple[str, ...]]:
    for line in lines.splitlines():
        yield tuple(json.loads(line))


def sweep(directory: Path) -> None:
    """Remove the copies that an unclean end left behind."""
    with suppress(OSError):
        for folder in directory.glob("trial-*"):
            shutil.rmtree(folder, ignore_errors=True)
