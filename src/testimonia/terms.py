"""RDF terms as strings in canonical N-Triples form, and triples of them.

``<http://…>``, ``"plain"``, ``"words"@en``, ``"5"^^<http://…#decimal>``. As strings they hash,
compare and sort fast, and any RDF library can be fed from them; a graph is a set of triples and
equal graphs are equal sets (there are no blank nodes in Testimonia). RDF 1.1 N-Triples, section 4
(canonical form): only ``\\ " LF CR`` are escaped, ``xsd:string`` is never written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

Term: TypeAlias = str
Triple: TypeAlias = tuple[Term, Term, Term]
Graph: TypeAlias = frozenset[Triple]

XSD = "http://www.w3.org/2001/XMLSchema#"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_UNESCAPES = {escaped: chr(code) for code, escaped in _ESCAPES.items()}
_ESCAPED = re.compile(r'\\[\\"nr]')
# RFC 3987 aside, these are what N-Triples' IRIREF production refuses.
_REFUSED_IN_IRI = frozenset('<>"{}|^`\\') | {chr(code) for code in range(0x21)}


def iri(value: str) -> Term:
    """``<value>``.

    Raises:
        ValueError: ``value`` has no scheme or a character that no IRI may have.
    """
    if not _REFUSED_IN_IRI.isdisjoint(value):
        raise ValueError(f"not an IRI: {value!r}")
    if ":" not in value:
        raise ValueError(f"not an absolute IRI: {value!r}")
    return f"<{value}>"


def literal(value: str, *, datatype: str | None = None, language: str | None = None) -> Term:
    """A literal; ``datatype`` is an IRI without angle brackets, ``language`` a BCP 47 tag."""
    quoted = f'"{value.translate(_ESCAPES)}"'
    if language:
        return f"{quoted}@{language.lower()}"
    if datatype and datatype != XSD + "string":
        return f"{quoted}^^<{datatype}>"
    return quoted


def integer(value: int) -> Term:
    """An ``xsd:integer``."""
    return literal(str(value), datatype=XSD + "integer")


def decimal(value: float | str) -> Term:
    """An ``xsd:decimal`` in canonical form (XML Schema 1.1 part 2, 3.3.3): ``0.5``, ``12``.

    Oxigraph stores numbers by value and gives them back in this form.
    """
    whole, _, fraction = (value if isinstance(value, str) else f"{value:.6f}").partition(".")
    fraction = fraction.rstrip("0")
    return literal(f"{whole}.{fraction}" if fraction else whole, datatype=XSD + "decimal")


def boolean(value: bool) -> Term:
    """An ``xsd:boolean``."""
    return literal("true" if value else "false", datatype=XSD + "boolean")


def is_iri(term: Term) -> bool:
    """Whether the term is an IRI."""
    return term.startswith("<")


def iri_of(term: Term) -> str:
    """The IRI itself, without angle brackets."""
    return term[1:-1]


def words_of(term: Term) -> str:
    """The lexical form of a literal, without datatype and language."""
    quoted = term[1 : term.rindex('"')]
    return _ESCAPED.sub(lambda match: _UNESCAPES[match[0]], quoted)


def ntriples(triples: Iterable[Triple]) -> str:
    """Canonical N-Triples, sorted: equal graphs give equal text."""
    return "".join(sorted(f"{s} {p} {o} .\n" for s, p, o in triples))


class Closure:
    """The reflexive and transitive closure of a relation, by its first term."""

    def __init__(self, related: Mapping[Term, Collection[Term]]) -> None:
        self._related = related
        self._known: dict[Term, tuple[Term, ...]] = {}

    def __getitem__(self, term: Term) -> tuple[Term, ...]:
        known = self._known.get(term)
        if known is None:
            found = [term]
            for each in found:  # which grows
                found += [other for other in self._related.get(each, ()) if other not in found]
            known = tuple(found)
            if term in self._related:  # others there may be any number of
                self._known[term] = known
        return known
