from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from endpoints_running import Opened
from testimonia.errors import ArchiveLocked, StoreError
from testimonia.iris import Iris
from testimonia.store import READING_VIEW, Batch, ExportFormat, View, Writer
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.normal import normalised
from testimonia.store.sorting import SortedLines
from testimonia.terms import XSD, Graph, Triple, boolean, decimal, integer, iri, literal
from testimonia.vocabulary import NIF, RDF, RDFS, TST

MINE = "https://elsewhere.example/mine"
SUBJECT = iri("https://elsewhere.example/s")


def labels(*values: str) -> Graph:
    return frozenset((SUBJECT, RDFS.label, literal(value)) for value in values)


def exported(
    writer: Writer,
    format_: ExportFormat = "nquads",
    *,
    graph: str | None = None,
    sort: bool = True,
) -> bytes:
    output = io.BytesIO()
    writer.export(output, format_, graph=graph, sort=sort)
    return output.getvalue()


def test_it_keeps_the_protocols(writer: Writer) -> None:
    as_view: View = writer
    as_writer: Writer = writer
    assert as_view.graphs() == as_writer.graphs() == ()


def test_whole_graphs_come_back(writer: Writer, iris: Iris) -> None:
    graphs = {MINE: labels("one", "two"), iris.document_graph("a"): labels("three")}
    assert writer.replace(graphs)
    assert writer.graphs() == tuple(sorted(graphs))
    assert {name: writer.graph(name) for name in graphs} == graphs
    assert writer.graph(READING_VIEW) == labels("three")
    assert (writer.count(), writer.count(MINE), writer.count(READING_VIEW)) == (4, 2, 1)


def test_parts_of_a_graph_come_and_go(writer: Writer) -> None:
    writer.replace({MINE: labels("one", "two")})
    batch = Batch(add={MINE: labels("three", "two")}, remove={MINE: labels("one", "absent")})
    assert writer.apply(batch)
    assert writer.graph(MINE) == labels("two", "three")
    assert not writer.apply(batch)


def test_what_is_both_removed_and_added_stays(writer: Writer) -> None:
    writer.replace({MINE: labels("one")})
    assert not writer.apply(Batch(add={MINE: labels("one")}, remove={MINE: labels("one")}))
    assert writer.graph(MINE) == labels("one")


def test_a_text_of_any_length_and_script_comes_and_goes(writer: Writer, iris: Iris) -> None:
    text = 'caf\u00e9 \U0001f600 \u4e2d\u6587 "quoted" \\ \t\u00a0 end\n' * 40_000
    whole = frozenset({(SUBJECT, NIF.isString, literal(text))})
    graph = iris.document_graph("a")
    assert writer.replace({graph: whole})
    assert writer.graph(graph) == writer.graph(READING_VIEW) == whole
    assert not writer.replace({graph: whole})
    assert writer.replace({graph: labels("short")})
    assert writer.graph(graph) == writer.graph(READING_VIEW) == labels("short")


def test_a_large_document_is_replaced_whole(writer: Writer, iris: Iris) -> None:
    """More than some stores take in one request, or give in one result."""
    graph = iris.document_graph("a")
    many = frozenset(
        (iri(f"https://elsewhere.example/s{number}"), RDFS.label, literal(f"{version} {number}"))
        for number in range(6_000)
        for version in ("one", "two")
    )
    assert writer.replace({graph: many})
    assert writer.graph(graph) == writer.graph(READING_VIEW) == many
    assert writer.count(graph) == len(many)
    fewer = frozenset(triple for triple in many if "one" in triple[2]) | labels("three")
    assert writer.replace({graph: fewer})
    assert writer.graph(graph) == writer.graph(READING_VIEW) == fewer
    assert writer.replace({graph: frozenset()})
    assert writer.graphs() == ()
    assert writer.count() == 0


def test_two_processes_cannot_write(store: Opened, tmp_path: Path) -> None:
    with store(tmp_path / "store"), pytest.raises(ArchiveLocked), store(tmp_path / "store"):
        pass


def test_what_is_written_is_there_when_it_is_opened_again(store: Opened, tmp_path: Path) -> None:
    with store(tmp_path / "store") as first:
        first.replace({MINE: labels("one")})
    with store(tmp_path / "store") as again:
        assert again.graph(MINE) == labels("one")


typed = frozenset(
    (iri(f"https://elsewhere.example/{number}"), TST.value, term)
    for number, term in enumerate(
        [
            *(decimal(each) for each in ("12.0", "0.5", "-3.25", "1000000")),
            *(boolean(each) for each in (True, False)),
            *(
                literal(value, datatype=f"{XSD}{name}")
                for name, value in (
                    ("date", "2022-02-24"),
                    ("gYear", "2022"),
                    ("gYearMonth", "2022-02"),
                    ("gMonthDay", "--12-11"),
                    ("dateTime", "2022-02-24T10:00:00.5Z"),
                    ("double", "0.875"),
                    ("anyURI", "https://elsewhere.example/"),
                )
            ),
            literal("20XX-12", datatype="http://id.loc.gov/datatypes/edtf/EDTF"),
            literal("POINT(1.5 -2)", datatype="http://www.opengis.net/ont/geosparql#wktLiteral"),
            literal("words", language="en-GB"),
        ]
    )
)


def test_every_datatype_comes_back_and_goes(writer: Writer, iris: Iris) -> None:
    graph = iris.document_graph("a")
    assert writer.replace({graph: typed, MINE: typed})
    expected = {located[1] for located in normalised({MINE: typed})}
    assert writer.graph(graph) == writer.graph(MINE) == writer.graph(READING_VIEW) == expected
    assert not writer.replace({graph: typed})
    for triple in typed:
        assert {name for name, _ in writer.match(*triple)} == {graph, MINE}
    assert writer.apply(Batch(remove={graph: typed}))
    assert writer.graph(graph) == writer.graph(READING_VIEW) == frozenset()
    assert writer.graph(MINE) == expected


@pytest.mark.parametrize("how", ["put", "remove"])
def test_an_emptied_graph_is_gone(writer: Writer, how: str) -> None:
    writer.replace({MINE: labels("one")})
    if how == "put":
        writer.apply(Batch(put={MINE: frozenset()}))
    else:
        writer.apply(Batch(remove={MINE: labels("one")}))
    assert writer.graphs() == ()
    assert writer.count() == 0


def test_match_finds_by_any_part_and_never_in_the_view(writer: Writer, iris: Iris) -> None:
    graph = iris.document_graph("a")
    writer.replace({graph: labels("one", "two"), MINE: labels("one")})
    assert set(writer.match(SUBJECT, None, literal("one"))) == {
        (graph, (SUBJECT, RDFS.label, literal("one"))),
        (MINE, (SUBJECT, RDFS.label, literal("one"))),
    }
    assert len(list(writer.match(SUBJECT, None, None))) == 3
    assert list(writer.match(None, RDF.type, None)) == []


# Frozen texts have no control characters; Virtuoso takes all but NUL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
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
def test_every_literal_comes_back_as_it_went_in(writer: Writer, graph: Graph) -> None:
    writer.replace({MINE: graph})
    assert writer.graph(MINE) == graph
    assert not writer.replace({MINE: graph})


def test_numbers_are_kept_by_value(writer: Writer) -> None:
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
def test_a_batch_with_a_bad_term_changes_nothing(writer: Writer, iris: Iris, bad: Triple) -> None:
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


def test_threads_lose_nothing(writer: Writer, iris: Iris) -> None:
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


def test_a_closed_store_says_so(store: Opened, tmp_path: Path) -> None:
    with store(tmp_path / "store") as writer:
        writer.close()
        writer.close()
        with pytest.raises(StoreError, match="closed"):
            writer.replace({MINE: labels("one")})


# ------------------------------------------------------------------------------------- export


def test_the_sorted_export_depends_on_the_content_alone(
    writer: Writer, tmp_path: Path, iris: Iris
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
def test_a_dataset_holds_every_graph(writer: Writer, iris: Iris, format_: ExportFormat) -> None:
    writer.replace({iris.document_graph("a"): labels("one", "two"), MINE: labels("three")})
    formats = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
    quads = parse(exported(writer, format_, sort=False), formats[format_])
    assert len(set(quads)) == 5


@pytest.mark.parametrize("format_", ["ntriples", "turtle", "rdfxml"])
def test_the_other_formats_hold_the_view_or_one_graph(
    writer: Writer, iris: Iris, format_: ExportFormat
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


def test_json_ld_is_json(writer: Writer) -> None:
    writer.replace({MINE: labels("one")})
    assert json.loads(exported(writer, "jsonld", sort=False))[0]["@id"] == MINE


def test_only_lines_can_be_sorted(writer: Writer) -> None:
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
