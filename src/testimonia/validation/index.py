"""A shapes graph, looked up by node and property."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from testimonia import rdf
from testimonia.terms import Closure, Term

if TYPE_CHECKING:
    import pyoxigraph
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    Node: TypeAlias = NamedNode | BlankNode | Literal | Triple

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


class Declined(Exception):
    """The shapes have something that is not compiled; what it is."""


class Index:
    """The triples of a shapes graph, in the order in which they are given.

    Names are those of SHACL, without its namespace. What a shapes graph may not have (SHACL,
    appendix A) is declined: the reference says what is wrong with it. ``classes`` are each class
    with those below it, where no data graph says more of that; without it each data graph is asked.
    """

    def __init__(
        self,
        triples: Iterable[pyoxigraph.Quad | pyoxigraph.Triple],
        classes: Closure | None = None,
    ) -> None:
        self._classes = classes
        self._nodes: dict[Node, dict[str, list[Node]]] = {}
        for triple in triples:
            properties = self._nodes.setdefault(triple.subject, {})
            values = properties.setdefault(triple.predicate.value, [])
            if triple.object not in values:
                values.append(triple.object)

    def instance(self, variable: str, kind: Node) -> str:
        """A pattern for the SHACL instances of a class (section 1.1)."""
        if self._classes is None:
            return f"{variable} <{RDF}type>/<{RDFS}subClassOf>* <{named(kind)}> ."
        patterns = (f"{variable} <{RDF}type> {each} ." for each in self.below(kind))
        return " UNION ".join(f"{{ {each} }}" for each in patterns)

    def below(self, kind: Node) -> tuple[Term, ...]:
        """The classes whose instances are those of a class, as far as is known beforehand."""
        return () if self._classes is None else self._classes[f"<{named(kind)}>"]

    def subjects(self, predicate: str, value: str) -> list[Node]:
        """The nodes with the IRI ``value`` at an IRI ``predicate``."""
        return [
            node
            for node, properties in self._nodes.items()
            if any(str(each) == f"<{value}>" for each in properties.get(predicate, ()))
        ]

    def with_any(self, *predicates: str) -> list[Node]:
        """The nodes that have one of the properties."""
        return [node for node, own in self._nodes.items() if not own.keys().isdisjoint(predicates)]

    def values(self, node: Node, predicate: str) -> list[Node]:
        """The values of a property, by its IRI."""
        return self._nodes.get(node, {}).get(predicate, [])

    def objects(self, node: Node, name: str) -> list[Node]:
        """The values of a property of SHACL's."""
        return self.values(node, SH + name)

    def has(self, node: Node, name: str) -> bool:
        """Whether there is one."""
        return bool(self.objects(node, name))

    def one(self, node: Node, name: str) -> Literal:
        """The literal that there is one of."""
        found = self.objects(node, name)
        if len(found) != 1:
            raise Declined(f"{len(found)} values of sh:{name}")
        return self.literal(found[0])

    def literals(self, node: Node, name: str) -> list[Literal]:
        """The values of a property, which are literals."""
        return [self.literal(each) for each in self.objects(node, name)]

    @staticmethod
    def literal(node: Node) -> Literal:
        """The node, which is a literal."""
        from pyoxigraph import Literal

        if not isinstance(node, Literal):
            raise Declined(f"{node} where a literal belongs")
        return node

    def parameters(self, shape: Node) -> list[str]:
        """The IRIs of its properties that are SHACL's."""
        return [name for name in self._nodes.get(shape, {}) if name.startswith(SH)]

    def items(self, list_: Node) -> list[Node]:
        """The members of a list."""
        members: list[Node] = []
        while str(list_) != f"<{RDF}nil>":
            first, rest = self.values(list_, RDF + "first"), self.values(list_, RDF + "rest")
            if len(first) != 1 or len(rest) != 1 or len(members) > len(self._nodes):
                raise Declined("what is no list")
            members.append(first[0])
            list_ = rest[0]
        return members

    def is_true(self, node: Node, name: str) -> bool:
        """Whether a property has the value true."""
        return any(map(self.truth, self.objects(node, name)))

    def truth(self, node: Node) -> bool:
        """What a boolean says."""
        written = str(node).partition("^^")[0]
        if written not in {'"true"', '"false"'}:
            raise Declined(f"{node} for a boolean")
        return written == '"true"'

    def integer(self, node: Node) -> int:
        """What a whole number says."""
        written = str(node).partition("^^")[0].strip('"')
        if not written.isdecimal():
            raise Declined(f"{node} for a whole number")
        return int(written)

    def constant(self, node: Node) -> str:
        """The term as it stands in a query."""
        if self.is_blank(node):
            raise Declined("a blank node that data may have")
        if str(node).startswith('"') and rdf.as_stored(term := rdf.from_oxigraph(node)) != term:
            raise Declined(f"{node}, which a store gives back as another")
        return str(node)

    @staticmethod
    def is_blank(node: Node) -> bool:
        """Whether it is a blank node."""
        return str(node).startswith("_:")

    # ------------------------------------------------------------------------------------ paths

    def path(self, shape: Node) -> str | None:
        """The path of a property shape as SPARQL writes it; ``None`` for a node shape."""
        found = self.objects(shape, "path")
        if len(found) > 1:
            raise Declined("two paths of one shape")
        return self._path(found[0], 0) if found else None

    def _path(self, node: Node, depth: int) -> str:
        """SHACL, section 2.3.1."""
        if depth > len(self._nodes):
            raise Declined("a path that has no end")
        inner = partial(self._path, depth=depth + 1)
        if not self.is_blank(node):
            return f"<{named(node)}>"
        if self.values(node, RDF + "first"):
            return f"({'/'.join(map(inner, self.items(node)))})"
        for name, form in _PATHS.items():
            for other in self.objects(node, name):
                return form.format(inner(other))
        for list_ in self.objects(node, "alternativePath"):
            return f"({'|'.join(map(inner, self.items(list_)))})"
        raise Declined("what is no path")


_PATHS = {
    "inversePath": "(^{})",
    "zeroOrMorePath": "({})*",
    "oneOrMorePath": "({})+",
    "zeroOrOnePath": "({})?",
}


def named(node: object) -> str:
    """The IRI of a node that must have one."""
    written = str(node)
    if not written.startswith("<"):
        raise Declined(f"{written} where an IRI belongs")
    return written[1:-1]
