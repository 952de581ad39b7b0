"""A process that evaluates queries on one checkpoint: ``python -m testimonia.sparql.worker``.

Here alone is anybody's SPARQL parsed and evaluated: pyoxigraph's parser overflows the stack at
10,000 levels of nesting, and its evaluator can be neither cancelled nor bounded. Whatever
happens, it happens to this process. Requests come in on standard input, frames go out on
standard output (:mod:`testimonia.sparql.frames`).
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from testimonia.errors import NotAcceptable, QueryError
from testimonia.sparql import frames, limits, policy
from testimonia.sparql.negotiation import Chosen, ResultKind, choose
from testimonia.vocabulary import PREFIXES

_BUFFER_BYTES = 64 * 1024
_TABLES = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
_WITH_PREFIXES = frozenset({"turtle", "rdfxml", "trig"})
_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_Results = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True, slots=True)
class Request:
    """One query; graph IRIs as of the protocol, which go before the query's own FROM.

    With ``known_prefixes`` those of our vocabularies need no declaration.
    """

    query: str
    accept: str | None
    format: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    known_prefixes: bool
    seconds: float


def main() -> None:
    """Serve requests until standard input ends."""
    arguments = _arguments()
    limits.forbid_core_dumps()
    output = _claim_standard_output()
    try:
        store = Store.read_only(str(arguments.checkpoint))
    except (OSError, RuntimeError) as error:
        _finish(output, "store", f"{arguments.checkpoint} cannot be read: {error}")
        return
    limits.limit_memory(arguments.memory)
    for request in _requests(sys.stdin.buffer):
        _answer(store, request, output)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Evaluates queries for Testimonia's endpoint.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--memory", type=int, required=True, help="bytes beyond the open store")
    return parser.parse_args()


def _claim_standard_output() -> BinaryIO:
    """Frames go where nothing else does: what a library prints goes to standard error."""
    output = os.fdopen(os.dup(1), "wb", buffering=_BUFFER_BYTES)
    os.dup2(2, 1)
    return output


def _requests(stream: BinaryIO) -> Iterator[Request]:
    def exactly(size: int) -> bytes:
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
        return data

    while True:
        try:
            _, payload = frames.read(exactly)
        except EOFError:
            return
        fields = frames.unpack(payload)
        fields["default_graphs"] = tuple(fields["default_graphs"])
        fields["named_graphs"] = tuple(fields["named_graphs"])
        yield Request(**fields)


def _answer(store: Store, request: Request, output: BinaryIO) -> None:
    limits.start_alarm(request.seconds)
    try:
        _evaluate(store, request, output)
    except NotAcceptable as error:
        _finish(output, "not acceptable", str(error))
    except QueryError as error:
        _finish(output, "query", str(error))
    except SyntaxError as error:
        _finish(output, "query", _explain(str(error)))
    except MemoryError:
        _finish(output, "memory", "")
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        _finish(output, "query", f"the query cannot be evaluated: {error}")
    else:
        _finish(output, None, "")
    finally:
        limits.stop_alarm()


def _evaluate(store: Store, request: Request, output: BinaryIO) -> None:
    policy.check(request.query)
    results = _query(store, request)
    chosen = choose(request.format, request.accept, _kind(results))
    output.write(frames.pack(frames.HEAD, {"media_type": chosen.media_type}))
    with io.BufferedWriter(frames.DataFrames(output), _BUFFER_BYTES) as body:
        _serialise(results, chosen, cast("BinaryIO", body))


def _query(store: Store, request: Request) -> _Results:
    prefixes = dict(PREFIXES) if request.known_prefixes else None
    if not request.default_graphs and not request.named_graphs:
        return store.query(request.query, prefixes=prefixes)
    default: list[Any] = [NamedNode(name) for name in request.default_graphs]
    named: list[Any] = [NamedNode(name) for name in request.named_graphs]
    if len(default) > 1:
        store, default = _merged(store, default, named), [DefaultGraph()]
    return store.query(request.query, prefixes=prefixes, default_graph=default, named_graphs=named)


def _merged(store: Store, default: list[NamedNode], named: list[NamedNode]) -> Store:
    """A store in memory whose default graph is the merge that SPARQL 1.1 (13.2) asks for.

    A list of default graphs would not do: what two graphs say, pyoxigraph answers twice.
    """
    merged = Store()
    for graph in default:
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


def _kind(results: _Results) -> ResultKind:
    if isinstance(results, QueryTriples):
        return ResultKind.GRAPH
    return ResultKind.BOOLEAN if isinstance(results, QueryBoolean) else ResultKind.BINDINGS


def _serialise(results: _Results, chosen: Chosen, body: BinaryIO) -> None:
    name = chosen.format.name
    if not isinstance(results, QueryTriples):
        results.serialize(body, _TABLES[name])
    elif name in _WITH_PREFIXES:
        serialize(results, body, _GRAPHS[name], prefixes=dict(PREFIXES))
    else:
        results.serialize(body, _GRAPHS[name])


def _explain(message: str) -> str:
    if match := _SYNTAX_ERROR.fullmatch(message):
        return f"syntax error at line {match[1]}, column {match[2]}: {match[3]}"
    return f"syntax error: {message}"


def _finish(output: BinaryIO, error: str | None, message: str) -> None:
    output.write(frames.pack(frames.END, {"error": error, "message": message}))
    output.flush()


if __name__ == "__main__":
    main()
