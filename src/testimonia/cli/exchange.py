"""Commands that exchange whole archives with others: export, import, forget, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive, Store
from testimonia.errors import UsageError

Format = Literal[
    "nquads",
    "trig",
    "turtle",
    "jsonld",
    "nanopublications",
    "annotations",
    "csv",
    "parquet",
    "ro-crate",
    "archive",
]
_LARGEST_IMPORT = 512 * 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (export, import_, forget, backup, restore):
        app.command(command.__name__.strip("_"))(command)


def export(
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    format: Annotated[
        Format,
        typer.Option(
            help=(
                "Turtle holds the reading view alone; nquads, trig and jsonld all graphs;"
                " nanopublications, annotations, csv and parquet one piece a statement; ro-crate"
                " and archive texts and all, as a folder or a ZIP."
            )
        ),
    ] = "nquads",
    output_file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file (or folder) to write; else standard output."),
    ] = None,
    graph: Annotated[str | None, typer.Option(help="One graph, by its IRI.")] = None,
) -> int:
    """Write what an archive holds; equal archives give equal N-Quads."""
    from testimonia.library import open_archive

    if graph is not None and format not in ("nquads", "trig", "turtle", "jsonld"):
        raise UsageError(f"--graph chooses a graph of RDF; {format} holds all statements")
    with open_archive(archive, store=store) as opened:
        if format == "ro-crate" or format == "archive":
            if output_file is None:
                raise UsageError(f"{format} is several files: name a folder or a ZIP with --output")
            opened.package(output_file, format)
        elif output_file is None:
            opened.export(sys.stdout.buffer, format, graph=graph)
            return 0
        else:
            with output_file.open("wb") as file:
                opened.export(file, format, graph=graph)
    output.say(f"wrote {output_file}")
    return 0


def import_(
    source: Annotated[Path, typer.Argument(help="A package of an archive, or a file of RDF.")],
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    graph: Annotated[
        str | None,
        typer.Option(
            metavar="IRI",
            help="The named graph of your own that foreign RDF goes into, replacing it.",
            show_default=False,
        ),
    ] = None,
    media_type: Annotated[
        str | None,
        typer.Option(help="What the RDF is, where the file's name does not tell."),
    ] = None,
) -> int:
    """Make an archive of a package, or put foreign RDF into a named graph.

    A package is what `testimonia export --format archive` writes; it is imported into a folder
    that does not exist yet.
    """
    if graph is None:
        _require_package(source)
        from testimonia.library import import_package

        files = import_package(source, archive)
        output.say(f"checked and imported {files} files to {archive}")
        return 0
    data, kind = _rdf(source, media_type)
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
        new = opened.import_graph(data, kind, graph, base_iri=source.absolute().as_uri())
    output.say(f"{'made' if new else 'replaced'} the graph <{graph}>")
    return 0


def _require_package(source: Path) -> None:
    from testimonia import rdf

    if source.is_file() and source.suffix.lower() != ".zip" and rdf.media_type_of(source.name):
        raise UsageError(
            f"{source} is RDF: name the graph that it goes into with --graph IRI (a package of an"
            " archive is a folder or a ZIP)"
        )


def _rdf(source: Path, media_type: str | None) -> tuple[bytes, str]:
    from testimonia import rdf

    kind = media_type or rdf.media_type_of(source.name)
    if kind is None:
        raise UsageError(
            f"{source}: its name does not tell which RDF it is; say so with --media-type"
            " text/turtle"
        )
    try:
        if source.stat().st_size > _LARGEST_IMPORT:
            raise UsageError(
                f"{source} is larger than {_LARGEST_IMPORT:,} bytes; divide it into several graphs"
            )
        return source.read_bytes(), kind
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}") from error


def forget(
    document: Annotated[str, typer.Argument(help="The document's id or IRI.")],
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
) -> int:
    """Remove a document everywhere: bytes, text, record, graph; lists the copies that hold it.

    Takes as long as copying the graph. Exit code 1: something of it is still there, and the
    message says what.
    """
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
        forgotten = opened.forget(document)
    say = output.say
    say(f"forgot {forgotten.name}")
    for copy in forgotten.copies:
        say(f"still in the {copy.kind} of {copy.made}: {copy.path}")
    for graph in forgotten.graphs:
        say(f"named in the graph <{graph}>, which is its user's")
    if forgotten.decisions:
        say(f"forgot the decisions on its text: {', '.join(forgotten.decisions)}")
    if forgotten.store:
        say(f"taken out of the graphs in {forgotten.store}, whose own files may hold it still")
    for generation in forgotten.generations:
        say(
            f"still on the disk, since a query or a backup reads it: {generation}; wait for its"
            " end, or stop the process; then the next ingestion or `testimonia forget` removes it"
        )
    return 1 if forgotten.generations else 0


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
) -> int:
    """Copy an archive, record and graph, with a hash for each file; works while it is written."""
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
        files = opened.backup(target)
    output.say(f"wrote {files} files to {target}")
    return 0


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")],
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """Check a backup and make an archive of it, in a folder that does not exist yet."""
    from testimonia.library import restore as restore_to

    files = restore_to(source, archive)
    output.say(f"checked and restored {files} files to {archive}")
    return 0
