"""Bytes to characters, and how sure we are of the way.

In order: a byte order mark; UTF-16 or UTF-32 by its pattern of NULs; UTF-8, whatever a page
declares (text in a legacy encoding is practically never valid UTF-8 by accident); what the server
that sent it says; what an HTML page or an XML declaration says of itself; Windows-1252 for text
that is mostly ASCII; else what charset-normalizer finds.

charset-normalizer is asked only about text that is *not* mostly ASCII. On seven short English
passages with a few accents or curly quotes, in four encodings, it named the right characters 7
times in 22 (big5, cp949 and UTF-16 among its answers); Windows-1252, the WHATWG encoding
standard's fallback, is right for all of them that are Windows-1252 or Latin-1.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from testimonia.errors import UnsupportedSource
from testimonia.sources.freeze import control_count

# UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the encoding standard takes these names for (WHATWG Encoding, section 4.2).
_LATIN_1 = frozenset({"iso8859-1", "ascii", "cp1252"})
_DECLARATION = re.compile(
    rb"""<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})"""
    rb"""|<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""",
    re.IGNORECASE,
)
_DECLARATION_REACH = 4096  # the HTML standard prescans 1024 bytes; some pages put more before it
_SAMPLE = 65_536
_NON_ASCII = bytes(range(0x80, 0x100))
# English stays above 0.95, Russian prose with its ASCII spaces and stops below 0.3.
_MOSTLY_ASCII = 0.75
# Texts with stray NULs stay far below; random bytes have 0.11 (C0) and 0.24 with C1.
_MOST_CONTROLS = 0.2
_MOST_CONTROLS_LEGACY = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters, the encoding they came in (lower-case WHATWG label) and what was assumed."""

    content: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, name: str, declares: bool = False, stated: str | None = None) -> Decoded:
    """The characters of ``data``, without a byte order mark.

    ``declares`` tells that the format may name its own encoding (HTML, XHTML); ``stated`` is the
    one that the server named, which goes before.

    Raises:
        UnsupportedSource: ``data`` is no text.
    """
    decoded = _marked(data) or _wide(data) or _utf8(data, name)
    if decoded is None and stated:
        decoded = _named(data, stated)
    if decoded is None and declares:
        decoded = _named(data, declared_encoding(data))
    return decoded or _legacy(data, name)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML page's ``meta`` or an XML declaration names, if Python knows it."""
    found = _DECLARATION.search(data[:_DECLARATION_REACH])
    if found is None:
        return None
    try:
        return codecs.lookup((found[1] or found[2]).decode("ascii")).name
    except LookupError:
        return None


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    return None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a mark: most high bytes of Western text are NUL."""
    for encoding, width, significant in (
        ("utf-32-le", 4, 0),
        ("utf-32-be", 4, 3),
        ("utf-16-le", 2, 0),
        ("utf-16-be", 2, 1),
    ):
        if _has_pattern(data, width, significant):
            try:
                content = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if control_count(content[:_SAMPLE]) <= _MOST_CONTROLS * len(content[:_SAMPLE]):
                return Decoded(content, encoding, (_assumed(encoding),))
    return None


def _has_pattern(data: bytes, width: int, significant: int) -> bool:
    if len(data) % width or len(data) < 2 * width:
        return False
    for lane in range(width):
        column = data[:_SAMPLE][lane::width]
        nulls = column.count(0) / len(column)
        if (nulls > 0.1) if lane == significant else (nulls < 0.7):
            return False
    return True


def _utf8(data: bytes, name: str) -> Decoded | None:
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    _refuse_binary(content, name, _MOST_CONTROLS)
    return Decoded(content, "utf-8")


def _named(data: bytes, label: str | None) -> Decoded | None:
    try:
        encoding = codecs.lookup(label).name if label else None
    except LookupError:
        return None
    if encoding is None or encoding.startswith(("utf-16", "utf-32", "utf-7")):
        return None  # it was read as ASCII, so it is none of these
    if encoding in _LATIN_1:
        encoding = "cp1252"
    try:
        return _lenient(data, encoding)
    except (LookupError, UnicodeError):  # "base64", "rot13": codecs, not encodings
        return None


def _legacy(data: bytes, name: str) -> Decoded:
    encoding = _detected(data, name)
    decoded = _lenient(data, encoding)
    _refuse_binary(decoded.content, name, _MOST_CONTROLS_LEGACY)
    return Decoded(
        decoded.content, decoded.encoding, (_assumed(decoded.encoding), *decoded.warnings)
    )


def _detected(data: bytes, name: str) -> str:
    ascii_share = len(data.translate(None, _NON_ASCII)) / len(data)
    if ascii_share >= _MOSTLY_ASCII:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise UnsupportedSource(_BINARY.format(name=name))
    return best.encoding


def _lenient(data: bytes, encoding: str) -> Decoded:
    """Decoded whatever it takes; what no character stands for becomes U+FFFD, and is counted."""
    try:
        return Decoded(data.decode(encoding), _label(encoding))
    except UnicodeDecodeError:
        content = data.decode(encoding, "replace")
    lost = content.count("\N{REPLACEMENT CHARACTER}")
    warning = f"bytes that are no {_label(encoding)} replaced by U+FFFD: {lost}"
    return Decoded(content, _label(encoding), (warning,))


def _label(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    return name.replace("cp125", "windows-125") if name.startswith("cp125") else name


def _assumed(encoding: str) -> str:
    return (
        f"encoding detected as {_label(encoding)}; if characters look wrong, convert the file to "
        "UTF-8"
    )


_BINARY = (
    "{name} is not text: its bytes make no characters in any encoding; "
    "give a text, Markdown or HTML file"
)


def _refuse_binary(content: str, name: str, most: float) -> None:
    sample = content[:_SAMPLE]
    if control_count(sample) > most * len(sample):
        raise UnsupportedSource(_BINARY.format(name=name))
