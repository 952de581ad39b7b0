"""From answers to the values that reports are made of. Everything here blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from testimonia.terms import Term, iri_of
from testimonia.views.comparing import Background
from testimonia.views.values import (
    Counted,
    Listing,
    Moment,
    Quantity,
    Ref,
    Relation,
    Saying,
    Source,
    Standing,
    Telling,
    Voice,
)
from testimonia.vocabulary import RDF, SEM, TST
from testimonia.web import pages_queries
from testimonia.web.answers import Description, Row
from testimonia.web.api.context import local_name
from testimonia.web.reports import queries
from testimonia.web.site import Site, number
from testimonia.web.things import Things, prefixed

# Relations shown of statements at once; more are counted where a list is whole.
MOST_RELATIONS: Final = 200
_FALSE: Final = "false"


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


def moment(described: Description, things: Things, iri: str) -> Moment:
    """A time reference."""
    value = described.text(iri, TST.edtf) or described.text(iri, TST.timex)
    return Moment(
        things.of(iri).label,
        value,
        _date(described.text(iri, SEM.hasEarliestBeginTimeStamp)),
        _date(described.text(iri, SEM.hasLatestEndTimeStamp)),
        described.text(iri, TST.monthDay),
        local_name(described.text(iri, TST.dateBasis)),
    )


def _date(written: str) -> date | None:
    """``None`` also for what Python's calendar has not: years before 1, and beyond 9999."""
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        return None


def _quantity(described: Description, iri: str) -> Quantity | None:
    try:
        value = Decimal(described.text(iri, TST.value))
    except InvalidOperation:
        return None
    return Quantity(value, described.text(iri, TST.unit)) if value.is_finite() else None


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
        return Standing.UNNAMED if named == _FALSE else Standing.NAMED

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


# --------------------------------------------------------------------------------- tellings


def tellings(site: Site, accounts: Sequence[str]) -> tuple[list[Telling], Background]:
    """Accounts, once for each statement that gives them, and what comparing them needs."""
    if not accounts:
        return [], Background()
    answers = site.answers
    described = answers.describe(pages_queries.accounts(accounts))
    words = {row["x"].text: row["words"].text for row in answers.select(_words(accounts))}
    told: defaultdict[str, list[str]] = defaultdict(list)
    for row in answers.select(pages_queries.tellers(accounts)):
        if row["x"].text not in told[row["account"].text]:
            told[row["account"].text].append(row["x"].text)
    speaking = Speaking(site, (each for account in accounts for each in told[account]))
    things = site.things({*described.iris(), *described})
    made = [
        _telling(described, things, account, speaking.saying(statement), words.get(account, ""))
        for account in accounts
        for statement in told[account]
    ]
    return made, _background(site, made, speaking)


def _words(accounts: Sequence[str]) -> str:
    return pages_queries.words(accounts)


def _telling(
    described: Description, things: Things, iri: str, saying: Saying, words: str
) -> Telling:  # fmt: skip
    def all_(predicate: Term) -> tuple[Ref, ...]:
        found = (ref(things, value.text) for value in described.values(iri, predicate))
        return tuple(sorted(found, key=lambda each: (each.label, each.iri)))

    roles = {name: all_(getattr(TST, name)) for name in ("agent", "patient", "recipient")}
    known = {each for found in roles.values() for each in found}
    quantities = (
        _quantity(described, value.text) for value in described.values(iri, TST.quantity)
    )  # fmt: skip
    return Telling(
        iri,
        ref(things, described.text(iri, TST.accountOf)),
        saying,
        words,
        local_name(described.text(iri, TST.eventType)),
        roles["agent"],
        roles["patient"],
        roles["recipient"],
        tuple(each for each in all_(TST.participant) if each not in known),
        all_(SEM.hasPlace),
        tuple(
            moment(described, things, value.text) for value in described.values(iri, SEM.hasTime)
        ),
        tuple(sorted(filter(None, quantities), key=lambda each: (each.unit, each.value))),
        local_name(described.text(iri, TST.polarity)) == "Negative",
        local_name(described.text(iri, TST.certainty)),
        local_name(described.text(iri, TST.tense)),
    )


def _background(site: Site, made: Sequence[Telling], speaking: Speaking) -> Background:
    answers = site.answers
    places = {each.iri for telling in made for each in telling.places}
    within: defaultdict[str, set[str]] = defaultdict(set)
    for row in answers.select(queries.surroundings(sorted(places))) if places else ():
        within[row["x"].text].add(row["around"].text)
    actors = {
        each.iri
        for telling in made
        for each in (*telling.agents, *telling.patients, *telling.recipients)
    }
    standing = answers.describe(queries.standings(sorted(actors))) if actors else Description(())
    pairs = answers.select(queries.same_text(speaking.documents)) if speaking.documents else ()
    return Background(
        {place: frozenset(around) for place, around in within.items()},
        frozenset(each for each in actors if standing.text(each, TST.named) == _FALSE),
        [(row["x"].text, row["y"].text) for row in pairs],
        relations_to(site, speaking.iris),
    )


# -------------------------------------------------------------------------------- relations


def relations_to(site: Site, statements: Sequence[str]) -> list[Relation]:
    """The relations from or to any of these, ``MOST_RELATIONS`` at most."""
    if not statements:
        return []
    found = site.page_of(queries.relations(statements, MOST_RELATIONS), "r")
    return relations(site, found)


def relations(site: Site, iris: Sequence[str]) -> list[Relation]:
    """Relations between statements, contradictions first."""
    if not iris:
        return []
    described = site.answers.describe(pages_queries.described(iris))
    ends = {
        value.text
        for each in iris
        for predicate in (TST.relationFrom, TST.relationTo)
        for value in described.values(each, predicate)
    }
    speaking = Speaking(site, sorted(ends))
    things = site.things({*ends, *described.iris()})
    made = []
    for iri in iris:
        from_, to = described.text(iri, TST.relationFrom), described.text(iri, TST.relationTo)
        if from_ and to:
            made.append(
                Relation(
                    iri,
                    _kind(things, described.text(iri, TST.relationKind)),
                    ref(things, from_),
                    ref(things, to),
                    described.text(iri, TST.confidence) or _other(described, iri, "robability"),
                    _other(described, iri, "because"),
                    speaking.voices(from_),
                    speaking.voices(to),
                )
            )
    return sorted(made, key=lambda each: (each.kind != "contradicts", each.kind, each.iri))


def _kind(things: Things, iri: str) -> str:
    label = things.of(iri).label if iri else "related to"
    if ":" in label:  # a concept without a label
        return " ".join(re.findall("[A-Z]?[a-z]+", label.rpartition(":")[2])).lower()
    return label


def _other(described: Description, iri: str, ending: str) -> str:
    """The values of a property by the end of its name, whichever vocabulary it is of."""
    found = [
        value.text
        for predicate in described.predicates(iri)
        if iri_of(predicate).endswith(ending)
        for value in described.values(iri, predicate)
    ]
    return "; ".join(sorted(prefixed(each) if "://" in each else each for each in found))


def _text(row: Row, name: str) -> str:
    return row[name].text if name in row else ""
