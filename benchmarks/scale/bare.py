"""Asks a store that was loaded and not indexed: none of the competency queries needs the indexes of
words and names, which take as long as loading does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from testimonia.library import Archive
from testimonia.sparql.evaluator import Evaluator
from testimonia.sparql.limits import Limits
from testimonia.store.embedded import LIVE


class _Bare:
    """A checkpoint that nobody publishes."""

    def __init__(self, checkpoint: Path) -> None:
        self._checkpoint = checkpoint

    def version(self) -> object:
        """It stays what it is."""
        return self._checkpoint

    @contextmanager
    def lease(self) -> Iterator[Path]:
        """Its path."""
        yield self._checkpoint


@contextmanager
def bare(archive: Archive, seconds: float) -> Iterator[None]:
    """Let the archive's queries run on what its store has, indexed or not. For one who knows that
    nobody writes it."""
    checkpoint = archive.folder / "bare"
    if not checkpoint.exists():
        store = Store(archive.folder / "store" / LIVE)
        store.backup(checkpoint)
        del store
    with Evaluator(_Bare(checkpoint), Limits(seconds=seconds)) as evaluator:
        archive.__dict__["evaluator"] = evaluator
        yield
        del archive.__dict__["evaluator"]
