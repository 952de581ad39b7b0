"""Ends what is done for a client that has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.types import Receive

from testimonia.web.observed import CLIENT_GONE
from testimonia.web.problems import Problem

# What is done sooner is not worth a task that watches.
_PATIENCE_SECONDS: Final = 0.2


@contextmanager
def ending_with_client(receive: Receive) -> Iterator[None]:
    """What is awaited in here is cancelled when the client leaves. The request's body must have
    been read, or be of no interest.

    Raises:
        Problem: 499, it has left; nobody will see it but the log.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        if task is not None:
            task.cancel()

    timer = loop.call_later(_PATIENCE_SECONDS, lambda: watching.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError as error:
        if not left or task is None or task.uncancel() > 0:
            raise
        raise Problem(CLIENT_GONE, "the client left before there was an answer") from error
    finally:
        timer.cancel()
        for each in watching:
            each.cancel()
