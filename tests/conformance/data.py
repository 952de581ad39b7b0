"""Data sets of the tests: files, and the graphs they go into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad
from rdflib.compare import isomorphic

from conformance.w3c import iri_of

Graphs = dict[str | None, rdflib.Graph]


@dataclass(frozen=True)
class Source:
    """A file, for the graph of this name, or for the default graph."""

    file: Path
    graph: str | None = None

    def quads(self) -> list[Quad]:
        """What stands in it; blank nodes have names that no other reading gives."""
        name = DefaultGraph() if self.graph is None else NamedNode(self.graph)
        triples = pyoxigraph.parse(
            path=self.file, base_iri=iri_of(self.file), rename_blank_nodes=True
        )
        return [Quad(t.subject, t.predicate, t.object, name) for t in triples]


Sources = tuple[Source, ...]


def insertion(sources: Sources) -> str:
    """A SPARQL update that leaves the store with just these."""
    steps = ["DROP ALL"]
    for source in sources:
        triples = "".join(f"{quad.triple} .\n" for quad in source.quads())
        if source.graph is None:
            steps.append(f"INSERT DATA {{\n{triples}}}")
        else:
            steps.append(f"CREATE SILENT GRAPH <{source.graph}>")
            steps.append(f"INSERT DATA {{ GRAPH <{source.graph}> {{\n{triples}}} }}")
    return " ;\n".join(steps)


def graphs_of(quads: list[Quad]) -> Graphs:
    """The graphs that are not empty.

    rdflib gives a number one lexical form, so that equal numbers are equal terms here.
    """
    lines: dict[str | None, list[str]] = defaultdict(list)
    for quad in quads:
        name = quad.graph_name
        assert not isinstance(name, BlankNode)
        lines[None if isinstance(name, DefaultGraph) else name.value].append(f"{quad.triple} .\n")
    return {name: parsed("".join(each), "nt") for name, each in lines.items()}


def parsed(data: bytes | str, format: str, base: str | None = None) -> rdflib.Graph:
    """A graph as rdflib reads it."""
    return rdflib.Graph(bind_namespaces="none").parse(data=data, format=format, publicID=base)


def assert_isomorphic(found: rdflib.Graph, expected: rdflib.Graph) -> None:
    """Equal but for the names of blank nodes (RDF 1.1 Concepts, section 3.6)."""
    assert isomorphic(found, expected), _difference(found, expected)


def assert_same_graphs(found: Graphs, expected: Graphs) -> None:
    """The same names, and under each isomorphic graphs; an empty graph is no graph."""
    assert found.keys() == expected.keys()
    for name, graph in expected.items():
        assert_isomorphic(found[name], graph)


def _difference(found: rdflib.Graph, expected: rdflib.Graph) -> str:
    return f"found:\n{_lines(found)}\nexpected:\n{_lines(expected)}"


def _lines(graph: rdflib.Graph) -> str:
    return "\n".join(sorted(graph.serialize(format="nt").splitlines()))
