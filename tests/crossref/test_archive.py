"""A small archive of invented texts from several fields, read by the real extractor."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia.library import Archive, open_archive
from testimonia.store.reading_view import reading_view

PAGE = (Path(__file__).parents[2] / "docs" / "cross-reference.md").read_text("utf-8")
TEXTS = {
    "war-1": (
        "General Radko Verenin said on Monday that his troops had entered Siversk. The United "
        "Nations said that 4,000 people had left Siversk. Verenin met President Oksana Dubrava in "
        "Kyiv on Sunday."
    ),
    "war-2": (
        "Siversk would not be given up, Verenin said in Kyiv. President Dubrava praised Mr Verenin "
        "and thanked the UN, which said it had sent food to Siversk."
    ),
    "war-3": (
        "The U.N. said on Friday that no food had reached Siversk. Gen. Radko Verenin denied it. "
        "Oksana Dubrava, the president, said in Kyiv that the convoy was shelled."
    ),
    "sport-1": (
        "John Smith, the Ashford goalkeeper, said the match in Perth was lost in the first half. "
        "Coach Ilse Brandvold said Smith would play again on Saturday."
    ),
    "sport-2": (
        "Coach Ilse Brandvold said on Saturday that Ashford had earned the cup. Brandvold thanked "
        "the fans in Perth."
    ),
    "markets-1": (
        "Wexcombe Shipping Company said its profit fell. Chief executive Thaddeus Orme said that "
        "Wexcombe Shipping would sell two ferries. The International Monetary Fund warned of debt."
    ),
    "markets-2": (
        "The IMF said on Tuesday that freight rates would rise. Thaddeus Orme, chief executive of "
        "Wexcombe Shipping Co., said that the ferries were sold."
    ),
    "history-1": (
        "The miller John Smith said in 1893 that the flood had taken the bridge of Hythe. Bishop "
        "Hesketh Pell prayed with the villagers."
    ),
    "history-2": (
        "Bishop Hesketh Pell said that Hythe would have a bridge again. Pell gave forty pounds."
    ),
    "parliament-1": (
        "Mrs Ottoline Tarrant said that the bill was a mistake. Mr Leopold Tarrant said that he "
        "would vote for it."
    ),
    "parliament-2": (
        "Leopold Tarrant said in the House of Commons that the bill would pass. Ottoline Tarrant "
        "said that it would not."
    ),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("fields")
    for name, content in TEXTS.items():
        (folder / f"{name}.txt").write_text(content, "utf-8")
    with open_archive(folder / "archive", create=True) as archive:
        outcomes = list(archive.ingest([folder / f"{name}.txt" for name in TEXTS]))
        assert {outcome.result for outcome in outcomes} == {"stored"}
        yield archive


def rows(archive: Archive, query: str) -> list[list[str]]:
    body = archive.query(query, format="csv").body.decode()
    return list(csv.reader(io.StringIO(body)))[1:]


def documents_of(archive: Archive) -> dict[str, list[set[str]]]:
    """By label, for each entity that has it, the texts in which it is found."""
    base = archive.iris.base_iri
    names = {each.id: Path(each.name).stem for each in archive.catalog.documents()}
    found: dict[str, list[set[str]]] = {}
    query = """
        SELECT ?label ?entity (GROUP_CONCAT(DISTINCT STR(?local)) AS ?locals) {
          GRAPH ?identities { ?local tst:sameEntity ?entity . ?entity rdfs:label ?label }
        } GROUP BY ?label ?entity"""
    for label, _, locals_ in rows(archive, query):
        ids = {each.removeprefix(f"{base}document/").partition("/")[0] for each in locals_.split()}
        found.setdefault(label, []).append({names[each] for each in ids})
    return found


@pytest.mark.parametrize(
    ("label", "texts"),
    [
        ("Radko Verenin", ["war-1", "war-2", "war-3"]),
        ("Oksana Dubrava", ["war-1", "war-2", "war-3"]),
        ("United Nations", ["war-1", "war-2", "war-3"]),
        ("Ilse Brandvold", ["sport-1", "sport-2"]),
        ("International Monetary Fund", ["markets-1", "markets-2"]),
        ("Thaddeus Orme", ["markets-1", "markets-2"]),
        ("Hesketh Pell", ["history-1", "history-2"]),
        ("Ottoline Tarrant", ["parliament-1", "parliament-2"]),
        ("Leopold Tarrant", ["parliament-1", "parliament-2"]),
    ],
)
def test_one_is_one_in_all_texts(read: Archive, label: str, texts: list[str]) -> None:
    assert documents_of(read)[label] == [set(texts)]


def test_two_of_one_name_are_two(read: Archive) -> None:
    found = documents_of(read)["John Smith"]
    assert sorted(map(sorted, found)) == [["history-1"], ["sport-1"]]


def test_a_simple_question_is_answered_for_all_documents(read: Archive) -> None:
    query = """
        SELECT DISTINCT ?d { ?s tst:speaker/rdfs:label "Radko Verenin" ; tst:document ?d }"""
    assert len(rows(read, query)) >= 2


def test_the_view_is_the_image(read: Archive) -> None:
    with read.view() as view:
        graphs = {name: view.graph(name) for name in view.graphs()}
        assert view.graph("") == reading_view(graphs, read.iris)


def test_the_queries_of_the_page_are_answered(read: Archive) -> None:
    names, reasons, *_ = re.findall(r"(?ms)^```sparql\n(.*?)^```$", PAGE)
    asked = names.replace("Vladimir Putin", "Radko Verenin")
    assert asked != names
    found = rows(read, asked)
    assert {name for name, _ in found} >= {"Radko Verenin", "Verenin"}
    assert len({document for _, document in found}) == 3
    told = rows(read, reasons)
    assert {label for label, _, _ in told} >= {"Radko Verenin", "United Nations"}
    assert all(0.9 <= float(confidence) < 1 for _, confidence, _ in told)


def test_a_rebuild_links_the_same(read: Archive) -> None:
    def links() -> set[tuple[str, str, str]]:
        with read.view() as view:
            return set(view.graph(read.iris.entities_graph))

    before = links()
    assert {outcome.result for outcome in read.rebuild()} == {"stored"}
    assert links() == before
