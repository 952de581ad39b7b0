"""What a validation found (SHACL, section 3.6), as values, for people, and as Turtle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from testimonia import terms
from testimonia.terms import Term

SHACL = "http://www.w3.org/ns/shacl#"


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
    """What a validation found; ``text`` is for people, ``violations`` are in a fixed order.

    ``parsed`` where a parser has seen that every term is one (RDF 1.1 N-Triples, RFC 3987).
    """

    conforms: bool
    violations: tuple[Violation, ...]
    text: str
    parsed: bool = False

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


def of(violations: Iterable[Violation]) -> Report:
    """The report of these results, sorted.

    A value that breaks two parameters of one shape (a datatype and a range, say) gives two results
    that differ in their component alone; one is kept.
    """
    found = sorted(violations, key=_order)
    once = {replace(violation, component=""): violation for violation in reversed(found)}
    kept = tuple(reversed(once.values()))
    return Report(not kept, kept, _text(kept))


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
