"""The command that asks: query."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive, Store
from testimonia.errors import UsageError

Format = Literal["table", "json", "csv", "tsv", "xml", "turtle", "nt", "jsonld", "rdfxml"]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(query)


def query(
    sparql: Annotated[str, typer.Argument(help="A query, a file that holds one, or - for input.")],
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to answer.")] = "table",
) -> int:
    """Ask in SPARQL; works while a server has the archive open.

    The prefixes of Testimonia's vocabularies (tst:, dcterms:, sem:, prov:, schema: …) need no
    declaration here.
    """
    from testimonia.library import open_archive

    with open_archive(archive, store=store) as opened:
        if format != "table":
            body = opened.query(_text(sparql), format=format).body
            sys.stdout.buffer.write(body)
            sys.stdout.flush()
            return 0
        result = opened.query(_text(sparql))
        base = opened.iris.base_iri
    _show(result.body, result.media_type, base)
    return 0


def _text(sparql: str) -> str:
    """The query itself: what was typed, or what a file of that name holds."""
    if sparql == "-":
        return sys.stdin.read()
    if "{" in sparql or "\n" in sparql or len(sparql) > 4096:
        return sparql
    file = Path(sparql)
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            f"{sparql!r} is no query (there is no brace in it) and no file of that name exists"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error


def _show(body: bytes, media_type: str, base: str) -> None:
    if not media_type.startswith("application/sparql-results+json"):
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
        return
    answer = json.loads(body)
    if "boolean" in answer:
        output.console.print("yes" if answer["boolean"] else "no")
        return
    columns = answer["head"]["vars"]
    rows = [
        [_cell(row.get(column), base) for column in columns]
        for row in answer["results"]["bindings"]
    ]
    output.table(columns, rows)
    output.notice(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def _cell(term: dict[str, Any] | None, base: str) -> str:
    """A term for people: IRIs by prefix or under the archive's base, literals as they read."""
    from testimonia.vocabulary import PREFIXES

    if term is None:
        return ""
    value = str(term["value"])
    if term["type"] != "uri":
        return value
    for prefix, iri in PREFIXES.items():
        if value.startswith(iri):
            return f"{prefix}:{value.removeprefix(iri)}"
    return f"<{value.removeprefix(base)}>"
