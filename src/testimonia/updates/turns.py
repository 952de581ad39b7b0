"""Writes one after the other, within bounds: what waits, how long, and whose time is taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from testimonia.errors import QueryAborted
from testimonia.sparql.limits import Limits

# Told how many seconds a write had the turn.
Spent = Callable[[float], None]
_RETRY: Final = "nothing has changed; try again in a while"


def unnoted(_: float) -> None:
    """Nobody counts."""


class Turns:
    """The turn of one who writes. To be used in one event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def write(self, spent: Spent = unnoted) -> AsyncIterator[None]:
        """Have the turn as long as the context; ``spent`` is told how long that was.

        Raises:
            QueryAborted: ``busy``, too many wait for it, or it did not come in time.
        """
        if self._waiting >= self._limits.waiting:
            raise QueryAborted(f"too many writes wait for their turn; {_RETRY}", "busy")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._lock.acquire()
        except TimeoutError as error:
            seconds = self._limits.seconds
            message = f"other writes have had the store for {seconds:g} seconds; {_RETRY}"
            raise QueryAborted(message, "busy") from error
        finally:
            self._waiting -= 1
        began = time.monotonic()
        try:
            yield
        finally:
            self._lock.release()
            spent(time.monotonic() - began)

    @asynccontextmanager
    async def own(self) -> AsyncIterator[None]:
        """The same for what the server does by itself, which waits as long as it takes."""
        async with self._lock:
            yield
