"""What the protocol's endpoints share: the dataset, the pool, and who may do what."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio.from_thread

from testimonia.sparql.evaluator import QueryResult
from testimonia.sparql.pool import Pool, Query
from testimonia.updates.dataset import Dataset
from testimonia.web import asking
from testimonia.web.access import Access, OpenAccess

MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Service:
    """One dataset that is served. ``base_iri`` is an archive's, ``None`` for a plain dataset, whose
    graphs may be named by where they are asked for. ``graph_bytes`` bounds a graph that is sent."""

    dataset: Dataset
    pool: Pool
    access: Access = field(default_factory=OpenAccess)
    base_iri: str | None = None
    query_bytes: int = 10 * MEGABYTE
    graph_bytes: int = 100 * MEGABYTE

    @property
    def vary(self) -> str:
        """On what an answer depends, beside the address."""
        return "Accept, Authorization" if self.access.private else "Accept"

    @property
    def plain(self) -> bool:
        """Whether it is a plain dataset, which knows nothing of Testimonia's vocabulary."""
        return self.base_iri is None

    async def etag(self, *key: str) -> str:
        """A validator for what ``key`` asks for, as long as nothing is written (RFC 9110, section
        8.8.3); weak, for two compressions share it."""
        snapshot = await self.pool.snapshot()
        digest = hashlib.sha256(repr((snapshot.identity, *key)).encode()).hexdigest()
        return f'W/"{digest[:32]}"'


class Bridge:
    """The pool for pages, whose handlers run in threads of the server's event loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def evaluate(
        self,
        query: str,
        *,
        accept: str | None = None,
        format_: str | None = None,
        default_graph_uris: Sequence[str] = (),
        named_graph_uris: Sequence[str] = (),
        best_hits: bool = False,
    ) -> QueryResult:
        """See :meth:`testimonia.sparql.evaluator.Evaluator.evaluate`, and for what else may be
        raised :meth:`testimonia.web.asking.Asking.whole`."""
        asked = Query(
            query,
            accept=accept,
            format=format_,
            default_graphs=tuple(default_graph_uris),
            named_graphs=tuple(named_graph_uris),
            best_hits=best_hits,
        )
        return anyio.from_thread.run(asking.whole, self._pool, asked)


def any_matches(header: str | None) -> bool:
    """Whether a list of validators is ``*``: whatever there is, if there is something."""
    return header is not None and header.strip() == "*"


def matches(header: str | None, etag: str) -> bool:
    """Whether a list of validators has this one, by weak comparison (RFC 9110, section 8.8.3.2)."""
    if not header:
        return False
    if any_matches(header):
        return True
    wanted = etag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") == wanted for each in header.split(","))
