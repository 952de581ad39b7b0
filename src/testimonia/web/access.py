"""Who may do what: the rights that a request has, and how much of the workers' time."""

from __future__ import annotations

import base64
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

from starlette.requests import Request

from testimonia.tokens import Tokens
from testimonia.web.problems import Problem

# Browsers ask for a name and a password: the token is the password, the name is nothing.
_CHALLENGE: Final = 'Bearer realm="testimonia", Basic realm="testimonia", charset="UTF-8"'
_REALM: Final = {"WWW-Authenticate": _CHALLENGE}
_MOST_CLIENTS: Final = 10_000
_WINDOW_SECONDS: Final = 60.0


class Right(StrEnum):
    """What a token can be given for."""

    QUERY = "query"
    UPDATE = "update"
    INGEST = "ingest"
    ADMIN = "admin"
    UNCHECKED = "unchecked"  # writes without the shapes' consent
    CURATE = "curate"


_READING: Final = frozenset({Right.QUERY})
_OPEN: Final = frozenset({*_READING, *(Right.UPDATE, Right.INGEST, Right.CURATE, Right.UNCHECKED)})
_WRITING: Final = (Right.UPDATE, Right.INGEST, Right.CURATE, Right.ADMIN)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: ``name`` tells one from another, for fair shares and the log."""

    name: str
    rights: frozenset[Right] = field(default_factory=frozenset)
    known: bool = False

    def may(self, right: Right) -> bool:
        """Whether this right is there; an administrator has all but that to write unchecked."""
        everything = Right.ADMIN in self.rights and right is not Right.UNCHECKED
        return right in self.rights or everything


class Access(Protocol):
    """Tells who asks, and keeps count of what was spent on them."""

    @property
    def private(self) -> bool:
        """Whether reading needs a token, so that answers differ by who asks."""
        ...

    @property
    def writable(self) -> bool:
        """Whether anybody may write at all."""
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


def with_token(request: Request, token: str) -> Request:
    """The request as if it came with this token in its header, and no other: for forms, which have
    it in a field. What a browser sends by itself (Basic) counts for nothing."""
    kept = [each for each in request.scope["headers"] if each[0].lower() != b"authorization"]
    header = (b"authorization", b"Bearer " + token.strip().encode("utf-8", "replace"))
    return Request({**request.scope, "headers": [*kept, header] if token.strip() else kept})


def require(client: Client, right: Right) -> None:
    """Let pass who has the right.

    Raises:
        Problem: 401, nobody in particular; 403, somebody without it.
    """
    if client.may(right):
        return
    if client.known:
        raise Problem(HTTPStatus.FORBIDDEN, f"this token does not give the right to {right}")
    detail = f"this needs a token with the scope {right}: testimonia token create --scope {right}"
    raise Problem(HTTPStatus.UNAUTHORIZED, detail, _REALM)


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """No tokens: everybody may read, and with ``writable`` everybody may write (for tests, on
    loopback only)."""

    writable: bool = False
    private: bool = False

    def client(self, request: Request) -> Client:
        """Told by the address."""
        return _anybody(_network(request), _OPEN if self.writable else _READING)

    def admit(self, client: Client) -> None:
        """Everybody."""

    def spent(self, client: Client, seconds: float) -> None:
        """Not counted."""


class TokenAccess:
    """Rights by ``Authorization: Bearer …`` (RFC 6750); without a token, everybody may read unless
    the archive is ``private``.

    A client, told by its token or else by its network, may use ``seconds`` of the workers' time in
    a minute; what was unused before counts, up to a minute's worth. ``None``: no bound.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        private: bool = False,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._private = private
        self._shares = Shares(seconds, clock) if seconds else None

    @property
    def private(self) -> bool:
        """Whether reading needs a token."""
        return self._private

    @property
    def writable(self) -> bool:
        """Whether there is a token that gives the right to write something."""
        return self._tokens.any_with(_WRITING)

    def client(self, request: Request) -> Client:
        """See :meth:`Access.client`."""
        header = request.headers.get("authorization")
        if header is None:
            return _anybody(_network(request), frozenset() if self._private else _READING)
        token = self._tokens.find(_credentials(header))
        if token is None:
            detail = "the token is unknown, has expired or was revoked"
            challenge = _CHALLENGE.replace(",", ', error="invalid_token",', 1)
            headers = {"WWW-Authenticate": challenge}
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers)
        rights_ = {Right(scope) for scope in token.scopes}
        if not self._private:
            rights_.add(Right.QUERY)
        return Client(f"token {token.id}", frozenset(rights_), known=True)

    def admit(self, client: Client) -> None:
        """See :meth:`Access.admit`."""
        if self._shares is not None:
            self._shares.admit(client.name)

    def spent(self, client: Client, seconds: float) -> None:
        """See :meth:`Access.spent`."""
        if self._shares is not None:
            self._shares.spent(client.name, seconds)


class Shares:
    """How much of the workers' time each client has left: a bucket that fills with
    ``seconds_a_minute`` and holds as much as a minute brings."""

    def __init__(self, seconds_a_minute: float, clock: Callable[[], float]) -> None:
        self._most = seconds_a_minute
        self._rate = seconds_a_minute / _WINDOW_SECONDS
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, name: str) -> None:
        """Let pass who has anything left.

        Raises:
            Problem: 429; says when there will be something again.
        """
        left = self._now(name)
        if left <= 0:
            wait = max(1, round(-left / self._rate + 0.5))
            detail = (
                f"your queries have used their share of {self._most:g} seconds a minute; wait"
                f" {wait} seconds, or ask less at a time"
            )
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(wait)})

    def spent(self, name: str, seconds: float) -> None:
        """Take from what is left; more than there is may be taken."""
        self._left[name] = (self._now(name) - seconds, self._clock())
        self._left.move_to_end(name)
        while len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)

    def _now(self, name: str) -> float:
        left, since = self._left.get(name, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - since) * self._rate)


def _credentials(header: str) -> str:
    """The token in an ``Authorization`` header: Bearer (RFC 6750), or Basic (RFC 7617)."""
    scheme, _, text = header.partition(" ")
    match scheme.lower():
        case "bearer":
            return text.strip()
        case "basic":
            try:
                return base64.b64decode(text, validate=True).decode().partition(":")[2]
            except ValueError:
                return ""
        case _:
            return ""


@lru_cache(maxsize=4096)
def _anybody(name: str, rights: frozenset[Right]) -> Client:
    return Client(name, rights)


def _network(request: Request) -> str:
    client = request.scope.get("client")
    return _network_of(client[0] if client else "")


@lru_cache(maxsize=4096)
def _network_of(host: str) -> str:
    """An address that one client may have many of is taken as one: IPv6 by its first half."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
