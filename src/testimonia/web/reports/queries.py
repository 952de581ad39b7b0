"""SPARQL of what all reports show, and of dossiers.

What comes from outside enters only through ``terms``; every list has a LIMIT, and beside it a query
that says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable

from testimonia.iris import Iris
from testimonia.terms import iri
from testimonia.vocabulary import RDF
from testimonia.web.api.selection import query, values


def standings(actors: Iterable[str]) -> str:
    """``?x ?p ?o``: whether they are named, or narrators."""
    return query(f"""
        SELECT ?x ?p ?o {{ {values("x", actors)} ?x ?p ?o
            FILTER(?p = tst:named || (?p = {RDF.type} && ?o = tst:Narrator)) }}""")


def sources(documents: Iterable[str]) -> str:
    """``?x ?issued ?publisher``: what documents state of themselves."""
    return query(f"""
        SELECT ?x ?issued ?publisher {{ {values("x", documents)}
            OPTIONAL {{ ?x dcterms:issued ?issued }}
            OPTIONAL {{ ?x dcterms:publisher/rdfs:label ?publisher }} }}""")


def same_text(documents: Iterable[str]) -> str:
    """``?x ?y``: pairs of documents of one text; only pairs stated directly."""
    return query(f"SELECT ?x ?y {{ {values('x', documents)} ?x tst:sharesTextWith ?y }}")


def surroundings(places: Iterable[str]) -> str:
    """``?x ?around``: the places around places."""
    return query(f"SELECT ?x ?around {{ {values('x', places)} ?x tst:within ?around }}")


def relations(statements: Iterable[str], limit: int) -> str:
    """``?r``: relations from or to these statements."""
    block = values("x", statements)
    return query(f"""
        SELECT DISTINCT ?r {{ {{ {block} ?r tst:relationFrom ?x }} UNION
            {{ {block} ?r tst:relationTo ?x }} }} LIMIT {limit:d}""")


def relations_of(actor: str, *, own: bool) -> str:
    """Pattern ``?r``: relations between two statements of the actor, or between one of its own
    and another's."""
    speaks = f"tst:speaker {iri(actor)}"
    if own:
        return f"?a {speaks} . ?r tst:relationFrom ?a ; tst:relationTo ?b . ?b {speaks} ."
    return (
        f"?a {speaks} . {{ ?r tst:relationFrom ?a ; tst:relationTo ?b }} UNION"
        f" {{ ?r tst:relationTo ?a ; tst:relationFrom ?b }}"
        f" FILTER NOT EXISTS {{ ?b {speaks} }}"
    )


def some_relations(pattern: str, limit: int) -> str:
    """``?r``: relations of a pattern."""
    return query(f"SELECT DISTINCT ?r {{ {pattern} }} LIMIT {limit:d}")


def relations_total(pattern: str) -> str:
    """``?n``: how many there are."""
    return query(f"SELECT (COUNT(DISTINCT ?r) AS ?n) {{ {pattern} }}")


# ----------------------------------------------------------------------------------- dossiers


def names_of(iris: Iris, actor: str, limit: int) -> str:
    """``?local ?name``: the names that documents use for it, by the documents' own entities."""
    return query(f"""
        SELECT ?local ?name {{
            {{ SELECT ?local {{ GRAPH {iri(iris.entities_graph)} {{
                ?local tst:sameEntity {iri(actor)} }} }} LIMIT {limit:d} }}
            GRAPH ?graph {{ ?local tst:name ?name }} }}""")


def directness_of(actor: str) -> str:
    """``?n ?direct ?mixed ?nested ?negative``, one row."""
    return query(f"""
        SELECT (COUNT(*) AS ?n) (SUM(?isDirect) AS ?direct) (SUM(?isMixed) AS ?mixed)
            (SUM(?inside) AS ?nested) (SUM(?not) AS ?negative) {{
            ?s tst:speaker {iri(actor)}
            OPTIONAL {{ ?s tst:directness ?directness }}
            BIND(IF(?directness = tst:Direct, 1, 0) AS ?isDirect)
            BIND(IF(?directness = tst:Mixed, 1, 0) AS ?isMixed)
            BIND(IF(EXISTS {{ ?s tst:reportedIn ?outer }}, 1, 0) AS ?inside)
            BIND(IF(EXISTS {{ ?s tst:polarity tst:Negative }}, 1, 0) AS ?not) }}""")


def over_time(actor: str) -> str:
    """``?part ?issued ?n``: its statements (0) and those about it (1) by publication."""
    subject = iri(actor)
    return query(f"""
        SELECT ?part ?issued (COUNT(*) AS ?n) {{
            {{ ?s tst:speaker {subject} BIND(0 AS ?part) }}
            UNION {{ ?s tst:about {subject} BIND(1 AS ?part) }}
            ?s tst:document ?document OPTIONAL {{ ?document dcterms:issued ?issued }} }}
        GROUP BY ?part ?issued""")


def linked_things(actor: str, path: str, class_: str = "") -> str:
    """Pattern: what its statements have by ``path`` (``?x``); of one class if any is given.

    ``path`` is ours, as ``tst:addressee``.
    """
    of_class = f"?x a {class_} ." if class_ else ""
    return f"?s tst:speaker {iri(actor)} ; {path} ?x . {of_class}"


def speakers_about(actor: str) -> str:
    """Pattern: who speaks about it (``?x``), narrators aside."""
    return (
        f"?s tst:about {iri(actor)} ; tst:speaker ?x ."
        f" FILTER(?x != {iri(actor)}) FILTER NOT EXISTS {{ ?x a tst:Narrator }}"
    )


def counted(pattern: str, limit: int) -> str:
    """``?x ?n``: the things of a pattern by how often they occur."""
    return query(f"""
        SELECT ?x (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?x ORDER BY DESC(?n) LIMIT {limit:d}""")


def counted_total(pattern: str) -> str:
    """``?n``: how many things there are."""
    return query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")


def documents_of(actor: str, limit: int) -> str:
    """``?x ?says ?about``: documents by how much of it is the actor's or about it."""
    subject = iri(actor)
    return query(f"""
        SELECT ?x (SUM(?own) AS ?says) (SUM(1 - ?own) AS ?about) (COUNT(*) AS ?n) {{
            {{ ?s tst:speaker {subject} BIND(1 AS ?own) }}
            UNION {{ ?s tst:about {subject} BIND(0 AS ?own) }}
            ?s tst:document ?x }}
        GROUP BY ?x ORDER BY DESC(?n) LIMIT {limit:d}""")


def documents_of_total(actor: str) -> str:
    """``?n``: how many documents there are."""
    return query(f"""
        SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?s tst:speaker|tst:about {iri(actor)} ;
            tst:document ?x }}""")
