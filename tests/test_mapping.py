"""A small reading of an invented text, and the triples that it must give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from testimonia.ingest import identify
from testimonia.iris import Iris
from testimonia.mapping import describe, gazetteer_facts, local_entities, place_facts, told
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    DateBasis,
    Event,
    EventClass,
    GazetteerEntry,
    Mention,
    MentionForm,
    Metadata,
    Participant,
    Place,
    Quantity,
    Reading,
    Region,
    Role,
    Span,
    Statement,
    Tense,
    Text,
    Timex,
    TimexType,
)
from testimonia.terms import Graph, Term, iri, literal
from testimonia.validation import validate
from testimonia.vocabulary import DCTERMS, NIF, RDF, SEM, TST

CONTENT = "On 3 May, Ada said, 12 ships had left Odense."
IRIS = Iris("http://localhost:8000/")
DOCUMENT = identify(
    Text(
        CONTENT,
        Metadata(
            title="Ships",
            creator=("Dee",),
            publisher="Gazette",
            issued="2025-05",
            source="https://example.org/a b?c=d",
        ),
        "text/plain",
    )
)
NODE = iri(IRIS.document(DOCUMENT.id))


def span(words: str) -> Span:
    start = CONTENT.index(words)
    return Span(start, start + len(words))


def name(words: str) -> tuple[Mention, ...]:
    return (Mention(span(words), MentionForm.NAME, 0.75),)


READING = Reading(
    extractor="by hand",
    actors=(Actor("actor/10", ActorType.PERSON, "Ada", ("Ada",), True, name("Ada")),),
    places=(Place("place/38", "Odense", ("Odense",), name("Odense")),),
    times=(
        Timex(
            "time/3",
            span("3 May"),
            TimexType.DATE,
            "XXXX-05-03",
            "XXXX-05-03",
            month_day="--05-03",
            basis=DateBasis.YEAR_UNKNOWN,
        ),
    ),
    events=(
        Event("event/33", "left Odense", "other", name("left")),
        Event("event/99", "never told", "other", ()),
    ),
    accounts=(
        Account(
            "account/33",
            "event/33",
            span("left"),
            EventClass.OCCURRENCE,
            "yield",
            Tense.PAST_PARTICIPLE,
            participants=(
                Participant(Role.AGENT, span("12 ships"), None),
                Participant(Role.PATIENT, span("Odense"), "place/38"),
            ),
            places=("place/38",),
            times=("time/3",),
            quantities=("quantity/20",),
        ),
    ),
    quantities=(Quantity("quantity/20", span("12 ships"), "12", "ship"),),
    statements=(
        Statement(
            (span("On 3 May"), span("12 ships had left Odense")),
            span("said").start,
            ("actor/10",),
            (span("Ada"),),
            (span("said"),),
            cue_lemma="say",
            about=("place/38", "event/33"),
            gives=("account/33",),
        ),
        Statement((span("ships"),), span("said").start, ("actor/narrator",), within=0),
    ),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return describe(DOCUMENT, told(READING), IRIS)


def objects(graph: Graph, subject: Term, predicate: Term) -> set[Term]:
    return {o for s, p, o in graph if (s, p) == (subject, predicate)}


def local(key: str) -> Term:
    return iri(IRIS.local(DOCUMENT.id, key))


def test_a_discontinuous_content_is_joined_and_keeps_its_pieces(graph: Graph) -> None:
    (node,) = {s for s, p, o in graph if p == TST.cue}
    assert objects(graph, node, TST.content) == {
        literal("On 3 May … 12 ships had left Odense", language="en")
    }
    assert len(objects(graph, node, TST.contentMention)) == 2


def test_statements_with_one_anchor_are_two(graph: Graph) -> None:
    nodes = {s for s, p, o in graph if (p, o) == (RDF.type, TST.Statement)}
    assert len(nodes) == 2
    ((inner, outer),) = {(s, o) for s, p, o in graph if p == TST.reportedIn}
    assert {inner, outer} == nodes


def test_every_mention_quotes_the_text(graph: Graph) -> None:
    mentions = {s for s, p, o in graph if (p, o) == (RDF.type, TST.Mention)}
    assert len(mentions) == 9
    for mention in mentions:
        start, end = mention.rstrip(">").partition("#char=")[2].split(",")
        assert objects(graph, mention, NIF.anchorOf) == {literal(CONTENT[int(start) : int(end)])}


def test_an_account_has_its_parts(graph: Graph) -> None:
    account = local("account/33")
    assert objects(graph, account, TST.patient) == {local("place/38")}
    assert objects(graph, account, TST.agent) == set()  # no entity: nothing to point at
    assert objects(graph, account, SEM.hasTime) == {local("time/3")}
    assert objects(graph, account, TST.tense) == {TST.ParticipleTense}
    assert objects(graph, account, TST.eventType) == {
        "<https://w3id.org/testimonia/event-types#yield>"
    }


def test_a_day_without_a_year_has_no_bounds(graph: Graph) -> None:
    time = local("time/3")
    assert objects(graph, time, TST.monthDay) == {
        '"--05-03"^^<http://www.w3.org/2001/XMLSchema#gMonthDay>'
    }
    assert not objects(graph, time, SEM.hasEarliestBeginTimeStamp)


def test_bounds_are_days() -> None:
    time = Timex(
        "time/3",
        span("3 May"),
        TimexType.DATE,
        "2025-05-03",
        "2025-05-03",
        date(2025, 5, 3),
        date(2025, 5, 3),
    )
    graph = describe(DOCUMENT, Reading("by hand", times=(time,)), IRIS)
    assert objects(graph, local("time/3"), SEM.hasLatestEndTimeStamp) == {
        '"2025-05-03"^^<http://www.w3.org/2001/XMLSchema#date>'
    }


def test_what_is_stated_stands_with_the_document(graph: Graph) -> None:
    assert objects(graph, NODE, DCTERMS.source) == {"<https://example.org/a%20b?c=d>"}
    assert objects(graph, NODE, DCTERMS.issued) == {
        '"2025-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    }
    assert objects(graph, NODE, DCTERMS.creator) == {local("actor/creator-1")}
    assert objects(graph, local("actor/narrator"), TST.voiceOf) == {
        local("actor/creator-1"),
        local("actor/publisher"),
    }


def test_nobody_asserts_what_no_statement_gives(graph: Graph) -> None:
    assert not any(local("event/99") in triple for triple in graph)
    keys = {entity.key for entity in local_entities(DOCUMENT, told(READING))}
    assert "event/33" in keys
    assert "event/99" not in keys


def test_statements_know_their_pages_and_mentions_their_boxes() -> None:
    regions = (Region(0, "iv", (10, 20, 80, 5.5)), Region(span("12 ships").start + 3, "v"))
    paged = replace(DOCUMENT, text=replace(DOCUMENT.text, regions=regions))
    graph = describe(paged, told(READING), IRIS)
    (first,) = {s for s, p, o in graph if p == TST.cueMention}
    assert objects(graph, first, TST.page) == {literal("iv"), literal("v")}
    boxes = {(s, o) for s, p, o in graph if p == TST.box}
    mention = iri(IRIS.mention(DOCUMENT.id, span("On 3 May")))
    assert boxes == {(mention, literal("xywh=percent:10,20,80,5.5"))}
    assert validate(graph).conforms


def test_an_attachment_is_part_of_its_mail() -> None:
    attached = replace(DOCUMENT, text=replace(DOCUMENT.text, part_of=("d7",)))
    graph = describe(attached, told(READING), IRIS)
    assert objects(graph, NODE, DCTERMS.isPartOf) == {iri(IRIS.document("d7"))}


def test_a_shelf_mark_is_no_address() -> None:
    text = Text(CONTENT, Metadata(source="Box 7, folder 3"), "text/plain")
    document = identify(text)
    graph = describe(document, Reading("by hand"), IRIS)
    assert objects(graph, iri(IRIS.document(document.id)), DCTERMS.source) == {
        literal("Box 7, folder 3")
    }


def test_a_gazetteers_facts() -> None:
    entry = GazetteerEntry(
        "geonames-1", "Odense", 55.39594, 10.38831, "PPLA2", "DK", ("geonames-2",), 180863
    )
    place = iri(IRIS.place("geonames-1"))
    facts = frozenset(place_facts(entry, IRIS))
    assert objects(facts, place, TST.within) == {iri(IRIS.place("geonames-2"))}
    assert any('"POINT(10.38831 55.39594)"' in o for _, _, o in facts)
    unlocated = frozenset(
        place_facts(GazetteerEntry("region-x", "X", None, None, "RGN", None), IRIS)
    )
    assert {p for _, p, _ in unlocated} == {RDF.type, TST.name, TST.featureCode}


def test_the_gazetteers_graph_says_whose_data_it_holds() -> None:
    facts = frozenset(gazetteer_facts("Elm Survey 3", "CC BY 4.0", IRIS))
    graph = iri(IRIS.gazetteer_graph)
    assert objects(facts, graph, DCTERMS.source) == {'"Elm Survey 3"'}
    assert objects(facts, graph, DCTERMS.rights) == {'"CC BY 4.0"'}
