"""A store made whole at once: filled with an export's quads, or anew from its own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store

from testimonia import candidates, fulltext
from testimonia.endpoints.target import is_remote
from testimonia.errors import ArchiveError, StoreError
from testimonia.iris import Iris
from testimonia.store import renewal
from testimonia.store.checkpoints import Checkpoints
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.locking import StoreLock
from testimonia.store.opening import AnyView, open_writer


def fill(directory: Path, iris: Iris, nquads: Path) -> None:
    """A new store in ``directory`` with the quads of a file; blank nodes keep their labels.

    Raises:
        ArchiveError: the file is no N-Quads.
        StoreError: the disk refused.
    """
    directory.mkdir(parents=True)
    try:
        store = Store(directory / renewal.LIVE)
        store.bulk_extend(pyoxigraph.parse(path=str(nquads), format=RdfFormat.N_QUADS))
        store.flush()
        del store
    except (SyntaxError, ValueError) as error:
        raise ArchiveError(f"{nquads.name} is no N-Quads: {error}") from error
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store could not be filled: {error}") from error
    EmbeddedWriter(directory, iris).close()


def write_live(view: AnyView, directory: Path) -> None:
    """A new database in ``directory`` with everything that a store elsewhere has.

    Raises:
        StoreError: the disk refused, or the store cannot be reached.
    """
    directory.mkdir(parents=True)
    try:
        store = Store(directory / renewal.LIVE)
        store.bulk_extend(view.raw_quads())
        store.flush()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store could not be filled: {error}") from error


def renew(directory: Path, iris: Iris) -> tuple[Path, ...]:
    """Make the store anew of the quads that it has, and drop every older generation.

    Returns the older generations that somebody still reads, and that are therefore still there.

    Raises:
        ArchiveLocked: another process writes the store.
        StoreError: the disk refused; the store is as it was.
    """
    held = StoreLock(directory)
    try:
        if not is_remote(directory):  # there it is the server's to clean up
            renewal.recover(directory)
            _copy(directory)
            renewal.swap(directory)
        for file in directory.glob(f"{fulltext.FILE}*"):  # its writer makes it anew
            file.unlink()
        candidates.discard(directory)
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store could not be made anew: {error}") from error
    finally:
        held.release()
    # Each opening publishes: of the two generations that are kept, neither is older than this.
    for _ in range(2):
        open_writer(directory, iris).close()
    return Checkpoints(directory).older()


def _copy(directory: Path) -> None:
    old = Store(directory / renewal.LIVE)
    new = Store(renewal.place_for_new(directory))
    new.bulk_extend(old)
    for graph in old.named_graphs():
        if isinstance(graph, NamedNode):
            new.add_graph(graph)
    new.flush()


def drop_older(directory: Path) -> tuple[Path, ...]:
    """Drop the older generations that nobody reads any more.

    Returns those that somebody still does.

    Raises:
        ArchiveLocked: another process writes the store.
    """
    held = StoreLock(directory)
    try:
        checkpoints = Checkpoints(directory)
        checkpoints.sweep()
        return checkpoints.older()
    finally:
        held.release()
