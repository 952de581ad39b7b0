"""Who may do what: the rights that a request has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from starlette.requests import Request

from testimonia.web.problems import Problem


class Right(StrEnum):
    """What a token can be given for."""

    QUERY = "query"
    UPDATE = "update"
    INGEST = "ingest"
    ADMIN = "admin"
    UNCHECKED = "unchecked"  # writes without the shapes' consent
    CURATE = "curate"


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: ``name`` tells one from another, for fair shares and the log."""

    name: str
    rights: frozenset[Right] = field(default_factory=frozenset)

    def may(self, right: Right) -> bool:
        """Whether this right is there; an administrator has them all."""
        return right in self.rights or Right.ADMIN in self.rights


class Access(Protocol):
    """Tells who asks, and keeps count of what was spent on them."""

    @property
    def private(self) -> bool:
        """Whether reading needs a token, so that answers differ by who asks."""
        ...

    def client(self, request: Request) -> Client:
        """Who asks.

        Raises:
            Problem: 401, a token that is none.
        """
        ...

    def admit(self, client: Client) -> None:
        """Let a client ask another question.

        Raises:
            Problem: 429, it has used more than its share.
        """
        ...

    def spent(self, client: Client, seconds: float) -> None:
        """Note that a query of this client took a worker so long."""
        ...


def require(client: Client, right: Right) -> None:
    """Let pass who has the right.

    Raises:
        Problem: 401, nobody in particular; 403, somebody without it.
    """
    if client.may(right):
        return
    if client.rights - {Right.QUERY}:
        detail = f"this token does not give the right to {right}"
        raise Problem(HTTPStatus.FORBIDDEN, detail)
    detail = f"this needs a token with the scope {right}: testimonia token create --scope {right}"
    raise Problem(
        HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": 'Bearer realm="testimonia"'}
    )


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """No tokens: everybody may read, and with ``write`` everybody may write (for tests, on
    loopback only)."""

    write: bool = False
    private: bool = False

    def client(self, request: Request) -> Client:
        """Told by the address."""
        rights = {Right.QUERY, Right.UPDATE, Right.UNCHECKED} if self.write else {Right.QUERY}
        return Client(request.client.host if request.client else "", frozenset(rights))

    def admit(self, client: Client) -> None:
        """Everybody."""

    def spent(self, client: Client, seconds: float) -> None:
        """Not counted."""
