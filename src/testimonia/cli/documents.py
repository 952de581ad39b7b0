"""Commands on documents: ingest, read, remove, edit, rebuild, validate."""

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
    ARCHIVE_DEFAULT,
    AllowUrl,
    Archive,
    Column,
    Force,
    FullText,
    Gazetteer,
    Meta,
    Model,
    Ocr,
    OcrSeconds,
    Quiet,
    Ray,
    Reader,
    ReaderModel,
    ReaderSeconds,
    Server,
    Store,
    Token,
    Workers,
)
from testimonia.errors import ClusterError, ReadingError, SourceError, StoreError, UsageError
from testimonia.model import Metadata, Text
from testimonia.settings import OCR_SECONDS, READER_SECONDS, Settings

if TYPE_CHECKING:
    from testimonia.ingest import Outcome
    from testimonia.sources import Input, Options

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
        list[str] | None,
        # One file that may not be read fails by itself and stops no other.
        typer.Argument(
            help=(
                "Files, folders, addresses (with --allow-url), object storage (s3://…), "
                "- for standard input: "
                "docs/usage.md lists the formats."
            ),
            show_default=False,
        ),
    ] = None,
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    meta: Meta = [],  # noqa: B006 - typer copies it
    column: Column = [],  # noqa: B006
    allow_url: AllowUrl = [],  # noqa: B006
    name: Annotated[str, typer.Option(help="What standard input is called.")] = "stdin",
    media_type: Annotated[
        str | None,
        typer.Option(
            help="What standard input is, where its content leaves it open: text/csv …",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    ocr: Ocr = None,
    ocr_seconds: OcrSeconds = None,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
    workers: Workers = None,
    ray: Ray = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what was interrupted, as it was begun.")
    ] = False,
    bulk: Annotated[
        bool,
        typer.Option(
            "--bulk", help="Put all into the store at the end, at once: for a new archive of many."
        ),
    ] = False,
    relations: Annotated[
        bool,
        typer.Option(
            "--relations/--no-relations",
            help="With --bulk: whether documents are set beside one another.",
        ),
    ] = True,
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

        if model or reader or gazetteer or workers or ray:
            raise UsageError("the server reads the documents: it has its own reader and gazetteer")
        if resume or not paths or column or allow_url or bulk or "-" in paths:
            raise UsageError(
                "name the files and folders to send to the server, and no more than that"
            )
        files = [Path(path) for path in paths]
        return remote.ingest(server, token, files, meta, force=force, quiet=quiet)
    from testimonia.library import open_archive
    from testimonia.planning import Anew
    from testimonia.sources import parse_options

    if not relations and not bulk:
        raise UsageError("--no-relations goes with --bulk")
    if resume == bool(paths):
        raise UsageError("name files and folders to read, or --resume: one of the two")
    stated = parse_options(meta)
    if resume and (stated or force or column or allow_url):
        raise UsageError(
            "--resume reads as was said at first: leave out --meta, --column, --force, --allow-url"
        )
    options = _options(ocr, ocr_seconds, column)
    inputs = _inputs(paths or [], allow_url, name, media_type)
    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds, workers, ray)
    with open_archive(
        archive, create=not resume, settings=settings, notice=output.notice, store=store
    ) as it:
        total = it.undone() if resume else len(inputs)
        outcomes = (
            it.resume(Anew(ocr, ocr_seconds), bulk=bulk, relations=relations)
            if resume
            else it.ingest(
                inputs,
                stated=stated,
                force_language=force,
                options=options,
                bulk=bulk,
                relations=relations,
            )
        )
        try:
            counts = output.follow(outcomes, total=total, label="reading", quiet=quiet)
        except (KeyboardInterrupt, ClusterError, StoreError):
            _tell_undone(it.undone(), piped="-" in (paths or []))
            raise
    return 1 if counts["failed"] or counts["rejected"] else 0


def _tell_undone(number: int, *, piped: bool) -> None:
    if number:
        documents = "1 document remains" if number == 1 else f"{number} documents remain"
        output.say(f"{documents}: testimonia ingest --resume goes on")
    if piped:
        output.say("standard input cannot be gone on with: give it again")


def _options(ocr: bool | None, ocr_seconds: float | None, columns: list[str]) -> Options:
    from testimonia.sources import Options, parse_columns

    return Options(
        ocr=bool(ocr),
        ocr_seconds=ocr_seconds or OCR_SECONDS,
        columns=tuple(parse_columns(columns).items()),
    )


def _inputs(
    paths: list[str], allowed: list[str], name: str, media_type: str | None
) -> list[Path | Input]:
    """What the words of the command line mean, in their order."""
    from testimonia.sources import (
        addresses,
        find_sources,
        is_address,
        is_object_address,
        objects,
        standard_input,
    )

    inputs: list[Path | Input] = []
    for path in paths:
        if path == "-":
            inputs.append(standard_input(sys.stdin.buffer, name, media_type))
        elif is_address(path):
            inputs += addresses([path], allowed)
        elif is_object_address(path):
            inputs += objects(path)
        else:
            inputs += find_sources([Path(path)])
    return list(dict.fromkeys(inputs))


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
    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds)
    stated = parse_options(meta)
    options = _options(ocr, ocr_seconds, column)
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


def _settings(
    model: str | None,
    gazetteer: Path | None,
    reader: str | None,
    reader_model: str | None,
    seconds: float,
    workers: int | None = None,
    ray: str | None = None,
) -> Settings:
    return Settings(
        model=model,
        gazetteer=gazetteer,
        reader=reader,
        reader_model=reader_model,
        reader_seconds=seconds,
        workers=workers,
        ray=ray,
    )


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


def validate(archive: Archive = ARCHIVE_DEFAULT, store: Store = None) -> int:
    """Check every stored document's graph against the shapes."""
    from testimonia.library import open_archive

    wrong = checked = 0
    with open_archive(archive, store=store) as opened:
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
    store: Store = None,
    full_text: FullText = None,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
    workers: Workers = None,
    ray: Ray = None,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help="Only what another version, other settings or metadata change; says what changed.",
        ),
    ] = False,
    format: Annotated[
        Literal["table", "json"], typer.Option(help="How to print what changed.")
    ] = "table",
    quiet: Quiet = False,
) -> int:
    """Derive all graphs anew from the record."""
    from testimonia.cli import changes
    from testimonia.library import open_archive

    settings = _settings(model, gazetteer, reader, reader_model, reader_seconds, workers, ray)
    with open_archive(archive, settings=settings, notice=output.notice) as opened:
        if full_text is not None:
            opened.keep_text(full_text)
        total = sum(1 for _ in opened.catalog.documents())
        seen: list[Outcome] = []
        outcomes = changes.watched(opened.rebuild(changed=changed, store=store), seen)
        counts = output.follow(outcomes, total=total, label="rebuilding", quiet=quiet)
    if changed:
        changes.as_json(seen) if format == "json" else changes.as_table(seen)
    return 1 if counts["failed"] or counts["rejected"] else 0


def remove(document: Document, archive: Archive = ARCHIVE_DEFAULT, store: Store = None) -> int:
    """Take a document out of the graph; the record keeps it."""
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
        record = opened.record(document)
        opened.remove(record.id)
    output.say(f"removed {record.name} from the graph; the archive keeps the file")
    return 0


def edit(
    document: Document,
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
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
    with open_archive(archive, settings=settings, notice=output.notice, store=store) as opened:
        outcome = opened.edit(opened.record(document).id, parse_options(meta))
    output.tell(outcome)
    output.say(f"{outcome.name}: {outcome.result}")
    return 0 if outcome.result in {"stored", "unchanged"} else 1
