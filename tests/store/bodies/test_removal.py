"""Documents come and go; what they shared stays as long as one of them needs it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testimonia.iris import Iris
from testimonia.store import Batch, Located, Writer
from testimonia.terms import Graph, Term, Triple, iri, literal
from testimonia.vocabulary import DCTERMS, GEO, PROV, RDF, RDFS, TST

IRIS = Iris("http://localhost:8000/")
LAND = iri(IRIS.place("land"))
TOWNS = {name: iri(IRIS.place(name)) for name in ("north", "south")}


def facts_of(place: Term) -> set[Triple]:
    geometry = f"{place[:-1]}/geometry>"
    return {
        (place, RDF.type, TST.Place),
        (place, GEO.hasGeometry, geometry),
        (geometry, GEO.asWKT, literal("POINT(1 2)", datatype="http://wkt.example/")),
    }


def document(id_: str, towns: list[str]) -> tuple[dict[str, Graph], dict[str, Graph]]:
    """A document that mentions ``towns``, each in the land; and what it needs in shared graphs."""
    own = iri(IRIS.document(id_))
    statement = iri(IRIS.statement(f"of-{id_}"))
    run = iri(IRIS.run("first"))
    graph: set[Triple] = {(own, RDF.type, TST.Document), (statement, TST.document, own)}
    entities: set[Triple] = set()
    gazetteer: set[Triple] = set()
    for number, town in enumerate(towns):
        node = iri(IRIS.local(id_, f"place/{number}"))
        graph |= {(statement, TST.about, node), (node, TST.name, literal(town))}
        entities |= {
            (node, TST.sameEntity, TOWNS[town]),
            (TOWNS[town], RDFS.label, literal(town.title())),
            (LAND, RDFS.label, literal("Land")),
        }
        gazetteer |= facts_of(TOWNS[town]) | facts_of(LAND) | {(TOWNS[town], TST.within, LAND)}
    runs = {
        (iri(IRIS.document_graph(id_)), PROV.wasGeneratedBy, run),
        (run, PROV.used, own),
        (run, RDF.type, TST.Ingestion),
    }
    shared = {
        IRIS.entities_graph: frozenset(entities),
        IRIS.gazetteer_graph: frozenset(gazetteer),
        IRIS.runs_graph: frozenset(runs),
    }
    return {IRIS.document_graph(id_): frozenset(graph)}, shared


def ingest(writer: Writer, id_: str, towns: list[str]) -> bool:
    graphs, shared = document(id_, towns)
    return writer.replace_document(id_, graphs, shared)


def everything(writer: Writer) -> set[Located]:
    return set(writer.quads())


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_documents_leave_as_they_came(writer: Writer, order: tuple[str, ...]) -> None:
    contents = {"a": ["north"], "b": ["north", "south"], "c": []}
    states = [everything(writer)]
    for id_ in order:
        ingest(writer, id_, contents[id_])
        states.append(everything(writer))
    for id_ in reversed(order):
        assert everything(writer) == states.pop()
        assert writer.remove_document(id_)
    assert everything(writer) == set()


def test_a_land_stays_while_a_town_in_it_does(writer: Writer) -> None:
    ingest(writer, "a", ["north"])
    ingest(writer, "b", ["south"])
    writer.remove_document("a")
    gazetteer = writer.graph(IRIS.gazetteer_graph)
    assert gazetteer == facts_of(TOWNS["south"]) | facts_of(LAND) | {
        (TOWNS["south"], TST.within, LAND)
    }
    labels = {s for s, p, _ in writer.graph(IRIS.entities_graph) if p == RDFS.label}
    assert labels == {LAND, TOWNS["south"]}


def test_a_land_that_is_mentioned_itself_stays(writer: Writer) -> None:
    ingest(writer, "a", ["north"])
    node = iri(IRIS.local("b", "place/0"))
    writer.replace_document(
        "b",
        {IRIS.document_graph("b"): frozenset({(node, TST.name, literal("the land"))})},
        {IRIS.entities_graph: frozenset({(node, TST.sameEntity, LAND)})},
    )
    writer.remove_document("a")
    assert writer.graph(IRIS.gazetteer_graph) == facts_of(LAND)


def test_relations_of_its_statements_go_and_decisions_stay(writer: Writer) -> None:
    ingest(writer, "a", ["north"])
    ingest(writer, "b", ["north"])
    relation, decision = iri(IRIS.relation("r")), iri(IRIS.decision("d"))
    ours, theirs = iri(IRIS.statement("of-a")), iri(IRIS.statement("of-b"))
    writer.apply(
        Batch(
            add={
                IRIS.relations_graph: frozenset(
                    {
                        (relation, RDF.type, TST.StatementRelation),
                        (relation, TST.relationFrom, ours),
                        (relation, TST.relationTo, theirs),
                    }
                ),
                IRIS.decisions_graph: frozenset(
                    {(decision, DCTERMS.source, ours), (decision, TST.affects, ours)}
                ),
            }
        )
    )
    writer.remove_document("a")
    assert writer.graph(IRIS.relations_graph) == frozenset()
    assert writer.graph(IRIS.decisions_graph) == {(decision, DCTERMS.source, ours)}


def test_a_new_version_keeps_what_it_still_needs(writer: Writer) -> None:
    ingest(writer, "a", ["north", "south"])
    assert ingest(writer, "a", ["south"])
    fresh = everything(writer)
    writer.remove_document("a")
    ingest(writer, "a", ["south"])
    assert everything(writer) == fresh


def test_an_unknown_document_cannot_be_removed(writer: Writer) -> None:
    ingest(writer, "a", ["north"])
    before = everything(writer)
    assert not writer.remove_document("b")
    assert everything(writer) == before


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.none() | st.lists(st.sampled_from(sorted(TOWNS)), unique=True),
        ),
        max_size=8,
    )
)
def test_only_the_last_version_of_each_document_counts(
    writer: Writer, history: list[tuple[str, list[str] | None]]
) -> None:
    writer.replace({name: frozenset() for name in writer.graphs()})
    for id_, towns in history:
        if towns is None:
            writer.remove_document(id_)
        else:
            ingest(writer, id_, towns)
            assert not ingest(writer, id_, towns)
    by_history = everything(writer)
    writer.replace({name: frozenset() for name in writer.graphs()})
    for id_, towns in dict(history).items():
        if towns is not None:
            ingest(writer, id_, towns)
    assert everything(writer) == by_history
