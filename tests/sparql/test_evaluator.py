"""Real worker processes on a real store."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from testimonia.errors import Forbidden, NotAcceptable, QueryAborted, QueryError, StoreError
from testimonia.iris import Iris
from testimonia.sparql.evaluator import Evaluator
from testimonia.sparql.limits import Limits
from testimonia.sparql.pool import Pool
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph, Triple, integer, iri, literal

IRIS = Iris("http://localhost:8000/")
NUMBER = "http://numbers.example/n"
EVERYTHING = "SELECT ?s ?o { ?s ?p ?o }"
GRAPH_QUERY = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
# Far more rows than anybody waits for, and none that takes memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
MEGABYTE = 1024 * 1024


def numbers(graph: str, count: int) -> Graph:
    return frozenset(
        (iri(f"{graph}#{n}"), iri(NUMBER), integer(n) if n % 2 else literal(f"é{n}", language="fr"))
        for n in range(count)
    )


ONE, TWO = IRIS.document_graph("one"), IRIS.document_graph("two")
SHARED: Triple = (iri("http://numbers.example/both"), iri(NUMBER), literal("both"))


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path_factory.mktemp("sparql") / "store", IRIS) as opened:
        graphs = {ONE: numbers(ONE, 300) | {SHARED}, TWO: numbers(TWO, 4) | {SHARED}}
        opened.replace(graphs)
        yield opened


@pytest.fixture(scope="module")
def evaluator(writer: EmbeddedWriter) -> Iterator[Evaluator]:
    with Evaluator(writer) as opened:
        yield opened


def counted(evaluator: Evaluator, where: str = "{ ?s ?p ?o }", **dataset: tuple[str, ...]) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {where}"
    result = evaluator.evaluate(query, format_="csv", **dataset)  # type: ignore[arg-type]
    return int(result.body.split()[1])


def pool(evaluator: Evaluator) -> Pool:
    assert evaluator._pool is not None
    return evaluator._pool


# ----------------------------------------------------------------------------------- formats


def rows_of_json(body: bytes) -> int:
    return len(json.loads(body)["results"]["bindings"])


def rows_of_csv(body: bytes) -> int:
    return len(list(csv.DictReader(io.StringIO(body.decode()))))


def rows_of(format_: QueryResultsFormat) -> Callable[[bytes], int]:
    def count(body: bytes) -> int:
        solutions = parse_query_results(body, format_)
        assert isinstance(solutions, QuerySolutions)
        return sum(1 for _ in solutions)

    return count


@pytest.mark.parametrize(
    ("format_", "media_type", "rows"),
    [
        ("json", "application/sparql-results+json", rows_of_json),
        ("xml", "application/sparql-results+xml", rows_of(QueryResultsFormat.XML)),
        ("tsv", "text/tab-separated-values", rows_of(QueryResultsFormat.TSV)),
        ("csv", "text/csv", rows_of_csv),
    ],
)
def test_tables(
    evaluator: Evaluator, format_: str, media_type: str, rows: Callable[[bytes], int]
) -> None:
    by_name = evaluator.evaluate(EVERYTHING, format_=format_)
    by_type = evaluator.evaluate(EVERYTHING, accept=media_type)
    assert by_name == by_type
    assert by_name.media_type == media_type
    assert rows(by_name.body) == 305


@pytest.mark.parametrize(
    ("format_", "rdf_format"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("rdfxml", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("trig", RdfFormat.TRIG),
        ("nquads", RdfFormat.N_QUADS),
    ],
)
def test_graphs(evaluator: Evaluator, format_: str, rdf_format: RdfFormat) -> None:
    expected = {
        str(quad.triple)
        for quad in parse(evaluator.evaluate(GRAPH_QUERY, format_="nt").body, RdfFormat.N_TRIPLES)
    }
    result = evaluator.evaluate(GRAPH_QUERY, format_=format_)
    assert result.media_type == rdf_format.media_type
    assert {str(quad.triple) for quad in parse(result.body, rdf_format)} == expected
    assert len(expected) == 305


@pytest.mark.parametrize("found", [True, False])
def test_ask(evaluator: Evaluator, found: bool) -> None:
    query = f"ASK {{ ?s ?p {'?o' if found else '5.5'} }}"
    assert json.loads(evaluator.evaluate(query).body)["boolean"] is found
    xml = ET.fromstring(evaluator.evaluate(query, format_="xml").body)
    assert xml.findtext("{*}boolean") == str(found).lower()


def test_describe(evaluator: Evaluator) -> None:
    result = evaluator.evaluate(f"DESCRIBE <{ONE}#3>", accept="application/n-triples")
    assert [str(quad.object.value) for quad in parse(result.body, RdfFormat.N_TRIPLES)] == ["3"]


def test_prefixes_make_turtle_readable(evaluator: Evaluator) -> None:
    body = evaluator.evaluate("CONSTRUCT { ?s a <https://w3id.org/testimonia#Actor> } { ?s ?p 1 }")
    assert b"tst:Actor" in body.body


def test_a_format_of_another_kind_of_result(evaluator: Evaluator) -> None:
    with pytest.raises(NotAcceptable, match="SELECT results have no format 'turtle'"):
        evaluator.evaluate(EVERYTHING, format_="turtle")
    with pytest.raises(NotAcceptable, match="CONSTRUCT"):
        evaluator.evaluate(GRAPH_QUERY, accept="text/csv")
    assert rows_of_json(evaluator.evaluate(EVERYTHING).body) == 305


# ----------------------------------------------------------------------------------- dataset


def test_the_default_graph_is_the_view(evaluator: Evaluator) -> None:
    assert counted(evaluator) == 305
    assert counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }") == 306


def test_graphs_of_the_protocol(evaluator: Evaluator) -> None:
    assert counted(evaluator, default_graph_uris=(TWO,)) == 5
    assert counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }", default_graph_uris=(TWO,)) == 0
    assert counted(evaluator, named_graph_uris=(TWO,)) == 0
    assert counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }", named_graph_uris=(TWO,)) == 5
    assert counted(evaluator, default_graph_uris=("http://nowhere.example/",)) == 0


def test_several_default_graphs_are_merged(evaluator: Evaluator) -> None:
    assert counted(evaluator, default_graph_uris=(ONE, TWO)) == 305
    both = {"default_graph_uris": (ONE, TWO), "named_graph_uris": (TWO,)}
    assert counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }", **both) == 5


def test_graphs_of_the_protocol_go_before_those_of_the_query(evaluator: Evaluator) -> None:
    assert counted(evaluator, f"FROM <{ONE}> {{ ?s ?p ?o }}") == 301
    assert counted(evaluator, f"FROM <{ONE}> {{ ?s ?p ?o }}", default_graph_uris=(TWO,)) == 5
    both = (TWO, "http://nowhere.example/")
    assert counted(evaluator, f"FROM <{ONE}> {{ ?s ?p ?o }}", default_graph_uris=both) == 5


def test_a_file_is_a_name_like_any_other(evaluator: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<a:a> <a:a> <a:a> .")
    file = (tmp_path / "secret.ttl").as_uri()
    assert counted(evaluator, f"FROM <{file}> {{ ?s ?p ?o }}") == 0


def test_a_graph_that_is_no_iri(evaluator: Evaluator) -> None:
    with pytest.raises(QueryError, match="cannot be evaluated"):
        evaluator.evaluate(EVERYTHING, default_graph_uris=("not an iri",))


# ------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("SELECT * {\n ?s ?p }", "line 2, column"),
        ("", "line 1, column 1"),
        ("DELETE WHERE { ?s ?p ?o }", "line 1, column 1"),
        ("LOAD <http://127.0.0.1:9/>", "line 1, column 1"),
    ],
)
def test_syntax_errors_say_where(evaluator: Evaluator, query: str, where: str) -> None:
    with pytest.raises(QueryError, match=where):
        evaluator.evaluate(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o # \r SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } \n }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '\\u0027 # ' . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } \n }",
    ],
)
def test_services_are_refused(evaluator: Evaluator, query: str) -> None:
    with pytest.raises((Forbidden, QueryError), match="SERVICE"):
        evaluator.evaluate(query)


@pytest.mark.parametrize("depth", [20_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("{", "}"), ("{ FILTER(", ")}"), ("(", ")")])
def test_deep_nesting_ends_the_worker_alone(
    evaluator: Evaluator, depth: int, opening: str, closing: str
) -> None:
    inner = {"{": "?s ?p ?o", "{ FILTER(": "1"}.get(opening, "1")
    where = opening * depth + inner + closing * depth
    query = f"SELECT * {{ FILTER({where}) }}" if opening == "(" else f"SELECT * {where}"
    with pytest.raises(QueryError):
        evaluator.evaluate(query)
    assert counted(evaluator) == 305


# ------------------------------------------------------------------------------------ limits


def test_the_deadline_ends_a_query(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(seconds=0.6)) as evaluator:
        with pytest.raises(QueryAborted, match=r"more than 0\.6 seconds") as caught:
            evaluator.evaluate(ENDLESS)
        assert caught.value.reason == "deadline"


def test_waiting_for_a_worker_counts_too(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(seconds=0.6, fast=1, slow=1)) as evaluator:
        reasons = []

        def wait() -> None:
            try:
                evaluator.evaluate(ENDLESS)
            except QueryAborted as error:
                reasons.append(error.reason)

        threads = [threading.Thread(target=wait) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert reasons == ["deadline"] * 3


def test_memory_is_bounded(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(memory_bytes=32 * MEGABYTE)) as evaluator:
        with pytest.raises(QueryAborted, match="more memory") as caught:
            evaluator.evaluate(GREEDY)
        assert caught.value.reason == "memory"
        assert counted(evaluator) == 305


def test_the_result_is_bounded(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(result_bytes=MEGABYTE, buffer_bytes=MEGABYTE // 4)) as evaluator:
        with pytest.raises(QueryAborted, match="larger than") as caught:
            evaluator.evaluate("SELECT * { ?a ?b ?c . ?d ?e ?f }")
        assert caught.value.reason == "size"
        assert counted(evaluator) == 305


def test_a_worker_that_is_killed_from_outside(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(patience_seconds=20)) as evaluator:
        counted(evaluator)
        (worker,) = pool(evaluator).workers.idle
        os.kill(worker.process.pid, 9)
        worker.process._process.wait()
        assert counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }") == 306


class Nowhere(NamedTuple):
    path: Path

    def version(self) -> object:
        return 1

    def lease(self) -> contextlib.AbstractContextManager[Path]:
        return contextlib.nullcontext(self.path)


def test_no_checkpoint_there(tmp_path: Path, writer: EmbeddedWriter) -> None:
    with (
        Evaluator(Nowhere(tmp_path)) as evaluator,
        pytest.raises(StoreError, match="cannot be read"),
    ):
        evaluator.evaluate(EVERYTHING)


def test_a_closed_evaluator(writer: EmbeddedWriter) -> None:
    evaluator = Evaluator(writer)
    evaluator.evaluate(EVERYTHING)
    evaluator.close()
    with pytest.raises(StoreError, match="closed"):
        evaluator.evaluate(EVERYTHING)


# ---------------------------------------------------------------------------- many at a time


def test_concurrent_queries(evaluator: Evaluator) -> None:
    async def ask(n: int) -> list[str]:
        query = f"SELECT ?s {{ ?s <{NUMBER}> {n} }} ORDER BY ?s"
        result = await asyncio.to_thread(evaluator.evaluate, query, format_="csv")
        return result.body.decode().split()[1:]

    async def all_at_once() -> list[list[str]]:
        return await asyncio.gather(*(ask(n) for n in range(1, 300, 10)))

    answers = asyncio.run(all_at_once())
    assert answers[0] == [f"{ONE}#1", f"{TWO}#1"]
    assert answers[1:] == [[f"{ONE}#{n}"] for n in range(11, 300, 10)]
    assert len(pool(evaluator).workers.idle) <= Limits().fast + 1  # the place of the quick


def test_a_worker_serves_many_queries(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(patience_seconds=20)) as evaluator:
        counted(evaluator)
        (first,) = pool(evaluator).workers.idle
        counted(evaluator, "{ GRAPH ?g { ?s ?p ?o } }")
        assert pool(evaluator).workers.idle == (first,)


def test_a_result_is_not_computed_twice(writer: EmbeddedWriter) -> None:
    with Evaluator(writer) as evaluator:
        assert evaluator.evaluate(EVERYTHING) is evaluator.evaluate(EVERYTHING)
        assert pool(evaluator).counters.cached == 1
        fleeting = "SELECT (NOW() AS ?now) {}"
        assert evaluator.evaluate(fleeting).body != evaluator.evaluate(fleeting).body


def test_every_query_sees_every_write_before_it(tmp_path: Path) -> None:
    graph = IRIS.document_graph("growing")
    with (
        EmbeddedWriter(tmp_path / "store", IRIS) as writer,
        Evaluator(writer) as evaluator,
    ):
        for count in range(1, 6):
            writer.replace({graph: numbers(graph, count)})
            assert counted(evaluator) == count


def test_a_worker_starts_light() -> None:
    source = str(Path(__file__).parents[2] / "src")
    on_demand = "'sqlite3', 'testimonia.sparql.edtf', 'testimonia.sparql.geometry'"
    heavy = f"{{'rdflib', 'spacy', 'pyshacl', 'fastapi', 'asyncio', 'pyparsing', {on_demand}}}"
    program = f"import sys, testimonia.sparql.worker; print({heavy} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "set()"
