"""Between our triples and the RDF libraries: the only place where rdflib and pyoxigraph meet.

Our terms are canonical N-Triples strings (:mod:`testimonia.terms`). Library terms are built
directly from their parts, never by parsing a document, and no lexical form is touched: ``"01"``
stays ``"01"``. Both libraries are imported on first use.

A pyoxigraph *store* is less exact than its terms: it keeps numbers, booleans and times by value,
so that ``"5"^^xsd:nonNegativeInteger`` comes back as ``"5"^^xsd:integer`` and ``"12.0"`` as
``"12"``. :func:`as_stored` gives the form that it will answer with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from testimonia import terms
from testimonia.terms import Term, Triple
from testimonia.vocabulary import PREFIXES, RDF

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib
    from rdflib.term import Node

    OxigraphObject: TypeAlias = pyoxigraph.NamedNode | pyoxigraph.Literal

# Predicates, types and datatypes recur in every graph; mention IRIs never do, and pass through.
_CACHED_TERMS = 16_384

# Numbers that a store gives back as they are; most that a document has are offsets.
_KEPT = re.compile(rf'"(?:0|-?[1-9][0-9]{{0,15}})"\^\^<{re.escape(terms.XSD)}integer>')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED = {"\\": "\\", '"': '"', "n": "\n", "r": "\r"}

# Our names of formats, with pyoxigraph's.
FORMATS: Mapping[str, str] = {
    "ntriples": "N_TRIPLES",
    "nquads": "N_QUADS",
    "turtle": "TURTLE",
    "trig": "TRIG",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON_LD",
}


class LiteralParts(NamedTuple):
    """A literal taken apart; ``datatype`` is a bare IRI, ``None`` for plain and tagged ones."""

    value: str
    datatype: str | None
    language: str | None


def literal_parts(term: Term) -> LiteralParts:
    """The lexical form, datatype and language of a literal.

    Raises:
        ValueError: ``term`` is no literal in canonical N-Triples form.
    """
    end = term.rfind('"')
    if end < 1 or term[0] != '"':
        raise ValueError(f"not a literal: {term!r}")
    value, suffix = term[1:end], term[end + 1 :]
    if "\\" in value:
        value = _ESCAPE.sub(_unescape, value)
    if not suffix:
        return LiteralParts(value, None, None)
    if suffix.startswith("@"):
        return LiteralParts(value, None, suffix[1:])
    if suffix.startswith("^^<") and suffix.endswith(">"):
        return LiteralParts(value, suffix[3:-1], None)
    raise ValueError(f"not a literal: {term!r}")


def _unescape(match: re.Match[str]) -> str:
    try:
        return _UNESCAPED[match[1]]
    except KeyError:
        raise ValueError(f"not an escape of canonical N-Triples: {match[0]!r}") from None


# ------------------------------------------------------------------------------------- rdflib


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """The same graph for rdflib, with Testimonia's prefixes bound.

    Raises:
        ValueError: a term is not in canonical N-Triples form.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for s, p, o in triples:
        graph.add((_rdflib_iri(s), _rdflib_iri(p), to_rdflib_term(o)))
    return graph


def from_rdflib(graph: Iterable[tuple[Node, Node, Node]]) -> terms.Graph:
    """Our graph of an rdflib graph; ``xsd:string`` becomes plain, language tags lower-case.

    Raises:
        ValueError: it has a blank node, a variable or a quoted graph.
    """
    return frozenset(
        (from_rdflib_term(s), from_rdflib_term(p), from_rdflib_term(o)) for s, p, o in graph
    )


def to_rdflib_term(term: Term) -> rdflib.URIRef | rdflib.Literal:
    """One term for rdflib; the lexical form is kept as it is."""
    if terms.is_iri(term):
        return _rdflib_iri(term)
    from rdflib import Literal

    value, datatype, language = literal_parts(term)
    typed = None if datatype is None else _rdflib_iri(f"<{datatype}>")
    literal = Literal(value, lang=language, datatype=typed, normalize=False)
    if isinstance(literal.value, Decimal) and not literal.value.is_finite():
        # XML Schema has no such decimal; Python has, and cannot compare it.
        literal._value, literal._ill_typed = None, True  # noqa: SLF001
    return literal


def from_rdflib_term(node: Node) -> Term:
    """Our term of an rdflib node.

    Raises:
        ValueError: it is neither an IRI nor a literal.
    """
    from rdflib import Literal, URIRef

    if isinstance(node, URIRef):
        return f"<{node}>"
    if isinstance(node, Literal):
        # A URIRef never equals the str of the same characters.
        datatype = None if node.datatype is None else str(node.datatype)
        return terms.literal(str(node), datatype=datatype, language=node.language)
    raise ValueError(f"only IRIs and literals have a place in Testimonia's graphs, not {node!r}")


@lru_cache(maxsize=_CACHED_TERMS)
def _rdflib_iri(term: Term) -> rdflib.URIRef:
    from rdflib import URIRef

    return URIRef(_iri_of(term))


# --------------------------------------------------------------------------------- pyoxigraph


def to_quads(triples: Iterable[Triple], graph: Term | None = None) -> list[pyoxigraph.Quad]:
    """The triples as quads of the graph named ``graph``, or of the default graph.

    Raises:
        ValueError: a term is not in canonical N-Triples form, or an IRI breaks RFC 3987.
    """
    from pyoxigraph import DefaultGraph, Quad

    name = DefaultGraph() if graph is None else _oxigraph_iri(graph)
    return [Quad(_oxigraph_iri(s), _oxigraph_iri(p), to_oxigraph(o), name) for s, p, o in triples]


def from_quads(quads: Iterable[pyoxigraph.Quad | pyoxigraph.Triple]) -> terms.Graph:
    """The triples of quads, whichever graph each is in.

    Raises:
        ValueError: one has a blank node or a quoted triple.
    """
    return frozenset(
        (from_oxigraph(q.subject), from_oxigraph(q.predicate), from_oxigraph(q.object))
        for q in quads
    )


def to_oxigraph(term: Term) -> OxigraphObject:
    """One term for pyoxigraph; the lexical form is kept as it is."""
    if terms.is_iri(term):
        return _oxigraph_iri(term)
    from pyoxigraph import Literal

    value, datatype, language = literal_parts(term)
    if language is not None:
        return Literal(value, language=language)
    if datatype is not None:
        return Literal(value, datatype=_oxigraph_iri(f"<{datatype}>"))
    return Literal(value)


def from_oxigraph(node: object) -> Term:
    """Our term of a pyoxigraph term.

    Raises:
        ValueError: it is neither an IRI nor a literal.
    """
    named, literal = _oxigraph_terms()
    if isinstance(node, named):
        return f"<{node.value}>"
    if isinstance(node, literal):
        return terms.literal(node.value, datatype=node.datatype.value, language=node.language)
    raise ValueError(f"only IRIs and literals have a place in Testimonia's graphs, not {node!r}")


@cache
def _oxigraph_terms() -> tuple[type[pyoxigraph.NamedNode], type[pyoxigraph.Literal]]:
    """The classes: an import in a function that is called for every term is half of its time."""
    from pyoxigraph import Literal, NamedNode

    return NamedNode, Literal


@lru_cache(maxsize=_CACHED_TERMS)
def _oxigraph_iri(term: Term) -> pyoxigraph.NamedNode:
    from pyoxigraph import NamedNode

    try:
        return NamedNode(_iri_of(term))
    except ValueError as error:
        raise ValueError(f"not an IRI (RFC 3987): {term!r}: {error}") from error


@lru_cache(maxsize=_CACHED_TERMS)
def as_stored(term: Term) -> Term:
    """The term that a pyoxigraph store gives back for this one (numbers, times: by value)."""
    if not term.endswith(">") or terms.is_iri(term) or _KEPT.fullmatch(term):
        return term
    from pyoxigraph import Store

    store = Store()
    store.extend(to_quads([(RDF.type, RDF.type, term)]))
    return next(from_oxigraph(quad.object) for quad in store)


# ------------------------------------------------------------------------------------ formats


def serialise(
    triples: Collection[Triple], format: str, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """The triples in UTF-8, sorted, so that equal graphs give equal bytes.

    ``format`` is one of ``FORMATS``; N-Quads and TriG put all into the default graph.

    Raises:
        ValueError: there is no such format, or a term cannot be written in it.
    """
    rdf_format = _format(format)
    if format == "ntriples":
        return terms.ntriples(triples).encode()
    from pyoxigraph import serialize

    quads = _ordered(triples)
    used = _used(prefixes, triples)
    rows = quads if rdf_format.supports_datasets else [quad.triple for quad in quads]
    # It returns None only when it is given a file to write to.
    return cast("bytes", serialize(rows, format=rdf_format, prefixes=used))


def trig(graphs: Mapping[str, Collection[Triple]], prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The named graphs as TriG in UTF-8, in the order given, the triples of each sorted.

    Raises:
        ValueError: a term cannot be written in it.
    """
    from pyoxigraph import RdfFormat, serialize

    triples = [triple for graph in graphs.values() for triple in graph]
    used = _used(prefixes, [*triples, *((terms.iri(name),) * 3 for name in graphs)])
    quads = [quad for name, graph in graphs.items() for quad in _ordered(graph, terms.iri(name))]
    return cast("bytes", serialize(quads, format=RdfFormat.TRIG, prefixes=used))


def parse(
    data: bytes | str, format: str, base_iri: str | None = None, *, skolem: str | None = None
) -> terms.Graph:
    """The triples of a document in one of ``FORMATS``, whichever graph each is in.

    With ``skolem`` each blank node becomes the IRI ``<skolem><number>``, numbered in the order of
    the document (RDF 1.1 Concepts, section 3.5).

    Raises:
        SyntaxError: the document breaks its format's grammar.
        ValueError: there is no such format, or the document has blank nodes and no ``skolem``.
    """
    import pyoxigraph

    quads = pyoxigraph.parse(data, format=_format(format), base_iri=base_iri)
    if skolem is None:
        return from_quads(quads)
    names: dict[object, Term] = {}

    def term(node: object) -> Term:
        if isinstance(node, pyoxigraph.BlankNode):
            return names.setdefault(node, f"<{skolem}{len(names) + 1}>")
        return from_oxigraph(node)

    return frozenset((term(q.subject), term(q.predicate), term(q.object)) for q in quads)


def converted(data: str, from_: str, to: str) -> bytes:
    """A document in another of ``FORMATS``, blank nodes and all.

    Raises:
        SyntaxError, ValueError: as ``parse``.
    """
    import pyoxigraph

    triples = (quad.triple for quad in pyoxigraph.parse(data, format=_format(from_)))
    return cast("bytes", pyoxigraph.serialize(triples, format=_format(to)))


def is_absolute_iri(name: str) -> bool:
    """Whether a graph can have this name (RFC 3987)."""
    from pyoxigraph import NamedNode

    try:
        NamedNode(name)
    except ValueError:
        return False
    return True


def media_type_of(file_name: str) -> str | None:
    """The media type of an RDF file by the end of its name."""
    from pyoxigraph import RdfFormat

    format_ = RdfFormat.from_extension(file_name.rpartition(".")[2].lower())
    return format_.media_type if format_ else None


def is_rdf(media_type: str) -> bool:
    """Whether a document of this media type can be read as RDF."""
    from pyoxigraph import RdfFormat

    return RdfFormat.from_media_type(media_type) is not None


def _used(prefixes: Mapping[str, str], triples: Iterable[Triple]) -> dict[str, str]:
    named = {term.rpartition("<")[2] for triple in triples for term in triple if term[-1] == ">"}
    return {
        prefix: iri for prefix, iri in prefixes.items() if any(t.startswith(iri) for t in named)
    }


def _ordered(triples: Iterable[Triple], graph: Term | None = None) -> list[pyoxigraph.Quad]:
    """By subject, types first: pyoxigraph writes in the order given and groups what is adjacent."""
    return to_quads(sorted(triples, key=lambda t: (t[0], t[1] != RDF.type, t[1], t[2])), graph)


def _format(name: str) -> pyoxigraph.RdfFormat:
    from pyoxigraph import RdfFormat

    if name not in FORMATS:
        raise ValueError(f"no RDF format {name!r}; there are {', '.join(FORMATS)}")
    return cast("RdfFormat", getattr(RdfFormat, FORMATS[name]))


def _iri_of(term: Term) -> str:
    if not (term.startswith("<") and term.endswith(">")):
        raise ValueError(f"not an IRI in canonical N-Triples form: {term!r}")
    return terms.iri_of(term)
