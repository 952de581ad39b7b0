"""HTML and XHTML: main text by trafilatura (Barbaresi 2021), metadata by ``html_metadata``.

The page is data from strangers: it is parsed with lxml's HTML parser, which loads nothing, defines
no entities of a page's own and is bounded in depth; scripts are never run.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

from lxml.etree import ParserError, _Element, iterwalk
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.sources import html_metadata
from testimonia.sources.extract import Extract

# libxml2 itself cuts what lies deeper than 2,048 elements, and says nothing.
_DEEPEST = 250
# What trafilatura finds is trusted from this length on; in shorter pages it drops headings and
# lists, and there is little clutter to keep out.
_SHORT = 250
_SHORT_PAGE = 2_000

_BLOCKS = frozenset(
    """
    address article blockquote body center cell dd div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 head header hr html item li list main ol p pre quote row section table tbody
    tfoot thead td th tr ul
    """.split()  # noqa: SIM905
)
# What pages of sites have and texts that were saved as pages have not.
_SITE = frozenset(
    "article aside button footer form iframe input main nav script".split()  # noqa: SIM905
)
_LINKED = 0.05
_CELLS = frozenset({"cell", "td", "th"})
_BREAKS = frozenset({"br", "lb"})
_CLUTTER = frozenset(
    """
    aside button canvas footer iframe nav noscript object script select style svg template
    textarea title
    """.split()  # noqa: SIM905
)
# HTML's white space, and no-break spaces: trafilatura makes spaces of those as well.
_SPACE = re.compile(r"[ \t\n\r\f\u00a0]+")

# It logs a warning for every page in which it finds nothing; we raise an error there.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract(source: str, name: str) -> Extract:
    """The main text of a page, one block a paragraph, and what the page states about itself.

    Raises:
        EmptySource: the page has no text.
        UnsupportedSource: elements are nested too deep.
    """
    page = _parse(source, name)
    stated, warnings = html_metadata.stated(page)
    content = _main_text(page)
    if not content:
        raise EmptySource(f"{name} is a page without text; give a page that has some of its own")
    return Extract(content, stated, warnings)


def whole_text(source: str, name: str) -> str:
    """All text of a page that has nothing else on it, as those of books.

    Raises:
        EmptySource: there is none.
        UnsupportedSource: elements are nested too deep.
    """
    body = _parse(source, name).find("body")
    return "" if body is None else blocks(body, _CLUTTER)


def _parse(source: str, name: str) -> HtmlElement:
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        page = document_fromstring(source.encode("utf-8"), parser=parser)
    except ParserError as error:  # nothing but comments or declarations
        raise EmptySource(f"{name} is a page without text; give a page that has some") from error
    if _depth(page) > _DEEPEST:
        raise UnsupportedSource(
            f"{name} nests elements more than {_DEEPEST} deep; save its text as .txt and give that"
        )
    for edge in page.iterfind(".//div[@title]"):  # how LibreOffice writes a page's head and foot
        if edge.get("title") in ("header", "footer"):
            edge.drop_tree()
    return page


def _depth(page: HtmlElement) -> int:
    depth = deepest = 0
    for event, _ in iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _main_text(page: HtmlElement) -> str:
    body = page.find("body")
    whole = blocks(body, _CLUTTER) if body is not None else ""
    if body is not None and _is_document(body):
        return whole
    main = _trafilatura(page)
    if not main or (len(main) < _SHORT and len(whole) < _SHORT_PAGE):
        return whole
    return main


def _is_document(body: HtmlElement) -> bool:
    """Whether it is a text that was saved as a page (by a word processor, by pandoc), where
    nothing stands around the text and trafilatura would drop short lists and headings: it has no
    part of a site's page, no script, and hardly a link that leads elsewhere."""
    if any(element.tag in _SITE for element in body.iter()):
        return False
    linked = sum(
        len(link.text_content())
        for link in body.iter("a")
        if link.get("href") and not link.get("href").startswith("#")
    )
    return linked <= _LINKED * len(body.text_content())


def _trafilatura(page: HtmlElement) -> str:
    """The main text from trafilatura's tree, not from its string, which drops joiners."""
    document = bare_extraction(page, include_comments=False, with_metadata=False)
    return "" if document is None else blocks(document.body, frozenset())


def blocks(root: _Element, skipped: frozenset[str]) -> str:
    """The text below ``root``: blocks separated by blank lines, cells of a row by tabs.

    Elements named in ``skipped`` are left out with all below them.
    """
    pieces: list[str] = []
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            pieces.append(_before(element))
            if element.tag in skipped:
                walk.skip_subtree()
            else:
                pieces.append(_SPACE.sub(" ", element.text or ""))
        else:
            pieces.append(_after(element))
            if element is not root:
                pieces.append(_SPACE.sub(" ", element.tail or ""))
    return _joined("".join(pieces).split("\x00"))


def _before(element: _Element) -> str:
    if element.tag in _BREAKS:
        return "\n"
    return "\x00" if element.tag in _BLOCKS and element.tag not in _CELLS else ""


def _after(element: _Element) -> str:
    if element.tag in _CELLS:
        return "\t"
    return "\x00" if element.tag in _BLOCKS else ""


def _joined(paragraphs: Iterable[str]) -> str:
    tidy = ("\n".join(_line(line) for line in text.split("\n")).strip() for text in paragraphs)
    return "\n\n".join(text for text in tidy if text)


def _line(line: str) -> str:
    return re.sub(r" *\t *", "\t", re.sub(r" {2,}", " ", line)).strip(" \t")
