"""ZIP archives (APPNOTE 6.3) of files in any format that has a reader."""

from __future__ import annotations

import io
import lzma
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from testimonia.errors import SourceError, UnsupportedSource
from testimonia.sources import entries
from testimonia.sources.extract import Part, Refused
from testimonia.sources.inflate import Budget
from testimonia.sources.metadata import SIDECAR_SUFFIX
from testimonia.sources.options import Options

DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)
"""What zipfile raises on damaged, encrypted and newfangled members (the last two RuntimeErrors)."""

_PIECE = 1_000_000
# 100,000 members have a directory of about 10 MB, which zipfile holds as a gigabyte of objects at
# most; it reads the directory at once, whatever length that claims.
_LARGEST_DIRECTORY = 16_000_000
_ENCRYPTED = 0x1
_UTF_8 = 0x800
_UNIX = 3


class _Bounded(io.RawIOBase):
    """A file of which nothing large is read at once."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1, /) -> bytes:
        if size > _LARGEST_DIRECTORY:
            raise UnsupportedSource(
                f"{self._name} has a directory of {size:,} bytes, which is that of some hundred "
                "thousand files; make several archives of it"
            )
        return self._file.read(size)


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The files in the archive, sorted as in a folder, each with its sidecar if it has one.

    Links, folders and hidden files are none. A member that is encrypted, damaged or too large is
    refused, and the next one follows.

    Raises:
        UnsupportedSource: no ZIP archive, damaged as a whole, or of too many members.
    """
    with opened(file, name) as archive:
        infos = archive.infolist()
        if len(infos) > options.max_parts:
            raise UnsupportedSource(
                f"{name} holds {len(infos):,} files, more than {options.max_parts:,}; "
                "make several archives of it"
            )
        sidecars = {each.filename: each for each in infos if each.filename.endswith(SIDECAR_SUFFIX)}
        budget = Budget(name, options.most_bytes_of(file.seek(0, io.SEEK_END)))
        unique = entries.Unique()
        for info in sorted(infos, key=lambda info: info.filename):
            if is_file(info) and entries.is_document(info.filename):
                called = unique.name(entries.shown(written_name(info)))
                try:
                    yield _part(archive, info, sidecars, called, budget, options)
                except SourceError as error:
                    if budget.spent > budget.most:
                        raise
                    yield Refused(called, error)


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[ZipFile]:
    """The archive in ``file``.

    Raises:
        UnsupportedSource: it is none, or damaged as a whole.
    """
    try:
        archive = ZipFile(cast("BinaryIO", _Bounded(file, name)))
    except DAMAGE as error:
        raise UnsupportedSource(f"{name} is no whole ZIP archive: {error}; get it again") from error
    with archive:
        yield archive


def is_file(info: ZipInfo) -> bool:
    """Whether a member is a regular file, neither folder nor link nor device."""
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    return not info.is_dir() and stat.S_IFMT(mode) in (0, stat.S_IFREG)


def written_name(info: ZipInfo) -> str:
    """A member's name. Without the flag that says UTF-8 it is to be read as code page 437; zip(1)
    writes UTF-8 without the flag in a locale that has none, and other letters seldom look so."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def pieces(archive: ZipFile, info: ZipInfo, name: str, budget: Budget) -> Iterator[bytes]:
    """The bytes of a member, piece by piece.

    Raises:
        UnsupportedSource: encrypted, damaged, packed in an unknown way, or over ``budget``.
    """
    if info.flag_bits & _ENCRYPTED:
        raise UnsupportedSource(f"{name} is encrypted; unpack it with its password and give that")
    try:
        with archive.open(info) as member:
            unpacked = 0
            while piece := member.read(_PIECE):
                unpacked += len(piece)
                budget.take(len(piece))
                Budget(name, 0).require_ratio(info.compress_size, unpacked)
                yield piece
    except DAMAGE as error:
        raise UnsupportedSource(f"{name} is damaged, or of a newer kind: {error}") from error


def read(archive: ZipFile, info: ZipInfo, name: str, budget: Budget, most: int) -> bytes:
    """All bytes of a member.

    Raises:
        UnsupportedSource: as ``pieces``, or more than ``most``, whatever the directory says.
    """
    data = bytearray()
    for piece in pieces(archive, info, name, budget):
        data += piece
        if len(data) > most:
            raise UnsupportedSource(
                f"{name} is larger than {most:,} bytes, the largest document that is read; split it"
            )
    return bytes(data)


def _part(
    archive: ZipFile,
    info: ZipInfo,
    sidecars: dict[str, ZipInfo],
    called: str,
    budget: Budget,
    options: Options,
) -> Part:
    name = f"{budget.name}/{called}"
    sidecar = sidecars.get(info.filename + SIDECAR_SUFFIX)
    about = None
    if sidecar is not None:
        about = read(archive, sidecar, name + SIDECAR_SUFFIX, budget, entries.MOST_SIDECAR_BYTES)
    data = read(archive, info, name, budget, options.max_bytes)
    return Part(called, data, beside=entries.beside(about, name))
