"""One request on one open store: parsed, evaluated, serialised. Runs in a worker only."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

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

from testimonia.errors import NoSuchGraph
from testimonia.sparql import frames, functions, in_xml, lexer, matching, policy
from testimonia.sparql.matching import Searched
from testimonia.sparql.negotiation import Chosen, ResultKind, choose
from testimonia.sparql.outside import outside_of, relayed
from testimonia.vocabulary import PREFIXES

TABLE_FORMATS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
_WITH_PREFIXES: Final = frozenset({"turtle", "rdfxml", "trig"})

_Results = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True, slots=True)
class Request:
    """One query, or one graph that is wanted whole.

    ``default_graphs`` and ``named_graphs`` are those of the protocol, which go before the query's
    own FROM. With ``known_prefixes`` those of our vocabularies need no declaration; with
    ``short_names`` they are used in the answer where its format has such. ``graph`` is
    an IRI, ``""`` for the default graph; then there is no ``query``. ``rows`` is the most
    solutions that a SELECT may give. With ``best_hits`` full-text patterns are given the best hits
    where there are more than a query may have, and the head says so.
    """

    query: str = ""
    graph: str | None = None
    accept: str | None = None
    format: str | None = None
    default_graphs: tuple[str, ...] | list[str] = ()
    named_graphs: tuple[str, ...] | list[str] = ()
    known_prefixes: bool = False
    short_names: bool = True
    base_iri: str | None = None
    rows: int | None = None
    best_hits: bool = False


def answer(
    store: Store,
    request: Request,
    output: BinaryIO,
    reach: policy.Reach | None = None,
    searched: Searched | None = None,
) -> None:
    """Write the head and the data of an answer as frames. ``searched`` is the full-text index;
    without one ``tst:matches`` is a predicate like any other.

    Raises:
        Forbidden: it would reach what it may not.
        QueryError: it cannot be asked; with SyntaxError, ValueError, OSError and RuntimeError as
            pyoxigraph raises them.
        NoSuchGraph: the graph that is wanted is not there.
        NotAcceptable: the result has no such format.
    """
    if request.graph is not None:
        _answer_graph(store, request, request.graph, output)
        return
    policy.check(request.query, reach)
    text = lexer.limited(request.query, request.rows) if request.rows else None
    followable = matched(text or request.query, request, searched)
    outside = outside_of(reach)
    if outside is None:
        _answer_query(store, request, followable, output, text, searched)
        return
    with relayed(followable, outside) as followed:
        _answer_query(store, request, followed, output, text, searched)


def _answer_query(
    store: Store,
    request: Request,
    query: str,
    output: BinaryIO,
    text: str | None,
    searched: Searched | None,
) -> None:
    results = _query(store, request, query)
    chosen = choose(request.format, request.accept, kind_of(results))
    more = lexer.following(request.query, request.rows) if text and request.rows else None
    head(output, chosen, more, cut=searched is not None and searched.cut)
    with body_of(chosen, output) as body:
        _serialise(results, chosen, prefixes_for(chosen, request), body)


def head(output: BinaryIO, chosen: Chosen, more: str | None = None, *, cut: bool = False) -> None:
    """Write the head. ``more`` is the query for what follows, where our own limit of rows was put
    in; ``cut`` tells of hits that were left out."""
    output.write(frames.head(chosen.media_type, more, cut=cut))


def _answer_graph(store: Store, request: Request, graph: str, output: BinaryIO) -> None:
    name = NamedNode(graph) if graph else DefaultGraph()
    if graph and not store.contains_named_graph(name):
        raise NoSuchGraph(f"there is no graph <{graph}>")
    chosen = choose(request.format, request.accept, ResultKind.GRAPH)
    head(output, chosen)
    prefixes = prefixes_for(chosen, request)
    with body_of(chosen, output) as body:
        if in_xml.is_xml(chosen.format.name):
            triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
            serialize(in_xml.named(triples), body, RdfFormat.RDF_XML, prefixes=prefixes)
            return
        format_ = GRAPH_FORMATS[chosen.format.name]
        store.dump(body, format_, from_graph=name, prefixes=prefixes)


@contextmanager
def body_of(chosen: Chosen, output: BinaryIO) -> Iterator[BinaryIO]:
    """A stream for a result in this format, which goes out as frames of data."""
    with frames.DataFrames(output) as body:
        if not in_xml.is_xml(chosen.format.name):
            yield body
            return
        with io.BufferedWriter(in_xml.XmlStream(body), frames.LEAST_BYTES) as checked:
            yield cast("BinaryIO", checked)


def prefixes_for(chosen: Chosen, request: Request) -> dict[str, str] | None:
    """The names that the answer may use."""
    wanted = request.short_names and chosen.format.name in _WITH_PREFIXES
    return dict(PREFIXES) if wanted else None


# ------------------------------------------------------------------------------------- query


def _query(store: Store, request: Request, text: str) -> _Results:
    options = {**names(request), "custom_functions": functions.wanted(request.query)}
    default, named = _dataset(request)
    if default is None:
        return store.query(text, **options)
    if len(default) > 1:
        store, default = _merged(store, default, named), [DefaultGraph()]
    return store.query(text, default_graph=default, named_graphs=named, **options)


def names(request: Request) -> dict[str, Any]:
    """What names in the query mean."""
    return {
        "prefixes": dict(PREFIXES) if request.known_prefixes else None,
        "base_iri": request.base_iri,
    }


def matched(text: str, request: Request, searched: Searched | None) -> str:
    """The query with its full-text patterns answered."""
    if searched is None or not matching.may_match(text):
        return text
    # What is rewritten has to be grammatical, and an error has its place in what the user wrote.
    wanted = functions.wanted(request.query)
    Store().query(request.query, **names(request), custom_functions=wanted)
    prologue, _, _ = lexer.merged_graphs(text)

    def resolve(names: Sequence[str]) -> dict[str, str]:
        return meanings(prologue, names, request)

    def decode(string: str) -> str:
        return _values(f"SELECT ?x {{ VALUES ?x {{ {string} }} }}", request)[0]

    return matching.rewritten(text, resolve, decode, searched)


def meanings(prologue: str, names: Sequence[str], request: Request) -> dict[str, str]:
    """The IRIs of names, by the query's own prologue."""
    if not names:
        return {}
    query = f"{prologue}SELECT ?x {{ VALUES ?x {{ {' '.join(names)} }} }}"
    return dict(zip(names, _values(query, request), strict=True))


def _values(query: str, request: Request) -> list[str]:
    solutions = cast("QuerySolutions", Store().query(query, **names(request)))
    return [solution[0].value for solution in solutions]


def _dataset(request: Request) -> tuple[list[Any] | None, list[Any]]:
    """The graphs that the request names, or that the query names if it merges several; ``None``
    where pyoxigraph will see to them itself."""
    if request.default_graphs or request.named_graphs:
        return _nodes(request.default_graphs), _nodes(request.named_graphs)
    if "from" not in request.query.casefold():
        return None, []
    prologue, default, named = lexer.merged_graphs(request.query)
    if len(default) < 2:
        return None, []
    return _resolved(prologue, default, request), _resolved(prologue, named, request)


def _nodes(iris: tuple[str, ...] | list[str]) -> list[Any]:
    return [NamedNode(each) for each in dict.fromkeys(iris)]


def _resolved(prologue: str, names: list[str], request: Request) -> list[Any]:
    """The IRIs that a query's terms stand for, by its own prologue."""
    if not names:
        return []
    pattern = " . ".join(f"<a:> <a:> {name}" for name in names)
    found = Store().query(
        f"{prologue}CONSTRUCT {{ {pattern} }} WHERE {{}}",
        prefixes=dict(PREFIXES) if request.known_prefixes else None,
        base_iri=request.base_iri,
    )
    return list(dict.fromkeys(triple.object for triple in cast("QueryTriples", found)))


def _merged(store: Store, default: list[Any], named: list[Any]) -> Store:
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


def kind_of(results: object) -> ResultKind:
    """What a query has given."""
    if isinstance(results, QueryTriples):
        return ResultKind.GRAPH
    return ResultKind.BOOLEAN if isinstance(results, QueryBoolean) else ResultKind.BINDINGS


def _serialise(
    results: _Results, chosen: Chosen, prefixes: dict[str, str] | None, body: BinaryIO
) -> None:
    name = chosen.format.name
    if not isinstance(results, QueryTriples):
        results.serialize(body, TABLE_FORMATS[name])
    elif in_xml.is_xml(name):
        serialize(in_xml.named(results), body, RdfFormat.RDF_XML, prefixes=prefixes)
    elif prefixes:
        serialize(results, body, GRAPH_FORMATS[name], prefixes=prefixes)
    else:
        results.serialize(body, GRAPH_FORMATS[name])
