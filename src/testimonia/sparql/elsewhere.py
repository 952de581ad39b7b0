"""One request on a store that is another's server. Runs in a worker only.

The query is parsed, checked and rewritten here as for the embedded store, and then sent on. Its
result comes in the one format that every store has and goes out in the one that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from pyoxigraph import Quad, QuerySolutions, Store, Triple, serialize

from testimonia.errors import NoSuchGraph, QueryError
from testimonia.sparql import evaluation, frames, functions, lexer, policy
from testimonia.sparql.evaluation import GRAPH_FORMATS, TABLE_FORMATS, Request
from testimonia.sparql.negotiation import Chosen, ResultKind, choose
from testimonia.terms import iri
from testimonia.vocabulary import PREFIXES

if TYPE_CHECKING:
    from testimonia.endpoints.client import Client
    from testimonia.sparql.matching import Searched

_OURS: Final = frozenset({*functions.EDTF_FUNCTIONS, *functions.GEOMETRY_FUNCTIONS})


def answer(
    client: Client,
    request: Request,
    output: BinaryIO,
    searched: Searched | None = None,
    seconds: float | None = None,
) -> None:
    """Write the head and the data of an answer as frames; ``seconds`` is what the store is told
    that the query may take.

    Raises:
        Forbidden: it would reach another store.
        QueryError: it cannot be asked, or this store does not answer it.
        NoSuchGraph: the graph that is wanted is not there.
        NotAcceptable: the result has no such format.
        StoreError: the store cannot be reached.
    """
    with _told():
        if request.graph is not None:
            _graph(client, request, request.graph, output)
            return
        policy.check(request.query)
        kind = evaluation.kind_of(_parsed(request))
        _refuse_functions(request)
        if client.target.kind.ascii_separators:
            _require_ascii_separators(request.query)
        chosen = choose(request.format, request.accept, kind)
        text = lexer.limited(request.query, request.rows) if request.rows else None
        sent = evaluation.matched(text or request.query, request, searched)
        sent = _prologue(request) + _hiding(sent, client.target.hidden)
        more = lexer.following(request.query, request.rows) if text and request.rows else None
        graphs = _dataset(client, request)
        if kind is ResultKind.GRAPH:
            with client.triples(sent, seconds=seconds, **graphs) as triples:
                evaluation.head(output, chosen, more, cut=searched is not None and searched.cut)
                _write_triples(_counted(client, triples), chosen, request, output)
            return
        with client.results(sent, seconds=seconds, **graphs) as results:
            evaluation.head(output, chosen, more, cut=searched is not None and searched.cut)
            with frames.DataFrames(output) as body:
                results.serialize(body, TABLE_FORMATS[chosen.format.name])


def _parsed(request: Request) -> object:
    """What the query gives on a store that has nothing: it is grammatical then, and an error has
    its place in what the user wrote."""
    wanted = functions.wanted(request.query)
    return Store().query(request.query, **evaluation.names(request), custom_functions=wanted)


@contextmanager
def _told() -> Iterator[None]:
    """A store's own objections are objections to the query: it has been found grammatical here."""
    from testimonia.endpoints.client import CutShort, Refused

    try:
        yield
    except (Refused, CutShort) as error:
        raise QueryError(str(error)) from error


# ------------------------------------------------------------------------------------- graphs


def _graph(client: Client, request: Request, graph: str, output: BinaryIO) -> None:
    place = graph or client.target.view
    pattern = f"GRAPH {iri(place)} {{ ?s ?p ?o }}" if place else "?s ?p ?o"
    if graph and not client.ask(f"ASK {{ {pattern} }}"):
        raise NoSuchGraph(f"there is no graph <{graph}>")
    chosen = choose(request.format, request.accept, ResultKind.GRAPH)
    if client.target.kind.page:
        # A CONSTRUCT would be cut short without a word.
        with client.results(f"SELECT ?s ?p ?o {{ {pattern} }}") as rows:
            evaluation.head(output, chosen)
            triples = (Triple(s, p, o) for s, p, o in cast("QuerySolutions", rows))
            _write_triples(triples, chosen, request, output)
        return
    with client.triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}") as quads:
        evaluation.head(output, chosen)
        _write_triples(_counted(client, quads), chosen, request, output)


def _write_triples(
    triples: Iterable[Triple], chosen: Chosen, request: Request, output: BinaryIO
) -> None:
    prefixes = evaluation.prefixes_for(chosen, request)
    with frames.DataFrames(output) as body:
        format_ = GRAPH_FORMATS[chosen.format.name]
        serialize(triples, body, format_, prefixes=prefixes)


def _counted(client: Client, quads: Iterable[Quad]) -> Iterator[Triple]:
    """The triples, with an error where the store has left some out: it says so of rows alone."""
    number = 0
    for quad in quads:
        number += 1
        yield quad.triple
    if client.target.most_rows and number >= client.target.most_rows:
        raise QueryError(
            f"this store gives at most {client.target.most_rows:,} triples of a result, and there"
            " are as many: ask for them in parts, with ORDER BY, LIMIT and OFFSET in a subquery"
        )


# ------------------------------------------------------------------------------------- the text


def _dataset(client: Client, request: Request) -> dict[str, tuple[str, ...]]:
    """The graphs of the protocol; where nobody names any, the reading view."""
    default, named = tuple(request.default_graphs), tuple(request.named_graphs)
    if not default and not named and client.target.view and not _names_graphs(request.query):
        default = (client.target.view,)
    return {"default_graphs": default, "named_graphs": named}


def _names_graphs(query: str) -> bool:
    return any(each.depth == 0 and each.is_word("FROM") for each in lexer.tokens(query))


def _prologue(request: Request) -> str:
    """What names mean that the query leaves to its surroundings."""
    used = {each.text.partition(":")[0] for each in lexer.tokens(request.query) if ":" in each.text}
    known = PREFIXES.items() if request.known_prefixes else ()
    base = f"BASE <{request.base_iri}>\n" if request.base_iri else ""
    # What the query declares itself comes after, and counts.
    return base + "".join(f"PREFIX {name}: <{each}>\n" for name, each in known if name in used)


def _hiding(query: str, hidden: Iterable[str]) -> str:
    """The query with the graphs left out that are no part of the archive, wherever it asks for a
    graph by a variable."""
    names = ", ".join(f"<{each}>" for each in hidden if ":" in each)
    found = [each for each in lexer.tokens(query) if each.kind != "space"]
    edits = [
        (word.start, word.start, f"FILTER ({after.text} NOT IN ({names})) ")
        for word, after in pairwise(found)
        if names and word.is_word("GRAPH") and after.kind == "variable"
    ]
    return lexer.edited(query, edits)


def _refuse_functions(request: Request) -> None:
    """Let a query pass that calls none of the functions that Testimonia itself has.

    Raises:
        QueryError: it calls one.
    """
    found = [each for each in lexer.tokens(request.query) if each.kind != "space"]
    called = {
        name.text
        for name, after in pairwise(found)
        if name.kind in ("iri", "name") and after.text == "("
    }
    prologue, _, _ = lexer.merged_graphs(request.query)
    meant = evaluation.meanings(prologue, sorted(called), request)
    if ours := sorted(_OURS.intersection(meant.values())):
        raise QueryError(
            f"<{ours[0]}> is a function of Testimonia's own store, which the store of this archive"
            " does not have: compare the bounds (sem:hasEarliestBeginTimeStamp,"
            " sem:hasLatestEndTimeStamp) instead, or ask an archive with the embedded store"
        )


def _require_ascii_separators(query: str) -> None:
    """Let a query pass whose separators of GROUP_CONCAT this store can write.

    Raises:
        QueryError: one would come back as something else.
    """
    found = [each for each in lexer.tokens(query) if each.kind != "space"]
    for word, _, string in zip(found, found[1:], found[2:], strict=False):
        plain = string.text.isascii() and "\\" not in string.text
        if word.is_word("SEPARATOR") and string.kind == "string" and not plain:
            raise QueryError(
                f"the store of this archive spoils the separator {string.text}: it can write those"
                " of ASCII alone, without escapes"
            )
