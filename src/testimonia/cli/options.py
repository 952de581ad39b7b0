"""Options that several commands share, and what they say together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testimonia.settings import OCR_SECONDS, Settings, default_archive

if TYPE_CHECKING:
    from testimonia.sources import Options

Archive = Annotated[
    Path,
    typer.Option(
        "--archive",
        "-a",
        help="The archive's folder.",
        envvar="TESTIMONIA_ARCHIVE",
        show_default=True,
        readable=False,  # a folder that may not be read is for the archive to explain: exit 3
    ),
]
ARCHIVE_DEFAULT = default_archive()

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="sparql+http://HOST:PORT/PATH",
        help=(
            "Where the graph is kept: a SPARQL 1.1 store, or `embedded`; the archive remembers it"
            " (docs/stores.md)."
        ),
        envvar="TESTIMONIA_STORE",
        show_default=False,
    ),
]

Meta = Annotated[
    list[str],
    typer.Option(
        "--meta",
        "-m",
        metavar="KEY=VALUE",
        help=(
            "What you know of the documents: title, creator, publisher, issued (2025-12-12), "
            "language, source (URL), identifier, rights, captured. Repeat for several; several "
            "creators too."
        ),
        show_default=False,
    ),
]

Column = Annotated[
    list[str],
    typer.Option(
        metavar="TARGET=COLUMN",
        help=(
            "Where tables (CSV, TSV, JSON lines) have what: text, id, or a key of --meta. "
            "Repeat for several; columns of these names need none."
        ),
        show_default=False,
    ),
]

AllowUrl = Annotated[
    list[str],
    typer.Option(
        metavar="PREFIX",
        help=(
            "Beginning of the addresses that may be asked for, redirections among them. "
            "Repeat for several."
        ),
        show_default=False,
    ),
]

FullText = Annotated[
    bool | None,
    typer.Option(
        "--full-text/--quotations-only",
        help="Whether the graph holds whole texts or quotations alone; the archive remembers it.",
        show_default=False,
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Read texts that are not English all the same.")
]
Ocr = Annotated[
    bool | None,
    typer.Option(
        "--ocr/--no-ocr",
        help="Read pages of PDFs that have no text layer with ocrmypdf, if it is installed.",
        show_default=False,
    ),
]
OcrSeconds = Annotated[
    float | None,
    typer.Option(help="How long ocrmypdf may take for a document: 600 as it comes."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")]
Model = Annotated[
    str | None,
    typer.Option(help="Another spaCy pipeline, by name or path.", show_default=False),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="A server that takes the documents in.", show_default=False),
]
Token = Annotated[
    str | None,
    typer.Option(
        help="A token of that server with the scope ingest.",
        envvar="TESTIMONIA_TOKEN",
        show_default=False,
    ),
]
Gazetteer = Annotated[
    Path | None,
    typer.Option(
        help="An index that `testimonia gazetteer build` made, in the place of the usual one.",
        envvar="TESTIMONIA_GAZETTEER",
        show_default=False,
    ),
]
Reader = Annotated[
    str | None,
    typer.Option(
        metavar="openai:ADDRESS|command:PROGRAM",
        help="A foreign reader in place of our own (docs/foreign-readers.md).",
        show_default=False,
    ),
]
ReaderModel = Annotated[
    str | None, typer.Option(help="The model that the foreign reader uses.", show_default=False)
]
ReaderSeconds = Annotated[
    float, typer.Option(help="How long the foreign reader may take for a document.")
]
Ray = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT|auto|local",
        help=(
            "Read on the machines of a Ray cluster; `local` is one of this machine alone, to try it"
            " (docs/cluster.md)."
        ),
        show_default=False,
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="How many processes read documents: as many as there are cores, as it comes.",
        show_default=False,
    ),
]


def settings_of(
    model: str | None,
    gazetteer: Path | None,
    reader: str | None,
    reader_model: str | None,
    seconds: float,
    workers: int | None = None,
    ray: str | None = None,
) -> Settings:
    """How documents are read, as the options say."""
    return Settings(
        model=model,
        gazetteer=gazetteer,
        reader=reader,
        reader_model=reader_model,
        reader_seconds=seconds,
        workers=workers,
        ray=ray,
    )


def source_options(ocr: bool | None, ocr_seconds: float | None, columns: list[str]) -> Options:
    """How files are opened, as the options say."""
    from testimonia.sources import Options, parse_columns

    return Options(
        ocr=bool(ocr),
        ocr_seconds=ocr_seconds or OCR_SECONDS,
        columns=tuple(parse_columns(columns).items()),
    )
