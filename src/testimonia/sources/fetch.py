"""Documents from the web, each address allowed beforehand.

An address is asked for only where a prefix on the list allows it, and so is every address that it
redirects to. A name that stands for a private address is refused, unless the list itself names a
private address: a public page must not lead into the network that we run in. The connection goes
to the very address that was checked, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote

import httpx

from testimonia.errors import UnreadableSource, UsageError
from testimonia.hosts import is_public
from testimonia.sources import files
from testimonia.sources.inflate import Budget, decoded
from testimonia.sources.options import MAX_BYTES

SECONDS = 60.0
_MOST_REDIRECTS = 5
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "testimonia"}
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
    try:
        return asyncio.run(_in_time(address, allow, max_bytes, seconds))
    except TimeoutError as error:
        raise UnreadableSource(f"{address} did not answer in {seconds:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        said = str(error) or type(error).__name__
        raise UnreadableSource(f"{address} cannot be read: {said}") from error


async def _in_time(address: str, allow: AllowList, max_bytes: int, seconds: float) -> Fetched:
    # No proxies: behind one the address that is connected to could not be checked.
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=False, headers=_HEADERS, timeout=seconds) as client,
    ):
        url = allow.checked(address)
        for _ in range(_MOST_REDIRECTS + 1):
            found = await _once(client, url, allow, max_bytes)
            if isinstance(found, Fetched):
                return found
            url = allow.checked(str(found))
    raise UnreadableSource(f"{address} redirects more than {_MOST_REDIRECTS} times")


async def _once(
    client: httpx.AsyncClient, url: httpx.URL, allow: AllowList, max_bytes: int
) -> Fetched | httpx.URL:
    """The answer of one address, or the address that it redirects to."""
    pinned = url.copy_with(host=str(await _resolved(url, allow)))
    request = client.build_request(
        "GET",
        pinned,
        headers={"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    try:
        if response.has_redirect_location:
            return url.join(response.headers["Location"])
        if response.status_code != httpx.codes.OK:
            raise UnreadableSource(
                f"{url} answered {response.status_code} {response.reason_phrase}".rstrip()
            )
        return Fetched(str(url), await _body(response, str(url), max_bytes), _declared(response))
    finally:
        await response.aclose()


async def _body(response: httpx.Response, name: str, max_bytes: int) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        files.require_size(len(body), name, max_bytes)
    data = bytes(body)
    codings = response.headers.get("Content-Encoding", "").lower().split(",")
    for coding in reversed(codings):
        data = decoded(data, coding.strip(), Budget(name, max_bytes))
    return data


async def _resolved(url: httpx.URL, allow: AllowList) -> Address:
    """An address of the host; all that its name stands for must be public.

    Raises:
        UnreadableSource: unknown, or one is private.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(url.host, None, type=socket.SOCK_STREAM)
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


def _declared(response: httpx.Response) -> str:
    declared: str = response.headers.get("Content-Type", "")
    return declared


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
