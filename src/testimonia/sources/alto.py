"""ALTO (versions 1 to 4, Library of Congress): recognised pages, as archives and libraries keep.

A block is a paragraph; its lines are joined, words that were hyphenated at the end of a line are
whole again. Each line is a region with its page and box. Running heads and folios, which stand in
the margins, are left out where the print space has text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.model import Box, Region
from testimonia.sources import xml
from testimonia.sources.extract import Extract
from testimonia.sources.freeze import freeze
from testimonia.sources.options import Options

_PARAGRAPH = "\n\n"


def extract_bytes(data: bytes, name: str, _options: Options) -> Extract:
    """The text of all pages in reading order, blocks separated by blank lines.

    Raises:
        UnsupportedSource: not well-formed, or with another root element than ALTO's.
        EmptySource: no page has a word.
    """
    root, warnings = xml.parse(data, name)
    if xml.local(root) != "alto":
        raise UnsupportedSource(f"{name} is XML with the root element {xml.local(root)}, not ALTO")
    blocks = [block for page in _pages(root) for block in page]
    content, regions = _joined(blocks)
    if not content:
        raise EmptySource(f"{name} is an ALTO file without words; was the page recognised?")
    stated, origins = _stated(root)
    return Extract(content, stated, warnings, origins=origins, regions=regions)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's words, and the hyphen after which its last one goes on in the next line."""

    words: str
    hyphen: str
    page: str
    box: Box | None


_Blocks = list[list[_Line]]


class _Words:
    """Lines in their order; a word that was broken stands where its first part does."""

    def __init__(self) -> None:
        self._written = False  # the first part of a broken word stood for the whole

    def line(self, line: etree._Element, page: etree._Element, label: str) -> _Line | None:
        """The line's words, ``None`` where nothing of it is left."""
        written: list[str] = []  # a line may be made of millions of words
        hyphen = ""
        for element in line:
            kind = xml.local(element)
            if kind == "String":
                written.append(self._word(element))
                hyphen = ""
            elif kind == "SP":
                written.append(" ")
            elif kind == "HYP" and not self._written:
                hyphen = element.get("CONTENT") or "-"
        words = freeze(" ".join("".join(written).split())).lstrip("\ufeff")
        return _Line(words, hyphen, label, _box(line, page)) if words else None

    def _word(self, element: etree._Element) -> str:
        part: str | None = element.get("SUBS_TYPE")
        whole: str | None = element.get("SUBS_CONTENT")
        content: str = element.get("CONTENT") or ""
        was_written, self._written = self._written, False
        if part == "HypPart2" and was_written:
            return ""
        if part == "HypPart1" and whole:
            self._written = True
            return whole
        return content


def _pages(root: etree._Element) -> Iterator[_Blocks]:
    words = _Words()
    for number, page in enumerate(root.iter("{*}Page"), 1):
        label = page.get("PRINTED_IMG_NR") or page.get("PHYSICAL_IMG_NR") or str(number)
        space = page.find("{*}PrintSpace")
        found = _blocks(space, page, label, words) if space is not None else []
        yield found or _blocks(page, page, label, words)


def _blocks(area: etree._Element, page: etree._Element, label: str, words: _Words) -> _Blocks:
    blocks = []
    for block in _in_reading_order(area, page):
        lines = [words.line(each, page, label) for each in block.iter("{*}TextLine")]
        blocks.append([line for line in lines if line])
    return [block for block in blocks if block]


def _in_reading_order(area: etree._Element, page: etree._Element) -> list[etree._Element]:
    """Text blocks as ``ReadingOrder`` has them (ALTO 4.3), the others after them as they stand."""
    holders = (page.find("{*}ReadingOrder"), page.getparent().find("{*}ReadingOrder"))
    order: dict[str, int] = {}
    for holder in holders:
        for each in () if holder is None else holder.iter("{*}ElementRef"):
            order.setdefault(each.get("REF") or "", len(order))
    blocks = area.iter("{*}TextBlock")
    return sorted(blocks, key=lambda block: order.get(block.get("ID") or "", len(order)))


def _box(line: etree._Element, page: etree._Element) -> Box | None:
    """The line's place in percent of its page, ``None`` where either has no measures."""
    try:
        left, top, width, height = (
            float(line.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
        )
        across, down = float(page.get("WIDTH")), float(page.get("HEIGHT"))
        shares = (left / across, top / down, width / across, height / down)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not all(0 <= share <= 1 for share in shares):
        return None
    left, top, width, height = (round(100 * share, 3) for share in shares)
    return left, top, width, height


def _joined(blocks: _Blocks) -> tuple[str, tuple[Region, ...]]:
    pieces: list[str] = []
    regions: list[Region] = []
    length = 0

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for block in blocks:
        if pieces:
            add(_PARAGRAPH)
        for line, after in zip(block, (*block[1:], None), strict=True):
            regions.append(Region(length, line.page, line.box))
            add(line.words)
            if after is None:
                add(line.hyphen)
            elif not line.hyphen:
                add(" ")
    return "".join(pieces), tuple(regions)


def _stated(root: etree._Element) -> tuple[dict[str, object], dict[str, str]]:
    """The identifier of the digitised document, where the file gives one."""
    where = "Description/sourceImageInformation/documentIdentifier"
    found = root.find("/".join(f"{{*}}{step}" for step in where.split("/")))
    if not xml.words(found):
        return {}, {}
    return {"identifier": xml.words(found)}, {"identifier": f"ALTO {where}"}
