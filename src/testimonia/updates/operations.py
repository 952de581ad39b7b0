"""What a write does to an open store. Runs in a process of its own only.

SPARQL 1.1 Update; SPARQL 1.1 Graph Store HTTP Protocol. A graph is named by its IRI, the default
graph by ``""``.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from testimonia.errors import QueryError
from testimonia.sparql import lexer, outside, policy
from testimonia.sparql.syntax import explained
from testimonia.updates import merging


def update(store: Store, request: dict[str, Any], reach: policy.Reach | None = None) -> None:
    """Run an update, all or nothing. ``request`` has ``text``, the protocol's graphs ``using`` and
    ``using_named``, ``base_iri``, and ``graph`` where it is a patch of that graph.

    Raises:
        Forbidden: it would reach what it may not.
        QueryError: it cannot be run; with SyntaxError, ValueError, OSError and RuntimeError as
            pyoxigraph raises them.
    """
    text = request["text"]
    policy.check_update(text, reach)
    allowed = outside.outside_of(reach)
    text = merging.merged(rewritten(request))
    with outside.relayed(outside.loaded(text, allowed), allowed) as followed:
        store.update(followed, base_iri=request["base_iri"])


def rewritten(request: dict[str, Any]) -> str:
    """The text of an update with the graphs that the request names beside it.

    Raises:
        QueryError: the text names graphs as well.
    """
    text: str = request["text"]
    if request.get("graph") is not None:
        graph = request["graph"]
        return lexer.on_graph(text, NamedNode(graph).value if graph else "")
    using = [NamedNode(each).value for each in request["using"]]
    named = [NamedNode(each).value for each in request["using_named"]]
    return lexer.with_using(text, using, named) if using or named else text


def put(store: Store, graph: str, data: bytes, request: dict[str, Any]) -> bool:
    """Make a graph what ``data`` says, or with ``request["merge"]`` add it. Returns whether there
    was no such graph before.

    Raises:
        QueryError: the data cannot be read as what it is said to be.
    """
    name = _name(graph)
    triples = parsed(data, request["media_type"], request["base_iri"])
    existed = contains(store, graph)
    clear = "" if request["merge"] else f"CLEAR SILENT {_reference(graph)} ; "
    create = f"CREATE SILENT GRAPH {name} ; " if graph else ""
    body = " ".join(f"{s} {p} {o} ." for s, p, o in triples)
    block = f"GRAPH {name} {{ {body} }}" if graph else body
    store.update(f"{clear}{create}INSERT DATA {{ {block} }}")
    return not existed


def drop(store: Store, graph: str) -> bool:
    """Remove a graph; returns whether it was there."""
    if not contains(store, graph):
        return False
    if graph:
        store.update(f"DROP GRAPH {_name(graph)}")
    else:
        store.update("CLEAR DEFAULT")
    return True


def contains(store: Store, graph: str) -> bool:
    """Whether there is such a graph: the default graph always."""
    return not graph or store.contains_named_graph(NamedNode(graph))


def parsed(data: bytes, media_type: str, base_iri: str | None) -> list[tuple[str, str, str]]:
    """The triples of a document, as SPARQL terms.

    Raises:
        QueryError: there is no such format, or the document breaks its grammar (says where), or
            names graphs.
    """
    format_ = RdfFormat.from_media_type(media_type)
    if format_ is None:
        raise QueryError(f"{media_type!r} is no RDF format that can be read here")
    try:
        quads = list(parse(data, format_, base_iri=base_iri))
        if format_ == RdfFormat.RDF_XML:
            _require_whole(data)
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the body is no {format_.name}: {explained(str(error))}") from error
    if any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads):
        raise QueryError("the body names graphs of its own, but it is to be one graph")
    return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]


def _require_whole(data: bytes) -> None:
    """pyoxigraph takes the end of the text for the end of every element: a document that was cut
    off would be taken for a whole one.

    Raises:
        ValueError: it is not well-formed.
    """
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"XML that is not well-formed: {error}") from error


def quads_of(store: Store, graph: str) -> set[Quad]:
    """All quads of one graph."""
    name = NamedNode(graph) if graph else DefaultGraph()
    return set(store.quads_for_pattern(None, None, None, name))


def has_blank_node(quad: Quad) -> bool:
    """Whether its subject or object is one."""
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def _name(graph: str) -> str:
    return str(NamedNode(graph)) if graph else ""


def _reference(graph: str) -> str:
    return f"GRAPH {_name(graph)}" if graph else "DEFAULT"
