"""What lies in object storage, or any other file system that fsspec knows: ``s3://bucket/letters``.

How it is reached (credentials, another endpoint) is the matter of fsspec and its drivers, which
read their own configuration and environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from testimonia.errors import MetadataError, UnreadableSource, UnsupportedSource, UsageError
from testimonia.sources.inputs import LARGEST, PIECE, Input, Opened, is_address
from testimonia.sources.metadata import SIDECAR_SUFFIX
from testimonia.sources.options import MAX_BYTES, Options

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_object_address(written: str) -> bool:
    """Whether this is an address of a file system rather than a path, or a page on the web."""
    return _ADDRESS.match(written) is not None and not is_address(written)


def objects(written: str) -> list[Input]:
    """The document at this address; of a folder, all below it, sorted, as ``find_sources`` has it.

    Raises:
        UsageError: fsspec or its driver for this kind of storage is not installed, or there is no
            such kind.
        UnreadableSource: there is none, or the storage refuses.
    """
    system, path = _system(written)
    try:
        found = [path] if system.isfile(path) else sorted(_below(system, path))
        names = [written] if found == [path] else [system.unstrip_protocol(each) for each in found]
    except Exception as error:  # each driver has errors of its own
        raise _unreadable(written, error) from error
    if not names:
        raise UnreadableSource(f"{written} has no documents in it, or does not exist")
    return [object_at(each) for each in names]


def object_at(address: str) -> Input:
    """One object, asked for when it is read, with its sidecar ``NAME.meta.toml`` if it has one.

    Raises:
        UsageError: as ``objects``.
    """
    system, path = _system(address)

    def opened(_: Options) -> Opened:
        sidecar = _sidecar(system, path, address)
        return Opened(_copied(system, path, address), sidecar=sidecar)

    return Input(address, opened, address)


def _system(address: str) -> tuple[Any, str]:
    if "::" in address:
        raise UsageError(f"{address}: one address within another is not read")
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{address}: install the extra: pip install 'testimonia[ray]'") from error
    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{address}: {error}") from error
    return system, path


def _below(system: Any, folder: str) -> Iterator[str]:
    for path in system.find(folder):
        parts = path.removeprefix(folder).strip("/").split("/")
        if not path.endswith(SIDECAR_SUFFIX) and not any(part.startswith(".") for part in parts):
            yield path


def _copied(system: Any, path: str, address: str) -> BinaryIO:
    copy = SpooledTemporaryFile(max_size=MAX_BYTES)  # noqa: SIM115 - closed by who reads it
    try:
        with system.open(path, "rb") as file:
            for piece in _pieces(file.read, address):
                copy.write(piece)
        copy.seek(0)
    except UnsupportedSource:
        copy.close()
        raise
    except Exception as error:
        copy.close()
        raise _unreadable(address, error) from error
    return cast("BinaryIO", copy)


def _pieces(read: Callable[[int], bytes], address: str) -> Iterator[bytes]:
    size = 0
    while piece := read(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise UnsupportedSource(f"{address} is larger than {LARGEST:,} bytes; split it")
        yield piece


def _sidecar(system: Any, path: str, address: str) -> bytes | None:
    try:
        data: bytes = system.cat_file(path + SIDECAR_SUFFIX)
    except FileNotFoundError:
        return None
    except Exception as error:
        why = _reason(error)
        raise MetadataError(f"{address}{SIDECAR_SUFFIX}: cannot be read ({why})") from error
    return data


def _unreadable(address: str, error: Exception) -> UnreadableSource:
    if isinstance(error, FileNotFoundError):
        return UnreadableSource(f"{address} does not exist")
    return UnreadableSource(f"{address} cannot be read: {_reason(error)}")


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
