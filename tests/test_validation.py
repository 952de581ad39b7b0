from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.namespace import RDF, RDFS, SH

from testimonia import resources, terms
from testimonia.rdf import from_quads, parse, to_quads, to_rdflib
from testimonia.terms import Graph
from testimonia.validation import Violation, validate
from testimonia.vocabulary import EVENT_TYPES, PREFIXES, TST

HERE = Path(__file__).parent / "shapes"
DOCUMENT = "http://localhost:8000/document/d1"
SHAPES = "https://w3id.org/testimonia/shapes#"
NIF = PREFIXES["nif"]
XSD = PREFIXES["xsd"]
EDTF = PREFIXES["edtf"] + "EDTF"


@dataclasses.dataclass(frozen=True)
class Case:
    """``also``: other shapes that the change cannot but break too."""

    shape: str
    change: str
    message: str
    variant: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.shape} {self.variant}".strip()


CASES = [
    Case(**{**case, "also": tuple(case.get("also", ()))})
    for case in tomllib.loads((HERE / "violations.toml").read_text("utf-8"))["case"]
]


@cache
def conforming() -> Graph:
    return parse((HERE / "conforming.ttl").read_bytes(), "turtle")


def changed(*updates: str) -> Graph:
    store = pyoxigraph.Store()
    store.extend(to_quads(conforming()))
    for update in updates:
        store.update(update, base_iri=DOCUMENT, prefixes=dict(PREFIXES))
    return from_quads(store)


@cache
def shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in sorted(resources.folder("shapes").glob("*.ttl")):
        graph.parse(file)
    return graph


@cache
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(resources.folder("ontology") / "testimonia.ttl")


def constraints() -> Iterator[tuple[rdflib.URIRef, str]]:
    """Every constraint that has a message, by its shape, with the message."""
    graph = shapes()
    for node, message in graph.subject_objects(SH.message):
        shape = graph.value(None, SH.sparql, node) or node
        assert isinstance(shape, rdflib.URIRef)
        yield shape, str(message)


def local(violation: Violation) -> str:
    return violation.shape.removeprefix(SHAPES)


# ---------------------------------------------------------------------------- each constraint


def test_conforming_document_conforms() -> None:
    report = validate(conforming())

    assert report.violations == ()
    assert report.conforms


def test_conforming_document_conforms_as_the_store_gives_it_back() -> None:
    as_stored = changed()

    assert as_stored != conforming()  # its integers have another type
    assert validate(as_stored).violations == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_violation_gives_its_message_and_no_other(case: Case) -> None:
    report = validate(changed(case.change))

    assert not report.conforms
    assert {local(violation) for violation in report.violations} == {case.shape, *case.also}
    assert any(
        case.message in violation.message
        for violation in report.violations
        if local(violation) == case.shape
    )


def by_query(case: Case) -> bool:
    return (rdflib.URIRef(SHAPES + case.shape), SH.sparql, None) in shapes()


@pytest.mark.parametrize(
    "changes",
    [
        *[pytest.param([c.change], id=str(c)) for c in CASES if by_query(c) and not c.variant],
        pytest.param([c.change for c in CASES if not by_query(c)], id="all others at once"),
    ],
)
def test_results_are_those_of_pyshacl_as_it_comes(changes: list[str]) -> None:
    graph = changed(*changes)

    conforms, report, _ = pyshacl.validate(
        to_rdflib(graph), shacl_graph=shapes(), ont_graph=ontology()
    )

    assert not conforms
    assert isinstance(report, rdflib.Graph)
    assert {
        (str(report.value(each, SH.focusNode)), str(report.value(each, SH.resultMessage)))
        for each in report.objects(None, SH.result)
    } == {(each.focus_node, each.message) for each in validate(graph).violations}


def test_every_constraint_has_a_violating_example() -> None:
    assert {str(shape).removeprefix(SHAPES) for shape, _ in constraints()} == {
        case.shape for case in CASES
    }


def test_every_constraint_has_a_message_of_its_own_and_a_severity() -> None:
    found = list(constraints())
    graph = shapes()
    targeted = {
        shape
        for target in (SH.targetClass, SH.targetSubjectsOf)
        for shape in graph.subjects(target)
    }

    assert {shape for shape, _ in found} == targeted
    assert len({message for _, message in found}) == len(found)
    assert all(graph.value(shape, SH.severity) == SH.Violation for shape in targeted)


def test_every_property_shape_finds_a_value_in_the_conforming_document() -> None:
    graph, data = shapes(), to_rdflib(conforming())
    idle = {
        shape
        for shape in graph.subjects(RDF.type, SH.PropertyShape)
        if graph.value(shape, SH.maxCount) != rdflib.Literal(0)
        and not any(
            data.value(node, graph.value(shape, SH.path)) for node in focus_nodes(data, shape)
        )
    }

    assert idle == set()


def focus_nodes(data: rdflib.Graph, shape: rdflib.term.Node) -> Iterator[rdflib.term.Node]:
    for target in shapes().objects(shape, SH.targetClass):
        for kind in ontology().transitive_subjects(RDFS.subClassOf, target):
            yield from data.subjects(RDF.type, kind)
    for target in shapes().objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(target)


def test_queries_target_whole_documents_and_runs() -> None:
    graph = shapes()
    targets = {
        target
        for shape in graph.subjects(SH.sparql)
        for target in graph.objects(shape, SH.targetClass)
    }

    assert {f"<{target}>" for target in targets} == {TST.Document, TST.Ingestion}


def test_shapes_themselves_are_well_formed() -> None:
    # pySHACL brings the shapes of shapes with it; nothing is fetched.
    conforms, _, text = pyshacl.validate(shapes(), shacl_graph="http://www.w3.org/ns/shacl-shacl")

    assert conforms, text


def test_event_types_are_those_of_the_scheme() -> None:
    graph = shapes()
    allowed = graph.value(rdflib.URIRef(SHAPES + "EventType"), SH["in"])

    assert allowed is not None
    assert {f"<{each}>" for each in graph.items(allowed)} == set(EVENT_TYPES.values())


# ------------------------------------------------------------------------------ several at once

BREAKS = {
    "StatementSpeaker": "DELETE WHERE { </statement/s5> tst:speaker ?speaker }",
    "MentionBeyondText": """
        DELETE { <#char=45,49> nif:endIndex ?end } INSERT { <#char=45,49> nif:endIndex 5000 }
        WHERE { <#char=45,49> nif:endIndex ?end }""",
    "TimeReversed": """
        DELETE { <d1/time/5> sem:hasEarliestBeginTimeStamp ?day }
        INSERT { <d1/time/5> sem:hasEarliestBeginTimeStamp '2022-01-01'^^xsd:date }
        WHERE { <d1/time/5> sem:hasEarliestBeginTimeStamp ?day }""",
    "StatementCycle": "INSERT DATA { </statement/s2> tst:reportedIn </statement/s3> }",
}


def test_four_faults_in_one_document_give_four_messages() -> None:
    report = validate(changed(*BREAKS.values()))

    assert sorted(local(violation) for violation in report.violations) == sorted(
        [*BREAKS, "StatementCycle"]  # a cycle of two statements names both
    )
    assert len({message_of(violation) for violation in report.violations}) == 4


def message_of(violation: Violation) -> str:
    """The message without what it names."""
    return " ".join(word for word in violation.message.split() if "http:" not in word)


MAY_BE_SO = {
    "several speakers and contents": """
        INSERT DATA { </statement/s1> tst:speaker <d1/actor/117> ; tst:content 'a'@en, 'b'@fr }""",
    "a person known by a pronoun alone": """
        DELETE WHERE { <#char=137,140> tst:denotes ?moss } ;
        INSERT DATA { <#char=137,140> tst:denotes <d1/actor/137> .
                      <d1/actor/137> a tst:Person ; tst:named false }""",
    "a canonical entity that two documents type differently": """
        INSERT DATA { </actor/a1> a tst:Person, tst:Organization ; tst:named true, false }""",
    "a date known to the month or year": """
        INSERT DATA { <> dcterms:issued '2021'^^xsd:gYear, '2021-05'^^xsd:gYearMonth }""",
    "a source that is no address": "INSERT DATA { <> dcterms:source 'Elm archive, box 12' }",
    "no metadata": """
        DELETE WHERE { <> dcterms:title ?t ; dcterms:issued ?d ; dcterms:language ?l } ;
        DELETE WHERE { <> dcterms:source ?s }""",
    "a place as a participant": "INSERT DATA { <d1/account/99> tst:recipient <d1/place/226> }",
}


@pytest.mark.parametrize("change", MAY_BE_SO.values(), ids=MAY_BE_SO)
def test_what_may_be_so_conforms(change: str) -> None:
    assert validate(changed(change)).violations == ()


def test_documents_conform_together_and_are_told_apart() -> None:
    other = parse(
        terms.ntriples(conforming())
        .replace("/document/d1", "/document/d2")
        .replace("/statement/", "/statement/other-"),
        "ntriples",
    )

    assert validate(conforming() | other).violations == ()
    together = validate(changed(*BREAKS.values()) | other)
    assert together == validate(changed(*BREAKS.values()))


# ---------------------------------------------------------------------------------------- EDTF

EDTF_EXAMPLES = tomllib.loads((HERE / "edtf.toml").read_text("utf-8"))


def dated(edtf: str) -> Graph:
    time = terms.iri(f"{DOCUMENT}/time/5")
    kept = {t for t in conforming() if not (t[0] == time and t[1] == TST.edtf)}
    return frozenset(kept | {(time, TST.edtf, terms.literal(edtf, datatype=EDTF))})


def edtf_refused(*values: str) -> set[str | None]:
    graph = frozenset().union(*(dated(value) for value in values))
    found = validate(graph).violations
    assert {local(violation) for violation in found} <= {"TimeEdtfSyntax"}
    return {violation.value for violation in found}


def test_edtf_of_levels_0_to_2_is_accepted() -> None:
    assert edtf_refused(*EDTF_EXAMPLES["valid"]) == set()


def test_what_is_no_edtf_is_refused() -> None:
    values = EDTF_EXAMPLES["invalid"]

    assert edtf_refused(*values) == {terms.literal(value, datatype=EDTF) for value in values}


@settings(max_examples=25, deadline=None)
@given(st.dates(), st.sampled_from(["{}", "{}?", "{}/..", "../{}", "{}/9999", "[{}..]"]))
def test_every_date_is_edtf(day: object, form: str) -> None:
    assert edtf_refused(form.format(day)) == set()


# ------------------------------------------------------------------------------------- offsets


def document(text: str, start: int, end: int, words: str) -> Graph:
    """A document with one mention, named by its right offsets."""
    kind = f"<{PREFIXES['rdf']}type>"
    node, mention = terms.iri(DOCUMENT), terms.iri(f"{DOCUMENT}#char={start},{end}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return frozenset(
        {
            (node, kind, TST.Document),
            (node, f"<{NIF}isString>", terms.literal(text)),
            (node, f"<{NIF}beginIndex>", index(0)),
            (node, f"<{NIF}endIndex>", index(len(text))),
            (node, TST.textHash, terms.literal(digest)),
            (mention, kind, TST.Mention),
            (mention, f"<{NIF}referenceContext>", node),
            (mention, f"<{NIF}beginIndex>", index(start)),
            (mention, f"<{NIF}endIndex>", index(end)),
            (mention, f"<{NIF}anchorOf>", terms.literal(words)),
        }
    )


def index(value: int) -> terms.Term:
    return terms.literal(str(value), datatype=XSD + "nonNegativeInteger")


def moved(graph: Graph, name: str, by: int) -> Graph:
    """The mention's index ``name`` (``beginIndex``, ``endIndex``) moved."""
    triple = next(t for t in graph if "#char=" in t[0] and t[1] == f"<{NIF}{name}>")
    value = int(triple[2].split('"')[1]) + by
    return graph - {triple} | {(triple[0], triple[1], index(value))}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@settings(max_examples=40, deadline=None)
@given(
    stretches(),
    st.sampled_from([("beginIndex",), ("endIndex",), ("beginIndex", "endIndex")]),
    st.sampled_from([-1, 1]),
)
@example(("aaaa", 1, 2), ("beginIndex", "endIndex"), 1)
@example(("e\u0301🌊e", 2, 3), ("endIndex",), 1)
@example(("a\\1b", 1, 3), ("beginIndex",), 1)
@example(("a", 0, 1), ("beginIndex",), -1)
@example(("a", 0, 1), ("endIndex",), 1)
def test_a_mention_with_a_moved_offset_does_not_conform(
    stretch: tuple[str, int, int], names: tuple[str, ...], by: int
) -> None:
    text, start, end = stretch
    graph = document(text, start, end, text[start:end])
    broken = graph
    for name in names:
        broken = moved(broken, name, by)

    assert validate(graph).violations == ()
    # Equal words elsewhere do not hide it: the mention's IRI has the offsets too.
    assert len(validate(broken).violations) == 1


def test_text_may_hold_every_character_that_needs_an_escape() -> None:
    text = 'a "quoted" \\backslash\\ and\ta tab\nand {?value} $this'

    assert validate(document(text, 2, 10, text[2:10])).violations == ()


def test_without_its_text_a_document_does_not_conform() -> None:
    graph = document("Rain fell.", 0, 4, "Rain")

    report = validate(frozenset(t for t in graph if not t[1].endswith("isString>")))

    assert [local(violation) for violation in report.violations] == ["DocumentText"]


# ------------------------------------------------------------------------------------ reports


def test_report_is_the_same_each_time_and_nothing_is_kept_between() -> None:
    broken = changed(*BREAKS.values())

    first = validate(broken)

    assert validate(conforming()).conforms
    assert validate(broken) == first
    assert validate(frozenset()).conforms


def test_report_in_turtle_is_a_validation_report() -> None:
    report = validate(changed(BREAKS["MentionBeyondText"], *(c.change for c in CASES[4:5])))

    graph = rdflib.Graph().parse(data=report.to_turtle(), format="turtle")

    node = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(node, SH.result))
    assert len(results) == len(report.violations) == 2
    for each in results:
        assert graph.value(each, RDF.type) == SH.ValidationResult
        assert graph.value(each, SH.focusNode) == rdflib.URIRef(DOCUMENT)
        assert graph.value(each, SH.resultSeverity) == SH.Violation
        assert graph.value(each, SH.sourceConstraintComponent) == SH.SPARQLConstraintComponent
    assert {str(graph.value(each, SH.resultMessage)) for each in results} == {
        violation.message for violation in report.violations
    }


def test_report_of_a_conforming_graph_has_no_results() -> None:
    report = validate(conforming())

    assert report.to_json() == {"conforms": True, "results": []}
    assert "sh:conforms true" in report.to_turtle()
    assert report.text == "The graph conforms to all shapes.\n"


def test_report_in_json_has_shacl_names() -> None:
    report = validate(changed("INSERT DATA { </statement/s1> tst:kind tst:Direct }"))

    assert json.loads(json.dumps(report.to_json())) == {
        "conforms": False,
        "results": [
            {
                "focusNode": "http://localhost:8000/statement/s1",
                "resultPath": "https://w3id.org/testimonia#kind",
                "value": TST.Direct,
                "resultMessage": report.violations[0].message,
                "resultSeverity": "http://www.w3.org/ns/shacl#Violation",
                "sourceShape": SHAPES + "StatementKind",
                "sourceConstraintComponent": "http://www.w3.org/ns/shacl#InConstraintComponent",
            }
        ],
    }


def test_report_as_text_names_the_thing_and_what_to_do() -> None:
    report = validate(changed("INSERT DATA { </statement/s1> tst:kind tst:Direct }"))

    assert report.text.startswith("The graph does not conform: 1 result.\n")
    for words in ("tst:kind is one of", "/statement/s1>", "#kind>", TST.Direct, "#StatementKind>"):
        assert words in report.text


def test_importing_the_module_loads_no_heavy_library() -> None:
    code = (
        "import sys, testimonia.validation;"
        "print(*{'pyshacl', 'rdflib', 'pyoxigraph'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_command_line_of_pyshacl_runs_the_shapes(tmp_path: Path) -> None:
    joined, data = tmp_path / "shapes.ttl", tmp_path / "data.nt"
    files = sorted(resources.folder("shapes").glob("*.ttl"))
    joined.write_text("".join(file.read_text("utf-8") for file in files), "utf-8")
    data.write_text(terms.ntriples(changed(BREAKS["StatementSpeaker"])), "utf-8")
    hierarchy = resources.folder("ontology") / "testimonia.ttl"

    done = subprocess.run(
        [sys.executable, "-m", "pyshacl", "-s", joined, "-e", hierarchy, "-df", "nt", data],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Results (1)" in done.stdout
    assert "A statement has a speaker" in done.stdout
