"""What the ontology entails for a document: OWL 2 RL (OWL 2 Profiles, section 4.3), by rules.

The ontology uses six of the rules, and what each of its terms entails by them is worked out once
(``_Table``). With any other axiom, in the ontology or in what is stated, the engine ``reasonable``
does it all; in the tests it and ``owlrl`` are the oracles. The engine sees IRIs only: each
literal is handed to it under an IRI of its own and put back afterwards, because on its way through
the engine and rdflib ``"01"^^xsd:decimal`` becomes ``"1"`` and plain strings become explicit ones,
which would add duplicates of what the document says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache

from testimonia import rdf, resources, terms
from testimonia.terms import Graph, Term, Triple
from testimonia.vocabulary import OWL, PREFIXES, RDF, RDFS

# Axioms that no rule of OWL 2 RL uses, or whose only consequences are trivial.
_ANNOTATIONS = frozenset(
    {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionIRI, OWL.versionInfo}
)
_DECLARATIONS = frozenset(
    {OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property}
)
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
    # What is entailed for others than the context's things is so for those that are stated of.
    others = _iris(context) - _iris(document_graph) if context else frozenset[Term]()
    strangers = ontology.terms | others
    premises = frozenset(filter(ontology.bears_on, stated))
    table = _table()
    if table is None or any(map(_is_axiom, premises)):
        entailed = closure(ontology.axioms | premises)
    else:
        entailed = table.entailed(premises)
    return frozenset(
        triple
        for triple in entailed - stated
        if triple[0] not in strangers and not _is_trivial(triple)
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


@cache
def _table() -> _Table | None:
    """The ontology's table; ``None`` if an axiom needs another rule."""
    above: dict[Term, dict[Term, set[Term]]] = {name: {} for name in _TABULATED}
    kinds: dict[Term, set[Term]] = {OWL.SymmetricProperty: set(), OWL.TransitiveProperty: set()}
    for subject, predicate, value in _ontology().axioms:
        if subject.startswith(_LANGUAGE) or _makes_axioms(predicate, value):
            return None
        if predicate in above:
            above[predicate].setdefault(subject, set()).add(value)
        elif predicate == RDF.type and value in kinds:
            kinds[value].add(subject)
        else:
            return None
    return _Table(
        classes=terms.Closure(above[RDFS.subClassOf]),
        properties=terms.Closure(above[RDFS.subPropertyOf]),
        domains=above[RDFS.domain],
        ranges=above[RDFS.range],
        symmetric=frozenset(kinds[OWL.SymmetricProperty]),
        transitive=frozenset(kinds[OWL.TransitiveProperty]),
    )


def _makes_axioms(predicate: Term, value: Term) -> bool:
    """Whether uses of a property would be axioms: SEM's sem:eventType is one of rdf:type."""
    is_language = value.startswith(_LANGUAGE) and value not in _ANNOTATIONS
    return predicate == RDFS.subPropertyOf and is_language


_TABULATED = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)


@dataclass(frozen=True, slots=True)
class _Use:
    """What follows from a property: its own, the classes of its ends, whether it joins others."""

    above: tuple[Term, ...]
    of_subject: frozenset[Term]
    of_object: frozenset[Term]
    joins: bool


@dataclass(frozen=True)
class _Table:
    """What follows from a use of each class and property.

    Rules cax-sco, prp-spo1, prp-dom, prp-rng, prp-symp and prp-trp of OWL 2 RL.
    """

    classes: terms.Closure
    properties: terms.Closure
    domains: Mapping[Term, Collection[Term]]
    ranges: Mapping[Term, Collection[Term]]
    symmetric: frozenset[Term]
    transitive: frozenset[Term]
    _uses: dict[Term, _Use] = field(default_factory=dict)

    def entailed(self, premises: Graph) -> Graph:
        """The premises with all that follows from them, but for literals as subjects."""
        related = self._related(premises)
        found = set(related)
        kinds: defaultdict[Term, set[Term]] = defaultdict(set)
        uses: dict[Term, _Use] = {}
        for s, p, o in related:
            use = uses.get(p)
            if use is None:
                use = uses[p] = self._use(p)
            if len(use.above) > 1:
                found.update([(s, above, o) for above in use.above])
            if use.of_subject:
                kinds[s] |= use.of_subject
            if use.of_object and terms.is_iri(o):
                kinds[o] |= use.of_object
            if p == RDF.type:
                kinds[s].update(self.classes[o])
        found.update((node, RDF.type, kind) for node, own in kinds.items() for kind in own)
        return frozenset(found)

    def _use(self, name: Term) -> _Use:
        known = self._uses.get(name)
        if known is None:
            above = self.properties[name]
            known = _Use(
                above,
                self._kinds(above, self.domains),
                self._kinds(above, self.ranges),
                not (self.symmetric | self.transitive).isdisjoint(above),
            )
            if known != _Use((name,), frozenset(), frozenset(), False):  # as a user's own is
                self._uses[name] = known
        return known

    def _kinds(
        self, properties: Iterable[Term], ends: Mapping[Term, Collection[Term]]
    ) -> frozenset[Term]:
        own = (kind for name in properties for kind in ends.get(name, ()))
        return frozenset(each for kind in own for each in self.classes[kind])

    def _related(self, premises: Graph) -> Set[Triple]:
        """The premises with what the symmetric and transitive properties add to them."""
        joining = {name for name in {p for _, p, _ in premises} if self._use(name).joins}
        if not joining:
            return premises
        found = set(premises)
        waiting = [triple for triple in premises if triple[1] in joining]
        after: dict[tuple[Term, Term], set[Term]] = {}
        before: dict[tuple[Term, Term], set[Term]] = {}
        while waiting:
            s, p, o = waiting.pop()
            new = {(s, above, o) for above in self.properties[p]}
            if p in self.symmetric and terms.is_iri(o):
                new.add((o, p, s))
            if p in self.transitive:
                after.setdefault((p, s), set()).add(o)
                before.setdefault((p, o), set()).add(s)
                new |= {(s, p, last) for last in after.get((p, o), ())}
                new |= {(first, p, o) for first in before.get((p, s), ())}
            waiting += new - found
            found |= new
        return found


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
