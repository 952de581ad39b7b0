"""What is accepted without pySHACL conforms by pySHACL, and what conforms is accepted."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from test_validation import (
    BREAKS,
    CASES,
    EDTF_EXAMPLES,
    MAY_BE_SO,
    changed,
    conforming,
    dated,
    document,
    moved,
)
from testimonia import rdf, terms, validation
from testimonia.terms import Graph, Term, Triple
from testimonia.validation import accepting, reference
from testimonia.validation.compiling import Compiled, compiled
from testimonia.validation.index import Declined, Index
from testimonia.vocabulary import RDFS, TST

# The graphs that it prints where one fails are long.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

XSD = terms.XSD
GOLDEN = sorted((Path(__file__).parent / "golden" / "graphs").glob("*.nt"))
SH = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX : <http://shapes.test/> "


def conforms(graph: Graph) -> bool:
    return not reference.violations(graph)


def kept(graph: Graph) -> Graph:
    """The graph with its literals as a store gives them back."""
    return frozenset((s, p, rdf.as_stored(o)) for s, p, o in graph)


# ------------------------------------------------------------------- the graphs of the tests


def golden(file: Path) -> Graph:
    return rdf.parse(file.read_bytes(), "ntriples")


def told(edtf: str) -> Graph:
    return kept(dated(edtf))


CHANGES = {**{str(case): case.change for case in CASES}, **MAY_BE_SO, **BREAKS}
EDTF = [*EDTF_EXAMPLES["valid"][:20], *EDTF_EXAMPLES["invalid"][:20]]
GRAPHS: dict[str, Callable[[], Graph]] = {
    "nothing": frozenset,
    "the conforming document": changed,
    **{name: partial(changed, change) for name, change in CHANGES.items()},
    **{f"EDTF {value}": partial(told, value) for value in EDTF},
    **{file.stem: partial(golden, file) for file in GOLDEN},
    "a text with escapes": lambda: kept(document('a "b"\\\n\tc', 2, 5, '"b"')),
    "a moved offset": lambda: kept(moved(document("aaaa", 1, 2, "a"), "endIndex", 1)),
}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_a_graph_is_accepted_if_and_only_if_it_conforms(graph: Callable[[], Graph]) -> None:
    assert accepting.accepts(graph()) is conforms(graph())


def test_there_are_golden_graphs() -> None:
    assert GOLDEN


def test_a_store_that_keeps_values_is_not_asked_about_other_literals() -> None:
    # Its offsets are of xsd:nonNegativeInteger, which a store gives back as xsd:integer.
    assert conforms(conforming())
    assert not accepting.accepts(conforming())
    population = f"INSERT DATA {{ </place/p1> tst:population '5'^^<{XSD}integer> }}"
    number = terms.literal("5", datatype=XSD + "integer")
    other = terms.literal("5", datatype=XSD + "int")
    graph = changed(population)
    assert accepting.accepts(graph)
    swapped = frozenset((s, p, other if p == TST.population else o) for s, p, o in graph)
    assert number not in {o for _, p, o in swapped if p == TST.population}
    assert not conforms(swapped)
    assert not accepting.accepts(swapped)


def test_a_graph_with_classes_of_its_own_is_left_to_the_reference() -> None:
    own = (terms.iri("https://mine.example/Gazette"), RDFS.subClassOf, TST.Document)
    assert conforms(changed() | {own})
    assert not accepting.accepts(changed() | {own})


def test_what_is_no_term_is_not_accepted() -> None:
    node = next(s for s, p, o in changed() if o == TST.Document)
    assert not accepting.accepts(changed() | {(node, TST.name, '"a" . <a:b> <a:b> "c"')})
    assert not accepting.accepts(changed() | {(node, TST.name, "no term")})
    with pytest.raises(ValueError, match="no term"):
        validation.validate(changed() | {(node, TST.name, "no term")})


# ----------------------------------------------------------------------------------- mutations


@cache
def triples() -> list[Triple]:
    return sorted(changed())


LEXICAL = st.sampled_from(
    [
        *("0", "-1", "01", "+1", "1.50", "2", "true", "1", "NaN", "24:00:00", "2021-13"),
        *("2021-02-29", "2020-02-29", "0000-01-01", "2021-05-01Z", "--02-29", "--02-30"),
        *("2021-05-01T24:00:00Z", "2021-05-01T10:00:00.5Z", "POINT(1 2)", "POINT(200 2)"),
        *("", "x\ny", "FR", "FR\n", "fr-ca", "é"),
    ]
)
DATATYPE = st.sampled_from(
    [
        *("string", "integer", "decimal", "date", "dateTime", "gYear", "gYearMonth", "gMonthDay"),
        *("boolean", "double", "int", "anyURI", "nonNegativeInteger", "token"),
    ]
)


@st.composite
def literals(draw: st.DrawFn) -> Term:
    if draw(st.booleans()):
        return terms.literal(draw(LEXICAL), language=draw(st.sampled_from(["en", "fr-ca"])))
    return terms.literal(draw(LEXICAL), datatype=XSD + draw(DATATYPE))


def other_types(value: Term) -> st.SearchStrategy[Term]:
    """The words of a literal under another datatype."""
    if terms.is_iri(value):
        return st.just(terms.literal(value))
    return st.builds(
        lambda name: terms.literal(terms.words_of(value), datatype=XSD + name), DATATYPE
    )


@st.composite
def mutated(draw: st.DrawFn) -> Graph:
    """The conforming graph with one to three triples dropped, changed, or given a second value."""
    graph = set(changed())
    for _ in range(draw(st.integers(1, 3))):
        s, p, o = draw(st.sampled_from(triples()))
        another = st.sampled_from(sorted({t[2] for t in triples()}))
        value = draw(st.one_of(literals(), other_types(o), another))
        match draw(st.sampled_from(["drop", "change", "add"])):
            case "drop":
                graph.discard((s, p, o))
            case "change":
                graph.discard((s, p, o))
                graph.add((s, p, value))
            case _:
                graph.add((s, p, value))
    return frozenset(graph)


def assert_the_two_agree(graph: Graph) -> None:
    """What is accepted conforms; what conforms is, but for literals that are written oddly."""
    accepted, conforming = accepting.accepts(graph), conforms(graph)
    assert conforming or not accepted
    plainly = all(o in {t[2] for t in triples()} for _, _, o in graph)
    assert accepted or not (conforming and plainly)


@settings(max_examples=60, deadline=None)
@given(mutated())
def test_a_mutated_graph_gets_the_verdict_of_the_reference(graph: Graph) -> None:
    assert_the_two_agree(graph)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(mutated())
def test_many_mutated_graphs_get_the_verdict_of_the_reference(graph: Graph) -> None:
    assert_the_two_agree(graph)


@pytest.mark.slow
def test_each_triple_alone_can_be_missing() -> None:
    for triple in triples():
        graph = changed() - {triple}
        assert accepting.accepts(graph) is conforms(graph), triple


# --------------------------------------------------------------------------- other shapes


def shapes_of(text: str) -> Compiled:
    return compiled(Index(pyoxigraph.parse(SH + text, format=pyoxigraph.RdfFormat.TURTLE)))


def accepted_by(shapes: str, graph: Graph) -> bool:
    store = pyoxigraph.Store()
    store.extend(rdf.to_quads(graph))
    return accepting.conforms(store, shapes_of(shapes))


def by_pyshacl(shapes: str, graph: Graph) -> bool:
    report = validation.report(
        rdf.to_rdflib(graph), rdflib.Graph().parse(data=SH + shapes, format="turtle")
    )
    return (None, rdflib.namespace.SH.result, None) not in report


@pytest.mark.parametrize(
    "shapes",
    [
        ":S sh:targetNode :n ; sh:property [ sh:path :p ; sh:qualifiedMinCount 1 ] .",
        ":S sh:targetNode :n ; sh:not [ sh:pattern 'a' ] .",
        ":S sh:targetNode :n ; sh:xone ( [ sh:minInclusive 1 ] [ sh:datatype :d ] ) .",
        ":S sh:targetNode :n ; sh:property [ sh:path :p ; sh:node :S ] .",
        ":S sh:targetNode :n ; sh:pattern '(?i)a' .",
        ":S sh:targetNode :n ; sh:pattern 'a' ; sh:flags 'x' .",
        ":S sh:targetNode :n ; sh:in ( 1.0 ) .",
        ":S sh:targetNode :n ; sh:in ( [] ) .",
        ":S sh:targetNode :n ; sh:in :notAList .",
        ":S sh:targetNode :n ; sh:path :p ; sh:minCount 'many' .",
        ":S sh:targetNode :n ; sh:path :p ; sh:maxCount 12 .",
        ":S sh:targetNode :n ; sh:nodeKind :Kind .",
        ":S sh:targetNode :n ; sh:unheardOf 1 .",
        ":S sh:targetNode :n ; sh:sparql [ sh:select 'SELECT $this { $this :p ?v } ' ] .",
        ":S sh:targetNode :n ; sh:sparql [ sh:select 'SELECT $this { FILTER BOUND($this) }' ] .",
        ":S sh:target [] .",
        ":C a sh:ConstraintComponent .",
    ],
)
def test_what_is_not_compiled_is_declined(shapes: str) -> None:
    with pytest.raises(Declined):
        shapes_of(shapes)


# ------------------------------------------------------------------------- the lexical forms

FORMS = {
    "date": ["2020-02-29", "2021-02-29", "1900-02-29", "2000-02-29", "2021-04-31", "2021-12-31"],
    "gMonthDay": [f"--{m:02}-{d:02}" for m in range(14) for d in (0, 1, 28, 29, 30, 31, 32)],
    "gYearMonth": ["2021-00", "2021-01", "2021-12", "2021-13", "0000-01"],
    "dateTime": ["2021-05-01T10:00:00Z", "2021-05-01T24:00:00Z", "2021-05-01T10:00:00.123456Z"],
    "boolean": ["true", "false", "TRUE", "1", ""],
    "integer": ["0", "-1", "1.0", "x", ""],
    "decimal": ["0.5", "-1", ".5", "1e3", ""],
}


@pytest.mark.parametrize("datatype", FORMS)
def test_a_form_is_accepted_only_if_it_is_well_formed(datatype: str) -> None:
    shapes = f":S sh:targetSubjectsOf :p ; sh:path :p ; sh:datatype <{XSD}{datatype}> ."
    accepted = []
    for value in FORMS[datatype]:
        literal = terms.literal(value, datatype=XSD + datatype)
        graph = frozenset({("<x:s>", "<http://shapes.test/p>", literal)})
        found = kept(graph) == graph and accepted_by(shapes, graph)
        assert not found or by_pyshacl(shapes, graph), value
        accepted += [value] if found else []
    assert accepted


# ---------------------------------------------------------------------------------- the sample


def named(graph: Graph, name: str) -> Graph:
    """The graph as that of another document."""
    written = terms.ntriples(graph).replace("/document/d1", f"/document/{name}")
    return rdf.parse(written, "ntriples")


def sampled(graph: Graph) -> Graph:
    """The graph under the first name that is in the sample."""
    candidates = (named(graph, f"d{number}") for number in range(10, 1_000))
    return next(each for each in candidates if validation.is_sampled(each))


def test_one_in_64_is_sampled_and_always_the_same() -> None:
    node = next(t for t in changed() if t[2] == TST.Document)
    graphs = [named(frozenset({node}), f"d{number}") for number in range(3_200)]

    drawn = [validation.is_sampled(graph) for graph in graphs]

    assert 25 < sum(drawn) < 80
    assert drawn == [validation.is_sampled(graph) for graph in graphs]


def test_the_reference_rules_where_the_two_disagree(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = sampled(changed(BREAKS["StatementSpeaker"]))
    monkeypatch.setattr(accepting, "accepts", lambda *_: True)

    with caplog.at_level(logging.ERROR):
        report = validation.validate(broken)

    assert [each.shape.rpartition("#")[2] for each in report.violations] == ["StatementSpeaker"]
    assert "StatementSpeaker" in caplog.text


def test_an_accepted_graph_in_the_sample_is_reported_as_any_other() -> None:
    graph = sampled(changed())

    assert accepting.accepts(graph)
    assert validation.validate(graph) == validation.validate(changed())


def test_what_is_accepted_needs_neither_pyshacl_nor_rdflib(tmp_path: Path) -> None:
    assert not validation.is_sampled(changed())
    file = tmp_path / "graph.nt"
    file.write_text(terms.ntriples(changed()), "utf-8")
    code = (
        "import sys, pathlib; from testimonia import rdf;"
        "from testimonia.validation import validate;"
        "graph = rdf.parse(pathlib.Path(sys.argv[1]).read_bytes(), 'ntriples');"
        "print(validate(graph).conforms, *{'pyshacl', 'rdflib'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, file], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "True"


def test_only_what_was_accepted_was_parsed() -> None:
    graph = changed()
    assert validation.validate(graph).parsed
    found = validation.validate(conforming())  # with numbers that a store gives back in other words
    assert (found.conforms, found.parsed) == (True, False)
