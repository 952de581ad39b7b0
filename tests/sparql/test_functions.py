"""Full text and functions as a client meets them: in real workers, on a real archive's store."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from testimonia.errors import QueryAborted, QueryError
from testimonia.iris import Iris
from testimonia.sparql.evaluator import Evaluator
from testimonia.sparql.functions import BUILT_IN, EDTF_FUNCTIONS, GEOMETRY_FUNCTIONS
from testimonia.sparql.limits import Limits
from testimonia.store.checkpoints import Checkpoints
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph, iri, literal
from testimonia.vocabulary import TST

IRIS = Iris("http://localhost:8000/")
DOCUMENT = IRIS.document_graph("d")
GEO = """PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
    PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/> """


def contents(*words: str) -> Graph:
    return frozenset(
        (iri(IRIS.statement(f"s{n}")), TST.content, literal(each, language="en"))
        for n, each in enumerate(words)
    )


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path / "store", IRIS) as opened:
        opened.replace({DOCUMENT: contents("storm in the harbour", "rain in the harbour", "snow")})
        yield opened


@pytest.fixture
def evaluator(writer: EmbeddedWriter) -> Iterator[Evaluator]:
    with Evaluator(writer) as opened:
        yield opened


def rows(evaluator: Evaluator, query: str) -> list[list[str]]:
    result = evaluator.evaluate(query, format_="csv", known_prefixes=True)
    return list(csv.reader(io.StringIO(result.body.decode())))[1:]


def value(evaluator: Evaluator, expression: str) -> str:
    (row,) = rows(evaluator, f"{GEO} SELECT ?x {{ BIND({expression} AS ?x) }}")
    return "".join(row)  # a row in which nothing is bound is an empty line


FOUND = 'SELECT ?c { ?s tst:content ?c . ?c tst:matches "harbour" } ORDER BY ?c'


def test_full_text_follows_every_write(writer: EmbeddedWriter, evaluator: Evaluator) -> None:
    assert rows(evaluator, FOUND) == [["rain in the harbour"], ["storm in the harbour"]]
    writer.replace({DOCUMENT: contents("storm in the harbour", "calm in the harbour")})
    assert rows(evaluator, FOUND) == [["calm in the harbour"], ["storm in the harbour"]]
    writer.replace({DOCUMENT: frozenset()})
    assert rows(evaluator, FOUND) == []


def test_the_best_come_first_and_limit_counts_rows(
    writer: EmbeddedWriter, evaluator: Evaluator
) -> None:
    many = [f"a note of the day number {n}" for n in range(20)]
    writer.replace({DOCUMENT: contents(*many, "a storm in a very long account", "storm storm")})
    query = 'SELECT ?c ?n { ?c tst:matches "storm" ; tst:score ?n } ORDER BY DESC(?n) LIMIT 1'
    ((best, score),) = rows(evaluator, query)
    assert best == "storm storm"
    assert float(score) > 0


def test_it_works_beside_a_limit_of_the_server_s_own(writer: EmbeddedWriter) -> None:
    with Evaluator(writer, Limits(rows=1)) as limited:
        assert rows(limited, FOUND) == [["rain in the harbour"]]


def test_full_text_in_other_datasets_of_a_request(evaluator: Evaluator) -> None:
    for clause in (f"FROM <{DOCUMENT}>", f"FROM <{DOCUMENT}> FROM <{IRIS.runs_graph}>"):
        assert len(rows(evaluator, FOUND.replace("{", f"{clause} {{", 1))) == 2
    assert rows(evaluator, FOUND.replace("{", f"FROM <{IRIS.runs_graph}> {{", 1)) == []


def test_a_query_that_makes_no_sense_is_told_and_the_worker_goes_on(evaluator: Evaluator) -> None:
    for query in ('{ ?c tst:matches "(" }', '{ ?c tst:matches "" }', "{ ?c tst:matches ?d }"):
        with pytest.raises(QueryError, match=r"tst:matches|bracket is open|no words"):
            evaluator.evaluate(f"SELECT * {query}", known_prefixes=True)
    assert len(rows(evaluator, FOUND)) == 2
    assert evaluator._pool is not None
    assert evaluator._pool.counters.kills.total() == 0


def test_a_plain_dataset_has_an_ordinary_predicate_of_that_name(tmp_path: Path) -> None:
    class Plain:
        def __init__(self) -> None:
            tmp_path.joinpath("plain").mkdir()
            self._checkpoints = Checkpoints(tmp_path / "plain")
            store = Store(tmp_path / "live")
            node = NamedNode("http://x.example/s")
            store.add(Quad(node, NamedNode("https://w3id.org/testimonia#matches"), node))
            self._checkpoints.publish(lambda path: store.backup(str(path)))
            self.version = self._checkpoints.version
            self.lease = self._checkpoints.lease_newest

    with Evaluator(Plain()) as plain:
        assert rows(plain, "SELECT ?o { ?s tst:matches ?o }") == [["http://x.example/s"]]


# ----------------------------------------------------------------------------------- functions


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ('tst:edtfBefore("2025-12"^^edtf:EDTF, "2026"^^edtf:EDTF)', "true"),
        ('tst:edtfBefore("2025-12"^^edtf:EDTF, "2025"^^edtf:EDTF)', "false"),
        ('tst:edtfAfter("2026-01-01"^^xsd:date, "2025-12~"^^edtf:EDTF)', "false"),
        ('tst:edtfAfter("2026-02-01Z"^^xsd:date, "2025-12~"^^edtf:EDTF)', "true"),
        ('tst:edtfAfter("2026-02-01+01:00"^^xsd:date, "2025-12~")', "true"),
        ('tst:edtfOverlaps("201X"^^edtf:EDTF, "2014"^^xsd:gYear)', "true"),
        (
            'tst:edtfOverlaps("2014-05-06T10:00:00Z"^^xsd:dateTime, "2014-05"^^xsd:gYearMonth)',
            "true",
        ),
        ('tst:edtfEarliest("2024-21"^^edtf:EDTF)', "2024-03-01"),
        ('tst:edtfLatest("-0044-02"^^edtf:EDTF)', "-0044-02-29"),
        ('tst:edtfLatest("2024/.."^^edtf:EDTF)', ""),
        ('tst:edtfEarliest("Y-170000"^^edtf:EDTF)', ""),
        ('tst:edtfBefore("XXXX-12-11"^^edtf:EDTF, "2026"^^edtf:EDTF)', ""),
        ('tst:edtfBefore("2025"@en, "2026")', ""),
        ("tst:edtfBefore(2025, 2026)", ""),
        ("tst:edtfBefore(<http://x.example/>, 2026)", ""),
        ('tst:edtfBefore("2025")', ""),
        (
            'geof:distance("POINT(0 0)"^^geo:wktLiteral, "POINT(0 1)"^^geo:wktLiteral, uom:degree)',
            "1",
        ),
        ('geof:metricDistance("POINT(0 0)"^^geo:wktLiteral, "POINT(0 0)"^^geo:wktLiteral)', "0"),
        ('geof:distance("POINT(0 0)"^^geo:wktLiteral, "POINT(0 1)"^^geo:wktLiteral, "m")', ""),
        ('geof:distance("POINT(0 0)", "POINT(0 1)"^^geo:wktLiteral, uom:metre)', ""),
        (
            (
                'geof:sfWithin("POINT(0.1 0)"^^geo:wktLiteral,'
                ' geof:buffer("POINT(0 0)"^^geo:wktLiteral, 20, uom:kilometre))'
            ),
            "true",
        ),
        (
            (
                'geof:sfWithin("POINT(0.1 0)"^^geo:wktLiteral,'
                ' geof:metricBuffer("POINT(0 0)"^^geo:wktLiteral, 1000))'
            ),
            "false",
        ),
    ],
)
def test_functions(evaluator: Evaluator, expression: str, answer: str) -> None:
    found = value(evaluator, expression)
    try:
        assert float(found) == pytest.approx(float(answer))
    except ValueError:
        assert found == answer


def test_functions_keep_to_the_deadline(writer: EmbeddedWriter) -> None:
    slow = "FILTER(tst:edtfBefore(STR(?n), STR(?m)))"
    numbers = " ".join(str(1000 + n) for n in range(2000))
    query = (
        f"SELECT (COUNT(*) AS ?x) {{ VALUES ?n {{ {numbers} }} VALUES ?m {{ {numbers} }} {slow} }}"
    )
    with (
        Evaluator(writer, Limits(seconds=2)) as impatient,
        pytest.raises(QueryAborted) as told,
    ):
        impatient.evaluate(query, known_prefixes=True)
    assert told.value.reason == "deadline"


def test_all_that_is_described_is_there() -> None:
    """A function that is not there is an error; with the wrong arguments it gives nothing."""
    from testimonia.sparql.functions import wanted

    for name in (*EDTF_FUNCTIONS, *GEOMETRY_FUNCTIONS, *BUILT_IN):
        query = f"SELECT (<{name}>(1) AS ?x) {{}}"
        assert [*Store().query(query, custom_functions=wanted(query))]  # type: ignore[misc]
    with pytest.raises(RuntimeError, match="not supported"):
        list(Store().query("SELECT (<http://x.example/no>(1) AS ?x) {}"))  # type: ignore[arg-type]
