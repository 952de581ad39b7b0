"""Many documents at once into a store that has none: all are linked first, then loaded in one go.

The usual way puts a document into the store as it comes, so that it can be asked for at once, and
each changes what the others before it have there. Here everything waits on the disk
(:mod:`testimonia.ingest.spool`) until the record says which entities are one; shared graphs and the
reading view are then made from the record, and the store's bulk loader takes all of it. The graph
is the same. Until then nothing is in the store and no document is marked as stored: what is cut
short is in the record and can be resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from testimonia.crossref.documents import Entered
from testimonia.crossref.preparing import Given
from testimonia.errors import ArchiveError
from testimonia.ingest.ingestion import Ingestion
from testimonia.ingest.spool import Shards, Spool, Waiting
from testimonia.ingest.storing import Linking
from testimonia.linking import Links, label_triples, same_triples
from testimonia.model import GazetteerEntry
from testimonia.reprints import Reprints
from testimonia.store import Batch
from testimonia.store.arrivals import Arrival, image, lines
from testimonia.terms import Graph, Term, iri

FOLDER: Final = "spool"


@dataclass(frozen=True, slots=True)
class Bulk:
    """How documents are taken in at once: the archive's folder, in which they wait; whether they
    are set beside one another (which accounts are of one event, how statements stand to others:
    half of the writer's work); who is told what is being done."""

    archive: Path
    relations: bool = True
    notice: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Spooling(Linking):
    """Links documents as ever, in the record, and lets them wait."""

    spool: Spool = field(kw_only=True)
    relations: bool = field(kw_only=True)
    around_names: dict[str, str] = field(default_factory=dict)

    def store(self, arrivals: Sequence[Arrival], pending: Collection[str]) -> None:
        """Let them wait. What ``graph/entities`` and ``graph/relations`` say follows from the
        record, when all are linked."""
        iris = self.writer.iris
        later = {iris.entities_graph, iris.relations_graph}
        for each in arrivals:
            shared = {name: graph for name, graph in each.shared.items() if name not in later}
            self.spool.add(each, shared, once=(iris.gazetteer_graph,))
        self.others.clear()

    def _crossed(self, given: Given, links: Links) -> Entered:
        if self.relations:
            return super(Spooling, self)._crossed(given, links)
        return Entered({}, frozenset(), frozenset(), Batch())

    def _entries(self, places: Iterable[GazetteerEntry]) -> list[GazetteerEntry]:
        found = super(Spooling, self)._entries(places)
        self.around_names.update((f"place/{each.id}", each.name) for each in found)
        return found


class BulkIngestion(Ingestion):
    """An ingestion whose documents are in the store when it is completed, and not before.

    Raises:
        ArchiveError: the store has documents, or people have decided on some.
    """

    bulk: Bulk

    def begin(self, bulk: Bulk) -> None:
        """Let documents wait in the bulk's folder."""
        named = filter(None, map(self.writer.iris.parse, self.writer.graphs()))
        if any(name.kind == "document" for name in named) or self.catalog.has_decisions():
            raise ArchiveError(
                "an archive that has documents in its graph, or decisions on some, takes in others"
                " one by one: leave out --bulk"
            )
        self.bulk = bulk
        usual = self._linking
        self._linking = Spooling(
            *(usual.catalog, usual.writer, usual.entities, usual.around),
            *(usual.gazetteer, usual.settled),
            spool=Spool(bulk.archive / FOLDER),
            relations=bulk.relations,
        )

    def complete(self) -> None:
        """Put everything into the store, ready to be asked, and mark the documents as stored."""
        linking = self._spooling
        if linking.spool.count:
            self.bulk.notice(f"documents to be put together: {linking.spool.count:,} …")
            shards = Completion(linking, set(self._pending)).shards()
            self.bulk.notice(f"loading {sum(each.stat().st_size for each in shards):,} bytes …")
            self.writer.load_files(shards)
            linking.settled(linking.touched)
            self.bulk.notice("indexing words and names …")
        super()._finish()

    def abandon(self) -> None:
        """Take what waits off the disk; the record keeps the documents, to be resumed."""
        self._spooling.spool.remove()

    @property
    def _spooling(self) -> Spooling:
        return cast("Spooling", self._linking)

    def _settle(self) -> None:
        # While documents wait, that they are not in the store is no remains of another run.
        if not self._spooling.spool.count:
            super()._settle()

    def _flush_sometimes(self) -> None:
        self._pass_reached()

    def _finish(self) -> None:
        self._pass_reached()


@contextmanager
def completed(ingestion: Ingestion, bulk: Bulk) -> Iterator[None]:
    """What is ingested in the context is in the store after it, if it is a bulk. One that is cut
    short leaves nothing in the store."""
    if not isinstance(ingestion, BulkIngestion):
        yield
        return
    ingestion.begin(bulk)
    try:
        yield
        ingestion.complete()
    finally:
        ingestion.abandon()


@dataclass(frozen=True, slots=True)
class Completion:
    """What all documents together say: shared graphs and the reading view, from the record."""

    linking: Spooling
    pending: set[str]

    def shards(self) -> list[Path]:
        """All files to be loaded."""
        spool = self.linking.spool
        shared, view = Shards(spool.folder, "shared"), Shards(spool.folder, "view")
        for waiting in spool.waiting():
            self._document(waiting, shared, view)
        for name, graph in self._whole():
            shared.write(lines(graph, name))
            view.write(image(graph, {}, self.linking.writer.iris))
        for _, graph in spool.said_once():
            view.write(image(graph, {}, self.linking.writer.iris))
        shared.close()
        view.close()
        return [*spool.documents.files, *shared.files, *view.files]

    def _document(self, waiting: Waiting, shared: Shards, view: Shards) -> None:
        linking, id_ = self.linking, waiting.id
        iris = linking.writer.iris
        links = linking.entities.recorded(id_)
        standing = linking.crossing.recorded(id_)
        canonical: dict[Term, Term] = {
            iri(iris.local(id_, key)): iri(iris.base_iri + path)
            for key, path in links.canonical.items()
        }
        reprints = Reprints(linking.catalog, linking.writer).links(id_, self.pending)
        for name, graph in (
            (
                iris.entities_graph,
                same_triples(id_, links, iris)
                | label_triples(links.labels, iris)
                | standing.entities,
            ),
            (iris.relations_graph, standing.relations | reprints),
        ):
            shared.write(lines(graph, name))
            view.write(image(graph, canonical, iris))
        view.write("".join(waiting.lines(canonical)))

    def _whole(self) -> Iterator[tuple[str, Graph]]:
        """Labels of places that are in no text, but around one that is."""
        linking = self.linking
        named = {**linking.around_names, **linking.catalog.labels(linking.around_names)}
        iris = linking.writer.iris
        yield iris.entities_graph, label_triples(named, iris)
