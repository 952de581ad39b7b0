"""The installation's own index: made once, found by every later process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from testimonia.errors import SettingsError
from testimonia.gazetteer.build import build_gazetteer, fingerprint
from testimonia.settings import cache_folder


def cached_index(notice: Callable[[str], None]) -> Path:
    """The index of exactly this version's data, made first where it is missing.

    Its name tells what it was made from, so that an upgrade never meets an older one. Of several
    processes that start at once one builds and the others wait; what they see is whole.

    Raises:
        SettingsError: the cache's folder cannot be written.
    """
    path = default_index()
    if not path.exists():
        try:
            _build_once(path, notice)
        except OSError as error:
            raise SettingsError(
                f"the gazetteer's index cannot be made in {path.parent}: {error}; name a folder"
                " that can be written with $TESTIMONIA_CACHE"
            ) from error
    return path


def default_index() -> Path:
    """Where the installation's own index lies, or will lie once it is made."""
    return cache_folder() / f"gazetteer-{fingerprint()}.sqlite"


def _build_once(path: Path, notice: Callable[[str], None]) -> None:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            notice("building the gazetteer's index, once for this machine …")
            build_gazetteer(path)
