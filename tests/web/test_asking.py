"""Pages and the API ask on behalf of a client, as the endpoint does."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import anyio.to_thread
import pytest
from starlette.requests import Request
from starlette.types import Message

from testimonia.sparql.pool import Pool, Query, Whole
from testimonia.web.access import OpenAccess
from testimonia.web.asking import on_behalf
from testimonia.web.observed import CLIENT_GONE
from testimonia.web.problems import Problem
from testimonia.web.service import Bridge

pytestmark = pytest.mark.anyio


class Endless:
    """A pool whose queries have no end."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def whole(self, query: Query, **_: Any) -> Whole:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        raise AssertionError(query)


async def test_a_page_asks_no_further_when_its_client_leaves() -> None:
    left = asyncio.Event()
    pool = Endless()

    async def receive() -> Message:
        await left.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ("a", 1)}
    bridge = Bridge(cast("Pool", pool))
    with on_behalf(Request(scope, receive), OpenAccess()):
        handler = asyncio.create_task(anyio.to_thread.run_sync(bridge.evaluate, "SELECT * {}"))
        await asyncio.sleep(0)
        assert not pool.ended.is_set()
        left.set()
        with pytest.raises(Problem) as raised:
            await handler
    assert raised.value.status == CLIENT_GONE
    assert pool.ended.is_set()


async def test_without_a_request_nobody_is_asked_for() -> None:
    class Known:
        async def whole(self, query: Query) -> Whole:
            return Whole("text/csv", query.query.encode())

    bridge = Bridge(cast("Pool", Known()))
    assert (await anyio.to_thread.run_sync(bridge.evaluate, "a")).body == b"a"
