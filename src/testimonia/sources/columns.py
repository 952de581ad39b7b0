"""Rows of tables as documents: which column holds the text, and which say what of it.

A mapping takes our names (``text``, ``id`` and the metadata keys) to a table's columns; what is
not mapped is taken from the column of our own name, where there is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from testimonia.errors import EmptySource, SourceError, UnsupportedSource, UsageError
from testimonia.model import METADATA_KEYS
from testimonia.sources.extract import Extract, Part

TEXT, ID = "text", "id"
TARGETS = (TEXT, ID, *METADATA_KEYS)
"""What a column can be mapped to; ``id`` is the row's own name, and its identifier."""

Row = Mapping[str, object]
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*", re.DOTALL)


def parse_columns(options: Iterable[str]) -> dict[str, str]:
    """The mapping of ``TARGET=COLUMN`` words from the command line.

    Raises:
        UsageError: no ``=``, an unknown target, or one given twice.
    """
    columns: dict[str, str] = {}
    for option in options:
        target, equals, column = option.partition("=")
        target = target.strip()
        if not equals or not column or target not in TARGETS:
            raise UsageError(
                f"--column {option!r}: give TARGET=COLUMN, such as text=body; "
                f"targets: {', '.join(TARGETS)}"
            )
        if target in columns:
            raise UsageError(f"--column {option!r}: {target} is given twice; give it once")
        columns[target] = column
    return columns


def chosen(mapping: Mapping[str, str], present: Iterable[str], name: str) -> dict[str, str]:
    """The column of each target, of those that are ``present`` in ``name``.

    Raises:
        UnsupportedSource: a mapped column is missing, or none holds the text.
    """
    present = list(present)
    missing = [column for column in mapping.values() if column not in present]
    shown = ", ".join(map(repr, present[:20])) + (" …" if len(present) > 20 else "")
    if missing:
        target = next(key for key, column in mapping.items() if column == missing[0])
        raise UnsupportedSource(
            f"{name} has no column {missing[0]!r}, which --column maps to {target}; it has {shown}"
        )
    columns = {target: target for target in TARGETS if target in present} | dict(mapping)
    if TEXT not in columns:
        raise UnsupportedSource(
            f"{name} has no column 'text'; say which holds it with --column text=COLUMN; "
            f"it has {shown}"
        )
    return columns


def part(row: Row, columns: Mapping[str, str], number: int, origin: str, name: str) -> Part:
    """The document in a row; it is called by its number, and its ``id`` where it has one.

    Raises:
        EmptySource: its text is empty.
        UnsupportedSource: its text is none.
    """
    text = row.get(columns[TEXT])
    if text is None or text == "":
        raise EmptySource(f"{name}: row {number} has no text in column {columns[TEXT]!r}")
    if not isinstance(text, str):
        raise UnsupportedSource(
            f"{name}: row {number} has {type(text).__name__} in column {columns[TEXT]!r}, not text"
        )
    data = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stated = _stated(row, columns)
    return Part(row_name(row, columns, number), data, stated, origin, extract=Extract(text))


def row_name(row: Row, columns: Mapping[str, str], number: int) -> str:
    """What a row is called: its number, and its ``id`` on one line."""
    named = " ".join(str(row.get(columns.get(ID, ""), "") or "").split())
    return f"{number} {named[:100]}" if named else str(number)


def at(error: SourceError, number: int) -> SourceError:
    """``error`` of a whole table as that of one row."""
    return type(error)(f"row {number}: {error}")


def _stated(row: Row, columns: Mapping[str, str]) -> dict[str, object]:
    stated: dict[str, object] = {}
    for target, column in columns.items():
        key = "identifier" if target == ID else target
        value = row.get(column)
        if target == TEXT or value in (None, "", []) or (target == ID and key in columns):
            continue
        stated[key] = _value(key, value)
    return stated


def _value(key: str, value: object) -> object:
    """A cell as metadata takes it: dates without their clock time, numbers as they are written."""
    if isinstance(value, int | float) and not isinstance(value, bool) and key != "issued":
        return str(value)
    if key == "issued" and isinstance(value, str):
        found = _CLOCK.fullmatch(value.strip())
        return found[1] if found else value
    if key == "creator" and isinstance(value, str):
        return [name for name in map(str.strip, value.split(";")) if name]
    return value
