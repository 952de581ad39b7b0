"""What a pool is asked, what it answers, and what it counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Protocol

from testimonia.errors import QueryAborted


class Publications(Protocol):
    """Where the checkpoints come from that queries run on."""

    def version(self) -> object:
        """Something that changes whenever ``lease`` would give another checkpoint; cheap."""
        ...

    def lease(self) -> AbstractContextManager[Path]:
        """The checkpoint of now, which stays as long as the context. It may block."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: see :class:`testimonia.sparql.evaluation.Request`."""

    query: str = ""
    graph: str | None = None
    accept: str | None = None
    format: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    known_prefixes: bool = False
    short_names: bool = True
    base_iri: str | None = None
    rows: int | None = None
    best_hits: bool = False


FIELDS: Final = tuple(each.name for each in fields(Query))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole result. ``more`` is the query for what follows, where the server's own limit of rows
    was put into this one; ``cut`` tells that only the best hits of a full-text search were looked
    at."""

    media_type: str
    body: bytes
    more: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Streamed:
    """The beginning of a long result; ``rest`` gives what follows, and raises if it fails."""

    media_type: str
    body: bytes
    more: str | None
    rest: AsyncIterator[bytes]
    cut: bool = False


@dataclass(slots=True)
class Counters:
    """What has happened, for the operator's metrics."""

    queries: int = 0
    cached: int = 0
    spawned: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)


# Told of every query that went to a worker, or was refused one: the query, the seconds from its
# beginning to its end, and the outcome: ``done``, ``error``, ``client`` (it has gone), or what
# QueryAborted gives as its reason.
Ended = Callable[[Query, float, str], None]


def outcome_of(error: BaseException) -> str:
    """How a query that raised this has ended."""
    match error:
        case QueryAborted():
            return error.reason
        case asyncio.CancelledError() | GeneratorExit():
            return "client"
        case _:
            return "error"
