"""Word documents (ECMA-376, part 1): the body's paragraphs and tables in order, then the notes.

Read from the XML itself: python-docx leaves out what stands in insertions, text boxes and
content controls, and unpacks every picture. Deleted text, field codes and hidden text are no text.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from testimonia.errors import UnsupportedSource
from testimonia.sources.extract import Extract
from testimonia.sources.members import Members
from testimonia.sources.options import Options
from testimonia.sources.safe_xml import local, parse

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "pPr"})
_SPELLED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_CORE = {"title": "title", "creator": "creator", "language": "language", "identifier": "identifier"}


def extract_bytes(data: bytes, name: str, options: Options) -> Extract:
    """The text of a document and what ``docProps/core.xml`` states.

    Raises:
        UnsupportedSource: damaged, encrypted, no Word document, or a bomb.
    """
    members = Members(data, name, options.max_bytes)
    document = members.read("word/document.xml")
    if document is None:
        raise UnsupportedSource(f"{name} is a container without word/document.xml; save it anew")
    body = parse(document, name)
    blocks = list(_blocks(body))
    for member in _NOTES:
        notes = members.read(member)
        if notes is not None:
            blocks += _blocks(parse(notes, f"{name} ({member})"))
    stated, warnings = core_properties(members.read("docProps/core.xml"), f"{name} (core.xml)")
    origins = dict.fromkeys(stated, "docProps/core.xml")
    return Extract("\n\n".join(blocks), stated, warnings, origins)


def core_properties(data: bytes | None, name: str) -> tuple[dict[str, object], tuple[str, ...]]:
    """Metadata of an Open Packaging core properties part (ECMA-376, part 2, section 11)."""
    if data is None:
        return {}, ()
    stated: dict[str, object] = {}
    made = ""
    for element in parse(data, name, recover=True):
        value = (element.text or "").strip()
        if value and local(element) in _CORE:
            stated[_CORE[local(element)]] = value
        if value and local(element) == "created":
            made = value[:10]
    return stated, (not_published(made),) if made else ()


def not_published(day: str) -> str:
    """The warning that the day a file was made is not taken for that of its publication."""
    return (
        f"the file was made on {day}, which is not taken for the day of publication;"
        " if it is, state issued"
    )


def _blocks(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph that has some; a table's rows are lines with tabs."""
    for element in _outermost(root):
        if local(element) == "tbl":
            rows = (_row(row) for row in element if local(row) == "tr")
            block = "\n".join(row for row in rows if row.strip())
        else:
            block = _paragraph(element).strip()
        if block:
            yield block
        yield from _boxes(element)


def _outermost(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables that stand in no other one."""
    for element in root:
        if local(element) in _SKIPPED:
            continue
        if local(element) in ("p", "tbl"):
            yield element
        else:
            yield from _outermost(element)


def _row(row: etree._Element) -> str:
    cells = (
        " ".join(filter(None, (_paragraph(each).strip() for each in _own(cell))))
        for cell in row.iter("{*}tc")
        if next(cell.iterancestors("{*}tr")) is row  # not one of a table in a cell
    )
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _own(cell: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of a cell, those of tables in it too, but not of text boxes."""
    for paragraph in cell.iter("{*}p"):
        box = next(paragraph.iterancestors("{*}txbxContent", "{*}tc"), None)
        if box is None or local(box) == "tc":
            yield paragraph


def _paragraph(paragraph: etree._Element) -> str:
    """The characters of a paragraph, without those of text boxes in it."""
    pieces: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        name = local(element)
        if name in _SKIPPED or name == "txbxContent" or (name == "r" and _hidden(element)):
            walk.skip_subtree()
        elif name == "t":
            pieces.append(element.text or "")
        elif name in _SPELLED and local(element.getparent()) == "r":
            pieces.append(_SPELLED[name])
    return "".join(pieces)


def _hidden(run: etree._Element) -> bool:
    for vanish in run.iterfind("{*}rPr/{*}vanish"):
        value = vanish.get(_W + "val", vanish.get(_STRICT + "val", "true"))
        return value not in ("0", "false", "off")
    return False


def _boxes(element: etree._Element) -> Iterator[str]:
    """Text boxes that are anchored in a paragraph, after it."""
    for box in element.iter("{*}txbxContent"):
        above = {local(each) for each in box.iterancestors()}
        if "Fallback" not in above and "del" not in above:
            for paragraph in box.iter("{*}p"):
                content = _paragraph(paragraph).strip()
                if content:
                    yield content
