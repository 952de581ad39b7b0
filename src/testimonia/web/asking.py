"""On whose behalf a page or the API asks the pool: its queries end when that client leaves, and
their time is taken from its share, as at ``/sparql``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from starlette.requests import Request

from testimonia.sparql.pool import Pool, Query, Whole
from testimonia.web.access import Access, Client
from testimonia.web.departure import EndingWithClient


class Asking:
    """One request, whose handler may ask any number of queries."""

    def __init__(self, request: Request, access: Access) -> None:
        self._request = request
        self._access = access
        self._client: Client | None = None

    async def whole(self, pool: Pool, query: Query) -> Whole:
        """See :meth:`testimonia.sparql.pool.Pool.whole`.

        Raises:
            Problem: 401, a token that is none; 429, the client's share is used up (told before the
                first query of a request, not between two); 499, it has left.
        """
        client = self._admitted()
        with EndingWithClient(self._request.receive):
            return await pool.whole(query, spent=partial(self._access.spent, client))

    def _admitted(self) -> Client:
        if self._client is None:
            client = self._access.client(self._request)
            self._access.admit(client)
            self._client = client
        return self._client


_current: ContextVar[Asking | None] = ContextVar("testimonia_asking", default=None)


@contextmanager
def on_behalf(request: Request, access: Access) -> Iterator[None]:
    """What is asked in here is asked for this request; threads that it starts know so too."""
    token = _current.set(Asking(request, access))
    try:
        yield
    finally:
        _current.reset(token)


async def whole(pool: Pool, query: Query) -> Whole:
    """The same, for the request that is being served, if any is."""
    asking = _current.get()
    return await (asking.whole(pool, query) if asking is not None else pool.whole(query))
