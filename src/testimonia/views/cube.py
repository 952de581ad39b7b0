"""A voices report as RDF: observations of the RDF Data Cube vocabulary (W3C, 2014).

Two data sets: attributions by standing and directness, and by voice and directness. Dimensions
are our own properties; a narrator is told by ``dcterms:type``. All IRIs are under the report's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from testimonia.terms import Term, Triple, boolean, integer, iri, literal
from testimonia.views.values import Standing
from testimonia.views.voices import Voices
from testimonia.vocabulary import DCTERMS, RDF, RDFS, TST

_QB: Final = "http://purl.org/linked-data/cube#"
_TYPE: Final = "<http://purl.org/dc/terms/type>"
_VALUE: Final = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
_DIRECTNESS: Final = (
    ("direct", TST.Direct),
    ("mixed", TST.Mixed),
    ("indirect", TST.Indirect),
)


def triples(report: Voices, address: str) -> list[Triple]:
    """The report at ``address`` (an IRI without a fragment)."""
    found = [*_described(report, address), *_standings(report, address), *_voices(report, address)]
    return list(dict.fromkeys(found))


def _qb(name: str) -> Term:
    return f"<{_QB}{name}>"


def _described(report: Voices, address: str) -> Iterator[Triple]:
    scope = "; ".join(report.scope) or "the whole archive"
    told = f"{report.statements} statements of {report.documents} documents ({scope})"
    yield iri(address), DCTERMS.title, literal(f"Voices report: {told}", language="en")
    by_standing, by_voice = _set(address, "standing"), _set(address, "voice")
    yield from _data_set(by_standing, (_TYPE, TST.named, TST.directness))
    yield from _data_set(by_voice, (TST.speaker, TST.directness))
    if not report.quoted.whole:
        left = f"The {len(report.quoted.items)} most quoted of {report.quoted.total} voices."
        yield by_voice, RDFS.comment, literal(left, language="en")


def _set(address: str, name: str) -> Term:
    return iri(f"{address}#by-{name}")


def _data_set(data_set: Term, dimensions: Iterable[Term]) -> Iterator[Triple]:
    name = data_set[1:-1]
    structure = iri(f"{name}-structure")
    yield data_set, RDF.type, _qb("DataSet")
    yield data_set, _qb("structure"), structure
    yield structure, RDF.type, _qb("DataStructureDefinition")
    for number, dimension in enumerate(dimensions, start=1):
        component = iri(f"{name}-dimension-{number}")
        yield structure, _qb("component"), component
        yield component, _qb("dimension"), dimension
        yield dimension, RDF.type, _qb("DimensionProperty")
    measure = iri(f"{name}-measure")
    yield structure, _qb("component"), measure
    yield measure, _qb("measure"), _VALUE


def _standings(report: Voices, address: str) -> Iterator[Triple]:
    data_set = _set(address, "standing")
    for row in report.rows:
        class_ = TST.Narrator if row.standing is Standing.NARRATOR else TST.Actor
        for name, concept in _DIRECTNESS:
            observation = iri(f"{address}#standing-{row.standing}-{name}")
            yield from _observed(observation, data_set, getattr(row, name))
            yield observation, _TYPE, class_
            yield observation, TST.named, boolean(row.standing is Standing.NAMED)
            yield observation, TST.directness, concept


def _voices(report: Voices, address: str) -> Iterator[Triple]:
    data_set = _set(address, "voice")
    for number, voice in enumerate(report.quoted.items, start=1):
        actor = iri(voice.ref.iri)
        yield actor, RDFS.label, literal(voice.ref.label)
        for name, concept in _DIRECTNESS:
            observation = iri(f"{address}#voice-{number}-{name}")
            yield from _observed(observation, data_set, getattr(voice, name))
            yield observation, TST.speaker, actor
            yield observation, TST.directness, concept


def _observed(observation: Term, data_set: Term, value: int) -> Iterator[Triple]:
    yield observation, RDF.type, _qb("Observation")
    yield observation, _qb("dataSet"), data_set
    yield observation, _VALUE, integer(value)
