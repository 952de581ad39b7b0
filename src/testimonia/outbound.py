"""Calls to addresses that somebody else gave: the way there, for all who make such calls.

The caller says which address may be called, and names the number of the host to connect to; the
connection goes to that number, so that a name which resolves otherwise a moment later reaches
nothing. The certificate and ``Host`` are still the name's. Each redirect is looked at in the same
way, time and size are bounded in all, and no proxy stands between: behind one the number could not
be checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from testimonia import __version__

if TYPE_CHECKING:
    import httpx

MOST_REDIRECTS: Final = 5
_AGENT: Final = f"testimonia/{__version__}"
_KEEP_THE_BODY: Final = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)

# The number of the host to connect to; what it raises for an address that may not be called is
# raised from the call.
NumberOf = Callable[[str], str]


class NoAnswer(Exception):
    """A call came to nothing: nobody is there, the answer is nonsense, or leads on and on."""


class TooLate(NoAnswer):
    """The answer was not whole in time."""


class TooLarge(NoAnswer):
    """The answer is larger than was asked for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A GET, or the POST of ``body``; bounds are seconds and bytes in all."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 30.0
    most_bytes: int = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, from where in the end. ``body`` is as it was sent, in the content codings that
    the headers name, and empty unless the status is one of success; headers are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the status says so."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """What the answer declares, with its parameters."""
        return self.headers.get("content-type", "")

    @property
    def codings(self) -> list[str]:
        """The content codings that the body has, the innermost first (RFC 9110, section 8.4)."""
        named = self.headers.get("content-encoding", "").lower().split(",")
        return [each.strip() for each in named if each.strip() not in ("", "identity")]


def call(request: Request, number_of: NumberOf) -> Answer:
    """The answer to a request, redirects followed. Not for the thread of an event loop.

    Raises:
        NoAnswer: there is none.
        TooLate, TooLarge: it is over its bounds.
        Whatever ``number_of`` raises.
    """
    return asyncio.run(_in_time(request, number_of))


async def _in_time(request: Request, number_of: NumberOf) -> Answer:
    import httpx

    url = request.url
    try:
        async with (
            asyncio.timeout(request.seconds),
            httpx.AsyncClient(trust_env=False, timeout=request.seconds) as client,
        ):
            for _ in range(MOST_REDIRECTS + 1):
                number = await asyncio.to_thread(number_of, url)
                found = await _once(client, url, number, request)
                if isinstance(found, Answer):
                    return found
                url = found
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TooLate(f"did not answer in {request.seconds:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error
    raise NoAnswer(f"redirects more than {MOST_REDIRECTS} times")


async def _once(client: httpx.AsyncClient, url: str, number: str, request: Request) -> Answer | str:
    """The answer of one address, or the address that it redirects to."""
    import httpx

    named = httpx.URL(url)
    sent = client.build_request(
        "GET" if request.body is None else "POST",
        named.copy_with(host=number, username=None, password=None),
        headers={
            "User-Agent": _AGENT,
            "Accept-Encoding": "identity",
            **request.headers,
            "Host": named.netloc.decode("ascii"),
        },
        content=request.body,
        extensions={"sni_hostname": named.raw_host.decode("ascii")},
    )
    response = await client.send(sent, stream=True)
    try:
        if response.has_redirect_location:
            if request.body is not None and response.status_code not in _KEEP_THE_BODY:
                raise NoAnswer("answers with a redirect that is no answer")
            return str(named.join(response.headers["location"]))
        body = b""
        if response.is_success:
            body = await _body(response, request.most_bytes)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(url, response.status_code, headers, body)
    finally:
        await response.aclose()


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > most_bytes:
            raise TooLarge(f"is larger than {most_bytes:,} bytes")
    return bytes(body)
