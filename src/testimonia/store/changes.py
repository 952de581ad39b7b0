"""Changes of graphs as SPARQL 1.1 Update.

Canonical N-Triples terms are SPARQL terms as they stand; all that is written here has been through
``from_oxigraph``, so that nothing in them can end a clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from testimonia.store import Located
from testimonia.store.normal import grouped
from testimonia.terms import Triple, iri


@dataclass(frozen=True, slots=True)
class Step:
    """An update request, and the one that takes it back."""

    update: str
    undo: str


def data(groups: Mapping[str, Sequence[Triple]]) -> str:
    """SPARQL 1.1 Update, QuadData; the graph without a name is the default graph."""
    return " ".join(
        f"GRAPH {iri(name)} {{{_body(triples)}}}" if name else _body(triples)
        for name, triples in sorted(groups.items())
    )


def _body(triples: Sequence[Triple]) -> str:
    return " ".join(f"{s} {p} {o} ." for s, p, o in triples)


def steps(
    come: Sequence[Located],
    gone: Sequence[Located],
    emptied: Iterable[str],
    *,
    most_triples: int = 0,
    most_bytes: int = 0,
) -> list[Step]:
    """The requests that bring ``come``, then take ``gone``, then drop the graphs ``emptied``: one,
    unless there are bounds.

    First comes what comes: between two requests a reader finds both versions, never neither.
    """
    drops = " ; ".join(f"DROP SILENT GRAPH {iri(name)}" for name in emptied)
    if not most_triples and not most_bytes:
        parts = [_each("INSERT", come), _each("DELETE", gone), drops]
        back = [_each("INSERT", gone), _each("DELETE", come)]
        return [Step(" ; ".join(filter(None, parts)), " ; ".join(filter(None, back)))]
    found: list[Step] = []
    for triples, do, undo in ((come, "INSERT", "DELETE"), (gone, "DELETE", "INSERT")):
        for part in parts_of(triples, most_triples, most_bytes):
            found.append(Step(_each(do, part), _each(undo, part)))
    if drops:
        found.append(Step(drops, ""))
    return found


def _each(verb: str, triples: Sequence[Located]) -> str:
    """An operation for each graph: of several in one DELETE DATA, Virtuoso 7.2.5 leaves literals
    with a language or a datatype of others where they are."""
    return " ; ".join(
        f"{verb} DATA {{{data({name: graph})}}}" for name, graph in grouped(triples).items()
    )


def parts_of(
    triples: Sequence[Located], most_triples: int, most_bytes: int
) -> Iterator[list[Located]]:
    """The triples in parts of so many and so large; a larger one alone."""
    part: list[Located] = []
    size = 0
    for located in triples:
        own = sum(len(term.encode()) for term in located[1]) + len(located[0]) + 16
        full = (most_triples and len(part) >= most_triples) or (
            most_bytes and size + own > most_bytes
        )
        if part and full:
            yield part
            part, size = [], 0
        part.append(located)
        size += own
    if part:
        yield part
