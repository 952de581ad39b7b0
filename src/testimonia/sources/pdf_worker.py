"""Reads a PDF in a process of its own: PDFium is native code, and a file may be made to break it.

``python -m testimonia.sources.pdf_worker MAX_CHARACTERS MEMORY`` takes the file on standard input
and answers on standard output with one object of JSON: either ``error`` (``"password"``,
``"damaged"``, ``"large"``) with ``detail``, or ``info`` (the Info dictionary), ``language`` (the
catalog's) and ``pages``, each with ``label``, ``size`` and ``lines`` of [characters, left, bottom,
right, top, size of the letters] in points from the bottom left corner; box and size are null where
PDFium has none.
"""

from __future__ import annotations

import ctypes
import json
import math
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_LINE_ENDS = frozenset("\r\n")
# PDFium puts U+0002 in the place of a hyphen that ends a line, and no line end after it.
_LINE_END_MARKS = _LINE_ENDS | {"\x02"}


def read(data: bytes, max_characters: int) -> dict[str, Any]:
    """The answer for one file."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        why = "password" if code == raw.FPDF_ERR_PASSWORD else "damaged"
        return {"error": why, "detail": str(error)}
    with closing(pdf):
        pages, left = [], max_characters
        for number in range(len(pdf)):
            page = _page(pdf, number)
            left -= sum(len(line[0]) + 40 for line in page["lines"]) + 40
            if left < 0:
                return {"error": "large", "detail": f"at page {number + 1}"}
            pages.append(page)
        info = pdf.get_metadata_dict(skip_empty=True)
        return {"info": info, "language": _language(pdf), "pages": pages}


def _language(pdf: Any) -> str:
    """What the catalog states (ISO 32000-1, section 14.9.2), mostly nothing."""
    length = raw.FPDFCatalog_GetLanguage(pdf.raw, None, 0)
    buffer = ctypes.create_string_buffer(length + 2)
    raw.FPDFCatalog_GetLanguage(
        pdf.raw, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length
    )
    return buffer.raw[:length].decode("utf-16-le", "replace").strip("\0 ")


def _page(pdf: Any, number: int) -> dict[str, Any]:
    label = pdf.get_page_label(number) or str(number + 1)
    try:
        with closing(pdf[number]) as page, closing(page.get_textpage()) as text:
            return {"label": label, "size": page.get_size(), "lines": list(_lines(text))}
    except pdfium.PdfiumError as error:
        return {"label": label, "size": [0, 0], "lines": [], "error": str(error)}


def _lines(text: Any) -> Iterator[list[Any]]:
    """The lines of a page in PDFium's order, each with its box.

    The box is that of its first and last printed characters, as high as their fonts: asking for
    every character made 200 pages take 0.8 s where they take 0.5.
    """
    line: list[str] = []
    printed: list[int] = []
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if code <= sys.maxunicode else "\ufffd"
        if char not in _LINE_ENDS:
            line.append(char)
        if char > " ":
            printed = [*printed[:1], index]
        if line and char in _LINE_END_MARKS:
            yield ["".join(line), *_box(text, printed), _size(text, printed)]
            line, printed = [], []
    if line:
        yield ["".join(line), *_box(text, printed), _size(text, printed)]


def _size(text: Any, printed: list[int]) -> float | None:
    """The size of a line's first letter as it is printed. Not its box's: that is as high as the
    font says, which some fonts that producers embed do not, and then as high as the letter."""
    if not printed:
        return None
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text.raw, printed[0], matrix):
        return None
    size = raw.FPDFText_GetFontSize(text.raw, printed[0])
    return round(float(size) * math.hypot(matrix.c, matrix.d), 1)


def _box(text: Any, printed: list[int]) -> list[float | None]:
    if not printed:
        return [None] * 4
    boxes = [text.get_charbox(index, loose=True) for index in printed]
    left, bottom, right, top = zip(*boxes, strict=True)
    return [round(value, 1) for value in (min(left), min(bottom), max(right), max(top))]


def _limit(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read, answer."""
    max_characters, memory = (int(word) for word in sys.argv[1:3])
    _limit(memory)
    answer = read(sys.stdin.buffer.read(), max_characters)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
