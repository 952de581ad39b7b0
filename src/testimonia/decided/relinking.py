"""Identities as merges and splits ask for them: one transaction, of what changes alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog, KeptEffect
from testimonia.decided.scene import Scene
from testimonia.deciding import Local, Nature, Pairs, pairs
from testimonia.decisions import Standing
from testimonia.store import Batch, Located, Writer
from testimonia.terms import Triple, iri, iri_of, literal
from testimonia.vocabulary import RDFS, TST

_MINTED: Final = re.compile(r"[a-z2-7]{26}")


@dataclass(slots=True)
class _Change:
    """What one transaction changes."""

    remove: defaultdict[str, set[Triple]] = field(default_factory=lambda: defaultdict(set))
    add: defaultdict[str, set[Triple]] = field(default_factory=lambda: defaultdict(set))
    gone: dict[str, str | None] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)

    def batch(self) -> Batch:
        frozen = [
            {graph: frozenset(triples) for graph, triples in each.items() if triples}
            for each in (self.add, self.remove)
        ]
        return Batch(add=frozen[0], remove=frozen[1])


class Relinking:
    """One transaction on ``graph/entities``, and on the record beside it."""

    def __init__(self, catalog: Catalog, writer: Writer, scene: Scene) -> None:
        self._catalog = catalog
        self._writer = writer
        self._iris = writer.iris
        self._scene = scene
        self._recorded = {id_: catalog.identities(id_) for id_ in scene.documents}
        self._kept = {id_: catalog.own_identities(id_) for id_ in scene.documents}
        # Those that linking compares are linked already as people decided (``across``).
        self._linked = {(id_, key) for id_ in scene.documents for key in catalog.profiles(id_)}

    def run(self) -> bool:
        """Change record and graph. Returns whether anything changed."""
        decided = {
            local for sides in self._scene.sides.values() for each in sides for local in each
        }
        kept = {(id_, key) for id_, own in self._kept.items() for key in own}
        touched = {each for each in decided | kept if self._own(each) is not None}
        own = {each: self._own(each) or "" for each in touched}
        ruled = pairs(self._scene.decisions.values(), self._scene.sides, natures(own))
        canonical = {**own, **self._merged(ruled, own)}
        change = _Change()
        self._identities(canonical, change)
        self._rulings(ruled, change)
        self._record(decided, own, canonical, ruled)
        self._catalog.retire(change.gone, back=change.back)
        return self._writer.apply(change.batch())

    def _own(self, local: Local) -> str | None:
        """What linking by itself says that a local entity is."""
        id_, key = local
        recorded = self._recorded[id_].get(key)
        return recorded if local in self._linked else self._kept[id_].get(key) or recorded

    def _merged(self, ruled: Pairs, own: Mapping[Local, str]) -> dict[Local, str]:
        """The one entity of each that is merged: the gazetteer's, else the oldest."""
        merged = {}
        for cluster in ruled.clusters():
            known = [each for each in cluster if each in own]
            chosen = [each for each in known if each in self._linked] or known
            best = min((own[each] for each in chosen), key=self._precedence)
            merged.update(dict.fromkeys(cluster, best))
        return merged

    def _precedence(self, entity: str) -> tuple[bool, float, str]:
        age = self._catalog.age(entity)
        return _authority(entity) is None, float("inf") if age is None else age, entity

    def _identities(self, canonical: Mapping[Local, str], change: _Change) -> None:
        """Links of locals that are of another entity now; an entity that has none any more leads
        to the one that has them."""
        graph = self._iris.entities_graph
        moved: dict[str, str] = {}
        for (id_, key), entity in sorted(canonical.items()):
            node, new = iri(self._iris.local(id_, key)), iri(self._iris.base_iri + entity)
            links = [each for each in self._in(graph, node) if each[1] == TST.sameEntity]
            for link in links:
                if link[2] != new:
                    change.remove[graph].add(link)
                    moved[iri_of(link[2]).removeprefix(self._iris.base_iri)] = entity
            if links and all(link[2] != new for link in links):
                change.add[graph].add((node, TST.sameEntity, new))
        self._labels(moved, change)

    def _labels(self, moved: Mapping[str, str], change: _Change) -> None:
        graph = self._iris.entities_graph
        for entity in {
            iri_of(new).removeprefix(self._iris.base_iri) for _, _, new in change.add[graph]
        }:
            change.back.add(entity)
            label = self._catalog.label(entity)
            if label is not None:
                node = iri(self._iris.base_iri + entity)
                change.add[graph].add((node, RDFS.label, literal(label)))
        left = {link[0] for link in change.remove[graph]}
        for entity, new in moved.items():
            node = iri(self._iris.base_iri + entity)
            links = self._writer.match(None, TST.sameEntity, node)
            if any(where == graph and link[0] not in left for where, link in links):
                continue
            change.gone[entity] = new
            # What authorities say of it stays where they say it.
            change.remove[graph] |= set(self._in(graph, node))

    def _rulings(self, ruled: Pairs, change: _Change) -> None:
        """Which local entities each decision rules now, in ``graph/decisions``."""
        graph = self._iris.decisions_graph
        for id_ in self._scene.decisions:
            node = iri(self._iris.decision(id_))
            wanted = {
                (node, TST.affects, iri(self._iris.local(*local))) for local in self._of(id_, ruled)
            }
            there = {
                link
                for link in self._in(graph, node)
                if link[1] == TST.affects and self._is_entity(link[2])
            }
            change.add[graph] |= wanted - there
            if id_ in ruled.standings or self._scene.decisions[id_].withdrawn:
                change.remove[graph] |= there - wanted

    def _of(self, decision: str, ruled: Pairs) -> set[Local]:
        standing, _ = ruled.standings.get(decision, (Standing.NONE, ""))
        sides = self._scene.sides[decision] if standing.rules else ([], [])
        return {*sides[0], *sides[1]}

    def _is_entity(self, term: str) -> bool:
        name = self._iris.parse(iri_of(term))
        return name is not None and name.is_local

    def _record(
        self,
        decided: set[Local],
        own: Mapping[Local, str],
        canonical: Mapping[Local, str],
        ruled: Pairs,
    ) -> None:
        for id_ in self._scene.documents:
            ids = {key: entity for (of, key), entity in canonical.items() if of == id_}
            mine = {
                key: own[id_, key]
                for of, key in decided
                if of == id_ and (of, key) in own and (of, key) not in self._linked
            }
            recorded = self._recorded[id_]
            news = {key: entity for key, entity in ids.items() if recorded.get(key) != entity}
            if news or mine != self._kept[id_]:
                self._catalog.reidentify(id_, news, mine)
            self._catalog.keep_effects(id_, list(self._effects(id_, ruled)), "linking")

    def _effects(self, document: str, ruled: Pairs) -> Iterator[KeptEffect]:
        for id_, (standing, told) in sorted(ruled.standings.items()):
            locals_ = {each for each in self._of(id_, ruled) if each[0] == document}
            holding = {each.id for each in self._catalog.touched_by(self._scene.decisions[id_])}
            if document not in holding:
                continue
            base = self._iris.base_iri
            paths = tuple(sorted(self._iris.local(*each).removeprefix(base) for each in locals_))
            yield KeptEffect(document, id_, standing, told, paths)

    def _in(self, graph: str, subject: str) -> Iterator[Triple]:
        found: Iterable[Located] = self._writer.match(subject, None, None)
        return (triple for where, triple in found if where == graph)


def _authority(entity: str) -> str | None:
    """The path of what a gazetteer knows, ``None`` for what was minted."""
    return None if _MINTED.fullmatch(entity.partition("/")[2]) else entity


def natures(own: Mapping[Local, str]) -> dict[Local, Nature]:
    """What each local entity cannot cease to be, by the path of what linking says that it is."""
    return {
        local: Nature(entity.partition("/")[0], _authority(entity)) for local, entity in own.items()
    }
