"""Where the files of a package go: a folder, or a ZIP where the name ends so.

Both appear under their name by one rename, whole; equal contents give equal bytes, for the ZIP
has no clock times in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from testimonia.errors import ArchiveError, UsageError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CHUNK: Final = 1024 * 1024


class Hashing:
    """A stream that passes bytes on, and knows their SHA-256 and their number."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Pass it on."""
        self._digest.update(data)
        self.size += len(data)
        self._output.write(data)
        return len(data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Pass them on."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back here."""

    @property
    def sha256(self) -> str:
        """Of all that went through, hexadecimal."""
        return self._digest.hexdigest()


class Target(Protocol):
    """Takes files by their path inside the package."""

    def write(self, name: str, fill: Callable[[BinaryIO], None]) -> Hashing:
        """Let ``fill`` write the file ``name``; what is returned knows its hash and size."""
        ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, fill: Callable[[BinaryIO], None]) -> Hashing:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            return _filled(opened, fill)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, name: str, fill: Callable[[BinaryIO], None]) -> Hashing:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w", force_zip64=True) as opened:
            return _filled(cast("BinaryIO", opened), fill)


@contextmanager
def package(path: Path) -> Iterator[Target]:
    """A new package at ``path``, which must not exist.

    Raises:
        UsageError: it exists.
        ArchiveError: it cannot be written.
    """
    if path.exists():
        raise UsageError(f"{path} exists; name another place with --output")
    unfinished = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        if path.suffix.lower() == ".zip":
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(unfinished, "w") as archive:
                yield _Zip(archive)
        else:
            unfinished.mkdir(parents=True)
            yield _Folder(unfinished)
        unfinished.rename(path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error}") from error
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)


def of_bytes(data: bytes) -> Callable[[BinaryIO], None]:
    """Fills a file with these bytes."""

    def fill(output: BinaryIO) -> None:
        output.write(data)

    return fill


def of_file(file: Path) -> Callable[[BinaryIO], None]:
    """Fills a file with another's bytes."""

    def fill(output: BinaryIO) -> None:
        with file.open("rb") as opened:
            shutil.copyfileobj(opened, output, _CHUNK)

    return fill


def _filled(opened: BinaryIO, fill: Callable[[BinaryIO], None]) -> Hashing:
    hashing = Hashing(opened)
    fill(cast("BinaryIO", hashing))
    return hashing
