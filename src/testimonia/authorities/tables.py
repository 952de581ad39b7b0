"""Tables: CSV and TSV in UTF-8, the first row naming the columns, each other one an entry."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final, TextIO

from testimonia.authorities.bad import Bad
from testimonia.authorities.concepts import Concept
from testimonia.candidates import KINDS
from testimonia.errors import UnsupportedSource, UsageError
from testimonia.terms import iri

TARGETS: Final = (
    "id", "label", "alt", "type", "description", "begin", "end", "latitude", "longitude",
    "country", "same",
)  # fmt: skip
"""What a column can be: several values of ``alt`` and ``same`` are parted by ``|``."""
_BETWEEN: Final = "|"
_DATE: Final = re.compile(r"-?\d{4}(-\d\d(-\d\d)?)?")
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_KINDS: Final = {each.casefold(): each for each in KINDS} | {
    "organisation": "Organization",
    "state": "GeopoliticalEntity",
    "country": "GeopoliticalEntity",
}


def parse_columns(options: Iterable[str]) -> dict[str, str]:
    """The mapping of ``TARGET=COLUMN`` words from the command line.

    Raises:
        UsageError: no ``=``, an unknown target, or one given twice.
    """
    columns: dict[str, str] = {}
    for option in options:
        target, equals, column = option.partition("=")
        if not equals or not column or target.strip() not in TARGETS:
            raise UsageError(
                f"--column {option!r}: give TARGET=COLUMN, such as label=name; "
                f"targets: {', '.join(TARGETS)}"
            )
        if target.strip() in columns:
            raise UsageError(f"--column {option!r}: {target.strip()} is given twice; give it once")
        columns[target.strip()] = column
    return columns


def concepts(
    stream: TextIO, name: str, mapping: Mapping[str, str], address: Callable[[str], str]
) -> Iterator[Concept | Bad]:
    """The entries of a table; ``address`` makes IRIs of ids that are none.

    Raises:
        UnsupportedSource: it has no columns for id and label, or a mapped one is missing.
    """
    rows = csv.reader(stream, delimiter=_delimiter(name))
    try:
        header = [each.strip() for each in next(rows, [])]
    except csv.Error as error:
        raise UnsupportedSource(f"{name}, line 1: {error}") from error
    columns = _columns(header, mapping, name)
    with closing(_Seen()) as seen:
        yield from _entries(rows, header, columns, address, seen)


class _Seen:
    """The ids of a table with the lines where they first stood, on disk if they are many."""

    def __init__(self) -> None:
        self._ids = sqlite3.connect("", isolation_level=None)
        self._ids.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._ids.execute("BEGIN")

    def first(self, id_: str, line: int) -> int:
        """The line where an id first stood: this one, if it has not been seen."""
        self._ids.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (id_, line))
        (first,) = self._ids.execute("SELECT line FROM seen WHERE id = ?", (id_,)).fetchone()
        return int(first)

    def close(self) -> None:
        """Forget them."""
        self._ids.close()


def _entries(
    rows: Any,
    header: list[str],
    columns: Mapping[str, int],
    address: Callable[[str], str],
    seen: _Seen,
) -> Iterator[Concept | Bad]:
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Bad(line, str(error))
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield _entry(row, header, columns, address, line, seen)


def _delimiter(name: str) -> str:
    bare = name.lower().removesuffix(".gz").removesuffix(".bz2")
    return "\t" if bare.endswith((".tsv", ".tab")) else ","


def _columns(header: list[str], mapping: Mapping[str, str], name: str) -> dict[str, int]:
    shown = ", ".join(map(repr, header[:20]))
    for target, column in mapping.items():
        if column not in header:
            raise UnsupportedSource(
                f"{name} has no column {column!r}, which --column maps to {target}; it has {shown}"
            )
    chosen = {target: target for target in TARGETS if target in header} | dict(mapping)
    for needed in ("id", "label"):
        if needed not in chosen:
            raise UnsupportedSource(
                f"{name} has no column {needed!r}; say which it is with --column {needed}=COLUMN; "
                f"it has {shown}"
            )
    return {target: header.index(column) for target, column in chosen.items()}


def _entry(
    row: list[str],
    header: list[str],
    columns: Mapping[str, int],
    address: Callable[[str], str],
    line: int,
    seen: _Seen,
) -> Concept | Bad:
    if len(row) != len(header):
        return Bad(line, f"{len(row)} cells, where the first row names {len(header)} columns")
    cells = {target: row[at].strip() for target, at in columns.items()}
    before = seen.first(cells["id"], line)
    if before != line:
        return Bad(line, f"the id {cells['id']!r} is that of line {before} too")
    try:
        return _concept(cells, address)
    except ValueError as error:
        return Bad(line, str(error))


def _concept(cells: Mapping[str, str], address: Callable[[str], str]) -> Concept:
    """Raises ValueError, which says what is wrong with which cell."""
    get = cells.get
    if not cells["id"] or not cells["label"]:
        raise ValueError("no id" if not cells["id"] else "no label")
    kind = get("type", "")
    if kind and kind.casefold() not in _KINDS:
        raise ValueError(f"type {kind!r} is none of {', '.join(KINDS)}")
    for date in ("begin", "end"):
        if get(date) and not _DATE.fullmatch(cells[date]):
            raise ValueError(
                f"{date} {cells[date]!r} is no year or date such as 1924 or 1924-01-26"
            )
    country = get("country", "")
    if country and not _COUNTRY.fullmatch(country):
        raise ValueError(f"country {country!r} is no code of two letters (ISO 3166-1)")
    identifier = cells["id"]
    return Concept(
        iri=_checked(identifier) if "://" in identifier else address(identifier),
        label=cells["label"],
        labels=tuple((each, "") for each in _several(get("alt", ""))),
        kind=_KINDS.get(kind.casefold(), ""),
        description=get("description", ""),
        begin=get("begin", ""),
        end=get("end", ""),
        point=_point(get("latitude", ""), get("longitude", "")),
        country=country.upper(),
        same=tuple(_checked(each) for each in _several(get("same", ""))),
    )


def _several(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(_BETWEEN) if each.strip()]


def _checked(address: str) -> str:
    iri(address)  # raises for what is none
    return address


def _point(latitude: str, longitude: str) -> tuple[str, str] | None:
    if not latitude and not longitude:
        return None
    for value, name, most in ((latitude, "latitude", 90), (longitude, "longitude", 180)):
        try:
            good = -most <= float(value) <= most
        except ValueError:
            good = False
        if not good:
            raise ValueError(f"{name} {value!r} is no number of degrees from -{most} to {most}")
    return f"{float(latitude):.6f}", f"{float(longitude):.6f}"
