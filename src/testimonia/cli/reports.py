"""The commands that write reports: report voices, dossier, compare, timeline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive

Format = Annotated[
    Literal["html", "json", "turtle", "ntriples", "jsonld", "rdfxml"],
    typer.Option("--format", "-f", help="html is one file that can be kept and printed."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="A file to write; else standard output."),
]
Words = Annotated[
    str | None,
    typer.Option("--words", "-w", help='Words of statements: "old harbour", harb*, OR, NOT.'),
]
Actor = Annotated[str | None, typer.Option(help="Who takes part: a name, a path or an IRI.")]
Place = Annotated[str | None, typer.Option(help="Where, with all places within.")]
Since = Annotated[str | None, typer.Option("--from", metavar="DAY", help="From 2031-05-04 on.")]
Until = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Up to 2031-05-31.")]
Type = Annotated[str | None, typer.Option(help="Type of event, as assault or consult.")]
Page = Annotated[int, typer.Option(min=1, help="Which page of the events.")]

report = typer.Typer(
    help="Set sources side by side, on paper or as data: voices, dossiers, comparisons, timelines.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(report, name="report")


@report.command()
def voices(
    archive: Archive = ARCHIVE_DEFAULT,
    document: Annotated[str | None, typer.Option(help="One document, by id or title.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Documents of a publisher.")] = None,
    since: Since = None,
    until: Until = None,
    words: Words = None,
    format: Format = "html",
    output_file: Output = None,
) -> int:
    """Who is quoted, how directly, how many without a name; dates are of publication."""
    given = {
        "document": document,
        "publisher": publisher,
        "from": since,
        "to": until,
        "q": words,
    }
    return _write(archive, "voices", given, format, output_file)


@report.command()
def dossier(
    actor: Annotated[str, typer.Argument(help="A name, a path as actor/…, or an IRI.")],
    archive: Archive = ARCHIVE_DEFAULT,
    format: Format = "html",
    output_file: Output = None,
) -> int:
    """All that the archive has of one actor."""
    return _write(archive, "dossier", {"actor": actor}, format, output_file)


@report.command()
def compare(
    archive: Archive = ARCHIVE_DEFAULT,
    event: Annotated[str | None, typer.Option(help="One event: a path, an IRI or a label.")] = None,
    words: Words = None,
    actor: Actor = None,
    place: Place = None,
    since: Since = None,
    until: Until = None,
    type: Type = None,
    page: Page = 1,
    format: Format = "html",
    output_file: Output = None,
) -> int:
    """What sources tell of an event or a topic, side by side."""
    given = _events(words, actor, place, since, until, type, page)
    return _write(archive, "compare", {**given, "event": event}, format, output_file)


@report.command()
def timeline(
    archive: Archive = ARCHIVE_DEFAULT,
    words: Words = None,
    actor: Actor = None,
    place: Place = None,
    since: Since = None,
    until: Until = None,
    type: Type = None,
    page: Page = 1,
    format: Format = "html",
    output_file: Output = None,
) -> int:
    """Events in time and space, with the sources behind each."""
    given = _events(words, actor, place, since, until, type, page)
    return _write(archive, "timeline", given, format, output_file)


def _events(
    words: str | None,
    actor: str | None,
    place: str | None,
    since: str | None,
    until: str | None,
    type_: str | None,
    page: int,
) -> dict[str, Any]:
    return {
        "q": words,
        "actor": actor,
        "place": place,
        "from": since,
        "to": until,
        "type": type_,
        "page": page,
    }


def _write(folder: Path, name: str, given: dict[str, Any], format_: str, file: Path | None) -> int:
    from testimonia.library import open_archive
    from testimonia.web.reports.written import written
    from testimonia.web.site import Site

    with open_archive(folder) as archive:
        body = written(Site(archive, archive.evaluator), name, given, format_)
    if file is None:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
        return 0
    file.write_bytes(body)
    output.say(f"wrote {file}")
    return 0
