"""Serves an application with uvicorn."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from testimonia.errors import UsageError
from testimonia.web import logs
from testimonia.web.connections import Connection

_log = logging.getLogger(__name__)
# A query at work has this long to end after a signal.
GRACE_SECONDS = 8.0
# And what is told that the server is stopping, this long to be told.
_FAREWELL_SECONDS = 1.0
_IDLE_SECONDS = 20
_BACKLOG = 512


def serve(
    app: FastAPI,
    *,
    host: str,
    port: int,
    trusted_proxies: tuple[str, ...] = (),
    log: str = "text",
    grace: float = GRACE_SECONDS,
) -> None:
    """Serve until SIGINT or SIGTERM; requests at work may finish first, within ``grace`` seconds.

    SIGTERM ends in a return, SIGINT in ``KeyboardInterrupt``, both after a graceful shutdown. With
    the port 0 the system chooses one; the log (``text`` or ``json``) says which. ``X-Forwarded-*``
    headers count only when they come from one of ``trusted_proxies``.

    Raises:
        UsageError: nobody can listen there.
    """
    _allow_many_connections()
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="on",  # a beginning that fails is to be seen
            log_config=logs.configuration(log),
            access_log=False,
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_keep_alive=_IDLE_SECONDS,
            # A float is as good, and what comes after the grace is a second.
            timeout_graceful_shutdown=round(grace + _FAREWELL_SECONDS + 0.5),
        )
        _log.info("listening on http://%s:%d/", host, listener.getsockname()[1])
        # Once it has shut down, uvicorn raises the signal again: without a handler that would
        # end the process here, and the caller could not close the archive.
        signal.signal(signal.SIGTERM, lambda *_: None)
        _Server(config, app.state.service.pool.stop, grace).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends what is still at work when the grace is over, in time for its clients to be told."""

    def __init__(self, config: uvicorn.Config, stop: Callable[[], None], grace: float) -> None:
        super().__init__(config)
        self._stop = stop
        self._grace = grace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody new; wait; stop."""
        _log.info("stopping; what is at work has %g seconds", self._grace)
        stopping = asyncio.get_running_loop().call_later(self._grace, self._stop)
        try:
            await super().shutdown(sockets)
        finally:
            stopping.cancel()


def _allow_many_connections() -> None:
    """As many open files as the system lets a process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UsageError(
            f"cannot listen on port {port} of {host}: {error.strerror or error};"
            " choose another with --port or --host"
        ) from error
