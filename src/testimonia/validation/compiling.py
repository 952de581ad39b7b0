"""Shapes as questions in SPARQL, each of which asks: is there a violation?

By the definitions of SHACL (W3C Recommendation of 20 July 2017, sections 2 to 5). Shapes of one
target make one question; the queries of SHACL-SPARQL are asked as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from testimonia.terms import Graph
from testimonia.validation.conditions import Conditions, all_of, fails
from testimonia.validation.index import RDF, RDFS, SH, Declined, Index, named

if TYPE_CHECKING:
    from testimonia.validation.index import Node

_TYPE = f"<{RDF}type>"
_IMPORTS = "http://www.w3.org/2002/07/owl#imports"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")


@dataclass(frozen=True, slots=True)
class Question:
    """An ``ASK`` that is answered with yes where a node of one target does not conform.

    ``first`` asks whether the target has a node at all, which takes a tenth of the time.
    Where one of the predicates in ``needs``, or one of its classes, must be in a graph that has
    such a node, whoever knows those of the graph need not ask.
    """

    first: str
    ask: str
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Select:
    """A ``sh:select`` of the shape ``shape``: a solution is a violation (section 5.3.1).

    ``focus`` selects, as ``?this``, the nodes that it is asked of.
    """

    shape: str
    focus: str
    select: str

    def of(self, node: str) -> str:
        """The query with a term in the place of ``$this``, in patterns and expressions alike.

        pyoxigraph's own substitution joins the term with the patterns, and ``BIND`` and a group of
        filters alone do not see it.
        """
        head, brace, body = self.select.partition("{")
        return head + brace + _THIS.sub(lambda _: node, body)


_THIS = re.compile(r"[$?]this\b")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A shapes graph. A data graph conforms to it if no question and no select finds anything."""

    questions: tuple[Question, ...]
    selects: tuple[Select, ...]

    def for_graph(self, graph: Graph) -> Compiled:
        """What is left to ask of a graph: not of targets that it has no triples for."""
        there = {predicate for _, predicate, _ in graph}
        there |= {value for _, predicate, value in graph if predicate == _TYPE}
        asked = (q for q in self.questions if not q.needs or not q.needs.isdisjoint(there))
        return replace(self, questions=tuple(asked))


def compiled(shapes: Index) -> Compiled:
    """The shapes graph as questions.

    Raises:
        Declined: it has something that is not compiled here.
    """
    _require_plain(shapes)
    compiler = Conditions(shapes)
    conditions: dict[_Target, list[str]] = {}
    selects = []
    for shape in shapes.with_any(*(SH + name for name in _TARGETS), *_shape_types(shapes)):
        for target in _targets(shapes, shape):
            condition = compiler.conforms(shape, "?this")
            if condition != "true":
                conditions.setdefault(target, []).append(condition)
            selects += list(_selects(shapes, shape, target.pattern))
    questions = tuple(
        Question(
            f"ASK {{ {target.pattern} }}",
            f"ASK {{ {target.pattern} FILTER ({fails(all_of(all_))}) }}",
            target.needs,
        )
        for target, all_ in conditions.items()
    )
    _require_parsed(each.ask for each in questions)
    _require_parsed(each.of(f"<{SH}this>") for each in selects)
    return Compiled(questions, tuple(selects))


def _require_parsed(queries: Iterable[str]) -> None:
    from pyoxigraph import Store

    nothing = Store()
    for query in queries:
        try:
            nothing.query(query)
        except SyntaxError as error:
            raise Declined(f"a query that is none: {error}") from None


def _require_plain(shapes: Index) -> None:
    """Decline what extends SHACL Core, or makes shapes of nodes that are not called so."""
    if shapes.subjects(RDF + "type", SH + "ConstraintComponent"):
        raise Declined("a constraint component of its own")
    for node in shapes.with_any(SH + "entailment", SH + "target", SH + "rule"):
        raise Declined(f"a feature of other parts of SHACL at {node}")
    for node in shapes.with_any(RDF + "type"):
        types = {named(each) for each in shapes.values(node, RDF + "type")}
        if shapes.parameters(node) and not all(
            each.startswith(SH) or each == RDFS + "Class" for each in types
        ):
            raise Declined(f"a class of shapes at {node}")
        if RDFS + "Class" in types and shapes.parameters(node) and not types & _SHAPES:
            raise Declined(f"a class that may be a shape: {node}")


_SHAPES = frozenset({SH + "NodeShape", SH + "PropertyShape"})


def _shape_types(shapes: Index) -> tuple[str, ...]:
    """``rdf:type``, where a shape may be its own target (section 2.1.3.3)."""
    return (RDF + "type",) if shapes.subjects(RDF + "type", RDFS + "Class") else ()


@dataclass(frozen=True, slots=True)
class _Target:
    """What selects the focus nodes as ``?this``; ``needs`` is as of a question."""

    pattern: str
    needs: frozenset[str] = frozenset()


def _targets(shapes: Index, shape: Node) -> Iterator[_Target]:
    """The targets of a shape (section 2.1.3)."""
    for node in shapes.objects(shape, "targetClass"):
        yield _of_class(shapes, node)
    types = {named(each) for each in shapes.values(shape, RDF + "type")}
    if RDFS + "Class" in types and types & _SHAPES:
        yield _of_class(shapes, shape)
    for node in shapes.objects(shape, "targetSubjectsOf"):
        yield _Target(f"?this {node} ?any .", frozenset({str(node)}))
    for node in shapes.objects(shape, "targetObjectsOf"):
        yield _Target(f"?any {node} ?this .", frozenset({str(node)}))
    for node in shapes.objects(shape, "targetNode"):
        yield _Target(f"VALUES ?this {{ {shapes.constant(node)} }}")


def _of_class(shapes: Index, kind: Node) -> _Target:
    return _Target(shapes.instance("?this", kind), frozenset(shapes.below(kind)))


def _selects(shapes: Index, shape: Node, target: str) -> Iterator[Select]:
    """The constraints in SPARQL of a shape (section 5.2)."""
    if shapes.is_true(shape, "deactivated"):
        return
    for constraint in shapes.objects(shape, "sparql"):
        if shapes.is_true(constraint, "deactivated"):
            continue
        select = shapes.one(constraint, "select").value
        if shapes.has(shape, "path") or _MORE.search(select):
            raise Declined("a query that needs more than $this in its place")
        yield Select(
            named(shape),
            f"SELECT DISTINCT ?this {{ {target} }}",
            _prefixed(shapes, constraint, select),
        )


# What a query may be given beside (section 5.3.1), and what it may not have (appendix A).
_MORE = re.compile(
    r"[$?](PATH|shapesGraph|currentShape)\b|\b(MINUS|VALUES|SERVICE)\b|AS\s+[$?]this\b"
    r"|SELECT.*SELECT|BOUND\s*\(\s*[$?]this|[\"'][^\"'\n]*[$?]this",
    re.IGNORECASE | re.DOTALL,
)


def _prefixed(shapes: Index, constraint: Node, select: str) -> str:
    """The query after the prefixes that its constraint declares (section 5.2.1)."""
    lines, ontologies = [], list(shapes.objects(constraint, "prefixes"))
    for ontology in ontologies:
        ontologies += [o for o in shapes.values(ontology, _IMPORTS) if o not in ontologies]
        for declared in shapes.objects(ontology, "declare"):
            prefix, namespace = shapes.one(declared, "prefix"), shapes.one(declared, "namespace")
            lines.append(f"PREFIX {prefix.value}: <{namespace.value}>\n")
    return "".join(sorted(set(lines))) + select
