"""The store: what can be read from it (``View``) and the one way to change it (``Writer``).

Graphs are named by plain IRIs (``Iris`` makes them); ``READING_VIEW`` names the default graph,
which holds the reading view and is written by nobody but the Writer, in the transaction that
changes the graphs it is the image of (:mod:`testimonia.store.reading_view`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, Protocol

from testimonia.iris import Iris
from testimonia.terms import Graph, Term, Triple

if TYPE_CHECKING:
    from testimonia.store.arrivals import Arrival

READING_VIEW: Final = ""

Located = tuple[str, Triple]
"""A triple and the graph it stands in."""

ExportFormat = Literal["nquads", "trig", "jsonld", "ntriples", "turtle", "rdfxml"]
"""The first three hold a whole dataset, the others one graph."""


NOTHING: Final[Mapping[str, Graph]] = MappingProxyType({})
"""No graphs."""


def _no_graphs() -> Mapping[str, Graph]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that are made together or not at all, keyed by graph IRI.

    ``put`` gives whole graphs (an empty one removes it); ``remove`` and ``add`` change a part of a
    graph too large to be given whole, first removing, then adding. To remove what is not there,
    or add what is, is no error and changes nothing.

    Raises:
        ValueError: a graph is both put and changed in part, or the reading view is named.
    """

    put: Mapping[str, Graph] = field(default_factory=_no_graphs)
    add: Mapping[str, Graph] = field(default_factory=_no_graphs)
    remove: Mapping[str, Graph] = field(default_factory=_no_graphs)

    def __post_init__(self) -> None:
        if twice := self.put.keys() & (self.add.keys() | self.remove.keys()):
            raise ValueError(f"put whole and changed in part: {', '.join(sorted(twice))}")
        if READING_VIEW in {*self.put, *self.add, *self.remove}:
            raise ValueError("the reading view follows from the graphs: it is not written itself")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of graphs that are their users' own.

    Each line is a sign, a graph's IRI and three terms in N-Triples form: ``-`` and ``+`` remove
    and add a triple; ``=`` gives a triple of a graph that is given whole, and stands alone for one
    that is empty. ``made`` and ``dropped`` are graphs that come to be and cease to be.
    """

    lines: tuple[tuple[str, ...], ...] = ()
    made: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class View(Protocol):
    """The read side of a store, at one moment or live.

    Terms come back in the store's own form, which is not always that in which they went in:
    numbers, booleans and dates are kept as values (``"12.0"`` comes back as ``"12"``).
    """

    @property
    def iris(self) -> Iris:
        """The archive's IRIs."""
        ...

    def count(self, graph: str | None = None) -> int:
        """How many triples stand in ``graph``; in all graphs and the reading view if ``None``."""
        ...

    def graphs(self) -> tuple[str, ...]:
        """The named graphs that have triples, sorted."""
        ...

    def graph(self, name: str) -> Graph:
        """All triples of one graph; none where there is no such graph."""
        ...

    def viewed(self, subject: Term) -> Graph:
        """What the reading view says of a subject."""
        ...

    def triples(self, name: str) -> Iterator[Triple]:
        """The triples of one graph, one by one, in no particular order."""
        ...

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples of *named* graphs that fit; ``None`` fits everything."""
        ...

    def quads(self) -> Iterator[Located]:
        """Everything, the reading view included, in no particular order."""
        ...

    def export(
        self,
        output: BinaryIO,
        format_: ExportFormat = "nquads",
        *,
        graph: str | None = None,
        sort: bool = False,
    ) -> None:
        """Write the whole dataset, or one graph, to ``output`` as it is read.

        The formats that hold one graph write the reading view where none is named. ``sort`` (for
        ``nquads`` and ``ntriples``) puts the lines in code point order, so that equal stores give
        equal bytes, in bounded memory.
        """
        ...


class Writer(View, Protocol):
    """The one way to change a store. Every method may be called from any thread.

    What ``apply`` has done is seen by reads at once and survives the end of the process; a power
    cut takes what has happened since the last ``flush``.
    """

    def apply(self, batch: Batch) -> bool:
        """Make all changes of ``batch`` and the change of the reading view, or none.

        Returns whether anything changed.

        Raises:
            StoreError: a term is not in canonical N-Triples form, or the disk refused.
        """
        ...

    def replace(self, graphs: Mapping[str, Graph]) -> bool:
        """``apply`` for whole graphs alone."""
        ...

    def replace_document(
        self,
        id_: str,
        graphs: Mapping[str, Graph],
        shared: Mapping[str, Graph],
        outdated: Mapping[str, Graph] = NOTHING,
    ) -> bool:
        """Put a document's ``graphs``, and in the shared graphs ``shared`` in the place of what
        stood there for it alone, and of what is ``outdated`` there. The same document twice
        changes nothing."""
        ...

    def put_documents(self, arrivals: Sequence[Arrival]) -> None:
        """``replace_document`` for several, in their order; those that are new all at once or none.

        Raises:
            StoreError: a term is not in canonical N-Triples form, or the disk refused.
        """
        ...

    def remove_document(self, id_: str) -> bool:
        """Take a document out, and with it what stood in the shared graphs for it alone.

        Returns whether there was such a document.
        """
        ...

    def load_files(self, files: Sequence[Path]) -> None:
        """Take in files of N-Quads as they are, faster than ``apply`` and with no view made of
        them: see :mod:`testimonia.store.bulk`.

        Raises:
            SyntaxError: one is none.
            StoreError: the store refused.
        """
        ...

    def flush(self) -> None:
        """Make everything durable, and publish it to other processes."""
        ...

    def sync(self) -> None:
        """Make everything durable and let go of the memory that it took, but publish nothing."""
        ...

    def withholding(self) -> AbstractContextManager[None]:
        """Let nothing that changes within it be published before its end. Should it end early, or
        the process, nothing is from then on, until it was done again: what was published last is
        what others read. A store elsewhere has one state for all, and withholds nothing."""
        ...

    def is_withheld(self) -> bool:
        """Whether what is applied is not published: something was cut short."""
        ...

    def index_names(self) -> None:
        """Bring the indexes of names to what has been applied, before that is published."""
        ...

    def published(self) -> Path:
        """A checkpoint that has everything applied so far: made now if there is none."""
        ...

    def version(self) -> object:
        """What changes with everything applied: with ``lease`` what a pool of readers wants."""
        ...

    def lease(self) -> AbstractContextManager[Path]:
        """The path of ``published``, kept as long as the context."""
        ...

    def checkpoint(self, target: Path) -> None:
        """A checkpoint in a directory of the caller's, on the same disk by hard links."""
        ...

    def close(self) -> None:
        """Flush, publish and let go of the lock."""
        ...
