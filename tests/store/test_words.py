"""The full-text index has what the checkpoints have, whatever happens to the store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, Store

from testimonia import fulltext
from testimonia.fulltext import Search, Words
from testimonia.iris import Iris
from testimonia.store import Batch
from testimonia.store.embedded import EmbeddedWriter, discard
from testimonia.store.published import open_view
from testimonia.store.words import as_literal
from testimonia.terms import Graph, integer, iri, literal
from testimonia.vocabulary import NIF, RDFS, TST

MINE = "https://elsewhere.example/mine"
SUBJECT = iri("https://elsewhere.example/s")


def labels(*values: str) -> Graph:
    return frozenset((SUBJECT, RDFS.label, literal(value)) for value in values)


def hits(checkpoint: Path, query: str) -> set[str]:
    store = Store.read_only(str(checkpoint))

    def contains(words: Words) -> bool:
        return any(store.quads_for_pattern(None, None, as_literal(words), DefaultGraph()))

    search = Search(checkpoint.parents[1], int(checkpoint.name), contains)
    return {hit.words.value for hit in search.hits(query)}


def indexed(directory: Path) -> set[tuple[str, str]]:
    connection = sqlite3.connect(directory / fulltext.FILE)
    try:
        return set(connection.execute("SELECT value, language FROM literal WHERE gone IS NULL"))
    finally:
        connection.close()


def test_strings_of_the_reading_view_are_indexed_and_nothing_else(
    writer: EmbeddedWriter, iris: Iris
) -> None:
    document = iris.document_graph("a")
    writer.replace(
        {
            document: frozenset(
                {
                    (SUBJECT, RDFS.label, literal("plain word")),
                    (SUBJECT, TST.content, literal("tagged word", language="en-GB")),
                    (SUBJECT, TST.value, integer(7)),
                    (SUBJECT, NIF.isString, literal("the whole text, every word")),
                    (iri(f"{iris.document('a')}#char=1,2"), NIF.anchorOf, literal("a word")),
                }
            ),
            MINE: labels("a word of the user's own"),
        }
    )
    path = writer.published()
    assert hits(path, "word") == {"plain word", "tagged word"}


def test_a_literal_is_found_as_long_as_anything_shows_it(
    writer: EmbeddedWriter, iris: Iris
) -> None:
    one, two = iris.document_graph("a"), iris.document_graph("b")
    writer.replace({one: labels("harbour"), two: labels("harbour", "storm")})
    first = writer.published()
    writer.replace({one: frozenset()})
    assert hits(writer.published(), "harbour") == {"harbour"}
    writer.replace({two: labels("storm")})
    assert hits(writer.published(), "harbour") == set()
    assert hits(writer.published(), "storm") == {"storm"}
    assert first.name == "000000000002"


def test_a_checkpoint_that_is_in_use_keeps_its_words(writer: EmbeddedWriter, iris: Iris) -> None:
    document = iris.document_graph("a")
    writer.replace({document: labels("harbour")})
    with writer.lease() as old:
        for n in range(5):
            writer.replace({document: labels(f"storm {n}")})
            writer.published()
        assert hits(old, "harbour OR storm") == {"harbour"}
        assert hits(writer.published(), "harbour OR storm") == {"storm 4"}
    for n in range(3):
        writer.replace({document: labels(f"rain {n}")})
        writer.published()
    assert ("harbour", "") not in everything(writer.published().parents[1])


def everything(directory: Path) -> set[tuple[str, str]]:
    connection = sqlite3.connect(directory / fulltext.FILE)
    try:
        return set(connection.execute("SELECT value, language FROM literal"))
    finally:
        connection.close()


def test_what_was_not_published_before_a_crash_is_made_up_for(tmp_path: Path, iris: Iris) -> None:
    directory = tmp_path / "store"
    document = iris.document_graph("a")
    writer = EmbeddedWriter(directory, iris)
    writer.replace({document: labels("harbour", "storm")})
    writer.published()
    writer.replace({document: labels("storm", "calm")})
    writer._held.release()
    del writer._store, writer._words, writer._names, writer  # as if it had been killed
    with EmbeddedWriter(directory, iris) as again:
        assert hits(again.published(), "harbour OR storm OR calm") == {"storm", "calm"}


@pytest.mark.parametrize("harm", ["missing", "old", "foreign", "damaged"])
def test_an_index_that_is_no_use_is_made_anew_for_whoever_reads(
    tmp_path: Path, iris: Iris, harm: str
) -> None:
    directory = tmp_path / "store"
    with EmbeddedWriter(directory, iris) as writer:
        writer.replace({iris.document_graph("a"): labels("harbour")})
    file = directory / fulltext.FILE
    if harm == "missing":
        file.unlink()
    elif harm == "damaged":
        file.write_bytes(file.read_bytes()[:100] + b"x" * 4000)
        EmbeddedWriter(directory, iris).close()
    elif harm == "foreign":
        file.write_bytes(b"x" * 100)
    else:
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 0")
        connection.close()
    with open_view(directory, iris):
        pass
    assert indexed(directory) == {("harbour", "")}


def test_an_index_of_another_generation_is_filled_anew(tmp_path: Path, iris: Iris) -> None:
    directory = tmp_path / "store"
    with EmbeddedWriter(directory, iris) as writer:
        writer.replace({iris.document_graph("a"): labels("harbour")})
    connection = sqlite3.connect(directory / fulltext.FILE)
    connection.executescript("DELETE FROM literal; UPDATE state SET generation = 1;")
    connection.close()
    with EmbeddedWriter(directory, iris) as again:
        assert hits(again.published(), "harbour") == {"harbour"}


def test_it_goes_with_the_store(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path / "store", iris) as writer:
        writer.replace({iris.document_graph("a"): labels("harbour")})
    discard(tmp_path / "store")
    assert not (tmp_path / "store").exists()


WORDS = st.sampled_from(["harbour", "storm", "calm", "rain"])
STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.frozensets(WORDS, max_size=3), st.booleans()), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_index_is_the_strings_of_the_view(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, frozenset[str], bool]]
) -> None:
    iris = Iris("http://localhost:8000/")
    directory = tmp_path_factory.mktemp("words") / "store"
    with EmbeddedWriter(directory, iris) as writer:
        for document, words, publish in steps:
            writer.apply(Batch(put={iris.document_graph(document): labels(*words)}))
            if publish:
                path = writer.published()
                assert indexed(directory) == strings(path)
        path = writer.published()
        assert indexed(directory) == strings(path)
        assert everything(directory) >= strings(path)


def strings(checkpoint: Path) -> set[tuple[str, str]]:
    quads = Store.read_only(str(checkpoint)).quads_for_pattern(None, None, None, DefaultGraph())
    return {
        (quad.object.value, quad.object.language or "")
        for quad in quads
        if isinstance(quad.object, Literal)
    }
