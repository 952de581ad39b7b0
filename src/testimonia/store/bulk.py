"""The graphs of many documents at once, from files of N-Quads that others have written (shards).

They hold managed graphs, as ``replace_document`` would have put them: each document's own, and what
it adds to the shared ones. The reading view is made here, of all of them, so the store has no
document before.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from testimonia.errors import ArchiveError, StoreError
from testimonia.iris import Iris
from testimonia.store.opening import AnyWriter
from testimonia.terms import iri_of
from testimonia.vocabulary import TST

_SAME: Final = iri_of(TST.sameEntity)
_SAME_BYTES: Final = f" {TST.sameEntity} ".encode()
_MENTION: Final = b"#char="


def load_shards(writer: AnyWriter, shards: Sequence[Path]) -> None:
    """Take the files in, and make the reading view of all; what nobody has published yet is seen
    with the next ``flush``. Should it end half-way, do it again from the beginning.

    Raises:
        ArchiveError: the store has documents already, or a file is no N-Quads, or has quads of the
            default graph, which nobody writes.
        StoreError: the disk refused, or the store cannot be reached.
    """
    iris = writer.iris
    named = filter(None, map(iris.parse, writer.graphs()))
    if any(name.kind == "document" for name in named):
        raise ArchiveError("shards are for a store without documents: the view is made of them")
    try:
        writer.load_files(shards)
        writer.load(image_of(shards, iris))
    except (SyntaxError, ValueError) as error:
        raise ArchiveError(f"a shard is no N-Quads: {error}") from error
    except OSError as error:
        raise StoreError(f"a shard cannot be read: {error}") from error


def image_of(shards: Sequence[Path], iris: Iris) -> Iterator[Quad]:
    """The images of all triples in the reading view; some more than once: no store minds."""
    canonical = _canonical(shards, iris)
    entity = canonical.get
    viewed: dict[NamedNode, bool] = {}
    for shard in shards:
        with shard.open("rb") as file:
            for quad in parse(_Lines(file, _is_seen(iris)), format=RdfFormat.N_QUADS):  # type: ignore[arg-type]
                subject, predicate, object_, graph = quad
                if not isinstance(graph, NamedNode):
                    raise ArchiveError(
                        f"{shard.name} has a quad of the default graph, which follows from others"
                    )
                seen = viewed.get(graph)
                if seen is None:
                    seen = viewed[graph] = iris.is_viewed(graph.value)
                if not seen or predicate.value == _SAME:
                    continue
                if isinstance(object_, NamedNode):
                    if "#char=" in object_.value and iris.is_mention(object_.value):
                        continue
                    object_ = entity(object_, object_)
                if isinstance(subject, NamedNode):
                    yield Quad(entity(subject, subject), predicate, object_)


def _is_seen(iris: Iris) -> Callable[[bytes], bool]:
    """Tells lines that may have an image. Half of all triples have a mention as their subject:
    to parse them would take as long as the rest."""
    last, known = b"", True

    def seen(line: bytes) -> bool:
        nonlocal last, known
        subject = line[: line.find(b" ")]
        if _MENTION not in subject:
            return True
        if subject != last:
            last, known = subject, not iris.is_mention(subject[1:-1].decode())
        return known

    return seen


def _canonical(shards: Sequence[Path], iris: Iris) -> dict[NamedNode, NamedNode]:
    """The canonical entity of each local one; of two the smaller, as ``reading_view`` has it."""
    canonical: dict[NamedNode, NamedNode] = {}
    for shard in shards:
        with shard.open("rb") as file:
            links = _Lines(file, lambda line: _SAME_BYTES in line)
            for quad in parse(links, format=RdfFormat.N_QUADS):  # type: ignore[arg-type]
                local, predicate, entity, graph = quad
                if (
                    predicate.value == _SAME
                    and isinstance(graph, NamedNode)
                    and graph.value == iris.entities_graph
                    and isinstance(local, NamedNode)
                    and isinstance(entity, NamedNode)
                    and local.value.startswith(iris.base_iri)
                ):
                    known = canonical.get(local)
                    if known is None or entity.value < known.value:
                        canonical[local] = entity
    return canonical


class _Lines(io.RawIOBase):
    """A file with some of its lines left out."""

    def __init__(self, file: io.BufferedReader, wanted: Callable[[bytes], bool]) -> None:
        self._lines = filter(wanted, file)
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Some whole lines, or the rest of some; none at the end."""
        pieces, length = [self._left], len(self._left)
        while size < 0 or length < size:
            line = next(self._lines, None)
            if line is None:
                break
            pieces.append(line)
            length += len(line)
        data = b"".join(pieces)
        taken = data if size < 0 else data[:size]
        self._left = data[len(taken) :]
        return taken
