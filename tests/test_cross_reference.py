"""Documents beside one another: events that several tell of, and how their statements stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import pytest

from testimonia.catalog import FILE, State
from testimonia.ingest import Ingestion, Outcome, Source
from testimonia.library import Archive, open_reader
from testimonia.model import Metadata, Text
from testimonia.reading import Reader
from testimonia.terms import Graph, words_of
from testimonia.validation import validate
from testimonia.vocabulary import TST

HERALD = (
    "Governor Oleh Bondar said that a missile strike on the market in Sumy killed 12 people on"
    " Monday."
)
COURIER = (
    "The missile strike on the market in Sumy on Monday killed 30 people, Dr Marta Sokol said."
)
TRIBUNE = (
    "On Monday a missile strike on the market in Sumy killed 30 people, according to the priest"
    " Ivan Hrech."
)
ELSEWHERE = "The poet Ada Holm said that the theatre in Odense sold 900 tickets on Sunday."
UNREAL = "Governor Oleh Bondar said that a missile strike on the market in Sumy may kill 12 people."
DAY = "2024-03-12"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader()


def source(name: str, content: str, issued: str | None = DAY) -> Source:
    text = Text(content, Metadata(identifier=name, issued=issued), "text/plain")
    return Source(name, lambda: (content.encode(), text))


def ingest(archive: Archive, reader: Reader, *texts: str) -> list[str]:
    """Ingest texts, each under its own beginning; their documents' ids."""
    return [each.document or "" for each in _ingest(archive, reader, map(_named, texts))]


def _named(text: str) -> Source:
    return source(text[:12], text)


def _ingest(archive: Archive, reader: Reader, sources: Iterable[Source]) -> list[Outcome]:
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, archive.settings, lambda _: [])
        outcomes = list(one.ingest(sources))
    assert {each.result for each in outcomes} <= {"stored", "unchanged"}
    return outcomes


def rederive(archive: Archive, reader: Reader) -> None:
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, archive.settings, lambda _: [])
        assert {o.result for o in one.rederive(archive.catalog.documents(), force=True)} == {
            "stored"
        }


def graphs(archive: Archive) -> dict[str, Graph]:
    """Everything but the runs."""
    with archive.view() as view:
        named = [each for each in view.graphs() if each != archive.iris.runs_graph]
        return {name: view.graph(name) for name in ("", *named)}


def relations(archive: Archive) -> set[tuple[str, str, str]]:
    """Kind, speaker and speaker, from the reading view."""
    query = """SELECT ?kind ?who ?whom {
      ?r a tst:StatementRelation ; tst:relationKind ?kind ; tst:confidence ?sure ;
         tst:relationFrom/tst:speaker/rdfs:label ?who ; tst:relationTo/tst:speaker/rdfs:label ?whom
    }"""
    lines = archive.query(query, format="csv").body.decode().split("\r\n")[1:-1]
    found = (line.split(",") for line in lines)
    return {(kind.rpartition("#")[2], who, whom) for kind, who, whom in found}


def killings(archive: Archive, documents: Iterable[str]) -> list[str]:
    """The canonical event of the killing that each document tells of."""
    found = []
    for document in documents:
        told = archive.catalog.told_in(archive.catalog.arrival(document))
        found += [each.event for each in told if '"shown":"kill"' in each.features]
    return found


def test_one_event_in_three_documents_and_each_keeps_its_account(
    archive: Archive, reader: Reader
) -> None:
    documents = ingest(archive, reader, HERALD, COURIER, TRIBUNE, ELSEWHERE)
    events = killings(archive, documents)
    assert len(events) == 3
    assert len(set(events)) == 1
    rows = archive.query(
        """SELECT ?event ?who ?number {
          ?account tst:accountOf ?event ; tst:quantity/tst:value ?number .
          ?statement tst:gives ?account ; tst:speaker/rdfs:label ?who .
          ?event a tst:Event ; rdfs:label "killed 12 people" } ORDER BY ?who""",
        format="csv",
    ).body.decode()
    told = [line.rpartition("/")[2].partition(",")[2] for line in rows.split("\r\n")[1:-1]]
    assert told == ["Ivan Hrech,30", "Marta Sokol,30", "Oleh Bondar,12"]


def test_numbers_that_differ_contradict_and_equal_ones_corroborate(
    archive: Archive, reader: Reader
) -> None:
    ingest(archive, reader, HERALD, COURIER, TRIBUNE, ELSEWHERE)
    assert relations(archive) == {
        ("Contradicts", "Marta Sokol", "Oleh Bondar"),
        ("Contradicts", "Ivan Hrech", "Oleh Bondar"),
        ("Corroborates", "Ivan Hrech", "Marta Sokol"),
    }


def test_what_lies_ahead_is_not_what_happened(archive: Archive, reader: Reader) -> None:
    events = killings(archive, ingest(archive, reader, HERALD, UNREAL))
    assert len(set(events)) == 2


def test_contradictory_sources_conform(archive: Archive, reader: Reader) -> None:
    ingest(archive, reader, HERALD, COURIER, TRIBUNE)
    reports = [report for _, report in archive.validate()]
    assert len(reports) == 3
    assert all(each.conforms for each in reports)
    every = graphs(archive)
    together = every[archive.iris.relations_graph].union(
        *(graph for name, graph in every.items() if name.endswith("/graph"))
    )
    assert validate(together).conforms


def test_the_record_in_the_same_order_gives_the_same_graphs(
    archive: Archive, reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from testimonia.library import open_archive

    texts = (HERALD, COURIER, TRIBUNE, ELSEWHERE)
    ingest(archive, reader, *texts)
    before = graphs(archive)
    rederive(archive, reader)
    assert graphs(archive) == before
    with open_archive(tmp_path_factory.mktemp("other") / "a", create=True) as other:
        for each in texts:
            ingest(other, reader, each)
        assert graphs(other) == before


def test_what_pointed_to_a_removed_document_does_so_again_when_it_is_back(
    archive: Archive, reader: Reader
) -> None:
    first, *_ = ingest(archive, reader, HERALD, COURIER, TRIBUNE)
    before = graphs(archive)
    archive.remove(first)
    assert relations(archive) == {("Corroborates", "Ivan Hrech", "Marta Sokol")}
    assert not any(
        first in term for triple in graphs(archive)[archive.iris.relations_graph] for term in triple
    )
    ingest(archive, reader, HERALD)
    assert graphs(archive) == before


def test_a_corrected_date_is_compared_anew(archive: Archive, reader: Reader) -> None:
    _, second = ingest(archive, reader, HERALD, COURIER)
    assert relations(archive)
    _restate(archive, reader, second, Metadata(identifier=COURIER[:12], issued="2021-06-30"))
    assert relations(archive) == set()
    assert len(set(killings(archive, _ids(archive)))) == 2


def test_an_event_that_turns_out_to_be_another_leads_to_it(
    archive: Archive, reader: Reader
) -> None:
    _ingest(archive, reader, [_named(HERALD), source("courier", COURIER, "2021-06-30")])
    ids = _ids(archive)
    one, other = killings(archive, ids)
    assert one != other
    _restate(archive, reader, ids[1], Metadata(identifier="courier", issued=DAY))
    assert killings(archive, ids) == [one, one]
    assert archive.catalog.retired(other) == one
    _restate(archive, reader, ids[1], Metadata(identifier="courier", issued="2021-06-30"))
    assert killings(archive, ids) == [one, other]
    assert archive.catalog.retired(other) is None


def _restate(archive: Archive, reader: Reader, document: str, metadata: Metadata) -> None:
    archive.catalog.restate(document, metadata)
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, archive.settings, lambda _: [])
        list(one.rederive([archive.record(document)]))


def test_what_no_statement_gives_is_compared_and_not_told(archive: Archive, reader: Reader) -> None:
    heading = "Deadly shelling\n\n"
    (document,) = ingest(archive, reader, heading + HERALD)
    told = archive.catalog.told_in(archive.catalog.arrival(document))
    assert {each.event for each in told} - set(archive.catalog.identities(document).values())
    with archive.view() as view:
        there = {o for _, p, o in view.graph(archive.iris.entities_graph) if p == TST.sameEntity}
    shown = {each.removeprefix(f"<{archive.iris.base_iri}").removesuffix(">") for each in there}
    recorded = set(archive.catalog.identities(document).values())
    assert shown == recorded


def _ids(archive: Archive) -> list[str]:
    return [each.id for each in archive.catalog.documents(State.STORED)]


def test_a_report_in_many_papers_is_repeated_once_by_each(archive: Archive, reader: Reader) -> None:
    papers = [source(f"paper {number}", HERALD) for number in range(12)]
    _ingest(archive, reader, [*papers, _named(COURIER)])
    with archive.view() as view:
        graph = view.graph(archive.iris.relations_graph)
    kinds = [o for _, p, o in graph if p == TST.relationKind]
    assert kinds.count(TST.Repeats) == 11
    assert kinds.count(TST.Contradicts) == 1
    targets = {o for s, p, o in graph if p == TST.relationTo}
    assert len(targets) == 1


def test_a_forgotten_document_leaves_no_trace_of_what_was_compared(
    archive: Archive, reader: Reader
) -> None:
    first, second = ingest(archive, reader, HERALD, COURIER)
    archive.forget(first)
    assert relations(archive) == set()
    with sqlite3.connect(archive.folder / FILE) as record:
        for table in ("telling", "claim", "telling_block", "claim_block"):
            items = [row[0] for row in record.execute(f"SELECT item FROM {table}")]
            assert items, table
            assert {item >> 20 for item in items} == {archive.catalog.arrival(second)}
        assert record.execute("SELECT count(*) FROM relation").fetchone() == (0,)
        assert record.execute("SELECT document FROM compared").fetchall() == [(second,)]
        dump = "\n".join(record.iterdump())
    assert "Bondar" not in dump


def test_what_a_cut_short_run_left_is_compared_again(archive: Archive, reader: Reader) -> None:
    first, _ = ingest(archive, reader, HERALD, COURIER)
    before = graphs(archive)
    archive.catalog.mark_undone(first)
    ingest(archive, reader, ELSEWHERE)
    assert relations(archive) == set()
    ingest(archive, reader, HERALD)
    archive.remove(_ids(archive)[-1])
    assert graphs(archive)[archive.iris.relations_graph] == before[archive.iris.relations_graph]


def test_reasons_are_words(archive: Archive, reader: Reader) -> None:
    ingest(archive, reader, HERALD, COURIER)
    with archive.view() as view:
        graph = view.graph(archive.iris.relations_graph)
    reasons = {words_of(o) for _, p, o in graph if p == TST.because}
    assert "30 people, not 12 people" in reasons
    assert "both: kill" in reasons
