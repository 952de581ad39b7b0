"""Documents from the web, each address allowed beforehand.

An address is asked for only where a prefix on the list allows it, and so is every address that it
redirects to. A name that stands for a private address is refused, unless the list itself names a
private address: a public page must not lead into the network that we run in. The connection goes
to the very address that was checked, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote

import httpx

from testimonia import outbound
from testimonia.errors import UnreadableSource, UsageError
from testimonia.hosts import is_public
from testimonia.sources import files
from testimonia.sources.inflate import plain
from testimonia.sources.options import MAX_BYTES

SECONDS = 60.0
_SCHEMES = ("http", "https")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its last redirection's own ``url``, and the declared media type."""

    url: str
    data: bytes
    media_type: str


class AllowList:
    """Prefixes of addresses that may be asked for.

    Scheme, host and port must be those of a prefix, whatever the letters behind it: what is allowed
    under ``https://a.example`` is not under ``https://a.example.org``.
    """

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._prefixes = [_prefix(prefix) for prefix in prefixes]

    def checked(self, address: str) -> httpx.URL:
        """``address``, if it may be asked for.

        Raises:
            UnreadableSource: it is none, or no prefix allows it.
        """
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise UnreadableSource(f"{address!r} is no address: {error}") from error
        if url.scheme not in _SCHEMES or not url.host or url.userinfo:
            raise UnreadableSource(f"{address!r} is no http or https address without a password")
        if ".." in unquote(url.path).replace("\\", "/").split("/"):
            raise UnreadableSource(f"{address!r} leads upwards; give the address that it means")
        if not any(_origin(url) == _origin(each) and _below(url, each) for each in self._prefixes):
            raise UnreadableSource(
                f"{address} may not be asked for; allow it with --allow-url PREFIX"
            )
        return url

    def names(self, host: str) -> bool:
        """Whether a prefix names this host by a private address, so that it is meant."""
        return any(
            each.host == host and (_is_literal(host) or host == "localhost")
            for each in self._prefixes
        )


def fetch(
    address: str, allow: AllowList, *, max_bytes: int = MAX_BYTES, seconds: float = SECONDS
) -> Fetched:
    """What ``address`` gives, redirections followed as far as ``allow`` has them.

    Raises:
        UnreadableSource: not allowed, not there, not in time, or redirected without end.
        UnsupportedSource: larger than ``max_bytes``, or in an unknown coding.
    """
    request = outbound.Request(address, seconds=seconds, most_bytes=max_bytes)
    try:
        found = outbound.call(request, lambda url: str(_resolved(allow.checked(url), allow)))
    except outbound.TooLate as error:
        raise UnreadableSource(f"{address} {error}") from error
    except outbound.TooLarge as error:
        raise files.too_large(address, max_bytes) from error
    except outbound.NoAnswer as error:
        raise UnreadableSource(f"{address} cannot be read: {error}") from error
    if found.status != httpx.codes.OK:
        reason = httpx.codes.get_reason_phrase(found.status)
        raise UnreadableSource(f"{found.url} answered {found.status} {reason}".rstrip())
    data = plain(found.body, found.codings, found.url, max_bytes)
    return Fetched(found.url, data, found.media_type)


def _resolved(url: httpx.URL, allow: AllowList) -> Address:
    """An address of the host; all that its name stands for must be public.

    Raises:
        UnreadableSource: unknown, or one is private.
    """
    try:
        found = socket.getaddrinfo(url.host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreadableSource(f"{url}: no host of that name ({error})") from error
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise UnreadableSource(f"{url}: no host of that name")
    private = [each for each in addresses if not is_public(str(each))]
    if private and not allow.names(url.host):
        raise UnreadableSource(
            f"{url} leads to {private[0]}, which is a private address; if that is meant, allow the "
            "address itself with --allow-url"
        )
    return addresses[0]


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _prefix(written: str) -> httpx.URL:
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL as error:
        raise UsageError(f"--allow-url {written!r}: no address: {error}") from error
    if url.scheme not in _SCHEMES or not url.host or url.userinfo or url.query or url.fragment:
        raise UsageError(
            f"--allow-url {written!r}: give the beginning of an http or https address, such as "
            "https://gazette.example/2024/"
        )
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _below(url: httpx.URL, prefix: httpx.URL) -> bool:
    """Whether the path of ``url`` begins with that of ``prefix``, as letters do."""
    return url.path.startswith(prefix.path)
