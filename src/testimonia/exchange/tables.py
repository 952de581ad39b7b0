"""Statements as a table, one a row: CSV (RFC 4180, UTF-8) and Parquet.

What there may be several of is a list in Parquet; in CSV its members are joined by `` | ``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, Final

from testimonia.errors import UsageError
from testimonia.exchange import told
from testimonia.exchange.holdings import Holdings
from testimonia.exchange.told import Told, ToldDocument

_LISTS: Final = (
    "speaker",
    "speaker_label",
    "addressee",
    "addressee_label",
    "about",
    "about_label",
    "begin",
    "end",
)
COLUMNS: Final = (
    "statement",
    "speaker",
    "speaker_label",
    "addressee",
    "addressee_label",
    "cue",
    "content",
    "language",
    "directness",
    "kind",
    "certainty",
    "attribution_certainty",
    "polarity",
    "confidence",
    "about",
    "about_label",
    "reported_in",
    "begin",
    "end",
    "document",
    "title",
    "publisher",
    "issued",
    "source",
    "rights",
)
_BETWEEN: Final = " | "
_ROWS_IN_A_GROUP: Final = 10_000


def write_csv(holdings: Holdings, output: BinaryIO) -> None:
    """The table as CSV with a header.

    Raises:
        OSError: ``output`` cannot be written.
    """
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in rows(holdings):
            writer.writerow(_cell(row[name]) for name in COLUMNS)
    finally:
        text.detach()


def write_parquet(holdings: Holdings, output: BinaryIO) -> None:
    """The table as Parquet.

    Raises:
        UsageError: pyarrow is not installed.
        OSError: ``output`` cannot be written.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed: pip install 'testimonia[tables]',"
            " or take --format csv"
        ) from error
    kinds = {"begin": pyarrow.int64(), "end": pyarrow.int64(), "confidence": pyarrow.float64()}
    schema = pyarrow.schema([_field(name, kinds.get(name), pyarrow) for name in COLUMNS])
    found = rows(holdings)
    with parquet.ParquetWriter(output, schema) as writer:
        while group := list(islice(found, _ROWS_IN_A_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(list(map(_typed, group)), schema))


def _field(name: str, kind: Any, pyarrow: Any) -> Any:
    kind = kind or pyarrow.string()
    return pyarrow.field(name, pyarrow.list_(kind) if name in _LISTS else kind)


def rows(holdings: Holdings) -> Iterator[dict[str, Any]]:
    """Every statement by the names of ``COLUMNS``."""
    for document in told.documents(holdings):
        for statement in document.statements:
            yield {**_said(statement), **_published(document)}


def _said(statement: Told) -> dict[str, Any]:
    def halves(name: str, nodes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        found = list(nodes)
        return {name: [iri for iri, _ in found], f"{name}_label": [label for _, label in found]}

    return {
        "statement": statement.iri,
        **halves("speaker", statement.speakers),
        **halves("addressee", statement.addressees),
        **halves("about", statement.about),
        **{
            name: getattr(statement, name)
            for name in COLUMNS
            if name not in _LISTS and hasattr(statement, name)
        },
        "begin": [span.start for span in statement.spans],
        "end": [span.end for span in statement.spans],
    }


def _published(document: ToldDocument) -> dict[str, Any]:
    metadata = document.record.metadata
    names = ("title", "publisher", "issued", "source", "rights")
    return {"document": document.iri, **{name: getattr(metadata, name) or "" for name in names}}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "confidence": float(row["confidence"]) if row["confidence"] else None}


def _cell(value: Any) -> str:
    return _BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)
