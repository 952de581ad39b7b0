"""XML of editions: ``safe_xml``, for documents that come with a DTD.

Old editions name characters by HTML's entities, which are read as these, and declare entities of
their own, which stay unexpanded, so that none can grow.
"""

from __future__ import annotations

from html.entities import html5

from lxml import etree

from testimonia.sources import safe_xml
from testimonia.sources.safe_xml import local

__all__ = ["ID", "LANG", "local", "parse", "words"]

ID = "{http://www.w3.org/XML/1998/namespace}id"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse(data: bytes, name: str) -> tuple[etree._Element, tuple[str, ...]]:
    """The root element of ``data``, in the encoding that it declares, and warnings.

    Raises:
        UnsupportedSource: not well-formed, or beyond the bounds.
    """
    root = safe_xml.parse(data, name, may_declare=True)
    unknown = _resolve(root)
    if not unknown:
        return root, ()
    named = ", ".join(sorted(unknown)[:5])
    return root, (f"references to entities that are not expanded, left out: {named}",)


def words(element: etree._Element | None) -> str:
    """All text below ``element`` on one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _resolve(root: etree._Element) -> set[str]:
    """Put characters in the place of references; the names of those that stand for no character."""
    unknown = set()
    for entity in list(root.iter(etree.Entity)):
        character = html5.get(f"{entity.name};", "")
        if not character:
            unknown.add(entity.name)
        _replace(entity, character + (entity.tail or ""))
    return unknown


def _replace(node: etree._Element, text: str) -> None:
    parent, before = node.getparent(), node.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    node.tail = None
    parent.remove(node)
