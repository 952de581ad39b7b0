"""A new live database in the place of the old one, so that nothing of the old one remains.

RocksDB drops deleted values when it compacts, at a time and in files of its own choosing, and its
files are compressed: whether a byte is left cannot be read off them. A database that was made of
the remaining quads alone never had it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

LIVE: Final = "live"
_NEW: Final = "live.new"
_OLD: Final = "live.old"


def place_for_new(directory: Path) -> Path:
    """Where the new database is to be made."""
    new = directory / _NEW
    shutil.rmtree(new, ignore_errors=True)
    return new


def swap(directory: Path) -> None:
    """Put the new database, which nobody has open, in the place of the old one."""
    (directory / LIVE).rename(directory / _OLD)
    (directory / _NEW).rename(directory / LIVE)
    shutil.rmtree(directory / _OLD)


def recover(directory: Path) -> None:
    """After an unclean end: go back, or finish. Only for the one who has the lock."""
    live, old = directory / LIVE, directory / _OLD
    if old.exists() and not live.exists():
        old.rename(live)
    for remains in (old, directory / _NEW):
        if remains.exists():
            shutil.rmtree(remains)
