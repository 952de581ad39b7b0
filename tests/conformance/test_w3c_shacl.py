"""The W3C's tests of SHACL Core, through pySHACL as ``testimonia.validation`` calls it.

They are read from the folder that ``TESTIMONIA_W3C_TESTS`` names, else from ``../shared/w3c`` as
seen from the repository; without it there is nothing to run.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node

REPOSITORY = Path(__file__).parents[2]
SUITE = Path(os.environ.get("TESTIMONIA_W3C_TESTS", REPOSITORY.parent / "shared" / "w3c"))
MANIFEST = SUITE / "data-shapes-test-suite" / "tests" / "core" / "manifest.ttl"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")

KNOWN_FAILURES = {
    "property/uniqueLang-002": 'rdflib reads "1"^^xsd:boolean as true, and pySHACL sees to it only'
    " where it parses the shapes itself; ours have no sh:uniqueLang",
}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    file: Path
    expected: Node


@cache
def graph_of(file: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(file)


def path_of(reference: Node | None) -> Path:
    return Path(str(reference).removeprefix("file://"))


def cases(manifest: Path) -> Iterator[Case]:
    graph = graph_of(manifest)
    for included in sorted(graph.objects(None, MF.include), key=str):
        yield from cases(path_of(included))
    for entries in graph.objects(None, MF.entries):
        for entry in graph.items(entries):
            action, expected = graph.value(entry, MF.action), graph.value(entry, MF.result)
            assert expected is not None
            yield Case(
                name=f"{manifest.parent.name}/{str(entry).rpartition('/')[2]}",
                data=path_of(graph.value(action, SHT.dataGraph)),
                shapes=path_of(graph.value(action, SHT.shapesGraph)),
                file=manifest,
                expected=expected,
            )


def found_or_skipped() -> list[object]:
    """All tests as parameters; one that skips where the suite is not."""
    if not MANIFEST.is_file():
        skip = pytest.mark.skip(reason=f"the W3C's tests are not at {SUITE}")
        return [pytest.param(None, marks=skip, id="no suite")]
    return [pytest.param(each, id=each.name, marks=marks_of(each)) for each in cases(MANIFEST)]


def marks_of(test: Case) -> list[pytest.MarkDecorator]:
    reason = KNOWN_FAILURES.get(test.name)
    return [] if reason is None else [pytest.mark.xfail(reason=reason, strict=True)]


RESULT = (
    SH.focusNode,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)


def results(graph: rdflib.Graph, report: Node | None) -> Counter[tuple[str, ...]]:
    """The results of a report without their messages, blank nodes all alike."""
    return Counter(
        tuple(written(graph.value(result, name)) for name in RESULT)
        for result in graph.objects(report, SH.result)
    )


def written(node: Node | None) -> str:
    return "_:" if isinstance(node, rdflib.BNode) else repr(node)


@pytest.mark.parametrize("test", found_or_skipped())
def test_w3c_core(test: Case) -> None:
    data = rdflib.Graph().parse(test.data)

    conforms, report, text = pyshacl.validate(
        data,
        shacl_graph=graph_of(test.shapes),
        inplace=True,
        inference="none",
        advanced=False,
    )

    expected = graph_of(test.file)
    assert isinstance(report, rdflib.Graph), text
    assert rdflib.Literal(conforms) == expected.value(test.expected, SH.conforms)
    node = report.value(None, RDF.type, SH.ValidationReport)
    assert results(report, node) == results(expected, test.expected)


def test_every_known_failure_is_a_test() -> None:
    if not MANIFEST.is_file():
        pytest.skip(f"the W3C's tests are not at {SUITE}")

    names = {test.name for test in cases(MANIFEST)}

    assert KNOWN_FAILURES.keys() <= names
    assert len(names) == 98
