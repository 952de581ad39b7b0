"""The store inside the process: pyoxigraph on RocksDB.

In the store's directory lie ``live`` (the database), ``checkpoints`` (what other processes read),
``fulltext.sqlite`` (the index of the reading view's words), ``lock`` with ``owner.json``, and
``pending`` while the newest checkpoint is not the whole.
Nobody opens ``live`` beside its writer, not even to read: that is undefined once RocksDB
compacts a file away.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from testimonia import fulltext
from testimonia.errors import ArchiveError, ArchiveLocked, StoreError
from testimonia.iris import Iris
from testimonia.rdf import from_oxigraph, to_oxigraph, to_quads
from testimonia.store import READING_VIEW, Batch, Change, ExportFormat, Located, renewal, users
from testimonia.store.checkpoints import Checkpoints, lease
from testimonia.store.locking import StoreLock
from testimonia.store.reading_view import ViewChange, difference
from testimonia.store.removal import removal, replacement
from testimonia.store.sorting import SortedLines
from testimonia.store.words import IndexedWords
from testimonia.terms import Graph, Term, Triple, iri, iri_of
from testimonia.vocabulary import PREFIXES

_LIVE = "live"
_DATASETS = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
_GRAPHS = {
    "ntriples": RdfFormat.N_TRIPLES,
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
}
_WITH_PREFIXES = frozenset({"trig", "turtle", "rdfxml"})


class EmbeddedView:
    """The read side; see :class:`testimonia.store.View`."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self._store = store
        self.iris = iris

    def count(self, graph: str | None = None) -> int:
        """How many triples stand in ``graph``; in all graphs and the reading view if ``None``."""
        if graph is None:
            return len(self._store)
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, _name(graph)))

    def graphs(self) -> tuple[str, ...]:
        """The named graphs that have triples, sorted."""
        return tuple(sorted(iri_of(from_oxigraph(name)) for name in self._store.named_graphs()))

    def graph(self, name: str) -> Graph:
        """All triples of one graph; none where there is no such graph."""
        quads = self._store.quads_for_pattern(None, None, None, _name(name))
        return frozenset(map(_triple, quads))

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples of named graphs that fit; ``None`` fits everything.

        Raises:
            ValueError: something given is not in canonical N-Triples form.
        """
        for located in self._find(subject, predicate, object_):
            if located[0] != READING_VIEW:
                yield located

    def _find(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        wanted = None if object_ is None else to_oxigraph(object_)
        pattern = (_iri_node(subject), _iri_node(predicate), wanted, None)
        return map(_located, self._store.quads_for_pattern(*pattern))

    def quads(self) -> Iterator[Located]:
        """Everything, the reading view included, in no particular order."""
        return map(_located, self._store)

    def export(
        self,
        output: BinaryIO,
        format_: ExportFormat = "nquads",
        *,
        graph: str | None = None,
        sort: bool = False,
    ) -> None:
        """See :meth:`testimonia.store.View.export`.

        Raises:
            ValueError: ``sort`` with a format that is not line by line.
            StoreError: the store cannot be read.
            OSError: ``output`` cannot be written.
        """
        if not sort:
            self._dump(output, format_, graph)
            return
        if format_ not in {"nquads", "ntriples"}:
            raise ValueError(f"{format_} cannot be sorted; nquads and ntriples can")
        with SortedLines(output) as lines:
            self._dump(cast("BinaryIO", lines), format_, graph)

    def _dump(self, output: BinaryIO, format_: ExportFormat, graph: str | None) -> None:
        whole = graph is None and format_ in _DATASETS
        self._store.dump(
            output,
            {**_DATASETS, **_GRAPHS}[format_],
            from_graph=None if whole else _name(graph or READING_VIEW),
            prefixes=dict(PREFIXES) if format_ in _WITH_PREFIXES else None,
        )


class EmbeddedWriter(EmbeddedView):
    """The one writer of a store; see :class:`testimonia.store.Writer`.

    The directory is made where it is missing.

    Raises:
        ArchiveLocked: another process writes it; the message says which.
        ArchiveError: the directory cannot be made, or holds something else.
    """

    def __init__(self, directory: Path, iris: Iris) -> None:
        _make(directory)
        self._lock = threading.RLock()
        self._held = StoreLock(directory)
        try:
            renewal.recover(directory)
            store = _open(directory / _LIVE)
        except BaseException:
            self._held.release()
            raise
        super().__init__(store, iris)
        self._closed = False
        self._checkpoints = Checkpoints(directory)
        self._checkpoints.sweep()
        self._published: Path | None = None
        self._changes = 0
        try:
            self._words = IndexedWords(directory, store, self._checkpoints)
        except BaseException:
            del self._store, store
            self._held.release()
            raise
        self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def apply(self, batch: Batch) -> bool:
        """Make all changes of ``batch`` and the change of the reading view, or none.

        Returns whether anything changed.

        Raises:
            StoreError: a term is not in canonical N-Triples form, or the disk refused.
        """
        with self._writing():
            removed, added = self._effect(batch)
            if not removed and not added:
                return False
            change = difference(self._find, removed, added, self.iris)
            self._commit(removed, added, change)
            return True

    def replace(self, graphs: Mapping[str, Graph]) -> bool:
        """``apply`` for whole graphs alone."""
        return self.apply(Batch(put=graphs))

    def replace_document(
        self, id_: str, graphs: Mapping[str, Graph], shared: Mapping[str, Graph]
    ) -> bool:
        """See :meth:`testimonia.store.Writer.replace_document`."""
        with self._writing():
            return self.apply(replacement(self, id_, graphs, shared))

    def remove_document(self, id_: str) -> bool:
        """See :meth:`testimonia.store.Writer.remove_document`."""
        with self._writing():
            return self.apply(removal(self, id_))

    def change_users_graphs(self, change: Change) -> None:
        """Make a change of users' graphs, all or nothing.

        Raises:
            StoreError: it names a graph that is Testimonia's, or has a term that is none.
        """
        with self._writing():
            update = users.as_update(change, self.iris)
            if update:
                self._outdate()
                self._store.update(update)

    def flush(self) -> None:
        """Make everything durable, and publish it to other processes."""
        with self._writing():
            self._store.flush()
            self._publish()

    def published(self) -> Path:
        """A checkpoint that has everything applied so far: made now if there is none."""
        with self._writing():
            return self._publish()

    def _publish(self) -> Path:
        if self._published is None:
            # First the index: what a checkpoint has must be found there.
            self._words.publish()
            self._published = self._checkpoints.publish(self._backup)
        return self._published

    def version(self) -> object:
        """What changes with everything applied."""
        return self._changes

    @contextlib.contextmanager
    def lease(self) -> Iterator[Path]:
        """The path of a checkpoint that has everything applied so far, and stays as long as the
        context."""
        with contextlib.ExitStack() as stack:
            with self._writing():
                path = self.published()
                stack.enter_context(lease(path))
            yield path

    def checkpoint(self, target: Path) -> None:
        """A checkpoint in ``target``, which must not exist yet, on the same disk by hard links.

        Raises:
            StoreError: it exists, or the disk refused.
        """
        with self._writing():
            self._backup(target)

    def close(self) -> None:
        """Flush, publish and let go of the lock; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            try:
                self.flush()
            finally:
                self._closed = True
                self._words.close()
                # RocksDB closes the database when the last reference to it goes.
                del self._store, self._words
                self._held.release()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time: pyoxigraph's transactions are atomic, but not isolated."""
        with self._lock:
            if self._closed:
                raise StoreError("the store has been closed")
            try:
                yield
            except (OSError, RuntimeError) as error:
                raise StoreError(f"the store could not be written: {error}") from error

    def _effect(self, batch: Batch) -> tuple[set[Located], set[Located]]:
        """What a batch really removes and adds, in the form in which it is stored."""
        add, remove = _normalised(batch.add), _normalised(batch.remove)
        removed = {located for located in remove - add if self._has(located)}
        added = {located for located in add if not self._has(located)}
        for name, graph in batch.put.items():
            old = {(name, triple) for triple in self.graph(name)}
            new = _normalised({name: graph})
            removed |= old - new
            added |= new - old
        return removed, added

    def _has(self, located: Located) -> bool:
        name, triple = located
        return to_quads([triple], iri(name))[0] in self._store

    def _commit(self, removed: Set[Located], added: Set[Located], change: ViewChange) -> None:
        """One transaction. For some 1,550 quads and their view ``update`` takes as long as
        ``extend`` (45 ms), and does the difference as well. A long document is too much for its
        parser, and mostly a new one, from which nothing leaves."""
        come = chain(added, ((READING_VIEW, triple) for triple in change.add))
        self._outdate()
        self._words.note(chain(change.remove, change.add))
        if removed or change.remove:
            self._store.update(self._update(removed, added, change, _grouped(come)))
        else:
            self._store.extend(_quads(_grouped(come)))

    def _update(
        self,
        removed: Set[Located],
        added: Set[Located],
        change: ViewChange,
        come: Mapping[str, list[Triple]],
    ) -> str:
        gone = _grouped(chain(removed, ((READING_VIEW, triple) for triple in change.remove)))
        emptied = [name for name in gone if name and self._empties(name, removed, added)]
        return f"DELETE DATA {{{_data(gone)}}} ; INSERT DATA {{{_data(come)}}}" + "".join(
            f" ; DROP SILENT GRAPH {iri(name)}" for name in emptied
        )

    def _empties(self, name: str, removed: Set[Located], added: Set[Located]) -> bool:
        """Whether nothing of a graph remains: the store would go on listing its name."""
        if any(graph == name for graph, _ in added):
            return False
        quads = self._store.quads_for_pattern(None, None, None, _name(name))
        return all(_located(quad) in removed for quad in quads)

    def _outdate(self) -> None:
        self._checkpoints.outdate()
        self._published = None
        self._changes += 1

    def _backup(self, target: Path) -> None:
        self._store.backup(target)


@contextlib.contextmanager
def open_view(directory: Path, iris: Iris) -> Iterator[EmbeddedView]:
    """Everything that is stored, for reading, whether or not a writer has the store open.

    While one has, this is what it last published.

    Raises:
        ArchiveError: there is no store in ``directory``.
        StoreError: it cannot be read.
    """
    with readable(directory, iris) as path:
        yield EmbeddedView(open_checkpoint(path), iris)


@contextlib.contextmanager
def readable(directory: Path, iris: Iris) -> Iterator[Path]:
    """The path of a checkpoint to read from, which stays as long as the context.

    Where the last writer ended before it could publish, that is made up for first.

    Raises:
        ArchiveError: there is no store in ``directory``.
    """
    if not (directory / _LIVE).is_dir():
        raise ArchiveError(f"{directory} has no store; ingest a document first")
    checkpoints = Checkpoints(directory)
    if checkpoints.pending() or not is_readable(directory):
        with contextlib.suppress(ArchiveLocked):  # its writer will publish, or just has
            EmbeddedWriter(directory, iris).close()
    with checkpoints.lease_newest() as path:
        yield path


def is_readable(directory: Path) -> bool:
    """Whether there is a checkpoint, with an index that can be searched for it."""
    newest = Checkpoints(directory).generation()
    return newest > 0 and fulltext.covers(directory, newest)


class Published:
    """What the writer of a store in another process publishes, for a pool of readers."""

    def __init__(self, directory: Path, iris: Iris) -> None:
        self._directory = directory
        self._iris = iris
        self._checkpoints = Checkpoints(directory)

    def version(self) -> object:
        """What changes when something is published, or about to be."""
        return self._checkpoints.version()

    def lease(self) -> contextlib.AbstractContextManager[Path]:
        """See :func:`readable`."""
        return readable(self._directory, self._iris)


def open_checkpoint(path: Path) -> Store:
    """A checkpoint, read-only.

    Raises:
        StoreError: it is not there, or is none.
    """
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{path} cannot be read as a checkpoint: {error}") from error


def discard(directory: Path) -> None:
    """Remove a whole store that nobody has open: the record can build it again.

    Raises:
        ArchiveLocked: somebody has it open.
    """
    if directory.is_dir():
        StoreLock(directory).release()
        shutil.rmtree(directory)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"no store can be made in {directory}: {error.strerror}") from error


def _open(live: Path) -> Store:
    try:
        return Store(live)
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise ArchiveLocked(f"{live} is in use by another program") from error
        raise ArchiveError(f"{live} cannot be opened as a store: {error}") from error


def _normalised(graphs: Mapping[str, Graph]) -> set[Located]:
    """The triples as the store will give them back, in one pass through a store in memory.

    Without it "12.0" would differ from the "12" that is stored, and every batch change something.
    """
    scratch = Store()
    for name, graph in graphs.items():
        try:
            scratch.extend(to_quads(graph, iri(name)))
        except ValueError as error:
            raise StoreError(f"the graph <{name}> cannot be stored: {error}") from error
    return set(map(_located, scratch))


def _grouped(located: Iterable[Located]) -> dict[str, list[Triple]]:
    groups: defaultdict[str, list[Triple]] = defaultdict(list)
    for name, triple in located:
        groups[name].append(triple)
    return groups


def _quads(groups: Mapping[str, list[Triple]]) -> Iterator[Quad]:
    """One by one, since the store keeps no more than their own form of them."""
    for name, triples in groups.items():
        for triple in triples:
            yield from to_quads((triple,), iri(name) if name else None)


def _data(groups: Mapping[str, list[Triple]]) -> str:
    """SPARQL 1.1 Update, QuadData. Canonical N-Triples terms are SPARQL terms as they stand;
    all come from ``from_oxigraph``, so that nothing in them can end the clause."""
    return " ".join(
        f"GRAPH {iri(name)} {{{_body(triples)}}}" if name else _body(triples)
        for name, triples in sorted(groups.items())
    )


def _body(triples: list[Triple]) -> str:
    return " ".join(f"{s} {p} {o} ." for s, p, o in triples)


def _name(graph: str) -> NamedNode | DefaultGraph:
    return NamedNode(graph) if graph else DefaultGraph()


def _iri_node(term: Term | None) -> NamedNode | None:
    return None if term is None else NamedNode(iri_of(term))


def _triple(quad: Quad) -> Triple:
    return from_oxigraph(quad.subject), from_oxigraph(quad.predicate), from_oxigraph(quad.object)


def _located(quad: Quad) -> Located:
    name = quad.graph_name
    return ("" if isinstance(name, DefaultGraph) else name.value), _triple(quad)
