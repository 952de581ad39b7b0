"""SPARQL of the voices report: the conditions of a scope are patterns on statements ``?s``.

Speakers are counted first, and what they are is looked up once each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from testimonia.terms import literal
from testimonia.web.api.selection import query, values
from testimonia.web.reports.asked import Scope
from testimonia.web.reports.event_queries import FIRST_DAY, LAST_DAY


def voiced(scope: Scope, *, document: bool = True) -> str:
    """Pattern: statements ``?s``; of ``?document``, where that is wanted or a condition needs it:
    on 100,000 statements the join takes a second."""
    needed = document or any((scope.things, scope.from_, scope.to))
    return " ".join(_voiced(scope, document=needed))


def _voiced(scope: Scope, *, document: bool) -> Iterator[str]:
    if "document" in scope.things:
        yield values("document", scope.things["document"])
    if scope.words:
        yield f"?text tst:matches {literal(scope.words)} . ?s tst:content ?text ."
    if "publisher" in scope.things:
        yield (
            f"{values('publisher', scope.things['publisher'])}"
            " ?document dcterms:publisher ?publisher ."
        )
    if scope.from_ or scope.to:
        # As everywhere: "2031-05" is compared by its beginning.
        first, last = (
            literal(str(each)) for each in (scope.from_ or FIRST_DAY, scope.to or LAST_DAY)
        )
        yield (
            "?document dcterms:issued ?issued ."
            f" FILTER(STR(?issued) >= {first} && STR(?issued) <= {last})"
        )
    if document:
        yield "?s tst:document ?document ."


def voices_totals(pattern: str) -> str:
    """``?statements ?documents``."""
    return query(f"""
        SELECT (COUNT(DISTINCT ?s) AS ?statements) (COUNT(DISTINCT ?document) AS ?documents)
        {{ {pattern} ?s a tst:Statement }}""")


def tallies(pattern: str) -> str:
    """``?narrator ?named ?directness ?nested ?n``: attributions that are alike in the first three,
    and how many of them another voice reports.

    By speaker first: what a speaker is is then looked up once, not for each statement.
    """
    return query(f"""
        SELECT ?narrator ?named ?directness (SUM(?many) AS ?n) (SUM(?inside) AS ?nested) {{
            {{ SELECT ?who ?directness (COUNT(*) AS ?many) (COUNT(?outer) AS ?inside) {{
                {pattern} ?s tst:speaker ?who .
                OPTIONAL {{ ?s tst:directness ?directness }}
                OPTIONAL {{ ?s tst:reportedIn ?outer }} }} GROUP BY ?who ?directness }}
            OPTIONAL {{ ?who tst:named ?named }}
            BIND(EXISTS {{ ?who a tst:Narrator }} AS ?narrator) }}
        GROUP BY ?narrator ?named ?directness""")


_VOICE = "FILTER NOT EXISTS { ?x a tst:Narrator }"


def _spoken(pattern: str) -> str:
    return f"SELECT ?x (COUNT(*) AS ?n) {{ {pattern} ?s tst:speaker ?x }} GROUP BY ?x"


def _only_reported(pattern: str) -> str:
    """From the reported statements, which are few."""
    return f"""
        {{ SELECT ?x (COUNT(*) AS ?inside) {{
            {pattern} ?s tst:reportedIn ?outer ; tst:speaker ?x }} GROUP BY ?x }}
        {{ {_spoken(pattern)} }} FILTER(?n = ?inside) {_VOICE}"""


def quoted(pattern: str, limit: int) -> str:
    """``?x ?n``: voices that are no narrators, the most quoted first."""
    return query(f"""
        SELECT ?x ?n {{ {{ {_spoken(pattern)} }} {_VOICE} }} ORDER BY DESC(?n) LIMIT {limit:d}""")


def quoted_total(pattern: str) -> str:
    """``?n``: how many there are."""
    voice = "SELECT DISTINCT ?x"
    return query(f"""
        SELECT (COUNT(*) AS ?n) {{ {{ {voice} {{ {pattern} ?s tst:speaker ?x }} }} {_VOICE} }}""")


def only_reported(pattern: str, limit: int) -> str:
    """``?x ?n``: those of whom every statement is reported by another voice."""
    return query(f"""
        SELECT ?x ?n {{ {_only_reported(pattern)} }} ORDER BY DESC(?n) LIMIT {limit:d}""")


def only_reported_total(pattern: str) -> str:
    """``?n``: how many there are."""
    return query(f"SELECT (COUNT(*) AS ?n) {{ {_only_reported(pattern).replace('?n', '?many')} }}")


def how_quoted(pattern: str, voices: Iterable[str]) -> str:
    """``?x ?n ?direct ?mixed ?nested ?documents`` of these voices."""
    return query(f"""
        SELECT ?x (COUNT(*) AS ?n) (COUNT(?outer) AS ?nested) (COUNT(DISTINCT ?document)
            AS ?documents) (SUM(IF(?how = tst:Direct, 1, 0)) AS ?direct)
            (SUM(IF(?how = tst:Mixed, 1, 0)) AS ?mixed) {{
            {values("x", voices)} {pattern} ?s tst:speaker ?x
            OPTIONAL {{ ?s tst:directness ?directness }} OPTIONAL {{ ?s tst:reportedIn ?outer }}
            BIND(COALESCE(?directness, tst:Indirect) AS ?how) }}
        GROUP BY ?x""")


def _described_voices(pattern: str) -> str:
    who = "FILTER NOT EXISTS { ?who a tst:Narrator }"
    return f"""
        {{ SELECT ?who (COUNT(*) AS ?many) {{ {pattern} ?s tst:speaker ?who }} GROUP BY ?who }}
        ?who tst:named false ; rdfs:label ?label {who}"""


def unnamed(pattern: str, limit: int) -> str:
    """``?label ?n``: what voices without a name are called; several may be called the same, for
    descriptions are never merged."""
    return query(f"""
        SELECT ?label (SUM(?many) AS ?n) {{ {_described_voices(pattern)} }}
        GROUP BY ?label ORDER BY DESC(?n) LIMIT {limit:d}""")


def unnamed_total(pattern: str) -> str:
    """``?n``: how many such names there are."""
    return query(f"SELECT (COUNT(DISTINCT ?label) AS ?n) {{ {_described_voices(pattern)} }}")


def _narrated(pattern: str) -> str:
    """Each event once, with ``?alone`` 1 where every teller is a narrator, and ``?n`` accounts."""
    return f"""
        SELECT ?x (COUNT(*) AS ?n) (MIN(?own) AS ?alone) {{
            {pattern} ?s tst:gives/tst:accountOf ?x ; tst:speaker ?who
            BIND(IF(EXISTS {{ ?who a tst:Narrator }}, 1, 0) AS ?own) }} GROUP BY ?x"""


def narrated_alone(pattern: str, limit: int) -> str:
    """``?x ?n``: events that narrators alone tell of, with the number of accounts."""
    return query(f"""
        SELECT ?x ?n {{ {{ {_narrated(pattern)} }} FILTER(?alone = 1) }}
        ORDER BY DESC(?n) LIMIT {limit:d}""")


def narrated_totals(pattern: str) -> str:
    """``?events ?narrated``: how many events are told of, how many by narrators alone."""
    return query(f"""
        SELECT (COUNT(*) AS ?events) (SUM(?alone) AS ?narrated) {{ {_narrated(pattern)} }}""")


def publishers(pattern: str, limit: int) -> str:
    """``?x ?n``: publishers by statements."""
    return query(f"""
        SELECT ?x (COUNT(*) AS ?n) {{ {pattern} ?document dcterms:publisher ?x }}
        GROUP BY ?x ORDER BY DESC(?n) LIMIT {limit:d}""")


def publishers_total(pattern: str) -> str:
    """``?n``: how many publishers there are."""
    return query(f"""
        SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} ?document dcterms:publisher ?x }}""")
