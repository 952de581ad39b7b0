"""Whether a document's graph is what a well-formed record is: SHACL, by pySHACL.

The constraints are in ``shapes/*.ttl``, in SHACL Core and SHACL-SPARQL (SHACL, W3C Recommendation
of 20 July 2017); any SHACL processor can run them, with the ontology for its class hierarchy and
without inference. Here the same is done in less time; a test holds the results of both equal.
For 1,733 triples, in CPU time, the least of several runs: pySHACL as it comes 560 to 610 ms; here
54 to 58 ms, of which 31 are pySHACL's and 22 turn the triples into the two libraries' own. Nearly
all of the difference is that pyoxigraph answers the queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from testimonia import resources, terms
from testimonia.errors import TestimoniaError
from testimonia.rdf import from_rdflib_term, literal_parts, to_quads, to_rdflib
from testimonia.terms import Term
from testimonia.vocabulary import NIF

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib
    from rdflib.query import Result
    from rdflib.term import Node

SHACL = "http://www.w3.org/ns/shacl#"
_SHAPES = "https://w3id.org/testimonia/shapes#"
_QUADRATIC = ("MentionOtherWords", "MentionOtherOffsets")
_OF_MENTIONS = frozenset(
    {NIF.isString, NIF.referenceContext, NIF.beginIndex, NIF.endIndex, NIF.anchorOf}
)


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One result of a validation (SHACL, section 3.6.2).

    ``focus_node``, ``path`` (a property), ``severity``, ``shape`` and ``component`` are IRIs;
    ``value`` is a term in N-Triples form, for it may be a literal.
    """

    focus_node: str
    path: str | None
    value: Term | None
    message: str
    severity: str
    shape: str
    component: str

    def to_json(self) -> dict[str, str | None]:
        """The result under SHACL's own names."""
        return {
            "focusNode": self.focus_node,
            "resultPath": self.path,
            "value": self.value,
            "resultMessage": self.message,
            "resultSeverity": self.severity,
            "sourceShape": self.shape,
            "sourceConstraintComponent": self.component,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found; ``text`` is for people, ``violations`` are in a fixed order."""

    conforms: bool
    violations: tuple[Violation, ...]
    text: str

    def to_json(self) -> dict[str, object]:
        """The report as values that ``json`` can write."""
        return {
            "conforms": self.conforms,
            "results": [violation.to_json() for violation in self.violations],
        }

    def to_turtle(self) -> str:
        """The report as a ``sh:ValidationReport`` (SHACL, section 3.6.1)."""
        results = "".join(f" ;\n    sh:result {_turtle(each)}" for each in self.violations)
        conforms = "true" if self.conforms else "false"
        report = f"[] a sh:ValidationReport ;\n    sh:conforms {conforms}{results} .\n"
        return f"@prefix sh: <{SHACL}> .\n\n{report}"


def validate(graph: terms.Graph) -> Report:
    """What ``shapes/*.ttl`` find wrong with a document's graph.

    The graph holds the document's text (``nif:isString``) and its mentions, whose offsets are in
    code points, end exclusive.

    Raises:
        TestimoniaError: the shapes of this installation cannot be applied.
        ValueError: a term of ``graph`` is not in canonical N-Triples form.
    """
    shapes = _shapes(without=_QUADRATIC if _quotes_exactly(graph) else ())
    violations = _violations(report(_data(graph), shapes))
    return Report(not violations, violations, _text(violations))


def report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """The ``sh:ValidationReport`` of any shapes about ``data``, which may be changed.

    Raises:
        TestimoniaError: the shapes cannot be applied (SHACL, section 3.4: a failure).
    """
    import pyshacl
    import rdflib

    _, found, failure = pyshacl.validate(
        data, shacl_graph=shapes, inplace=True, inference="none", advanced=False
    )
    if not isinstance(found, rdflib.Graph):
        raise TestimoniaError(
            f"the shapes cannot be applied: {failure}; repair or install Testimonia again"
        )
    return found


# --------------------------------------------------------------------------- what is validated


def _data(graph: terms.Graph) -> rdflib.Graph:
    """A graph of its own for pySHACL, which may then write into it.

    Of an ontology, SHACL reads the class hierarchy and nothing else (section 1.1, "SHACL
    instance"), so that is all that is added. For the whole of it pySHACL would copy the data first
    (22 ms), into a graph whose queries pyoxigraph no longer answers.
    """
    from pyoxigraph import Store

    store = Store()
    store.extend(to_quads(graph))
    return queried(to_rdflib(graph | _hierarchy()), store)


def queried(data: rdflib.Graph, store: pyoxigraph.Store) -> rdflib.Graph:
    """The graph with its queries answered by pyoxigraph from ``store``, which holds the same.

    That does for our shapes, not for all: the W3C's tests say which are answered otherwise.
    """
    return _queried_graph()(data, store)


@cache
def _queried_graph() -> Callable[[rdflib.Graph, pyoxigraph.Store], rdflib.Graph]:
    """rdflib's graph whose queries pyoxigraph answers, as pySHACL itself lets it."""
    import rdflib
    from pyshacl.graph_abstraction import DataGraph

    class QueriedGraph(rdflib.Graph):
        def __init__(self, triples: rdflib.Graph, queried: pyoxigraph.Store) -> None:
            super().__init__(triples.store, triples.identifier)
            self._queried = DataGraph.from_oxigraph_store(queried)

        def query(self, *args: Any, **options: Any) -> Result:
            return cast("Result", self._queried.query(*args, **options))

    return QueriedGraph


@cache
def _shapes(without: tuple[str, ...] = ()) -> rdflib.Graph:
    """All shapes but these. pySHACL adds to them the same few triples of its own each time."""
    import rdflib

    shapes = rdflib.Graph()
    for file in sorted(resources.folder("shapes").glob("*.ttl")):
        shapes.parse(file)
    for name in without:
        shape = rdflib.URIRef(_SHAPES + name)
        shapes.add((shape, rdflib.URIRef(SHACL + "deactivated"), rdflib.Literal(True)))
    return shapes


def _quotes_exactly(graph: terms.Graph) -> bool:
    """Whether every mention has the words and the name that its offsets give it.

    The two shapes that say so count code points from the start of the text for each mention: 1 s
    on a text of 115 kB, and four times that on twice the text. What passes here passes them; what
    does not is left to them, for their report.
    """
    properties: dict[Term, dict[Term, Term]] = {}
    for s, p, o in graph:
        if p in _OF_MENTIONS:
            own = properties.setdefault(s, {})
            if p in own:
                return False  # two values: which is meant is for the shapes to say
            own[p] = o
    texts = {
        document: literal_parts(own[NIF.isString]).value
        for document, own in properties.items()
        if NIF.isString in own
    }
    return all(
        _is_quoted(mention, own, texts)
        for mention, own in properties.items()
        if NIF.referenceContext in own
    )


def _is_quoted(mention: Term, own: Mapping[Term, Term], texts: Mapping[Term, str]) -> bool:
    document = own[NIF.referenceContext]
    if document not in texts or not own.keys() >= {NIF.beginIndex, NIF.endIndex, NIF.anchorOf}:
        return False
    begin, end = (literal_parts(own[each]).value for each in (NIF.beginIndex, NIF.endIndex))
    if not (begin.isdecimal() and end.isdecimal()):
        return False
    words = texts[document][int(begin) : int(end)]
    return (
        terms.literal(words) == own[NIF.anchorOf]
        and mention == f"{document[:-1]}#char={begin},{end}>"
    )


@cache
def _hierarchy() -> terms.Graph:
    """Which class of the ontology is under which."""
    import rdflib
    from rdflib.namespace import RDFS

    ontology = rdflib.Graph().parse(resources.folder("ontology") / "testimonia.ttl")
    return frozenset(
        (from_rdflib_term(s), from_rdflib_term(p), from_rdflib_term(o))
        for s, p, o in ontology.triples((None, RDFS.subClassOf, None))
        if isinstance(s, rdflib.URIRef) and isinstance(o, rdflib.URIRef)
    )


# ------------------------------------------------------------------------------ what was found


def _violations(report: rdflib.Graph) -> tuple[Violation, ...]:
    """The results of a report, sorted.

    A value that breaks two parameters of one shape (a datatype and a range, say) gives two results
    that differ in their component alone; one is kept.
    """
    from rdflib.namespace import SH

    found = sorted(
        (_violation(report, result) for result in report.objects(None, SH.result)), key=_order
    )
    once = {replace(violation, component=""): violation for violation in reversed(found)}
    return tuple(reversed(once.values()))


def _violation(report: rdflib.Graph, result: Node) -> Violation:
    def iri(name: str) -> str:
        return str(report.value(result, URIRef(SHACL + name)))

    from rdflib import URIRef

    path = report.value(result, URIRef(SHACL + "resultPath"))
    value = report.value(result, URIRef(SHACL + "value"))
    return Violation(
        focus_node=iri("focusNode"),
        path=None if path is None else str(path),
        value=None if value is None else from_rdflib_term(value),
        message=iri("resultMessage"),
        severity=iri("resultSeverity"),
        shape=iri("sourceShape"),
        component=iri("sourceConstraintComponent"),
    )


def _order(violation: Violation) -> tuple[str, ...]:
    return (
        violation.shape,
        violation.focus_node,
        violation.value or "",
        violation.message,
        violation.component,
    )


def _text(violations: tuple[Violation, ...]) -> str:
    if not violations:
        return "The graph conforms to all shapes.\n"
    count = f"{len(violations)} result" + ("s" if len(violations) > 1 else "")
    return "".join([f"The graph does not conform: {count}.\n", *map(_paragraph, violations)])


def _paragraph(violation: Violation) -> str:
    lines = [f"\n{violation.message}", f"  at     <{violation.focus_node}>"]
    if violation.path:
        lines.append(f"  path   <{violation.path}>")
    if violation.value and violation.value != terms.iri(violation.focus_node):
        lines.append(f"  value  {_shortened(violation.value)}")
    return "\n".join([*lines, f"  shape  <{violation.shape}>", ""])


def _shortened(term: Term, limit: int = 200) -> str:
    return term if len(term) <= limit else f"{term[:limit]}…"


def _turtle(violation: Violation) -> str:
    """A result as a blank node of Turtle, whose terms are those of N-Triples."""
    pairs = [
        ("focusNode", terms.iri(violation.focus_node)),
        ("resultPath", violation.path and terms.iri(violation.path)),
        ("value", violation.value),
        ("resultMessage", terms.literal(violation.message)),
        ("resultSeverity", terms.iri(violation.severity)),
        ("sourceShape", terms.iri(violation.shape)),
        ("sourceConstraintComponent", terms.iri(violation.component)),
    ]
    body = "".join(f" ;\n        sh:{name} {term}" for name, term in pairs if term)
    return f"[\n        a sh:ValidationResult{body}\n    ]"
