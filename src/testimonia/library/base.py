"""An archive's parts, put together: its record, its store, who reads and who writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from testimonia import resources
from testimonia.catalog import Catalog, Record, State
from testimonia.closing import Closing
from testimonia.errors import ArchiveLocked, TestimoniaError, UsageError
from testimonia.iris import Iris
from testimonia.library import readers
from testimonia.library.notices import Notice
from testimonia.settings import Settings
from testimonia.terms import Graph

if TYPE_CHECKING:
    from testimonia.crossref.authorities import Authorities
    from testimonia.curating import Review
    from testimonia.gazetteer import Gazetteer
    from testimonia.ingest import Extractor, Ingestion, Readers
    from testimonia.sparql.evaluator import Evaluator, QueryResult
    from testimonia.store import View, Writer
    from testimonia.store.published import Published

KEEP_TEXT: Final = "keep_text"


class Base(Closing):
    """A record and the graph derived from it."""

    def __init__(
        self,
        folder: Path,
        catalog: Catalog,
        settings: Settings,
        notice: Notice,
        store: str | None = None,
    ) -> None:
        self.folder = folder
        self.catalog = catalog
        self.settings = settings
        self.iris = Iris(catalog.base_iri)
        self._notice = notice
        self._asked_store = store

    def close(self) -> None:
        """End the query processes and close the record."""
        if "evaluator" in self.__dict__:
            self.evaluator.close()
        self.catalog.close()

    # ---------------------------------------------------------------------- writing

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """The one writer of the store.

        Raises:
            ArchiveLocked: another process has it; the message says which.
        """
        from testimonia.store.opening import open_writer

        with open_writer(self._store, self.iris) as writer:
            self._complete(writer)
            self._finish_authorities(writer)
            yield writer

    @contextmanager
    def _ingestion(self, *, bulk: bool = False, relations: bool = True) -> Iterator[Ingestion]:
        from testimonia.ingest import Bulk, BulkIngestion, Ingestion, completed

        with self.writer() as writer:
            self._settle(writer)
            self._authority_files(writer).settle()
            with self._readers() as extractor:
                ingestion = (BulkIngestion if bulk else Ingestion)(
                    catalog=self.catalog,
                    writer=writer,
                    extractor=extractor,
                    settings=self.settings,
                    around=lambda entry: filter(None, map(self._gazetteer.entry, entry.within)),
                    gazetteer=self._gazetteer_facts,
                    settled=self._authority_files(writer).link,
                )
                with completed(ingestion, Bulk(self.folder, relations, self._notice)):
                    yield ingestion
            self._tidy_shards()

    def _tidy_shards(self) -> None:
        """What a cluster has read of documents that others have read since is of no use."""
        from testimonia.ingest.cluster.shards import FOLDER, Shelf

        if (self.folder / FOLDER).is_dir():
            waiting = {each.id for each in self.catalog.documents(State.RECORDED)}
            Shelf(self.folder / FOLDER).keep_only(waiting)

    def _readers(self) -> AbstractContextManager[Extractor | Readers]:
        settings, notice = self.settings, self._notice
        if settings.ray is None:
            return readers.open_readers(settings, notice, self.catalog)
        from testimonia.ingest.cluster.shards import FOLDER

        return readers.open_cluster(settings.ray, settings, self.folder / FOLDER, notice)

    @cached_property
    def review(self) -> Review:
        """What people decide about what was read: queue, decisions, effects, undoing."""
        from testimonia.curating import Review

        return Review(
            self.catalog,
            self.iris,
            view=self.view,
            writer=self.writer,
            ingestion=self._ingestion,
            places=lambda: self._gazetteer,
        )

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return readers.open_gazetteer(self._notice, self.settings)

    def _gazetteer_facts(self) -> Graph:
        """What is told of the gazetteer itself."""
        from testimonia.mapping import gazetteer_facts

        found = self._gazetteer
        return frozenset(gazetteer_facts(found.version, found.licence, self.iris))

    def _complete(self, writer: Writer) -> None:
        """Ontology and shapes are those of this installation, whatever version was there."""
        writer.replace(
            {
                self.iris.ontology_graph: _installed("ontology"),
                self.iris.shapes_graph: _installed("shapes", skolem=f"{self.iris.shapes_graph}#"),
            }
        )

    def _settle(self, writer: Writer) -> None:
        """After an unclean stop: what is marked as stored but is not there is to do again, and
        what is there but was removed from the record goes."""
        from testimonia.settling import settle

        for record in settle(self.catalog, writer):
            self._notice(f"{record.name} is not in the graph as it was stored: it is done again")
        kept = {each.id for each in self.catalog.documents() if each.state is not State.REMOVED}
        named = filter(None, map(self.iris.parse, writer.graphs()))
        for id_ in {name.id for name in named if name.kind == "document"} - kept:
            writer.remove_document(id_)
        self.review.publish(writer)

    # ---------------------------------------------------------------------- reading

    def prepare(self) -> None:
        """Make sure that there is a store to read from, and no remains of an unclean end."""
        from testimonia.store.published import is_readable
        from testimonia.updates.archive import sweep

        sweep(self._store)
        if not is_readable(self._store):
            with suppress(ArchiveLocked), self.writer():
                pass

    @cached_property
    def _store(self) -> Path:
        """The folder of the store, which may be elsewhere: ``testimonia.stores``."""
        from testimonia import stores

        stores.place(self.folder / "store", self.catalog, self.iris, self._asked_store)
        return self.folder / "store"

    @property
    def store(self) -> str:
        """Where the graph is kept: ``embedded``, or the address of a store elsewhere."""
        from testimonia import stores

        return stores.shown(self.catalog)

    @cached_property
    def evaluator(self) -> Evaluator:
        """Runs queries in processes of their own, on what was last published."""
        from testimonia.endpoints.target import is_remote
        from testimonia.sparql.evaluator import Evaluator
        from testimonia.sparql.limits import Limits

        limits = Limits(seconds=self.settings.query_seconds, remote=is_remote(self._store))
        return Evaluator(self.publications, limits)

    @property
    def publications(self) -> Published:
        """What queries run on: what the writer of the archive published last."""
        from testimonia.store.published import Published

        return Published(self._store, self.iris)

    def query(self, sparql: str, *, format: str | None = None) -> QueryResult:
        """The answer to a query, in a format by its short name ("json", "csv", "turtle" …).

        The prefixes of Testimonia's vocabularies need no declaration.

        Raises:
            QueryError: the query cannot be parsed, or may not be run.
            QueryAborted: it took too long or too much memory.
        """
        return self.evaluator.evaluate(sparql, format_=format, known_prefixes=True)

    @contextmanager
    def view(self) -> Iterator[View]:
        """The store as it was last published, for reading."""
        from testimonia.store.published import open_view

        with open_view(self._store, self.iris) as view:
            yield view

    def record(self, document: str) -> Record:
        """The record of a document, by its id or the end of its IRI.

        Raises:
            UsageError: there is none.
        """
        found = self.catalog.document(document.removeprefix(self.iris.base_iri + "document/"))
        if found is None:
            raise UsageError(
                f"no document {document!r} in {self.folder};"
                " `testimonia stats --documents` lists their ids"
            )
        return found

    def _end_queries(self) -> None:
        """Let the next query begin with what is there then."""
        if "evaluator" in self.__dict__:
            self.evaluator.close()
            del self.evaluator

    def _authority_files(self, writer: Writer) -> Authorities:
        from testimonia.crossref.authorities import Authorities

        return Authorities(self.catalog, writer, self.folder / "store", self._notice)

    def _finish_authorities(self, writer: Writer) -> None:
        """Do again a load that was cut short: until then nothing newer is published."""
        if not writer.is_withheld():
            return
        try:
            self._authority_files(writer).settle()
        except TestimoniaError as error:
            self._notice(
                "an authority is not whole, and readers have what was there before it was loaded:"
                f" {error}; load it again, or take it out with `testimonia authority remove`"
            )


def _installed(name: str, *, skolem: str | None = None) -> Graph:
    """All triples of the Turtle files that are installed in the folder ``name``."""
    from testimonia import rdf

    graphs = (
        rdf.parse(file.read_bytes(), "turtle", skolem=skolem and f"{skolem}{file.stem}-")
        for file in sorted(resources.folder(name).glob("*.ttl"))
    )
    return frozenset().union(*graphs)


def checked_base_iri(base_iri: str) -> str:
    """The base IRI as it is kept.

    Raises:
        UsageError: it is none.
    """
    try:
        return Iris(base_iri).base_iri
    except ValueError as error:
        raise UsageError(str(error)) from error
