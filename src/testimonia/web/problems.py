"""Errors as HTTP sees them: status codes, and one shape for all, ``application/problem+json``.

RFC 9457. This is the only place that knows which error is which status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import mimeparse
from starlette.responses import Response

from testimonia import rdf
from testimonia.errors import (
    ArchiveError,
    ArchiveLocked,
    Forbidden,
    Invalid,
    NoSuchGraph,
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
    "busy": HTTPStatus.TOO_MANY_REQUESTS,
    "stopping": HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass
class Problem(Exception):
    """An answer that is an error; ``extra`` are members beside those of the standard, ``turtle`` a
    report that can be had as RDF."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    turtle: str | None = None

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
        case Invalid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return Problem(status, str(error), extra={"report": error.json}, turtle=error.turtle)
        case Forbidden():
            return Problem(HTTPStatus.FORBIDDEN, str(error))
        case NoSuchGraph():
            return Problem(HTTPStatus.NOT_FOUND, str(error))
        case QueryError() | UsageError():
            return Problem(HTTPStatus.BAD_REQUEST, str(error))
        case QueryAborted():
            status = _ABORTED.get(error.reason, HTTPStatus.INTERNAL_SERVER_ERROR)
            return Problem(status, str(error), _retry(status))
        case ArchiveLocked():
            # Nothing is wrong here; another has the turn (RFC 9110, section 15.5.10).
            retry = {"Retry-After": str(RETRY_SECONDS)}
            return Problem(HTTPStatus.CONFLICT, str(error), retry)
        case StoreError() | ArchiveError():
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return Problem(status, str(error), _retry(status))
        case _:
            detail = "something went wrong on this side; the server's log says what"
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def response(problem: Problem, accept: str = "") -> Response:
    """The problem for programs; its report in RDF, if it has one and that is what is accepted."""
    if problem.turtle is not None and (format_ := _report_format(accept)) is not None:
        turtle = format_ == "text/turtle"
        body = problem.turtle if turtle else rdf.converted(problem.turtle, "turtle", "jsonld")
        headers = dict(problem.headers)
        return Response(body, status_code=problem.status, media_type=format_, headers=headers)
    content = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.extra,
    }
    return Response(
        json.dumps(content, ensure_ascii=False).encode(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers),
    )


def _report_format(accept: str) -> str | None:
    offered = ["text/turtle", "application/ld+json", "application/json", MEDIA_TYPE]
    try:
        best = mimeparse.best_match(offered, accept.lower()) if accept else ""
    except mimeparse.MimeTypeParseException:
        return None
    return best if best in offered[:2] else None


def _retry(status: int) -> dict[str, str]:
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": str(RETRY_SECONDS)}
    return {}
