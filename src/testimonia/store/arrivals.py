"""Documents that come into the store as text: most are new, and from a new one nothing leaves.

``prepare`` does, wherever a document is read, what follows from the document alone: its quads as
lines of N-Quads in the store's own form, and the image of them in the reading view, with a gap
wherever a local entity stands. Which canonical entity fills it, the writer knows. Where nothing of
the document is in the store, the rest is adding lines: what the view shows already is shown still,
and :mod:`testimonia.store.reading_view` has nothing to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from testimonia.fulltext import Words
from testimonia.iris import Iris
from testimonia.rdf import as_stored, literal_parts
from testimonia.store import Located
from testimonia.store.reading_view import has_image, is_mention
from testimonia.terms import Graph, Term, Triple, iri, is_iri
from testimonia.vocabulary import NIF, TST

Find = Callable[[Term | None, Term | None, Term | None], Iterable[Located]]
"""Finds the triples of all graphs that fit."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document's two graphs as N-Quads, and their image: ``view`` are its lines (N-Triples, no
    graph) in pieces, and between each two pieces stands the local entity of ``gaps``. ``entities``
    are all that there were gaps for; ``words`` are its literals for the full-text index;
    ``parsed`` where all terms of the document's graph were seen to be such."""

    document: str
    inferred: str
    view: tuple[str, ...]
    gaps: tuple[Term, ...]
    entities: frozenset[Term]
    words: tuple[Words, ...]
    parsed: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document on its way into the store: with the canonical entity of each local one, and what
    the ``shared`` graphs say because of it."""

    id: str
    prepared: Prepared
    canonical: Mapping[Term, Term]
    shared: Mapping[str, Graph]

    def graphs(self, iris: Iris) -> dict[str, Graph]:
        """The two graphs, by name."""
        return {
            iris.document_graph(self.id): triples_of(self.prepared.document),
            iris.inferred_graph(self.id): triples_of(self.prepared.inferred),
        }


def prepare(
    id_: str,
    graph: Graph,
    inferred: Graph,
    entities: Collection[Term],
    iris: Iris,
    *,
    parsed: bool = False,
) -> Prepared:
    """The graphs of the document with this id, ready for the store; ``entities`` are its local
    ones, ``parsed`` tells whether the terms of ``graph`` were seen to be such."""
    stated, entailed = _stored(graph), _stored(inferred)
    local = frozenset(entities)
    shown = _shown(stated | entailed, iris)
    pieces, gaps = _in_pieces(shown, local)
    return Prepared(
        _lines(stated, iri(iris.document_graph(id_))),
        _lines(entailed, iri(iris.inferred_graph(id_))),
        pieces,
        gaps,
        local,
        tuple(words_in(shown)),
        parsed,
    )


def triples_of(lines: str) -> Graph:
    """The triples of lines that ``prepare`` made."""
    return frozenset(_triple(line) for line in lines.split(" .\n") if line)


def lines(graph: Graph, name: str) -> str:
    """A graph as lines of N-Quads, in the store's own form."""
    return _lines(_stored(graph), iri(name))


def image(graph: Graph, canonical: Mapping[Term, Term], iris: Iris) -> str:
    """What a graph looks like in the reading view, as N-Triples; ``canonical`` gives for each local
    entity that it names the canonical one."""
    entity = canonical.get
    shown = _shown(_stored(graph), iris)
    return "".join([f"{entity(s, s)} {p} {entity(o, o)} .\n" for s, p, o in shown])


def words_in(triples: Iterable[Triple]) -> set[Words]:
    """The literals that the full-text index has: of no datatype, and no document's whole text,
    which is no answer to a question and may be under restrictions."""
    terms = {o for _, p, o in triples if o[0] == '"' and o[-1] != ">" and p != NIF.isString}
    parts = map(literal_parts, terms)
    return {Words(value, language or "") for value, datatype, language in parts if not datatype}


def _triple(line: str) -> Triple:
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest.rpartition(" ")[0]


def _stored(graph: Graph) -> Graph:
    """Only what has a datatype may be another in the store."""
    typed = [triple for triple in graph if triple[2][-1] == ">" and triple[2][0] == '"']
    other = [(triple, stored) for triple in typed if (stored := as_stored(triple[2])) != triple[2]]
    if not other:
        return graph
    came = {(s, p, stored) for (s, p, _), stored in other}
    return graph - {triple for triple, _ in other} | came


def _lines(graph: Graph, name: Term) -> str:
    return "".join([f"{s} {p} {o} {name} .\n" for s, p, o in graph])


def _shown(triples: Iterable[Triple], iris: Iris) -> list[Triple]:
    """Those that the view shows."""
    # Most triples of a document are about its mentions, some five about each.
    hidden: dict[Term, bool] = {}
    shown: list[Triple] = []
    for triple in triples:
        subject, _, object_ = triple
        for term in (subject, object_):
            if term not in hidden:
                hidden[term] = is_mention(term, iris)
        if not (hidden[subject] or hidden[object_]) and has_image(triple, iris):
            shown.append(triple)
    return shown


def _in_pieces(
    triples: Iterable[Triple], entities: frozenset[Term]
) -> tuple[tuple[str, ...], tuple[Term, ...]]:
    """Their lines, in pieces, and the entities between them."""
    pieces: list[str] = []
    gaps: list[Term] = []
    piece: list[str] = []
    for s, p, o in triples:
        if s in entities:
            pieces.append("".join(piece))
            gaps.append(s)
            piece = [f" {p} "]
        else:
            piece.append(f"{s} {p} ")
        if o in entities:
            pieces.append("".join(piece))
            gaps.append(o)
            piece = [" .\n"]
        else:
            piece.append(f"{o} .\n")
    pieces.append("".join(piece))
    return tuple(pieces), tuple(gaps)


# ------------------------------------------------------------------------------------- storing


def is_new(arrival: Arrival, find: Find, has_graph: Callable[[str], bool], iris: Iris) -> bool:
    """Whether nothing in the store is of this document: then nothing leaves because of it, and no
    other image changes. What names an entity of a document leaves the store with the document
    (:mod:`testimonia.store.removal`), so that its graphs and its node tell."""
    linked, prepared = arrival.canonical.keys(), arrival.prepared
    if not {*prepared.gaps} <= linked or not linked <= prepared.entities:
        return False  # the gaps are not where they would have to be
    names = (iris.document_graph(arrival.id), iris.inferred_graph(arrival.id))
    if any(map(has_graph, names)):
        return False
    own = map(iri, (iris.document(arrival.id), *names))
    return not any(
        True for term in own for _ in chain(find(term, None, None), find(None, None, term))
    )


def lines_of(arrival: Arrival, find: Find, iris: Iris) -> Iterator[str]:
    """All that a new document brings, as lines of N-Quads, its image in the view among them."""
    prepared, canonical = arrival.prepared, arrival.canonical
    yield prepared.document
    yield prepared.inferred
    yield prepared.view[0]
    for gap, piece in zip(prepared.gaps, prepared.view[1:], strict=True):
        yield canonical[gap]
        yield piece
    for graph, triples in arrival.shared.items():
        stored = _stored(triples)
        yield _lines(stored, iri(graph))
        if iris.is_viewed(graph):
            yield from _shared_image(stored, canonical, find, iris)


def words_of(arrival: Arrival, iris: Iris) -> Iterator[Words]:
    """The literals that a new document brings into the view."""
    yield from arrival.prepared.words
    for graph, triples in arrival.shared.items():
        if iris.is_viewed(graph):
            yield from words_in(_shown(triples, iris))


def named_in(arrival: Arrival) -> Iterator[Triple]:
    """Triples whose subjects are the entities that a new document says something of."""
    yield from ((entity, TST.sameEntity, entity) for entity in {*arrival.canonical.values()})
    for triples in arrival.shared.values():
        yield from triples


def _shared_image(
    triples: Graph, canonical: Mapping[Term, Term], find: Find, iris: Iris
) -> Iterator[str]:
    # Identity is one hop: what another entity is the same as, is the same as nothing else.
    known = {**dict.fromkeys(canonical.values(), ""), **canonical}

    def of(term: Term) -> Term:
        if term not in known:
            known[term] = _canonical(term, find, iris)
        return known[term] or term

    for s, p, o in _shown(triples, iris):
        yield f"{of(s)} {p} {of(o)} .\n"


def _canonical(term: Term, find: Find, iris: Iris) -> Term:
    """As :mod:`testimonia.store.reading_view` has it, of what the document itself does not link."""
    if not term.startswith(f"<{iris.base_iri}"):
        return term
    same = (
        entity
        for graph, (_, _, entity) in find(term, TST.sameEntity, None)
        if graph == iris.entities_graph and is_iri(entity)
    )
    return min(same, default=term)
