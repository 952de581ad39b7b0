"""A single file that was compressed: ``letter.txt.gz``, ``.bz2``, ``.xz``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from testimonia.errors import UnsupportedSource
from testimonia.sources.extract import Part, Refused
from testimonia.sources.inflate import Budget, compression, inflated
from testimonia.sources.options import Options


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The file that was compressed, under its name without the last suffix.

    Raises:
        UnsupportedSource: damaged, cut off, or larger than a document may be.
    """
    file.seek(0)
    kind = compression(file.read(8))
    file.seek(0)
    if kind is None:
        raise UnsupportedSource(f"{name} is not compressed in any known way")
    data = inflated(file, kind, Budget(name, options.max_bytes)).read()
    yield Part(PurePosixPath(name).stem, data)
