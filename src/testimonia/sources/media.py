"""Which format a file has: its content decides, its name where the content leaves it open."""

from __future__ import annotations

import re
from functools import cache
from mimetypes import MimeTypes
from pathlib import PurePath

from testimonia.errors import UnsupportedSource
from testimonia.sources import kinds

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
XHTML = "application/xhtml+xml"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
MAIL = "message/rfc822"
MBOX = "application/mbox"
RSS = "application/rss+xml"
ATOM = "application/atom+xml"
MARKDOWNS = (".md", ".markdown", ".mkd")

TEXTS = frozenset({PLAIN, MARKDOWN, HTML, XHTML})
"""What is read from characters; everything else is sniffed."""

SUFFIXES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mkd": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": XHTML,
    ".xht": XHTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".odt": ODT,
    ".epub": EPUB,
    ".eml": MAIL,
    ".mbox": MBOX,
    ".rss": RSS,
    ".atom": ATOM,
    **kinds.SUFFIXES,
}

XML_ROOTS = {
    ("", "rss"): RSS,
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "RDF"): RSS,
    ("http://www.w3.org/2005/Atom", "feed"): ATOM,
    **kinds.XML_ROOTS,
}
"""Media types by the namespace and local name of the root element; RDF only where it is RSS 1.0."""

# First bytes of formats that people hand in by mistake (WHATWG MIME Sniffing, section 6, and
# the formats' own specifications).
_SIGNATURES = (
    (
        b"PK\x03\x04",
        "a ZIP container of an office format that is neither Word nor OpenDocument text",
    ),
    (b"\xd0\xcf\x11\xe0", "a Microsoft Office document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (image, sound or video)"),
    (b"ID3", "an MP3 recording"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_COMMENTS = r"(?:\s|<!--[\s\S]{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
_IS_HTML = re.compile(rf"\ufeff?{_COMMENTS}<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_IS_XHTML = re.compile(r"<html[^>]{0,500}http://www\.w3\.org/1999/xhtml", re.IGNORECASE)
_TAG = re.compile(r"<(?:[a-z][a-z0-9]{0,15}[\s/>]|/[a-z]|!doctype|!--)", re.IGNORECASE)
_REACH = 16_384
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)


def refuse_binary(data: bytes, name: str) -> None:
    """Let text pass.

    Raises:
        UnsupportedSource: ``data`` begins as a known binary or container format does.
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnsupportedSource(
                f"{name} is {what}; save its text as .txt, .md or .html and give that"
            )


def named_type(name: str) -> str | None:
    """The media type that ``name`` ends in, ``None`` for an ending that nobody knows.

    Raises:
        UnsupportedSource: the ending belongs to a format that has no reader.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    known = _standard_types().guess_type(f"x{suffix}")[0]
    if known is not None and known != PLAIN:
        raise UnsupportedSource(
            f"{name}: no reader for {known}; readable are {', '.join(sorted(SUFFIXES))}"
        )
    return known


def declared(written: str | None) -> tuple[str | None, str | None]:
    """Media type and charset of a declaration such as ``text/html; charset=utf-8`` (RFC 9110,
    section 8.3.1), ``None`` for what it lacks."""
    bare = (written or "").partition(";")[0].strip().lower()
    charset = _CHARSET.search(written or "")
    return bare or None, charset[1] if charset else None


def media_type(content: str, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The media type of decoded ``content``, and a warning where its name says something else.

    ``declared`` is what a container says of it, and goes before the name.

    Raises:
        UnsupportedSource: the name's ending belongs to a format that has no reader, and the
            content is not HTML.
    """
    if _IS_HTML.match(content[:_REACH]):
        return _of_page(content, name, declared)
    named = declared if declared in TEXTS else named_type(name)
    if named is not None and named not in TEXTS:
        return PLAIN, (f"{name} is named as {named} but is plain text; read as that",)
    if named in (HTML, XHTML) and not _TAG.search(content):
        return PLAIN, (f"{name} is named as {named} but has no markup; read as plain text",)
    return named or PLAIN, ()


def _of_page(content: str, name: str, declared: str | None) -> tuple[str, tuple[str, ...]]:
    found = XHTML if _IS_XHTML.search(content[:_REACH]) else HTML
    suffix = PurePath(name).suffix.lower()
    named = declared if declared in (HTML, XHTML) else SUFFIXES.get(suffix)
    if named in (HTML, XHTML):
        return (XHTML if XHTML in (named, found) else HTML), ()
    return found, (f"{name} is HTML by its content; read as {found}",)


@cache
def _standard_types() -> MimeTypes:
    """Python's own table, not the machine's: the same file reads alike everywhere."""
    return MimeTypes()
