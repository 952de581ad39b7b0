"""The command that serves: serve."""

from __future__ import annotations

from typing import Annotated

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive
from testimonia.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve(
    archive: Archive = ARCHIVE_DEFAULT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    deadline: Annotated[float, typer.Option(min=0.1, help="Seconds that a query may take.")] = 30.0,
) -> int:
    """Serve an archive: pages for people, RDF and SPARQL for programs."""
    from testimonia.library import open_archive
    from testimonia.web import serve as run

    with open_archive(archive, settings=Settings(query_seconds=deadline)) as opened:
        output.notice(f"serving {archive}; Ctrl-C ends it")
        run(opened, host=host, port=port)
    return 0
