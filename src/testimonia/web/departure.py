"""Ends what is done for a client that has gone."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

from starlette.types import Receive

from testimonia.web.observed import CLIENT_GONE
from testimonia.web.problems import Problem

# What is done sooner is not worth a task that watches.
_PATIENCE_SECONDS: Final = 0.2


class EndingWithClient:
    """A context: what is awaited in it is cancelled when the client leaves. The request's body must
    have been read, or be of no interest.

    Raises:
        Problem: 499, it has left; nobody will see it but the log.
    """

    __slots__ = ("_left", "_receive", "_task", "_timer", "_watching")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._left = False
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(_PATIENCE_SECONDS, self._begin, loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        if self._task is not None:
            self._task.cancel()

    def __enter__(self) -> None:
        """Begin to watch, in a while."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if not isinstance(error, asyncio.CancelledError) or not self._left:
            return
        if self._task is not None and self._task.uncancel() == 0:
            raise Problem(CLIENT_GONE, "the client left before there was an answer") from error
