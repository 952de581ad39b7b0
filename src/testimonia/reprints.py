"""Which document shares its text with an earlier one: links in ``graph/relations``.

A document points to the first of those that are in the graph and have its text or nearly its text
(``tst:sharesTextWith``): each to one, so that a report in a thousand papers has 999 links and not
half a million. What a document points to follows from the record alone, whatever came and went.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from testimonia.catalog import Catalog
from testimonia.catalog.signatures import Signed
from testimonia.linking.likeness import SCHEME, THRESHOLD, likeness, sign
from testimonia.store import Batch, Writer
from testimonia.terms import Graph, iri
from testimonia.vocabulary import TST


@dataclass(frozen=True, slots=True)
class Reprints:
    """Finds and links reprints in one archive."""

    catalog: Catalog
    writer: Writer

    def sign_texts(self) -> None:
        """Sign the texts that are not: those of an older version's archive, or of a run that was
        cut short."""
        for text_hash in self.catalog.unsigned(SCHEME):
            self.sign(text_hash, self.catalog.words_of(text_hash))

    def sign(self, text_hash: str, content: str) -> None:
        """Sign one text."""
        signature = sign(content)
        self.catalog.sign(text_hash, SCHEME, signature.minima, signature.bands)

    def link(self, document: str, pending: Collection[str] = ()) -> None:
        """Make the links right that the coming or going of a document changes: its own, and those
        of later documents like it. In the graph are those marked as stored, and ``pending``."""
        own = self.catalog.signed(document)
        if own is None:
            return
        others = list(self._alike(own, pending))
        affected = [own, *(each for each in others if each.arrival > own.arrival)]
        add: set[tuple[str, str, str]] = set()
        remove: set[tuple[str, str, str]] = set()
        for each in affected:
            old, new = self._linked(each.document), self._links(each, pending)
            add |= new - old
            remove |= old - new
        if add or remove:
            graph = self.writer.iris.relations_graph
            self.writer.apply(Batch(add={graph: frozenset(add)}, remove={graph: frozenset(remove)}))

    def links(self, document: str, pending: Collection[str] = ()) -> Graph:
        """What a document points to, from the record alone. In the graph are those marked as
        stored, and ``pending``."""
        own = self.catalog.signed(document)
        return self._links(own, pending) if own else frozenset()

    def _links(self, own: Signed, pending: Collection[str]) -> Graph:
        if not self._is_there(own, pending):
            return frozenset()
        iris = self.writer.iris
        for other in self._alike(own, pending):
            if other.arrival < own.arrival:
                first = iri(iris.document(other.document))
                return frozenset({(iri(iris.document(own.document)), TST.sharesTextWith, first)})
        return frozenset()

    def _linked(self, document: str) -> Graph:
        iris = self.writer.iris
        found = self.writer.match(iri(iris.document(document)), TST.sharesTextWith, None)
        return frozenset(triple for graph, triple in found if graph == iris.relations_graph)

    def _alike(self, own: Signed, pending: Collection[str]) -> Iterator[Signed]:
        for other in self.catalog.candidates(own.document):
            if self._is_there(other, pending) and (
                other.text_hash == own.text_hash or likeness(own.minima, other.minima) >= THRESHOLD
            ):
                yield other

    @staticmethod
    def _is_there(signed: Signed, pending: Collection[str]) -> bool:
        return signed.stored or signed.document in pending
