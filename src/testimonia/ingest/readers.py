"""Who derives documents: this process itself, or others (``workers``)."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from testimonia.ingest.deriving import Derived, Extractor, Task, derived
from testimonia.ingest.line import CHARACTERS


@runtime_checkable
class Readers(Protocol):
    """Takes documents in and gives what follows from each, in whatever order."""

    @property
    def extractor(self) -> str:
        """Software, model and versions."""
        ...

    @property
    def most(self) -> int:
        """How many documents it is well to have handed in at a time."""
        ...

    @property
    def characters(self) -> int:
        """How long their texts may be together."""
        ...

    def submit(self, task: Task) -> Future[Derived]:
        """What will follow from a document; raises what ``derived`` does when it is asked for."""
        ...

    def done(self, documents: Collection[str]) -> None:
        """What became of these (by their ids) is recorded: nothing need be kept for them."""
        ...


class Here:
    """One document after another, in this process."""

    most = 1
    characters = CHARACTERS

    def __init__(self, reader: Extractor) -> None:
        self._reader = reader

    @property
    def extractor(self) -> str:
        """Software, model and versions."""
        return self._reader.extractor

    def submit(self, task: Task) -> Future[Derived]:
        """See :class:`Readers`."""
        future: Future[Derived] = Future()
        try:
            future.set_result(derived(task, self._reader))
        except Exception as error:
            future.set_exception(error)
        return future

    def done(self, documents: Collection[str]) -> None:
        """See :class:`Readers`."""
