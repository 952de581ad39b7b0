"""Conditions in SPARQL that hold of a node which conforms to a shape (SHACL, sections 3 and 4).

Where processors differ (in the lexical forms of a datatype, comparisons, regular expressions), a
shape is compiled to less than it allows: what such a condition accepts conforms, what it does not
may yet conform. Under ``sh:not`` and ``sh:xone`` that would be turned round, so there such
components are declined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from testimonia.validation import lexical
from testimonia.validation.index import SH, Declined, Index, named
from testimonia.validation.leaves import LEAVES

if TYPE_CHECKING:
    from testimonia.validation.index import Node

_MOST_COUNTED = 4  # n values that differ take n variables and n(n-1)/2 comparisons
_SILENT = frozenset(
    {"message", "severity", "name", "description", "order", "group", "defaultValue"}
    | {"targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"}
    | {"path", "sparql", "flags", "ignoredProperties", "deactivated"}
)


class Conditions:
    """Expressions of SPARQL that hold of nodes which conform; each of its own variables."""

    def __init__(self, shapes: Index) -> None:
        self._shapes = shapes
        self._variables = 0
        self._open: list[Node] = []
        self._exact = 0

    def conforms(self, shape: Node, focus: str) -> str:
        """That the node ``focus`` conforms to the shape (section 3.4.2)."""
        if shape in self._open:
            raise Declined("a shape that refers to itself")
        if self._shapes.is_true(shape, "deactivated"):
            return "true"
        if self._open and self._shapes.has(shape, "sparql"):
            raise Declined("a query inside another shape")
        self._open.append(shape)
        path = self._shapes.path(shape)
        written = self._of_node(shape, focus) if path is None else self._of(shape, focus, path)
        self._open.pop()
        return written

    def _of_node(self, shape: Node, focus: str) -> str:
        for name in ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"):
            if self._shapes.has(shape, name):
                raise Declined(f"sh:{name} without a sh:path")
        return all_of(self._of_values(shape, focus, focus))

    def _of(self, shape: Node, focus: str, path: str) -> str:
        """A property shape: its value nodes are at the end of the path (section 2.3.1)."""
        value = self._fresh()
        each = all_of(self._of_values(shape, focus, value))
        conditions = list(self._of_sets(shape, focus, path))
        if each != "true":
            conditions.append(f"NOT EXISTS {{ {focus} {path} {value} FILTER ({fails(each)}) }}")
        return all_of(conditions)

    def _fresh(self) -> str:
        self._variables += 1
        return f"?v{self._variables}"

    # ------------------------------------------------------------------- of all values together

    def _of_sets(self, shape: Node, focus: str, path: str) -> Iterator[str]:
        """The components that are about the set of value nodes."""
        shapes = self._shapes
        for count in shapes.objects(shape, "minCount"):
            if (least := shapes.integer(count)) > 0:
                yield f"EXISTS {{ {self._different(focus, path, least)} }}"
        for count in shapes.objects(shape, "maxCount"):
            yield f"NOT EXISTS {{ {self._different(focus, path, shapes.integer(count) + 1)} }}"
        for value in shapes.objects(shape, "hasValue"):
            yield f"EXISTS {{ {focus} {path} {shapes.constant(value)} }}"
        for other in shapes.objects(shape, "equals"):
            a, p = self._fresh(), f"<{named(other)}>"
            yield f"NOT EXISTS {{ {focus} {path} {a} FILTER NOT EXISTS {{ {focus} {p} {a} }} }}"
            yield f"NOT EXISTS {{ {focus} {p} {a} FILTER NOT EXISTS {{ {focus} {path} {a} }} }}"
        for other in shapes.objects(shape, "disjoint"):
            a = self._fresh()
            yield f"NOT EXISTS {{ {focus} {path} {a} . {focus} <{named(other)}> {a} }}"
        for name, sign in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in shapes.objects(shape, name):
                yield self._ordered(focus, path, named(other), sign)
        if shapes.is_true(shape, "uniqueLang"):
            a, b = self._fresh(), self._fresh()
            yield (
                f"NOT EXISTS {{ {focus} {path} {a} , {b} FILTER (isLiteral({a}) && isLiteral({b})"
                f' && LANG({a}) != "" && LCASE(LANG({a})) = LCASE(LANG({b}))'
                f" && !sameTerm({a}, {b})) }}"
            )

    def _different(self, focus: str, path: str, count: int) -> str:
        """That many values, no two of them the same term."""
        if count > _MOST_COUNTED:
            raise Declined(f"a count of {count}")
        values = [self._fresh() for _ in range(count)]
        pairs = [(a, b) for i, a in enumerate(values) for b in values[:i]]
        apart = " && ".join(f"!sameTerm({a}, {b})" for a, b in pairs)
        found = " ".join(f"{focus} {path} {value} ." for value in values)
        return f"{found} FILTER ({apart})" if apart else found

    def _ordered(self, focus: str, path: str, other: str, sign: str) -> str:
        self._approximate()
        a, b = self._fresh(), self._fresh()
        less = lexical.compared(a, sign, b)
        return f"NOT EXISTS {{ {focus} {path} {a} . {focus} <{other}> {b} FILTER ({fails(less)}) }}"

    def _approximate(self) -> None:
        """What follows accepts less than it may."""
        if self._exact:
            raise Declined("a negation of what is not compiled exactly")

    # ---------------------------------------------------------------------------- of each value

    def _of_values(self, shape: Node, focus: str, value: str) -> Iterator[str]:
        """The components that are about each value node; for a node shape it is the focus node."""
        shapes, is_node_shape = self._shapes, focus == value
        for predicate in shapes.parameters(shape):
            name = predicate.removeprefix(SH)
            if name in _SETS:
                if is_node_shape:
                    yield from self._of_focus(shape, name, focus)
                continue
            if name in _SILENT:
                continue
            for parameter in shapes.objects(shape, name):
                yield self._component(shape, name, parameter, value)

    def _of_focus(self, shape: Node, name: str, focus: str) -> Iterator[str]:
        """``hasValue``, ``equals`` and ``disjoint`` of a node shape."""
        for parameter in self._shapes.objects(shape, name):
            if name == "hasValue":
                yield f"sameTerm({focus}, {self._shapes.constant(parameter)})"
                continue
            found = f"EXISTS {{ {focus} <{named(parameter)}> {focus} }}"
            if name == "disjoint":
                yield f"!{found}"
                continue
            other = self._fresh()
            yield found
            yield (
                f"NOT EXISTS {{ {focus} <{named(parameter)}> {other}"
                f" FILTER (!sameTerm({focus}, {other})) }}"
            )

    def _component(self, shape: Node, name: str, parameter: Node, value: str) -> str:
        shapes = self._shapes
        if name in _LOGICAL:
            return self._logical(name, parameter, value)
        if name in LEAVES:
            return LEAVES[name](shapes, parameter, value)
        if name == "closed":
            return self._closed(shape, value) if shapes.truth(parameter) else "true"
        if name == "datatype":
            if not lexical.is_exact(named(parameter)):
                self._approximate()
            return lexical.is_of_datatype(value, named(parameter))
        self._approximate()
        if name == "pattern":
            flags = shapes.literals(shape, "flags")
            return lexical.matches(value, shapes.literal(parameter), flags)
        if name in lexical.RANGES:
            return lexical.in_range(value, lexical.RANGES[name], shapes.literal(parameter))
        raise Declined(f"sh:{name}")

    def _logical(self, name: str, parameter: Node, value: str) -> str:
        """``sh:and``, ``or``, ``not``, ``xone`` (section 4.6), ``node`` and ``property`` (4.7)."""
        if name in {"node", "property"}:
            return self.conforms(parameter, value)
        if name == "not":
            return f"!({self._exactly(parameter, value)})"
        members = self._shapes.items(parameter)
        if name == "xone":
            each = [self._exactly(member, value) for member in members]
            alone = (
                all_of(f"({other})" if i == j else f"!({other})" for j, other in enumerate(each))
                for i in range(len(each))
            )
            return f"({' || '.join(f'({one})' for one in alone)})"
        sign = " && " if name == "and" else " || "
        return f"({sign.join(f'({self.conforms(member, value)})' for member in members)})"

    def _exactly(self, shape: Node, value: str) -> str:
        self._exact += 1
        written = self.conforms(shape, value)
        self._exact -= 1
        return written

    def _closed(self, shape: Node, value: str) -> str:
        """Section 4.8.1: the paths of its own ``sh:property`` that are IRIs, and those ignored."""
        shapes = self._shapes
        allowed = [
            f"<{named(path)}>"
            for property_ in shapes.objects(shape, "property")
            for path in shapes.objects(property_, "path")
            if not shapes.is_blank(path)
        ]
        for ignored in shapes.objects(shape, "ignoredProperties"):
            allowed += [f"<{named(each)}>" for each in shapes.items(ignored)]
        p, o = self._fresh(), self._fresh()
        return f"NOT EXISTS {{ {value} {p} {o} FILTER ({p} NOT IN ({', '.join(allowed)})) }}"


_SETS = frozenset(
    {"minCount", "maxCount", "hasValue", "equals", "disjoint", "lessThan", "lessThanOrEquals"}
    | {"uniqueLang"}
)
_LOGICAL = frozenset({"and", "or", "not", "xone", "node", "property"})


def all_of(conditions: Iterable[str]) -> str:
    """That all of them hold."""
    kept = list(dict.fromkeys(each for each in conditions if each != "true"))
    return " && ".join(kept) or "true"


def fails(condition: str) -> str:
    """That it does not hold; what cannot be computed does not."""
    return f"!COALESCE({condition}, false)"
