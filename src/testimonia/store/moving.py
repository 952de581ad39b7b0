"""Moves a store to another base IRI: the same quads with every IRI of the archive renamed.

Ids do not depend on the base, so that what is renamed equals what a rebuild under the new base
would give; and what users put into graphs of their own comes along, which no rebuild could bring.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from testimonia.errors import ArchiveLocked
from testimonia.iris import Iris
from testimonia.store.checkpoints import Checkpoints, open_checkpoint
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.locking import StoreLock
from testimonia.vocabulary import PREFIXES

_NEW, _OLD = ".rebased", ".before"
# Millions of quads fit a transaction, but not the memory of a small machine.
_BULK = 100_000


def move_store(directory: Path, old: Iris, new: Iris, decide: Callable[[], None]) -> int:
    """Rename all IRIs under ``old`` to ``new``; returns how many quads there are.

    The new store is written whole beside the old one; then ``decide`` records that the new base
    holds, and the two change places. Should the process end between these two, the store still
    has the old names: the same call does it again.

    Raises:
        ArchiveLocked: another process writes the store.
        StoreError: the disk refused.
    """
    beside = directory.with_name(directory.name + _NEW)
    shutil.rmtree(beside, ignore_errors=True)
    EmbeddedWriter(directory, old).close()  # publishes what its last writer could not
    with _locked(directory) as checkpoint:
        beside.mkdir(parents=True)
        count = _copy(open_checkpoint(checkpoint), beside / "live", _renaming(old, new))
        EmbeddedWriter(beside, new).close()
        decide()
        _exchange(directory, beside)
    return count


def settle_move(directory: Path) -> None:
    """Put the old store back where a move ended between its two renamings."""
    before = directory.with_name(directory.name + _OLD)
    if before.is_dir() and not directory.exists():
        before.rename(directory)
    shutil.rmtree(before, ignore_errors=True)


@contextmanager
def _locked(directory: Path) -> Iterator[Path]:
    """The newest checkpoint of a store that nobody can write meanwhile."""
    lock = StoreLock(directory)
    try:
        checkpoints = Checkpoints(directory)
        newest = checkpoints.newest()
        if newest is None or checkpoints.pending():
            raise ArchiveLocked(f"{directory} has just been written; try again")
        yield newest
    finally:
        lock.release()


def _copy(source: Store, target: Path, renamed: Callable[[NamedNode], NamedNode]) -> int:
    store = Store(target)
    batch: list[Quad] = []
    count = 0
    for quad in source:
        batch.append(_quad(quad, renamed))
        count += 1
        if len(batch) == _BULK:
            store.bulk_extend(batch)
            batch.clear()
    store.bulk_extend(batch)
    store.flush()
    return count


def _quad(quad: Quad, renamed: Callable[[NamedNode], NamedNode]) -> Quad:
    subject, predicate, object_, graph = quad
    return Quad(
        renamed(subject) if isinstance(subject, NamedNode) else subject,
        renamed(predicate),
        renamed(object_) if isinstance(object_, NamedNode) else object_,
        graph if isinstance(graph, DefaultGraph) else renamed(graph),
    )


def _renaming(old: Iris, new: Iris) -> Callable[[NamedNode], NamedNode]:
    vocabularies = tuple(PREFIXES.values())

    def renamed(node: NamedNode) -> NamedNode:
        value = node.value
        if not value.startswith(old.base_iri) or value.startswith(vocabularies):
            return node
        return NamedNode(new.base_iri + value.removeprefix(old.base_iri))

    return renamed


def _exchange(directory: Path, beside: Path) -> None:
    before = directory.with_name(directory.name + _OLD)
    directory.rename(before)
    beside.rename(directory)
    shutil.rmtree(before, ignore_errors=True)
