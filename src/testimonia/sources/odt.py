"""OpenDocument text (ODF 1.3, part 3): paragraphs, headings, lists, tables and notes in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from testimonia.errors import UnsupportedSource
from testimonia.sources.docx import not_published
from testimonia.sources.extract import Extract
from testimonia.sources.members import Members
from testimonia.sources.options import Options
from testimonia.sources.safe_xml import local, parse

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# Kept deletions, comments, and what is said twice (an annotation's text, an index's template).
_SKIPPED = frozenset({"tracked-changes", "annotation", "note-citation", "desc", "title", "forms"})
_SPACE = re.compile(r"[ \t\r\n]+")  # ODF 1.3, part 3, section 6.1.2: white space collapses
_META = {
    "title": "title",
    "initial-creator": "creator",
    "language": "language",
    "publisher": "publisher",
    "identifier": "identifier",
    "rights": "rights",
}


def extract_bytes(data: bytes, name: str, options: Options) -> Extract:
    """The text of a document and what ``meta.xml`` states.

    Raises:
        UnsupportedSource: damaged, encrypted, no OpenDocument text, or a bomb.
    """
    members = Members(data, name, options.max_bytes)
    content = members.read("content.xml")
    if content is None:
        raise UnsupportedSource(f"{name} is a container without content.xml; save it anew")
    manifest = members.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise UnsupportedSource(f"{name} is encrypted; save it without a password")
    body = parse(content, name).find(f"{_OFFICE}body")
    blocks = [] if body is None else list(_blocks(body))
    stated, warnings = _stated(members.read("meta.xml"), f"{name} (meta.xml)")
    return Extract("\n\n".join(blocks), stated, warnings, dict.fromkeys(stated, "meta.xml"))


def _stated(data: bytes | None, name: str) -> tuple[dict[str, object], tuple[str, ...]]:
    if data is None:
        return {}, ()
    stated: dict[str, object] = {}
    made = ""
    writer = ""
    for element in parse(data, name, recover=True).iter("{*}*"):
        value = (element.text or "").strip()
        if value and local(element) in _META:
            stated[_META[local(element)]] = value
        elif value and local(element) == "creation-date":
            made = value[:10]
        elif value and local(element) == "creator":  # who saved it last
            writer = value
    if writer:
        stated.setdefault("creator", writer)
    return stated, (not_published(made),) if made else ()


def _blocks(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph, heading, table; notes follow the paragraph that they are in."""
    for element in root:
        name = local(element)
        if not name or name in _SKIPPED:
            continue
        if name in ("p", "h"):
            block = _paragraph(element)
            if block:
                yield block
            for inner in _inside(element):
                yield from _blocks(inner)
        elif name == "table":
            inner = element.iter("{*}table-row")
            rows = (_row(row) for row in inner if _nearest(row, "table") is element)
            block = "\n".join(row for row in rows if row.strip())
            if block:
                yield block
        else:
            yield from _blocks(element)


def _row(row: etree._Element) -> str:
    cells = (
        " ".join(filter(None, map(_paragraph, cell.iter(_TEXT + "p", _TEXT + "h"))))
        for cell in row.iter("{*}table-cell")
        if _nearest(cell, "table-row") is row
    )
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _nearest(element: etree._Element, name: str) -> etree._Element | None:
    """The element of this name that it stands in: tables may stand in cells."""
    return next(element.iterancestors(f"{{*}}{name}"), None)


def _inside(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Notes and text boxes that stand in a paragraph, the outermost ones."""
    for element in paragraph.iter("{*}note-body", "{*}text-box"):
        above = (local(each) for each in _between(element, paragraph))
        if not {"note-body", "text-box", *_SKIPPED} & {*above}:
            yield element


def _between(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for each in element.iterancestors():
        if each is top:
            return
        yield each


def _paragraph(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph)).strip(" \n\t")


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        name = local(element)
        if event == "end":
            if element is not paragraph:
                yield _SPACE.sub(" ", element.tail or "")
        elif name in _SKIPPED or name in ("note", "text-box"):
            walk.skip_subtree()
        elif name == "s":
            yield " " * min(int(element.get(_TEXT + "c", "1")), 1000)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        else:
            yield _SPACE.sub(" ", element.text or "")
