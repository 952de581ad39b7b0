"""What goes into an ingestion and what comes out: sources and outcomes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from testimonia.errors import MetadataError, ReadingError, SourceError
from testimonia.mapping import Changes
from testimonia.model import Text

_log = logging.getLogger(__name__)

# What a mistake of ours may raise on one document. Not OSError or sqlite3.Error: a full disk fails
# all the others too, and must end the run.
_BUGS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
BROKEN: Final = (ReadingError, *_BUGS)
"""What a text can do to a reader: its own word for it, or a bug."""


class Result(StrEnum):
    """What became of one source."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"  # its graph does not conform: nothing of it is stored but the report
    FAILED = "failed"  # it could not be read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: ``document`` is its id where it got one."""

    name: str
    result: Result
    document: str | None = None
    message: str = ""
    statements: int = 0
    warnings: tuple[str, ...] = ()
    changes: Changes | None = None  # where they were asked for
    decided: int = 0  # decisions of people that rule over what was read


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to ingest; ``load`` gives its bytes and its text, or raises a SourceError.

    ``planned`` is its place in a plan (:class:`testimonia.catalog.Plan`): the plan's number and the
    position, given with the last thing that stands there.
    """

    name: str
    load: Callable[[], tuple[bytes, Text]]
    planned: tuple[int, int] | None = None


def explained(name: str, error: BaseException) -> str:
    """What became of a text, in words; what is a bug of ours is logged as well."""
    if isinstance(error, SourceError | MetadataError):
        return str(error)
    if isinstance(error, ReadingError):
        return f"{name} could not be read: {error}"
    _log.error("reading %s failed", name, exc_info=error)
    return f"{name}: internal error, {type(error).__name__}: {error}; please report it"


def beginning_of(report: str) -> str:
    """How much is wrong, and the first thing that is."""
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    return " ".join(lines[:2]) or "its graph does not conform to the shapes"
