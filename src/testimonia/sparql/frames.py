"""What passes between a pool and its workers: frames of a kind and a length."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from typing import Any, BinaryIO, Final

HEAD: Final = b"H"  # JSON: the media type; data follows
DATA: Final = b"D"
END: Final = b"E"  # JSON: how it went
REQUEST: Final = b"R"  # JSON

HEADER: Final = struct.Struct(">cI")

Frame = tuple[bytes, bytes]


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


def read(exactly: Callable[[int], bytes]) -> Frame:
    """The next frame; ``exactly`` gives as many bytes as it is asked for.

    Raises:
        EOFError: whatever ``exactly`` raises at the end.
    """
    kind, length = HEADER.unpack(exactly(HEADER.size))
    return kind, exactly(length)


class DataFrames(io.RawIOBase):
    """A stream whose every write is a data frame in ``output``."""

    def __init__(self, output: BinaryIO) -> None:
        super().__init__()
        self._output = output

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """One frame with all of ``data``."""
        view = memoryview(data).cast("B")
        self._output.write(HEADER.pack(DATA, len(view)))
        self._output.write(view)
        return len(view)
