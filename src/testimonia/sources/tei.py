"""TEI (P4 and P5): the reading text of an edition, and what its header states.

The text is the editors' reading text: corrections, expansions and regularised spellings rather
than what they stand beside, deletions left out. Line and page breaks of the carrier are no breaks
of the text; pages are kept as regions. Notes follow the paragraph that they are made to.

What a header dates is asked for in the order original, edition: the day on which a letter was
written tells what "on Friday" means in it, that of its digital edition never does.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from testimonia.errors import EmptySource, SourceError, UnsupportedSource
from testimonia.model import Region
from testimonia.sources import files, xml
from testimonia.sources.extract import Extract, Part, Refused
from testimonia.sources.freeze import freeze
from testimonia.sources.options import Options
from testimonia.sources.tei_header import stated

_ROOTS = frozenset({"TEI", "TEI.2"})
_CORPORA = frozenset({"teiCorpus", "teiCorpus.2"})
_BLOCKS = frozenset(
    """
    ab addrLine address argument back body byline castItem castList cell closer dateline div div0
    div1 div2 div3 div4 div5 div6 div7 docAuthor docDate docEdition docImprint docTitle epigraph
    epilogue figure floatingText front group head imprimatur item l label lg list listBibl note
    opener p performance postscript prologue quote row salute set signed sp speaker stage table
    text titlePage titlePart trailer
    """.split()  # noqa: SIM905
)
_SEPARATORS = {"l": "\n", "addrLine": "\n", "cell": "\t"}
_PARAGRAPH = "\n\n"
# In running text; blocks where they stand between paragraphs.
_INLINE_IN_PROSE = frozenset({"address", "addrLine", "figure", "label", "quote", "stage"})
_PROSE = frozenset({"ab", "cell", "head", "item", "l", "note", "p"})
_LEFT_OUT = frozenset(
    "del facsimile figDesc formula fw graphic standOff surplus teiHeader".split()  # noqa: SIM905
)
_ALTERNATIVES = {"choice": ("corr", "reg", "expan"), "app": ("lem",)}
_QUOTATIONS = frozenset({"q", "quote", "said", "soCalled"})
_DEEPEST_QUOTATION = 4  # deeper ones are nobody's words, and each is looked through
_MARKS = frozenset("\"'“”„‘’‚«»‹›")
_BREAKS = frozenset({"cb", "gb", "lb", "milestone", "pb", "space"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u00ac\u00ad]$")


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The document, or with a ``teiCorpus`` each text in it.

    Raises:
        UnsupportedSource: not well-formed, too large, or with another root element than TEI's.
        EmptySource: a corpus without a text.
    """
    data = files.read_whole(file, name, options.max_bytes)
    root, warnings = xml.parse(data, name)
    kind = xml.local(root)
    if kind in _ROOTS:
        yield Part("", data, extract=_extract(root, name, warnings))
        return
    if kind not in _CORPORA:
        raise UnsupportedSource(f"{name} is XML with the root element {kind}, not a TEI document")
    texts = [element for element in root.iter("{*}*") if xml.local(element) in _ROOTS]
    if not texts:
        raise EmptySource(f"{name} is a TEI corpus without a text")
    common, _ = stated(root)
    for number, element in enumerate(texts, 1):
        part = element.get(xml.ID) or str(number)
        try:
            extract = _extract(element, f"{name}/{part}", warnings)
            own = etree.tostring(element, encoding="utf-8", with_tail=False)
            yield Part(part, own, common, "teiCorpus", extract=extract)
        except SourceError as error:
            yield Refused(part, error)


def _extract(root: etree._Element, name: str, warnings: tuple[str, ...]) -> Extract:
    found, origins = stated(root)
    text = next((each for each in root if xml.local(each) == "text"), None)
    if text is None:
        raise EmptySource(f"{name} is a TEI document without a text")
    reading = _ReadingText(marked=_keeps_marks(root))
    reading.element(text)
    content, regions = reading.out.result()
    return Extract(content, found, warnings, origins=origins, regions=regions)


def _keeps_marks(root: etree._Element) -> bool:
    """Whether the encoding says that the text has its quotation marks (TEI P5, ``quotation``)."""
    return any(
        each.get("marks") == "all" for each in root.iterfind(".//{*}encodingDesc//{*}quotation")
    )


@dataclass(slots=True)
class _Out:
    """Text as it grows, white space collapsed, and the pages that it stands on."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    pending: str = ""
    glued: bool = False
    page: str | None = None
    regions: list[Region] = field(default_factory=list)

    def add(self, written: str) -> None:
        """Append running text."""
        text = freeze(_SPACE.sub(" ", written if self.length else written.lstrip("\ufeff")))
        body = text.strip(" ")
        if text.startswith(" ") and not self.glued:
            self.break_off(" ")
        if not body:
            return
        if self.page is not None:
            self.regions.append(Region(self.length + len(self.pending), self.page))
            self.page = None
        self.length += len(self.pending) + len(body)
        self.pieces += (self.pending, body)
        self.pending, self.glued = "", False
        if text.endswith(" "):
            self.break_off(" ")

    def break_off(self, separator: str) -> None:
        """Have what follows stand behind ``separator``, or a stronger one that is due."""
        order = ("", " ", "\t", "\n", _PARAGRAPH)
        if self.length:
            self.pending = max(self.pending, separator, key=order.index)
            self.glued = False

    def glue(self) -> None:
        """Have what follows go on in the middle of a word, without the hyphen at its break."""
        if self.pending not in ("", " ") or not self.pieces:
            return
        whole = _HYPHEN.sub("", self.pieces[-1])
        self.length -= len(self.pieces[-1]) - len(whole)
        self.pieces[-1] = whole
        self.pending, self.glued = "", True

    @property
    def last(self) -> str:
        """The last character so far, nothing where white space is due."""
        return self.pieces[-1][-1:] if self.pieces and not self.pending else ""

    def close(self, mark: str) -> None:
        """Put a mark right behind what was written, white space that is due after it."""
        due, self.pending = self.pending, ""
        self.add(mark)
        self.pending = due

    def result(self) -> tuple[str, tuple[Region, ...]]:
        """Content and regions; a page break without text behind it is none."""
        return "".join(self.pieces), tuple(self.regions)


class _ReadingText:
    """A walk through a text's elements in their order."""

    def __init__(self, *, marked: bool) -> None:
        self.out = _Out()
        self._marked = marked
        self._quotes = 0
        self._prose = 0
        self._pages = 0
        self._notes: deque[etree._Element] = deque()
        self._telling = False  # the notes that were left till after a paragraph

    def element(self, element: etree._Element) -> None:
        """Write what ``element`` holds."""
        name = xml.local(element)
        if name in _LEFT_OUT:
            return
        if name in _BREAKS:
            self._break(element, name)
        elif name == "gap":
            self.out.add("[…]")
        elif name in _ALTERNATIVES:
            self._chosen(element, _ALTERNATIVES[name])
        elif name == "note" and self._prose:
            self._notes.append(element)
        elif name in _QUOTATIONS and self._lacks_marks(element):
            self._quoted(element)
        elif name == "p" and xml.local(element.getparent()) == "cell":
            self.out.break_off(" ")
            self._children(element)
            self.out.break_off(" ")
        elif name in _BLOCKS and not (self._prose and name in _INLINE_IN_PROSE):
            self._block(element, name)
        else:
            self._children(element)

    def _children(self, element: etree._Element) -> None:
        self.out.add(element.text or "")
        for child in element:
            self.element(child)
            self.out.add(child.tail or "")

    def _block(self, element: etree._Element, name: str) -> None:
        separator = _SEPARATORS.get(name, _PARAGRAPH)
        is_prose = name in _PROSE
        self.out.break_off(separator)
        self._prose += is_prose
        self._children(element)
        self._prose -= is_prose
        self.out.break_off(separator)
        if not self._prose and not self._telling:
            self._telling = True
            while self._notes:
                self._block(self._notes.popleft(), "note")
            self._telling = False

    def _lacks_marks(self, element: etree._Element) -> bool:
        """Whether this is a quotation in running text whose marks the encoding stands for."""
        if self._marked or not self._prose or self._quotes == _DEEPEST_QUOTATION:
            return False
        first = next((each.strip()[0] for each in element.itertext() if each.strip()), "")
        return bool(first) and first not in _MARKS and self.out.last not in _MARKS

    def _quoted(self, element: etree._Element) -> None:
        self.out.add("“")
        self.out.glued = True  # white space at its edges stands outside the marks, or nowhere
        self._quotes += 1
        self._children(element)
        self._quotes -= 1
        self.out.close("”")

    def _chosen(self, element: etree._Element, names: tuple[str, ...]) -> None:
        children = [child for child in element if xml.local(child)]
        preferred = (child for child in children if xml.local(child) in names)
        chosen = next(preferred, children[0] if children else None)
        if chosen is not None:
            self.element(chosen)

    def _break(self, element: etree._Element, name: str) -> None:
        if name == "pb":
            self._pages += 1
            self.out.page = element.get("n") or str(self._pages)
        if element.get("break") == "no":
            self.out.glue()
        else:
            self.out.break_off(" ")
