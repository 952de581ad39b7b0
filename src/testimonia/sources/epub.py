"""EPUB (2 and 3.3): the pages of a book in their reading order, as one document.

What lies in the container beside them is none: its list of contents, styles, and pages that stand
outside the reading order.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.sources import encoding, html
from testimonia.sources.extract import Extract
from testimonia.sources.freeze import freeze
from testimonia.sources.members import Members
from testimonia.sources.options import Options
from testimonia.sources.safe_xml import local, parse

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_KEYS = ("title", "publisher", "language", "rights")
_PUBLISHED = (None, "publication", "original-publication")
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def extract_bytes(data: bytes, name: str, options: Options) -> Extract:
    """The text of a book and what its package document states.

    Raises:
        UnsupportedSource: damaged, encrypted, no EPUB, or a bomb.
        EmptySource: no page has text.
    """
    members = Members(data, name, options.max_bytes)
    where = _package(members, name)
    written = members.read(where)
    if written is None:
        raise UnsupportedSource(f"{name} is an EPUB without its package document {where}")
    package = parse(written, f"{name} ({where})")
    locked = _encrypted(members, name)
    blocks: list[str] = []
    lacking: list[str] = []
    for page in _spine(package, posixpath.dirname(where)):
        if page in locked:
            raise UnsupportedSource(f"{name} is encrypted; get it without copy protection")
        given = members.read(page)
        if given is None:
            lacking.append(page)
            continue
        try:
            blocks.append(
                html.whole_text(
                    freeze(encoding.decode(given, name=page, declares=True).content), page
                )
            )
        except EmptySource:
            continue  # a cover, a picture
    content = "\n\n".join(filter(None, blocks))
    if not content:
        raise EmptySource(f"{name} is an EPUB without text")
    warnings = (f"pages that are named and lacking: {', '.join(lacking[:5])}",) if lacking else ()
    stated = _stated(package)
    return Extract(content, stated, warnings, dict.fromkeys(stated, "package document"))


def _package(members: Members, name: str) -> str:
    data = members.read(_CONTAINER)
    if data is None:
        raise UnsupportedSource(f"{name} is an EPUB without {_CONTAINER}; get it anew")
    for element in parse(data, f"{name} ({_CONTAINER})").iter("{*}rootfile"):
        if element.get("full-path"):
            return str(element.get("full-path"))
    raise UnsupportedSource(f"{name} is an EPUB that names no package document; get it anew")


def _encrypted(members: Members, name: str) -> set[str]:
    """The members that are encrypted: fonts often are, and are no text."""
    data = members.read(_ENCRYPTION)
    if data is None:
        return set()
    root = parse(data, f"{name} ({_ENCRYPTION})", recover=True)
    return {unquote(each.get("URI") or "") for each in root.iter("{*}CipherReference")}


def _spine(package: etree._Element, folder: str) -> Iterator[str]:
    """The members that are read one after another (EPUB 3.3, section 5.7)."""
    items = {each.get("id"): each for each in package.iter(_OPF + "item")}
    for reference in package.iter(_OPF + "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no":
            continue
        is_contents = "nav" in (item.get("properties") or "").split()
        if item.get("media-type") in _PAGES and not is_contents:
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _stated(package: etree._Element) -> dict[str, object]:
    stated: dict[str, object] = {}
    creators: list[str] = []
    unique = package.get("unique-identifier")
    for element in package.iter(_DC + "*"):
        key, value = local(element), " ".join("".join(element.itertext()).split())
        if not value:
            continue
        if key in _KEYS:
            stated.setdefault(key, value)
        elif key == "creator":
            creators.append(value)
        elif key == "identifier" and element.get("id") == unique:
            stated["identifier"] = value
        elif key == "source" and value.startswith(("http://", "https://")):
            stated.setdefault("source", value)
        elif key == "date" and element.get(_OPF + "event") in _PUBLISHED:
            stated.setdefault("issued", value.partition("T")[0])
    return {**stated, **({"creator": creators} if creators else {})}
