"""What many documents wait in, on the disk, until all of them are linked: shards of N-Quads.

What a document says is written as it comes. What it looks like in the reading view is kept in
pieces, since a later document may show two entities to be one; the pieces are put together when
nothing changes any more. Memory grows with the gazetteer's places in use, not with the documents.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from testimonia.store.arrivals import Arrival, Prepared, lines
from testimonia.terms import Graph, Term, Triple

_WAITING: Final = "waiting.pickle"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document's image in the reading view: ``view`` with ``gaps`` between its pieces."""

    id: str
    view: tuple[str, ...]
    gaps: tuple[Term, ...]

    def lines(self, canonical: Mapping[Term, Term]) -> Iterator[str]:
        """The image as N-Triples, each gap filled with a canonical entity."""
        yield self.view[0]
        for gap, piece in zip(self.gaps, self.view[1:], strict=True):
            yield canonical[gap]
            yield piece


class Shards:
    """Files of N-Quads in a folder, numbered, none larger than ``most`` bytes, lines permitting.

    To load files of 256 MB takes 1.4 GB of memory, of 64 MB 0.4, and the same time for a quad.
    """

    def __init__(self, folder: Path, name: str, most: int = 1 << 26) -> None:
        self._folder = folder
        self._name = name
        self._most = most
        self._size = 0
        self._output: BinaryIO | None = None
        self.files: list[Path] = []

    def write(self, text: str) -> None:
        """Add whole lines."""
        if not text:
            return
        data = text.encode()
        if self._output is None or self._size + len(data) > self._most:
            self.close()
            self.files.append(self._folder / f"{self._name}-{len(self.files):04}.nq")
            self._output = self.files[-1].open("wb")
        self._output.write(data)
        self._size += len(data)

    def flush(self) -> None:
        """Put into the last file what was written."""
        if self._output is not None:
            self._output.flush()

    def close(self) -> None:
        """Let go of the last file."""
        if self._output is not None:
            self._output.close()
        self._output, self._size = None, 0


class Spool:
    """The waiting documents of one run, in a folder of their own, which is made anew."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.count = 0
        self.documents = Shards(folder, "documents")
        self._waiting = (folder / _WAITING).open("wb")
        self._once: dict[str, set[Triple]] = {}

    def add(self, arrival: Arrival, shared: Mapping[str, Graph], once: Iterable[str]) -> None:
        """Take a document in, with what ``shared`` graphs say because of it; what it says to those
        of ``once`` others may have said before it."""
        prepared: Prepared = arrival.prepared
        self.documents.write(prepared.document)
        self.documents.write(prepared.inferred)
        for name, graph in shared.items():
            if name in once:
                known = self._once.setdefault(name, set())
                graph = graph - known
                known |= graph
            self.documents.write(lines(graph, name))
        pickle.dump(
            (arrival.id, prepared.view, prepared.gaps), self._waiting, pickle.HIGHEST_PROTOCOL
        )
        self.count += 1

    def said_once(self) -> Iterator[tuple[str, Graph]]:
        """What was taken in of graphs that many documents say the same to."""
        return ((name, frozenset(graph)) for name, graph in self._once.items())

    def waiting(self) -> Iterator[Waiting]:
        """The documents, in the order in which they came; no more can be added."""
        self._waiting.close()
        self.documents.close()
        with (self.folder / _WAITING).open("rb") as file:
            for _ in range(self.count):
                yield Waiting(*pickle.load(file))  # noqa: S301 - our own

    def remove(self) -> None:
        """Take all of it off the disk."""
        self._waiting.close()
        self.documents.close()
        shutil.rmtree(self.folder, ignore_errors=True)
