"""Commands on documents: ingest, read, remove, edit, rebuild, validate."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import (
    ARCHIVE_DEFAULT,
    Archive,
    Force,
    FullText,
    Gazetteer,
    Meta,
    Model,
    Quiet,
    Reader,
    ReaderModel,
    ReaderSeconds,
    Server,
    Token,
)
from testimonia.errors import ReadingError, SourceError, UsageError
from testimonia.model import Metadata, Text
from testimonia.settings import READER_SECONDS, Settings

Document = Annotated[str, typer.Argument(help="The document's id or IRI.")]
Scope = Annotated[
    Literal["all", "clausal"],
    typer.Option(help="Everything that is attributed to somebody, or only clauses and quotations."),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (ingest, read, validate, rebuild, remove, edit):
        app.command()(command)


def ingest(
    paths: Annotated[
        list[Path],
        # One file that may not be read fails by itself and stops no other.
        typer.Argument(help="Files and folders (text, Markdown, HTML).", readable=False),
    ],
    archive: Archive = ARCHIVE_DEFAULT,
    meta: Meta = [],  # noqa: B006 - typer copies it
    force: Force = False,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
    quiet: Quiet = False,
    server: Server = None,
    token: Token = None,
) -> int:
    """Read documents into an archive, making it first where there is none.

    A file NAME may have a sidecar NAME.meta.toml that says what is known of it. With --server the
    documents are sent to an archive that is being served, and read there.
    """
    if server is not None:
        from testimonia.cli import remote

        if model or reader or gazetteer:
            raise UsageError("the server reads the documents: it has its own reader and gazetteer")
        return remote.ingest(server, token, paths, meta, force=force, quiet=quiet)
    from testimonia.library import open_archive
    from testimonia.sources import find_sources, parse_options

    stated = parse_options(meta)
    files = find_sources(paths)
    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds)
    with open_archive(archive, create=True, settings=settings, notice=output.notice) as opened:
        outcomes = opened.ingest(files, stated=stated, force_language=force)
        counts = output.follow(outcomes, total=len(files), label="reading", quiet=quiet)
    return 1 if counts["failed"] or counts["rejected"] else 0


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
    force: Force = False,
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
    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds)
    stated = parse_options(meta)
    texts = _lines(jsonl) if jsonl else _files(files or [], stated, force)
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


def _settings(
    model: str | None,
    gazetteer: Path | None,
    reader: str | None,
    reader_model: str | None,
    seconds: float,
) -> Settings:
    return Settings(
        model=model,
        gazetteer=gazetteer,
        reader=reader,
        reader_model=reader_model,
        reader_seconds=seconds,
    )


def _files(
    files: list[Path], stated: object, force: bool
) -> Iterator[tuple[str, Text | SourceError]]:
    from testimonia.sources import find_sources, read_source

    for file in find_sources(files):
        try:
            yield str(file), read_source(file, stated=stated, force_language=force)  # type: ignore[arg-type]
        except SourceError as error:
            yield str(file), error


def _lines(file: Path) -> Iterator[tuple[str, Text]]:
    """Texts of a JSON lines file; they are taken as they are, since offsets count in them."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield text_of_line(line, f"{file}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error


def text_of_line(line: str, where: str) -> tuple[str, Text]:
    """Id and text of one JSON line; ``where`` is what messages call it.

    Raises:
        UsageError: it is no object with ``id`` and ``text``.
    """
    try:
        given = json.loads(line)
        name, content, day = given["id"], given["text"], given.get("dct")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{where}: not a JSON object with id and text: {error}") from error
    if not isinstance(content, str):
        raise UsageError(f"{where}: its text is not a string")
    metadata = replace(Metadata(), issued=day, language="en")
    return str(name), Text(content, metadata, "text/plain")


def validate(archive: Archive = ARCHIVE_DEFAULT) -> int:
    """Check every stored document's graph against the shapes."""
    from testimonia.library import open_archive

    wrong = checked = 0
    with open_archive(archive) as opened:
        for record, report in opened.validate():
            checked += 1
            if not report.conforms:
                wrong += 1
                output.console.print(f"{record.id} ({record.name})", markup=False)
                output.console.print(report.text, markup=False)
    output.say(f"{checked} documents checked, {wrong} do not conform")
    return 1 if wrong else 0


def rebuild(
    archive: Archive = ARCHIVE_DEFAULT,
    full_text: FullText = None,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
    quiet: Quiet = False,
) -> int:
    """Derive all graphs anew from the record."""
    from testimonia.library import open_archive

    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds)
    with open_archive(archive, settings=settings, notice=output.notice) as opened:
        if full_text is not None:
            opened.keep_text(full_text)
        total = sum(1 for _ in opened.catalog.documents())
        counts = output.follow(opened.rebuild(), total=total, label="rebuilding", quiet=quiet)
    return 1 if counts["failed"] or counts["rejected"] else 0


def remove(document: Document, archive: Archive = ARCHIVE_DEFAULT) -> int:
    """Take a document out of the graph; the record keeps it."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        record = opened.record(document)
        opened.remove(record.id)
    output.say(f"removed {record.name} from the graph; the archive keeps the file")
    return 0


def edit(
    document: Document,
    archive: Archive = ARCHIVE_DEFAULT,
    meta: Meta = [],  # noqa: B006 - typer copies it
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Correct what is known of a document and read it anew."""
    from testimonia.library import open_archive
    from testimonia.sources import parse_options

    if not meta:
        raise UsageError("say what to correct, for example: --meta issued=2025-12-12")
    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds)
    with open_archive(archive, settings=settings, notice=output.notice) as opened:
        outcome = opened.edit(opened.record(document).id, parse_options(meta))
    output.tell(outcome)
    output.say(f"{outcome.name}: {outcome.result}")
    return 0 if outcome.result in {"stored", "unchanged"} else 1
