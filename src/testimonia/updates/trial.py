"""A process that tries a write on a copy of a store and tells what it would change:
``python -m testimonia.updates.trial``.

An archive's managed graphs are written by Testimonia alone. So a user's update never runs on the
archive's own store: it runs here, on a copy (hard links, some milliseconds), and what it did to
the *user's* graphs goes back as triples, which the archive's writer then applies. What it did to
anything else is gone with the copy.
"""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from testimonia.endpoints import target
from testimonia.errors import QueryError, StoreError
from testimonia.iris import Iris
from testimonia.sparql import frames, lexer, limits, matching
from testimonia.sparql.policy import Reach
from testimonia.sparql.worker import reach, serve
from testimonia.updates import operations, targets

_TESTIMONIA = "https://w3id.org/testimonia#"
# The shapes take 50 ms for a document of 1,700 triples, growing with the triples.
_MOST_CHECKED = 100_000


def main() -> None:
    """Serve requests until the socket is closed."""
    parser = argparse.ArgumentParser(description="Tries an update for Testimonia.")
    parser.add_argument("--channel", type=int, required=True, help="the socket's descriptor")
    parser.add_argument("--memory", type=int, required=True, help="bytes beyond the open store")
    parser.add_argument("--service", action="append", default=[], help="IRIs that may be called")
    parser.add_argument("--remote", action="store_true", help="the store is another's server")
    arguments = parser.parse_args()
    limits.die_with_parent()
    limits.forbid_core_dumps()
    # A store elsewhere is reached through the network; LOAD is refused all the same.
    may_reach = Reach() if arguments.remote else reach(arguments.service)

    def answer(request: dict[str, Any], data: bytes, output: BinaryIO) -> None:
        limits.lift_memory_limit()
        copy = Path(request["copy"])
        if target.is_remote(copy):
            limits.limit_memory(arguments.memory)
            store = _fetched(copy, request)
        else:
            try:
                store = Store(copy)
            except (OSError, RuntimeError) as error:
                raise StoreError(f"the copy cannot be opened: {error}") from error
            limits.limit_memory(arguments.memory)
        _answer(store, request, data, output, may_reach)

    serve(socket.socket(fileno=arguments.channel), answer)


def _fetched(copy: Path, request: dict[str, Any]) -> Store:
    """A store in memory with the graphs that a request writes and reads.

    Raises:
        Forbidden: it would write what is not its user's.
        QueryError: it reads more than graphs that it names.
    """
    from testimonia.store.remote import RemoteView

    graphs = _targets(request)
    targets.require_users(graphs, request["reserved"])
    if request["operation"] == "update":
        graphs |= targets.read_by(operations.rewritten(request), request["base_iri"])
    # Its IRIs are of no account: graphs are taken by name.
    view = RemoteView.of(target.read(copy), Iris("urn:none:/"))
    store = Store()
    try:
        for graph in graphs:
            store.extend(view.raw_quads(graph))
    finally:
        view.close()
    return store


def _answer(
    store: Store,
    request: dict[str, Any],
    data: bytes,
    output: BinaryIO,
    may_reach: Reach,
) -> None:
    graphs = _targets(request)
    targets.require_users(graphs, request["reserved"])
    before = {graph: operations.quads_of(store, graph) for graph in graphs}
    existed = {graph for graph in graphs if operations.contains(store, graph)}
    _run(store, request, data, may_reach)
    after = {graph: operations.quads_of(store, graph) for graph in graphs}
    changed = [graph for graph in sorted(graphs) if before[graph] != after[graph]]
    report = None if request["unchecked"] else _report(after[graph] for graph in changed)
    kept = {graph for graph in graphs if operations.contains(store, graph)}
    head = {
        "existed": sorted(existed),
        "made": sorted(kept - existed),
        "dropped": sorted(existed - kept),
        "report": report,
    }
    output.write(frames.pack(frames.HEAD, head))
    for graph in changed:
        lines = "".join(_lines(graph, before[graph], after[graph]))
        output.write(frames.raw(frames.DATA, lines.encode()))


def _run(store: Store, request: dict[str, Any], data: bytes, may_reach: Reach) -> None:
    match request["operation"]:
        case "update":
            matching.refuse(request["text"])
            operations.update(store, request, may_reach)
        case "put":
            operations.put(store, request["graph"], data, request)
        case "drop":
            operations.drop(store, request["graph"])
        case other:
            raise StoreError(f"no operation {other!r}")


def _targets(request: dict[str, Any]) -> frozenset[str]:
    """The graphs that a request writes."""
    if request["operation"] != "update" or request.get("graph") is not None:
        return frozenset({request["graph"]})
    if lexer.inserts_only(request["text"]):
        # Their whole effect can be had without a second parser: rdflib's takes 0.3 ms a triple.
        scratch = Store()
        operations.update(scratch, request)
        return targets.of_quads(scratch)
    return targets.of_update(operations.rewritten(request), request["base_iri"])


def _lines(graph: str, before: set[Quad], after: set[Quad]) -> Iterator[str]:
    """The change of a graph as lines of JSON: ``[sign, graph, subject, predicate, object]``.

    A graph in which a blank node is touched is given whole (``=``): no update can name one.
    """
    removed, added = before - after, after - before
    if any(operations.has_blank_node(quad) for quad in removed | added):
        yield from (_line("=", graph, quad) for quad in after)
        if not after:
            yield json.dumps(["=", graph]) + "\n"
        return
    yield from (_line("-", graph, quad) for quad in removed)
    yield from (_line("+", graph, quad) for quad in added)


def _line(sign: str, graph: str, quad: Quad) -> str:
    terms = [str(quad.subject), str(quad.predicate), str(quad.object)]
    return json.dumps([sign, graph, *terms]) + "\n"


# -------------------------------------------------------------------------------- validation


def _report(graphs: Iterator[set[Quad]]) -> dict[str, Any] | None:
    """What the shapes find wrong with graphs that speak of Testimonia's terms; ``None`` where
    they conform, or do not."""
    for quads in graphs:
        if not any(_speaks(quad) for quad in quads):
            continue
        if len(quads) > _MOST_CHECKED:
            raise QueryError(
                f"a graph with Testimonia's terms is checked whole, and may have {_MOST_CHECKED:,}"
                f" triples; this one would have {len(quads):,}: divide it"
            )
        from testimonia.validation import validate

        report = validate(frozenset(map(_skolemised, quads)))
        if not report.conforms:
            return {"turtle": report.to_turtle(), "text": report.text, "json": report.to_json()}
    return None


def _speaks(quad: Quad) -> bool:
    return quad.predicate.value.startswith(_TESTIMONIA) or (
        isinstance(quad.object, NamedNode) and quad.object.value.startswith(_TESTIMONIA)
    )


def _skolemised(quad: Quad) -> tuple[str, str, str]:
    return _term(quad.subject), _term(quad.predicate), _term(quad.object)


def _term(node: NamedNode | BlankNode | Literal | Triple) -> str:
    from testimonia.rdf import from_oxigraph

    if isinstance(node, BlankNode):
        return f"<urn:blank:{node.value}>"
    if isinstance(node, Triple):
        raise QueryError("a graph with Testimonia's terms has no triples as terms")
    return from_oxigraph(node)


if __name__ == "__main__":
    main()
