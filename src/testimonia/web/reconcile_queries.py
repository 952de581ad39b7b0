"""What the reconciliation service asks the graph, and the words it gives as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from testimonia.iris import Iris
from testimonia.terms import iri
from testimonia.vocabulary import DCTERMS, TST

Columns = Mapping[str, Callable[[str], Any]]
_DOCUMENTS: Columns = {"documents": int}
_ISSUED: Columns = {"firstIssued": str, "lastIssued": str}
_STATEMENTS: Columns = {"statements": int}


def counts(
    iris: Iris, things: Sequence[str], properties: Sequence[str]
) -> Iterator[tuple[str, Columns]]:
    """Queries for ``?x`` and the columns of these properties, with what makes values of them."""
    values = f"VALUES ?x {{ {' '.join(iri(each) for each in things)} }}"
    for columns, selected in (
        (_DOCUMENTS, "(COUNT(DISTINCT ?d) AS ?documents)"),
        (_ISSUED, "(MIN(STR(?i)) AS ?firstIssued) (MAX(STR(?i)) AS ?lastIssued)"),
    ):
        wanted = {each: form for each, form in columns.items() if each in properties}
        if wanted:
            yield _of_documents(iris, values, selected, dated=columns is _ISSUED), wanted
    if "statements" in properties:
        query = f"""
            SELECT ?x (COUNT(?s) AS ?statements) {{
                {values} OPTIONAL {{ ?s {TST.speaker} ?x }}
            }} GROUP BY ?x"""
        yield query, _STATEMENTS


def _of_documents(iris: Iris, values: str, selected: str, *, dated: bool) -> str:
    # A local entity's IRI is its document's with a key behind it.
    return f"""
        SELECT ?x {selected} {{
            {values}
            GRAPH {iri(iris.entities_graph)} {{ ?local {TST.sameEntity} ?x }}
            BIND(IRI(REPLACE(STR(?local), "/[a-z]+/[^/]+$", "")) AS ?d)
            {f"?d {DCTERMS.issued} ?i" if dated else ""}
        }} GROUP BY ?x"""


def flyout(name: str, words: str) -> str:
    """A name with some words on it."""
    told = f"<p>{escape(words)}</p>" if words else ""
    return f"<p><strong>{escape(name)}</strong></p>{told}"
