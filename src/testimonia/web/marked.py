"""What the pages of documents and statements show of the text: statements marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from testimonia.model import Span
from testimonia.terms import Term
from testimonia.vocabulary import TST
from testimonia.web import pages_queries as queries
from testimonia.web.answers import Row
from testimonia.web.marking import Mark, Part, Segment, segments
from testimonia.web.pages_queries import PAGE
from testimonia.web.site import Site, number
from testimonia.web.views import Card, cards_of

_PARTS: Final[Mapping[Term, Part]] = {
    TST.contentMention: Part.CONTENT,
    TST.cueMention: Part.CUE,
    TST.speakerMention: Part.SPEAKER,
}
# A reader needs about two lines before and after.
_CONTEXT_CODE_POINTS: Final = 240
_LONGEST_WORD: Final = 40
_LEFT_OUT: Final = " … "


@dataclass(frozen=True, slots=True)
class Numbered:
    """A statement of a document and its number there, in the order of the text from 1."""

    number: int
    card: Card
    by_narrator: bool

    @property
    def list_page(self) -> int:
        """The page of the document's list on which it stands."""
        return (self.number - 1) // PAGE + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as the template writes it; ``target`` is the statement that it leads to."""

    text: str
    classes: str
    target: Numbered | None
    begins: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document's statements in textual order, and its text with them marked."""

    statements: tuple[Numbered, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """A statement's words with those around them; ``before`` and ``after`` say whether the text
    goes on. ``spans`` are its contents'."""

    pieces: tuple[Piece, ...]
    before: bool
    after: bool
    spans: tuple[Span, ...]


def marked_document(site: Site, iri: str, id_: str, text: str) -> MarkedDocument:
    """A document's statements and its marked text."""
    described = site.answers.describe(queries.document_statements(iri))
    rows = site.answers.select(queries.marks(site.iris, id_))
    order = _in_textual_order(list(described), rows)
    voices = set(site.page_of(queries.narrators(iri)))
    cards = cards_of(site, described, order)
    numbered = tuple(
        Numbered(index, card, any(_is(voice, card, site) for voice in voices))
        for index, card in enumerate(cards, 1)
    )
    numbers = {each.card.iri: each.number for each in numbered}
    by_number = {each.number: each for each in numbered}
    cut = segments(text, _marks(rows, numbers))
    return MarkedDocument(numbered, tuple(_piece(each, by_number) for each in cut))


def quotations(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Of a marked text what others are quoted with; for the rest, three dots."""
    found: list[Piece] = []
    for piece in pieces:
        told = set(piece.classes.split()) & {"content", "cue", "speaker"}
        if told and "narrated" not in piece.classes.split():
            found.append(piece)
        elif found and found[-1].text == _LEFT_OUT:
            found[-1] = replace(found[-1], begins=(*found[-1].begins, *piece.begins))
        else:
            found.append(Piece(_LEFT_OUT, "", None, piece.begins))
    return tuple(found)


def context(
    site: Site, statement: Card, id_: str, text: str, around: int = _CONTEXT_CODE_POINTS
) -> Context:
    """One statement's words among those around them, ``around`` code points each way."""
    rows = site.answers.select(queries.marks(site.iris, id_, statement.iri))
    marks = list(_marks(rows, {statement.iri: 1}))
    window = _window([mark.span for mark in marks], text, around)
    cut = segments(text, marks, window)
    by_number = {1: Numbered(1, statement, by_narrator=False)}
    spans = sorted(mark.span for mark in marks if mark.part is Part.CONTENT)
    return Context(
        tuple(_piece(each, by_number) for each in cut),
        before=window.start > 0,
        after=window.end < len(text),
        spans=tuple(spans),
    )


def _in_textual_order(statements: Iterable[str], rows: Sequence[Row]) -> list[str]:
    begins: dict[str, int] = {}
    for row in rows:
        if row["part"].term == TST.contentMention:
            begin = number(row["begin"])
            begins[row["x"].text] = min(begin, begins.get(row["x"].text, begin))
    return sorted(statements, key=lambda each: (begins.get(each, 0), each))


def _is(voice: str, card: Card, site: Site) -> bool:
    name = site.iris.parse(voice)
    path = f"{name.kind}/{name.id}" if name else ""
    return any(speaker.path == path for speaker in card.speakers)


def _marks(rows: Iterable[Row], numbers: Mapping[str, int]) -> Iterable[Mark]:
    for row in rows:
        statement = numbers.get(row["x"].text)
        begin, end = number(row["begin"]), number(row["end"])
        if statement is not None and begin < end:
            yield Mark(Span(begin, end), _PARTS[row["part"].term], statement)


def _piece(segment: Segment, statements: Mapping[int, Numbered]) -> Piece:
    target = statements.get(segment.statement) if segment.statement is not None else None
    begins = tuple(statements[each] for each in segment.begins)
    return Piece(segment.text, _classes(segment, statements), target, begins)


def _classes(segment: Segment, statements: Mapping[int, Numbered]) -> str:
    found = []
    told = [each for each in segment.contents if not statements[each].by_narrator]
    if told:
        found.append(f"content depth-{min(len(told), 3)}")
    elif segment.contents:
        found.append("content narrated")
    if segment.cues:
        found.append("cue")
    if segment.speakers:
        found.append("speaker")
    return " ".join(found)


def _window(spans: Sequence[Span], text: str, around: int) -> Span:
    """The stretch of text around spans, from word to word."""
    start = max(0, min((span.start for span in spans), default=0) - around)
    end = min(len(text), max((span.end for span in spans), default=0) + around)
    if not around:
        return Span(start, max(start + 1, end))
    whole_word = text.rfind(" ", max(0, start - _LONGEST_WORD), start + 1)
    start = whole_word + 1 if start > 0 and whole_word >= 0 else start
    whole_word = text.find(" ", end, end + _LONGEST_WORD)
    return Span(start, max(start + 1, whole_word if whole_word >= 0 else end))
