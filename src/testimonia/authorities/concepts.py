"""An entry of a list that is no RDF, as triples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from testimonia.terms import Term, Triple, iri, iri_of, literal
from testimonia.vocabulary import DCTERMS, GEO, RDF, SCHEMA, SKOS, TST, terms_of

_TST = terms_of(TST)


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry: ``kind`` is a class of ``tst:`` by its local name, or empty; ``labels`` after the
    first are alternative ones; names without a language stand for any."""

    iri: str
    label: str
    language: str = ""
    labels: tuple[tuple[str, str], ...] = ()  # (name, language)
    kind: str = ""
    description: str = ""
    begin: str = ""
    end: str = ""
    point: tuple[str, str] | None = None  # latitude, longitude
    country: str = ""
    same: tuple[str, ...] = ()
    other: tuple[tuple[Term, Term], ...] = ()  # further predicates and objects


def triples(concept: Concept, graph: str) -> Iterator[Triple]:
    """What the graph of an authority says of an entry."""
    node = iri(concept.iri)
    yield node, RDF.type, SKOS.Concept
    yield node, SKOS.inScheme, iri(graph)
    yield node, SKOS.prefLabel, literal(concept.label, language=concept.language or None)
    for name, language in concept.labels:
        yield node, SKOS.altLabel, literal(name, language=language or None)
    if concept.kind:
        yield node, RDF.type, _TST[concept.kind]
    for predicate, value in (
        (DCTERMS.description, concept.description),
        (SCHEMA.startDate, concept.begin),
        (SCHEMA.endDate, concept.end),
        (TST.countryCode, concept.country),
    ):
        if value:
            yield node, predicate, literal(value)
    for other in concept.same:
        yield node, SKOS.exactMatch, iri(other)
    for predicate, value in concept.other:
        yield node, predicate, value
    if concept.point:
        yield from _geometry(node, concept.point)


def _geometry(node: Term, point: tuple[str, str]) -> Iterator[Triple]:
    whole = iri_of(node)
    geometry = iri(f"{whole}{'-' if '#' in whole else '#'}geometry")
    yield node, GEO.hasGeometry, geometry
    yield geometry, RDF.type, GEO.Geometry
    words = f"POINT({point[1]} {point[0]})"
    yield geometry, GEO.asWKT, literal(words, datatype=iri_of(GEO.wktLiteral))
