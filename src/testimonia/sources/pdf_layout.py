"""From the lines of pages to paragraphs: pure rules on characters and boxes.

Lines stand in reading order already. A paragraph ends where the gap to the next line is wide,
where the size of the letters changes, or where a sentence ends on a short line; it goes on over
columns and pages where the sentence does. Running heads and page numbers are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from testimonia.model import Box, Region
from testimonia.sources.freeze import freeze

HYPHEN = "\x02"
"""What PDFium writes in the place of a hyphen that ends a line."""

_WIDE_GAP = 0.75  # of a line's height, beyond the usual gap
_OTHER_SIZE = 1.2
_SHORT_LINE = 0.88  # of the width of its column
_FINAL = re.compile(r"""[.!?:][)\]"'”’»]*$""")
_SHORT_OF_A_WORD = 0.8  # of the width of its column, with the next line's first word
# A list's marks; in symbol fonts they have codes of private use.
_BULLET = re.compile(r"(?:[•‣▪▫◦●○■□–—*·-]|[\ue000-\uf8ff])\s+(?=\S)")
_PRIVATE_BULLET = re.compile(r"^[\ue000-\uf8ff]\s+(?=\S)")
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
# How often a line at a page's edge comes again before it is a running head.
_RUNNING_PAGES = 3
_RUNNING_SHARE = 0.4
_SAME_HEIGHT = 2.0  # points; where there are two pages alone, running heads stand exactly alike


@dataclass(frozen=True, slots=True)
class Line:
    """A line: left, bottom, right and top in points from the bottom left corner of its page."""

    content: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 0.0  # of its first letter, in points; 0 where it is unknown

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its label, its width and height in points, and its lines in reading order."""

    label: str
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass
class _Piece:
    """The part of a paragraph that stands on one page; ``goes_on`` from the piece before it."""

    page: Page
    lines: list[Line] = field(default_factory=list)
    goes_on: bool = False


def without_running_heads(pages: Sequence[Page]) -> tuple[tuple[Page, ...], int]:
    """The pages without the lines that come again at their edges, and how many lines those are.

    Numbers count as equal: page numbers, dates of print.
    """
    seen = Counter(shape for page in pages for shape in {*map(_shape, _edges(page))})
    enough = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages))
    running = {shape for shape, count in seen.items() if count >= enough}
    running |= _on_both(pages)
    left_out = 0
    kept = []
    for page in pages:
        edges = {id(line) for line in _edges(page) if _shape(line) in running}
        numbers = {id(line) for line in _edges(page) if line.content.strip() == page.label}
        dropped = edges | numbers
        left_out += len(dropped)
        lines = tuple(line for line in page.lines if id(line) not in dropped)
        kept.append(Page(page.label, page.width, page.height, lines))
    return tuple(kept), left_out


def composed(pages: Iterable[Page]) -> tuple[str, tuple[Region, ...]]:
    """The text of pages, paragraphs separated by blank lines, and where each stands."""
    pieces = _pieces(pages)
    whole = frozenset(
        word
        for piece in pieces
        for line in piece.lines
        for word in re.findall(r"\w+(?:-\w+)+", line.content)
    )
    content = ""
    regions: list[Region] = []
    for piece in pieces:
        written = _joined([line.content for line in piece.lines], whole)
        if not written:
            continue
        if content.endswith(HYPHEN):  # divided at the end of a page
            divided = _mended(content[:-1], written, whole)
            content = divided[: len(divided) - len(written)]
        elif content:
            content += " " if piece.goes_on else "\n\n"
        regions.append(Region(len(content), piece.page.label, _box(piece)))
        content += freeze(written[:-1]) + written[-1]
    return content.removesuffix(HYPHEN), tuple(regions)


def _edges(page: Page) -> tuple[Line, ...]:
    """The two topmost and the two lowest lines."""
    ordered = sorted(page.lines, key=lambda line: line.bottom)
    return tuple({id(line): line for line in (*ordered[:2], *ordered[-2:])}.values())


def _on_both(pages: Sequence[Page]) -> set[str]:
    """Of two pages: what stands at the very edge of both, equal and at one height."""
    if len(pages) != 2:
        return set()
    first, second = (sorted(page.lines, key=lambda line: line.bottom) for page in pages)
    if min(len(first), len(second)) < 2 * _RUNNING_PAGES:
        return set()
    return {
        _shape(first[end])
        for end in (0, -1)
        if _shape(first[end]) == _shape(second[end])
        and abs(first[end].bottom - second[end].bottom) < _SAME_HEIGHT
    }


def _shape(line: Line) -> str:
    return _NUMBERS.sub("#", " ".join(line.content.split()))


def _pieces(pages: Iterable[Page]) -> list[_Piece]:
    pieces: list[_Piece] = []
    before: Line | None = None
    for page in pages:
        gap = _usual_gap(page.lines)
        widths = _width(page.lines)
        fresh = True
        for line in page.lines:
            ends = before is None or _ends(before, line, gap, widths, turned=fresh)
            if ends or fresh:
                pieces.append(_Piece(page, goes_on=not ends))
            pieces[-1].lines.append(line)
            before, fresh = line, False
    return pieces


def _ends(before: Line, line: Line, gap: float, width: float, *, turned: bool) -> bool:
    """Whether a paragraph ends between two lines; ``turned``: another page begins."""
    if before.content.endswith(HYPHEN):
        return False
    final = _FINAL.search(before.content.rstrip()) is not None
    if turned or line.bottom > before.top:  # another page, another column
        return final or not line.content[:1].islower()
    if _beside(before, line):
        return False
    if _BULLET.match(line.content) or _is_of_other_size(before, line):
        return True
    if not line.content[:1].islower() and _leaves_room(before, line, width):
        return True
    if before.bottom - line.top > gap + _WIDE_GAP * line.height:
        return True
    return final and (before.right - before.left) < _SHORT_LINE * width


def _is_of_other_size(before: Line, line: Line) -> bool:
    known = before.size and line.size
    pair = (before.size, line.size) if known else (before.height or 1.0, line.height or 1.0)
    return max(pair) / min(pair) > _OTHER_SIZE


def _leaves_room(before: Line, line: Line, width: float) -> bool:
    """Whether the next line's first word would have stood on the line before: it ends by will."""
    first = len(line.content.split(maxsplit=1)[0]) if line.content.strip() else 0
    word = (line.right - line.left) * first / max(len(line.content), 1)
    return (before.right - before.left) + word < _SHORT_OF_A_WORD * width


def _beside(before: Line, line: Line) -> bool:
    overlap = min(before.top, line.top) - max(before.bottom, line.bottom)
    return overlap > 0.5 * min(before.height, line.height) and line.left >= before.right - 1


def _usual_gap(lines: Sequence[Line]) -> float:
    gaps = [above.bottom - below.top for above, below in pairwise(lines)]
    near = [gap for gap in gaps if -20 < gap < 20]
    return min(median(near), 8.0) if near else 0.0


def _width(lines: Sequence[Line]) -> float:
    """How wide a full line is: nine in ten are narrower, or as wide."""
    widths = sorted(line.right - line.left for line in lines)
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0.0


def _joined(lines: Sequence[str], whole: frozenset[str]) -> str:
    """The lines as running text. A word that was divided loses its hyphen, unless the document
    has it with one elsewhere, or its second half begins with a capital or a figure."""
    written = ""
    for line in lines:
        stripped = _PRIVATE_BULLET.sub("", line.strip(" \t\u00a0"))
        if written.endswith(HYPHEN):
            written = _mended(written[:-1], stripped, whole)
        else:
            written = f"{written} {stripped}" if written else stripped
    return written


def _mended(before: str, after: str, whole: frozenset[str]) -> str:
    first = re.search(r"[\w-]*$", before)
    second = re.match(r"\w*", after)
    start, end = (first[0] if first else ""), (second[0] if second else "")
    if not end[:1].islower() or f"{start}-{end}" in whole:
        return f"{before}-{after}"
    return before + after


def _box(piece: _Piece) -> Box | None:
    page = piece.page
    if not page.width or not page.height:
        return None
    left = min(line.left for line in piece.lines) / page.width
    right = max(line.right for line in piece.lines) / page.width
    top = 1 - max(line.top for line in piece.lines) / page.height
    bottom = 1 - min(line.bottom for line in piece.lines) / page.height
    sides = [min(max(100 * side, 0.0), 100.0) for side in (left, top, right, bottom)]
    return (
        round(sides[0], 1),
        round(sides[1], 1),
        round(sides[2] - sides[0], 1),
        round(sides[3] - sides[1], 1),
    )
