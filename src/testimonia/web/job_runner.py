"""Runs the jobs of an archive one after another, each in a process of its own.

The server's memory and event loop stay free; while a job runs, its process has the archive's lock,
and updates answer 409.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from testimonia.jobs import Jobs
from testimonia.updates.archive import ArchiveDataset

_PATIENCE_SECONDS: Final = 10.0


class JobRunner:
    """The jobs of the archive in ``folder``. To be used in one event loop."""

    def __init__(self, folder: Path, dataset: ArchiveDataset) -> None:
        self.jobs = Jobs(folder)
        self._folder = folder
        self._dataset = dataset
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._closed = False
        self._more = False

    async def resume(self) -> None:
        """Go on with what was waiting when the server ended."""
        if await asyncio.to_thread(self.jobs.waiting):
            self.wake()

    def wake(self) -> None:
        """There is a new job."""
        self._more = True
        if not self._closed and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self._all())

    async def close(self) -> None:
        """End the process that is at work; its job is done at the next start."""
        self._closed = True
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_PATIENCE_SECONDS)
            if self._process is not None:
                with suppress(ProcessLookupError):
                    self._process.kill()
            await asyncio.wait([self._task])

    async def _all(self) -> None:
        while not self._closed:
            self._more = False
            id_ = await asyncio.to_thread(self.jobs.next)
            if id_ is not None:
                async with self._dataset.lent():
                    await self._one(id_)
            elif not self._more:  # none has come while we looked
                return

    async def _one(self, id_: str) -> None:
        await asyncio.to_thread(self.jobs.begin, id_)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "testimonia", "run-job", id_, "--archive", str(self._folder.absolute())),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            # Ctrl-C at a terminal reaches the whole group, and the process is told by us.
            start_new_session=True,
        )
        try:
            if self._closed:
                self._process.send_signal(signal.SIGINT)
            await self._process.wait()
        finally:
            self._process = None
        if self._closed:
            await asyncio.to_thread(self.jobs.put_back, id_)
