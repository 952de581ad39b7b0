from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import owlrl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia import inference, rdf, terms
from testimonia.inference import closure, infer
from testimonia.resources import folder
from testimonia.terms import Graph, Term, Triple
from testimonia.vocabulary import CRM, OWL, PREFIXES, PROV, RDF, RDFS, SCHEMA, SEM, SKOS, TST, XSD

BASE = "http://localhost:8000/"


@cache
def harbour() -> Graph:
    return rdf.parse((Path(__file__).parent / "data" / "harbour.ttl").read_bytes(), "turtle")


def node(name: str) -> Term:
    return terms.iri(BASE + name)


# ------------------------------------------------------------------------------------ the oracle


def oracle(document: Graph) -> Graph:
    """What owlrl entails about the document's nodes, apart from what is trivial.

    Trivial: types of the RDF, RDFS and OWL languages, ``owl:sameAs`` of a thing and itself.
    """
    graph = rdf.to_rdflib(document)
    for file in folder("ontology").glob("*.ttl"):
        graph.parse(file)
    ontology = set(graph.subjects()) - {rdf.to_rdflib_term(s) for s, _, _ in document}
    # Its own datatypes would stay registered in rdflib, whose gMonthDay they break.
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    entailed = rdf.from_rdflib(
        (s, p, o)
        for s, p, o in graph
        if isinstance(s, rdflib.URIRef) and not isinstance(o, rdflib.BNode) and s not in ontology
    )
    nodes = {term for s, _, o in document for term in (s, o)}
    language = (RDF.type[:-5], RDFS.label[:-6], OWL.Thing[:-6])
    return frozenset(
        (s, p, o)
        for s, p, o in entailed - document
        if s in nodes
        and p != OWL.sameAs
        and not (p == RDF.type and o.startswith(language))
        and not (s == o and p.startswith(language))
    )


def test_the_engine_entails_what_the_reference_engine_does() -> None:
    assert infer(harbour()) == oracle(harbour())


def every_term() -> Graph:
    """An instance of each class and a use of each property of the ontology."""
    ontology = rdf.parse((folder("ontology") / "testimonia.ttl").read_bytes(), "turtle")
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    triples = set()
    for index, (term, _, kind) in enumerate(sorted(t for t in ontology if t[2] in kinds)):
        subject, value = node(f"s{index}"), node(f"o{index}")
        if kind == OWL.Class:
            triples.add((subject, RDF.type, term))
        else:
            triples.add((subject, term, '"x"' if kind == OWL.DatatypeProperty else value))
    return frozenset(triples)


def test_the_engines_agree_on_every_class_and_property() -> None:
    document = every_term()
    assert len(document) > 70
    assert infer(document) == oracle(document)


def test_the_oracle_finds_something_to_compare() -> None:
    assert len(oracle(harbour())) > 50


# ------------------------------------------------------------------------ engine and table


def by_engine(document: Graph, context: Graph = frozenset()) -> Graph:
    """The same by the engine: without a table there is no other way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inference, "_table", lambda: None)
        return infer(document, context)


def test_the_ontology_has_a_table() -> None:
    assert inference._table() is not None


HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "file",
    [
        HERE / "data" / "harbour.ttl",
        HERE / "shapes" / "conforming.ttl",
        *sorted((HERE / "golden" / "graphs").glob("*.nt")),
    ],
    ids=lambda file: file.name,
)
def test_the_table_entails_what_the_engine_does(file: Path) -> None:
    kind = "turtle" if file.suffix == ".ttl" else "ntriples"
    graph = rdf.parse(file.read_bytes(), kind)

    assert infer(graph) == by_engine(graph) != frozenset()


def test_the_table_entails_what_the_engine_does_of_every_term() -> None:
    assert infer(every_term()) == by_engine(every_term())


def terms_of(kind: Term) -> list[Term]:
    files = sorted(folder("ontology").glob("*.ttl"))
    graph = frozenset().union(*(rdf.parse(file.read_bytes(), "turtle") for file in files))
    return sorted(s for s, p, o in graph if p == RDF.type and o == kind)


@st.composite
def documents(draw: st.DrawFn) -> Graph:
    """A few nodes with classes and properties of the ontology, some of these special."""
    special = terms_of(OWL.SymmetricProperty) + terms_of(OWL.TransitiveProperty)
    properties = terms_of(OWL.ObjectProperty) + terms_of(OWL.DatatypeProperty)
    nodes = st.sampled_from([node(str(number)) for number in range(5)])
    predicates = st.one_of(st.sampled_from(special), st.sampled_from(properties))
    values = st.one_of(nodes, nodes, st.sampled_from(['"x"', '"x"@en']))
    used = st.tuples(nodes, predicates, values)
    typed = st.tuples(nodes, st.just(RDF.type), st.sampled_from(terms_of(OWL.Class)))
    return frozenset(draw(st.sets(st.one_of(used, used, typed), max_size=12)))


@settings(max_examples=60, deadline=None)
@given(documents(), documents())
def test_the_table_entails_what_the_engine_does_of_any_use(document: Graph, context: Graph) -> None:
    assert infer(document, context) == by_engine(document, context)


def test_what_brings_an_axiom_of_its_own_is_for_the_engine() -> None:
    same = frozenset({(node("a"), OWL.sameAs, node("b")), (node("a"), RDF.type, TST.Person)})

    assert (node("b"), RDF.type, TST.Person) in infer(same)


@pytest.mark.parametrize(
    "axiom",
    [
        (TST.gives, terms.iri(PREFIXES["owl"] + "inverseOf"), node("givenBy")),
        (TST.eventType, RDFS.subPropertyOf, RDF.type),
        (RDF.type, RDFS.domain, TST.Actor),
        (TST.gives, RDF.type, terms.iri(PREFIXES["owl"] + "FunctionalProperty")),
    ],
)
def test_an_ontology_with_another_axiom_has_no_table(
    axiom: Triple, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology = inference._ontology()
    more = replace(ontology, axioms=ontology.axioms | {axiom})
    monkeypatch.setattr(inference, "_ontology", lambda: more)

    assert inference._table.__wrapped__() is None


# ------------------------------------------------------------------------- what is entailed


def test_classes_and_properties_of_other_vocabularies_follow() -> None:
    entailed = infer(harbour())
    statement, speaker = node("statement/s1"), node("document/d1/actor/0")
    account, place = node("document/d1/account/69"), node("document/d1/place/78")
    assert {
        (statement, RDF.type, SCHEMA.Claim),
        (statement, PROV.wasAttributedTo, speaker),
        (statement, SCHEMA.author, speaker),
        (speaker, RDF.type, SEM.Actor),
        (speaker, SKOS.altLabel, '"Ada Brook"'),
        (account, SEM.hasActor, node("document/d1/actor/48")),
        (account, CRM.P12_occurred_in_the_presence_of, place),
        (account, CRM.P7_took_place_at, place),
        (account, CRM.P4_has_time_span, node("document/d1/time/37")),
    } <= entailed


def test_nothing_stated_is_returned_again() -> None:
    assert not infer(harbour()) & harbour()


def test_nothing_trivial_is_returned() -> None:
    entailed = infer(harbour())
    assert not [t for t in entailed if t[0] == t[2]]
    assert not [t for t in entailed if t[1] == RDF.type and "www.w3.org/2002/07/owl#" in t[2]]
    assert not {p for _, p, _ in entailed} & {RDFS.subClassOf, RDFS.domain, RDFS.label, OWL.sameAs}


def test_nothing_is_returned_about_the_vocabularies_own_terms() -> None:
    subjects = {s for s, _, _ in infer(harbour())}
    assert {s for s in subjects if not s.startswith(f"<{BASE}")} == set()


def test_a_captured_town_is_no_actor_and_an_event_is_no_sem_event() -> None:
    entailed = infer(harbour())
    town, event = node("document/d1/place/78"), node("document/d1/event/69")
    assert (town, RDF.type, SEM.Actor) not in entailed
    assert (town, RDF.type, PROV.Agent) not in entailed
    assert [t for t in entailed if t[0] == event] == []


def test_whatever_carries_a_mention_keeps_its_own_type() -> None:
    account, words = node("a"), node("m")
    graph = frozenset({(account, RDF.type, TST.TimeReference), (account, TST.mention, words)})
    types = {o for s, p, o in infer(graph) if s == account and p == RDF.type}
    assert TST.Account not in types
    assert TST.Quantity not in types


def test_plain_strings_stay_plain_and_numbers_as_they_were_written() -> None:
    odd = terms.literal("007.50", datatype=terms.iri_of(XSD.decimal))
    graph = frozenset(
        {
            (node("p"), TST.name, '"A \\"B\\"\\n"'),
            (node("p"), TST.name, odd),
            (node("s"), TST.content, '"words"@en-gb'),
        }
    )
    assert {
        (node("p"), SKOS.altLabel, '"A \\"B\\"\\n"'),
        (node("p"), SKOS.altLabel, odd),
        (node("s"), SCHEMA.text, '"words"@en-gb'),
    } <= infer(graph)


def test_an_empty_graph_entails_nothing() -> None:
    assert infer(frozenset()) == frozenset()


def test_the_closure_of_a_graph_needs_no_ontology_of_ours() -> None:
    boat, vessel, name = node("Boat"), node("Vessel"), node("name")
    stated = frozenset(
        {
            (boat, RDFS.subClassOf, vessel),
            (node("name"), RDFS.domain, boat),
            (node("1"), name, terms.literal("Ada", language="en")),
        }
    )

    entailed = closure(stated)

    assert entailed >= stated | {(node("1"), RDF.type, boat), (node("1"), RDF.type, vessel)}
    assert not any(p.startswith(TST.speaker[:-8]) for _, p, _ in entailed)


def test_inference_is_monotone_and_idempotent() -> None:
    entailed = infer(harbour())
    assert infer(harbour() | entailed) == frozenset()


# ------------------------------------------------------------------------------ the context


def test_the_context_takes_part() -> None:
    town, region, country = node("place/1"), node("place/2"), node("place/3")
    document = frozenset({(node("s"), TST.about, town), (town, TST.within, region)})
    context = frozenset({(region, TST.within, country)})
    assert (town, TST.within, country) in infer(document, context)
    assert (town, TST.within, country) not in infer(document)


def test_neither_the_context_nor_its_own_consequences_are_returned() -> None:
    context = frozenset({(node("place/8"), RDF.type, TST.Place)})
    assert infer(harbour(), context) == infer(harbour())
    about_our_own = frozenset({(node("statement/s1"), RDF.type, SCHEMA.Claim)})
    assert infer(harbour(), about_our_own) == infer(harbour()) - about_our_own


def test_importing_inference_loads_no_library() -> None:
    heavy = "{'rdflib', 'pyoxigraph', 'reasonable', 'owlrl', 'pyshacl', 'spacy'}"
    code = f"import sys, testimonia.inference; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
