"""PDF: the text layer by PDFium, in a process of its own with bounds of time and memory.

Metadata comes from the XMP packet and the Info dictionary (ISO 32000-1, section 14.3). The day a
file was made is told, not taken for the day of publication: scans and exports are made later.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from lxml import etree

from testimonia.errors import EmptySource, SourceError, UnsupportedSource
from testimonia.sources import ocr, pdf_layout
from testimonia.sources.extract import Extract
from testimonia.sources.options import Options
from testimonia.sources.pdf_layout import Line, Page
from testimonia.sources.safe_xml import parse

_MEMORY = 2_000_000_000  # of the process; a page that needs more is made to
_MAX_CHARACTERS = 20_000_000
_XMP_BEGIN, _XMP_END = b"<x:xmpmeta", b"</x:xmpmeta>"
_LONGEST_XMP = 1_000_000
_DC = "{http://purl.org/dc/elements/1.1/}"
_PRISM = "{http://prismstandard.org/namespaces/basic/2.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_INFO = {"Title": "title", "Author": "creator"}
_DUBLIN_CORE = ("title", "creator", "publisher", "language", "identifier", "rights")
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_NAMED = 12  # page labels named in a warning


def extract_bytes(data: bytes, name: str, options: Options) -> Extract:
    """The text of a PDF, paragraph by paragraph with its pages, and what it states of itself.

    Raises:
        UnsupportedSource: encrypted, damaged, too large, or more than the bounds allow.
        EmptySource: no page has a text layer.
    """
    answer = _asked(data, name, options)
    pages = _pages(answer)
    warnings: list[str] = []
    bare = _bare(pages)
    if bare and options.ocr:
        data, answer = _recognised(data, name, options, warnings) or (data, answer)
        pages = _pages(answer)
        bare = _bare(pages)
    if bare:
        warnings.append(_without_text(bare, len(pages), asked=options.ocr))
    if len(bare) == len(pages):
        raise EmptySource(f"{name}: {warnings[-1]}")
    pages, left_out = pdf_layout.without_running_heads(pages)
    if left_out:
        warnings.append(f"running heads and page numbers were left out: {left_out} lines")
    content, regions = pdf_layout.composed(pages)
    stated, origins = _stated(data, answer)
    made = _made(answer["info"])
    if made and "issued" not in stated:
        warnings.append(
            f"the file was made on {made}, which is not taken for the day of publication;"
            " if it is, state issued"
        )
    return Extract(content, stated, tuple(warnings), origins, regions)


def _asked(data: bytes, name: str, options: Options) -> Mapping[str, Any]:
    command = [
        sys.executable,
        "-P",  # the working directory is no place to import from
        "-m",
        "testimonia.sources.pdf_worker",
        str(_MAX_CHARACTERS),
        str(_MEMORY),
    ]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=options.seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnsupportedSource(
            f"{name}: this PDF took longer than {options.seconds:g} seconds to read; save its text"
            " as .txt and give that"
        ) from error
    try:
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        answer = {"error": "crash", "detail": f"exit {done.returncode}"}
    if "error" in answer:
        raise _refusal(name, answer["error"], answer["detail"])
    return answer


def _refusal(name: str, reason: str, detail: str) -> SourceError:
    told = {
        "password": "is an encrypted PDF that asks for a password; save it without one",
        "damaged": f"is a damaged PDF ({detail}); get it anew, or print it to a new PDF",
        "large": f"is a PDF with more than {_MAX_CHARACTERS:,} characters ({detail}); split it",
    }
    why = told.get(
        reason, f"is a PDF that cannot be read within bounds ({detail}); print it to a new PDF"
    )
    return UnsupportedSource(f"{name} {why}")


def _pages(answer: Mapping[str, Any]) -> tuple[Page, ...]:
    return tuple(
        Page(
            page["label"],
            page["size"][0],
            page["size"][1],
            tuple(_line(*line) for line in page["lines"] if str(line[0]).strip()),
        )
        for page in answer["pages"]
    )


def _line(content: str, *box: float | None) -> Line:
    left, bottom, right, top, size = (side or 0.0 for side in box)
    return Line(content, left, bottom, right, top, size)


def _bare(pages: tuple[Page, ...]) -> list[str]:
    return [page.label for page in pages if not page.lines]


def _without_text(labels: list[str], pages: int, *, asked: bool) -> str:
    named = ", ".join(labels[:_NAMED]) + (" …" if len(labels) > _NAMED else "")
    todo = "" if asked else "; --ocr reads them where ocrmypdf is installed"
    return f"{len(labels)} of {pages} pages have no text layer ({named}){todo}"


def _recognised(
    data: bytes, name: str, options: Options, warnings: list[str]
) -> tuple[bytes, Mapping[str, Any]] | None:
    """The file with a text layer on every page; without one a warning says why."""
    try:
        better = ocr.with_text_layer(data, name, options.ocr_seconds)
        answer = _asked(better, name, options)
    except SourceError as error:
        warnings.append(str(error))
        return None
    warnings.append("pages without a text layer were read by OCR (ocrmypdf)")
    return data, answer


def _stated(data: bytes, answer: Mapping[str, Any]) -> tuple[dict[str, object], dict[str, str]]:
    """Metadata and its origins: XMP first, then the Info dictionary and the catalog."""
    xmp, info = _xmp(data), answer["info"]
    own: dict[str, object] = {
        key: info[entry] for entry, key in _INFO.items() if info.get(entry, "").strip()
    }
    catalog = {"language": answer["language"]} if answer["language"] else {}
    origins = {
        **dict.fromkeys(own, "Info dictionary"),
        **dict.fromkeys(catalog, "catalog"),
        **dict.fromkeys(xmp, "XMP"),
    }
    return {**own, **catalog, **xmp}, origins


def _xmp(data: bytes) -> dict[str, object]:
    """Dublin Core and PRISM of the last XMP packet: each saving adds one."""
    begin = data.rfind(_XMP_BEGIN)
    end = data.find(_XMP_END, begin, begin + _LONGEST_XMP) if begin >= 0 else -1
    if end < 0:
        return {}
    try:
        root = parse(data[begin : end + len(_XMP_END)], "XMP", recover=True)
    except SourceError:
        return {}
    stated: dict[str, object] = {}
    for key in _DUBLIN_CORE:
        values = _values(root, _DC + key)
        if values:
            stated[key] = list(values) if key == "creator" else values[0]
    for tag in (_PRISM + "publicationDate", _DC + "date"):
        values = _values(root, tag)
        if values and "issued" not in stated:
            stated["issued"] = values[0].partition("T")[0]
    return stated


def _values(root: etree._Element, tag: str) -> list[str]:
    """The values of an XMP property: an attribute, an element's text, or the items of a list."""
    found = [element.get(tag) for element in root.iter(_RDF + "Description")]
    for element in root.iter(tag):
        items = [item.text for item in element.iter(_RDF + "li")]
        found += items or [element.text]
    return [value.strip() for value in found if value and value.strip()]


def _made(info: Mapping[str, str]) -> str | None:
    found = _PDF_DATE.match(info.get("CreationDate", ""))
    return "-".join(part for part in found.groups() if part) if found else None
