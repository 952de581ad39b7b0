"""The command that serves: serve."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive, Store
from testimonia.errors import UsageError
from testimonia.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from testimonia.sparql.limits import Limits
    from testimonia.web import Serving
    from testimonia.web.access import Access

    Run = Callable[[FastAPI], None]

_MEGABYTE = 1024 * 1024

Services = Annotated[
    list[str],
    typer.Option(
        "--allow-service",
        metavar="PREFIX",
        help=(
            "What SERVICE and LOAD may reach: IRIs that begin with this, up to and including the"
            " slash after the host. Repeat for several; as it comes they reach nothing."
        ),
        show_default=False,
    ),
]
Origins = Annotated[
    list[str],
    typer.Option(
        "--cors",
        metavar="ORIGIN",
        help="Sites whose scripts may read (repeat for several): * for all, none for no other.",
    ),
]
Proxies = Annotated[
    list[str],
    typer.Option(
        "--trusted-proxy",
        metavar="ADDRESS",
        help="A reverse proxy whose X-Forwarded headers count. Repeat for several.",
        show_default=False,
    ),
]

Log = Annotated[
    Literal["text", "json"],
    typer.Option(help="How the log is written: lines for people, or an object of JSON a line."),
]
Slow = Annotated[
    float | None,
    typer.Option(
        min=0, metavar="SECONDS", help="Log queries that take so long.", show_default=False
    ),
]
LogQueries = Annotated[
    bool, typer.Option("--log-queries", help="Log the text of every query, posted ones too.")
]
Grace = Annotated[
    float, typer.Option(min=0, help="Seconds that queries at work have when the server is stopped.")
]

BodyTimeout = Annotated[
    float,
    typer.Option(min=0.1, metavar="SECONDS", help="How long a request's body may take to come."),
]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve(
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    plain: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Serve a plain dataset in this folder instead: a store alone, no archive.",
            show_default=False,
        ),
    ] = None,
    write_open: Annotated[
        bool,
        typer.Option("--write-open", help="Everybody may write: for tests, on loopback only."),
    ] = False,
    private: Annotated[
        bool, typer.Option("--private", help="Reading needs a token with the scope query, too.")
    ] = False,
    share: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="Seconds of query time that one client may use in a minute; no limit.",
            show_default=False,
        ),
    ] = None,
    deadline: Annotated[float, typer.Option(min=0.1, help="Seconds that a query may take.")] = 30.0,
    memory: Annotated[int, typer.Option(min=16, help="Megabytes that a query may use.")] = 512,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Queries at once; as many as processors.", show_default=False),
    ] = None,
    max_rows: Annotated[
        int | None,
        typer.Option(min=1, help="Most rows of a SELECT; no limit.", show_default=False),
    ] = None,
    allow_service: Services = [],  # noqa: B006 - typer copies it
    cors: Origins = ["*"],  # noqa: B006
    trusted_proxy: Proxies = [],  # noqa: B006
    allow_fetch: Annotated[
        list[str],
        typer.Option(
            metavar="HOST",
            help="A host that documents may be fetched from, sent by address. Repeat for several.",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    title: Annotated[str, typer.Option(help="What the dataset is called.")] = "Testimonia",
    licence: Annotated[
        str | None, typer.Option(help="The IRI of the dataset's licence.", show_default=False)
    ] = None,
    log: Log = "text",
    slow: Slow = None,
    log_queries: LogQueries = False,
    grace: Grace = 8.0,
    body_timeout: BodyTimeout = 30.0,
) -> int:
    """Serve an archive: pages for people, RDF and SPARQL for programs."""
    from testimonia.web import Serving
    from testimonia.web import serve as listen
    from testimonia.web.description import About
    from testimonia.web.observed import Observing

    if write_open and not _is_loopback(host):
        raise UsageError(
            f"--write-open lets everybody write, so it listens on loopback only, not on {host}"
        )
    serving = Serving(
        limits=_limits(deadline, memory, workers, max_rows, allow_service),
        access=_access(
            plain or archive,
            plain=plain is not None,
            open_=write_open,
            private=private,
            share=share,
        ),
        origins=() if cors == ["none"] else tuple(cors),
        about=About(title, licence),
        observing=Observing(slow, log_queries, body_timeout),
        fetch=tuple(allow_fetch),
    )

    def run(app: FastAPI) -> None:
        proxies = tuple(trusted_proxy)
        listen(app, host=host, port=port, trusted_proxies=proxies, log=log, grace=grace)

    if plain is not None:
        _serve_plain(plain, serving, run)
    else:
        _serve_archive(archive, store, serving, run)
    return 0


def _serve_archive(archive: Path, store: str | None, serving: Serving, run: Run) -> None:
    from testimonia.library import open_archive
    from testimonia.web import create_app

    settings = Settings(query_seconds=serving.limits.seconds)
    with open_archive(archive, settings=settings, store=store) as opened:
        opened.prepare()
        output.notice(f"serving {archive}; Ctrl-C ends it")
        run(create_app(opened, serving))


def _serve_plain(directory: Path, serving: Serving, run: Run) -> None:
    from testimonia.updates.plain import PlainDataset
    from testimonia.web import create_plain_app

    dataset = PlainDataset(directory, serving.limits)
    output.notice(f"serving the plain dataset {directory}; Ctrl-C ends it")
    run(create_plain_app(dataset, serving))


def _access(
    folder: Path, *, plain: bool, open_: bool, private: bool, share: float | None
) -> Access:
    from testimonia.library import open_tokens
    from testimonia.web.access import OpenAccess, TokenAccess

    if open_:
        return OpenAccess(writable=True)
    if plain:
        folder.mkdir(parents=True, exist_ok=True)
    return TokenAccess(open_tokens(folder, plain=plain), private=private, seconds=share)


def _limits(
    deadline: float,
    memory: int,
    workers: int | None,
    max_rows: int | None,
    services: list[str],
) -> Limits:
    from testimonia.sparql.limits import Limits

    for prefix in services:
        _check_prefix(prefix)
    limits = Limits(
        seconds=deadline,
        memory_bytes=memory * _MEGABYTE,
        rows=max_rows,
        services=tuple(services),
    )
    return limits.with_workers(workers) if workers else limits


def _check_prefix(prefix: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(prefix)
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path.startswith("/"):
        raise UsageError(
            f"--allow-service {prefix}: give the whole beginning, https://host/ or more;"
            " without the slash another host's name could begin with it"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
