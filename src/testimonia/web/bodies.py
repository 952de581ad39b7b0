"""Reading a request: its parameters, decoded once and strictly, and its body, within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.requests import ClientDisconnect, Request

from testimonia.web.problems import Problem

FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1000
# A client that is still sending when the connection is closed never sees the answer: a little more
# is read than is kept, and thrown away.
_PATIENCE: Final = 4
# Of each the rest is copied: a body of nothing but members would take hours.
_MOST_MEMBERS: Final = 20


@dataclass(frozen=True, slots=True)
class Parameters:
    """A request's parameters by name, in their order."""

    pairs: Sequence[tuple[str, str]] = ()

    def all(self, name: str) -> list[str]:
        """Every value of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str) -> str | None:
        """The first value that is not empty."""
        return next(filter(None, self.all(name)), None)

    def has(self, name: str) -> bool:
        """Whether it is there, with a value or without."""
        return any(key == name for key, _ in self.pairs)


def parameters(request: Request) -> Parameters:
    """Those of the URL.

    Raises:
        Problem: 400.
    """
    return Parameters(decoded(request.scope["query_string"]))


def decoded(data: bytes) -> list[tuple[str, str]]:
    """Parameters, percent-decoded once.

    Raises:
        Problem: 400, they are not UTF-8, or too many.
    """
    if not data:
        return []
    try:
        if data.isascii() and data.count(b"&") < _MOST_FIELDS:
            return [(_plain(name), _plain(value)) for name, value in _fields(data)]
        return parse_qsl(
            utf8(data), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        detail = f"the parameters cannot be read as UTF-8 form data: {error}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error


def _fields(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As ``parse_qsl`` finds them, at a third of its cost."""
    for field in data.split(b"&"):
        if field:
            name, _, value = field.partition(b"=")
            yield name, value


def _plain(data: bytes) -> str:
    return unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8")


def utf8(data: bytes) -> str:
    """The text.

    Raises:
        Problem: 400.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"the request is not UTF-8: {error.reason} at byte {error.start}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error


def accept(request: Request) -> str | None:
    """What the client accepts; ``None`` where it does not say."""
    values = [value for name, value in request.scope["headers"] if name == b"accept"]
    return b", ".join(values).decode("latin-1") or None


def content_type(request: Request, known: Sequence[str], *, header: str = "Accept-Post") -> str:
    """The media type of the body, which must be one of ``known``, in UTF-8.

    Raises:
        Problem: 415; names what is known in the header called ``header``.
    """
    value = request.headers.get("content-type", "")
    parsed = Message()
    parsed["content-type"] = value
    kind, charset = parsed.get_content_type(), parsed.get_content_charset("utf-8")
    offered = {header: ", ".join(known)}
    if not value or kind not in known:
        asked = repr(value) if value else "without a type"
        detail = f"the body comes {asked}; it can be {', '.join(known)}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, offered)
    if charset not in ("utf-8", "utf8", "us-ascii"):
        detail = f"the body comes in UTF-8, not in {charset!r}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, offered)
    return kind


async def body(request: Request, bound: int) -> bytes:
    """The body, decompressed; of one that is longer than ``bound`` bytes nothing is kept.

    Raises:
        Problem: 413; 415, a compression that is not known; 400, the client has gone, or the body
            is not compressed as it says.
    """
    expand = _decompressor(request, bound)
    announced = request.headers.get("content-length", "0")
    most = bound if "expect" in request.headers else _PATIENCE * bound
    if not announced.isdecimal() or int(announced) > most:
        raise _too_large(bound)
    taken, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= bound:
                taken += chunk
            elif size > _PATIENCE * bound:
                break
    except ClientDisconnect as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "the request ended before its body") from error
    if size > bound:
        raise _too_large(bound)
    return expand(bytes(taken))


def _decompressor(request: Request, bound: int) -> Callable[[bytes], bytes]:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return lambda data: data
    known = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
    if encoding not in known:
        detail = f"the body is compressed with {encoding!r}; it can be with gzip or deflate"
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Encoding": "gzip, deflate"}
        )

    def expand(data: bytes) -> bytes:
        try:
            return _expanded(data, known[encoding], bound)
        except zlib.error as error:
            detail = f"the body is not compressed with {encoding} as it says: {error}"
            raise Problem(HTTPStatus.BAD_REQUEST, detail) from error

    return expand


def _expanded(data: bytes, window_bits: int, bound: int) -> bytes:
    """All of it: gzip may come in several members (RFC 1952, section 2.2), and what follows the
    last is not passed over in silence."""
    expanded = bytearray()
    for _ in range(_MOST_MEMBERS):
        expander = zlib.decompressobj(window_bits)
        expanded += expander.decompress(data, bound + 1 - len(expanded))
        if len(expanded) > bound:
            raise _too_large(bound)
        if not expander.eof:
            raise Problem(HTTPStatus.BAD_REQUEST, "the compressed body ends too early")
        data = expander.unused_data
        if not data:
            return bytes(expanded)
        if window_bits <= zlib.MAX_WBITS:
            raise zlib.error(f"{len(data)} bytes follow its end")
    detail = f"the compressed body comes in more than {_MOST_MEMBERS} members; send it as one"
    raise Problem(HTTPStatus.BAD_REQUEST, detail)


def _too_large(bound: int) -> Problem:
    detail = f"the body is larger than {bound:,} bytes; send less at a time"
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})
