"""Figures and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns but the first are set to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def number(value: float | None, digits: int = 0) -> str:
    """With commas; nothing for ``None``."""
    return "" if value is None else f"{value:,.{digits}f}"


def short(value: float) -> str:
    """To three figures, as long numbers tell no more."""
    if value >= 100:
        return f"{round(value, 3 - len(str(int(value)))):,.0f}"
    return f"{value:,.3g}" if value >= 0.001 or not value else f"{value:.1e}"


def milliseconds(value: float) -> str:
    """Of a latency: seconds from ten on."""
    if value >= 10_000:
        return f"{value / 1000:,.0f} s"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def bytes_of(megabytes: float) -> str:
    """In the largest unit that leaves a number over one."""
    for unit, size in (("PB", 1e9), ("TB", 1e6), ("GB", 1e3)):
        if megabytes >= size:
            return f"{short(megabytes / size)} {unit}"
    return f"{short(megabytes)} MB"


def load(result: Mapping[str, Any]) -> str:
    """What else the machine did, in a few words."""
    found = [result.get(key) for key in ("load", "load_before", "load_after", "load_average")]
    first = [each[0] if isinstance(each, list) else each for each in found if each is not None]
    told = " to ".join(f"{each:.1f}" for each in sorted({min(first), max(first)})) if first else ""
    return f"a load of {told}" if told else "a load that was not noted"
