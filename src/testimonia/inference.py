"""What the ontology entails for a document: OWL 2 RL (OWL 2 Profiles, section 4.3), by rules.

The engine is ``reasonable``; ``owlrl`` is the oracle in the tests. The engine sees IRIs only: each
literal is handed to it under an IRI of its own and put back afterwards, because on its way through
the engine and rdflib ``"01"^^xsd:decimal`` becomes ``"1"`` and plain strings become explicit ones,
which would add duplicates of what the document says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from testimonia import rdf, resources, terms
from testimonia.terms import Graph, Term, Triple
from testimonia.vocabulary import OWL, PREFIXES, RDF, RDFS

# Axioms that no rule of OWL 2 RL uses, or whose only consequences are trivial.
_ANNOTATIONS = frozenset(
    {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionIRI, OWL.versionInfo}
)
_DECLARATIONS = frozenset({OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty})
_LANGUAGE = tuple(f"<{PREFIXES[prefix]}" for prefix in ("rdf", "rdfs", "owl"))
_LITERAL = "<literal:"  # the scheme of the IRIs that stand for literals


def infer(document_graph: Graph, context: Graph = frozenset()) -> Graph:
    """The triples that follow from ``document_graph`` by the ontology and are not in it.

    ``context`` takes part (a gazetteer, a set of identities), but neither it nor what follows for
    things that only it names is returned. Left out too: what the ontology entails about its own
    terms, and what holds of everything (``owl:Thing``, ``rdfs:Resource``, ``x owl:sameAs x``, a
    literal's own type).
    """
    ontology = _ontology()
    stated = document_graph | context
    nodes = _iris(document_graph) - ontology.terms
    premises = ontology.axioms.union(filter(ontology.bears_on, stated))
    return frozenset(
        triple
        for triple in closure(premises)
        if triple[0] in nodes and triple not in stated and not _is_trivial(triple)
    )


def closure(graph: Graph) -> Graph:
    """The triples with all that follows from them by the rules of OWL 2 RL, by no other ontology.

    No blank node is taken and none is made; what would follow for a literal as subject is left out.
    """
    literals = _Literals()
    return frozenset(literals.restored(_closure(literals.hidden(graph))))


@dataclass(frozen=True, slots=True)
class _Ontology:
    """The axioms that rules use, the IRIs in them, and every IRI that the ontology's files name."""

    axioms: Graph
    axiomatic: frozenset[Term]
    terms: frozenset[Term]

    def bears_on(self, triple: Triple) -> bool:
        """Whether a rule can use the triple: that of a predicate without axioms, none can."""
        _, predicate, value = triple
        named = value if predicate == RDF.type else predicate
        return named in self.axiomatic or named.startswith(_LANGUAGE)


@cache
def _ontology() -> _Ontology:
    files = sorted(resources.folder("ontology").glob("*.ttl"))
    graph = frozenset[Triple]().union(*(rdf.parse(file.read_bytes(), "turtle") for file in files))
    axioms = frozenset(filter(_is_axiom, graph))
    return _Ontology(axioms, _iris(axioms), _iris(graph))


def _is_axiom(triple: Triple) -> bool:
    """With the rest of the ontology too, 1,468 triples take 93 ms instead of 46."""
    _, predicate, value = triple
    if predicate == RDF.type:
        return value.startswith(_LANGUAGE) and value not in _DECLARATIONS
    return predicate.startswith(_LANGUAGE) and predicate not in _ANNOTATIONS


def _closure(graph: Graph) -> Iterable[Triple]:
    from reasonable import PyReasoner

    reasoner = PyReasoner()
    reasoner.from_graph([(s[1:-1], p[1:-1], o[1:-1]) for s, p, o in graph])
    return ((f"<{s}>", f"<{p}>", f"<{o}>") for s, p, o in reasoner.reason())


def _iris(graph: Graph) -> frozenset[Term]:
    return frozenset(term for triple in graph for term in triple if terms.is_iri(term))


def _is_trivial(triple: Triple) -> bool:
    subject, predicate, value = triple
    if predicate == RDF.type:
        return value.startswith(_LANGUAGE)
    # Reflexive axioms; a document's own nodes are no classes or properties.
    return subject == value and predicate.startswith(_LANGUAGE)


class _Literals:
    """Puts IRIs in the place of literals, and the literals back."""

    def __init__(self) -> None:
        self._hidden: dict[Term, Term] = {}

    def hidden(self, triples: Iterable[Triple]) -> Graph:
        """The triples with an IRI for each literal."""
        return frozenset((s, p, o if terms.is_iri(o) else self._hide(o)) for s, p, o in triples)

    def restored(self, triples: Iterable[Triple]) -> Iterable[Triple]:
        """The triples with the literals again; those about a literal are dropped."""
        literals = {iri: literal for literal, iri in self._hidden.items()}
        return ((s, p, literals.get(o, o)) for s, p, o in triples if not s.startswith(_LITERAL))

    def _hide(self, literal: Term) -> Term:
        return self._hidden.setdefault(literal, f"{_LITERAL}{len(self._hidden)}>")
