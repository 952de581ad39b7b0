"""Which canonical entity each local one is.

A place that the gazetteer knows is that place; what may be met in other documents (actors with
names, unlocated places) is compared with what the archive knows (:mod:`testimonia.crossref`);
every other local entity is its own canonical one. Ids once recorded stay: they come in as
``known``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from testimonia.identity import entity_id
from testimonia.iris import Iris
from testimonia.model import LocalEntity
from testimonia.terms import Graph, Triple, decimal, iri, literal
from testimonia.vocabulary import RDF, RDFS, TST


@dataclass(frozen=True, slots=True)
class Found:
    """Why a local entity is one that other documents have too: how probable, and what decided."""

    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """``canonical`` gives for a local key the path of its canonical IRI under the base
    ("place/geonames-703448"), ``labels`` for such a path its one label, ``found`` for a local key
    why it is one that other documents have, ``doubles`` pairs of such paths that the document
    shows to be one entity."""

    canonical: Mapping[str, str]
    labels: Mapping[str, str]
    found: Mapping[str, Found] = field(default_factory=lambda: MappingProxyType({}))
    doubles: tuple[tuple[str, str], ...] = ()

    @property
    def kinds(self) -> dict[str, tuple[str, str]]:
        """Kind ("actor", "place", "event") and label of each canonical path."""
        return {path: (path.partition("/")[0], label) for path, label in self.labels.items()}


def link(document: str, entities: tuple[LocalEntity, ...], known: Mapping[str, str]) -> Links:
    """Links for the entities of one document by themselves; ``known`` are those recorded before."""
    canonical = {entity.key: _canonical(document, entity, known) for entity in entities}
    labels: dict[str, str] = {}
    for entity in entities:
        labels.setdefault(canonical[entity.key], entity.label)
    return Links(canonical, labels)


def relinked(links: Links, events: Mapping[str, str]) -> Links:
    """The links with other canonical ids for some local keys, which take the labels along."""
    known = {key: path for key, path in events.items() if key in links.canonical}
    moved = {links.canonical[key]: path for key, path in known.items()}
    labels: dict[str, str] = {}
    for path, label in links.labels.items():
        labels.setdefault(moved.get(path, path), label)
    return replace(links, canonical={**links.canonical, **known}, labels=labels)


def entity_triples(document: str, links: Links, iris: Iris) -> Graph:
    """What ``graph/entities`` says of one document's entities."""
    return same_triples(document, links, iris) | label_triples(links.labels, iris)


def same_triples(document: str, links: Links, iris: Iris) -> Graph:
    """Which canonical entities a document's local ones are, and why."""
    return frozenset(
        triple
        for key, path in links.canonical.items()
        for triple in link_triples(document, key, path, links.found.get(key), iris)
    )


def label_triples(labels: Mapping[str, str], iris: Iris) -> Graph:
    """The labels of canonical entities by their paths."""
    return frozenset(
        (iri(iris.base_iri + path), RDFS.label, literal(label)) for path, label in labels.items()
    )


def link_triples(
    document: str, key: str, path: str, found: Found | None, iris: Iris
) -> Iterator[Triple]:
    """That a local entity is a canonical one, and why where other documents have it too."""
    local, canonical = iri(iris.local(document, key)), iri(iris.base_iri + path)
    yield local, TST.sameEntity, canonical
    if found is None:
        return
    node = iri(iris.entity_link(document, key))
    yield node, RDF.type, TST.EntityLink
    yield node, TST.linkFrom, local
    yield node, TST.linkTo, canonical
    yield node, TST.confidence, decimal(found.confidence)
    for reason in found.because:
        yield node, TST.because, literal(reason)


def _canonical(document: str, entity: LocalEntity, known: Mapping[str, str]) -> str:
    if entity.authority:
        return f"{entity.kind}/{entity.authority}"
    recorded = known.get(entity.key)
    if recorded and not recorded.startswith("place/geonames-"):
        return recorded
    return f"{entity.kind}/{entity_id(entity.kind, document, entity.key)}"
