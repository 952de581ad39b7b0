"""Evaluates queries for callers that are no event loop: the command line, the library, pages.

The pool lives in a thread of its own, begun with the first query.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from testimonia.closing import Closing
from testimonia.errors import StoreError
from testimonia.sparql.limits import Limits
from testimonia.sparql.pool import Pool, Publications, Query
from testimonia.sparql.pool import Whole as QueryResult

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

__all__ = ["Evaluator", "QueryResult"]


class Evaluator(Closing):
    """Runs queries on what ``publications`` gives, asked anew for each.

    Safe to use from many threads. Close it to end its processes.
    """

    def __init__(self, publications: Publications, limits: Limits | None = None) -> None:
        self._publications = publications
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._pool: Pool | None = None
        self._closed = False

    def evaluate(
        self,
        query: str,
        *,
        accept: str | None = None,
        format_: str | None = None,
        default_graph_uris: Sequence[str] = (),
        named_graph_uris: Sequence[str] = (),
        known_prefixes: bool = False,
        best_hits: bool = False,
    ) -> QueryResult:
        """The whole result of a query. See :meth:`testimonia.sparql.pool.Pool.whole`.

        With ``known_prefixes`` a query need not declare those of our vocabularies; with
        ``best_hits`` a search that has too many hits is given the best, and the result is ``cut``.

        Raises:
            QueryError, NotAcceptable, QueryAborted, StoreError: as described there.
        """
        asked = Query(
            query,
            accept=accept,
            format=format_,
            default_graphs=tuple(default_graph_uris),
            named_graphs=tuple(named_graph_uris),
            known_prefixes=known_prefixes,
            best_hits=best_hits,
        )
        portal, pool = self._started()
        return portal.call(pool.whole, asked)

    def close(self) -> None:
        """End the worker processes, whatever they are doing."""
        with self._lock:
            self._closed = True
            if self._portal is not None and self._pool is not None:
                self._portal.call(self._pool.close)
            self._stack.close()
            self._portal = self._pool = None

    def _started(self) -> tuple[BlockingPortal, Pool]:
        with self._lock:
            if self._closed:
                raise StoreError("the evaluator has been closed")
            if self._portal is None or self._pool is None:
                from anyio.from_thread import start_blocking_portal

                self._portal = self._stack.enter_context(start_blocking_portal())
                self._pool = self._portal.call(Pool, self._publications, self._limits)
            return self._portal, self._pool
