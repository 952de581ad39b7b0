"""What people see: progress, summaries, tables. Notices and progress go to standard error, so that
standard output is data alone."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from testimonia.ingest import Outcome

_STYLES = {"stored": "green", "unchanged": "dim", "rejected": "yellow", "failed": "red"}

console = Console(highlight=False)
messages = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line on standard error, as it is."""
    _print(escape(text))


def _print(markup: str) -> None:
    """A line on standard error, broken for the width of a terminal and nowhere else: what looks
    for a message in a log finds it whole."""
    messages.print(markup, soft_wrap=not messages.is_terminal)


def notice(text: str) -> None:
    """Say that something slow begins."""
    _print(f"[dim]{escape(text)}[/dim]")


@contextmanager
def progress(total: int | None, label: str, *, quiet: bool) -> Iterator[Progress]:
    """A bar on standard error, for people at a terminal; nothing elsewhere or with ``quiet``."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=messages,
        transient=True,
        disable=quiet or not messages.is_terminal,
    )
    with bar:
        bar.add_task(label, total=total)
        yield bar


def follow(
    outcomes: Generator[Outcome, None, None], *, total: int | None, label: str, quiet: bool
) -> Counter[str]:
    """Show outcomes as they come; how many there were of each result.

    Ctrl-C lets the document in hand be finished; a second one does not wait.

    Raises:
        KeyboardInterrupt: after the one or the other.
    """
    counts: Counter[str] = Counter()
    statements = 0
    shown = progress(total, label, quiet=quiet)
    with _patiently() as interrupted, shown as bar, closing(outcomes):
        for outcome in outcomes:
            counts[outcome.result] += 1
            statements += outcome.statements
            _advance(bar)
            tell(outcome)
            if interrupted():
                break
    if not quiet:
        _print(_summary(counts, statements))
    if interrupted():
        raise KeyboardInterrupt
    return counts


@contextmanager
def _patiently() -> Iterator[Callable[[], bool]]:
    """Within, the first Ctrl-C is only noted, and what is given tells of it."""
    noted: list[int] = []

    def note(number: int, _: object) -> None:
        noted.append(number)
        signal.signal(signal.SIGINT, before)
        messages.print("finishing the document in hand; Ctrl-C again stops at once")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(noted)
    finally:
        signal.signal(signal.SIGINT, before)


def _advance(bar: Progress) -> None:
    """One document more; files may hold several, so that the total is only known at the end."""
    (task,) = bar.tasks
    bar.update(task.id, advance=1, total=task.total and max(task.total, task.completed + 1))


def tell(outcome: Outcome) -> None:
    """What a person must know of one outcome: what went wrong, what was assumed."""
    style = _STYLES[outcome.result]
    if outcome.result in {"failed", "rejected"}:
        result = f"[{style}]{outcome.result}[/{style}]"
        _print(f"{result} {escape(outcome.name)}: {escape(outcome.message)}")
    for warning in outcome.warnings if outcome.result == "stored" else ():
        _print(f"[dim]note[/dim] {escape(outcome.name)}: {escape(warning)}")


def _summary(counts: Counter[str], statements: int) -> str:
    parts = [
        f"[{style}]{counts[result]} {result}[/{style}]"
        for result, style in _STYLES.items()
        if counts[result]
    ]
    told = f" · {statements} statements" if statements else ""
    return (", ".join(parts) or "nothing to do") + told


def table(
    columns: Iterable[str], rows: Iterable[Iterable[str]], *, title: str | None = None
) -> None:
    """A table on standard output."""
    made = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    console.print(made)
