"""What the pages of single things show: finds it, and hands it over as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from testimonia.catalog import Record, State
from testimonia.rights import is_restricted
from testimonia.terms import Term
from testimonia.vocabulary import DCTERMS, PROV, RDF, SKOS, TST
from testimonia.web import pages_queries as queries
from testimonia.web import views
from testimonia.web.answers import Description, Row
from testimonia.web.marked import Context, context, marked_document, quotations
from testimonia.web.pages_queries import PAGE
from testimonia.web.paging import Paging, offset_of
from testimonia.web.site import Site
from testimonia.web.things import Thing, Things
from testimonia.web.views import Card

_POINT: Final = re.compile(r"POINT\s*\(\s*(?P<longitude>\S+)\s+(?P<latitude>\S+?)\s*\)", re.I)


@dataclass(frozen=True, slots=True)
class CardList:
    """A list of statements on a page; ``id`` is its anchor."""

    id: str
    title: str
    cards: list[Card]
    paging: Paging


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of the software that made a graph."""

    software: str
    extractor: str
    ended: str


# --------------------------------------------------------------------------------- documents


def document_details(site: Site, iri: str, record: Record, page: int) -> dict[str, Any]:
    """A document: metadata, statements, marked text."""
    text = site.text(record).text.content
    restricted = is_restricted(record.metadata.rights)
    marked = marked_document(site, iri, record.id, text)
    voices = site.answers.select(queries.voices(iri))
    things = site.things({iri, *(row["x"].text for row in voices)})
    return {
        **({} if record.state is State.STORED else {"alternates": ()}),
        "thing": things.of(iri),
        "record": record,
        "metadata": record.metadata,
        "creators": _voices(voices, things, DCTERMS.creator),
        "publishers": _voices(voices, things, DCTERMS.publisher),
        "reprints": _reprints(site, iri),
        "length": len(text),
        "statements": marked.statements[offset_of(page) : offset_of(page + 1)],
        "pieces": quotations(marked.pieces) if restricted else marked.pieces,
        "restricted": restricted,
        "page": page,
        "paging": Paging(page, len(marked.statements)),
        "runs": _runs(site, record.id),
    }


def _voices(rows: Iterable[Row], things: Things, predicate: Term) -> list[Thing]:
    return [things.of(row["x"].text) for row in rows if row["p"].term == predicate]


def _reprints(site: Site, iri: str) -> list[Thing]:
    """Documents of the same text, or nearly so."""
    found = site.page_of(queries.reprints(iri))
    things = site.things(found)
    return [things.of(each) for each in found]


def _runs(site: Site, document: str) -> list[RunRow]:
    described = site.answers.describe(queries.provenance(site.iris, document))
    return [
        RunRow(
            described.text(run, TST.softwareVersion),
            described.text(run, TST.extractor),
            described.text(run, PROV.endedAtTime) or described.text(run, PROV.startedAtTime),
        )
        for run in sorted(described)
    ]


# -------------------------------------------------------------------------------- statements


def statement_details(site: Site, iri: str) -> dict[str, Any]:
    """A statement: its words in context, who, when, where, about whom, what it tells."""
    described = site.answers.describe(queries.statement(iri))
    things = site.things({*described, *described.iris()})
    statement = views.card(described, things, iri)
    document = site.iris.parse(described.text(iri, TST.document))
    inside = site.page_of(queries.contained(iri))
    outside = [value.text for value in described.values(iri, TST.reportedIn)]
    accounts = sorted(value.text for value in described.values(iri, TST.gives))
    return {
        "card": statement,
        "context": _context(site, statement, document.id) if document else None,
        "speakers": views.of_all(described, things, iri, TST.speaker),
        "addressees": views.of_all(described, things, iri, TST.addressee),
        "polarity": _one(described, things, iri, TST.polarity),
        "attribution": _one(described, things, iri, TST.attributionCertainty),
        "confidence": described.text(iri, TST.confidence),
        "construction": described.text(iri, TST.construction),
        "said_at": [
            views.time_of(described, things, value.text)
            for value in described.values(iri, TST.saidAt)
        ],
        "said_in": views.of_all(described, things, iri, TST.saidIn),
        "said_during": views.of_all(described, things, iri, TST.saidDuring),
        "about": _about(described, things, iri),
        "about_times": _about_times(described, things, iri),
        "accounts": views.accounts(site, accounts),
        "reported_in": views.cards(site, outside),
        "contains": views.cards(site, inside),
        "runs": _runs(site, document.id) if document else [],
    }


def _context(site: Site, statement: Card, document: str) -> Context | None:
    record = site.record(document)
    if record is None:
        return None
    text = site.text(record).text.content
    if is_restricted(record.metadata.rights):
        found = context(site, statement, document, text, around=0)
        return replace(found, pieces=quotations(found.pieces))
    return context(site, statement, document, text)


def _one(described: Description, things: Things, iri: str, predicate: Term) -> Thing | None:
    value = described.value(iri, predicate)
    return things.of(value.text) if value else None


def _about(described: Description, things: Things, iri: str) -> list[Thing]:
    found = views.of_all(described, things, iri, TST.about)
    return [thing for thing in found if thing.path]


def _about_times(described: Description, things: Things, iri: str) -> list[views.Time]:
    about = [value.text for value in described.values(iri, TST.about)]
    return [
        views.time_of(described, things, each) for each in about if described.text(each, TST.timex)
    ]


# ---------------------------------------------------------------------------------- entities


def entity_details(site: Site, iri: str, said: int, about: int) -> dict[str, Any]:
    """An actor or a place: names, facts of the gazetteer, what it said, what is said of it."""
    described = site.answers.describe(queries.described([iri]))
    things = site.things({iri, *described.iris()})
    return {
        "thing": things.of(iri),
        "type": views.type_of(described, things, iri),
        "is_place": any(value.term == TST.Place for value in described.values(iri, RDF.type)),
        "unnamed": [value.text for value in described.values(iri, TST.named)] == ["false"],
        "names": sorted(value.text for value in described.values(iri, TST.name)),
        "voice_of": views.of_all(described, things, iri, TST.voiceOf),
        "narrates": views.of_all(described, things, iri, TST.narrates),
        "coordinates": _coordinates(site, iri),
        "country": described.text(iri, TST.countryCode),
        "feature": described.text(iri, TST.featureCode),
        "population": described.text(iri, TST.population),
        "within": views.of_all(described, things, iri, TST.within),
        "located": bool(described.values(iri, SKOS.exactMatch)),
        "documents": _documents_of(site, iri),
        "reviewable": bool(site.answers.select(queries.has_words(site.iris, iri))),
        "events_here": site.counted(queries.events_at(iri)),
        "events_with": site.counted(queries.events_of(iri)),
        "said": _list(site, "said", "What it said", queries.said_by(iri), said),
        "about": _list(site, "about", "What is said about it", queries.said_about(iri), about),
    }


def _list(site: Site, id_: str, title: str, pattern: str, page: int) -> CardList:
    total = site.answers.count(queries.statements_total(pattern))
    query = queries.statements(pattern, total, PAGE, offset_of(page))
    found = site.page_of(query) if total else []
    return CardList(id_, title, views.cards(site, found), Paging(page, total, parameter=id_))


def _documents_of(site: Site, iri: str) -> list[Thing]:
    locals_ = site.page_of(queries.mentioning_documents(site.iris, iri), "local")
    names = [name for local in locals_ if (name := site.iris.parse(local))]
    documents = list(dict.fromkeys(site.iris.document(name.id) for name in names))
    things = site.things(documents)
    return [things.of(each) for each in documents]


def _coordinates(site: Site, iri: str) -> str:
    """``48.86667° N, 38.10000° E``; empty where nobody has located it."""
    row = site.answers.first(queries.geometry(iri))
    point = _POINT.search(row["wkt"].text) if "wkt" in row else None
    if point is None:
        return ""
    latitude, longitude = float(point["latitude"]), float(point["longitude"])
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"


def event_details(site: Site, iri: str, page: int, about: int, during: int) -> dict[str, Any]:
    """An event: a label, a type, and who tells what of it."""
    described = site.answers.describe(queries.described([iri]))
    things = site.things({iri, *described.iris()})
    total = site.answers.count(queries.accounts_total(iri))
    rows = site.page_of(queries.accounts_of(iri, PAGE, offset_of(page)))
    return {
        "thing": things.of(iri),
        "type": _one(described, things, iri, TST.eventType),
        "accounts": views.accounts(site, rows),
        "paging": Paging(page, total),
        "about": _list(site, "about", "Statements about it", queries.said_about(iri), about),
        "during": _list(site, "during", "Said during it", queries.said_during(iri), during),
        "documents": _documents_of(site, iri),
    }
