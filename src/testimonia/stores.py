"""Where an archive keeps its graph: in its own folder, or in a store elsewhere; recorded with the
first use, so that every later command finds it.

The record says where; the folder ``store`` remembers what was found out about it (``remote.json``),
which can be found out again.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from testimonia.catalog import Catalog
from testimonia.endpoints import address, target
from testimonia.errors import ArchiveError, UsageError
from testimonia.iris import Iris
from testimonia.store.opening import open_writer
from testimonia.store.renewal import LIVE

_WHERE: Final = "store"
_ID: Final = "store_id"
_MOVING, _BEFORE = ".moving", ".before"

Notice = Callable[[str], None]


def where(catalog: Catalog) -> str:
    """Where the graph is, as a user writes it: ``embedded`` for the archive's own folder."""
    return catalog.setting(_WHERE) or address.EMBEDDED


def shown(catalog: Catalog) -> str:
    """The same for people, without options."""
    return where(catalog).partition("#")[0]


def place(directory: Path, catalog: Catalog, iris: Iris, asked: str | None = None) -> None:
    """Have the folder ``directory`` be that of the store that the record names; of a new archive,
    the one that is asked for, which is recorded then.

    Raises:
        SettingsError: what is asked for is no address of a store.
        ArchiveError: the graph is elsewhere already, or that store has something else.
        StoreError: it cannot be reached.
    """
    _finish_move(directory, catalog)
    known = where(catalog)
    wanted = asked or known
    if wanted != known:
        if not address.is_embedded(wanted):
            address.parse(wanted)
        if not address.is_embedded(known) or next(iter(catalog.documents()), None) is not None:
            raise ArchiveError(
                f"this archive keeps its graph in {shown(catalog)}, not in"
                f" {wanted.partition('#')[0]}: `testimonia rebuild --store` moves it"
            )
        if (directory / LIVE).is_dir():  # no documents, but users may have graphs there
            move(directory, catalog, iris, wanted)
            return
    if not address.is_embedded(wanted) and _place_of(directory) != wanted:
        _connect(directory, catalog, iris, wanted)
    if wanted != known:
        catalog.keep_setting(_WHERE, wanted)


def move(
    directory: Path, catalog: Catalog, iris: Iris, to: str, notice: Notice = lambda _: None
) -> bool:
    """Move the graph, users' own graphs included, to another store; what it was moved from stays as
    it is where that is elsewhere. Returns whether there was anything to do.

    Raises:
        SettingsError, ArchiveError, StoreError: as ``place``; nothing has changed then.
        ArchiveLocked: another process writes the archive.
    """
    if to == where(catalog):
        return False
    beside = directory.with_name(directory.name + _MOVING)
    with open_writer(directory, iris) as old:  # and nobody else may write it
        shutil.rmtree(beside, ignore_errors=True)
        if not address.is_embedded(to):
            _connect(beside, catalog, iris, to)
        notice(f"moving the graph to {to.partition('#')[0]} …")
        with open_writer(beside, iris) as new:
            new.load(old.raw_quads(), anew=True)
        catalog.keep_setting(_WHERE, to)
    _finish_move(directory, catalog)
    return True


def require_embedded(catalog: Catalog, what: str) -> None:
    """Let something pass that needs the graph in the archive's own folder.

    Raises:
        UsageError: it is elsewhere.
    """
    if not address.is_embedded(where(catalog)):
        raise UsageError(
            f"{what} needs the graph in the archive's own folder, and it is in {shown(catalog)}:"
            " `testimonia rebuild --changed --store embedded` brings it there, and"
            " `--store` with that address back again"
        )


def _connect(directory: Path, catalog: Catalog, iris: Iris, written: str) -> None:
    from testimonia.endpoints import detection
    from testimonia.store.remote import claiming

    view, marker = claiming.view_graph(iris), claiming.marker_graph(iris)
    found = detection.detected(address.parse(written), view, marker)
    claiming.claim(found, iris, _id(catalog))
    # A store that is in the folder has no document, or has been moved.
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    found.write(directory)


def _id(catalog: Catalog) -> str:
    known = catalog.setting(_ID)
    if known is None:
        known = secrets.token_hex(16)
        catalog.keep_setting(_ID, known)
    return known


def _place_of(directory: Path) -> str:
    return target.read(directory).written if target.is_remote(directory) else address.EMBEDDED


def _finish_move(directory: Path, catalog: Catalog) -> None:
    """Put the store that the record names into its place, where a move ended before it could."""
    beside = directory.with_name(directory.name + _MOVING)
    before = directory.with_name(directory.name + _BEFORE)
    if beside.is_dir() and _place_of(beside) == where(catalog) != _place_of(directory):
        if directory.exists():
            shutil.rmtree(before, ignore_errors=True)
            directory.rename(before)
        beside.rename(directory)
    if directory.exists():
        shutil.rmtree(before, ignore_errors=True)
