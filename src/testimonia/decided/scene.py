"""The merges and splits that a document is in, with all documents that they are about."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.catalog import Catalog, Record, State
from testimonia.deciding import Local
from testimonia.deciding.finding import locate, thing_at
from testimonia.decisions import Decision, Target, What
from testimonia.model import Reading, Span
from testimonia.store import Writer
from testimonia.terms import iri_of
from testimonia.vocabulary import TST


class Scene:
    """The merges and splits that a document is in, directly or by others, with all documents that
    they are about, and the local entities at their words."""

    def __init__(
        self, catalog: Catalog, writer: Writer, record: Record, reading: Reading | None = None
    ) -> None:
        self._catalog = catalog
        self._writer = writer
        self._read = {} if reading is None else {record.id: reading}
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
            for decision in self._catalog.decisions_on(waiting.pop(), "linking"):
                if decision.id in self.decisions:
                    continue
                self.decisions[decision.id] = decision
                for other in self._catalog.touched_by(decision):
                    if other.id not in self.documents and other.state is not State.REMOVED:
                        self.documents[other.id] = other
                        waiting.append(other)

    def _mentions_of(self, document: str) -> list[tuple[Span, str]]:
        """Where which local entity is mentioned: in its new reading, else in the graph as it is
        stored."""
        if (reading := self._read.get(document)) is not None:
            return sorted(_mentions(reading))
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


def _mentions(reading: Reading) -> Iterator[tuple[Span, str]]:
    for entities in (reading.actors, reading.places, reading.events):
        for entity in entities:
            for mention in entity.mentions:
                yield mention.span, entity.key
