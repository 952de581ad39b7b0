"""Reports of our own invention, and the same as the source texts that producers are given.

Each has words of its own, so that each is a document of its own. What a producer tends to get
wrong is in all of them: ligatures, accents, typographic quotation marks, a word that must be broken
at the end of a line, a list, a table, a footnote, and enough text for a second page.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

_PLACES = ("Odense", "Århus", "Galway", "Bergen", "Malmö", "Ghent", "Trieste", "Turku")
_PEOPLE = ("Ada Moss", "Bo Hale", "Cy Lund", "Di Holm", "Eva Berg", "Finn Dahl", "Gro Lie")


@dataclass(frozen=True)
class Report:
    """A report; ``number`` tells it from the others."""

    number: int

    @property
    def person(self) -> str:
        return _PEOPLE[self.number % len(_PEOPLE)]

    @property
    def place(self) -> str:
        return _PLACES[self.number % len(_PLACES)]

    @property
    def title(self) -> str:
        return f"Ferry {self.number + 100} & the ice"

    @property
    def author(self) -> str:
        return _PEOPLE[(self.number + 3) % len(_PEOPLE)]

    @property
    def issued(self) -> str:
        return f"2024-03-{self.number % 27 + 1:02}"

    @property
    def source(self) -> str:
        return f"https://gazette.example/reports/{self.number}"

    @property
    def opening(self) -> str:
        return (
            f"{self.person} said on Friday that ferry {self.number + 100} would be kept in the "
            f"harbour of {self.place} until the ice is gone, “because nobody can be asked to "
            "sail through it”, and that the difficult office of the harbourmaster was affected."
        )

    @property
    def closing(self) -> str:
        return (
            f"The owners of ferry {self.number + 100} denied that they had been warned. According "
            "to officials, the café on the first floor – and the incomprehensibilities of the "
            "timetable – will reportedly stay as they are."
        )

    @property
    def note(self) -> str:
        return f"The harbourmaster of {self.place} told so in a letter number {self.number}."

    @property
    def items(self) -> tuple[str, str]:
        return f"{self.number + 11} ships left", f"{self.number + 3} ships wait"

    @property
    def filling(self) -> tuple[str, ...]:
        """Paragraphs that take it to a second page."""
        return tuple(
            f"On day {day} of the frost a spokesman of the company number {self.number} said that "
            f"{day + 20} passengers had been brought to the other shore by sledge, that the ice "
            f"was {day + 30} centimetres thick, and that nobody should expect more of the "
            "authorities than of the weather, which had been forecast with some precision."
            for day in range(1, 15)
        )

    def markdown(self) -> str:
        """With front matter, as pandoc has it."""
        filling = "\n\n".join(self.filling)
        return f"""---
title: "{self.title}"
author: {self.author}
date: {self.issued}
lang: en-GB
---

# {self.title}

{self.opening}[^1]

- {self.items[0]}
- {self.items[1]}

| Harbour | Ships |
|---------|-------|
| {self.place} | {self.number + 14} |

{filling}

{self.closing}

[^1]: {self.note}
"""

    def html(self) -> str:
        """A page as newspapers make them, with what stands around the text."""
        body = "\n".join(f"<p>{escape(each)}</p>" for each in (*self.filling, self.closing))
        return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(self.title)}</title>
<link rel="canonical" href="{self.source}">
<meta name="author" content="{self.author}">
<meta property="article:published_time" content="{self.issued}T08:00:00+01:00">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main><article><h1>{escape(self.title)}</h1><p>{escape(self.opening)}</p>
{body}</article></main><footer>All rights of the Gazette, number {self.number}.</footer>
<script>document.title += ""</script></body></html>
"""

    def flat_odt(self) -> str:
        """A flat OpenDocument text, for LibreOffice to open: with a note, a list, a table, a
        deletion that is tracked, a header line and page numbers."""
        filling = "".join(f"<text:p>{escape(each)}</text:p>" for each in self.filling)
        items = "".join(
            f"<text:list-item><text:p>{each}</text:p></text:list-item>" for each in self.items
        )
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{each}</text:p>'
            "</table:table-cell>"
            for each in (self.place, str(self.number + 14))
        )
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_NAMESPACES} office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{escape(self.title)}</dc:title>
<meta:initial-creator>{self.author}</meta:initial-creator><dc:creator>{self.author}</dc:creator>
<dc:language>en-GB</dc:language><dc:date>{self.issued}T10:00:00</dc:date>
<meta:creation-date>{self.issued}T09:00:00</meta:creation-date></office:meta>
<office:styles><style:default-style style:family="paragraph"><style:text-properties
 fo:font-size="13pt" fo:language="en" fo:country="GB"/></style:default-style></office:styles>
<office:automatic-styles><style:page-layout style:name="pl"><style:page-layout-properties
 fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:header-style/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl">
<style:header><text:p>The Gazette of the North, page <text:page-number/></text:p></style:header>
</style:master-page></office:master-styles>
<office:body><office:text><text:tracked-changes><text:changed-region text:id="ct1">
<text:deletion><office:change-info><dc:creator>Nobody</dc:creator><dc:date>2024-01-01T00:00:00
</dc:date></office:change-info><text:p>What was struck out.</text:p></text:deletion>
</text:changed-region></text:tracked-changes>
<text:h text:outline-level="1">{escape(self.title)}</text:h>
<text:p>{escape(self.opening)}<text:note text:id="ftn1" text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p>{escape(self.note)}</text:p>
</text:note-body></text:note><text:change text:change-id="ct1"/></text:p>
<text:list>{items}</text:list>
<table:table table:name="T"><table:table-column table:number-columns-repeated="2"/>
<table:table-row>{cells}</table:table-row></table:table>
{filling}<text:p>{escape(self.closing)}</text:p></office:text></office:body></office:document>
"""


_NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("meta", "meta"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
