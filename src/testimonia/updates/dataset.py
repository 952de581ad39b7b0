"""What the endpoint serves: queries on a pool, and writes, of whichever kind of dataset."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from testimonia.errors import QueryAborted, QueryError, StoreError
from testimonia.sparql import frames, refusals
from testimonia.sparql.limits import Limits
from testimonia.sparql.processes import Process, WorkerEnded
from testimonia.updates.turns import Spent, unnoted


@dataclass(frozen=True, slots=True)
class Update:
    """An update as the protocol has it (SPARQL 1.1 Protocol, section 2.2): its text, and the
    graphs that the request names. With ``graph`` it is a patch of that graph alone. ``unchecked``:
    the shapes are not asked."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    base_iri: str | None = None
    graph: str | None = None
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A graph that is put in the place of another, or with ``merge`` added to it."""

    graph: str
    data: bytes
    media_type: str
    base_iri: str
    merge: bool = False
    unchecked: bool = False


class Dataset(Protocol):
    """A dataset that is served. Graphs are named by their IRIs, the default graph by ``""``."""

    def version(self) -> object:
        """See :class:`testimonia.sparql.pool.Publications`."""
        ...

    def lease(self) -> AbstractContextManager[Path]:
        """See :class:`testimonia.sparql.pool.Publications`."""
        ...

    async def update(self, update: Update, *, spent: Spent = unnoted) -> None:
        """Run an update, all or nothing. ``spent`` is told the seconds that it had the store.

        Raises:
            QueryError: it cannot be parsed or run.
            Forbidden: it would write what is not its user's.
            Invalid: the shapes refuse what would come of it.
            QueryAborted: it took too long, or too much memory, or others did; nothing has changed.
        """
        ...

    async def put(self, write: GraphWrite, *, spent: Spent = unnoted) -> bool:
        """Write a graph; returns whether there was none of that name. Raises as ``update``."""
        ...

    async def drop(self, graph: str, *, spent: Spent = unnoted) -> bool:
        """Remove a graph; returns whether it was there. Raises as ``update``."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


def request_of(update: Update) -> dict[str, Any]:
    """An update for a process."""
    return {
        "operation": "update",
        "text": update.text,
        "using": list(update.using),
        "using_named": list(update.using_named),
        "base_iri": update.base_iri,
        "graph": update.graph,
        "unchecked": update.unchecked,
    }


def request_to_put(write: GraphWrite) -> dict[str, Any]:
    """A graph for a process; its data goes beside."""
    return {
        "operation": "put",
        "graph": write.graph,
        "media_type": write.media_type,
        "base_iri": write.base_iri,
        "merge": write.merge,
        "unchecked": write.unchecked,
    }


async def answered(
    process: Process, request: dict[str, Any], data: bytes | None, limits: Limits
) -> tuple[dict[str, Any], bytes]:
    """The head and the data of a process's answer. After an error that the process has not told
    itself, it is of no more use, and has been killed.

    Raises:
        QueryError, StoreError, Forbidden: as the process raised them.
        QueryAborted: the deadline, memory, or more data than a result may have.
    """
    head: dict[str, Any] = {}
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            await process.send(request, data)
            while True:
                kind, payload = await process.receive()
                if kind == frames.HEAD:
                    head = frames.unpack(payload)
                elif kind == frames.DATA:
                    body += payload
                    _require_little(len(body), limits.result_bytes)
                else:
                    break
    except TimeoutError as error:
        process.kill()
        raise _too_late(limits.seconds) from error
    except WorkerEnded as ended:
        process.kill()
        raise _reason(ended.status) from ended
    except BaseException:
        process.kill()
        raise
    refusals.require_success(frames.unpack_end(payload))
    return head, bytes(body)


def arguments(limits: Limits, extra: Sequence[str] = ()) -> list[str]:
    """What a process is started with."""
    services = [word for prefix in limits.services for word in ("--service", prefix)]
    remote = ["--remote"] if limits.remote else []
    return ["--memory", str(limits.memory_bytes), *services, *remote, *extra]


def _too_late(seconds: float) -> QueryAborted:
    message = (
        f"the update took more than {seconds:g} seconds and was ended; nothing has changed:"
        " divide it into smaller ones"
    )
    return QueryAborted(message, "deadline")


def _require_little(size: int, bound: int) -> None:
    if size > bound:
        message = (
            f"what the update would change takes more than {bound:,} bytes; nothing has changed:"
            " divide it into smaller ones"
        )
        raise QueryAborted(message, "size")


def _reason(status: int) -> Exception:
    found = refusals.reason(status)
    if isinstance(found, QueryError):
        return QueryError("the update is nested too deeply to be run; write it flatter")
    if found.reason == "memory":
        return QueryAborted(
            "the update needed more memory than it may use; nothing has changed", "memory"
        )
    return StoreError(f"the update ended its process (status {status}); nothing has changed")
