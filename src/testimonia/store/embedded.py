"""The store inside the process: pyoxigraph on RocksDB.

In the store's directory lie ``live`` (the database), ``checkpoints`` (what other processes read),
``fulltext.sqlite`` (the index of the reading view's words), ``entities.sqlite`` and
``authorities.sqlite`` (the indexes of names), ``lock`` with ``owner.json``, and
``pending`` while the newest checkpoint is not the whole.
Nobody opens ``live`` beside its writer, not even to read: that is undefined once RocksDB
compacts a file away.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from testimonia.closing import Closing
from testimonia.errors import ArchiveError, ArchiveLocked, StoreError
from testimonia.iris import Iris
from testimonia.rdf import to_quads
from testimonia.store import NOTHING, READING_VIEW, Batch, Change, Located, renewal, users
from testimonia.store.arrivals import Arrival, is_new, lines_of, named_in, words_of
from testimonia.store.changes import data
from testimonia.store.checkpoints import Checkpoints, lease
from testimonia.store.locking import StoreLock
from testimonia.store.naming import IndexedNames
from testimonia.store.normal import grouped, located, normalised
from testimonia.store.reading_view import ViewChange, difference
from testimonia.store.removal import removal, replacement
from testimonia.store.view import EmbeddedView, name_of
from testimonia.store.words import IndexedWords
from testimonia.terms import Graph, Triple, iri

LIVE = "live"


class EmbeddedWriter(EmbeddedView, Closing):
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
            store = _open(directory / LIVE)
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
            self._names = IndexedNames(directory, store, self._checkpoints, iris)
        except BaseException:
            del self._store, store
            self._held.release()
            raise
        self.flush()

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
        self,
        id_: str,
        graphs: Mapping[str, Graph],
        shared: Mapping[str, Graph],
        outdated: Mapping[str, Graph] = NOTHING,
    ) -> bool:
        """See :meth:`testimonia.store.Writer.replace_document`."""
        with self._writing():
            return self.apply(replacement(self, id_, graphs, shared, outdated))

    def put_documents(self, arrivals: Sequence[Arrival]) -> None:
        """See :meth:`testimonia.store.Writer.put_documents`."""
        with self._writing():
            new: dict[str, Arrival] = {}
            for each in arrivals:
                if each.id not in new and is_new(each, self._find, self._has_graph, self.iris):
                    new[each.id] = each
                else:  # it may have to do with one before it
                    self._add([*new.values()])
                    new.clear()
                    self.replace_document(each.id, each.graphs(self.iris), each.shared)
            self._add([*new.values()])

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

    def load(self, quads: Iterable[Quad], *, anew: bool = False) -> None:
        """Take in quads of a whole dataset, the reading view among them, faster than ``apply``.
        With ``anew`` whatever was there goes first. Should it end half-way, a part is there.

        Raises:
            StoreError: the disk refused.
        """
        with self._writing():
            self._outdate()
            self._words.forget()
            self._names.forget()
            if anew:
                self._store.clear()
            self._store.bulk_extend(quads)

    def load_files(self, files: Sequence[Path]) -> None:
        """Take in files of N-Quads, as they are.

        Raises:
            SyntaxError: one is none.
            StoreError: the disk refused.
        """
        with self._writing():
            self._outdate()
            self._words.forget()
            self._names.forget()
            for file in files:
                self._store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)

    def flush(self) -> None:
        """Make everything durable, and publish it to other processes unless it is withheld."""
        with self._writing():
            self._store.flush()
            if not self._checkpoints.are_withheld():
                self._publish()

    @contextlib.contextmanager
    def withholding(self) -> Iterator[None]:
        """See :meth:`testimonia.store.Writer.withholding`."""
        self.flush()
        self._checkpoints.withhold()
        yield
        with self._writing():
            self._store.flush()
            self._checkpoints.release()

    def is_withheld(self) -> bool:
        """See :meth:`testimonia.store.Writer.is_withheld`."""
        return self._checkpoints.are_withheld()

    def index_names(self) -> None:
        """See :meth:`testimonia.store.Writer.index_names`."""
        with self._writing():
            self._names.publish()

    def sync(self) -> None:
        """Make everything durable and let go of the memory that it took, but publish nothing."""
        with self._writing():
            self._store.flush()

    def published(self) -> Path:
        """A checkpoint that has everything applied so far, and is not withheld: made now if there
        is none."""
        with self._writing():
            return self._publish()

    def _publish(self) -> Path:
        newest = self._checkpoints.newest()
        if newest is not None and self._checkpoints.are_withheld():
            return newest
        if self._published is None:
            # First the index: what a checkpoint has must be found there.
            self._words.publish()
            self._names.publish()
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
                self._names.close()
                # RocksDB closes the database when the last reference to it goes.
                del self._store, self._words, self._names
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
        add, remove = normalised(batch.add), normalised(batch.remove)
        removed = {located for located in remove - add if self._has(located)}
        added = {located for located in add if not self._has(located)}
        for name, graph in batch.put.items():
            old = {(name, triple) for triple in self.graph(name)}
            new = normalised({name: graph})
            removed |= old - new
            added |= new - old
        return removed, added

    def _has(self, located: Located) -> bool:
        name, triple = located
        return to_quads([triple], iri(name))[0] in self._store

    def _has_graph(self, name: str) -> bool:
        quads = self._store.quads_for_pattern(None, None, None, name_of(name))
        return next(quads, None) is not None

    def _commit(self, removed: Set[Located], added: Set[Located], change: ViewChange) -> None:
        """One transaction. For some 1,550 quads and their view ``update`` takes as long as
        ``extend`` (45 ms), and does the difference as well. A long document is too much for its
        parser, and mostly a new one, from which nothing leaves."""
        come = chain(added, ((READING_VIEW, triple) for triple in change.add))
        self._outdate()
        self._words.note(chain(change.remove, change.add))
        viewed = ((READING_VIEW, triple) for triple in chain(change.remove, change.add))
        self._names.note(chain(viewed, removed, added))
        if removed or change.remove:
            self._store.update(self._update(removed, added, change, grouped(come)))
        else:
            self._store.extend(_quads(grouped(come)))

    def _add(self, arrivals: Sequence[Arrival]) -> None:
        """New documents, all or none. In bulk a document of 4,600 quads takes 20 ms, if there are
        eight or more at a time, and 44 alone; in a transaction 55, and 11 for the flush."""
        if not arrivals:
            return
        lines = [each for one in arrivals for each in lines_of(one, self._find, self.iris)]
        self._outdate()
        # Terms that were parsed already: not to do that again saves a quarter of the time. What
        # is entailed has the same, and what is shared is made here.
        parsed = all(each.prepared.parsed for each in arrivals)
        try:
            self._store.bulk_load("".join(lines), format=RdfFormat.N_QUADS, lenient=parsed)
        except (SyntaxError, ValueError):  # a term that is none: the one that has it says so
            for each in arrivals:
                self.replace_document(each.id, each.graphs(self.iris), each.shared)
            return
        for each in arrivals:
            self._words.note_new(words_of(each, self.iris))
            self._names.note((READING_VIEW, triple) for triple in named_in(each))

    def _update(
        self,
        removed: Set[Located],
        added: Set[Located],
        change: ViewChange,
        come: Mapping[str, list[Triple]],
    ) -> str:
        gone = grouped(chain(removed, ((READING_VIEW, triple) for triple in change.remove)))
        emptied = [name for name in gone if name and self._empties(name, removed, added)]
        return f"DELETE DATA {{{data(gone)}}} ; INSERT DATA {{{data(come)}}}" + "".join(
            f" ; DROP SILENT GRAPH {iri(name)}" for name in emptied
        )

    def _empties(self, name: str, removed: Set[Located], added: Set[Located]) -> bool:
        """Whether nothing of a graph remains: the store would go on listing its name."""
        if any(graph == name for graph, _ in added):
            return False
        quads = self._store.quads_for_pattern(None, None, None, name_of(name))
        return all(located(quad) in removed for quad in quads)

    def _outdate(self) -> None:
        self._checkpoints.outdate()
        self._published = None
        self._changes += 1

    def _backup(self, target: Path) -> None:
        self._store.backup(target)


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


def _quads(groups: Mapping[str, list[Triple]]) -> Iterator[Quad]:
    """One by one, since the store keeps no more than their own form of them."""
    for name, triples in groups.items():
        for triple in triples:
            yield from to_quads((triple,), iri(name) if name else None)
