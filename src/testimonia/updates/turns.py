"""Writes one after the other, within bounds: what waits, how long, and whose time is taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from testimonia.errors import QueryAborted
from testimonia.sparql import lexer
from testimonia.sparql.limits import Limits

# Told how many seconds a write had the turn.
Spent = Callable[[float], None]
_LONG: Final = 100_000
_RETRY: Final = "nothing has changed; try again in a while"


def unnoted(_: float) -> None:
    """Nobody counts."""


class Turns:
    """The turn of one who writes. To be used in one event loop.

    What may last has a second lock around the first: only when one of those has ended does the
    next ask for its turn, after all short ones that came in the meantime.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = asyncio.Lock()
        self._lasting = asyncio.Lock()
        self._waiting = 0

    @property
    def contended(self) -> bool:
        """Whether others wait to write."""
        return self._waiting > 0

    @asynccontextmanager
    async def write(self, spent: Spent = unnoted, *, lasting: bool = True) -> AsyncIterator[None]:
        """Have the turn as long as the context; ``spent`` is told how long that was. ``lasting``:
        nobody knows how long it will be.

        Raises:
            QueryAborted: ``busy``, too many wait for it, or it did not come in time.
        """
        if self._waiting >= self._limits.waiting:
            raise QueryAborted(f"too many writes wait for their turn; {_RETRY}", "busy")
        async with AsyncExitStack() as held:
            await self._taken(held, (self._lasting, self._lock) if lasting else (self._lock,))
            began = time.monotonic()
            held.callback(lambda: spent(time.monotonic() - began))
            yield

    async def _taken(self, held: AsyncExitStack, locks: tuple[asyncio.Lock, ...]) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                for lock in locks:
                    await held.enter_async_context(lock)
        except TimeoutError as error:
            seconds = self._limits.seconds
            message = f"other writes have had the store for {seconds:g} seconds; {_RETRY}"
            raise QueryAborted(message, "busy") from error
        finally:
            self._waiting -= 1

    @asynccontextmanager
    async def own(self) -> AsyncIterator[None]:
        """The same for what the server does by itself, which waits as long as it takes."""
        async with self._lock:
            yield


def may_last(request: dict[str, Any], data: bytes | None) -> bool:
    """Whether a write may take long: one whose effect stands in its own text takes as long as the
    text, any other as long as it may."""
    text: str = request.get("text", "")
    if len(text) + len(data or b"") > _LONG:
        return True
    return request["operation"] == "update" and not lexer.inserts_only(text)
