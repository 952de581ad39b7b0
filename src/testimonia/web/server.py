"""Serves an archive with uvicorn."""

from __future__ import annotations

import logging
import signal
import socket

import uvicorn

from testimonia.errors import UsageError
from testimonia.library import Archive
from testimonia.web.app import create_app

_log = logging.getLogger(__name__)
# A query at work has this long to end after a signal.
_GRACE_SECONDS = 5
_BACKLOG = 512


def serve(archive: Archive, *, host: str, port: int, deadline: float | None = None) -> None:
    """Serve until SIGINT or SIGTERM; requests at work may finish first.

    SIGTERM ends in a return, SIGINT in ``KeyboardInterrupt``, both after a graceful shutdown.
    ``deadline`` is how many seconds a query may take, if not what the archive's settings say.
    With the port 0 the system chooses one; the log says which.

    Raises:
        UsageError: nobody can listen there.
    """
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            create_app(archive, deadline=deadline),
            log_config=_log_config(),
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        _log.info("listening on http://%s:%d/", host, listener.getsockname()[1])
        # Once it has shut down, uvicorn raises the signal again: without a handler that would
        # end the process here, and the caller could not close the archive.
        signal.signal(signal.SIGTERM, lambda *_: None)
        uvicorn.Server(config).run(sockets=[listener])


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
