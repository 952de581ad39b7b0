"""The application, and how an error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from testimonia import __version__
from testimonia.cli import (
    archives,
    authorities,
    documents,
    exchange,
    extracting,
    gazetteers,
    ingesting,
    jobs,
    queries,
    reports,
    review,
    serving,
    tokens,
    watching,
)
from testimonia.errors import ArchiveError, TestimoniaError, UnreadableSource, UsageError

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

app = typer.Typer(
    name="testimonia",
    help=(
        "Turn documents into a record of [b]who said what, about whom, when and where[/b], each "
        "statement traceable to the words it came from; ask it in SPARQL."
    ),
    epilog=(
        "Exit codes: 0 done · 1 done, with documents rejected or failed · 2 wrong use · "
        "3 no archive, not an archive, or locked · 130 interrupted."
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"testimonia {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    del version


_MODULES = (
    archives,
    exchange,
    ingesting,
    extracting,
    documents,
    authorities,
    gazetteers,
    jobs,
    queries,
    reports,
    review,
    serving,
    tokens,
    watching,
)
for module in _MODULES:
    module.register(app)


def main() -> NoReturn:
    """Run the command line and exit."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = app(prog_name="testimonia", standalone_mode=False)
        if result == _INTERRUPTED:  # what typer makes of a KeyboardInterrupt
            return _interrupted()
        return result if isinstance(result, int) else 0
    except typer.Exit as leaving:
        return leaving.exit_code
    except TyperException as error:
        return _wrong_use(error)
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except BrokenPipeError:
        # The reader of our output has gone (`testimonia export | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TestimoniaError as error:
        typer.echo(f"testimonia: {error}", err=True)
        return _exit_code(error)


def _wrong_use(error: TyperException) -> int:
    """An unknown command or option, a value that cannot be: said in one line, as all errors are."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "testimonia"
    if said := error.format_message().rstrip("."):  # nothing where no command was given: help was
        typer.echo(f"testimonia: {said}; see `{command} --help`", err=True)
    return error.exit_code


def _interrupted() -> int:
    typer.echo("testimonia: interrupted; what was finished is kept", err=True)
    return _INTERRUPTED


def _exit_code(error: TestimoniaError) -> int:
    if isinstance(error, ArchiveError):
        return 3
    return 2 if isinstance(error, UsageError | UnreadableSource) else 1
