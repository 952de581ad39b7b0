"""Compressed bytes, read back within bounds.

The standard library's file objects give as much as a stranger's stream holds; here every reader
asks for pieces, and a ``Budget`` counts what comes out, so that a bomb ends where it begins.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from testimonia.errors import UnsupportedSource

GZIP, BZIP2, XZ = "gzip", "bzip2", "xz"
MAGIC = {b"\x1f\x8b\x08": GZIP, b"BZh": BZIP2, b"\xfd7zXZ\x00": XZ}
"""First bytes of compressed streams (RFC 1952; bzip2; the .xz file format)."""

DAMAGE = (zlib.error, lzma.LZMAError, OSError, EOFError)
"""What decompressors of the standard library raise on damaged input."""

_LONGEST_MAGIC = max(map(len, MAGIC))
_PIECE = 65_536
_ANY_LENGTH = 2**62
# `xz -9` takes 65 MB to decompress.
_XZ_MEMORY = 100_000_000
# Deflate packs zeros 1,032 times; text of any length stays far below a hundred.
_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 2_000_000


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out of the file ``name``."""

    name: str
    most: int
    spent: int = 0

    def take(self, count: int) -> None:
        """Count bytes that came out.

        Raises:
            UnsupportedSource: they are more than the file may hold.
        """
        self.spent += count
        if self.spent > self.most:
            raise UnsupportedSource(
                f"{self.name} holds more than {self.most:,} bytes once it is unpacked; "
                "unpack it, and give what you need of it"
            )

    def require_ratio(self, packed: int, unpacked: int) -> None:
        """Let a sane ratio pass.

        Raises:
            UnsupportedSource: no honest text is packed that small.
        """
        if unpacked > _RATIO_COUNTS_FROM and unpacked > _MOST_RATIO * packed:
            raise UnsupportedSource(
                f"{self.name} unpacks to more than {_MOST_RATIO} times its size, as a "
                "decompression bomb does; if it is none, unpack it yourself"
            )


def compression(first: bytes) -> str | None:
    """How a file that begins with ``first`` is compressed, ``None`` where it is not."""
    return next((kind for magic, kind in MAGIC.items() if first.startswith(magic)), None)


def inflated(file: BinaryIO, kind: str, budget: Budget) -> BinaryIO:
    """What ``file``, all of one compression ``kind``, holds; read forward only.

    Raises (on reading):
        UnsupportedSource: over ``budget``, damaged, or cut off.
    """
    return io.BufferedReader(_Pieces(_members(file, kind, budget)))


def decoded(data: bytes, coding: str, budget: Budget) -> bytes:
    """The body that an HTTP message carries in ``coding`` (RFC 9110, section 8.4.1).

    Raises:
        UnsupportedSource: over ``budget``, damaged, cut off, or of an unknown coding.
    """
    if coding in ("", "identity"):
        return data
    if coding in ("gzip", "x-gzip"):
        return b"".join(_members(io.BytesIO(data), GZIP, budget))
    if coding == "deflate":
        return b"".join(_deflated(data, budget))
    if coding == "br":
        return b"".join(_brotli(data, budget))
    raise UnsupportedSource(f"{budget.name} has the content coding {coding!r}, which has no reader")


def plain(data: bytes, codings: Sequence[str], name: str, most: int) -> bytes:
    """A body without its content codings, of which the innermost is named first (RFC 9110, section
    8.4); each may hold ``most`` bytes.

    Raises:
        UnsupportedSource: as :func:`decoded`.
    """
    for coding in reversed(codings):
        data = decoded(data, coding, Budget(name, most))
    return data


class _Pieces(io.RawIOBase):
    """A file of pieces that come one after another."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = next(self._pieces, b"")
        piece, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _members(file: BinaryIO, kind: str, budget: Budget) -> Iterator[bytes]:
    """Pieces of all streams in ``file``; what follows the last one is ignored, as gzip does."""
    data = file.read(_PIECE)
    packed, unpacked = len(data), 0
    if compression(data) != kind:
        raise UnsupportedSource(f"{budget.name} is damaged: it does not begin as {kind} does")
    while compression(data) == kind:
        stream = _new(kind)
        while not stream.eof:
            try:
                piece = stream.decompress(data, _PIECE)
            except DAMAGE as error:
                raise UnsupportedSource(f"{budget.name} is damaged: {error}") from error
            if piece:
                unpacked += len(piece)
                budget.take(len(piece))
                budget.require_ratio(packed, unpacked)
                yield piece
            data = _rest(stream)
            if not data and not piece and not stream.eof:
                data = file.read(_PIECE)
                packed += len(data)
                if not data:
                    raise UnsupportedSource(f"{budget.name} is cut off: its compressed data ends")
        data = stream.unused_data
        if len(data) < _LONGEST_MAGIC:
            more = file.read(_PIECE)
            packed += len(more)
            data += more


def _rest(stream: _Decompressor) -> bytes:
    """What zlib hands back; bz2 and lzma keep it themselves."""
    rest: bytes = getattr(stream, "unconsumed_tail", b"")
    return rest


def _new(kind: str) -> _Decompressor:
    if kind == GZIP:
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    if kind == BZIP2:
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


def _deflated(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Half of all servers send a zlib stream for "deflate", the others a bare one."""
    is_zlib = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
    rest = data
    while not stream.eof:
        try:
            piece = stream.decompress(rest, _PIECE)
        except zlib.error as error:
            raise UnsupportedSource(f"{budget.name} is damaged: {error}") from error
        if not piece and not stream.eof:
            raise UnsupportedSource(f"{budget.name} is cut off: its compressed data ends")
        budget.take(len(piece))
        rest = stream.unconsumed_tail
        yield piece


def _brotli(data: bytes, budget: Budget) -> Iterator[bytes]:
    import brotli

    stream = brotli.Decompressor()
    rest = data
    while not stream.is_finished():
        try:
            piece: bytes = stream.process(rest, output_buffer_limit=_PIECE)
        except brotli.error as error:
            raise UnsupportedSource(f"{budget.name} is damaged: {error}") from error
        if not piece and not stream.is_finished():
            raise UnsupportedSource(f"{budget.name} is cut off: its compressed data ends")
        budget.take(len(piece))
        rest = b""
        yield piece


class GzipMembers:
    """The members of a gzip file one by one, those after a broken one too.

    Web archives are files of many members, each a record, so that one may be damaged and the next
    be whole. ``broken`` tells what is wrong with the member that was given last.
    """

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._budget = budget
        self._end = 0
        self._member: BinaryIO = io.BytesIO()
        self.broken = ""

    def __iter__(self) -> Iterator[BinaryIO]:
        while True:
            at = self._next(self._end)
            if not self.broken and self._holds_bytes(self._end, at):
                self.broken = "its compressed data begins with damage"
                self._member = io.BytesIO()
                yield self._member
            if at is None:
                return
            self.broken = ""
            self._end = at + 1  # where to look on, should this member break
            self._member = io.BufferedReader(_Pieces(self._pieces(at)))
            yield self._member
            self.finish()

    def _holds_bytes(self, start: int, end: int | None) -> bool:
        """Whether there is something other than padding from ``start`` to ``end``."""
        self._file.seek(start)
        left = _ANY_LENGTH if end is None else end - start
        while left and (piece := self._file.read(min(left, _PIECE))):
            if piece.strip(b"\x00"):
                return True
            left -= len(piece)
        return False

    def finish(self) -> str:
        """Read the current member to its end; what is wrong with it, nothing for most."""
        while self._member.read(_PIECE):
            pass
        return self.broken

    def _next(self, start: int) -> int | None:
        """Where the next member may begin at or after ``start``."""
        self._file.seek(start)
        window = self._file.read(_PIECE)
        while window:
            found = window.find(b"\x1f\x8b\x08")
            if found >= 0:
                return start + found
            more = self._file.read(_PIECE)
            if not more:
                return None
            start += len(window) - 2
            window = window[-2:] + more
        return None

    def _pieces(self, at: int) -> Iterator[bytes]:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        data, start, unpacked = b"", at, 0
        while not stream.eof:
            if not data:
                self._file.seek(at)
                data = self._file.read(_PIECE)
                at += len(data)
                if not data:
                    self.broken = "its compressed data ends too early"
                    return
            try:
                piece = stream.decompress(data, _PIECE)
            except zlib.error as error:
                self.broken = f"its compressed data is damaged ({error})"
                return
            data = stream.unconsumed_tail
            unpacked += len(piece)
            self._budget.take(len(piece))
            self._budget.require_ratio(at - start, unpacked)
            if piece:
                yield piece
        self._end = at - len(stream.unused_data)
