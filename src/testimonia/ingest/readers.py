"""Who derives documents: this process itself, or others (``workers``)."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from testimonia.ingest.deriving import Derived, Extractor, Task, derived


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

    def submit(self, task: Task) -> Future[Derived]:
        """What will follow from a document; raises what ``derived`` does when it is asked for."""
        ...


class Here:
    """One document after another, in this process."""

    most = 1

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
