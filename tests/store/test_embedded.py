from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from testimonia.errors import ArchiveError, StoreError
from testimonia.iris import Iris
from testimonia.store import READING_VIEW, Batch, ExportFormat, View, Writer
from testimonia.store.embedded import EmbeddedWriter, discard
from testimonia.store.published import open_view
from testimonia.store.sorting import SortedLines
from testimonia.terms import Graph, Triple, boolean, decimal, integer, iri, literal
from testimonia.vocabulary import RDF, RDFS, TST

MINE = "https://elsewhere.example/mine"
SUBJECT = iri("https://elsewhere.example/s")


def labels(*values: str) -> Graph:
    return frozenset((SUBJECT, RDFS.label, literal(value)) for value in values)


def exported(
    writer: EmbeddedWriter,
    format_: ExportFormat = "nquads",
    *,
    graph: str | None = None,
    sort: bool = True,
) -> bytes:
    output = io.BytesIO()
    writer.export(output, format_, graph=graph, sort=sort)
    return output.getvalue()


def test_it_keeps_the_protocols(writer: EmbeddedWriter) -> None:
    as_view: View = writer
    as_writer: Writer = writer
    assert as_view.graphs() == as_writer.graphs() == ()


def test_whole_graphs_come_back(writer: EmbeddedWriter, iris: Iris) -> None:
    graphs = {MINE: labels("one", "two"), iris.document_graph("a"): labels("three")}
    assert writer.replace(graphs)
    assert writer.graphs() == tuple(sorted(graphs))
    assert {name: writer.graph(name) for name in graphs} == graphs
    assert writer.graph(READING_VIEW) == labels("three")
    assert (writer.count(), writer.count(MINE), writer.count(READING_VIEW)) == (4, 2, 1)


def test_parts_of_a_graph_come_and_go(writer: EmbeddedWriter) -> None:
    writer.replace({MINE: labels("one", "two")})
    batch = Batch(add={MINE: labels("three", "two")}, remove={MINE: labels("one", "absent")})
    assert writer.apply(batch)
    assert writer.graph(MINE) == labels("two", "three")
    assert not writer.apply(batch)


def test_what_is_both_removed_and_added_stays(writer: EmbeddedWriter) -> None:
    writer.replace({MINE: labels("one")})
    assert not writer.apply(Batch(add={MINE: labels("one")}, remove={MINE: labels("one")}))
    assert writer.graph(MINE) == labels("one")


@pytest.mark.parametrize("how", ["put", "remove"])
def test_an_emptied_graph_is_gone(writer: EmbeddedWriter, how: str) -> None:
    writer.replace({MINE: labels("one")})
    if how == "put":
        writer.apply(Batch(put={MINE: frozenset()}))
    else:
        writer.apply(Batch(remove={MINE: labels("one")}))
    assert writer.graphs() == ()
    assert writer.count() == 0


def test_match_finds_by_any_part_and_never_in_the_view(writer: EmbeddedWriter, iris: Iris) -> None:
    graph = iris.document_graph("a")
    writer.replace({graph: labels("one", "two"), MINE: labels("one")})
    assert set(writer.match(SUBJECT, None, literal("one"))) == {
        (graph, (SUBJECT, RDFS.label, literal("one"))),
        (MINE, (SUBJECT, RDFS.label, literal("one"))),
    }
    assert len(list(writer.match(SUBJECT, None, None))) == 3
    assert list(writer.match(None, RDF.type, None)) == []


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
objects = st.one_of(
    st.builds(literal, texts),
    st.builds(lambda value: literal(value, language="en-gb"), texts),
    st.builds(integer, st.integers(-(10**17), 10**17)),
    st.builds(boolean, st.booleans()),
    st.builds(lambda value: literal(value, datatype="http://d.example/t"), texts),
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.frozensets(st.tuples(st.just(SUBJECT), st.just(RDFS.label), objects), max_size=8))
def test_every_literal_comes_back_as_it_went_in(writer: EmbeddedWriter, graph: Graph) -> None:
    writer.replace({MINE: graph})
    assert writer.graph(MINE) == graph
    assert not writer.replace({MINE: graph})


def test_numbers_are_kept_by_value(writer: EmbeddedWriter) -> None:
    given_ = frozenset({(SUBJECT, TST.value, decimal("12.0"))})
    writer.replace({MINE: given_})
    (stored,) = writer.graph(MINE)
    assert stored[2].startswith('"12"^^')
    assert not writer.replace({MINE: given_})


@pytest.mark.parametrize(
    "bad",
    [
        (SUBJECT, RDFS.label, "no quotes"),
        (SUBJECT, RDFS.label, "_:blank"),
        ("_:blank", RDFS.label, literal("x")),
        (literal("x"), RDFS.label, literal("x")),
        (SUBJECT, literal("x"), literal("x")),
        (SUBJECT, RDFS.label, "<https://a.example/ b>"),
        (
            SUBJECT,
            RDFS.label,
            "<a:a> } ; DROP ALL ; INSERT DATA { <a:a> <a:a> <a:b>",
        ),
        (SUBJECT, RDFS.label, '"a" } ; DROP ALL ; INSERT DATA { <a:a> <a:a> "b'),
        (SUBJECT, RDFS.label, '"x"@not_a_language'),
        (SUBJECT, RDFS.label, '"lone surrogate \ud800"'),
    ],
)
def test_a_batch_with_a_bad_term_changes_nothing(
    writer: EmbeddedWriter, iris: Iris, bad: Triple
) -> None:
    writer.replace({iris.document_graph("a"): labels("one")})
    before = exported(writer)
    good = {iris.document_graph("b"): labels("two"), iris.document_graph("a"): frozenset[Triple]()}
    with pytest.raises(StoreError, match="cannot be stored"):
        writer.apply(Batch(put={**good, MINE: frozenset({bad})}))
    assert exported(writer) == before


def test_a_graph_is_put_or_changed_in_part() -> None:
    with pytest.raises(ValueError, match="put whole and changed in part"):
        Batch(put={MINE: labels("one")}, add={MINE: labels("two")})


def test_nobody_writes_the_reading_view() -> None:
    with pytest.raises(ValueError, match="reading view"):
        Batch(add={READING_VIEW: labels("one")})


def test_threads_lose_nothing(writer: EmbeddedWriter, iris: Iris) -> None:
    def work(name: str) -> None:
        for number in range(20):
            word = labels(f"{name} {number}")
            writer.apply(
                Batch(
                    put={iris.document_graph(f"{name}{number}"): word},
                    add={iris.gazetteer_graph: word, MINE: word},
                )
            )

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = labels(*(f"{name} {number}" for name in "abc" for number in range(20)))
    assert writer.graph(MINE) == everything
    assert writer.graph(READING_VIEW) == everything
    assert len(writer.graphs()) == 62


def test_a_closed_store_says_so(tmp_path: Path, iris: Iris) -> None:
    writer = EmbeddedWriter(tmp_path / "store", iris)
    writer.close()
    writer.close()
    with pytest.raises(StoreError, match="closed"):
        writer.replace({MINE: labels("one")})


# ------------------------------------------------------------------------------------- export


def test_the_sorted_export_depends_on_the_content_alone(
    writer: EmbeddedWriter, tmp_path: Path, iris: Iris
) -> None:
    graphs = {
        iris.document_graph(name): labels(*(f"{name} {n}" for n in range(9))) for name in "abc"
    }
    writer.replace(graphs)
    with EmbeddedWriter(tmp_path / "other", iris) as other:
        for name in reversed(graphs):
            other.replace({name: labels("first something else")})
            other.replace({name: graphs[name]})
        assert exported(other) == exported(writer)
    lines = exported(writer).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 54


@pytest.mark.parametrize("format_", ["nquads", "trig", "jsonld"])
def test_a_dataset_holds_every_graph(
    writer: EmbeddedWriter, iris: Iris, format_: ExportFormat
) -> None:
    writer.replace({iris.document_graph("a"): labels("one", "two"), MINE: labels("three")})
    formats = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
    quads = parse(exported(writer, format_, sort=False), formats[format_])
    assert len(set(quads)) == 5


@pytest.mark.parametrize("format_", ["ntriples", "turtle", "rdfxml"])
def test_the_other_formats_hold_the_view_or_one_graph(
    writer: EmbeddedWriter, iris: Iris, format_: ExportFormat
) -> None:
    writer.replace({iris.document_graph("a"): labels("one", "two"), MINE: labels("three")})
    formats = {
        "ntriples": RdfFormat.N_TRIPLES,
        "turtle": RdfFormat.TURTLE,
        "rdfxml": RdfFormat.RDF_XML,
    }
    view = parse(exported(writer, format_, sort=False), formats[format_])
    assert len(set(view)) == 2
    mine = parse(exported(writer, format_, graph=MINE, sort=False), formats[format_])
    assert len(set(mine)) == 1


def test_json_ld_is_json(writer: EmbeddedWriter) -> None:
    writer.replace({MINE: labels("one")})
    assert json.loads(exported(writer, "jsonld", sort=False))[0]["@id"] == MINE


def test_only_lines_can_be_sorted(writer: EmbeddedWriter) -> None:
    with pytest.raises(ValueError, match="cannot be sorted"):
        exported(writer, "trig")


@given(st.lists(st.text("ab\u00e9\U0001f600", max_size=5), max_size=40), st.integers(1, 30))
def test_lines_are_sorted_whatever_memory_there_is(lines: list[str], run_bytes: int) -> None:
    output = io.BytesIO()
    whole = "".join(f"{line}\n" for line in lines).encode()
    with SortedLines(output, run_bytes) as taken:
        for start in range(0, len(whole), 7):
            taken.write(whole[start : start + 7])
    assert output.getvalue().decode().splitlines() == sorted(lines)


# -------------------------------------------------------------------------------- directories


def test_what_is_no_store_cannot_be_read(tmp_path: Path, iris: Iris) -> None:
    with pytest.raises(ArchiveError, match="has no store"), open_view(tmp_path, iris):
        pass


def test_a_file_in_the_place_of_the_store(tmp_path: Path, iris: Iris) -> None:
    (tmp_path / "store").write_text("something else")
    with pytest.raises(ArchiveError, match="no store can be made"):
        EmbeddedWriter(tmp_path / "store", iris)


def test_a_database_that_is_none(tmp_path: Path, iris: Iris) -> None:
    live = tmp_path / "store" / "live"
    live.mkdir(parents=True)
    (live / "CURRENT").write_text("something else")
    with pytest.raises(ArchiveError, match="cannot be opened"):
        EmbeddedWriter(tmp_path / "store", iris)


def test_discarding_makes_room_for_a_new_store(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path / "store", iris) as writer:
        writer.replace({MINE: labels("one")})
    discard(tmp_path / "store")
    with EmbeddedWriter(tmp_path / "store", iris) as writer:
        assert writer.count() == 0
