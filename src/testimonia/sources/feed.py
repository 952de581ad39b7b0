"""Feeds (RSS 0.9 to 2.0, Atom): each entry a document, by feedparser.

The archive keeps the feed as the original of each of its entries, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import urljoin

import feedparser

from testimonia.errors import EmptySource, SourceError, UnsupportedSource
from testimonia.sources import files, html, media
from testimonia.sources.extract import Extract, Part, Refused
from testimonia.sources.freeze import freeze
from testimonia.sources.options import Options
from testimonia.sources.safe_xml import refuse_entities

# feedparser takes some seconds for a megabyte; the feeds of whole years stay below this.
_MAX_BYTES = 10_000_000
_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")
_ADDRESS_AND_NAME = re.compile(r"\S+@\S+\s+\((.+)\)")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """Each entry, by its number in the feed from 1 on.

    Raises:
        UnsupportedSource: no feed that can be read, too large, or with entities of its own.
        EmptySource: a feed without entries.
    """
    data = files.read_whole(file, name, min(options.max_bytes, _MAX_BYTES))
    feed = _parsed(data, name)
    if not feed.entries:
        if feed.bozo:
            why = feed.get("bozo_exception")
            raise UnsupportedSource(f"{name} is a damaged feed ({why}); get it anew")
        raise EmptySource(f"{name} is a feed without entries")
    around = _around(feed.feed)
    damaged = (
        (f"the feed is damaged ({feed.get('bozo_exception')}); its last entries may be missing",)
        if feed.bozo and not _harmless(feed.get("bozo_exception"))
        else ()
    )
    for number, entry in enumerate(feed.entries, 1):
        where = f"{name}/{number}"
        try:
            extract = _entry(entry, where, damaged if number == len(feed.entries) else ())
        except SourceError as error:
            yield Refused(str(number), error)
            continue
        yield Part(str(number), data, around, "feed", _media_type(feed), extract)


def links(data: bytes, base: str) -> list[str]:
    """The addresses that the entries of a feed from the address ``base`` lead to, in its order.

    Raises:
        UnsupportedSource: no feed, too large, or with entities of its own.
    """
    files.require_size(len(data), base, _MAX_BYTES)
    feed = _parsed(data, base)
    if not feed.entries and not feed.get("version"):
        raise UnsupportedSource(f"{base} is no feed: neither RSS nor Atom")
    found = (entry.get("link") for entry in feed.entries)
    return [urljoin(base, link) for link in found if link]


def _parsed(data: bytes, name: str) -> Any:
    refuse_entities(data, name)
    return feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=True)


def _media_type(feed: Mapping[str, Any]) -> str:
    return media.ATOM if str(feed.get("version", "")).startswith("atom") else media.RSS


def _harmless(error: object) -> bool:
    return isinstance(error, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def _around(feed: Mapping[str, Any]) -> dict[str, object]:
    """What the feed says of all its entries."""
    stated = {
        "publisher": feed.get("publisher") or feed.get("title"),
        "language": feed.get("language"),
        "rights": feed.get("rights"),
    }
    return {key: value for key, value in stated.items() if value}


def _entry(entry: Mapping[str, Any], name: str, warnings: tuple[str, ...]) -> Extract:
    content = max((_text(content, name) for content in _contents(entry)), key=len)
    if not content.strip():
        raise EmptySource(f"{name} is an entry without text of its own; ingest the page it links")
    stated: dict[str, object] = {}
    origins: dict[str, str] = {}
    for key, given, value in _values(entry):
        if value and key not in stated:
            stated[key], origins[key] = value, f"entry's {given}"
    return Extract(content, stated, warnings, origins)


def _contents(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The whole content and the summary; the longer one is taken."""
    summary = {**entry.get("summary_detail", {}), "value": entry.get("summary", "")}
    return [*entry.get("content", [])[:8], summary]


def _text(content: Mapping[str, Any], name: str) -> str:
    value = freeze(str(content.get("value") or ""))
    if content.get("type") == "text/plain" or not _MARKUP.search(value):
        return value.strip()
    try:
        return html.extract(f"<body>{value}</body>", name).content
    except EmptySource:
        return ""


def _values(entry: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    """Metadata key, the feed's own name for it, value; the first value of a key counts."""
    yield "title", "title", _line(entry.get("title"), entry.get("title_detail", {}))
    yield "creator", "author", [name for name in map(_name, _authors(entry)) if name]
    yield "issued", "published", _day(entry, "published")
    yield "issued", "updated", _day(entry, "updated") if "updated" in entry else None
    yield "source", "link", entry.get("link")
    yield "identifier", "id", entry.get("id")
    yield "rights", "rights", entry.get("rights")
    yield "language", "language", entry.get("language") or _content_language(entry)


def _authors(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entry's authors. RSS has ``address (name)`` in one, of which feedparser makes neither
    where the ending of the address is a long one."""
    found: list[Mapping[str, Any]] = entry.get("authors", [])
    written = _ADDRESS_AND_NAME.fullmatch(str(entry.get("author") or ""))
    return [{"name": written[1]}] if written and len(found) < 2 else found


def _name(author: Mapping[str, Any]) -> str | None:
    return author.get("name") or author.get("email")


def _content_language(entry: Mapping[str, Any]) -> object:
    return next((c.get("language") for c in entry.get("content", []) if c.get("language")), None)


def _line(value: object, detail: Mapping[str, Any]) -> str | None:
    if not value:
        return None
    written = str(value)
    if detail.get("type") == "text/plain" or not _MARKUP.search(written):
        return written
    try:
        return html.extract(f"<body>{written}</body>", "title").content
    except EmptySource:
        return written


def _day(entry: Mapping[str, Any], key: str) -> str | None:
    """The day in the publisher's own time zone; feedparser knows more forms, but only in UTC."""
    written = str(entry.get(key) or "")
    found = _ISO_DAY.match(written)
    if found:
        return found[1]
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError):
        parsed = entry.get(f"{key}_parsed")
        return f"{parsed[0]:04}-{parsed[1]:02}-{parsed[2]:02}" if parsed else None
