"""What an HTML page states about itself, in markup that means it.

Read are JSON-LD (schema.org), ``meta`` elements (Open Graph, Dublin Core, Highwire, the customary
names), ``link rel``, ``lang``, and elements marked as author or date of publication. Nothing is
inferred from the page's address, from its running text, from class names or from the file:
trafilatura's own metadata takes a host for a publisher and the newest date on the page for the
date of publication, and Testimonia guesses neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

# Names of meta elements, best first, in lower case.
_META = {
    "title": ("og:title", "citation_title", "dcterms.title", "dc.title", "headline", "title"),
    "creator": (
        "citation_author",
        "article:author",
        "author",
        "dcterms.creator",
        "dc.creator",
        "parsely-author",
        "byl",
    ),
    "publisher": (
        "og:site_name",
        "dcterms.publisher",
        "dc.publisher",
        "citation_publisher",
        "publisher",
        "article:publisher",
    ),
    "issued": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "dcterms.issued",
        "dc.date.issued",
        "dcterms.date",
        "dc.date",
        "citation_publication_date",
        "citation_date",
        "parsely-pub-date",
        "sailthru.date",
        "pubdate",
        "publishdate",
        "date",
    ),
    "language": ("dcterms.language", "dc.language"),
    "identifier": ("dcterms.identifier", "dc.identifier", "citation_doi"),
    "rights": ("dcterms.license", "dcterms.rights", "dc.rights", "copyright"),
}
_JSON_LD = {
    "title": ("headline", "name"),
    "creator": ("author", "creator"),
    "publisher": ("publisher",),
    "issued": ("datePublished",),
    "language": ("inLanguage",),
    "rights": ("license", "copyrightNotice"),
}
_WORKS = re.compile(r"article|posting|report|creativework", re.IGNORECASE)
_PAGES = re.compile(r"webpage", re.IGNORECASE)
# ISO 8601 and the same with slashes: the ways that cannot be read in two orders.
_DATE = re.compile(r"(\d{4})(?:([-/])(\d\d?)(?:\2(\d\d?)(?:[T ].*)?)?)?", re.ASCII | re.DOTALL)
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?//|[\w.]+\.[a-z]{2,}/", re.IGNORECASE)

Candidates = dict[str, list[str]]


def stated(page: HtmlElement) -> tuple[dict[str, object], tuple[str, ...]]:
    """Metadata keys with the values that ``page`` states, and warnings where it contradicts itself.

    Values are as the page has them, dates in EDTF's form where they are ISO 8601.
    """
    candidates: Candidates = {}
    for layer in (_from_json_ld(page), _from_meta(page), _from_elements(page)):
        for key, values in layer.items():
            candidates.setdefault(key, values)
    dates = _dates(page)
    found: dict[str, object] = {key: values[0] for key, values in candidates.items()}
    if "creator" in candidates:
        found["creator"] = candidates["creator"]
    if dates:
        found["issued"] = dates[0]
    source = _source(page)
    if source:
        found["source"] = source
    return found, _contradictions(dates)


def _from_meta(page: HtmlElement) -> Candidates:
    meta = _meta(page)
    found: Candidates = {}
    for key, names in _META.items():
        values = next((meta[name] for name in names if _usable(key, meta.get(name))), [])
        if values and key != "issued":
            found[key] = _cleaned(key, values)
    return {key: values for key, values in found.items() if values}


def _meta(page: HtmlElement) -> Candidates:
    """Contents of ``meta`` elements by lower-case name, ``dc:x`` as ``dc.x``."""
    found: Candidates = {}
    for element in page.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                name = re.sub(r"^(dc|dcterms):", r"\1.", name)
                found.setdefault(name, []).append(content)
    return found


def _from_elements(page: HtmlElement) -> Candidates:
    found: Candidates = {}
    language = page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang")
    language = language or page.get("xml:lang")
    body = page.find("body")
    if not language and body is not None:  # where LibreOffice states it
        language = body.get("lang")
    _add(found, "language", [language])
    _add(found, "title", _texts(page, ".//title")[:1] or _texts(page, ".//h1")[:1])
    authors = _texts(page, ".//*[@rel='author']") or _texts(page, ".//*[@itemprop='author']")
    _add(found, "creator", _cleaned("creator", authors))
    _add(found, "rights", [link.get("href") for link in _links(page, "license")])
    return found


def _add(found: Candidates, key: str, values: Iterable[str | None]) -> None:
    kept = [value.strip() for value in values if value and value.strip()]
    if kept:
        found[key] = kept


def _texts(page: HtmlElement, path: str) -> list[str]:
    texts = (" ".join(str(element.text_content()).split()) for element in page.findall(path))
    return [text for text in texts if text]


def _links(page: HtmlElement, relation: str) -> Iterator[HtmlElement]:
    for element in page.iter("link"):
        if relation in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element


def _usable(key: str, values: list[str] | None) -> bool:
    return bool(values) and bool(_cleaned(key, values or []))


def _cleaned(key: str, values: Iterable[str]) -> list[str]:
    """Names without "By"; social networks' addresses are no names."""
    if key not in ("creator", "publisher"):
        return list(values)
    parts = [part.strip() for value in values for part in value.split(";")]
    names = [_BY.sub("", part, count=1) if _BY.match(part) else part for part in parts]
    return [name for name in names if name and not _ADDRESS.match(name)]


# ---------------------------------------------------------------------------------- dates


def _dates(page: HtmlElement) -> list[str]:
    """Dates of publication that the page states, best first, each once."""
    meta = _meta(page)
    written = [value for work in _works(page) for value in _strings(work.get("datePublished"))]
    written += [value for name in _META["issued"] for value in meta.get(name, [])]
    for element in page.iter("time"):
        if element.get("pubdate") is not None or element.get("itemprop") == "datePublished":
            written.append(element.get("datetime") or "")
    found = [date for date in map(edtf_date, written) if date]
    distinct = list(dict.fromkeys(found))
    # "2025" and "2025-12-12" agree, and the longer says more; the sort is stable.
    return sorted(distinct, key=lambda date: -len(date) if _agrees(date, distinct[0]) else 0)


def edtf_date(written: str) -> str | None:
    """``written`` without its clock time, as EDTF; ``None`` where it is not ISO 8601.

    The day is the one written, whatever the time zone.
    """
    found = _DATE.fullmatch(written.strip())
    if found is None:
        return None
    year, _, month, day = found.groups()
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _agrees(date: str, other: str) -> bool:
    return date.startswith(other) or other.startswith(date)


def _contradictions(dates: list[str]) -> tuple[str, ...]:
    others = [date for date in dates[1:] if not _agrees(date, dates[0])]
    if not others:
        return ()
    return (f"the page states several dates of publication; {dates[0]} taken, not {others[0]}",)


# ---------------------------------------------------------------------------------- source


def _source(page: HtmlElement) -> str | None:
    """The canonical address: ``link rel=canonical``, ``og:url``, else JSON-LD's."""
    base = next((element.get("href") or "" for element in page.iter("base")), "")
    written = [link.get("href") for link in _links(page, "canonical")]
    written += _meta(page).get("og:url", [])
    for work in _works(page):
        written += [*_strings(work.get("url")), *_strings(work.get("mainEntityOfPage"), "@id")]
    for address in filter(None, written):
        try:
            absolute = urljoin(base, address.strip())
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return str(absolute)
    return None


# --------------------------------------------------------------------------------- JSON-LD


def _from_json_ld(page: HtmlElement) -> Candidates:
    found: Candidates = {}
    for work in _works(page):
        for key, names in _JSON_LD.items():
            values = [value for name in names for value in _strings(work.get(name))][: _most(key)]
            values = _cleaned(key, values)
            if values and key != "issued":
                found.setdefault(key, values)
    return found


def _most(key: str) -> int:
    return 100 if key == "creator" else 1


def _works(page: HtmlElement) -> list[Mapping[str, Any]]:
    """JSON-LD nodes that describe an article, then those that describe the page."""
    nodes = [node for script in page.iter("script") for node in _nodes(script)]
    works = [node for node in nodes if _has_type(node, _WORKS)]
    return works[:1] + [node for node in nodes if _has_type(node, _PAGES)][:1]


def _nodes(script: HtmlElement) -> list[Mapping[str, Any]]:
    if (script.get("type") or "").lower() != "application/ld+json":
        return []
    try:
        data = json.loads(script.text or "", strict=False)
    except (ValueError, RecursionError):
        return []
    top = data if isinstance(data, list) else [data]
    nodes: list[Mapping[str, Any]] = [node for node in top if isinstance(node, dict)]
    for node in list(nodes):
        graph = node.get("@graph")
        nodes += (
            [inner for inner in graph if isinstance(inner, dict)] if isinstance(graph, list) else []
        )
    return nodes


def _has_type(node: Mapping[str, Any], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(name) for name in _strings(node.get("@type")))


def _strings(value: object, key: str = "name") -> list[str]:
    """The strings in a JSON-LD value: itself, its items', or its ``name`` (``key``)."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [
            text for item in value if not isinstance(item, list) for text in _strings(item, key)
        ]
    if isinstance(value, dict) and isinstance(value.get(key), str):
        return _strings(value[key])
    return []
