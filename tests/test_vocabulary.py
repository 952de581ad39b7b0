from __future__ import annotations

import re
from enum import StrEnum

import pytest
import rdflib.namespace

from testimonia import model, rdf, terms, vocabulary
from testimonia.resources import folder
from testimonia.terms import Graph
from testimonia.vocabulary import (
    CRM,
    EVENT_TYPE_SCHEME,
    EVENT_TYPES,
    ONTOLOGY,
    PREFIXES,
    RDF,
    SKOS,
    TST,
    Namespace,
    terms_of,
)

NAMESPACES = Namespace.__subclasses__()


def parsed(name: str) -> Graph:
    return rdf.parse((folder("ontology") / name).read_bytes(), "turtle")


def test_every_term_of_the_ontology_is_in_the_vocabulary_and_the_reverse() -> None:
    defined = {s for s, _, _ in parsed("testimonia.ttl") if s.startswith(f"<{PREFIXES['tst']}")}
    assert defined == set(terms_of(TST).values())


def test_every_event_type_of_the_scheme_is_in_the_vocabulary_and_the_reverse() -> None:
    graph = parsed("event-types.ttl")
    concepts = {s for s, p, o in graph if p == RDF.type and o == SKOS.Concept}
    assert concepts == set(EVENT_TYPES.values())
    assert (EVENT_TYPE_SCHEME, RDF.type, SKOS.ConceptScheme) in graph


def test_the_ontology_names_no_term_of_another_vocabulary_that_is_unknown_here() -> None:
    known = {term for namespace in NAMESPACES for term in terms_of(namespace).values()}
    used = {
        term
        for triple in parsed("testimonia.ttl")
        for term in triple
        if any(term.startswith(f"<{iri}") for p, iri in PREFIXES.items() if p != "vann")
    }
    assert used - known == set()


@pytest.mark.parametrize("namespace", NAMESPACES, ids=lambda n: n.__name__)
def test_terms_are_iris_of_their_namespace(namespace: type[Namespace]) -> None:
    iri = PREFIXES[namespace.__name__.lower()]
    for name, term in terms_of(namespace).items():
        assert term.startswith(f"<{iri}")
        assert re.sub(r"\W", "_", term.removeprefix(f"<{iri}").removesuffix(">")) == name


CLOSED = {
    "DCTERMS": rdflib.namespace.DCTERMS,
    "FOAF": rdflib.namespace.FOAF,
    "GEO": rdflib.namespace.GEO,
    "ORG": rdflib.namespace.ORG,
    "OWL": rdflib.namespace.OWL,
    "PROV": rdflib.namespace.PROV,
    "RDF": rdflib.namespace.RDF,
    "RDFS": rdflib.namespace.RDFS,
    "SKOS": rdflib.namespace.SKOS,
    "TIME": rdflib.namespace.TIME,
    "XSD": rdflib.namespace.XSD,
}


@pytest.mark.parametrize("name", CLOSED)
def test_rdflib_knows_the_same_terms(name: str) -> None:
    namespace: type[Namespace] = getattr(vocabulary, name)
    unknown = [n for n, t in terms_of(namespace).items() if terms.iri_of(t) not in CLOSED[name]]
    assert unknown == []


def test_prefixes_of_the_ontology_are_those_of_the_vocabulary() -> None:
    for file in folder("ontology").glob("*.ttl"):
        declared = dict(re.findall(r"(?m)^@prefix (\w+): <([^>]+)> \.$", file.read_text("utf-8")))
        assert declared.items() <= PREFIXES.items()


@pytest.mark.parametrize(
    "values",
    [
        model.ActorType,
        model.AttributionKind,
        model.Certainty,
        model.DateBasis,
        model.Directness,
        model.Polarity,
    ],
)
def test_closed_values_of_the_model_are_terms(values: type[StrEnum]) -> None:
    assert [vocabulary.term(TST, v) for v in values] == [
        f"<{PREFIXES['tst']}{v.value}>" for v in values
    ]


def test_an_unknown_term_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"TIME has no term 'Instant'; it has TemporalEntity"):
        vocabulary.term(vocabulary.TIME, "Instant")


def test_some_terms_as_they_are_written() -> None:
    assert TST.speaker == "<https://w3id.org/testimonia#speaker>"
    assert CRM.P4_has_time_span == "<http://www.cidoc-crm.org/cidoc-crm/P4_has_time-span>"
    assert EVENT_TYPES["yield"] == "<https://w3id.org/testimonia/event-types#yield>"
    assert ONTOLOGY == "<https://w3id.org/testimonia>"
