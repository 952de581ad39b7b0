"""What people decided, in an archive: kept in ``graph/decisions`` and in ``graph/entities``.

What is decided of a text is applied where its document is derived (:func:`testimonia.ingest.derive`
is given the decisions). What is decided of entities changes their identity alone, at a cost that
grows with the documents that the decisions are about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog, Doubt, KeptEffect, Record, State
from testimonia.deciding import Local, Nature, Pairs, doubts, for_reading, pairs
from testimonia.deciding.finding import locate, thing_at
from testimonia.decisions import Decision, Effect, Quote, Standing, Target, What, decisions_digest
from testimonia.mapping import (
    Namer,
    affected_paths,
    affected_triples,
    decision_triples,
)
from testimonia.model import Document, Reading, Span
from testimonia.store import Batch, Located, Writer
from testimonia.terms import Graph, Triple, iri, iri_of, literal
from testimonia.vocabulary import RDFS, TST

_MINTED: Final = re.compile(r"[a-z2-7]{26}")
_RULING: Final = (Standing.APPLIED, Standing.AGREED)


class Decided:
    """The decisions of one archive, for the one who writes its store."""

    def __init__(self, catalog: Catalog, writer: Writer) -> None:
        self._catalog = catalog
        self._writer = writer
        self._iris = writer.iris

    # ---------------------------------------------------------------------------- readings

    def on(self, record: Record) -> tuple[Decision, ...]:
        """What rules the reading of a document: for ``derive``, which may be in another process."""
        return for_reading(self._catalog.decisions_on(record))

    def digest(self, record: Record) -> str:
        """What tells these from others; empty where there are none."""
        return decisions_digest(self.on(record))

    def note(self, document: Document, reading: Reading, effects: Sequence[Effect]) -> Graph:
        """Keep in the record what the decisions do in a document, as it is described now, and what
        others would settle. Returns what ``graph/decisions`` says of that."""
        iris, id_ = self._iris, document.id
        paths = affected_paths(document, reading, effects, iris)
        kept = [
            KeptEffect(id_, each.decision, each.standing, each.told, ruled)
            for each, ruled in zip(effects, paths, strict=True)
        ]
        self._catalog.keep_effects(id_, kept)
        ruling = [each for each in effects if each.standing in _RULING]
        decided = {key for each in ruling for key in each.keys}
        self._catalog.keep_doubts(id_, list(self._doubts(document, reading, decided)))
        triples = (affected_triples(each.decision, each.paths, iris) for each in kept)
        return frozenset().union(*triples)

    def _doubts(self, document: Document, reading: Reading, decided: set[str]) -> Iterator[Doubt]:
        namer = Namer(document, self._iris)
        nodes = [namer.statement(each.anchor) for each in reading.statements]
        for each in doubts(reading, decided):
            node = namer.local(each.key) if each.key is not None else nodes[each.statement or 0]
            quote = Quote(each.span, each.span.of(document.text.content))
            path = iri_of(node).removeprefix(self._iris.base_iri)
            rest = (each.confidence, each.dependents, each.score)
            yield Doubt(document.id, each.what, quote, path, *rest)

    # ---------------------------------------------------------------------------- entities

    def relink(self, record: Record) -> bool:
        """Make identities those that merges and splits ask for, of a document and of all that
        these decisions are about beside it: one transaction, of what changes alone.

        Returns whether anything changed.
        """
        before = self._catalog.own_identities(record.id)
        if not self._catalog.has_decisions() and not before:
            return False
        scene = _Scene(self._catalog, self._writer, record)
        if not scene.decisions and not before:
            return False
        return _Relinking(self._catalog, self._writer, scene).run()

    # --------------------------------------------------------------------------- the graph

    def publish(self, *, anew: bool = False) -> list[Decision]:
        """Put the decisions whose triples are not in the store there: those of the record that
        changed, or with ``anew`` all. Returns them, to be noted as published after a flush."""
        graph = self._iris.decisions_graph
        if not anew and not any(self._writer.match(None, TST.decisionKind, None)):
            anew = True
        todo = self._catalog.decisions() if anew else self._catalog.unpublished()
        add = {triple for each in todo for triple in decision_triples(each, self._iris)}
        if add:
            self._writer.apply(Batch(add={graph: frozenset(add)}))
        return todo

    def withdrawn(self, decision: Decision) -> None:
        """A decision that was taken back affects nothing."""
        node = iri(self._iris.decision(decision.id))
        found = self._writer.match(node, TST.affects, None)
        gone = frozenset(triple for graph, triple in found if graph == self._iris.decisions_graph)
        self._writer.apply(Batch(remove={self._iris.decisions_graph: gone}))

    def forget(self, decisions: Iterable[Decision]) -> None:
        """Take decisions out of the graph, with their words."""
        remove: set[Triple] = set()
        kept = {
            triple
            for each in self._catalog.decisions()
            for triple in decision_triples(each, self._iris)
        }
        for decision in decisions:
            remove |= decision_triples(decision, self._iris) - kept
            node = iri(self._iris.decision(decision.id))
            remove |= {triple for _, triple in self._writer.match(node, None, None)}
        self._writer.apply(Batch(remove={self._iris.decisions_graph: frozenset(remove)}))


# ------------------------------------------------------------------------------- what is there


class _Scene:
    """The merges and splits that a document is in, directly or by others, with all documents that
    they are about, and the local entities at their words."""

    def __init__(self, catalog: Catalog, writer: Writer, record: Record) -> None:
        self._catalog = catalog
        self._writer = writer
        self.decisions: dict[str, Decision] = {}
        self.documents: dict[str, Record] = {}
        self._gather(record)
        self._mentions = {id_: self._mentions_of(id_) for id_ in self.documents}
        self.sides = {each.id: self._sides(each) for each in self.decisions.values()}

    def _gather(self, record: Record) -> None:
        if record.state is not State.REMOVED:
            self.documents[record.id] = record
        waiting = [record]
        while waiting:
            for decision in self._catalog.decisions_on(waiting.pop(), linking=True):
                if decision.id in self.decisions:
                    continue
                self.decisions[decision.id] = decision
                for other in self._catalog.touched_by(decision):
                    if other.id not in self.documents and other.state is not State.REMOVED:
                        self.documents[other.id] = other
                        waiting.append(other)

    def _mentions_of(self, document: str) -> list[tuple[Span, str]]:
        """Where which local entity is mentioned, in the graph as it is stored."""
        iris, found = self._writer.iris, []
        for subject, predicate, object_ in self._writer.graph(iris.document_graph(document)):
            if predicate == TST.denotes:
                mention, entity = iris.parse(iri_of(subject)), iris.parse(iri_of(object_))
                if mention and mention.span and entity and entity.is_local:
                    found.append((mention.span, entity.part))
        return sorted(found)

    def _sides(self, decision: Decision) -> tuple[list[Local], list[Local]]:
        other = decision.other or decision.target
        return self._at(decision, decision.target), self._at(decision, other)

    def _at(self, decision: Decision, target: Target) -> list[Local]:
        found = []
        for record in self.documents.values():
            source = record.metadata.identity
            same = record.text_hash == target.text_hash
            if not same and not (source and source == target.source):
                continue
            if decision.scope is not None and same and decision.scope != record.id:
                continue
            content = self._catalog.text(record).text.content
            span = locate(target.quote, content)
            events = decision.what is What.ACCOUNT
            mentions = (
                (words, key)
                for words, key in self._mentions[record.id]
                if key.startswith("event/") is events
            )
            key = thing_at(span, mentions) if span else None
            if key is not None:
                found.append((record.id, key))
        return found


# ------------------------------------------------------------------------------- what changes


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


class _Relinking:
    """One transaction on ``graph/entities``, and on the record beside it."""

    def __init__(self, catalog: Catalog, writer: Writer, scene: _Scene) -> None:
        self._catalog = catalog
        self._writer = writer
        self._iris = writer.iris
        self._scene = scene
        self._recorded = {id_: catalog.identities(id_) for id_ in scene.documents}
        self._kept = {id_: catalog.own_identities(id_) for id_ in scene.documents}

    def run(self) -> bool:
        decided = {
            local for sides in self._scene.sides.values() for each in sides for local in each
        }
        kept = {(id_, key) for id_, own in self._kept.items() for key in own}
        touched = {each for each in decided | kept if self._own(each) is not None}
        own = {each: self._own(each) or "" for each in touched}
        ruled = pairs(self._scene.decisions.values(), self._scene.sides, _natures(own))
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
        return self._kept[id_].get(key) or self._recorded[id_].get(key)

    def _merged(self, ruled: Pairs, own: Mapping[Local, str]) -> dict[Local, str]:
        """The one entity of each that is merged: the gazetteer's, else the oldest."""
        merged = {}
        for cluster in ruled.clusters():
            best = min((own[each] for each in cluster if each in own), key=self._precedence)
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
        sides = self._scene.sides[decision] if standing in _RULING else ([], [])
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
            mine = {key: own[id_, key] for of, key in decided if of == id_ and (of, key) in own}
            recorded = self._recorded[id_]
            news = {key: entity for key, entity in ids.items() if recorded.get(key) != entity}
            if news or mine != self._kept[id_]:
                self._catalog.reidentify(id_, news, mine)
            self._catalog.keep_effects(id_, list(self._effects(id_, ruled)), linking=True)

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


def _natures(own: Mapping[Local, str]) -> dict[Local, Nature]:
    return {
        local: Nature(entity.partition("/")[0], _authority(entity)) for local, entity in own.items()
    }
