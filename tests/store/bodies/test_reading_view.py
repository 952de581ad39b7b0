"""The view's definition by example, and the property that the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testimonia.iris import Iris
from testimonia.model import Span
from testimonia.store import READING_VIEW, Batch, Writer
from testimonia.store.reading_view import reading_view
from testimonia.terms import Graph, Term, Triple, decimal, iri, literal
from testimonia.vocabulary import PROV, RDF, RDFS, TST

IRIS = Iris("http://localhost:8000/")
PUTIN = iri(IRIS.actor("putin"))
SAID = iri(IRIS.statement("s1"))


def local(document: str, key: str) -> Term:
    return iri(IRIS.local(document, key))


def graphs_of_two_documents() -> dict[str, Graph]:
    mention = iri(IRIS.mention("a", Span(0, 5)))
    return {
        IRIS.document_graph("a"): frozenset(
            {
                (SAID, TST.speaker, local("a", "actor/0")),
                (SAID, TST.speakerMention, mention),
                (mention, RDF.type, TST.Mention),
                (local("a", "actor/0"), TST.name, literal("the president")),
            }
        ),
        IRIS.inferred_graph("a"): frozenset({(SAID, PROV.wasAttributedTo, local("a", "actor/0"))}),
        IRIS.document_graph("b"): frozenset(
            {(local("b", "actor/9"), TST.name, literal("the president"))}
        ),
        IRIS.entities_graph: frozenset(
            {
                (local("a", "actor/0"), TST.sameEntity, PUTIN),
                (local("b", "actor/9"), TST.sameEntity, PUTIN),
                (PUTIN, RDFS.label, literal("The President")),
            }
        ),
        IRIS.runs_graph: frozenset({(iri(IRIS.run("r")), RDF.type, TST.Ingestion)}),
        IRIS.decisions_graph: frozenset({(iri(IRIS.decision("d")), RDF.type, TST.Decision)}),
        IRIS.shapes_graph: frozenset({(SAID, RDF.type, TST.Statement)}),
        "https://elsewhere.example/mine": frozenset({(SAID, RDFS.comment, literal("mine"))}),
    }


VIEW_OF_TWO_DOCUMENTS = frozenset(
    {
        (SAID, TST.speaker, PUTIN),
        (SAID, PROV.wasAttributedTo, PUTIN),
        (PUTIN, TST.name, literal("the president")),
        (PUTIN, RDFS.label, literal("The President")),
    }
)


def test_the_view_merges_and_leaves_mentions_and_identity_out() -> None:
    assert reading_view(graphs_of_two_documents(), IRIS) == VIEW_OF_TWO_DOCUMENTS


def test_the_store_keeps_it(writer: Writer) -> None:
    assert writer.replace(graphs_of_two_documents())
    assert writer.graph(READING_VIEW) == VIEW_OF_TWO_DOCUMENTS


def test_a_shared_triple_stays_until_the_last_document_goes(writer: Writer) -> None:
    writer.replace(graphs_of_two_documents())
    shared = (PUTIN, TST.name, literal("the president"))
    assert writer.remove_document("a")
    assert shared in writer.graph(READING_VIEW)
    assert writer.remove_document("b")
    assert shared not in writer.graph(READING_VIEW)


def test_a_local_entity_that_gets_another_canonical_one_moves(writer: Writer) -> None:
    writer.replace(graphs_of_two_documents())
    other = iri(IRIS.actor("other"))
    link = (local("b", "actor/9"), TST.sameEntity, PUTIN)
    writer.apply(
        Batch(
            remove={IRIS.entities_graph: frozenset({link})},
            add={IRIS.entities_graph: frozenset({(link[0], link[1], other)})},
        )
    )
    name = literal("the president")
    assert writer.graph(READING_VIEW) == VIEW_OF_TWO_DOCUMENTS | {(other, TST.name, name)}


def test_of_two_canonical_ones_the_smaller_counts() -> None:
    person = local("a", "actor/0")
    graphs = {
        IRIS.document_graph("a"): frozenset({(person, RDF.type, TST.Person)}),
        IRIS.entities_graph: frozenset(
            (person, TST.sameEntity, iri(IRIS.actor(name))) for name in ("b", "a", "c")
        ),
    }
    assert reading_view(graphs, IRIS) == {(iri(IRIS.actor("a")), RDF.type, TST.Person)}


# ------------------------------------------------------------------------------- the property

DOCUMENTS = ("a", "b", "c")
LOCALS = [local(document, f"actor/{n}") for document in DOCUMENTS for n in range(3)]
CANONICAL = [iri(IRIS.actor(name)) for name in ("x", "y", "z")] + [iri(IRIS.place("geonames-1"))]
STATEMENTS = [iri(IRIS.statement(name)) for name in ("s1", "s2")]
MENTIONS = [iri(IRIS.mention(document, Span(0, 5))) for document in DOCUMENTS]
LITERALS = [literal("Ann"), literal("Ann\t\\u0041 \"'\n", language="en"), decimal("12.0")]
PREDICATES = [TST.speaker, TST.about, TST.name]
GRAPHS = [
    *(IRIS.document_graph(document) for document in DOCUMENTS),
    *(IRIS.inferred_graph(document) for document in DOCUMENTS),
    IRIS.relations_graph,
    IRIS.gazetteer_graph,
    IRIS.runs_graph,
    "https://elsewhere.example/mine",
]

resources = st.sampled_from([*LOCALS, *CANONICAL, *STATEMENTS, *MENTIONS])
triples: st.SearchStrategy[Triple] = st.tuples(
    resources, st.sampled_from(PREDICATES), resources | st.sampled_from(LITERALS)
)
links: st.SearchStrategy[Triple] = st.tuples(
    st.sampled_from([*LOCALS, *CANONICAL]), st.just(TST.sameEntity), st.sampled_from(CANONICAL)
)
contents = st.frozensets(triples, max_size=8)
identities = st.frozensets(links | triples, max_size=6)
partial = st.dictionaries(st.sampled_from(GRAPHS), contents, max_size=2)


@dataclass(frozen=True)
class Removal:
    document: str


@dataclass(frozen=True)
class Replacement:
    document: str
    graph: Graph
    inferred: Graph
    entities: Graph


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    put = draw(partial)
    add, remove = draw(partial), draw(partial)
    if draw(st.booleans()):
        put[IRIS.entities_graph] = draw(identities)
    else:
        add[IRIS.entities_graph] = draw(identities)
        remove[IRIS.entities_graph] = draw(identities)
    return Batch(
        put=put,
        add={name: graph for name, graph in add.items() if name not in put},
        remove={name: graph for name, graph in remove.items() if name not in put},
    )


documents = st.sampled_from(DOCUMENTS)
steps = (
    batches()
    | st.builds(Removal, documents)
    | st.builds(Replacement, documents, contents, contents, identities)
)


def perform(step: Batch | Removal | Replacement, writer: Writer) -> None:
    match step:
        case Batch():
            writer.apply(step)
        case Removal(document):
            writer.remove_document(document)
        case Replacement(document, graph, inferred, entities):
            graphs = {IRIS.document_graph(document): graph, IRIS.inferred_graph(document): inferred}
            writer.replace_document(document, graphs, {IRIS.entities_graph: entities})


def managed(writer: Writer) -> dict[str, Graph]:
    return {name: writer.graph(name) for name in writer.graphs()}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, min_size=1, max_size=8))
def test_the_view_is_the_image_of_the_graphs_after_any_sequence(
    one_store: Writer, sequence: list[Batch | Removal | Replacement]
) -> None:
    one_store.replace({name: frozenset() for name in one_store.graphs()})
    assert one_store.count() == 0
    for step in sequence:
        perform(step, one_store)
        assert one_store.graph(READING_VIEW) == reading_view(managed(one_store), IRIS)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, max_size=4), batches())
def test_the_same_batch_twice_changes_nothing(
    one_store: Writer, before: list[Batch | Removal | Replacement], batch: Batch
) -> None:
    for earlier in before:
        perform(earlier, one_store)
    one_store.apply(batch)
    once = set(one_store.quads())
    assert not one_store.apply(batch)
    assert set(one_store.quads()) == once
