"""Serves an application with uvicorn."""

from __future__ import annotations

import logging
import resource
import signal
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from testimonia.errors import UsageError

_log = logging.getLogger(__name__)
# A query at work has this long to end after a signal.
_GRACE_SECONDS = 5
_BACKLOG = 512


def serve(app: ASGIApp, *, host: str, port: int, trusted_proxies: tuple[str, ...] = ()) -> None:
    """Serve until SIGINT or SIGTERM; requests at work may finish first.

    SIGTERM ends in a return, SIGINT in ``KeyboardInterrupt``, both after a graceful shutdown. With
    the port 0 the system chooses one; the log says which. ``X-Forwarded-*`` headers count only
    when they come from one of ``trusted_proxies``.

    Raises:
        UsageError: nobody can listen there.
    """
    _allow_many_connections()
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            app,
            log_config=_log_config(),
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        _log.info("listening on http://%s:%d/", host, listener.getsockname()[1])
        # Once it has shut down, uvicorn raises the signal again: without a handler that would
        # end the process here, and the caller could not close the archive.
        signal.signal(signal.SIGTERM, lambda *_: None)
        uvicorn.Server(config).run(sockets=[listener])


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


def _log_config() -> dict[str, object]:
    """One short line a request, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(asctime)s %(message)s", "datefmt": "%H:%M:%S"},
            "access": {
                "()": "uvicorn.logging.AccessFormatter",
                "format": "%(asctime)s %(status_code)s %(request_line)s",
                "datefmt": "%H:%M:%S",
                "use_colors": False,
            },
        },
        "handlers": {
            "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
            "access": {"class": "logging.StreamHandler", "formatter": "access"},
        },
        "loggers": {
            "testimonia": {"handlers": ["plain"], "level": "INFO", "propagate": False},
            "uvicorn.error": {"handlers": ["plain"], "level": "WARNING", "propagate": False},
            "uvicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
