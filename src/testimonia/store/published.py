"""What the writer of a store has published, for other processes and for those that only read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from testimonia import candidates, fulltext
from testimonia.endpoints.target import is_remote
from testimonia.errors import ArchiveError, ArchiveLocked
from testimonia.iris import Iris
from testimonia.store.checkpoints import Checkpoints
from testimonia.store.embedded import LIVE
from testimonia.store.opening import AnyView, open_writer, view_of


@contextlib.contextmanager
def open_view(directory: Path, iris: Iris) -> Iterator[AnyView]:
    """Everything that is stored, for reading, whether or not a writer has the store open.

    While one has, this is what it last published.

    Raises:
        ArchiveError: there is no store in ``directory``.
        StoreError: it cannot be read.
    """
    with readable(directory, iris) as path, view_of(path, iris) as view:
        yield view


@contextlib.contextmanager
def readable(directory: Path, iris: Iris) -> Iterator[Path]:
    """The path of a checkpoint to read from, which stays as long as the context.

    Where the last writer ended before it could publish, that is made up for first.

    Raises:
        ArchiveError: there is no store in ``directory``.
    """
    if not (directory / LIVE).is_dir() and not is_remote(directory):
        raise ArchiveError(f"{directory} has no store; ingest a document first")
    checkpoints = Checkpoints(directory)
    if checkpoints.pending() or not is_readable(directory):
        with contextlib.suppress(ArchiveLocked):  # its writer will publish, or just has
            open_writer(directory, iris).close()
    with checkpoints.lease_newest() as path:
        yield path


def is_readable(directory: Path) -> bool:
    """Whether there is a checkpoint, with indexes that can be searched for it."""
    newest = Checkpoints(directory).generation()
    covered = (each.covers(directory, newest) for each in (fulltext, candidates))
    return newest > 0 and all(covered)


class Published:
    """What the writer of a store in another process publishes, for a pool of readers."""

    def __init__(self, directory: Path, iris: Iris) -> None:
        self._directory = directory
        self._iris = iris
        self._checkpoints = Checkpoints(directory)

    def version(self) -> object:
        """What changes when something is published, or about to be."""
        return self._checkpoints.version()

    def lease(self) -> contextlib.AbstractContextManager[Path]:
        """See :func:`readable`."""
        return readable(self._directory, self._iris)
