"""Mail (RFC 5322, MIME): its text, then its attachments as documents that came with it.

Plain text goes before the HTML alternative, which the reader of pages reads. Pictures, sound,
signatures and calendars are named in a warning: there is no text in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, BinaryIO, cast

from testimonia.errors import EmptySource, SourceError, UnsupportedSource
from testimonia.sources import encoding, files, html, media
from testimonia.sources.extract import Extract, Part, Refused
from testimonia.sources.freeze import freeze
from testimonia.sources.options import Options

_WITHOUT_TEXT = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pgp-|pkcs7-|x-pkcs7-|ics)|text/(?:calendar|x?-?vcard)"
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]+")
_MOST_ATTACHMENTS = 1_000
_HEADERS = {"title": "Subject", "identifier": "Message-ID", "language": "Content-Language"}


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The mail itself, then each attachment.

    Raises:
        UnsupportedSource: no mail, or its parts are nested too deep.
    """
    data = files.read_whole(file, name, options.max_bytes)
    message = _parsed(data, name)
    bodies, others = _sorted(message)
    silent = [part for part in others if _WITHOUT_TEXT.match(part.get_content_type())]
    attached = [part for part in others if not _WITHOUT_TEXT.match(part.get_content_type())]
    try:
        extract = _mail(message, bodies, silent, name)
        yield Part("", data, media_type=media.MAIL, extract=extract, leads=True)
    except SourceError as error:
        yield Refused("", error)
    used: set[str] = set()
    for part in attached[:_MOST_ATTACHMENTS]:
        yield _attachment(part, _unique(_file_name(part), used))
    if len(attached) > _MOST_ATTACHMENTS:
        told = f"{name} has more than {_MOST_ATTACHMENTS:,} attachments; the rest was not read"
        yield Refused("more", UnsupportedSource(told))


def _parsed(data: bytes, name: str) -> EmailMessage:
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
    except RecursionError as error:
        raise UnsupportedSource(
            f"{name}: the parts of this mail are nested too deep; save them as files"
        ) from error
    if not message.keys():
        raise UnsupportedSource(f"{name} is no mail: it begins with no header; is it cut off?")
    return message


def _sorted(message: EmailMessage) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The parts that make up the text, and the others; an attached mail is not looked into."""
    bodies: list[EmailMessage] = []
    others: list[EmailMessage] = []
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            best = _alternative(part)
            waiting[:0] = best
        elif kind.startswith("multipart/"):  # one without a boundary is text after all
            if part.is_multipart():
                waiting[:0] = _inner(part)
            else:
                bodies.append(part)
        elif kind in (media.PLAIN, media.HTML) and _inline(part) and _goes_on(kind, bodies):
            bodies.append(part)
        else:
            others.append(part)
    return bodies, others


def _inner(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return cast("list[EmailMessage]", payload) if isinstance(payload, list) else []


def _alternative(part: EmailMessage) -> list[EmailMessage]:
    """The plain text of several forms of one text, else the last, which is the richest."""
    forms = _inner(part)
    plain = [form for form in forms if form.get_content_type() == media.PLAIN]
    good = [form for form in plain if _payload(form).strip()]
    return good[:1] or forms[-1:]


def _inline(part: EmailMessage) -> bool:
    return part.get_content_disposition() != "attachment" and not part.get_filename()


def _goes_on(kind: str, bodies: list[EmailMessage]) -> bool:
    return not bodies or bodies[-1].get_content_type() == kind


def _mail(
    message: EmailMessage, bodies: list[EmailMessage], silent: list[EmailMessage], name: str
) -> Extract:
    contents: list[str] = []
    warnings: list[str] = []
    found = ""
    for body in bodies:
        content, found, doubts = _content(body, name)
        contents.append(content.strip("\n"))
        warnings += doubts
    text = "\n\n".join(content for content in contents if content.strip())
    if not text:
        raise EmptySource(f"{name} is a mail without text; its attachments are read apart")
    if silent:
        named = ", ".join(f"{_file_name(part)} ({part.get_content_type()})" for part in silent[:12])
        warnings.append(f"attachments without text were not read: {named}")
    stated, origins = _stated(message)
    return Extract(freeze(text), stated, tuple(warnings), origins, encoding=found or None)


def _content(body: EmailMessage, name: str) -> tuple[str, str, tuple[str, ...]]:
    """The characters of a part, their encoding, and what was assumed."""
    content, found, doubts = _decoded(body, name)
    if body.get_content_type() == media.HTML:
        page = html.extract(freeze(content), name)
        return page.content, found, (*doubts, *page.warnings)
    parameters = dict(body.get_params(failobj=[], header="content-type") or [])
    if str(parameters.get("format", "")).lower() == "flowed":
        content = unflowed(content, delsp=str(parameters.get("delsp", "")).lower() == "yes")
    return content, found, doubts


def _decoded(body: EmailMessage, name: str) -> tuple[str, str, tuple[str, ...]]:
    data = _payload(body)
    declared = body.get_content_charset() or "us-ascii"
    if declared != "us-ascii":
        try:
            return data.decode(declared), declared, ()
        except (LookupError, UnicodeError):
            pass
    if not data.strip():
        return "", "", ()
    decoded = encoding.decode(data, name=name)
    return decoded.content, decoded.encoding, decoded.warnings


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def unflowed(content: str, *, delsp: bool) -> str:
    """The paragraphs of a flowed text on one line each (RFC 3676, section 4)."""
    lines: list[str] = []
    depths: list[int] = []
    flows = False
    for line in content.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        goes_on = rest.endswith(" ") and rest != "-- "
        if flows and depths[-1] == depth and rest != "-- ":
            lines[-1] = (lines[-1][:-1] if delsp else lines[-1]) + rest
        else:
            lines.append(("> " if depth else "") + rest)
            depths.append(depth)
        flows = goes_on
    return "\n".join(line.rstrip(" ") for line in lines)


def _stated(message: EmailMessage) -> tuple[dict[str, object], dict[str, str]]:
    stated: dict[str, object] = {
        key: value for key, header in _HEADERS.items() if (value := _header(message, header))
    }
    if "identifier" in stated:
        stated["identifier"] = str(stated["identifier"]).strip("<> ")
    origins = {key: _HEADERS[key] for key in stated}
    senders = getaddresses([_header(message, "From")])
    names = [_name(display, address) for display, address in senders if display or address]
    if names:
        stated["creator"], origins["creator"] = names, "From"
    day = _day(_header(message, "Date"))
    if day:
        stated["issued"], origins["issued"] = day, "Date"
    return stated, origins


def _name(display: str, address: str) -> str:
    return display.strip(" '\"") or address


def _header(message: EmailMessage, header: str) -> str:
    """A header's decoded value, ``""`` where there is none; a malformed one as far as it goes."""
    value = _tried(lambda: str(message.get(header) or ""))
    if value is None:
        raw = next((v for k, v in message.raw_items() if k.lower() == header.lower()), "")
        value = _tried(lambda: str(make_header(decode_header(str(raw))))) or str(raw)
    return " ".join(value.split())


def _tried(made: Callable[[], Any]) -> Any:
    """What the library makes of a header; its parser has many ways to fail on malformed ones."""
    try:
        return made()
    except Exception:
        return None


def _day(written: str) -> str | None:
    """The day in the sender's own time zone."""
    moment = _tried(lambda: parsedate_to_datetime(written))
    return moment.date().isoformat() if moment is not None else None


def _file_name(part: EmailMessage) -> str:
    name = _tried(part.get_filename) or ""
    safe = _UNSAFE.sub("_", str(name)).strip(" ._")
    if safe:
        return safe[:200]
    return {
        media.PLAIN: "text.txt",
        media.HTML: "page.html",
        media.MAIL: "mail.eml",
        media.PDF: "document.pdf",
    }.get(part.get_content_type(), "attachment")


def _unique(name: str, used: set[str]) -> str:
    number, candidate = 1, name
    while candidate in used:
        number += 1
        candidate = f"{number}-{name}"
    used.add(candidate)
    return candidate


def _attachment(part: EmailMessage, name: str) -> Part | Refused:
    kind = part.get_content_type()
    try:
        if kind == media.MAIL and part.is_multipart():
            data = _inner(part)[0].as_bytes(policy=policy.compat32)
        else:
            data = _payload(part)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        told = f"{name}: this attachment is damaged ({type(error).__name__}); save it as a file"
        return Refused(name, UnsupportedSource(told))
    return Part(name, data, media_type=kind)
