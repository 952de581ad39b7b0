from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyoxigraph
import pytest

from testimonia import rdf, terms
from testimonia.inference import infer
from testimonia.resources import folder
from testimonia.terms import Graph, Term
from testimonia.vocabulary import (
    CRM,
    DCTERMS,
    EVENT_TYPE_SCHEME,
    EVENT_TYPES,
    FOAF,
    GEO,
    ONTOLOGY,
    ORG,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SEM,
    SKOS,
    TIME,
    TST,
    terms_of,
)


@cache
def ontology() -> Graph:
    return rdf.parse((folder("ontology") / "testimonia.ttl").read_bytes(), "turtle")


@cache
def event_types() -> Graph:
    return rdf.parse((folder("ontology") / "event-types.ttl").read_bytes(), "turtle")


def objects(graph: Graph, subject: Term, predicate: Term) -> set[Term]:
    return {o for s, p, o in graph if s == subject and p == predicate}


def instances(graph: Graph, kind: Term) -> set[Term]:
    return {s for s, p, o in graph if p == RDF.type and o == kind}


OWN = tuple(terms_of(TST).values())
PROPERTIES = instances(ontology(), OWL.ObjectProperty) | instances(ontology(), OWL.DatatypeProperty)
OWN_PROPERTIES = sorted(PROPERTIES & set(OWN))


# ------------------------------------------------------------------------------ documentation


def test_the_header_names_version_licence_and_prefix() -> None:
    assert objects(ontology(), ONTOLOGY, RDF.type) == {OWL.Ontology}
    (version,) = objects(ontology(), ONTOLOGY, OWL.versionInfo)
    (version_iri,) = objects(ontology(), ONTOLOGY, OWL.versionIRI)
    assert version_iri == f"<https://w3id.org/testimonia/{version.strip(chr(34))}>"
    for graph, subject, prefix in (
        (ontology(), ONTOLOGY, "tst"),
        (event_types(), EVENT_TYPE_SCHEME, "tstev"),
    ):
        assert len(objects(graph, subject, DCTERMS.license)) == 1
        vann = PREFIXES["vann"]
        assert objects(graph, subject, f"<{vann}preferredNamespacePrefix>") == {f'"{prefix}"'}
        assert objects(graph, subject, f"<{vann}preferredNamespaceUri>") == {
            f'"{PREFIXES[prefix]}"'
        }


@pytest.mark.parametrize("term", [*OWN, *EVENT_TYPES.values()])
def test_every_term_has_one_label_one_definition_and_its_source(term: Term) -> None:
    graph = ontology() | event_types()
    for predicate in (RDFS.label, SKOS.definition):
        (text,) = objects(graph, term, predicate)
        assert text.endswith('"@en')
    (source,) = objects(graph, term, RDFS.isDefinedBy)
    assert source == (ONTOLOGY if term in OWN else EVENT_TYPE_SCHEME)


@pytest.mark.parametrize("term", OWN_PROPERTIES)
def test_every_property_says_what_it_leads_from_and_to(term: Term) -> None:
    said = {p for s, p, _ in ontology() if s == term}
    if term == TST.sameEntity:  # of any entity, to any
        assert not said & {RDFS.domain, RDFS.range}
    else:
        assert said & {RDFS.domain, SCHEMA.domainIncludes}
        assert said & {RDFS.range, SCHEMA.rangeIncludes}


@pytest.mark.parametrize("graph", [ontology(), event_types()], ids=["ontology", "event types"])
def test_every_concept_is_in_one_scheme(graph: Graph) -> None:
    concepts = instances(graph, SKOS.Concept)
    schemes = instances(graph, SKOS.ConceptScheme)
    assert concepts
    for concept in concepts:
        (scheme,) = objects(graph, concept, SKOS.inScheme)
        assert scheme in schemes
        assert objects(graph, concept, SKOS.topConceptOf) == {scheme}
        assert objects(graph, concept, SKOS.prefLabel) == objects(graph, concept, RDFS.label)


# ---------------------------------------------------------------------------------- alignment

ALIGNED_CLASSES = {
    TST.Document: {PROV.Entity, FOAF.Document, SCHEMA.CreativeWork},
    TST.Mention: set[Term](),
    TST.Actor: {SEM.Actor, PROV.Agent},
    TST.Person: {TST.Actor, FOAF.Person},
    TST.Organization: {TST.Actor, ORG.Organization},
    TST.Group: {TST.Actor, FOAF.Group},
    TST.GeopoliticalEntity: {TST.Actor, TST.Place},
    TST.Narrator: {TST.Actor},
    TST.Place: {SEM.Place, GEO.Feature},
    TST.PlaceName: set[Term](),
    TST.TimeReference: {TIME.TemporalEntity, SEM.Time},
    TST.Event: set[Term](),
    TST.Account: {SEM.Event, CRM.E5_Event},
    TST.Quantity: set[Term](),
    TST.Statement: {SCHEMA.Claim, PROV.Entity},
    TST.StatementRelation: {PROV.Entity},
    TST.EntityLink: {PROV.Entity},
    TST.AuthorityLink: {PROV.Entity},
    TST.Ingestion: {PROV.Activity},
    TST.Decision: {PROV.Activity},
    TST.Passage: set[Term](),
}
ALIGNED_PROPERTIES = {
    TST.speaker: {PROV.wasAttributedTo, SCHEMA.author},
    TST.content: {SCHEMA.text},
    TST.about: {SCHEMA.about},
    TST.document: {PROV.hadPrimarySource},
    TST.name: {SKOS.altLabel},
    TST.within: {GEO.sfWithin},
    TST.agent: {TST.participant, SEM.hasActor, CRM.P11_had_participant},
    TST.recipient: {TST.participant, SEM.hasActor, CRM.P11_had_participant},
    TST.patient: {TST.participant, CRM.P12_occurred_in_the_presence_of},
    SEM.hasPlace: {CRM.P7_took_place_at},
    SEM.hasTime: {CRM.P4_has_time_span},
}


def test_classes_are_aligned_as_designed_and_no_further() -> None:
    assert instances(ontology(), OWL.Class) == set(ALIGNED_CLASSES)
    for name, parents in ALIGNED_CLASSES.items():
        assert objects(ontology(), name, RDFS.subClassOf) == parents


def test_properties_are_aligned_as_designed_and_no_further() -> None:
    for name in PROPERTIES:
        parents = ALIGNED_PROPERTIES.get(name, set())
        assert objects(ontology(), name, RDFS.subPropertyOf) == parents


def test_only_the_owl_that_is_safe_is_used() -> None:
    owl = f"<{PREFIXES['owl']}"
    used = {term for triple in ontology() for term in triple if term.startswith(owl)}
    assert used == {
        OWL.Ontology,
        OWL.versionIRI,
        OWL.versionInfo,
        OWL.Class,
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        OWL.SymmetricProperty,
        OWL.TransitiveProperty,
    }


@pytest.mark.parametrize("term", [TST.participant, TST.agent, TST.recipient, TST.patient])
def test_roles_have_no_range(term: Term) -> None:
    assert objects(ontology(), term, RDFS.range) == set()


def test_properties_of_several_classes_have_no_domain() -> None:
    for term in OWN_PROPERTIES:
        if len(objects(ontology(), term, SCHEMA.domainIncludes)) > 1:
            assert objects(ontology(), term, RDFS.domain) == set()
    assert len(objects(ontology(), TST.mention, SCHEMA.domainIncludes)) == 3


# -------------------------------------------------------------- questions in others' terms


@cache
def store() -> pyoxigraph.Store:
    """A hand-made document graph with what is inferred from it, and no tst: term left in it."""
    document = rdf.parse((Path(__file__).parent / "data" / "harbour.ttl").read_bytes(), "turtle")
    own = f"<{PREFIXES['tst']}"
    foreign = [
        (s, p, o)
        for s, p, o in document | infer(document)
        if not p.startswith(own) and not o.startswith(own)
    ]
    filled = pyoxigraph.Store()
    filled.extend(rdf.to_quads(foreign))
    return filled


def answers(query: str) -> Iterator[tuple[Term, ...]]:
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items() if p != "tst")
    solutions = store().query(prefixes + query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return (tuple(map(rdf.from_oxigraph, solution)) for solution in solutions)


def local(name: str) -> Term:
    return terms.iri(f"http://localhost:8000/document/d1/{name}")


def test_prov_o_alone_tells_whose_statement_it_is_and_from_where() -> None:
    query = """
        SELECT ?agent ?source { ?entity a prov:Entity ; prov:wasAttributedTo ?agent ;
            prov:hadPrimarySource ?source . ?agent a prov:Agent }"""
    document = terms.iri("http://localhost:8000/document/d1")
    assert set(answers(query)) == {
        (local("actor/0"), document),
        (local("actor/24"), document),
    }


def test_sem_alone_tells_who_where_and_when() -> None:
    query = """
        SELECT ?who ?where ?when { ?event a sem:Event ; sem:hasActor ?who ; sem:hasPlace ?where ;
            sem:hasTime ?when . ?who a sem:Actor . ?where a sem:Place . ?when a sem:Time }"""
    assert list(answers(query)) == [(local("actor/48"), local("place/78"), local("time/37"))]


def test_schema_org_alone_tells_who_claims_what_about_whom() -> None:
    query = """
        SELECT ?text ?author ?topic { ?claim a schema:Claim ; schema:text ?text ;
            schema:author ?author ; schema:about ?topic }"""
    words = '"rebels from Ostland \\"shelled\\" Port Lorne, killing 12 people"@en'
    topics = ("actor/48", "place/60", "place/78", "event/69")
    assert set(answers(query)) == {(words, local("actor/0"), local(topic)) for topic in topics}


def test_cidoc_crm_alone_tells_of_the_event() -> None:
    query = """
        SELECT ?who ?what ?where ?when { ?event a crm:E5_Event ; crm:P11_had_participant ?who ;
            crm:P12_occurred_in_the_presence_of ?what ; crm:P7_took_place_at ?where ;
            crm:P4_has_time-span ?when }"""
    town = local("place/78")
    assert list(answers(query)) == [(local("actor/48"), town, town, local("time/37"))]


def test_geosparql_owl_time_and_foaf_find_their_own() -> None:
    features = set(answers("SELECT ?x { ?x a geo:Feature }"))
    assert features == {(local("place/60"),), (local("place/78"),)}
    assert list(answers("SELECT ?x { ?x a time:TemporalEntity }")) == [(local("time/37"),)]
    assert list(answers("SELECT ?x { ?x a foaf:Person }")) == [(local("actor/0"),)]


# ---------------------------------------------------------------------------------- event types


@cache
def lemma_file() -> dict[str, dict[str, list[str]]]:
    data = files("testimonia") / "reading" / "data" / "event_types.toml"
    return tomllib.loads(data.read_text("utf-8"))


def test_the_scheme_and_the_lemma_file_agree() -> None:
    predicates = {"verbs": TST.triggerVerb, "nouns": TST.triggerNoun}
    carried = {
        name: {
            part: sorted(
                rdf.literal_parts(o).value for o in objects(event_types(), concept, predicate)
            )
            for part, predicate in predicates.items()
        }
        for name, concept in EVENT_TYPES.items()
    }
    assert carried == lemma_file()


@pytest.mark.parametrize("part", ["verbs", "nouns"])
def test_a_lemma_has_one_type_for_each_part_of_speech(part: str) -> None:
    lemmas = [lemma for lists in lemma_file().values() for lemma in lists[part]]
    assert sorted(lemmas) == sorted(set(lemmas))
    assert [lemma for lemma in lemmas if lemma != lemma.strip().lower()] == []
