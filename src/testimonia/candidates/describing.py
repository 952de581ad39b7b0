"""What triples say of a thing: an archive's entity, or an entry of an authority file."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from testimonia.candidates.thing import KINDS, Thing
from testimonia.terms import Term, iri_of, is_iri, words_of
from testimonia.vocabulary import EVENT_TYPES, RDF, RDFS, SKOS, TST

# Predicate and object.
Said = Iterable[tuple[Term, Term]]
_LABEL, _NAME, _WKT = "label", "name", "wkt"
_KEPT: Final = ("description", "begin", "end", "country", "same", "close", "within", "feature")
_POINTS: Final = (_WKT, "latitude", "longitude")
_LONGEST_DESCRIPTION: Final = 500
_POINT: Final = re.compile(r"POINT\s*Z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)", re.IGNORECASE)
_TYPES: Final = {term: name for name, term in EVENT_TYPES.items()}
_LANGUAGES: Final = ("en", "")  # of labels, the better first


def entity(iri: str, said: Said) -> Thing | None:
    """An actor, place or event, by what the reading view says of it and of its geometry; ``None``
    where it has no label there."""
    said = list(said)
    stated = [(predicate, words_of(value)) for predicate, value in said if not is_iri(value)]
    labels = sorted(words for predicate, words in stated if predicate == RDFS.label)
    if not labels:
        return None
    names = sorted(words for predicate, words in stated if predicate == TST.name)
    facts = _facts(said)
    if (TST.named, "false") in stated:
        facts["unnamed"] = ("yes",)
    types = sorted(_TYPES[value] for pre, value in said if pre == TST.eventType and value in _TYPES)
    if types:
        facts["event_type"] = tuple(types)
    return Thing(iri, "", labels[0], _kinds(said), (labels[0], *names), facts)


def entry(iri: str, source: str, said: Said) -> Thing | None:
    """An entry of the authority ``source``; ``None`` for what has no label, or is a vocabulary's
    frame and no entry."""
    said = list(said)
    types = {value for predicate, value in said if predicate == RDF.type}
    if SKOS.ConceptScheme in types:
        return None
    ranked = sorted(
        (rank, _rank(value), words_of(value))
        for predicate, value in said
        if (rank := _label_rank(predicate)) is not None and not is_iri(value)
    )
    if not ranked:
        return None
    others = sorted(
        words_of(value)
        for predicate, value in said
        if _fact_of(predicate) == _NAME and not is_iri(value)
    )
    labels = [words for *_, words in ranked]
    names = tuple(dict.fromkeys((*labels, *others)))
    return Thing(iri, source, labels[0], _kinds(said), names, _facts(said))


@cache
def of_entities() -> frozenset[Term]:
    """The predicates that :func:`entity` looks at, and those of :func:`linked_nodes`."""
    stated = {RDFS.label, TST.name, TST.named, TST.eventType, RDF.type, _INSTANCE_OF}
    facts = {term for term, fact in _properties().items() if fact in (*_KEPT, *_POINTS)}
    return frozenset(stated | facts | _nodes() | {_LITERAL_FORM})


def linked_nodes(said: Said) -> Iterator[Term]:
    """The nodes that hold a part of what is said: geometries, labels of SKOS-XL."""
    for predicate, value in said:
        if is_iri(value) and predicate in _nodes():
            yield value


def flattened(said: Said, of_nodes: Mapping[Term, Said]) -> list[tuple[Term, Term]]:
    """What is said, with what the nodes of :func:`linked_nodes` hold in their place."""
    result: list[tuple[Term, Term]] = []
    for predicate, value in said:
        if value not in of_nodes or predicate not in _nodes():
            result.append((predicate, value))
            continue
        for inner, held in of_nodes[value]:
            # A label's form is a label; a geometry's WKT and coordinates stand for themselves.
            result.append((predicate if inner == _LITERAL_FORM else inner, held))
    return result


_LITERAL_FORM: Final = "<http://www.w3.org/2008/05/skos-xl#literalForm>"


@cache
def _nodes() -> frozenset[Term]:
    xl = "http://www.w3.org/2008/05/skos-xl#"
    geo = "http://www.opengis.net/ont/geosparql#"
    schema = ("http://schema.org/geo", "https://schema.org/geo")
    named = (f"{xl}prefLabel", f"{xl}altLabel", f"{geo}hasGeometry", *schema)
    return frozenset(f"<{each}>" for each in named)


def _facts(said: Iterable[tuple[Term, Term]]) -> dict[str, tuple[str, ...]]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for predicate, value in said:
        fact = _fact_of(predicate)
        if fact is not None:
            values[fact].add(iri_of(value) if is_iri(value) else words_of(value))
    facts = {fact: tuple(sorted(values[fact])) for fact in _KEPT if values[fact]}
    if "description" in facts:
        facts["description"] = tuple(each[:_LONGEST_DESCRIPTION] for each in facts["description"])
    if "country" in facts:
        facts["country"] = tuple(each.upper() for each in facts["country"])
    point = _point(values)
    if point is not None:
        facts["point"] = point
    return facts


def _point(values: Mapping[str, set[str]]) -> tuple[str, str] | None:
    """Latitude and longitude, where they are said once and are such."""
    found = {(lat, long) for each in values.get(_WKT, ()) for long, lat in _POINT.findall(each)}
    latitudes, longitudes = values.get("latitude", ()), values.get("longitude", ())
    if not found and len(latitudes) == len(longitudes) == 1:
        found = set(zip(latitudes, longitudes, strict=True))
    if len(found) != 1:
        return None
    ((latitude, longitude),) = found
    try:
        good = -90 <= float(latitude) <= 90 and -180 <= float(longitude) <= 180
    except ValueError:
        return None
    return (latitude, longitude) if good else None


def _kinds(said: Iterable[tuple[Term, Term]]) -> tuple[str, ...]:
    """The most special of the classes that are known."""
    types = (value for predicate, value in said if predicate in (RDF.type, _INSTANCE_OF))
    found = {_classes()[iri_of(each)] for each in types if iri_of(each) in _classes()}
    above = {kind for each in found for kind in KINDS[each]}
    return tuple(sorted(found - above))


_INSTANCE_OF: Final = "<http://www.wikidata.org/prop/direct/P31>"


def _rank(value: Term) -> tuple[int, str]:
    """English labels before those without a language, these before all others."""
    language = value.rpartition('"')[2].removeprefix("@")
    base = language.split("-")[0] if not language.startswith("^^") else ""
    return (_LANGUAGES.index(base) if base in _LANGUAGES else len(_LANGUAGES)), language


def _label_rank(predicate: Term) -> int | None:
    return _labels().get(predicate)


def _fact_of(predicate: Term) -> str | None:
    return _properties().get(predicate)


@cache
def _labels() -> Mapping[Term, int]:
    labels = (predicate for predicate, fact in _properties().items() if fact == _LABEL)
    return {predicate: rank for rank, predicate in enumerate(labels)}


@cache
def _properties() -> Mapping[Term, str]:
    return {f"<{row['property']}>": row["fact"] for row in _table("properties.csv")}


@cache
def _classes() -> Mapping[str, str]:
    return {row["class"]: row["kind"] for row in _table("classes.csv")}


def _table(name: str) -> Iterator[dict[str, str]]:
    text = (files("testimonia.candidates") / "data" / name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    yield from csv.DictReader(lines)
