"""What passes between a pool and its workers: frames of a kind and a length."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final, cast

HEAD: Final = b"H"  # JSON: the media type; data follows
DATA: Final = b"D"
END: Final = b"E"  # how it went: see :class:`End`
REQUEST: Final = b"R"  # JSON

HEADER: Final = struct.Struct(">cI")
LEAST_BYTES: Final = 256 * 1024  # of a frame of data, but for the last
_SHORT_HEAD: Final = 200
_USED: Final = struct.Struct(">d")

Frame = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class End:
    """How an answer ended: the processor time that its process has had so far, in seconds; the
    name of the error, where there was one, and what it says."""

    used: float
    error: str | None = None
    message: str = ""


def pack(kind: bytes, value: object) -> bytes:
    """A frame of JSON."""
    return raw(kind, json.dumps(value).encode())


def raw(kind: bytes, payload: bytes) -> bytes:
    """A frame of bytes."""
    return HEADER.pack(kind, len(payload)) + payload


def unpack(payload: bytes) -> dict[str, Any]:
    """What ``pack`` took."""
    value: dict[str, Any] = json.loads(payload)
    return value


def head(media_type: str, more: str | None = None, *, cut: bool = False) -> bytes:
    """The frame before the data of a query's answer."""
    return _pack_head(media_type, more, cut) if more else _usual_head(media_type, cut)


def _pack_head(media_type: str, more: str | None, cut: bool) -> bytes:
    return pack(HEAD, {"media_type": media_type, "more": more, "cut": cut})


@lru_cache(maxsize=64)
def _usual_head(media_type: str, cut: bool) -> bytes:
    return _pack_head(media_type, None, cut)


def unpack_head(payload: bytes) -> tuple[str, str | None, bool]:
    """Media type, ``more`` and ``cut``."""
    short = len(payload) < _SHORT_HEAD
    return _unpack_usual_head(payload) if short else _unpack_head(payload)


def _unpack_head(payload: bytes) -> tuple[str, str | None, bool]:
    value = unpack(payload)
    return str(value["media_type"]), value["more"], bool(value["cut"])


_unpack_usual_head = lru_cache(maxsize=64)(_unpack_head)


def pack_end(end: End) -> bytes:
    """The last frame. Most have nothing to tell but the time."""
    told = b"" if end.error is None else json.dumps([end.error, end.message]).encode()
    return raw(END, _USED.pack(end.used) + told)


def unpack_end(payload: bytes) -> End:
    """What ``pack_end`` took."""
    (used,) = _USED.unpack_from(payload)
    if len(payload) == _USED.size:
        return End(used)
    error, message = json.loads(payload[_USED.size :])
    return End(used, error, message)


def read(exactly: Callable[[int], bytes]) -> Frame:
    """The next frame; ``exactly`` gives as many bytes as it is asked for.

    Raises:
        EOFError: whatever ``exactly`` raises at the end.
    """
    kind, length = HEADER.unpack(exactly(HEADER.size))
    return kind, exactly(length)


class DataFrames:
    """A file for what is written in pieces: they go to ``output`` in data frames of at least
    ``least`` bytes each, but for the last. Nothing is set aside for a small result."""

    __slots__ = ("_held", "_least", "_output", "_size")

    def __init__(self, output: BinaryIO, least: int = LEAST_BYTES) -> None:
        self._output = output
        self._least = least
        self._held: list[bytes] = []
        self._size = 0

    def __enter__(self) -> BinaryIO:
        return cast("BinaryIO", self)

    def __exit__(self, *_: object) -> None:
        self._send()

    def write(self, data: bytes) -> int:
        """Take all of ``data``."""
        self._held.append(data)
        size = len(data)
        self._size += size
        if self._size >= self._least:
            self._send()
        return size

    def flush(self) -> None:
        """Nobody waits for a part of a frame."""

    def _send(self) -> None:
        if self._size:
            self._output.write(HEADER.pack(DATA, self._size))
            self._output.write(self._held[0] if len(self._held) == 1 else b"".join(self._held))
        self._held, self._size = [], 0
