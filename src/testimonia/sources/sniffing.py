"""What a file is by its first bytes, for formats with bytes of their own.

A sniffer gives a media type where the content is certainly of it; what none of them knows may be
text. The name is asked only where the format has no mark (mail, which begins with any header).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from testimonia.sources import kinds, media

_HEAD = 65_536
_PDF_REACH = 1024  # ISO 32000-1, annex H: readers accept the header anywhere in these


@dataclass(frozen=True, slots=True)
class Head:
    """What a sniffer may look at: the first bytes, the name, and the file where that is not
    enough (a ZIP container's members)."""

    data: bytes
    name: str
    file: BinaryIO


Sniffer = Callable[[Head], str | None]

# RFC 4155, appendix A: "From ", an address, a time in asctime's form.
_MBOX = re.compile(rb"From \S+[^\r\n]{0,60} \d{1,2} \d\d:\d\d(?::\d\d)?[^\r\n]{0,40}\r?\n")
_HEADER = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
# RFC 5322, section 3.6: every mail has a date and an originator.
_MAIL_NEEDS = {b"from", b"date"}
_MAIL_MARKS = {b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to", b"to"}
_ROOT = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)(\s[^<>]*)?>")
_MISC = (("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">"))
_RSS_1 = "http://purl.org/rss/1.0/"


def sniff(file: BinaryIO, name: str) -> str | None:
    """The media type of a format with bytes of its own, ``None`` for what may be text."""
    file.seek(0)
    head = Head(file.read(_HEAD), name, file)
    found = (sniffer(head) for sniffer in SNIFFERS)
    return next((each for each in found if each), None)


def _pdf(head: Head) -> str | None:
    return media.PDF if b"%PDF-" in head.data[:_PDF_REACH] else None


def _archive(head: Head) -> str | None:
    """Before PDF: the first member of an archive may be one."""
    return kinds.archive(head.data, head.file)


def _zip(head: Head) -> str | None:
    """A ZIP container by what it says of itself (ODF 1.3 part 2, section 3.3; OPC) or holds."""
    if not head.data.startswith(kinds.ZIP_MAGIC):
        return None
    if media.ODT.encode() in head.data[:200]:
        return media.ODT
    if media.EPUB.encode() in head.data[:200]:
        return media.EPUB
    names = kinds.members(head.file)
    if names is None and b"[Content_Types].xml" in head.data[:200]:
        # Cut off: the directory stands at the end. The first member's name is still there.
        return media.DOCX
    if names is not None and {"[Content_Types].xml", "word/document.xml"} <= names:
        return media.DOCX
    return kinds.of_members(names)


def _xml(head: Head) -> str | None:
    encoding = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(head.data[:2], "utf-8")
    content = head.data[:16_384].decode(encoding, "replace")
    found = _ROOT.match(content, _after_prolog(content))
    if found is None:
        return None
    prefix, name, attributes = found[1], found[2], found[3] or ""
    declaration = f"xmlns:{prefix}" if prefix else "xmlns"
    namespace = re.search(rf"""\s{re.escape(declaration)}\s*=\s*["']([^"']*)["']""", attributes)
    media_type = media.XML_ROOTS.get((namespace[1] if namespace else "", name))
    if name == "RDF" and _RSS_1 not in attributes:
        return None
    return media_type


def _after_prolog(content: str) -> int:
    """Where the root element begins (XML 1.0, production 22). A scan, not an expression: one that
    tries each way to divide a prolog takes for ever on some."""
    position = 1 if content.startswith("\ufeff") else 0
    while True:
        while content[position : position + 1].isspace():
            position += 1
        ends = next((end for mark, end in _MISC if content.startswith(mark, position)), None)
        if ends is None:
            return position
        if ends == ">" and -1 < content.find("[", position) < content.find(">", position):
            position = max(content.find("]", position), position)
        after = content.find(ends, position)
        if after < 0:
            return len(content)
        position = after + len(ends)


def _mail(head: Head) -> str | None:
    if _MBOX.match(head.data):
        return media.MBOX
    return media.MAIL if _mail_headers(head.data, head.name) else None


def _mail_headers(data: bytes, name: str) -> bool:
    position, names = 0, set()
    while (found := _HEADER.match(data, position)) and position < found.end():
        names.add(found[1].lower())
        position = found.end()
    ended = data[position : position + 2].startswith((b"\n", b"\r\n")) or position >= len(data)
    if name.lower().endswith(".eml"):
        return bool(names & (_MAIL_NEEDS | {b"subject"}))
    return ended and names >= _MAIL_NEEDS and bool(names & _MAIL_MARKS)


def _table(head: Head) -> str | None:
    return kinds.table(head.data, head.name)


SNIFFERS: tuple[Sniffer, ...] = (_archive, _zip, _pdf, _xml, _mail, _table)
