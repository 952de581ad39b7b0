"""Commands on authority files: authority load, list, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive

if TYPE_CHECKING:
    from testimonia.crossref.authorities import Loaded

Name = Annotated[str, typer.Argument(help="What the authority is called: geonames, our-persons …")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Authority files: lists that actors, places and events are linked to.")
    group.command()(load)
    group.command("list")(list_)
    group.command()(remove)
    app.add_typer(group, name="authority")


def load(
    name: Name,
    files: Annotated[
        list[Path],
        typer.Argument(
            help="RDF (Turtle, N-Triples, RDF/XML, JSON-LD …), CSV or TSV, JSON of Wikidata's dump;"
            " .gz and .bz2 too.",
            exists=True,
            dir_okay=False,
        ),
    ],
    archive: Archive = ARCHIVE_DEFAULT,
    format: Annotated[
        str | None,
        typer.Option(
            help="turtle, ntriples, nquads, trig, rdfxml, jsonld, table, wikidata; else by the"
            " files' names.",
            show_default=False,
        ),
    ] = None,
    column: Annotated[
        list[str],
        typer.Option(
            metavar="TARGET=COLUMN",
            help="Where tables have what: id, label, alt, type, description, begin, end, latitude,"
            " longitude, country, same. Columns of these names need none.",
            show_default=False,
        ),
    ] = [],  # noqa: B006 - typer's way
    language: Annotated[
        list[str],
        typer.Option(help="Languages of Wikidata's labels: en as it comes.", show_default=False),
    ] = [],  # noqa: B006
    licence: Annotated[
        str, typer.Option(help="Under which licence the files are.", show_default=False)
    ] = "",
    skip_bad_lines: Annotated[
        bool, typer.Option("--skip-bad-lines", help="Load what can be read of a damaged file.")
    ] = False,
) -> int:
    """Load files as an authority, in the place of what it had, and link the archive to it."""
    from testimonia.authorities import parse_columns
    from testimonia.library import open_archive

    columns = parse_columns(column)
    with open_archive(archive, create=True, notice=output.notice) as opened:
        output.notice(f"loading {name} …")
        loaded = opened.load_authority(
            name,
            files,
            format=format,
            licence=licence,
            columns=columns,
            languages=language or ["en"],
            skip_bad_lines=skip_bad_lines,
        )
    _tell(loaded)
    return 1 if loaded.left_out else 0


def _tell(loaded: Loaded) -> None:
    for file, bad in loaded.bad:
        output.say(f"left out {file}, line {bad.line}: {bad.reason}")
    if loaded.left_out > len(loaded.bad):
        output.say(f"left out {loaded.left_out - len(loaded.bad):,} more lines")
    output.say(
        f"{loaded.name}: {loaded.entries:,} entries; {loaded.added:,} triples came,"
        f" {loaded.removed:,} went; in all {loaded.exact:,} exact links,"
        f" {loaded.close:,} close ones"
    )


def list_(archive: Archive = ARCHIVE_DEFAULT) -> int:
    """List the authorities: entries, files, licence, when they were loaded."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        rows = [
            (
                each.name,
                f"{entries:,}",
                ", ".join(file.name for file in each.files),
                each.licence or "not stated",
                each.loaded if each.complete else f"{each.loaded}, not finished",
            )
            for each, entries in opened.authorities()
        ]
    output.table(("name", "entries", "files", "licence", "loaded"), rows)
    return 0


def remove(name: Name, archive: Archive = ARCHIVE_DEFAULT) -> int:
    """Take an authority out, with the links to it."""
    from testimonia.library import open_archive

    with open_archive(archive, notice=output.notice) as opened:
        links = opened.remove_authority(name)
    output.say(f"removed {name} and {links:,} links to it")
    return 0
