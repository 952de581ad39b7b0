"""Commands on archives: init, stats, rebase."""

from __future__ import annotations

from typing import Annotated

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive, FullText, Store
from testimonia.endpoints.address import EMBEDDED
from testimonia.settings import DEFAULT_BASE_IRI
from testimonia.vocabulary import TST


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (init, stats, rebase):
        app.command()(command)


def init(
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    base_iri: Annotated[
        str, typer.Option(help="What its IRIs begin with; `rebase` can change it.")
    ] = DEFAULT_BASE_IRI,
    full_text: FullText = None,
) -> int:
    """Make an empty archive (the first ingest makes one with the defaults)."""
    from testimonia.errors import ArchiveError
    from testimonia.library import open_archive

    if (archive / "catalog.sqlite").exists():
        raise ArchiveError(f"{archive} is an archive already")
    with (
        open_archive(archive, create=True, base_iri=base_iri, store=store) as opened,
        opened.writer(),
    ):
        if full_text is not None:
            opened.keep_text(full_text)
    output.say(f"made {archive} for IRIs under {base_iri}")
    return 0


def stats(
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    documents: Annotated[bool, typer.Option("--documents", help="List the documents.")] = False,
) -> int:
    """Count what an archive holds."""
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
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
        where = opened.store
    rows = [("documents recorded", len(records)), ("left undone", undone)]
    rows += [("reprints of another", reprints), ("named graphs", graphs)]
    rows += [("triples in the reading view", triples), *_counts(counted.body)]
    output.table(("", ""), [(name, f"{number:,}") for name, number in rows])
    if where != EMBEDDED:
        output.say(f"the graph is kept in {where}")
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
