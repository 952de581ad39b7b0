"""How to cite a statement: as the document that reports it, with the place in its text.

Text, BibTeX and CSL-JSON of one value. The author is the document's: a statement is what the
document says that somebody said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from testimonia.catalog import Record
from testimonia.model import Span
from testimonia.sparql.negotiation import Format
from testimonia.terms import iri_of
from testimonia.vocabulary import TST
from testimonia.web import pages_queries as queries
from testimonia.web.site import Site

BIBTEX: Final = Format("bibtex", "application/x-bibtex")
CSL: Final = Format("csl", "application/vnd.citationstyles.csl+json")

_SHORT = 200
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation is made of; ``issued`` is a date as far as it is known."""

    iri: str
    id: str
    words: str
    speakers: tuple[str, ...]
    title: str
    creators: tuple[str, ...]
    publisher: str
    issued: str
    language: str
    spans: tuple[Span, ...]

    @property
    def locator(self) -> str:
        """Where in the text: code points, from 0, end exclusive."""
        return ", ".join(f"{span.start}–{span.end}" for span in self.spans)

    @property
    def note(self) -> str:
        """Who is said to have said what, and where that stands."""
        by = " and ".join(self.speakers) or "the document itself"
        at = f", characters {self.locator}" if self.spans else ""
        return f"“{self.words}”, attributed to {by}{at}"


def text(cited: Citation) -> str:
    """For people."""
    who = ", ".join(cited.creators)
    parts = [who, f"“{cited.title}”", cited.publisher, cited.issued]
    source = ", ".join(filter(None, parts))
    return f"{cited.note}. In: {source}. {cited.iri}"


def csl(cited: Citation) -> str:
    """A CSL-JSON array of one item (citation style language, schema 1.0.2)."""
    item: dict[str, Any] = {
        "id": cited.id,
        "type": "document",
        "title": cited.title,
        "author": [{"literal": each} for each in cited.creators],
        "publisher": cited.publisher,
        "language": cited.language,
        "note": cited.note,
        "URL": cited.iri,
    }
    if parts := [int(each) for each in re.findall(r"\d+", cited.issued)][:3]:
        item["issued"] = {"date-parts": [parts]}
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=1)


def bibtex(cited: Citation) -> str:
    """A BibTeX entry in UTF-8."""
    year, _, rest = cited.issued.partition("-")
    values = {
        "author": " and ".join(f"{{{_tex(each)}}}" for each in cited.creators),
        "title": f"{{{_tex(cited.title)}}}",
        "howpublished": _tex(cited.publisher),
        "year": year,
        "month": str(int(rest[:2])) if rest else "",
        "note": _tex(cited.note),
        "url": cited.iri,
    }
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in values.items() if value)
    return f"@misc{{{cited.id},\n{fields}\n}}\n"


WRITERS: Final[Mapping[str, tuple[Format, Callable[[Citation], str]]]] = {
    BIBTEX.name: (BIBTEX, bibtex),
    CSL.name: (CSL, csl),
}


def citation(site: Site, iri: str) -> Citation:
    """What there is to cite of a statement that is in the graph."""
    described = site.answers.describe(queries.cards([iri]))
    document = site.iris.parse(described.text(iri, TST.document))
    record = site.record(document.id) if document else None
    labels = site.answers.labels(value.text for value in described.values(iri, TST.speaker))
    narrated = site.answers.select(queries.narrators(described.text(iri, TST.document)))
    voices = {row["x"].text for row in narrated}
    return Citation(
        iri=iri,
        id=f"tst-{iri.rpartition('/')[2]}",
        words=_shortened(described.text(iri, TST.content)),
        speakers=tuple(sorted(label for each, label in labels.items() if each not in voices)),
        spans=_spans(site, document.id, iri) if document else (),
        **_of_document(record, document.id if document else "", site),
    )


def _of_document(record: Record | None, id_: str, site: Site) -> dict[str, Any]:
    metadata = record.metadata if record else None
    return {
        "title": (metadata and metadata.title) or site.untitled(id_),
        "creators": metadata.creator if metadata else (),
        "publisher": (metadata and metadata.publisher) or "",
        "issued": (metadata and metadata.issued) or "",
        "language": (metadata and metadata.language) or "",
    }


def _spans(site: Site, document: str, iri: str) -> tuple[Span, ...]:
    rows = site.answers.select(queries.marks(site.iris, document, iri))
    found = [
        Span(int(row["begin"].text), int(row["end"].text))
        for row in rows
        if row["part"].text == iri_of(TST.contentMention)
    ]
    return tuple(sorted(found, key=lambda span: span.start))


def _tex(words: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(words.split()))


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"
