"""Every form by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from testimonia.catalog import Catalog
from testimonia.errors import UsageError
from testimonia.exchange import (
    PackageFormat,
    StreamFormat,
    archives,
    crate,
    nanopubs,
    tables,
    web_annotations,
)
from testimonia.exchange.holdings import Holdings
from testimonia.exchange.snapshot import snapshot
from testimonia.iris import Iris

_STREAMS: Final[Mapping[str, Callable[[Holdings, BinaryIO], None]]] = {
    "nanopublications": nanopubs.write,
    "annotations": web_annotations.write,
    "csv": tables.write_csv,
    "parquet": tables.write_parquet,
}


def write_stream(holdings: Holdings, format_: StreamFormat, output: BinaryIO) -> None:
    """All statements of an archive in one of the forms that go statement by statement.

    Raises:
        UsageError: what the form needs is not installed.
        OSError: ``output`` cannot be written.
    """
    _STREAMS[format_](holdings, output)


def write_package(
    folder: Path, catalog: Catalog, iris: Iris, format_: PackageFormat, path: Path
) -> None:
    """The archive in ``folder`` as a package at ``path``, also while somebody writes it.

    Raises:
        UsageError: ``path`` exists.
        ArchiveError: it cannot be written, or there is nothing to write.
    """
    if path.exists():
        raise UsageError(f"{path} exists; name another place with --output")
    with snapshot(folder, iris) as moment:
        if format_ == "archive":
            archives.write(moment, path)
        else:
            crate.write(moment, catalog, path)
