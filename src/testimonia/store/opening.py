"""Opens the store that a directory has: the one in it, or the one elsewhere that it remembers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from testimonia.endpoints import target
from testimonia.iris import Iris
from testimonia.store.checkpoints import open_checkpoint
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.remote import RemoteView, RemoteWriter
from testimonia.store.view import EmbeddedView

AnyWriter: TypeAlias = EmbeddedWriter | RemoteWriter
AnyView: TypeAlias = EmbeddedView | RemoteView


def open_writer(directory: Path, iris: Iris) -> AnyWriter:
    """The one writer of the store.

    Raises:
        ArchiveLocked: another process writes it; the message says which.
        ArchiveError: there is something else in the directory.
        StoreError: a store elsewhere cannot be reached.
    """
    if target.is_remote(directory):
        return RemoteWriter(directory, iris, target.read(directory))
    return EmbeddedWriter(directory, iris)


@contextlib.contextmanager
def view_of(checkpoint: Path, iris: Iris) -> Iterator[AnyView]:
    """What a checkpoint has; one of a store elsewhere has what is there now.

    Raises:
        StoreError: it cannot be read.
    """
    if not target.is_remote(checkpoint):
        yield EmbeddedView(open_checkpoint(checkpoint), iris)
        return
    view = RemoteView.of(target.read(checkpoint), iris)
    try:
        yield view
    finally:
        view.close()
