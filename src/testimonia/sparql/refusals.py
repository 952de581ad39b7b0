"""What a client is told when a query did not come to its end."""

from __future__ import annotations

import signal
from typing import Final

from testimonia.errors import (
    Forbidden,
    NoSuchGraph,
    NotAcceptable,
    QueryAborted,
    QueryError,
    StoreError,
)
from testimonia.sparql import frames

_ERRORS: Final = {
    each.__name__: each for each in (QueryError, NotAcceptable, StoreError, Forbidden, NoSuchGraph)
}


def require_success(end: frames.End) -> None:
    """Raise what the last frame of an answer says.

    Raises:
        QueryError, NotAcceptable, StoreError: as the worker raised them.
        QueryAborted: it ran out of memory.
    """
    if end.error is None:
        return
    if end.error == "memory":
        raise out_of_memory()
    raise _ERRORS.get(end.error, QueryError)(end.message)


def reason(status: int) -> QueryAborted | QueryError:
    """What a worker's end means. Rust aborts when memory is refused; the system kills for it."""
    match -status:
        case signal.SIGABRT | signal.SIGKILL:
            return out_of_memory()
        case signal.SIGSEGV | signal.SIGBUS:
            return QueryError("the query is nested too deeply to be evaluated; write it flatter")
        case _:
            return QueryAborted(f"the query ended its worker (status {status})", "crash")


def out_of_memory() -> QueryAborted:
    """What a client is told."""
    return QueryAborted(
        "the query needed more memory than it may use; narrow it, or drop ORDER BY or DISTINCT",
        "memory",
    )


def too_late(seconds: float) -> QueryAborted:
    """What a client is told."""
    return QueryAborted(
        f"the query took more than {seconds:g} seconds; narrow it, or add a LIMIT", "deadline"
    )


def too_large(bound: int) -> QueryAborted:
    """What a client is told."""
    return QueryAborted(f"the result is larger than {bound:,} bytes; add a LIMIT", "size")


def busy(message: str) -> QueryAborted:
    """What a client is told."""
    return QueryAborted(message, "busy")


def stopping() -> QueryAborted:
    """What a client is told."""
    return QueryAborted("the server is stopping; ask again in a while", "stopping")
