"""Record and graph as they belong together at one moment, also while somebody writes.

An ingestion publishes a checkpoint first and marks its documents after. So a reading of the record
that begins while a checkpoint is the newest knows of everything that is in it, and marks nothing as
stored that is not. The one thing that can be ahead is the record of a removal, which is waited for.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from testimonia.catalog import FILE
from testimonia.endpoints.target import is_remote
from testimonia.errors import ArchiveError
from testimonia.exchange.rows import LOCAL, LOCAL_SETTINGS
from testimonia.iris import Iris
from testimonia.store.checkpoints import Checkpoints
from testimonia.store.opening import AnyView, view_of
from testimonia.store.published import readable
from testimonia.store.whole import write_live

ORIGINALS: Final = "SELECT original FROM document UNION SELECT original FROM authority_file"
"""The names of all original bytes that the record has, each once."""
_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``checkpoint`` is the graph's folder, ``view`` what is in it; ``record`` is a connection in a
    read transaction: both stay as they are as long as the context."""

    folder: Path
    checkpoint: Path
    view: AnyView
    record: sqlite3.Connection


@contextmanager
def snapshot(folder: Path, iris: Iris) -> Iterator[Snapshot]:
    """The archive in ``folder`` at one moment.

    Raises:
        ArchiveError: there is no store, or it was changed so fast that no moment could be had.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with ExitStack() as stack:
            found = _try(folder, iris, stack)
            if found is not None:
                yield found
                return
        if time.monotonic() > until:
            raise ArchiveError(
                f"{folder} has documents that its record calls removed: run `testimonia rebuild`,"
                " or wait until nobody writes it"
            )
        time.sleep(_PAUSE_SECONDS)


def copy_to(moment: Snapshot, folder: Path) -> None:
    """The archive at that moment as a folder that is an archive itself; files of the store that
    never change are hard links where that can be.

    Raises:
        OSError: something cannot be written.
    """
    if is_remote(moment.checkpoint):
        write_live(moment.view, folder / "store")
    else:
        shutil.copytree(moment.checkpoint, folder / "store" / "live", copy_function=_linked)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as target:
        moment.record.backup(target)
        target.execute("PRAGMA secure_delete = ON")
        # The copy has its graph in itself, wherever this archive's is.
        for setting in LOCAL_SETTINGS:
            target.execute("DELETE FROM archive WHERE key = ?", (setting,))
        for table in LOCAL:
            target.execute(f'DROP TABLE IF EXISTS "{table}"')
    (folder / "originals").mkdir()
    for (original,) in moment.record.execute(ORIGINALS):
        copy = folder / "originals" / original[:2] / original
        copy.parent.mkdir(exist_ok=True)
        shutil.copy2(moment.folder / "originals" / original[:2] / original, copy)


def _linked(source: str, target: str) -> str:
    if source.endswith(".sst"):
        with suppress(OSError):  # another disk
            os.link(source, target)
            return target
    return str(shutil.copy2(source, target))


def _try(folder: Path, iris: Iris, stack: ExitStack) -> Snapshot | None:
    path = stack.enter_context(readable(folder / "store", iris))
    record = stack.enter_context(closing(_reading(folder / FILE)))
    if Checkpoints(folder / "store").newest() != path:
        return None
    view = stack.enter_context(view_of(path, iris))
    known = dict(record.execute("SELECT id, state FROM document"))
    names = (iris.parse(graph) for graph in view.graphs())
    present = {name.id for name in names if name is not None and name.kind == "document"}
    if any(known.get(document, "removed") == "removed" for document in present):
        return None
    return Snapshot(folder, path, view, record)


def _reading(file: Path) -> sqlite3.Connection:
    record = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    record.execute("BEGIN")
    record.execute("SELECT COUNT(*) FROM archive").fetchone()  # the moment is now
    return record
