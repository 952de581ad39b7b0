"""From answers to the values that reports are made of. Everything here blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from testimonia.terms import Term
from testimonia.views.values import (
    Counted,
    Listing,
    Ref,
    Saying,
    Source,
    Standing,
    Voice,
)
from testimonia.vocabulary import RDF, TST
from testimonia.web import pages_queries
from testimonia.web.answers import Description, Row
from testimonia.web.api.context import local_name
from testimonia.web.reports import queries
from testimonia.web.site import Site, number
from testimonia.web.things import Things

FALSE: Final = "false"


def ref(things: Things, iri: str) -> Ref:
    """A thing with its IRI."""
    found = things.of(iri)
    return Ref(iri, found.label, found.path, found.kind)


def refs(site: Site, iris: Sequence[str]) -> list[Ref]:
    """Things in the order given."""
    things = site.things(iris)
    return [ref(things, each) for each in iris]


def counted(site: Site, query: str, total: int) -> Listing[Counted]:
    """Things with the number ``?n`` that a query gives for each."""
    rows = [row for row in site.answers.select(query) if "x" in row]
    found = refs(site, [row["x"].text for row in rows])
    items = [Counted(each, number(row["n"])) for each, row in zip(found, rows, strict=True)]
    return Listing(items, total)


# ---------------------------------------------------------------------------------- sayings


class Speaking:
    """Who speaks, and what documents state of themselves, for some statements."""

    def __init__(self, site: Site, statements: Iterable[str]) -> None:
        self.iris = list(dict.fromkeys(statements))
        answers = site.answers
        self._described = (
            answers.describe(pages_queries.cards(self.iris)) if self.iris else Description(())
        )
        actors = self._objects(TST.speaker)
        documents = self._objects(TST.document)
        self._standing = (
            answers.describe(queries.standings(actors)) if actors else Description(())
        )  # fmt: skip
        rows = answers.select(queries.sources(documents)) if documents else ()
        self._sources: dict[str, Row] = {}
        for row in rows:
            self._sources.setdefault(row["x"].text, row)
        self._things = site.things({*self.iris, *self._described.iris()})
        self.documents = documents
        self.actors = actors

    def _objects(self, predicate: Term) -> list[str]:
        values = (self._described.values(each, predicate) for each in self.iris)
        return sorted({value.text for found in values for value in found})

    @property
    def unnamed(self) -> frozenset[str]:
        """The actors that no text gives a name."""
        return frozenset(each for each in self.actors if self.standing(each) is Standing.UNNAMED)

    def standing(self, actor: str) -> Standing:
        """Whether somebody has a name."""
        if self._standing.values(actor, RDF.type):
            return Standing.NARRATOR
        named = self._standing.text(actor, TST.named)
        return Standing.UNNAMED if named == FALSE else Standing.NAMED

    def voices(self, statement: str) -> tuple[Voice, ...]:
        """The speakers of a statement, by label."""
        found = (
            Voice(ref(self._things, value.text), self.standing(value.text))
            for value in self._described.values(statement, TST.speaker)
        )
        return tuple(sorted(found, key=lambda each: (each.ref.label, each.ref.iri)))

    def source(self, document: str) -> Source:
        """A document with what it states of itself."""
        row = self._sources.get(document, {})
        return Source(ref(self._things, document), _text(row, "publisher"), _text(row, "issued"))

    def saying(self, statement: str) -> Saying:
        """A statement."""
        described = self._described

        def concept(predicate: Term) -> str:
            return local_name(described.text(statement, predicate))

        content = described.value(statement, TST.content)
        outer = described.text(statement, TST.reportedIn)
        return Saying(
            ref(self._things, statement),
            content.text if content else "",
            content.language if content else None,
            self.voices(statement),
            self.source(described.text(statement, TST.document)),
            described.text(statement, TST.cue),
            concept(TST.kind),
            concept(TST.directness),
            concept(TST.certainty),
            concept(TST.attributionCertainty),
            concept(TST.polarity) == "Negative",
            ref(self._things, outer) if outer else None,
        )


def sayings(site: Site, statements: Sequence[str]) -> list[Saying]:
    """Statements, in the order given."""
    speaking = Speaking(site, statements)
    return [speaking.saying(each) for each in speaking.iris]


def _text(row: Row, name: str) -> str:
    return row[name].text if name in row else ""
