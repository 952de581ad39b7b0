"""The command that takes documents in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testimonia.cli import output
from testimonia.cli.options import (
    ARCHIVE_DEFAULT,
    AllowUrl,
    Archive,
    Column,
    Force,
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
    settings_of,
    source_options,
)
from testimonia.errors import ClusterError, StoreError, UsageError
from testimonia.settings import READER_SECONDS

if TYPE_CHECKING:
    from testimonia.sources import Input


_ONLY_FILES = "name the files and folders to send to the server, and no more than that"


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(ingest)


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
        if model or reader or gazetteer or workers or ray:
            raise UsageError("the server reads the documents: it has its own reader and gazetteer")
        if resume or column or allow_url or bulk:
            raise UsageError(_ONLY_FILES)
        return _send(paths or [], server, token, meta, force=force, quiet=quiet)
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
    options = source_options(ocr, ocr_seconds, column)
    inputs = _inputs(paths or [], allow_url, name, media_type)
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds, workers, ray)
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


def _send(
    paths: list[str], server: str, token: str | None, meta: list[str], *, force: bool, quiet: bool
) -> int:
    from testimonia.cli import remote

    if not paths or "-" in paths:
        raise UsageError(_ONLY_FILES)
    return remote.ingest(server, token, [*map(Path, paths)], meta, force=force, quiet=quiet)


def _tell_undone(number: int, *, piped: bool) -> None:
    if number:
        documents = "1 document remains" if number == 1 else f"{number} documents remain"
        output.say(f"{documents}: testimonia ingest --resume goes on")
    if piped:
        output.say("standard input cannot be gone on with: give it again")


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
