"""Errors as HTTP sees them: status codes, and one shape for all, ``application/problem+json``.

RFC 9457. This is the only place that knows which error is which status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from testimonia.errors import (
    ArchiveError,
    NotAcceptable,
    QueryAborted,
    QueryError,
    StoreError,
    UsageError,
)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 5

_ABORTED = {
    "deadline": HTTPStatus.SERVICE_UNAVAILABLE,
    "memory": HTTPStatus.INSUFFICIENT_STORAGE,
    "size": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


@dataclass
class Problem(Exception):
    """An answer that is an error; ``extra`` are members beside those of the standard."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The status in words."""
        return phrase(self.status)


def phrase(status: int) -> str:
    """What a status code means, by RFC 9110."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def of_error(error: Exception) -> Problem:
    """What an error of ours is over HTTP; of any other nothing is told."""
    match error:
        case Problem():
            return error
        case NotAcceptable():
            return Problem(HTTPStatus.NOT_ACCEPTABLE, str(error), {"Vary": "Accept"})
        case QueryError() | UsageError():
            return Problem(HTTPStatus.BAD_REQUEST, str(error))
        case QueryAborted():
            status = _ABORTED.get(error.reason, HTTPStatus.INTERNAL_SERVER_ERROR)
            return Problem(status, str(error), _retry(status))
        case StoreError() | ArchiveError():
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return Problem(status, str(error), _retry(status))
        case _:
            detail = "something went wrong on this side; the server's log says what"
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def response(problem: Problem) -> Response:
    """The problem for programs."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.extra,
    }
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers),
    )


def _retry(status: int) -> dict[str, str]:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_SECONDS)}
    return {}
