"""Components of SHACL that are one condition on one value, and mean the same to every processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from testimonia.validation.index import SH, Declined, Index, named

if TYPE_CHECKING:
    from testimonia.validation.index import Node

_KINDS = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "!isLiteral({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
    "IRIOrLiteral": "!isBlank({0})",
}


def _class(shapes: Index, kind: Node, value: str) -> str:
    return f"EXISTS {{ {shapes.instance(value, kind)} }}"


def _kind(_: Index, kind: Node, value: str) -> str:
    try:
        return _KINDS[named(kind).removeprefix(SH)].format(value)
    except KeyError:
        raise Declined(f"sh:nodeKind {kind}") from None


def _in(shapes: Index, list_: Node, value: str) -> str:
    """SPARQL's ``IN`` compares literals by value: 1.0 would be in a list that has 1."""
    members = [shapes.constant(each) for each in shapes.items(list_)]
    if all(member.startswith("<") for member in members):
        return f"{value} IN ({', '.join(members)})"
    return f"({' || '.join(f'sameTerm({value}, {member})' for member in members)})"


def _shortest(shapes: Index, length: Node, value: str) -> str:
    return f"(!isBlank({value}) && STRLEN(STR({value})) >= {shapes.integer(length)})"


def _longest(shapes: Index, length: Node, value: str) -> str:
    return f"(!isBlank({value}) && STRLEN(STR({value})) <= {shapes.integer(length)})"


def _languages(shapes: Index, list_: Node, value: str) -> str:
    ranges = [
        f"LANGMATCHES(LANG({value}), {shapes.constant(each)})" for each in shapes.items(list_)
    ]
    return f"(isLiteral({value}) && ({' || '.join(ranges) or 'false'}))"


LEAVES: dict[str, Callable[[Index, Node, str], str]] = {
    "class": _class,
    "nodeKind": _kind,
    "in": _in,
    "minLength": _shortest,
    "maxLength": _longest,
    "languageIn": _languages,
}
