"""The graph of an authority, replaced by what its files hold, however much that is.

What has changed is found first, on disk and not in memory. Up to ``_AT_ONCE`` triples change in one
transaction; more in several, of which no reader sees any before the last is done: the store
withholds them, after an unclean end too. An end in between is noticed by the record, and the load
is done again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from testimonia.authorities import Bad, File, read
from testimonia.errors import UnsupportedSource
from testimonia.iris import Iris
from testimonia.rdf import as_stored
from testimonia.store import Batch, Writer
from testimonia.terms import Graph, Term, Triple

_AT_ONCE: Final = 10_000
_SYNCED: Final = 8  # batches; a store keeps a gigabyte in memory before it writes by itself
_SHOWN: Final = 20  # bad lines
_CACHED: Final = 10_000  # terms whose stored form is kept

Triples = Callable[[], Iterable[Triple]]


@dataclass(frozen=True, slots=True)
class BadLines:
    """What of some files cannot be read: how many lines, and the first of them by file."""

    count: int
    first: tuple[tuple[str, Bad], ...]

    @classmethod
    def of(cls, files: Iterable[File], authority: str, iris: Iris) -> BadLines:
        """Read the files once, to see.

        Raises:
            SourceError: a file cannot be read at all.
        """
        count = 0
        first: list[tuple[str, Bad]] = []
        for number, file in enumerate(files):
            for each in read(file, authority, iris, number):
                if isinstance(each, Bad):
                    count += 1
                    if len(first) < _SHOWN:
                        first.append((file.name, each))
        return cls(count, tuple(first))

    def error(self) -> UnsupportedSource:
        """What to tell of them."""
        lines = [f"{name}, line {each.line}: {each.reason}" for name, each in self.first]
        more = self.count - len(lines)
        if more > 0:
            lines.append(f"and {more:,} more")
        count = f"{self.count:,} {'line' if self.count == 1 else 'lines'}"
        lines.append(
            f"{count} cannot be read, and nothing was changed: correct them, or load what can be"
            " read with --skip-bad-lines"
        )
        return UnsupportedSource("\n".join(lines))


def good_triples(
    files: Iterable[File], authority: str, iris: Iris, more: Graph
) -> Iterator[Triple]:
    """What can be read of files, and ``more``."""
    yield from more
    for number, file in enumerate(files):
        for each in read(file, authority, iris, number):
            if not isinstance(each, Bad):
                yield each


def replace_graph(writer: Writer, graph: str, triples: Triples, directory: Path) -> tuple[int, int]:
    """Have exactly ``triples`` in a graph; ``directory`` has room for what is found on the way.

    Returns how many triples came and how many went.
    """
    changes = _Changes(writer, graph)
    empty = next(writer.triples(graph), None) is None
    with _seen(directory) as seen:
        for triple in triples():
            stored = triple[0], triple[1], _as_stored(triple[2])
            if seen.is_new(stored) and (empty or not _has(writer, graph, stored)):
                changes.add(stored)
        if not empty:
            for triple in writer.triples(graph):
                if not seen.has(triple):
                    changes.remove(triple)
    changes.make()
    return changes.added, changes.removed


class _Changes:
    """Changes of one graph, made together as far as they are not too many."""

    def __init__(self, writer: Writer, graph: str) -> None:
        self._writer = writer
        self._graph = graph
        self._come: set[Triple] = set()
        self._go: set[Triple] = set()
        self._batches = 0
        self.added = self.removed = 0

    def add(self, triple: Triple) -> None:
        """Let a triple come."""
        self._come.add(triple)
        self.added += 1
        self._make_many()

    def remove(self, triple: Triple) -> None:
        """Let a triple go."""
        self._go.add(triple)
        self.removed += 1
        self._make_many()

    def make(self) -> None:
        """Make what has come together, in one transaction."""
        if self._come or self._go:
            add, remove = frozenset(self._come), frozenset(self._go)
            self._writer.apply(Batch(add={self._graph: add}, remove={self._graph: remove}))
        self._come.clear()
        self._go.clear()
        self._batches += 1
        if self._batches % _SYNCED == 0:
            self._writer.sync()

    def _make_many(self) -> None:
        if len(self._come) + len(self._go) >= _AT_ONCE:
            self.make()


class _Seen:
    """Which triples there were: by digests of 128 bits, in a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")

    def is_new(self, triple: Triple) -> bool:
        """Note a triple; whether it was not there before."""
        insert = "INSERT OR IGNORE INTO seen VALUES (?)"
        return self._connection.execute(insert, (_digest(triple),)).rowcount == 1

    def has(self, triple: Triple) -> bool:
        """Whether a triple was there."""
        query = "SELECT 1 FROM seen WHERE digest = ?"
        return self._connection.execute(query, (_digest(triple),)).fetchone() is not None


@contextmanager
def _seen(directory: Path) -> Iterator[_Seen]:
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(dir=directory, prefix="authority-")
        file = Path(stack.enter_context(folder)) / "seen.sqlite"
        connection = stack.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        yield _Seen(connection)


def _digest(triple: Triple) -> bytes:
    # No term has a line end in it: they are escaped.
    return hashlib.sha256("\n".join(triple).encode("utf-8", "surrogatepass")).digest()[:16]


def _has(writer: Writer, graph: str, triple: Triple) -> bool:
    return any(name == graph for name, _ in writer.match(*triple))


@lru_cache(_CACHED)
def _as_stored(term: Term) -> Term:
    return as_stored(term)
