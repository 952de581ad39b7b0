"""Commands on archives: init, stats, export, rebase, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive
from testimonia.settings import DEFAULT_BASE_IRI
from testimonia.vocabulary import TST


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (init, stats, export, rebase, backup, restore):
        app.command()(command)


def init(
    archive: Archive = ARCHIVE_DEFAULT,
    base_iri: Annotated[
        str, typer.Option(help="What its IRIs begin with; `rebase` can change it.")
    ] = DEFAULT_BASE_IRI,
) -> int:
    """Make an empty archive (the first ingest makes one with the defaults)."""
    from testimonia.errors import ArchiveError
    from testimonia.library import open_archive

    if (archive / "catalog.sqlite").exists():
        raise ArchiveError(f"{archive} is an archive already")
    with open_archive(archive, create=True, base_iri=base_iri) as opened, opened.writer():
        pass
    output.say(f"made {archive} for IRIs under {base_iri}")
    return 0


def stats(
    archive: Archive = ARCHIVE_DEFAULT,
    documents: Annotated[bool, typer.Option("--documents", help="List the documents.")] = False,
) -> int:
    """Count what an archive holds."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        records = list(opened.catalog.documents())
        if documents:
            listed = [(each.id, each.state, each.name) for each in records]
            output.table(("document", "state", "name"), listed)
            return 0
        with opened.view() as view:
            graphs, triples = len(view.graphs()), view.count("")
            reprints = sum(1 for _ in view.match(None, TST.sharesTextWith, None))
        counted = opened.query(_COUNTS, format="json")
        undone = opened.undone()
    rows = [("documents recorded", len(records)), ("left undone", undone)]
    rows += [("reprints of another", reprints), ("named graphs", graphs)]
    rows += [("triples in the reading view", triples), *_counts(counted.body)]
    output.table(("", ""), [(name, f"{number:,}") for name, number in rows])
    return 0


_COUNTS = """
SELECT ?class (COUNT(?x) AS ?n) {
  VALUES ?class { tst:Statement tst:Actor tst:Place tst:Event tst:Account tst:TimeReference }
  ?x a ?class
} GROUP BY ?class ORDER BY ?class
"""


def _counts(body: bytes) -> list[tuple[str, int]]:
    import json

    bindings = json.loads(body)["results"]["bindings"]
    return [
        (row["class"]["value"].partition("#")[2].lower() + "s", int(row["n"]["value"]))
        for row in bindings
    ]


def export(
    archive: Archive = ARCHIVE_DEFAULT,
    format: Annotated[
        Literal["nquads", "trig", "turtle", "jsonld"],
        typer.Option(help="Turtle holds the reading view alone, the others all graphs."),
    ] = "nquads",
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
    ] = None,
    graph: Annotated[str | None, typer.Option(help="One graph, by its IRI.")] = None,
) -> int:
    """Write the whole dataset; equal archives give equal N-Quads."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        if output_file is None:
            opened.export(sys.stdout.buffer, format, graph=graph)
            return 0
        with output_file.open("wb") as file:
            opened.export(file, format, graph=graph)
    output.say(f"wrote {output_file}")
    return 0


def rebase(
    base_iri: Annotated[
        str, typer.Argument(help="What all IRIs shall begin with: https://example.org/archive/")
    ],
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """Move an archive to another base IRI; ids stay. Servers must be started again after."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        old = opened.iris.base_iri
        opened.rebase(base_iri)
    output.say(f"{archive}: IRIs begin with {base_iri} now, no longer with {old}")
    return 0


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """Copy an archive, record and graph, with a hash for each file."""
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
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
