"""Which graphs an update writes, and whether they are its user's to write.

Read off rdflib's algebra of the update, which is never evaluated. This is for a clear answer: the
wall itself is that an archive's writer takes nothing but triples of graphs that are nobody else's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from pyoxigraph import DefaultGraph, Store

from testimonia.errors import Forbidden, QueryError

_RECURSION_LIMIT = 20_000
_HINT = (
    "in an archive the default graph and the graphs of documents are written by Testimonia alone;"
    " write into a named graph of your own (INSERT DATA { GRAPH <https://…> { … } })"
)


def require_users(graphs: frozenset[str], reserved: Sequence[str]) -> None:
    """Let pass what is named, and not reserved (by the beginnings of IRIs).

    Raises:
        Forbidden: a graph is Testimonia's; says what to do instead.
    """
    for graph in sorted(graphs):
        if not graph:
            raise Forbidden(f"the default graph may not be written: {_HINT}")
        if any(graph.startswith(each) for each in reserved):
            raise Forbidden(f"the graph <{graph}> may not be written: {_HINT}")


def of_quads(store: Store) -> frozenset[str]:
    """The graphs that a store has."""
    return frozenset(
        "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value for quad in store
    )


def of_update(update: str, base_iri: str | None) -> frozenset[str]:
    """The graphs that an update names as those to write in, ``""`` for the default graph.

    Raises:
        QueryError: it cannot be parsed.
        Forbidden: it would write in graphs that only its evaluation finds.
    """
    return frozenset(name for request in _requests(update, base_iri) for name in _written(request))


def read_by(update: str, base_iri: str | None) -> frozenset[str]:
    """The graphs that an update reads beside those that it writes, where that can be told: for
    stores from which no copy of everything can be had.

    Raises:
        QueryError: it has a WHERE, which may read anything.
    """
    found: set[str] = set()
    for request in _requests(update, base_iri):
        if request.name == "Modify":
            raise QueryError(
                "the store of this archive is another's server, where an update with WHERE cannot"
                " be tried first: ask for the triples with CONSTRUCT, and send them as INSERT DATA"
                " or to /rdf-graph-store"
            )
        if request.name in ("Add", "Move", "Copy"):
            found.add(_reference(request.graph[0]))
    return frozenset(found)


def _requests(update: str, base_iri: str | None) -> list[Any]:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.algebra import translateUpdate
    from rdflib.plugins.sparql.parser import parseUpdate

    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        return list(translateUpdate(parseUpdate(update), base_iri).algebra)
    except ParseBaseException as error:
        where = f"line {error.lineno}, column {error.column}"
        raise QueryError(f"syntax error at {where}: {error.msg}") from error
    except RecursionError as error:
        raise QueryError("the update is nested too deeply to be checked") from error


def _written(request: Any) -> Iterator[str]:
    match request.name:
        case "Modify":
            own = request.withClause
            for part in (request.delete, request.insert):
                if part:
                    yield from _of_template(part, str(own) if own is not None else "")
        case "InsertData" | "DeleteData" | "DeleteWhere":
            yield from _of_template(request, "")
        case "Load":
            yield str(request.graphiri or "")
        case "Add" | "Copy":
            yield _reference(request.graph[1])
        case "Move":
            yield from map(_reference, request.graph)
        case _:
            yield _reference(request.graphiri)


def _of_template(part: Any, default: str) -> Iterator[str]:
    if part.triples:
        yield default
    for graph in part.quads or {}:
        yield _named(graph)


def _reference(graph: Any) -> str:
    if str(graph) in ("ALL", "NAMED"):
        raise Forbidden(f"{graph} would reach every graph: {_HINT}")
    return "" if str(graph) == "DEFAULT" else _named(graph)


def _named(graph: Any) -> str:
    from rdflib import URIRef

    if not isinstance(graph, URIRef):
        raise Forbidden(f"{graph} stands for graphs that only the update finds: name them; {_HINT}")
    return str(graph)
