"""What a pool is asked, what it answers, and what it counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final

from testimonia.errors import QueryAborted


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


_NAMES: Final = tuple(each.name for each in fields(Query))
_values = attrgetter(*_NAMES)
_DEFAULTS: Final = _values(Query())
_LONGEST_KEPT: Final = 100_000
# Results of these differ from one time to the next.
_FLEETING: Final = ("now", "rand", "uuid", "bnode", "service")


def request_of(query: Query, checkpoint: str) -> dict[str, Any]:
    """What a worker is told; what it takes for granted goes without saying."""
    told = zip(_NAMES, _values(query), _DEFAULTS, strict=True)
    request = {name: value for name, value, default in told if value != default}
    request["checkpoint"] = checkpoint
    return request


def told_apart(query: Query) -> str:
    """What no other query has, in any process."""
    return repr(_values(query))


def is_fleeting(query: str) -> bool:
    """Whether a result may be another the next time, or is too long to look for that."""
    if len(query) > _LONGEST_KEPT:
        return True
    plain = query.casefold()
    return any(word in plain for word in _FLEETING)


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
