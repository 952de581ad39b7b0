"""The command that reads and stores nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import (
    Column,
    Force,
    Gazetteer,
    Meta,
    Model,
    Ocr,
    OcrSeconds,
    Reader,
    ReaderModel,
    ReaderSeconds,
    settings_of,
    source_options,
)
from testimonia.errors import ReadingError, SourceError, UsageError
from testimonia.model import Text
from testimonia.settings import READER_SECONDS

if TYPE_CHECKING:
    from testimonia.sources import Options

Scope = Annotated[
    Literal["all", "clausal"],
    typer.Option(help="Everything that is attributed to somebody, or only clauses and quotations."),
]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(read)


def read(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to read.", readable=False)
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="JSON lines with id, text and dct (the document's date or null).", readable=False
        ),
    ] = None,
    attributions: Scope = "all",
    meta: Meta = [],  # noqa: B006 - typer copies it
    column: Column = [],  # noqa: B006
    force: Force = False,
    ocr: Ocr = None,
    ocr_seconds: OcrSeconds = None,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Extract alone: nothing is stored; prints a line of JSON a document."""
    from testimonia.library import open_extractor
    from testimonia.reading.lines import to_json
    from testimonia.sources import parse_options

    if (jsonl is None) == (not files):
        raise UsageError("name files to read, or JSON lines with --jsonl: one of the two")
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    stated = parse_options(meta)
    options = source_options(ocr, ocr_seconds, column)
    texts = _lines(jsonl) if jsonl else _files(files or [], stated, force, options)
    failed = 0
    with open_extractor(replace(settings, attributions=attributions), output.notice) as extractor:
        for name, text in texts:
            try:
                found = to_json(name, extractor.read(_readable(text)))
            except (SourceError, ReadingError) as error:
                failed += 1
                where = "" if isinstance(error, SourceError) else f"{name} could not be read: "
                typer.echo(f"testimonia: {where}{error}", err=True)
                continue
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return 1 if failed else 0


def _readable(text: Text | SourceError) -> Text:
    if isinstance(text, SourceError):
        raise text
    return text


def _files(
    files: list[Path], stated: Mapping[str, object], force: bool, options: Options
) -> Iterator[tuple[str, Text | SourceError]]:
    from testimonia.sources import documents, find_sources

    for file in find_sources(files):
        for found in documents(file, stated=stated, force_language=force, options=options):
            if isinstance(found.result, Exception) and not isinstance(found.result, SourceError):
                raise found.result
            yield found.name, found.result


def _lines(file: Path) -> Iterator[tuple[str, Text]]:
    """Texts of a JSON lines file; they are taken as they are, since offsets count in them."""
    from testimonia.reading.lines import from_json

    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield from_json(line, f"{file}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
