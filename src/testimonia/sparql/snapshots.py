"""What queries read: the checkpoint of now, leased for as long as anybody needs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Protocol


class Publications(Protocol):
    """Where the checkpoints come from that queries run on."""

    def version(self) -> object:
        """Something that changes whenever ``lease`` would give another checkpoint; cheap."""
        ...

    def lease(self) -> AbstractContextManager[Path]:
        """The checkpoint of now, which stays as long as the context. It may block."""
        ...


class Snapshot:
    """A checkpoint with its lease. ``identity`` tells it from every other, for good."""

    def __init__(self, leased: AbstractContextManager[Path]) -> None:
        self._stack = ExitStack()
        self.path = self._stack.enter_context(leased)
        self.name = str(self.path)
        status = self.path.stat()
        self.identity = f"{self.path.name}-{status.st_ino:x}-{status.st_mtime_ns:x}"
        self._users = 1

    def take(self) -> None:
        """One more needs it."""
        self._users += 1

    def release(self) -> None:
        """One less does."""
        self._users -= 1
        if not self._users:
            self._stack.close()


class Snapshots:
    """The snapshot of now. ``changed`` is called when there is another, or none."""

    def __init__(self, publications: Publications, changed: Callable[[], None]) -> None:
        self._publications = publications
        self._changed = changed
        self._snapshot: Snapshot | None = None
        self._version: object = None
        self._leasing = asyncio.Lock()
        self._used = time.monotonic()

    async def now(self) -> Snapshot:
        """What a query that begins now runs on: it has every write that was acknowledged before.

        Raises:
            StoreError, ArchiveError: there is nothing to read from.
        """
        self._used = time.monotonic()
        version = self._publications.version()
        if self._snapshot is not None and version == self._version:
            return self._snapshot
        async with self._leasing:
            version = self._publications.version()
            if self._snapshot is None or version != self._version:
                lease = self._publications.lease()
                fresh = await asyncio.to_thread(Snapshot, lease)
                old, self._snapshot, self._version = self._snapshot, fresh, version
                self._changed()
                if old is not None:
                    old.release()
        return self._snapshot

    async def let_go(self, seconds: float) -> bool:
        """Where nobody has asked for so long: hold none that is not the newest any more. Says
        whether one was let go."""
        if time.monotonic() - self._used < seconds:
            return False
        async with self._leasing:
            if self._snapshot is None or self._publications.version() == self._version:
                return False
            self.close()
        return True

    @property
    def generation(self) -> int | None:
        """The number of the checkpoint that was read last."""
        name = self._snapshot.path.name if self._snapshot is not None else ""
        return int(name) if name.isdecimal() else None

    def close(self) -> None:
        """Hold none."""
        old, self._snapshot = self._snapshot, None
        self._changed()
        if old is not None:
            old.release()
