"""SPARQL of comparisons and timelines: the conditions of a scope are patterns on ``?account`` of an
event ``?x``, given by ``?statement`` of ``?document``.

What comes from outside enters only through ``terms``; every list has a LIMIT, and beside it a query
that says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from testimonia.terms import iri, iri_of, literal
from testimonia.vocabulary import EVENT_TYPES, XSD
from testimonia.web.api.selection import query, values
from testimonia.web.reports.asked import Scope

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
_DATE = iri_of(XSD.date)


def events(scope: Scope, *, statements: bool = True) -> str:
    """Pattern: ``?x ?account ?statement ?document``; the latter two where they are wanted, or a
    condition needs them."""
    return " ".join(_events(scope, statements=statements))


def _events(scope: Scope, *, statements: bool) -> Iterator[str]:
    if "event" in scope.things:
        yield values("x", scope.things["event"])
    if scope.words:
        yield (
            f"?text tst:matches {literal(scope.words)} . ?statement tst:content ?text ;"
            " tst:gives ?account ."
        )
    if "actor" in scope.things:
        yield (
            f"{values('actor', scope.things['actor'])}"
            " ?account tst:agent|tst:patient|tst:recipient|tst:participant ?actor ."
        )
    if "place" in scope.things:
        inside = f"{values('around', scope.things['place'])} ?place tst:within ?around"
        here = values("place", scope.things["place"])
        yield f"{{ {{ {here} }} UNION {{ {inside} }} }} ?account sem:hasPlace ?place ."
    if scope.type:
        yield f"?account tst:eventType {EVENT_TYPES[scope.type]} ."
    if scope.from_ or scope.to:
        first = literal(str(scope.from_ or FIRST_DAY), datatype=_DATE)
        last = literal(str(scope.to or LAST_DAY), datatype=_DATE)
        yield (
            "?account sem:hasTime ?when . ?when sem:hasEarliestBeginTimeStamp ?begins ;"
            f" sem:hasLatestEndTimeStamp ?ends . FILTER(?ends >= {first} && ?begins <= {last})"
        )
    yield "?account tst:accountOf ?x ."
    if statements:
        yield "?statement tst:gives ?account ; tst:document ?document ."


def events_total(scope: Scope) -> str:
    """``?n``: how many events there are."""
    pattern = events(scope, statements=False)
    return query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")


def events_by_sources(scope: Scope, limit: int, offset: int) -> str:
    """``?x ?documents ?accounts``: events, those first that most documents tell of."""
    return query(f"""
        SELECT ?x (COUNT(DISTINCT ?document) AS ?documents) (COUNT(*) AS ?accounts) {{
            {events(scope)} }}
        GROUP BY ?x ORDER BY DESC(?documents) DESC(?accounts)
        LIMIT {limit:d} OFFSET {offset:d}""")


def events_by_time(scope: Scope, limit: int, offset: int) -> str:
    """``?x ?first``: events, the dated ones first, by the earliest day that is told."""
    return query(f"""
        SELECT ?x (MIN(?earliest) AS ?first) {{
            {events(scope, statements=False)}
            OPTIONAL {{ ?account sem:hasTime/sem:hasEarliestBeginTimeStamp ?earliest }} }}
        GROUP BY ?x ORDER BY DESC(BOUND(?first)) ?first LIMIT {limit:d} OFFSET {offset:d}""")


def event_sizes(events_: Iterable[str]) -> str:
    """``?x ?documents ?accounts`` of these events."""
    return query(f"""
        SELECT ?x (COUNT(DISTINCT ?document) AS ?documents) (COUNT(DISTINCT ?account) AS ?accounts)
        {{ {values("x", events_)} ?account tst:accountOf ?x .
           ?statement tst:gives ?account ; tst:document ?document }} GROUP BY ?x""")


def events_over_time(scope: Scope) -> str:
    """``?month ?n``: how many events begin in a month, by the earliest day that is told; a row
    without a month are those without a date."""
    return query(f"""
        SELECT ?month (COUNT(*) AS ?n) {{
            {{ SELECT ?x (MIN(?earliest) AS ?first) {{
                {events(scope, statements=False)}
                OPTIONAL {{ ?account sem:hasTime/sem:hasEarliestBeginTimeStamp ?earliest }} }}
               GROUP BY ?x }}
            BIND(SUBSTR(STR(?first), 1, 7) AS ?month) }}
        GROUP BY ?month""")


def event_places(scope: Scope, limit: int) -> str:
    """``?place ?n ?wkt``: located places of the events, those of most events first."""
    return query(f"""
        SELECT ?place ?n ?wkt {{
            {{ SELECT (?there AS ?place) (COUNT(DISTINCT ?x) AS ?n) {{
                {events(scope, statements=False)} ?account sem:hasPlace ?there }} GROUP BY ?there }}
            ?place geo:hasGeometry/geo:asWKT ?wkt }}
        ORDER BY DESC(?n) LIMIT {limit:d}""")


def event_places_totals(scope: Scope) -> str:
    """``?n ?located``: how many places there are, and how many have coordinates."""
    return query(f"""
        SELECT (COUNT(*) AS ?n) (SUM(?has) AS ?located) {{
            {{ SELECT DISTINCT ?there {{
                {events(scope, statements=False)} ?account sem:hasPlace ?there }} }}
            BIND(IF(EXISTS {{ ?there geo:hasGeometry ?geometry }}, 1, 0) AS ?has) }}""")


def accounts_of(events_: Iterable[str], most: int) -> str:
    """``?x``: of each event the first ``most`` accounts that some statement gives, by document."""
    each = (
        f"{{ SELECT DISTINCT ?x ?d {{ ?x tst:accountOf {iri(event)} ."
        f" ?s tst:gives ?x ; tst:document ?d }} ORDER BY ?d ?x LIMIT {most:d} }}"
        for event in events_
    )
    return query(f"SELECT ?x {{ {' UNION '.join(each)} }}")


def statements_without_events(words: str, limit: int) -> str:
    """``?x``: statements that have the words and give no account."""
    return query(f"""
        SELECT DISTINCT ?x {{ ?text tst:matches {literal(words)} ; tst:score ?score .
            ?x tst:content ?text FILTER NOT EXISTS {{ ?x tst:gives ?account }} }}
        ORDER BY DESC(?score) LIMIT {limit:d}""")


def statements_without_events_total(words: str) -> str:
    """``?n``: how many there are."""
    return query(f"""
        SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?text tst:matches {literal(words)} .
            ?x tst:content ?text FILTER NOT EXISTS {{ ?x tst:gives ?account }} }}""")
