"""Documents that come in as text: the same store as when they come one by one."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia import fulltext
from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.model import Span
from testimonia.store import READING_VIEW
from testimonia.store.arrivals import Arrival, prepare, triples_of, words_in
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.reading_view import reading_view
from testimonia.terms import Graph, Term, Triple, iri, literal
from testimonia.vocabulary import NIF, PROV, RDF, RDFS, TST

IRIS = Iris("http://localhost:8000/")
DOCUMENTS = ("a", "b", "c")
KEYS = ("actor/0", "actor/7", "place/3")
CANONICAL = ("actor/x", "actor/y", "place/geonames-1")
OBJECTS = (
    literal("the president"),
    literal('of "Odense", he <said> . <http://localhost:8000/document/a/actor/0> .\n'),
    literal("the president", language="en"),
    literal("12.0", datatype="http://www.w3.org/2001/XMLSchema#decimal"),
    literal("01", datatype="http://www.w3.org/2001/XMLSchema#integer"),
    iri("https://elsewhere.example/o"),
)


def local(document: str, key: str) -> Term:
    return iri(IRIS.local(document, key))


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    id_ = draw(st.sampled_from(DOCUMENTS))
    links = draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(CANONICAL)))
    nodes = [local(id_, key) for key in links] + [iri(IRIS.statement(f"s{id_}"))]
    nodes.append(iri(IRIS.mention(id_, Span(0, 5))))
    triple = st.tuples(
        st.sampled_from(nodes),
        st.sampled_from([TST.name, TST.speaker, NIF.isString]),
        st.sampled_from([*nodes, *OBJECTS]),
    )
    said = draw(st.sets(triple, min_size=1, max_size=8))
    # A document describes each entity that it has; by that its links are found when it goes.
    graph: Graph = frozenset(said | {(local(id_, key), RDF.type, TST.Actor) for key in links})
    inferred = frozenset((s, PROV.wasAttributedTo, o) for s, _, o in list(said)[:2])
    canonical = {local(id_, key): iri(IRIS.base_iri + path) for key, path in links.items()}
    entities: set[Triple] = {(one, TST.sameEntity, other) for one, other in canonical.items()}
    entities |= {(other, RDFS.label, literal("It")) for other in canonical.values()}
    run = (iri(IRIS.document_graph(id_)), PROV.wasGeneratedBy, iri(IRIS.run("r")))
    shared = {
        IRIS.entities_graph: frozenset(entities),
        IRIS.gazetteer_graph: frozenset({(iri(IRIS.place("geonames-2")), RDF.type, TST.Place)}),
        IRIS.runs_graph: frozenset({run}),
    }
    return Arrival(id_, prepare(id_, graph, inferred, canonical, IRIS), canonical, shared)


Steps = st.lists(
    st.one_of(st.lists(arrivals(), max_size=4), st.sampled_from(DOCUMENTS)), max_size=5
)


@settings(max_examples=15, deadline=None)
@given(Steps)
def test_several_at_a_time_are_as_one_by_one(steps: list[list[Arrival] | str]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedWriter(Path(folder) / "together", IRIS) as together,
        EmbeddedWriter(Path(folder) / "alone", IRIS) as alone,
    ):
        for step in steps:
            if isinstance(step, str):
                together.remove_document(step)
                alone.remove_document(step)
                continue
            together.put_documents(step)
            for each in step:
                alone.replace_document(each.id, each.graphs(IRIS), each.shared)
            assert {*together.quads()} == {*alone.quads()}
            graphs = {name: together.graph(name) for name in together.graphs()}
            assert together.graph(READING_VIEW) == reading_view(graphs, IRIS)
            together.flush()
            found = {(value, language) for value, language in indexed(Path(folder) / "together")}
            assert found == {tuple(each) for each in words_in(together.graph(READING_VIEW))}


def indexed(directory: Path) -> set[tuple[str, str]]:
    connection = sqlite3.connect(directory / fulltext.FILE)
    try:
        return set(connection.execute("SELECT value, language FROM literal WHERE gone IS NULL"))
    finally:
        connection.close()


@given(arrivals())
def test_the_triples_are_those_that_a_store_would_give_back(arrival: Arrival) -> None:
    triples = triples_of(arrival.prepared.document)
    assert triples
    assert not any('"12.0"' in o or '"01"' in o for _, _, o in triples)
    assert all(is_whole(term) for triple in triples for term in triple)


def is_whole(term: Term) -> bool:
    return term[0] in '<"' and "\n" not in term and (term[-1] in '>"' or "@" in term)


def test_a_term_that_is_none_is_refused_and_the_others_stay(writer: EmbeddedWriter) -> None:
    def arrival(id_: str, name: Term) -> Arrival:
        graph = frozenset({(local(id_, "actor/0"), TST.name, name)})
        return Arrival(id_, prepare(id_, graph, frozenset(), (), IRIS), {}, {})

    with pytest.raises(StoreError, match="cannot be stored"):
        writer.put_documents([arrival("a", literal("A")), arrival("b", "<not an IRI>")])
    assert writer.graphs() == (IRIS.document_graph("a"),)
