"""How an archive is carried elsewhere, and what comes into it that is no document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from testimonia.catalog import Record, State
from testimonia.errors import ArchiveLocked
from testimonia.iris import Iris
from testimonia.library.base import Base, checked_base_iri

if TYPE_CHECKING:
    from testimonia.exchange import PackageFormat, StreamFormat
    from testimonia.store import ExportFormat
    from testimonia.validation import Report

_ONTOLOGY: Final = "graph/ontology"


class WithCarrying(Base):
    """The part of an archive that copies, exports, moves and checks it."""

    def rebase(self, base_iri: str) -> int:
        """Let all IRIs of this archive begin with ``base_iri``; ids stay what they are.

        Returns how many quads the store has. A server that has the archive open must be started
        again. After an interruption the same call finishes the work.

        Raises:
            UsageError: it is no base IRI.
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia import stores
        from testimonia.store.moving import move_store, settle_move

        stores.require_embedded(self.catalog, "another base IRI")
        new = Iris(checked_base_iri(base_iri))
        settle_move(self._store)
        with self.view() as view:  # after an interruption the store has still its old names
            old = _base_in(view.graphs()) or self.iris
        count = move_store(self._store, old, new, lambda: self.catalog.rebase(new.base_iri))
        self._end_queries()
        self.iris = new
        return count

    def backup(self, target: Path | str) -> int:
        """Copy record and store, consistent with each other, into the new folder ``target``; while
        another process writes, as they stood when it last published.

        Returns the number of files. Raises as :func:`testimonia.backup.write_backup`.
        """
        from testimonia.backup import write_backup
        from testimonia.exchange import copies
        from testimonia.exchange.snapshot import copy_to, snapshot

        with suppress(ArchiveLocked), self.writer() as writer:
            self._settle(writer)
        with snapshot(self.folder, self.iris) as moment:
            files = write_backup(Path(target), lambda folder: copy_to(moment, folder))
        copies.note(self.folder, Path(target), "backup")
        return files

    def export(
        self,
        output: BinaryIO,
        format: ExportFormat | StreamFormat,
        *,
        graph: str | None = None,
        sort: bool = True,
    ) -> None:
        """Write the whole dataset (or one graph), or all statements one by one, to ``output``;
        equal stores give equal bytes where the format is not Turtle, TriG or JSON-LD.

        Raises:
            UsageError: what the format needs is not installed.
        """
        from testimonia.exchange import STREAMS

        with self.view() as view:
            if format in STREAMS:
                from testimonia.exchange.holdings import Holdings
                from testimonia.exchange.writing import write_stream

                write_stream(Holdings(view, self.catalog), cast("StreamFormat", format), output)
                return
            sort = sort and format in {"nquads", "ntriples"}
            view.export(output, cast("ExportFormat", format), graph=graph, sort=sort)

    def package(self, target: Path | str, format: PackageFormat) -> None:
        """Write the archive as a package of files, a folder or a ZIP, at the new ``target``; works
        while it is written.

        Raises:
            UsageError: ``target`` exists.
        """
        from testimonia.exchange import copies
        from testimonia.exchange.writing import write_package

        write_package(self.folder, self.catalog, self.iris, format, Path(target))
        copies.note(self.folder, Path(target), format)

    def import_graph(
        self, data: bytes, media_type: str, graph: str, *, base_iri: str | None = None
    ) -> bool:
        """Put foreign RDF into a named graph of its own, in the place of what is there.

        Returns whether there was no such graph. Blank nodes stay blank nodes; what uses
        Testimonia's terms is checked against the shapes.

        Raises:
            Forbidden: the graph is Testimonia's.
            QueryError: the data cannot be read, names graphs of its own, or does not conform.
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia.updates.archive import put

        return put(self._store, self.iris, graph, data, media_type, base_iri or graph)

    def validate(self) -> Iterator[tuple[Record, Report]]:
        """The report of every stored document's graph, as it stands in the store."""
        from testimonia.validation import validate

        with self.view() as view:
            for record in self.catalog.documents(State.STORED):
                yield record, validate(view.graph(self.iris.document_graph(record.id)))


def _base_in(graphs: Iterable[str]) -> Iris | None:
    """The base that a store's own graphs have: every store holds the ontology's."""
    bases = [each.removesuffix(_ONTOLOGY) for each in graphs if each.endswith("/" + _ONTOLOGY)]
    return Iris(bases[0]) if len(bases) == 1 else None
