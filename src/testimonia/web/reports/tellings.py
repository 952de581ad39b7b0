"""Accounts and relations between statements, from answers to values. Everything here blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from testimonia.terms import Term
from testimonia.views.comparing import Background
from testimonia.views.values import Moment, Quantity, Ref, Relation, Saying, Telling
from testimonia.vocabulary import SEM, TST
from testimonia.web import pages_queries
from testimonia.web.answers import Description
from testimonia.web.api.context import local_name
from testimonia.web.reports import queries
from testimonia.web.reports.gather import FALSE, Speaking, ref
from testimonia.web.site import Site
from testimonia.web.things import Things

# Relations that are looked at of the statements of a comparison.
MOST_RELATIONS: Final = 200
_FIRST: Final = ("changed position", "contradicts")


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
    found = relations_to(site, speaking.iris)
    pairs = answers.select(queries.same_text(speaking.documents)) if speaking.documents else ()
    return Background(
        {place: frozenset(around) for place, around in within.items()},
        frozenset(each for each in actors if standing.text(each, TST.named) == FALSE),
        [(row["x"].text, row["y"].text) for row in pairs],
        found,
        cut=len(found) == MOST_RELATIONS,
    )


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
    known = site.answers.describe(pages_queries.described(iris))
    ends = {
        value.text
        for each in iris
        for predicate in (TST.relationFrom, TST.relationTo)
        for value in known.values(each, predicate)
    }
    speaking = Speaking(site, sorted(ends))
    things = site.things({*ends, *known.iris()})
    made = []
    for iri in iris:
        from_, to = known.text(iri, TST.relationFrom), known.text(iri, TST.relationTo)
        if from_ and to:
            made.append(
                Relation(
                    iri,
                    _kind(things, known.text(iri, TST.relationKind)),
                    ref(things, from_),
                    ref(things, to),
                    known.text(iri, TST.confidence),
                    "; ".join(sorted(value.text for value in known.values(iri, TST.because))),
                    speaking.voices(from_),
                    speaking.voices(to),
                )
            )
    return sorted(made, key=lambda each: (each.kind not in _FIRST, each.kind, each.iri))


def _kind(things: Things, iri: str) -> str:
    label = things.of(iri).label if iri else "related to"
    if ":" in label:  # a concept without a label
        return " ".join(re.findall("[A-Z]?[a-z]+", label.rpartition(":")[2])).lower()
    return label
