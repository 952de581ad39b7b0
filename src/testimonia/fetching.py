"""Fetches from addresses that somebody else gave: politely, within bounds, and nowhere inside.

A host must be on the allow-list. Its name is resolved here, every address that it has must be a
public one, and the connection goes to the address that was looked at: a name that resolves
otherwise a moment later reaches nothing. Each redirect is looked at in the same way.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from testimonia import outbound
from testimonia.errors import Forbidden, UnreadableSource
from testimonia.hosts import is_public
from testimonia.sources.inflate import plain

MOST_BYTES: Final = 20 * 1024 * 1024
_SECONDS: Final = 20.0

Resolve = Callable[[str, int], Collection[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: ``url`` is where it came from in the end. With the status 304 there is no data.
    ``retry_after`` are seconds that the host asks for."""

    url: str
    status: int
    data: bytes = b""
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: float | None = None


def resolve(host: str, port: int) -> Collection[str]:
    """All addresses of a host.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches from ``hosts``, and hosts below them; with ``private`` from addresses inside too."""

    hosts: tuple[str, ...]
    private: bool = False
    most_bytes: int = MOST_BYTES
    resolve: Resolve = resolve

    def fetch(self, url: str, etag: str = "", last_modified: str = "") -> Fetched:
        """What is at ``url``, or that it has not changed (RFC 9110, section 13).

        Raises:
            Forbidden: it leads where nothing may be fetched.
            UnreadableSource: it cannot be reached, is too large, or answers with an error.
        """
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        request = outbound.Request(url, headers, seconds=_SECONDS, most_bytes=self.most_bytes)
        try:
            found = outbound.call(request, self._number)
        except outbound.NoAnswer as error:
            raise UnreadableSource(f"{url} cannot be fetched: {error}") from error
        return Fetched(
            found.url,
            found.status,
            plain(found.body, found.codings, found.url, self.most_bytes),
            found.media_type,
            found.headers.get("etag", ""),
            found.headers.get("last-modified", ""),
            _seconds(found.headers.get("retry-after", "")),
        )

    def _number(self, url: str) -> str:
        """The number to connect to.

        Raises:
            Forbidden: the host is not on the list, or inside.
            OSError: it has no address.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
        if parts.scheme not in ("http", "https") or not host:
            raise Forbidden(f"{url} is no http or https address with a host")
        if parts.username or parts.password:
            raise Forbidden(f"an address with a name or a password in it is not fetched: {host}")
        allowed = (each.lower().rstrip(".") for each in self.hosts)
        if not any(host == each or host.endswith(f".{each}") for each in allowed):
            raise Forbidden(f"nothing may be fetched from {host}: allow the host first")
        found = self.resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
        inside = [each for each in found if not is_public(each)]
        if inside and not self.private:
            raise Forbidden(f"{host} is an address inside ({inside[0]}): nothing is fetched there")
        if not found:
            raise OSError(f"{host} has no address")
        return next(iter(found))


def _seconds(header: str) -> float | None:
    return float(header) if header.isdecimal() else None
