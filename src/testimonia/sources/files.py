"""Files on disk: which ones are documents, and their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from testimonia.errors import MetadataError, SourceError, UnreadableSource, UnsupportedSource
from testimonia.sources.metadata import SIDECAR_SUFFIX
from testimonia.sources.options import MAX_BYTES


def find_sources(paths: Iterable[Path]) -> list[Path]:
    """The documents under ``paths``: files as they are, directories with all below them.

    Paths keep their order, a directory's files are sorted by path; each file comes once. Sidecars
    (``NAME.meta.toml``) are left out; so are, inside directories, hidden files and folders and
    what is not a regular file. Folders that are symbolic links are not entered.

    Raises:
        UnreadableSource: a path that does not exist or may not be read, or a directory in which
            no document lies.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_below(path)))
    return list(found)


def read_bytes_of(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a document.

    Raises:
        UnreadableSource: missing, not permitted, or not a regular file.
        UnsupportedSource: larger than ``max_bytes``.
    """
    with open_source(path) as file:
        return read_whole(file, path.name, max_bytes)


def open_source(path: Path) -> BinaryIO:
    """The document's file, open for reading; the caller closes it.

    Raises:
        UnreadableSource: missing, not permitted, or not a regular file.
    """
    if not path.is_file():
        raise UnreadableSource(_why_no_file(path))
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def read_whole(file: BinaryIO, name: str, max_bytes: int = MAX_BYTES) -> bytes:
    """All bytes of an open file, from its beginning.

    Raises:
        UnreadableSource: the file system fails.
        UnsupportedSource: larger than ``max_bytes``.
    """
    try:
        require_size(file.seek(0, os.SEEK_END), name, max_bytes)
        file.seek(0)
        data = file.read(max_bytes + 1)  # it may grow meanwhile
    except OSError as error:
        raise _unreadable(Path(name), error) from error
    require_size(len(data), name, max_bytes)
    return data


def require_size(size: int, name: str, max_bytes: int) -> None:
    """Let what is small enough pass.

    Raises:
        UnsupportedSource: ``size`` is beyond ``max_bytes``.
    """
    if size > max_bytes:
        raise too_large(name, max_bytes)


def too_large(name: str, max_bytes: int) -> UnsupportedSource:
    """What is said of a source beyond ``max_bytes``."""
    return UnsupportedSource(
        f"{name} is larger than {max_bytes:,} bytes, the largest document that is read; split it"
    )


def sidecar_of(path: Path) -> Path:
    """Where the sidecar of a document would lie: ``report.txt`` has ``report.txt.meta.toml``."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def read_sidecar(path: Path) -> bytes | None:
    """The bytes of a document's sidecar, ``None`` where it has none.

    Raises:
        MetadataError: there is one, and it may not be read.
    """
    sidecar = sidecar_of(path)
    try:
        return sidecar.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MetadataError(
            f"{sidecar}: cannot be read ({_reason(error)}); make it a readable file or remove it"
        ) from error


def _below(path: Path) -> list[Path]:
    try:
        missing, directory = not path.exists(), path.is_dir()
    except OSError as error:  # below a folder that may not be entered, or a name too long
        raise _unreadable(path, error) from error
    if not directory:
        if missing:
            raise UnreadableSource(_why_no_file(path))
        return [] if path.name.endswith(SIDECAR_SUFFIX) else [path]
    files = sorted(_documents(path))
    if not files:
        raise UnreadableSource(
            f"{path} has no documents in it; give a directory with files to read"
        )
    return files


def _documents(directory: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(directory, onerror=_raise_unreadable):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and not name.endswith(SIDECAR_SUFFIX) and path.is_file():
                yield path


def _raise_unreadable(error: OSError) -> None:
    raise _unreadable(Path(str(error.filename)), error) from error


def _unreadable(path: Path, error: OSError) -> SourceError:
    if isinstance(error, PermissionError):
        return UnreadableSource(f"{path} may not be read: no permission; check its access rights")
    return UnreadableSource(f"{path} cannot be read: {_reason(error)}")


def _why_no_file(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a directory, not a document; give the files in it"
    if path.exists():
        return f"{path} is not a regular file; give a file"
    return f"{path} does not exist; check the path"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
