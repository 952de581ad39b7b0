"""JSON Lines: each line an object, each object a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from testimonia.errors import SourceError, UnsupportedSource
from testimonia.sources import columns
from testimonia.sources.extract import Part, Refused
from testimonia.sources.options import Options

_MARK = b"\xef\xbb\xbf"


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """A document a line, named by the line's number; a line that is broken is refused alone."""
    mapping = dict(options.columns)
    for number, line in enumerate(_lines(file, options.max_bytes), 1):
        if not line.strip():
            continue
        try:
            yield _part(line, mapping, number, name, options)
        except SourceError as error:
            yield Refused(str(number), error)


def _lines(file: BinaryIO, longest: int) -> Iterator[bytes]:
    """Lines, one too long as its beginning: what is beyond ``longest`` is passed over."""
    while line := file.readline(longest + 1):
        rest = line
        while not rest.endswith(b"\n") and rest:
            rest = file.readline(1_000_000)
        yield line


def _part(line: bytes, mapping: dict[str, str], number: int, name: str, options: Options) -> Part:
    where = f"{name}, line {number}"
    if len(line) > options.max_bytes:
        raise UnsupportedSource(f"{where} is longer than {options.max_bytes:,} bytes; split it")
    row = _object(line.removeprefix(_MARK) if number == 1 else line, where)
    known = columns.chosen(mapping, row, where)
    return columns.part(row, known, number, "JSON Lines", name)


def _object(line: bytes, where: str) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnsupportedSource(
            f"{where} is not UTF-8 (byte {error.start}); JSON has no other encoding"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnsupportedSource(f"{where} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise UnsupportedSource(f"{where} is no JSON object with columns: {str(row)[:60]!r}")
    return row
