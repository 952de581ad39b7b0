"""The public API, and the only place where the parts are wired together.

::

    from testimonia.library import open_archive

    with open_archive("archive", create=True) as archive:
        for outcome in archive.ingest(["letters/"]):
            print(outcome.name, outcome.result)
        print(archive.query("SELECT (COUNT(*) AS ?n) { ?s a tst:Statement }", format="json").body)

Heavy parts are loaded when first needed: a query loads neither spaCy nor pyshacl.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from testimonia import resources
from testimonia.catalog import FILE, Catalog, Record, State
from testimonia.endpoints.address import EMBEDDED
from testimonia.errors import ArchiveError, ArchiveLocked, UsageError
from testimonia.iris import Iris
from testimonia.library_authorities import WithAuthorities, authority_files, finish_authorities
from testimonia.model import Metadata
from testimonia.settings import DEFAULT_BASE_IRI, Settings
from testimonia.sparql.limits import cores
from testimonia.terms import Graph, iri

if TYPE_CHECKING:
    from types import TracebackType

    from testimonia.curating import Review
    from testimonia.exchange import PackageFormat, StreamFormat
    from testimonia.exchange.forgetting import Forgotten
    from testimonia.gazetteer import Gazetteer
    from testimonia.ingest import Extractor, Ingestion, Outcome, Readers
    from testimonia.planning import Anew
    from testimonia.reading import Reader
    from testimonia.reading.foreign import Answers
    from testimonia.sources import Input, Options
    from testimonia.sparql.evaluator import Evaluator, QueryResult
    from testimonia.store import ExportFormat, View, Writer
    from testimonia.store.published import Published
    from testimonia.tokens import Tokens
    from testimonia.validation import Report

__all__ = [
    "Archive",
    "import_package",
    "open_archive",
    "open_extractor",
    "open_gazetteer",
    "open_reader",
    "open_readers",
    "open_tokens",
    "restore",
]

_ONTOLOGY = "graph/ontology"

_KEEP_TEXT = "keep_text"
_LET_GO_SECONDS = 10.0
Notice = Callable[[str], None]


def _silent(_: str) -> None:
    """Takes a notice and tells nobody."""


def open_archive(
    folder: Path | str,
    *,
    create: bool = False,
    base_iri: str | None = None,
    settings: Settings | None = None,
    notice: Notice = _silent,
    store: str | None = None,
) -> Archive:
    """The archive in ``folder``; with ``create`` a new one where there is none.

    ``base_iri`` is what its IRIs begin with: fixed when it is made. ``store`` is where its graph
    is kept (``docs/stores.md``), recorded with the first use: in the archive's own folder as it
    comes. ``notice`` is told of slow preparations in plain words.

    Raises:
        ArchiveError: there is none, or it is something else, or it has another base IRI.
        UsageError: ``base_iri`` is no base IRI.
    """
    folder = Path(folder)
    if create and not os.path.exists(folder / FILE):  # noqa: PTH110 - False where none may look
        catalog = Catalog.create(folder, _checked(base_iri or DEFAULT_BASE_IRI))
    else:
        catalog = Catalog.open(folder)
        if base_iri and base_iri != catalog.base_iri:
            raise ArchiveError(
                f"{folder} has the base IRI {catalog.base_iri}, not {base_iri};"
                " `testimonia rebase` can change it"
            )
    settings = settings or Settings()
    if catalog.setting(_KEEP_TEXT) == "no":
        settings = replace(settings, keep_text=False)
    return Archive(folder, catalog, settings, notice, store)


def restore(source: Path | str, folder: Path | str) -> int:
    """Check the backup in ``source`` and make an archive of it in ``folder``.

    Returns the number of files. Raises as :func:`testimonia.backup.restore_backup`.
    """
    from testimonia.backup import restore_backup

    return restore_backup(Path(source), Path(folder))


def import_package(source: Path | str, folder: Path | str) -> int:
    """Check an archive's package (``export --format archive``) and make an archive of it.

    Returns the number of files. Raises as :func:`testimonia.exchange.archives.read`.
    """
    from testimonia.exchange.archives import read

    return read(Path(source), Path(folder))


def open_gazetteer(notice: Notice = _silent, settings: Settings | None = None) -> Gazetteer:
    """The gazetteer that ``settings`` name, else the installation's own, made on first use.

    Raises:
        SettingsError: the file is no index, or the cache's folder cannot be written.
    """
    from testimonia import gazetteer

    chosen = (settings or Settings()).gazetteer
    return gazetteer.open_gazetteer(chosen or gazetteer.cached_index(notice))


def open_reader(settings: Settings | None = None, notice: Notice = _silent) -> Reader:
    """The extractor that ``settings`` ask for."""
    settings = settings or Settings()
    gazetteer = open_gazetteer(notice, settings)
    notice("loading the language model …")
    return _reader(settings, gazetteer)


def _reader(settings: Settings, gazetteer: Gazetteer) -> Reader:
    """It loads its model with the first text."""
    from testimonia.reading import Reader

    return Reader(gazetteer, model=settings.model, attributions=settings.attributions)


def open_tokens(folder: Path | str, *, plain: bool = False) -> Tokens:
    """The tokens of the archive (or the ``plain`` dataset) in ``folder``.

    Raises:
        ArchiveError: there is none.
    """
    from testimonia.tokens import Tokens

    folder = Path(folder)
    if plain:
        if not folder.is_dir():
            raise ArchiveError(f"no dataset at {folder}: `testimonia serve --plain` makes one")
    else:
        Catalog.open(folder).close()
    return Tokens(folder)


@contextmanager
def open_extractor(
    settings: Settings | None = None, notice: Notice = _silent, answers: Answers | None = None
) -> Iterator[Extractor]:
    """The extractor that ``settings`` ask for, foreign ones too, for as long as it is needed.

    A foreign reader's answers are kept in ``answers`` and taken from there.

    Raises:
        SettingsError: there is none such.
    """
    settings = settings or Settings()
    if settings.reader is None:
        with _own_reader(settings, notice) as own:
            yield own
        return
    from testimonia.reading.foreign import foreign_reader

    name, seconds = settings.reader_model, settings.reader_seconds
    with foreign_reader(settings.reader, name, seconds, answers) as reader:
        yield reader


@contextmanager
def _own_reader(settings: Settings, notice: Notice) -> Iterator[Extractor]:
    if not settings.reading_memory:
        yield open_reader(settings, notice)
        return
    from testimonia.isolation import IsolatedReader

    # The index of places is made here where it is missing: it takes a while, which is told.
    open_gazetteer(notice, settings)
    notice("loading the language model …")
    with IsolatedReader(partial(open_reader, settings), settings.reading_memory) as reader:
        yield reader


@contextmanager
def open_readers(
    settings: Settings | None = None, notice: Notice = _silent, answers: Answers | None = None
) -> Iterator[Extractor | Readers]:
    """What an ingestion reads with: the extractor of ``open_extractor``, in as many processes as
    ``settings`` say. A foreign reader, which waits more than it works, and one without a limit of
    memory that is to work alone, are here.

    Raises:
        SettingsError: there is none such.
    """
    settings = settings or Settings()
    if settings.reader or not (settings.reading_memory or settings.workers):
        with open_extractor(settings, notice, answers) as extractor:
            yield extractor
        return
    from testimonia.ingest import Workers

    # Not to read with: its name is asked for where nothing is read, and mistakes in the settings
    # are told at once. It loads no model.
    name = _reader(settings, open_gazetteer(notice, settings)).extractor
    many = (settings.workers or cores(), settings.reading_memory)
    with Workers(partial(open_reader, settings), name, *many, notice) as workers:
        yield workers


class Archive(WithAuthorities):
    """A record and the graph derived from it. Made by :func:`open_archive`."""

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the query processes and close the record."""
        if "evaluator" in self.__dict__:
            self.evaluator.close()
        self.catalog.close()

    # ---------------------------------------------------------------------- writing

    def keep_text(self, keep: bool) -> None:
        """Whether the graphs of documents that are read from now on have their full texts, or
        quotations alone; recorded in the archive."""
        self.catalog.keep_setting(_KEEP_TEXT, "yes" if keep else "no")
        self.settings = replace(self.settings, keep_text=keep)

    def ingest(
        self,
        paths: Iterable[Path | str | Input],
        *,
        stated: Mapping[str, object] | None = None,
        force_language: bool = False,
        options: Options | None = None,
    ) -> Generator[Outcome, None, None]:
        """Ingest files, folders and other inputs; the outcome of each document as soon as it is
        known.

        A file may hold several (a mailbox, a feed). ``options`` say how files are read. Inputs
        that are no files are made by ``sources.addresses`` and ``sources.standard_input``.

        Raises:
            UnreadableSource: a path does not exist (nothing has been ingested then).
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia import planning
        from testimonia.sources import Options

        options = options or Options()
        stated = dict(stated or {})
        work = planning.work(paths, stated, force_language, options)
        with self._ingestion() as ingestion:
            self._tell_if_outdated(ingestion)
            plan = self.catalog.plan(work.planned, work.parameters)
            yield from ingestion.ingest(planning.sources(plan))
            others = planning.others(work.others, stated, force_language, options)
            yield from ingestion.ingest(others)

    def _tell_if_outdated(self, ingestion: Ingestion) -> None:
        if ingestion.entities.are_outdated():
            self._notice(
                "who is one with whom was found by another version's rules in documents that are"
                " there: `testimonia rebuild` finds it anew"
            )

    def resume(self, anew: Anew | None = None) -> Generator[Outcome, None, None]:
        """Go on with what ingestions left undone: documents that are recorded and have no graph,
        then the files and addresses that were not reached, as they were to be read then, but for
        what is said ``anew``.

        Raises:
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia import planning

        with self._ingestion() as ingestion:
            yield from ingestion.rederive(self.catalog.documents(State.RECORDED))
            for plan in self.catalog.plans():
                yield from ingestion.ingest(planning.sources(plan, anew))

    def undone(self) -> int:
        """How much :meth:`resume` would take up: recorded documents and planned sources."""
        planned = {str(each) for plan in self.catalog.plans() for each in plan.sources.values()}
        names = (Path(each.name).absolute() for each in self.catalog.documents(State.RECORDED))
        # What is recorded of a file that is planned still is read with it again.
        recorded = sum(planned.isdisjoint(map(str, (name, *name.parents))) for name in names)
        return recorded + len(planned)

    def rebuild(
        self, *, changed: bool = False, store: str | None = None
    ) -> Generator[Outcome, None, None]:
        """Derive every document's graphs anew from the record alone; with ``changed`` those only
        that the extractor's version, the settings or corrected metadata would change, each outcome
        with the changes of its statements. With ``store`` the whole graph is moved there first,
        users' own graphs included."""
        if store is not None:
            self._move(store)
        with self._ingestion() as ingestion:
            if not changed:
                ingestion.entities.renew()
            kept = [each for each in self.catalog.documents() if each.state is not State.REMOVED]
            if not changed:
                self.review.publish(ingestion.writer, anew=True)
            yield from ingestion.rederive(kept, force=not changed, compare=changed)

    def _move(self, store: str) -> None:
        from testimonia import stores

        if stores.move(self._store, self.catalog, self.iris, store, self._notice):
            if "evaluator" in self.__dict__:
                self.evaluator.close()
                del self.evaluator
            del self._store

    def edit(self, document: str, stated: Mapping[str, object]) -> Outcome:
        """Correct what is stated about a document and derive its graphs anew.

        Raises:
            UsageError: there is no such document, or the change would make it another one.
        """
        from testimonia.sources.metadata import of_user

        record = self.record(document)
        corrected = _corrected(record.metadata, of_user(stated))
        if corrected.identity != record.metadata.identity:
            raise UsageError(
                f"document {document} is what it is by its source: ingest the file again with"
                " --meta source=… instead, then remove this one"
            )
        with self._ingestion() as ingestion:
            self.catalog.restate(document, corrected)
            (outcome,) = ingestion.rederive([self.record(document)])
            return outcome

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
            authority_files(self, writer).link(set(self.catalog.identities(document).values()))

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
        new = Iris(_checked(base_iri))
        settle_move(self._store)
        with self.view() as view:  # after an interruption the store has still its old names
            old = _base_in(view.graphs()) or self.iris
        count = move_store(self._store, old, new, lambda: self.catalog.rebase(new.base_iri))
        if "evaluator" in self.__dict__:
            self.evaluator.close()
            del self.evaluator
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

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """The one writer of the store.

        Raises:
            ArchiveLocked: another process has it; the message says which.
        """
        from testimonia.store.opening import open_writer

        with open_writer(self._store, self.iris) as writer:
            self._complete(writer)
            finish_authorities(self, writer)
            yield writer

    @contextmanager
    def _ingestion(self) -> Iterator[Ingestion]:
        from testimonia.ingest import Ingestion

        with self.writer() as writer:
            self._settle(writer)
            authority_files(self, writer).settle()
            with open_readers(self.settings, self._notice, self.catalog) as extractor:
                yield Ingestion(
                    catalog=self.catalog,
                    writer=writer,
                    extractor=extractor,
                    settings=self.settings,
                    around=lambda entry: filter(None, map(self._gazetteer.entry, entry.within)),
                    gazetteer=self._gazetteer_facts,
                    settled=authority_files(self, writer).link,
                )

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
        return open_gazetteer(self._notice, self.settings)

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


def _installed(name: str, *, skolem: str | None = None) -> Graph:
    """All triples of the Turtle files that are installed in the folder ``name``."""
    from testimonia import rdf

    graphs = (
        rdf.parse(file.read_bytes(), "turtle", skolem=skolem and f"{skolem}{file.stem}-")
        for file in sorted(resources.folder(name).glob("*.ttl"))
    )
    return frozenset().union(*graphs)


def _base_in(graphs: Iterable[str]) -> Iris | None:
    """The base that a store's own graphs have: every store holds the ontology's."""
    bases = [each.removesuffix(_ONTOLOGY) for each in graphs if each.endswith("/" + _ONTOLOGY)]
    return Iris(bases[0]) if len(bases) == 1 else None


def _checked(base_iri: str) -> str:
    try:
        return Iris(base_iri).base_iri
    except ValueError as error:
        raise UsageError(str(error)) from error


def _corrected(known: Metadata, stated: Metadata) -> Metadata:
    from testimonia.catalog import merged

    return merged(known, stated)
