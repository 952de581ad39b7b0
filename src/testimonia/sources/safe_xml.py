"""XML from strangers: no entities of its own, no network, no files, bounded depth.

What declares entities is refused before it is parsed: what a text needs are the five of XML and
character references. libxml2 itself bounds depth (256) and expansion; it is told to load nothing.
"""

from __future__ import annotations

import re

from lxml import etree

from testimonia.errors import UnsupportedSource

_ENTITY = re.compile(r"<!ENTITY\b")
# Which of them a byte stream is in: enough to find a declaration, which is ASCII.
_WIDE = {
    b"<\x00": "utf-16-le",
    b"\xff\xfe": "utf-16-le",
    b"\x00<": "utf-16-be",
    b"\xfe\xff": "utf-16-be",
}


def parse(data: bytes, name: str, *, recover: bool = False) -> etree._Element:
    """The root element of ``data``, which is called ``name``; with ``recover`` of what is not well
    formed, as far as it can be told.

    Raises:
        UnsupportedSource: not well formed, nested too deep, or with entities of its own.
    """
    refuse_entities(data, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsupportedSource(f"{name} is damaged: it is no well-formed XML ({error})") from error
    if root is None:
        raise UnsupportedSource(f"{name} is damaged: it has no XML in it")
    return root


def refuse_entities(data: bytes, name: str) -> None:
    """Let XML pass that declares no entities.

    Raises:
        UnsupportedSource: it does; it may be a bomb, or ask for files of this machine.
    """
    written = data.decode(_WIDE.get(data[:2], "latin-1"), "replace")
    if _ENTITY.search(written):
        raise UnsupportedSource(
            f"{name} declares XML entities of its own, which are not read (they can ask for other"
            " files, or for all memory); save it without its DOCTYPE"
        )


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, ``""`` for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
