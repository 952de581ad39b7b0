"""The W3C's tests: where they lie, what their manifests say, and which are not passed and why.

They are read from the folder that ``TESTIMONIA_W3C_TESTS`` names, else from ``../shared/w3c`` as
seen from the repository; without it there is nothing to run, and the tests say so. What is not
passed stands in ``not_passed/<suite>.toml`` with its reason, and the list is strict: a listed test
that passes fails the run.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import rdflib
from _pytest.mark import ParameterSet
from rdflib.namespace import RDF
from rdflib.term import Node

REPOSITORY = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("TESTIMONIA_W3C_TESTS", REPOSITORY.parent / "shared" / "w3c"))
SPARQL = FOLDER / "sparql" / "sparql11"
SHACL = FOLDER / "data-shapes-test-suite" / "tests"
LISTS = Path(__file__).parent / "not_passed"

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
# Where the W3C publishes the files of ``SPARQL``: what is relative in them is relative to this.
BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"


@dataclass(frozen=True)
class Entry:
    """One test of a manifest; ``name`` is ``<folder>/<local name>``."""

    name: str
    kind: str
    node: Node
    manifest: rdflib.Graph

    def value(self, *path: Node) -> Node | None:
        """The node at the end of a path of properties from the test, if there is one."""
        node: Node | None = self.node
        for step in path:
            node = self.manifest.value(node, step)
        return node

    @property
    def folder(self) -> str:
        """The folder of the suite that the test stands in."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Suite:
    """A group of tests with one list of those not passed, ``not_passed/<name>.toml``."""

    name: str
    title: str
    kinds: frozenset[str]
    folders: frozenset[str] = frozenset()
    not_folders: frozenset[str] = frozenset()

    def entries(self) -> list[Entry]:
        """Its tests, in the order of the manifests; none where the W3C's folder is not."""
        return [entry for entry in _sparql_entries() if self._has(entry)]

    def _has(self, entry: Entry) -> bool:
        inside = not self.folders or entry.folder in self.folders
        return entry.kind in self.kinds and inside and entry.folder not in self.not_folders


def is_here() -> bool:
    """Whether there is anything to run."""
    return (SPARQL / "manifest-all.ttl").is_file() and (SHACL / "core" / "manifest.ttl").is_file()


MISSING = f"the W3C's tests are not at {FOLDER}; TESTIMONIA_W3C_TESTS names another folder"


def path_of(reference: Node | None) -> Path:
    """The file that an IRI under ``BASE`` stands for."""
    return SPARQL / str(reference).removeprefix(BASE)


def iri_of(file: Path) -> str:
    """The IRI that stands for a file of the SPARQL suites."""
    return BASE + file.relative_to(SPARQL).as_posix()


@cache
def _sparql_entries() -> tuple[Entry, ...]:
    return tuple(_entries(SPARQL / "manifest-all.ttl")) if is_here() else ()


def _entries(file: Path) -> Iterator[Entry]:
    manifest = rdflib.Graph().parse(file, publicID=iri_of(file))
    top = rdflib.URIRef(iri_of(file))
    for included in manifest.objects(top, MF.include):
        for other in manifest.items(included):
            yield from _entries(path_of(other))
    listed = [node for nodes in manifest.objects(top, MF.entries) for node in manifest.items(nodes)]
    # head_non_existing_direct is described like the others, but missing from the list.
    defined = manifest.subjects(MF.name, None)
    for node in dict.fromkeys([*listed, *defined]):
        name = f"{file.parent.name}/{str(node).rpartition('#')[2]}"
        yield Entry(name, _local(manifest.value(node, RDF.type)), node, manifest)


def _local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]


# ----------------------------------------------------------------------------- what is not passed


@dataclass(frozen=True)
class Known:
    """What a list says: the reason of each test that is not passed, and of each left out."""

    not_passed: dict[str, str]
    excluded: dict[str, str]


@cache
def known(suite: str) -> Known:
    """The list of a suite.

    Raises:
        ValueError: a test is listed twice.
    """
    file = LISTS / f"{suite}.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    reasons: dict[str, dict[str, str]] = {"not_passed": {}, "excluded": {}}
    for section, found in reasons.items():
        for group in content.pop(section, []):
            for name in group["tests"]:
                if any(name in each for each in reasons.values()):
                    raise ValueError(f"{file.name} lists {name} twice")
                found[name] = group["reason"]
    if content:
        raise ValueError(f"{file.name}: unknown {', '.join(content)}")
    return Known(**reasons)


def parameters(suite: str, tests: Mapping[str, object]) -> list[ParameterSet]:
    """The tests by name, each marked as the list says; one that skips where there is no folder."""
    if not is_here():
        return [pytest.param(None, marks=pytest.mark.skip(reason=MISSING), id="no suite")]
    lists = known(suite)
    return [pytest.param(test, id=name, marks=_marks(lists, name)) for name, test in tests.items()]


def _marks(lists: Known, name: str) -> list[pytest.MarkDecorator]:
    if name in lists.excluded:
        return [pytest.mark.skip(reason=lists.excluded[name])]
    if name in lists.not_passed:
        return [pytest.mark.xfail(reason=lists.not_passed[name], strict=True)]
    return []
