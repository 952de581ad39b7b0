"""How documents leave an archive: out of its graph, or out of everything."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from testimonia.catalog import State
from testimonia.endpoints.address import EMBEDDED
from testimonia.errors import ArchiveLocked
from testimonia.library.base import Base
from testimonia.terms import iri

if TYPE_CHECKING:
    from testimonia.exchange.forgetting import Forgotten

_LET_GO_SECONDS: Final = 10.0


class WithLeaving(Base):
    """The part of an archive that lets documents go."""

    def remove(self, document: str) -> None:
        """Take a document out of the graph; the record keeps it.

        Raises:
            UsageError: there is no such document.
        """
        from testimonia.crossref import Entities
        from testimonia.crossref.documents import CrossReference
        from testimonia.mapping import retired
        from testimonia.reprints import Reprints

        self.record(document)
        with self.writer() as writer:
            old = writer.graph(self.iris.document_graph(document))
            self.catalog.retire(retired(old, frozenset(), self.iris))
            self.catalog.mark_undone(document, State.REMOVED)
            Entities(self.catalog).remove(document)
            writer.remove_document(document)
            writer.apply(CrossReference(self.catalog, self.iris).leave(document))
            Reprints(self.catalog, writer).link(document)
            self.review.relink(document, writer)
            self._authority_files(writer).link(set(self.catalog.identities(document).values()))

    def forget(self, document: str) -> Forgotten:
        """Take a document out everywhere: bytes, text, metadata, graph, and what only it gave; a
        forgetting that was cut short before is finished first.

        Returns what could not be reached: copies of the archive, generations still being read.

        Raises:
            UsageError: there is no such document.
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia.crossref import Entities, LinkGraph
        from testimonia.crossref.documents import CrossReference
        from testimonia.exchange import copies, forgetting
        from testimonia.ingest.cluster.shards import FOLDER as SHARDS
        from testimonia.ingest.cluster.shards import Shelf

        if forgetting.unfinished(self.folder):
            forgetting.clean(self.folder)
            self._renew()
        record = self.record(document)
        holding = copies.holding(self.folder, record.id, record.added)
        with self.writer() as writer:
            self.catalog.mark_undone(record.id, State.REMOVED)
            changed = Entities(self.catalog).forget(record.id)
            writer.remove_document(record.id)
            LinkGraph(self.catalog, writer).line_up(changed)
            writer.apply(CrossReference(self.catalog, self.iris).leave(record.id))
            mine = iri(self.iris.document(record.id))
            naming = {graph for graph, _ in writer.match(None, None, mine)}
            users = tuple(sorted(each for each in naming if not self.iris.is_managed(each)))
            decisions = self.catalog.decisions()
            forgetting.forget(self.folder, record.id)
            Shelf(self.folder / SHARDS).drop_all_of(record.id)
            gone = self.review.forget(decisions, writer)
        elsewhere = "" if self.store == EMBEDDED else self.store
        return forgetting.Forgotten(record.name, holding, self._renew(), users, gone, elsewhere)

    def _renew(self) -> tuple[Path, ...]:
        """Make the store anew of what is in it, so that nothing else is on the disk."""
        from testimonia.exchange import forgetting
        from testimonia.store.whole import drop_older, renew
        from testimonia.updates.archive import sweep

        older = renew(self._store, self.iris)
        sweep(self._store)
        until = time.monotonic() + _LET_GO_SECONDS
        while older and time.monotonic() < until:  # a server that is idle lets go of them
            time.sleep(0.2)
            with suppress(ArchiveLocked):
                older = drop_older(self._store)
        if not older:
            forgetting.finished(self.folder)
        return older
