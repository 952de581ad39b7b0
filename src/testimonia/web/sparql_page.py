"""``/sparql`` for people: the form, and results as pages, for the endpoint's event loop."""

from __future__ import annotations

from dataclasses import replace

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from testimonia.sparql.evaluator import QueryResult
from testimonia.sparql.pool import Pool, Query
from testimonia.web import asking, problems, query_page
from testimonia.web.access import Access
from testimonia.web.site import Site


class SparqlPage:
    """Pages are made in threads; the query itself is asked by the loop."""

    def __init__(self, site: Site, pool: Pool, access: Access) -> None:
        self._site = site
        self._pool = pool
        self._access = access

    async def form(self, request: Request) -> Response:
        """The form, empty but for a query to start from."""
        return await anyio.to_thread.run_sync(query_page.form, request)

    async def answered(self, request: Request, query: Query) -> Response:
        """The form with the result, or with what went wrong."""
        with asking.on_behalf(request, self._access):
            return await self._answered(request, query)

    async def _answered(self, request: Request, query: Query) -> Response:
        shown = replace(query, accept=query_page.ACCEPT, format=None)
        try:
            found = await asking.whole(self._pool, shown)
        except Exception as error:
            problem = problems.of_error(error)
            if problem.status == 500:
                raise
            return await anyio.to_thread.run_sync(query_page.failed, request, query.query, problem)
        result = QueryResult(found.media_type, found.body)
        return await anyio.to_thread.run_sync(
            query_page.answered, request, self._site, query.query, result
        )
