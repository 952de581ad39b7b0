"""Many quads in few requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import DefaultGraph, Quad

from testimonia.endpoints.kinds import Kind

# Where a store has no bounds of its own. Larger requests to Oxigraph's server are no faster.
_MOST_TRIPLES: Final = 20_000
_MOST_BYTES: Final = 8_000_000


def parts_of_quads(quads: Iterable[Quad], kind: Kind) -> Iterator[tuple[str, str]]:
    """The name of a graph (empty: the reading view) with triples of it, as they stand in SPARQL.
    Quads of one graph come together, so that the parts are large."""
    most_triples = kind.most_triples or _MOST_TRIPLES
    most_bytes = kind.most_bytes or _MOST_BYTES
    name, lines, size = "", list[str](), 0
    for quad in quads:
        own = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        line = f"{quad.subject} {quad.predicate} {quad.object} ."
        full = len(lines) >= most_triples or size + len(line) > most_bytes
        if lines and (full or own != name):
            yield name, " ".join(lines)
            lines, size = [], 0
        name = own
        lines.append(line)
        size += len(line.encode())
    if lines:
        yield name, " ".join(lines)
