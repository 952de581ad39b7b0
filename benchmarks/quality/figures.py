"""The figures of ``field.toml``: what is measured on which corpus, with aim and field beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from testimonia.settings import Attributions

Measure = Literal["f1", "b3", "rate", "recall"]
FIELD = Path(__file__).with_name("field.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at and reached by others on one corpus."""

    corpus: str
    aim: float | None = None
    best: float | None = None
    tool: str = ""
    people: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the scorer; ``path`` and ``measure`` as ``field.toml`` explains them."""

    name: str
    title: str
    task: str
    path: tuple[str, ...]
    measure: Measure
    scope: Attributions
    of: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    on: tuple[Target, ...] = ()

    @property
    def run(self) -> tuple[str, str]:
        """Figures with the same run come out of one call of the scorer."""
        return self.task, repr(sorted(self.options.items()))


@cache
def field_data() -> Mapping[str, Any]:
    """``field.toml`` as it stands."""
    return tomllib.loads(FIELD.read_text("utf-8"))


def figures() -> tuple[Figure, ...]:
    """All figures, in the order of the table."""
    return tuple(_figure(entry) for entry in field_data()["figure"])


def guarded() -> Mapping[str, int]:
    """Documents of each corpus that the regression guard reads."""
    counts: Mapping[str, int] = field_data()["guard"]
    return counts


def _figure(entry: Mapping[str, Any]) -> Figure:
    values = dict(entry)
    values["path"] = tuple(values["path"].split("."))
    values["on"] = tuple(Target(**each) for each in values["on"])
    return Figure(**values)
