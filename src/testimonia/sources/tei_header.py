"""What a TEI header states about its text (TEI P5, chapter 2; P4 has the same elements)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from testimonia.sources.xml import LANG, local, words

# Where a date, a publisher stand, the original's before the edition's.
_DATES = (
    "profileDesc/creation//date",
    "profileDesc/correspDesc/correspAction/date",
    "fileDesc/sourceDesc//imprint/date",
    "fileDesc/sourceDesc//bibl/date",
    "fileDesc/sourceDesc//origDate",
)
_PUBLISHERS = (
    "fileDesc/sourceDesc//imprint/publisher",
    "fileDesc/sourceDesc//bibl/publisher",
    "fileDesc/publicationStmt/publisher",
    "fileDesc/publicationStmt/authority",
    "fileDesc/publicationStmt/distributor",
)
_CREATORS = (
    "fileDesc/titleStmt/author",
    "profileDesc/correspDesc/correspAction/persName",
    "fileDesc/sourceDesc//author",
)
_IDENTIFIERS = ("fileDesc/publicationStmt/idno", "fileDesc/sourceDesc//msIdentifier/idno")
_RIGHTS = (
    "fileDesc/publicationStmt/availability/licence",
    "fileDesc/publicationStmt/availability",
)
_EDITION_DATE = "fileDesc/publicationStmt/date"
_SOURCES = frozenset({"bibl", "biblFull", "biblStruct", "listBibl", "msDesc", "recordingStmt"})
_ISO = re.compile(r"(-?\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ].*)?")
_URL = re.compile(r"https?://\S+")

Found = tuple[str, str]  # a value, and the element of the header that it stands in


def stated(root: etree._Element) -> tuple[dict[str, object], dict[str, str]]:
    """Metadata keys with the values that the header of ``root`` states, and where in it.

    A date is one day, month or year; what the header gives as a range, or in words only, is left.
    """
    header = root.find("{*}teiHeader")
    if header is None:
        return {}, {}
    found: dict[str, Found | None] = {
        "title": _title(header),
        "publisher": _first(header, _PUBLISHERS),
        "issued": _issued(header),
        "language": _language(root, header),
        "source": next(_values(header, _IDENTIFIERS[:1], _URL), None),
        "identifier": next(
            (each for each in _all(header, _IDENTIFIERS) if not _is_url(each)), None
        ),
        "rights": _rights(header),
    }
    values: dict[str, object] = {key: value[0] for key, value in found.items() if value}
    origins = {key: value[1] for key, value in found.items() if value}
    creators = _creators(header)
    if creators:
        values["creator"] = [name for name, _ in creators]
        origins["creator"] = creators[0][1]
    return values, origins


def _elements(header: etree._Element, path: str) -> Iterator[etree._Element]:
    steps = path.replace("//", "/ /").split("/")
    written = "/".join("" if step == " " else f"{{*}}{step}" for step in steps)
    yield from header.iterfind(written)


def _all(header: etree._Element, paths: Iterable[str]) -> Iterator[Found]:
    for path in paths:
        for element in _elements(header, path):
            value = words(element)
            if value:
                yield value, f"TEI {path}"


def _values(header: etree._Element, paths: Iterable[str], form: re.Pattern[str]) -> Iterator[Found]:
    return (each for each in _all(header, paths) if form.fullmatch(each[0]))


def _first(header: etree._Element, paths: Iterable[str]) -> Found | None:
    return next(_all(header, paths), None)


def _is_url(found: Found) -> bool:
    return bool(_URL.fullmatch(found[0]))


def _title(header: etree._Element) -> Found | None:
    path = "fileDesc/titleStmt/title"
    titles = list(_elements(header, path))
    main = [each for each in titles if each.get("type") in (None, "main")]
    return next(((words(each), f"TEI {path}") for each in main or titles if words(each)), None)


def _creators(header: etree._Element) -> list[Found]:
    """The authors; of a letter who sent it, not who received it."""
    for path in _CREATORS:
        found = [
            (words(element), f"TEI {path}")
            for element in _elements(header, path)
            if words(element) and _is_sent(element)
        ]
        if found:
            return found
    return []


def _is_sent(element: etree._Element) -> bool:
    parent = element.getparent()
    return local(parent) != "correspAction" or parent.get("type") == "sent"


def _issued(header: etree._Element) -> Found | None:
    paths = _DATES if _has_source(header) else (*_DATES, _EDITION_DATE)
    for path in paths:
        for element in _elements(header, path):
            date = _date(element)
            if date and _is_sent(element):
                return date, f"TEI {path}"
    return None


def _has_source(header: etree._Element) -> bool:
    """Whether the text was taken from something else, and so is older than its edition."""
    described = header.find("{*}fileDesc/{*}sourceDesc")
    return described is not None and any(local(each) in _SOURCES for each in described.iter())


def _date(element: etree._Element) -> str:
    for attribute in ("when", "when-iso", "value"):
        if element.get(attribute):
            written = element.get(attribute).strip()
            found = _ISO.fullmatch(written)
            return found[1] if found else written
    found = _ISO.fullmatch(words(element))
    return found[1] if found else ""


def _language(root: etree._Element, header: etree._Element) -> Found | None:
    text = root.find("{*}text")
    for element, where in ((text, "text"), (root, "TEI")):
        if element is not None and element.get(LANG):
            return element.get(LANG), f"TEI {where}/@xml:lang"
    used = list(_elements(header, "profileDesc/langUsage/language"))
    if len(used) == 1 and used[0].get("ident"):
        return used[0].get("ident"), "TEI profileDesc/langUsage/language"
    return None


def _rights(header: etree._Element) -> Found | None:
    for path in _RIGHTS:
        for element in _elements(header, path):
            value = element.get("target") or words(element) or element.get("status") or ""
            if value.strip():
                return value, f"TEI {path}"
    return None
