"""Templates with marks, as text and spans; ``templates.toml`` tells the form."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from testimonia.model import Span

_TEMPLATES = Path(__file__).with_name("templates.toml")
_TOKEN = re.compile(r"<(?P<open>[^|<>]+)\||(?P<close>>)|(?P<text>[^<>]+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a stretch of a document's text is: ``kind`` is the mark's letter, ``values`` what
    stands behind it (an event's lemma and type)."""

    kind: str
    values: tuple[str, ...]
    span: Span


@cache
def templates() -> dict[str, dict[str, list[str]]]:
    """All templates by section and kind."""
    return tomllib.loads(_TEMPLATES.read_text("utf-8"))


def unmark(template: str, start: int) -> tuple[str, tuple[Mark, ...]]:
    """The text of a filled template that begins at the code point ``start`` of its document, and
    its marks in textual order.

    Raises:
        ValueError: marks are not closed.
    """
    text, opened, marks = "", list[tuple[str, int]](), list[Mark]()
    for token in _TOKEN.finditer(template):
        if named := token["open"]:
            opened.append((named, len(text)))
        elif token["close"]:
            named, at = opened.pop()
            kind, *values = named.split()
            marks.append(Mark(kind, tuple(values), Span(start + at, start + len(text))))
        else:
            text += token["text"]
    if opened:
        raise ValueError(f"a mark is not closed: {template}")
    return text, tuple(sorted(marks, key=lambda mark: (mark.span.start, -mark.span.end)))
