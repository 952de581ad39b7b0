"""The one writer of a remote store: see :class:`testimonia.store.Writer`."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from testimonia.closing import Closing
from testimonia.endpoints.client import Client, Refused
from testimonia.endpoints.target import Target
from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.store import NOTHING, READING_VIEW, Batch, Change, Located, users
from testimonia.store.arrivals import Arrival
from testimonia.store.changes import Step, steps
from testimonia.store.checkpoints import Checkpoints, lease
from testimonia.store.locking import StoreLock
from testimonia.store.naming import IndexedNames
from testimonia.store.normal import normalised
from testimonia.store.reading_view import ViewChange, difference
from testimonia.store.remote.bulk import parts_of_quads
from testimonia.store.remote.journal import Journal
from testimonia.store.remote.lookups import Lookups
from testimonia.store.remote.names import Quads
from testimonia.store.remote.view import RemoteView
from testimonia.store.remote.words import RemoteWords
from testimonia.store.removal import removal, replacement
from testimonia.terms import Graph, iri

_SUBJECTS: Final = 200


class RemoteWriter(RemoteView, Closing):
    """Writes a store elsewhere for the archive whose ``directory`` this is. Nobody else may: the
    lock is in the directory, so one directory belongs to one store.

    Raises:
        ArchiveLocked: another process writes it; the message says which.
        StoreError: it cannot be reached.
    """

    def __init__(self, directory: Path, iris: Iris, target: Target) -> None:
        self._lock = threading.RLock()
        self._held = StoreLock(directory)
        self._target = target
        super().__init__(Client(target), iris)
        self._closed = False
        self._checkpoints = Checkpoints(directory)
        self._journal = Journal(directory)
        self._published: Path | None = None
        self._changes = 0
        try:
            self._checkpoints.sweep()
            self._finish()
            self._words = RemoteWords(directory, self, self._checkpoints)
            self._names = IndexedNames(directory, Quads(self), self._checkpoints, iris)
            self.flush()
        except BaseException:
            self._client.close()
            self._held.release()
            raise

    # ------------------------------------------------------------------------- changing

    def apply(self, batch: Batch) -> bool:
        """Make all changes of ``batch`` and the change of the reading view, or none. Where the
        store cannot do that in one request a reader may see a part of it meanwhile.

        Returns whether anything changed.

        Raises:
            StoreError: a term is not in canonical N-Triples form, or the store refused (nothing has
                changed then) or cannot be reached (the change is finished by the next writer).
        """
        with self._writing():
            return self._apply(batch, Lookups(self, self.iris))

    def _apply(self, batch: Batch, lookups: Lookups) -> bool:
        removed, added = self._effect(batch, lookups)
        if not removed and not added:
            return False
        lookups.prepare(removed, added)
        change = difference(lookups, removed, added, self.iris)
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
            lookups = self._of_document(id_)
            return self._apply(replacement(lookups, id_, graphs, shared, outdated), lookups)

    def put_documents(self, arrivals: Sequence[Arrival]) -> None:
        """See :meth:`testimonia.store.Writer.put_documents`."""
        for each in arrivals:
            self.replace_document(each.id, each.graphs(self.iris), each.shared)

    def remove_document(self, id_: str) -> bool:
        """See :meth:`testimonia.store.Writer.remove_document`."""
        with self._writing():
            lookups = self._of_document(id_)
            return self._apply(removal(lookups, id_), lookups)

    def _of_document(self, id_: str) -> Lookups:
        lookups = Lookups(self, self.iris)
        lookups.fetch_document(id_)
        return lookups

    def load(self, quads: Iterable[Quad], *, anew: bool = False) -> None:
        """Take in quads of a whole dataset, the reading view among them, faster than ``apply``.
        With ``anew`` whatever was there goes first. Should it end half-way, a part is there.

        Raises:
            StoreError: the store cannot be reached, or refuses.
        """
        with self._writing():
            self._outdate()
            self._words.forget()
            self._names.forget()
            if anew:
                self._clear()
            for graph, part in parts_of_quads(quads, self._target.kind):
                block = f"GRAPH {iri(self.place(graph))} {{{part}}}" if self.place(graph) else part
                self._client.update(f"INSERT DATA {{{block}}}")

    def load_files(self, files: Sequence[Path]) -> None:
        """Take in files of N-Quads, as they are.

        Raises:
            SyntaxError: one is none.
            StoreError: the store cannot be reached, or refuses.
        """
        for file in files:
            self.load(parse(path=str(file), format=RdfFormat.N_QUADS))

    def _clear(self) -> None:
        for graph in self.graphs():
            self._client.update(f"DROP SILENT GRAPH {iri(graph)}")
        view = self._target.view
        self._client.update(f"CLEAR SILENT GRAPH {iri(view)}" if view else "CLEAR SILENT DEFAULT")

    def change_users_graphs(self, change: Change) -> None:
        """Make a change of users' graphs, in one request.

        Raises:
            StoreError: it names a graph that is Testimonia's, has a term that is none, or is too
                large for one request to this store.
        """
        with self._writing():
            update = users.as_update(change, self.iris)
            most = self._target.kind.most_triples
            if most and len(change.lines) > most:
                raise StoreError(
                    f"this store takes {most:,} triples at once, and the change has"
                    f" {len(change.lines):,}: divide it"
                )
            if update:
                self._outdate()
                self._client.update(update)

    # ------------------------------------------------------------------------- publishing

    def flush(self) -> None:
        """Publish what has been applied. How durable that is is the store's own matter."""
        with self._writing():
            self._publish()

    def sync(self) -> None:
        """Nothing: how durable what has been applied is, is the store's own matter."""

    @contextlib.contextmanager
    def withholding(self) -> Iterator[None]:
        """See :meth:`testimonia.store.Writer.withholding`."""
        yield

    def is_withheld(self) -> bool:
        """Never: readers ask the store itself."""
        return False

    def index_names(self) -> None:
        """See :meth:`testimonia.store.Writer.index_names`."""
        with self._writing():
            self._names.publish()

    def published(self) -> Path:
        """The mark of what has been applied so far: made now if there is none."""
        with self._writing():
            return self._publish()

    def _publish(self) -> Path:
        if self._published is None:
            self._words.publish()
            self._names.publish()
            self._published = self._checkpoints.publish(self.checkpoint)
        return self._published

    def version(self) -> object:
        """What changes with everything applied."""
        return self._changes

    @contextlib.contextmanager
    def lease(self) -> Iterator[Path]:
        """The path of ``published``, kept as long as the context."""
        with contextlib.ExitStack() as stack:
            with self._writing():
                path = self._publish()
                stack.enter_context(lease(path))
            yield path

    def checkpoint(self, target: Path) -> None:
        """A folder that says where the store is: what is in it stays there, and goes on changing.

        Raises:
            StoreError: the disk refused.
        """
        try:
            target.mkdir()
            self._target.write(target)
        except OSError as error:
            raise StoreError(f"{target} cannot be written: {error}") from error

    def close(self) -> None:
        """Publish and let go of the lock; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            try:
                self.flush()
            finally:
                self._closed = True
                self._words.close()
                self._names.close()
                super().close()
                self._held.release()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise StoreError("the store has been closed")
            self._finish()
            try:
                yield
            except OSError as error:
                raise StoreError(f"the store could not be written: {error}") from error

    # ------------------------------------------------------------------------- a change

    def _effect(self, batch: Batch, lookups: Lookups) -> tuple[set[Located], set[Located]]:
        """What a batch really removes and adds, in the form in which every store gives it back."""
        add, remove = normalised(batch.add), normalised(batch.remove)
        there = self._there(add | remove)
        removed = (remove - add) & there
        added = add - there
        new = normalised(batch.put)
        for name in batch.put:
            old = {(name, triple) for triple in lookups.graph(name)}
            own = {located for located in new if located[0] == name}
            removed |= old - own
            added |= own - old
        return removed, added

    def _there(self, asked: Set[Located]) -> set[Located]:
        """Which of these triples are stored, with others of their subjects."""
        found: set[Located] = set()
        for graph in {name for name, _ in asked}:
            subjects = sorted({triple[0] for name, triple in asked if name == graph})
            for start in range(0, len(subjects), _SUBJECTS):
                values = " ".join(subjects[start : start + _SUBJECTS])
                where = f"VALUES ?s {{ {values} }} {self.inside(graph, '?s ?p ?o')}"
                found.update(self.located(where, graph=graph))
        return found

    def _commit(self, removed: Set[Located], added: Set[Located], change: ViewChange) -> None:
        come, gone = self._placed(added, change.add), self._placed(removed, change.remove)
        kind = self._target.kind
        emptied = [name for name in {name for name, _ in removed} if self._empties(name, removed)]
        emptied = [name for name in emptied if all(graph != name for graph, _ in added)]
        todo = steps(
            come,
            gone,
            sorted(emptied),
            most_triples=kind.most_triples,
            most_bytes=kind.most_bytes,
        )
        self._outdate()
        self._words.changed(change)
        viewed = ((READING_VIEW, triple) for triple in chain(change.remove, change.add))
        self._names.note(chain(viewed, removed, added))
        self._send(todo)

    def _placed(self, graphs: Set[Located], view: Graph) -> list[Located]:
        """In the graphs of the store, the reading view among them; in one order for all time."""
        shown: set[Located] = {(self._target.view, triple) for triple in view}
        return sorted(chain(graphs, shown))

    def _empties(self, name: str, removed: Set[Located]) -> bool:
        """Whether nothing of a graph remains: some stores would go on listing its name."""
        return self.count(name) == sum(graph == name for graph, _ in removed)

    def _send(self, todo: list[Step]) -> None:
        """All of it, or nothing, or, where the store is lost on the way, a journal."""
        self._journal.write([step.update for step in todo])
        begun: list[Step] = []
        try:
            for step in todo:
                begun.append(step)
                self._client.update(step.update)
        except Refused:
            undo = [each.undo for each in reversed(begun) if each.undo]
            self._journal.write(undo)
            with contextlib.suppress(Refused):
                # It may have been done in part; what is refused as it is written is not, and is
                # refused the other way round as well.
                self._client.update(begun[-1].undo)
            self._journal.write(undo[1:])
            self._finish()
            raise
        self._journal.clear()

    def _finish(self) -> None:
        """Finish the change that could not be finished before.

        Raises:
            StoreError: the store cannot be reached, or refuses.
        """
        left = self._journal.left()
        if not left:
            return
        self._checkpoints.outdate()
        for update in left:
            try:
                self._client.update(update)
            except Refused as error:
                self._journal.clear()
                raise StoreError(
                    f"a change that was cut short cannot be finished ({error}): the graph may have"
                    " a part of it; `testimonia rebuild` makes it whole"
                ) from error
        self._journal.clear()

    def _outdate(self) -> None:
        self._checkpoints.outdate()
        self._published = None
        self._changes += 1
