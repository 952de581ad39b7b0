"""What a gazetteer knows of a place, as triples for ``graph/gazetteer``."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.identity import digest
from testimonia.iris import Iris
from testimonia.model import GazetteerEntry
from testimonia.terms import XSD, Term, Triple, iri, iri_of, literal
from testimonia.vocabulary import DCTERMS, EDTF, GEO, RDF, RDFS, SKOS, TST

_GEONAMES = "https://sws.geonames.org/"


def gazetteer_facts(version: str, licence: str, iris: Iris) -> Iterator[Triple]:
    """Whose data stands in ``graph/gazetteer``, of which version, under which licence."""
    graph = iri(iris.gazetteer_graph)
    yield graph, DCTERMS.source, literal(version)
    yield graph, DCTERMS.rights, literal(licence)


def place_facts(entry: GazetteerEntry, iris: Iris) -> Iterator[Triple]:
    """Geometry, country, feature, population, containment and authority of one place."""
    address = iris.place(entry.id)
    node = iri(address)
    yield node, RDF.type, TST.Place
    yield node, TST.name, literal(entry.name)
    yield node, TST.featureCode, literal(entry.feature)
    if entry.latitude is not None and entry.longitude is not None:
        geometry = iri(iris.geometry(entry.id))
        point = f"POINT({entry.longitude:.5f} {entry.latitude:.5f})"
        yield node, GEO.hasGeometry, geometry
        yield geometry, RDF.type, GEO.Geometry
        yield geometry, GEO.asWKT, literal(point, datatype=iri_of(GEO.wktLiteral))
    if entry.country_code:
        yield node, TST.countryCode, literal(entry.country_code)
    if entry.population:
        yield node, TST.population, literal(str(entry.population), datatype=XSD + "integer")
    if entry.period:
        yield from _period_facts(entry, iris)
    for around in entry.within:
        yield node, TST.within, iri(iris.place(around))
    if entry.id.startswith("geonames-"):
        number = entry.id.removeprefix("geonames-")
        yield node, SKOS.exactMatch, iri(f"{_GEONAMES}{number}/")


def period_node(entry: GazetteerEntry, iris: Iris) -> Term | None:
    """The node of the name by which a document of its time calls a place, if it does."""
    period = entry.period
    if period is None:
        return None
    id_ = digest("place name", period.name, period.begin, period.end, period.country)
    return iri(iris.place_name(entry.id, id_))


def _period_facts(entry: GazetteerEntry, iris: Iris) -> Iterator[Triple]:
    node, period = period_node(entry, iris), entry.period
    if node is None or period is None:
        return
    yield iri(iris.place(entry.id)), TST.formerName, node
    yield node, RDF.type, TST.PlaceName
    yield node, RDFS.label, literal(period.name)
    for predicate, value in ((TST.validFrom, period.begin), (TST.validTo, period.end)):
        if value:
            yield node, predicate, literal(value, datatype=iri_of(EDTF.EDTF))
    if period.country:
        yield node, TST.formerCountry, literal(period.country)
