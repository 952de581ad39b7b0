from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.iris import KINDS, SHARED_GRAPHS, Iris, Name
from testimonia.model import Span

BASE = "https://archive.example/testimonia/"
IRIS = Iris(BASE)
ids = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=26)
spans = st.builds(
    lambda start, length: Span(start, start + length),
    st.integers(0, 10**9),
    st.integers(1, 10**6),
)


@given(ids, spans)
def test_every_iri_reads_back(id_: str, span: Span) -> None:
    assert IRIS.parse(IRIS.document(id_)) == Name("document", id_)
    assert IRIS.parse(IRIS.document_graph(id_)) == Name("document", id_, "graph")
    assert IRIS.parse(IRIS.inferred_graph(id_)) == Name("document", id_, "inferred")
    assert IRIS.parse(IRIS.mention(id_, span)) == Name("document", id_, span=span)
    assert IRIS.parse(IRIS.local(id_, "actor/12-2")) == Name("document", id_, "actor/12-2")
    for kind in KINDS:
        assert IRIS.parse(IRIS.of(kind, id_)) == Name(kind, id_)


@pytest.mark.parametrize("kind", KINDS)
def test_a_method_for_every_kind(kind: str) -> None:
    assert getattr(IRIS, kind)("abc2") == f"{BASE}{kind}/abc2"


@pytest.mark.parametrize("name", SHARED_GRAPHS)
def test_a_property_for_every_shared_graph(name: str) -> None:
    graph = getattr(IRIS, f"{name}_graph")
    assert graph == f"{BASE}graph/{name}"
    assert IRIS.parse(graph) == Name("graph", name)
    assert IRIS.is_managed(graph)


def test_a_place_and_its_geometry() -> None:
    assert IRIS.parse(IRIS.place("geonames-703448")) == Name("place", "geonames-703448")
    assert IRIS.parse(IRIS.geometry("geonames-1")) == Name("place", "geonames-1", "geometry")


@pytest.mark.parametrize(
    "iri",
    [
        "https://elsewhere.example/document/abc",
        f"{BASE}document/",
        f"{BASE}document/abc#char=5",
        f"{BASE}document/abc#char=9,5",
        f"{BASE}document/abc?x=1",
        f"{BASE}graph/mine",
        f"{BASE}unknown/abc",
        BASE,
        "",
    ],
)
def test_what_is_none_of_ours(iri: str) -> None:
    assert IRIS.parse(iri) is None
    assert not IRIS.is_managed(iri)
    assert not IRIS.is_mention(iri)


def test_which_graphs_are_managed_and_viewed() -> None:
    viewed = {
        IRIS.document_graph("a"),
        IRIS.inferred_graph("a"),
        IRIS.entities_graph,
        IRIS.gazetteer_graph,
        IRIS.relations_graph,
        IRIS.ontology_graph,
    }
    managed = viewed | {IRIS.decisions_graph, IRIS.runs_graph, IRIS.shapes_graph}
    others = {"https://elsewhere.example/g", IRIS.document("a"), IRIS.local("a", "actor/1")}
    assert {graph for graph in managed | others if IRIS.is_viewed(graph)} == viewed
    assert {graph for graph in managed | others if IRIS.is_managed(graph)} == managed


def test_only_local_nodes_are_local() -> None:
    local = IRIS.parse(IRIS.local("a", "place/7"))
    graph = IRIS.parse(IRIS.document_graph("a"))
    assert local is not None
    assert local.is_local
    assert not local.is_graph
    assert graph is not None
    assert not graph.is_local


@pytest.mark.parametrize(
    "base", ["", "no-scheme/", "http://a.example", "http://a b/", "http://a/#"]
)
def test_a_base_that_is_none(base: str) -> None:
    with pytest.raises(ValueError, match="not a base IRI"):
        Iris(base)


@pytest.mark.parametrize("id_", ["", "a/b", "a b", "a#b", "é"])
def test_an_id_that_is_none(id_: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        IRIS.document(id_)
