"""The commands about tokens: create, list, revoke."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive
from testimonia.errors import UsageError

if TYPE_CHECKING:
    from testimonia.tokens import Tokens

_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "y": 365.0}

token = typer.Typer(
    name="token",
    help="Make and revoke tokens: who may write over HTTP, and in a private archive who may read.",
    no_args_is_help=True,
)

Plain = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Of a plain dataset instead.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (create, list_, revoke):
        token.command(command.__name__.strip("_"))(command)
    app.add_typer(token)


def create(
    scope: Annotated[
        str,
        typer.Option(
            help=(
                "What it gives the right to, separated by commas: query, update, ingest, curate,"
                " admin (all of these), unchecked (write without the shapes' consent)."
            )
        ),
    ],
    name: Annotated[str, typer.Option(help="Whose it is, for the list.")] = "",
    expires: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it ends: 12h, 30d, 8w, 1y.", show_default=False),
    ] = None,
    archive: Archive = ARCHIVE_DEFAULT,
    plain: Plain = None,
) -> int:
    """Make a token and print it: it is shown this once."""
    scopes = [each.strip() for each in scope.split(",") if each.strip()]
    days = _days(expires) if expires else None
    text, made = _tokens(archive, plain).create(scopes, name=name, days=days)
    until = f", until {made.expires}" if made.expires else ""
    output.notice(f"token {made.id} for {', '.join(made.scopes)}{until}; it is not shown again:")
    typer.echo(text)
    return 0


def list_(archive: Archive = ARCHIVE_DEFAULT, plain: Plain = None) -> int:
    """List the tokens that there are; never the secrets, which nobody has."""
    rows = [
        (
            each.id,
            each.name,
            ", ".join(each.scopes),
            each.created,
            "expired" if each.expired() else each.expires or "never",
        )
        for each in _tokens(archive, plain)
    ]
    output.table(("token", "name", "scopes", "made", "ends"), rows)
    return 0


def revoke(
    id_: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id, as `token list` has it.")],
    archive: Archive = ARCHIVE_DEFAULT,
    plain: Plain = None,
) -> int:
    """Make a token worthless, at once."""
    revoked = _tokens(archive, plain).revoke(id_)
    output.notice(f"token {revoked.id} is worth nothing now")
    return 0


def _tokens(archive: Path, plain: Path | None) -> Tokens:
    from testimonia.library import open_tokens

    return open_tokens(archive if plain is None else plain, plain=plain is not None)


def _days(text: str) -> float:
    match = re.fullmatch(r"(\d+)([hdwy])", text.strip())
    if match is None:
        raise UsageError(f"--expires {text}: give a number and a unit, such as 12h, 30d, 8w, 1y")
    return int(match[1]) * _DAYS[match[2]]
