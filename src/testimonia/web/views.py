"""What pages show, as plain values made from answers: statements, accounts, times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from testimonia.terms import Term, iri_of
from testimonia.vocabulary import RDF, SEM, TST
from testimonia.web import pages_queries as queries
from testimonia.web.answers import Description, Row, Value
from testimonia.web.site import Site
from testimonia.web.things import Thing, Things

_CERTAIN = iri_of(TST.Certain)
_NEGATIVE = iri_of(TST.Negative)
_TYPE_ORDER = (
    TST.GeopoliticalEntity,
    TST.Person,
    TST.Organization,
    TST.Group,
    TST.Narrator,
    TST.Place,
    TST.Actor,
)


@dataclass(frozen=True, slots=True)
class Card:
    """A statement as lists show it. ``hedged`` is the document's doubt that it was said."""

    thing: Thing
    iri: str
    content: Value
    speakers: tuple[Thing, ...]
    cue: str
    kind: Thing | None
    directness: Thing | None
    certainty: Thing | None
    hedged: Thing | None
    negative: bool
    reported_in: Thing | None
    document: Thing | None

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.thing.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Time:
    """A time: its words, its value (EDTF where that can say it), what the value rests on."""

    label: str
    value: str
    basis: Thing | None


@dataclass(frozen=True, slots=True)
class Teller:
    """Who gives an account, and in which statement of which document."""

    speakers: tuple[Thing, ...]
    statement: Thing
    document: Thing


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What one statement tells of an event."""

    words: str
    event: Thing | None
    type: Thing | None
    roles: dict[str, tuple[Thing, ...]]
    places: tuple[Thing, ...]
    times: tuple[Time, ...]
    numbers: tuple[str, ...]
    polarity: Thing | None
    certainty: Thing | None
    tense: Thing | None
    tellers: tuple[Teller, ...] = ()

    @property
    def negative(self) -> bool:
        """Whether it is told not to have been so."""
        return self.polarity is not None and self.polarity.label == "negative"


def cards(site: Site, statements: Sequence[str]) -> list[Card]:
    """Statements for a list, in the order given."""
    if not statements:
        return []
    described = site.answers.describe(queries.cards(statements))
    return cards_of(site, described, statements)


def cards_of(site: Site, described: Description, statements: Iterable[str]) -> list[Card]:
    """Cards from what is already known."""
    things = site.things(described.iris())
    return [card(described, things, each) for each in statements]


def card(described: Description, things: Things, iri: str) -> Card:
    """One statement."""

    def one(predicate: Term) -> Thing | None:
        value = described.value(iri, predicate)
        return things.of(value.text) if value else None

    content = described.value(iri, TST.content) or Value("")
    hedge = described.text(iri, TST.attributionCertainty)
    name = things.iris.parse(iri)
    return Card(
        thing=Thing(content.text, f"statement/{name.id}" if name else "", "statement"),
        iri=iri,
        content=content,
        speakers=of_all(described, things, iri, TST.speaker),
        cue=described.text(iri, TST.cue),
        kind=one(TST.kind),
        directness=one(TST.directness),
        certainty=one(TST.certainty),
        hedged=things.of(hedge) if hedge and hedge != _CERTAIN else None,
        negative=described.text(iri, TST.polarity) == _NEGATIVE,
        reported_in=one(TST.reportedIn),
        document=one(TST.document),
    )


def of_all(described: Description, things: Things, iri: str, predicate: Term) -> tuple[Thing, ...]:
    """The things of a property, by label."""
    found = (things.of(value.text) for value in described.values(iri, predicate))
    return tuple(sorted(found, key=lambda thing: (thing.label, thing.path)))


def time_of(described: Description, things: Things, iri: str) -> Time:
    """A time reference."""
    value = described.text(iri, TST.edtf) or described.text(iri, TST.timex)
    basis = described.value(iri, TST.dateBasis)
    return Time(things.of(iri).label, value, things.of(basis.text) if basis else None)


def number_of(described: Description, iri: str) -> str:
    """A quantity in words: "12 people"."""
    words = (described.text(iri, TST.value), described.text(iri, TST.unit))
    return " ".join(filter(None, words))


def account_row(
    described: Description,
    things: Things,
    iri: str,
    *,
    words: str = "",
    tellers: tuple[Teller, ...] = (),
) -> AccountRow:
    """One account."""

    def one(predicate: Term) -> Thing | None:
        value = described.value(iri, predicate)
        return things.of(value.text) if value else None

    times = described.values(iri, SEM.hasTime)
    quantities = described.values(iri, TST.quantity)
    return AccountRow(
        words=words,
        event=one(TST.accountOf),
        type=one(TST.eventType),
        roles=_roles(described, things, iri),
        places=of_all(described, things, iri, SEM.hasPlace),
        times=tuple(time_of(described, things, each.text) for each in times),
        numbers=tuple(sorted(number_of(described, each.text) for each in quantities)),
        polarity=one(TST.polarity),
        certainty=one(TST.certainty),
        tense=one(TST.tense),
        tellers=tellers,
    )


def _roles(described: Description, things: Things, iri: str) -> dict[str, tuple[Thing, ...]]:
    """Participants by role; ``participant`` is above the other three, and inferred from them."""
    roles = {
        "agent": of_all(described, things, iri, TST.agent),
        "patient": of_all(described, things, iri, TST.patient),
        "recipient": of_all(described, things, iri, TST.recipient),
    }
    known = {thing for found in roles.values() for thing in found}
    others = of_all(described, things, iri, TST.participant)
    roles["others"] = tuple(thing for thing in others if thing not in known)
    return roles


def accounts(site: Site, iris: Sequence[str]) -> list[AccountRow]:
    """Accounts with their words and who tells them, in the order given."""
    if not iris:
        return []
    described = site.answers.describe(queries.accounts(iris))
    words = {row["x"].text: row["words"].text for row in site.answers.select(queries.words(iris))}
    told = site.answers.select(queries.tellers(iris))
    mentioned = {row[name].text for row in told for name in ("x", "speaker", "document")}
    things = site.things({*described.iris(), *described, *mentioned})
    tellers = _tellers(told, things)
    return [
        account_row(
            described, things, each, words=words.get(each, ""), tellers=tellers.get(each, ())
        )
        for each in iris
    ]


def _tellers(told: Iterable[Row], things: Things) -> dict[str, tuple[Teller, ...]]:
    """By account; ``told`` has a row for each speaker."""
    speakers: dict[tuple[str, str, str], list[Thing]] = {}
    for row in told:
        key = (row["account"].text, row["x"].text, row["document"].text)
        speakers.setdefault(key, []).append(things.of(row["speaker"].text))
    tellers: dict[str, tuple[Teller, ...]] = {}
    for (account, statement, document), found in speakers.items():
        teller = Teller(tuple(found), things.of(statement), things.of(document))
        tellers[account] = (*tellers.get(account, ()), teller)
    return tellers


def type_of(described: Description, things: Things, iri: str) -> str:
    """The most telling class of an entity, in words."""
    classes = {value.term for value in described.values(iri, RDF.type)}
    best = next((each for each in _TYPE_ORDER if each in classes), None)
    return things.of(iri_of(best)).label if best else ""
