"""CSV and TSV (RFC 4180 and its relatives): the first row names the columns, each other one is a
document.

A file that is not UTF-8 throughout is read line by line, since tables grow from several hands: each
line that is UTF-8 as that, the others in the encoding that they have together.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from testimonia.errors import EmptySource, SourceError, UnsupportedSource
from testimonia.sources import columns, encoding, files
from testimonia.sources.extract import Part, Refused
from testimonia.sources.freeze import freeze
from testimonia.sources.options import MAX_BYTES, Options

_DELIMITERS = ",;\t|"

# The module's own limit is 131,072 characters, less than many a document; it has no other place to
# be set. The file's size bounds the field.
csv.field_size_limit(MAX_BYTES)


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """A document a row, named by the row's number in the table, the names of columns being row 1.

    Raises:
        EmptySource: no row but the first.
        UnsupportedSource: too large, no text, or without a column that is mapped.
    """
    lines, foreign = _decoded(files.read_whole(file, name, options.max_bytes), name)
    if not lines:
        raise EmptySource(f"{name} is empty; give a table with a row of column names")
    rows = _Rows(lines, _delimiter(lines[0]))
    header = next(iter(rows), None)
    if header is None or isinstance(header.fields, str):
        raise UnsupportedSource(f"{name} has no row of column names that can be read")
    names = [field.strip() for field in header.fields]
    mapping = columns.chosen(dict(options.columns), names, name)
    count = 0
    for number, row in enumerate(rows, 2):
        count += 1
        try:
            yield _part(row, names, mapping, number, name, foreign)
        except SourceError as error:
            yield Refused(str(number), error)
    if not count:
        raise EmptySource(f"{name} has no row but that of column names")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's fields, or what is wrong with it, and its lines: 1-based, end exclusive."""

    fields: list[str] | str
    start: int
    end: int


class _Rows:
    """The rows of a table; after a broken one the next line begins another."""

    def __init__(self, lines: list[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._iterator = self._rows()

    def __iter__(self) -> Iterator[_Row]:
        return self._iterator

    def _rows(self) -> Iterator[_Row]:
        at: int | None = 0
        while at is not None:
            start, at = at, None
            for row in self._from(start):
                yield row
                # The line after the one that a broken row began in.
                at = row.start if isinstance(row.fields, str) else None

    def _from(self, first: int) -> Iterator[_Row]:
        lines = (self._lines[number] for number in range(first, len(self._lines)))
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            start = first + reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                why = f"{error}; is a quotation mark left open or not doubled?"
                yield _Row(why, start, first + reader.line_num + 1)
                return
            if fields:
                yield _Row(fields, start, first + reader.line_num + 1)


def _part(
    row: _Row,
    names: list[str],
    mapping: dict[str, str],
    number: int,
    name: str,
    foreign: dict[int, str],
) -> Part:
    where = f"{name}, line {row.start}"
    if isinstance(row.fields, str):
        raise UnsupportedSource(f"{where}: {row.fields}")
    if len(row.fields) != len(names):
        raise UnsupportedSource(
            f"{where} has {len(row.fields)} fields, not {len(names)} as the row of column names; "
            "is a quotation mark or a delimiter missing?"
        )
    cells = dict(zip(names, row.fields, strict=True))
    part = columns.part(cells, mapping, number, "CSV", name)
    assumed = {foreign[line] for line in range(row.start, row.end) if line in foreign}
    if not assumed or part.extract is None:
        return part
    warning = f"not UTF-8, read as {', '.join(sorted(assumed))}; if characters look wrong, convert"
    return replace(part, extract=replace(part.extract, warnings=(warning,)))


def _delimiter(first: str) -> str:
    """The one that makes the most columns of the first line."""
    return max(_DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each), ())))


def _decoded(data: bytes, name: str) -> tuple[list[str], dict[int, str]]:
    """Lines with their ends, and the encoding of those (by 1-based number) that are not UTF-8."""
    if not data:
        return [], {}
    try:
        whole = encoding.decode(data, name=name)
        if whole.encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            return _lines(whole.content), {}
    except UnsupportedSource:
        if b"\x00" in data:
            raise
    lines = data.splitlines(keepends=True)
    others = {number: line for number, line in enumerate(lines, 1) if not _is_utf8(line)}
    legacy = encoding.decode(b"".join(others.values()), name=name).encoding
    decoded = [
        line.decode(legacy, "replace") if number in others else line.decode("utf-8")
        for number, line in enumerate(lines, 1)
    ]
    return _lines("".join(decoded)), dict.fromkeys(others, legacy)


def _lines(content: str) -> list[str]:
    return [line + "\n" for line in freeze(content).split("\n")]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
