"""The bytes as they came, each file named by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from testimonia.catalog.database import cannot_write
from testimonia.errors import StoreError

_PIECE = 1 << 20


def place(folder: Path, sha256: str) -> Path:
    """Where the bytes of this hash are, or would be, kept in the archive ``folder``."""
    return folder / "originals" / sha256[:2] / sha256


def keep(folder: Path, data: bytes) -> str:
    """Keep bytes, durably, unless they are there. Returns their SHA-256, hexadecimal.

    Raises:
        StoreError: the disk refused.
    """
    name = hashlib.sha256(data).hexdigest()
    target = place(folder, name)
    if not target.exists():
        try:
            _write(target, (data,))
        except OSError as error:
            raise StoreError(cannot_write(folder, error)) from error
    return name


def keep_file(folder: Path, path: Path) -> str:
    """Keep a file's bytes, however many. Returns their SHA-256, hexadecimal.

    Raises:
        StoreError: the disk refused.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
        target = place(folder, name)
        if not target.exists():
            file.seek(0)
            try:
                _write(target, iter(lambda: file.read(_PIECE), b""))
            except OSError as error:
                raise StoreError(cannot_write(folder, error)) from error
    return name


def _write(target: Path, pieces: Iterable[bytes]) -> None:
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
        _sync(target.parent.parent)
    file = tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False)  # noqa: SIM115
    try:
        with file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(file.name).unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
