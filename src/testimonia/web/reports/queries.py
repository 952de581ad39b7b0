"""SPARQL of the reports. What comes from outside enters only through ``terms``; every list has a
LIMIT, and beside it a query that says how many there are.

The conditions of a scope are patterns on ``?account`` of an event ``?x``, given by ``?statement``
of ``?document``; of voices on ``?s`` of ``?document``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from testimonia.iris import Iris
from testimonia.terms import iri, literal
from testimonia.vocabulary import EVENT_TYPES, RDF
from testimonia.web.api.selection import query, values
from testimonia.web.reports.asked import Scope

_FIRST, _LAST = "0001-01-01", "9999-12-31"
_DATE = "http://www.w3.org/2001/XMLSchema#date"


# ------------------------------------------------------------------------------------ events


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
        first = literal(str(scope.from_ or _FIRST), datatype=_DATE)
        last = literal(str(scope.to or _LAST), datatype=_DATE)
        yield (
            "?account sem:hasTime ?when . ?when sem:hasEarliestBeginTimeStamp ?begins ;"
            f" sem:hasLatestEndTimeStamp ?ends . FILTER(?ends >= {first} && ?begins <= {last})"
        )
    yield "?account tst:accountOf ?x ."
    if statements:
        yield "?statement tst:gives ?account ; tst:document ?document ."


def events_total(scope: Scope) -> str:
    """``?n``: how many events there are."""
    if scope.is_open:
        return query("SELECT (COUNT(*) AS ?n) { ?x a tst:Event }")
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


# -------------------------------------------------------------------- what belongs to sayings


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


# ------------------------------------------------------------------------------------ voices


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
        first, last = (literal(str(each)) for each in (scope.from_ or _FIRST, scope.to or _LAST))
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
