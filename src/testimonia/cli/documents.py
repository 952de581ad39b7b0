"""Commands on the documents of an archive: validate, rebuild, remove, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import (
    ARCHIVE_DEFAULT,
    Archive,
    FullText,
    Gazetteer,
    Meta,
    Model,
    Quiet,
    Ray,
    Reader,
    ReaderModel,
    ReaderSeconds,
    Store,
    Workers,
    settings_of,
)
from testimonia.errors import UsageError
from testimonia.settings import READER_SECONDS

if TYPE_CHECKING:
    from testimonia.ingest import Outcome

Document = Annotated[str, typer.Argument(help="The document's id or IRI.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (validate, rebuild, remove, edit):
        app.command()(command)


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

    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds, workers, ray)
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
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    with open_archive(archive, settings=settings, notice=output.notice, store=store) as opened:
        outcome = opened.edit(opened.record(document).id, parse_options(meta))
    output.tell(outcome)
    output.say(f"{outcome.name}: {outcome.result}")
    return 0 if outcome.result in {"stored", "unchanged"} else 1
