"""TAR archives (POSIX.1-2001 pax and older), plain or compressed, read as a stream."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from testimonia.errors import SourceError, UnsupportedSource
from testimonia.sources import entries
from testimonia.sources.extract import Part, Refused
from testimonia.sources.inflate import Budget, compression, inflated
from testimonia.sources.metadata import SIDECAR_SUFFIX
from testimonia.sources.options import Options

_MOST_SIDECARS = 50_000_000
_LARGEST_HEADERS = 10_000_000


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The files in the archive in its order, each with its sidecar if it has one.

    Links, folders, devices and hidden files are none. The archive is read twice: a sidecar may
    stand behind its file.

    Raises:
        UnsupportedSource: damaged or cut off (what came before was given), of too many members, or
            over the bounds of ``options``.
    """
    sidecars = _sidecars(file, name, options)
    unique = entries.Unique()
    for archive, info in _members(file, name, options):
        if not info.isreg() or not entries.is_document(info.name):
            continue
        called = unique.name(entries.shown(info.name))
        where = f"{name}/{called}"
        if info.size > options.max_bytes:
            yield Refused(called, _too_large(where, options.max_bytes))
            continue
        about = sidecars.get(info.name + SIDECAR_SUFFIX)
        data = _data(archive, info, name)
        try:
            beside = entries.beside(about, where)
        except SourceError as error:
            yield Refused(called, error)
        else:
            yield Part(called, data, beside=beside)


def _sidecars(file: BinaryIO, name: str, options: Options) -> dict[str, bytes]:
    """All sidecars by name, of an archive that ends early those before its end."""
    found: dict[str, bytes] = {}
    size = 0
    try:
        for archive, info in _members(file, name, options):
            fits = info.size <= entries.MOST_SIDECAR_BYTES
            if info.isreg() and fits and info.name.endswith(SIDECAR_SUFFIX):
                found[info.name] = _data(archive, info, name)
                size += info.size
            if size > _MOST_SIDECARS:
                break
    except SourceError:
        pass  # raised again when the documents are read, at the same place
    return found


class _Stream:
    """What tarfile reads from: a member's body and the headers before it, and no more at once.

    tarfile takes the length of an extended header from the header itself, and holds it in memory.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._left = _LARGEST_HEADERS

    def allow(self, body: int) -> None:
        """Let a body of that many bytes and the next headers be read."""
        self._left = body + _LARGEST_HEADERS

    def read(self, size: int) -> bytes:
        """Bytes of the archive."""
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise UnsupportedSource(
                f"{self._name} has headers of more than {_LARGEST_HEADERS:,} bytes before a file; "
                "what came before was read, the rest was not"
            )
        return data


def _members(
    file: BinaryIO, name: str, options: Options
) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    budget = Budget(name, options.most_bytes_of(file.seek(0, io.SEEK_END)))
    stream = _Stream(_unpacked(file, budget), name)
    with (
        _damage_told(name),
        tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|", errorlevel=2) as archive,
    ):
        count = 0
        while (info := archive.next()) is not None:
            count += 1
            if count > options.max_parts:
                raise UnsupportedSource(
                    f"{name} holds more than {options.max_parts:,} files; those after were left: "
                    "make several archives of it"
                )
            stream.allow(info.size)
            yield archive, info
            vars(archive)["members"].clear()  # tarfile keeps all of them otherwise


def _unpacked(file: BinaryIO, budget: Budget) -> BinaryIO:
    file.seek(0)
    kind = compression(file.read(8))
    file.seek(0)
    return inflated(file, kind, budget) if kind else file


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise UnsupportedSource(
            f"{name} is damaged or cut off: {error}; what came before was read, the rest was not"
        ) from error


def _data(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> bytes:
    with _damage_told(name):
        member = archive.extractfile(info)
        return b"" if member is None else member.read()


def _too_large(where: str, most: int) -> SourceError:
    return UnsupportedSource(
        f"{where} is larger than {most:,} bytes, the largest document that is read; split it"
    )
