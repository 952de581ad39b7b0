"""Which canonical entity each local one is.

This is the trivial linking: a place that the gazetteer knows is that place, every other local
entity is its own canonical one. Ids once recorded stay: they come in as ``known``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from testimonia.identity import entity_id
from testimonia.iris import Iris
from testimonia.model import LocalEntity
from testimonia.terms import Graph, iri, literal
from testimonia.vocabulary import RDFS, TST


@dataclass(frozen=True, slots=True)
class Links:
    """``canonical`` gives for a local key the path of its canonical IRI under the base
    ("place/geonames-703448"), ``labels`` for such a path its one label."""

    canonical: Mapping[str, str]
    labels: Mapping[str, str]


def link(document: str, entities: tuple[LocalEntity, ...], known: Mapping[str, str]) -> Links:
    """Links for the entities of one document; ``known`` are those recorded before."""
    canonical = {entity.key: _canonical(document, entity, known) for entity in entities}
    labels: dict[str, str] = {}
    for entity in entities:
        labels.setdefault(canonical[entity.key], entity.label)
    return Links(canonical, labels)


def relinked(links: Links, events: Mapping[str, str]) -> Links:
    """The links with other canonical ids for some local keys, which take the labels along."""
    moved = {links.canonical[key]: path for key, path in events.items() if key in links.canonical}
    labels: dict[str, str] = {}
    for path, label in links.labels.items():
        labels.setdefault(moved.get(path, path), label)
    return Links({**links.canonical, **events}, labels)


def entity_triples(document: str, links: Links, iris: Iris) -> Graph:
    """What ``graph/entities`` says of one document's entities."""
    same = {
        (iri(iris.local(document, key)), TST.sameEntity, iri(iris.base_iri + path))
        for key, path in links.canonical.items()
    }
    named = {
        (iri(iris.base_iri + path), RDFS.label, literal(label))
        for path, label in links.labels.items()
    }
    return frozenset(same | named)


def _canonical(document: str, entity: LocalEntity, known: Mapping[str, str]) -> str:
    if entity.authority:
        return f"{entity.kind}/{entity.authority}"
    recorded = known.get(entity.key)
    if recorded and not recorded.startswith("place/geonames-"):
        return recorded
    return f"{entity.kind}/{entity_id(entity.kind, document, entity.key)}"
