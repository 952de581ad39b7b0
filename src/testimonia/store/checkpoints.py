"""Checkpoints of a store: read-only copies by hard links, which other processes may open.

They lie in ``checkpoints/<generation>``, numbered upwards, and appear by one rename, whole. Two
generations are kept, since a reader may be about to open the one before the newest; those that a
reader has leased stay until it is done. They are derived: losing one loses nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from testimonia.errors import StoreError

KEPT: Final = 2
_FOLDER = "checkpoints"
_UNFINISHED = ".tmp"
_PENDING = "pending"
_WITHHELD = "withheld"
_ATTEMPTS = 10


class Checkpoints:
    """The checkpoints of the store in ``directory``; its writer publishes, everybody reads."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / _FOLDER
        self._pending = directory / _PENDING
        self._withheld = directory / _WITHHELD

    def newest(self) -> Path | None:
        """The newest published checkpoint."""
        return max(self._published(), default=None, key=_generation)

    def generation(self) -> int:
        """The number of the newest published checkpoint; 0 where there is none."""
        return max(map(_generation, self._published()), default=0)

    def oldest_generation(self) -> int:
        """The number of the oldest checkpoint that is still there; 0 where there is none."""
        return min(map(_generation, self._published()), default=0)

    def version(self) -> object:
        """What changes when a checkpoint is published or comes to be outdated: two looks at the
        file system, where ``newest`` reads a folder."""
        try:
            return self._folder.stat().st_mtime_ns, self._pending.exists()
        except FileNotFoundError:
            return None

    def pending(self) -> bool:
        """Whether the store has, or may have, something that the newest checkpoint has not."""
        return self._pending.exists() or self.newest() is None

    def outdate(self) -> None:
        """Note that the newest checkpoint will not be the whole any more."""
        self._pending.touch()

    def withhold(self) -> None:
        """Note that what follows is not to be seen before all of it is there: durable, so that it
        holds after an unclean end too."""
        self._withheld.touch()
        descriptor = os.open(self._withheld.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def release(self) -> None:
        """All of it is there."""
        self._withheld.unlink(missing_ok=True)

    def are_withheld(self) -> bool:
        """Whether the newest checkpoint has to do: something is under way, or was cut short. A
        store that never had one has nothing to show in its place."""
        return self._withheld.exists() and self.newest() is not None

    def publish(self, make: Callable[[Path], None]) -> Path:
        """Let ``make`` write the next checkpoint into a path that is not there yet; publish it."""
        unfinished, finish = self.begin()
        make(unfinished)
        return finish()

    def begin(self) -> tuple[Path, Callable[[], Path]]:
        """Where the next checkpoint is to be written, and what publishes it then."""
        self._folder.mkdir(exist_ok=True)
        target = self._folder / f"{self.generation() + 1:012d}"
        unfinished = target.with_name(target.name + _UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)

        def finish() -> Path:
            unfinished.rename(target)
            self._pending.unlink(missing_ok=True)
            self._drop_old()
            return target

        return unfinished, finish

    def older(self) -> tuple[Path, ...]:
        """The generations that are there for their readers alone."""
        return tuple(sorted(self._published(), key=_generation)[:-KEPT])

    def sweep(self) -> None:
        """Remove what an unclean end left behind: only for the one who has the lock."""
        if self._folder.is_dir():
            for unfinished in self._folder.glob(f"*{_UNFINISHED}"):
                shutil.rmtree(unfinished, ignore_errors=True)
            self._drop_old()

    @contextmanager
    def lease_newest(self) -> Iterator[Path]:
        """The newest checkpoint, which stays as long as the lease.

        Raises:
            StoreError: there is none.
        """
        with ExitStack() as stack:
            yield self._enter_newest(stack)

    def _enter_newest(self, stack: ExitStack) -> Path:
        for _ in range(_ATTEMPTS):
            path = self.newest()
            if path is None:
                break
            with suppress(FileNotFoundError):
                stack.enter_context(lease(path))
                return path
        raise StoreError(f"{self._folder} has no checkpoint to read from")

    def _published(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path for path in self._folder.iterdir() if path.name.isdigit()]

    def _drop_old(self) -> None:
        for path in sorted(self._published(), key=_generation)[:-KEPT]:
            _drop(path)


@contextmanager
def lease(checkpoint: Path) -> Iterator[None]:
    """Keep a checkpoint from being removed; the system ends the lease with the process.

    Raises:
        FileNotFoundError: it has been removed, or is about to be.
    """
    descriptor = os.open(checkpoint, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _share(descriptor, checkpoint)
        yield
    finally:
        os.close(descriptor)


def _share(descriptor: int, checkpoint: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise FileNotFoundError(f"{checkpoint} is being removed") from error
    if checkpoint.stat().st_ino != os.fstat(descriptor).st_ino:
        raise FileNotFoundError(f"{checkpoint} has been replaced")


def _drop(checkpoint: Path) -> None:
    """Remove a checkpoint unless somebody has leased it."""
    descriptor = os.open(checkpoint, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        removed = checkpoint.with_name(checkpoint.name + _UNFINISHED)
        checkpoint.rename(removed)  # nobody may take a half-removed one for a checkpoint
        shutil.rmtree(removed, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def _generation(checkpoint: Path) -> int:
    return int(checkpoint.name)


def open_checkpoint(path: Path) -> Store:
    """A checkpoint, read-only.

    Raises:
        StoreError: it is not there, or is none.
    """
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{path} cannot be read as a checkpoint: {error}") from error
