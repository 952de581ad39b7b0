"""What people decided, in an archive: kept in ``graph/decisions`` and in ``graph/entities``.

What is decided of a text is applied where its document is derived (:func:`testimonia.ingest.derive`
is given the decisions). What is decided of entities changes their identity alone, at a cost that
grows with the documents that the decisions are about.
"""

from __future__ import annotations

from collections.abc import Iterable

from testimonia.catalog import Catalog, Record
from testimonia.crossref import Constraints
from testimonia.decided.across import Across, constraints
from testimonia.decided.noted import Noted
from testimonia.decided.relating import Relating
from testimonia.decided.relinking import Relinking, natures
from testimonia.decided.scene import Scene
from testimonia.deciding import Pairs, for_reading, pairs
from testimonia.decisions import Decision, decisions_digest
from testimonia.mapping import affected_triples, decision_triples
from testimonia.model import Reading
from testimonia.store import Batch, Writer
from testimonia.terms import Graph, Triple, iri
from testimonia.vocabulary import TST


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

    def note(self, found: Noted) -> Graph:
        """Keep in the record what the decisions do in a document, as it is described now, and what
        others would settle. Returns what ``graph/decisions`` says of that."""
        self._catalog.keep_effects(found.document, found.effects)
        self._catalog.keep_doubts(found.document, found.doubts)
        triples = (
            affected_triples(each.decision, each.paths, self._iris) for each in found.effects
        )
        return frozenset().union(*triples)

    # ---------------------------------------------------------------------------- entities

    def pairs(self, record: Record, reading: Reading | None = None) -> Pairs:
        """Which local entities of a document are one with which others, and which are not, as
        people decided: constraints for linking. ``reading`` is what is about to be stored of it."""
        if not self._catalog.has_decisions():
            return Pairs()
        scene = Scene(self._catalog, self._writer, record, reading)
        return pairs(scene.decisions.values(), scene.sides, natures(self._recorded(scene)))

    def _recorded(self, scene: Scene) -> dict[tuple[str, str], str]:
        """What linking says that the local entities of a scene are."""
        return {
            (id_, key): entity
            for id_ in scene.documents
            for key, entity in {
                **self._catalog.identities(id_),
                **self._catalog.own_identities(id_),
            }.items()
        }

    def relink(self, record: Record) -> bool:
        """Make identities those that merges and splits ask for, of a document and of all that
        these decisions are about beside it, and relations those that people confirmed: of what
        changes alone.

        Returns whether anything changed.
        """
        before = self._catalog.own_identities(record.id)
        if not self._catalog.has_decisions() and not before:
            return False
        related = Relating(self._catalog, self._writer, record).run()
        scene = Scene(self._catalog, self._writer, record)
        if not scene.decisions and not before:
            return related
        ruled = pairs(scene.decisions.values(), scene.sides, natures(self._recorded(scene)))
        across = Across(self._catalog, self._writer, scene).run(ruled)
        return Relinking(self._catalog, self._writer, scene).run() or across or related

    def constraints(self, document: str) -> Constraints:
        """The same for linking: what rules the local entities of a document by its id."""
        record = self._catalog.document(document) if self._catalog.has_decisions() else None
        return Constraints() if record is None else constraints(self.pairs(record))

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
