"""The queries behind the pages, as functions that make SPARQL.

What comes from outside enters only through ``terms.iri`` and ``terms.literal``. The default graph
is the reading view, where identity and inference are done; mentions stand in document graphs.

Written so that the small side of a join binds first: two VALUES blocks over 500 IRIs took a
second on 400,000 triples where a FILTER on the predicate took 30 ms. Long lists are never sorted by
an IRI, not even to break ties: on 1.1 M quads ``ORDER BY DESC(?n) ?x`` over 30,000 events took
4.9 s, ``ORDER BY DESC(?n)`` 0.14 s, since each comparison fetches both strings. The order of equals
is then the store's, the same for every page of one checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from testimonia.iris import Iris
from testimonia.terms import Term, iri, literal
from testimonia.vocabulary import DCTERMS, PREFIXES, RDFS, SKOS, TST

PAGE = 50

# In this order the first that a thing has is its label.
LABELS: tuple[Term, ...] = (RDFS.label, SKOS.prefLabel, DCTERMS.title, TST.content, TST.name)

_USED = ("tst", "rdf", "rdfs", "dcterms", "nif", "prov", "sem", "geo", "skos")
_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _USED)

_CARD = (
    TST.content,
    TST.speaker,
    TST.cue,
    TST.directness,
    TST.kind,
    TST.certainty,
    TST.attributionCertainty,
    TST.polarity,
    TST.reportedIn,
    TST.document,
)

# Sorting 1,000 statements takes 0.16 s, 30,000 take 6 s.
SORTED = 1000


@dataclass(frozen=True, slots=True)
class Ranking:
    """What makes a thing ``?x`` rank: the ``?y`` of a pattern are counted. The condition holds for
    ``?x`` alone, and is looked at once a thing."""

    pattern: str
    condition: str = ""


SPOKEN = Ranking("?y tst:speaker ?x", "FILTER NOT EXISTS { ?x a tst:Narrator }")
PLACED = Ranking("?y sem:hasPlace|tst:about|tst:saidIn ?x", "?x a tst:Place")
TOLD = Ranking("?x a tst:Event OPTIONAL { ?y tst:accountOf ?x }")


def _query(body: str) -> str:
    return _PREFIXES + body


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(iri(each) for each in iris)} }}"


def labels(iris: Iterable[str]) -> str:
    """``?x ?p ?o``: everything that may serve as label."""
    return _query(
        f"SELECT ?x ?p ?o {{ {_values('x', iris)} ?x ?p ?o FILTER(?p IN ({', '.join(LABELS)})) }}"
    )


def described(iris: Iterable[str]) -> str:
    """``?x ?p ?o``: all that the reading view has of each."""
    return _query(f"SELECT ?x ?p ?o {{ {_values('x', iris)} ?x ?p ?o }}")


def reprints(iri_: str) -> str:
    """``?x``: documents that share the text of this one: those that do with one do with another."""
    shares = "(tst:sharesTextWith|^tst:sharesTextWith)+"
    return _query(
        f"SELECT DISTINCT ?x {{ {iri(iri_)} {shares} ?x FILTER(?x != {iri(iri_)}) }} ORDER BY ?x"
    )


def exists(thing: str, class_: Term) -> str:
    """One row if ``thing`` is of the class."""
    return _query(f"SELECT ?type {{ {iri(thing)} a ?type FILTER(?type = {class_}) }}")


# ------------------------------------------------------------------------------------- lists


def totals() -> str:
    """``?documents ?statements ?speakers ?places ?events``, one row."""
    counted = {
        "documents": "?x a tst:Document",
        "statements": "?x a tst:Statement",
        "speakers": _group(SPOKEN),
        "places": _group(PLACED),
        "events": "?x a tst:Event",
    }
    parts = (
        f"{{ SELECT (COUNT(*) AS ?{name}) {{ {pattern} }} }}" for name, pattern in counted.items()
    )
    return _query(f"SELECT * {{ {' '.join(parts)} }}")


def newest_documents(iris: Iris, limit: int, offset: int = 0) -> str:
    """``?x ?title ?publisher ?issued``: those that were read last, first."""
    return _query(f"""
        SELECT ?x (SAMPLE(?t) AS ?title) (SAMPLE(?i) AS ?issued) (SAMPLE(?l) AS ?publisher) {{
            {{
                SELECT ?x (MAX(?when) AS ?read) {{
                    ?x a tst:Document
                    OPTIONAL {{ GRAPH {iri(iris.runs_graph)} {{
                        ?run prov:used ?x ; prov:startedAtTime ?when }} }}
                }}
                GROUP BY ?x ORDER BY DESC(?read) LIMIT {limit:d} OFFSET {offset:d}
            }}
            OPTIONAL {{ ?x dcterms:title ?t }}
            OPTIONAL {{ ?x dcterms:issued ?i }}
            OPTIONAL {{ ?x dcterms:publisher/rdfs:label ?l }}
        }}
        GROUP BY ?x ?read ORDER BY DESC(?read) ?title ?x""")


def statement_counts(documents: Iterable[str]) -> str:
    """``?x ?n``: how many statements each document has."""
    return _query(f"""
        SELECT ?x (COUNT(?s) AS ?n) {{ {_values("x", documents)} ?s tst:document ?x ;
            a tst:Statement }} GROUP BY ?x""")


def _group(ranking: Ranking) -> str:
    """The things of a ranking, each once, with ``?n``."""
    return f"""
        {{ SELECT ?x (COUNT(?y) AS ?n) {{ {ranking.pattern} }} GROUP BY ?x }}
        {ranking.condition}"""


def ranked(ranking: Ranking, limit: int, offset: int = 0) -> str:
    """``?x ?n``: things by how often the ranking's pattern holds."""
    return _query(f"""
        SELECT ?x ?n {{ {_group(ranking)} }}
        ORDER BY DESC(?n) LIMIT {limit:d} OFFSET {offset:d}""")


def ranked_total(ranking: Ranking) -> str:
    """``?n``: how many ``ranked`` would give."""
    return _query(f"SELECT (COUNT(*) AS ?n) {{ SELECT ?x {{ {_group(ranking)} }} }}")


def statements(pattern: str, total: int, limit: int = PAGE, offset: int = 0) -> str:
    """``?x``: the statements that fit ``pattern``, ``total`` of them.

    By publication, document and place in it; where there are too many to sort, in the store's
    own order, which is the same for every page.
    """
    cut = f"LIMIT {limit:d} OFFSET {offset:d}"
    if total > SORTED:
        return _query(f"SELECT ?x {{ {pattern} ?x tst:document ?document }} {cut}")
    return _query(f"""
        SELECT ?x {{
            {pattern} ?x tst:document ?document
            OPTIONAL {{ ?document dcterms:issued ?issued }}
            OPTIONAL {{ GRAPH ?graph {{ ?x tst:contentMention/nif:beginIndex ?begin }} }}
        }}
        GROUP BY ?x ?document ?issued
        ORDER BY DESC(?issued) STR(?document) MIN(?begin) {cut}""")


def statements_total(pattern: str) -> str:
    """``?n``: how many statements fit ``pattern``."""
    return _query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} ?x tst:document ?document }}")


def cards(iris: Iterable[str]) -> str:
    """``?x ?p ?o``: what a list shows of statements."""
    return _query(
        f"SELECT ?x ?p ?o {{ {_values('x', iris)} ?x ?p ?o FILTER(?p IN ({', '.join(_CARD)})) }}"
    )


def said_by(thing: str) -> str:
    """Pattern: statements of a speaker."""
    return f"?x tst:speaker {iri(thing)} ."


def said_about(thing: str) -> str:
    """Pattern: statements about a thing."""
    return f"?x tst:about {iri(thing)} ."


def said_during(event: str) -> str:
    """Pattern: statements made during an event."""
    return f"?x tst:saidDuring {iri(event)} ."


# -------------------------------------------------------------------------------- statements


def statement(thing: str) -> str:
    """``?x ?p ?o``: a statement and what hangs on it: accounts, their numbers, times."""
    subject = iri(thing)
    return _query(f"""
        SELECT DISTINCT ?x ?p ?o {{
            {{ {subject} ?p ?o BIND({subject} AS ?x) }}
            UNION {{ {subject} tst:gives ?x . ?x ?p ?o }}
            UNION {{ {subject} tst:gives/(tst:quantity|sem:hasTime) ?x . ?x ?p ?o }}
            UNION {{ {subject} tst:saidAt|tst:about ?x . ?x a tst:TimeReference ; ?p ?o }}
        }}""")


def contained(thing: str) -> str:
    """``?x``: the statements that a statement reports."""
    return _query(f"SELECT ?x {{ ?x tst:reportedIn {iri(thing)} }} ORDER BY ?x")


def marks(iris: Iris, document: str, statement: str | None = None) -> str:
    """``?x ?part ?begin ?end``: the mentions of a document's statements, or of one of them."""
    one = f"VALUES ?x {{ {iri(statement)} }}" if statement else ""
    return _query(f"""
        SELECT DISTINCT ?x ?part ?begin ?end {{ {one} GRAPH {iri(iris.document_graph(document))} {{
            ?x a tst:Statement ; ?part ?mention .
            FILTER(?part IN (tst:contentMention, tst:cueMention, tst:speakerMention))
            ?mention nif:beginIndex ?begin ; nif:endIndex ?end }} }}""")


def words(nodes: Iterable[str]) -> str:
    """``?x ?words``: the words of accounts, times and numbers."""
    return _query(f"""
        SELECT ?x ?words {{ {_values("x", nodes)}
            GRAPH ?graph {{ ?x tst:mention/nif:anchorOf ?words }} }}""")


def provenance(iris: Iris, document: str) -> str:
    """``?x ?p ?o``: the runs that made a document's graph."""
    return _query(f"""
        SELECT ?x ?p ?o {{ GRAPH {iri(iris.runs_graph)} {{
            {iri(iris.document_graph(document))} prov:wasGeneratedBy ?x . ?x ?p ?o
            FILTER(?p != prov:used) }} }}""")


# --------------------------------------------------------------------------------- documents


def document_statements(document: str) -> str:
    """``?x ?p ?o``: what a list shows of all statements of a document."""
    return _query(f"""
        SELECT ?x ?p ?o {{ ?x tst:document {iri(document)} ; a tst:Statement ; ?p ?o
            FILTER(?p IN ({", ".join(_CARD)})) }}""")


def narrators(document: str) -> str:
    """``?x``: the voices of a document itself."""
    return _query(f"SELECT ?x {{ ?x tst:narrates {iri(document)} }}")


def voices(document: str) -> str:
    """``?x ?p``: author and publisher of a document."""
    return _query(f"""
        SELECT ?x ?p {{ {iri(document)} ?p ?x FILTER(?p IN (dcterms:creator, dcterms:publisher)) }}
        ORDER BY ?x""")


# ------------------------------------------------------------------ actors, places and events


def has_words(iris: Iris, entity: str) -> str:
    """``?m``: words of some document that stand for an entity, where there are any."""
    return _query(f"""
        SELECT ?m {{ GRAPH {iri(iris.entities_graph)} {{ ?local tst:sameEntity {iri(entity)} }}
            GRAPH ?g {{ ?m tst:denotes ?local }} }}
        LIMIT 1""")


def mentioning_documents(iris: Iris, thing: str, limit: int = PAGE) -> str:
    """``?local``: the local entities that are this one."""
    return _query(f"""
        SELECT ?local {{ GRAPH {iri(iris.entities_graph)} {{ ?local tst:sameEntity {iri(thing)} }}
            FILTER(CONTAINS(STR(?local), "/document/")) }}
        LIMIT {limit:d}""")


def geometry(place: str) -> str:
    """``?wkt``: a place's coordinates."""
    return _query(f"SELECT ?wkt {{ {iri(place)} geo:hasGeometry/geo:asWKT ?wkt }}")


def events_at(place: str, limit: int = PAGE, offset: int = 0) -> str:
    """``?x ?n``: events that some account puts there, and how many do."""
    return _query(f"""
        SELECT ?x (COUNT(DISTINCT ?account) AS ?n) {{
            ?account sem:hasPlace {iri(place)} ; tst:accountOf ?x }}
        GROUP BY ?x ORDER BY DESC(?n) LIMIT {limit:d} OFFSET {offset:d}""")


def events_of(actor: str, limit: int = PAGE, offset: int = 0) -> str:
    """``?x ?n``: events in which some account gives the actor a part."""
    return _query(f"""
        SELECT ?x (COUNT(DISTINCT ?account) AS ?n) {{
            ?account tst:participant {iri(actor)} ; tst:accountOf ?x }}
        GROUP BY ?x ORDER BY DESC(?n) LIMIT {limit:d} OFFSET {offset:d}""")


def accounts_of(event: str, limit: int = PAGE, offset: int = 0) -> str:
    """``?x``: the accounts of an event, by document."""
    return _query(f"""
        SELECT ?x {{ ?x tst:accountOf {iri(event)} . ?s tst:gives ?x ; tst:document ?d }}
        GROUP BY ?x ?d ORDER BY ?d ?x LIMIT {limit:d} OFFSET {offset:d}""")


def accounts_total(event: str) -> str:
    """``?n``: how many accounts an event has."""
    return _query(f"""
        SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x tst:accountOf {iri(event)} . ?s tst:gives ?x }}""")


def accounts(iris: Sequence[str]) -> str:
    """``?x ?p ?o``: accounts with their numbers and times."""
    values = _values("account", iris)
    return _query(f"""
        SELECT DISTINCT ?x ?p ?o {{
            {{ {values} ?account ?p ?o BIND(?account AS ?x) }}
            UNION {{ {values} ?account tst:quantity|sem:hasTime ?x . ?x ?p ?o }}
        }}""")


def tellers(iris: Sequence[str]) -> str:
    """``?account ?x ?speaker ?document``: who tells each account, in which statement."""
    return _query(f"""
        SELECT ?account ?x ?speaker ?document {{ {_values("account", iris)}
            ?x tst:gives ?account ; tst:speaker ?speaker ; tst:document ?document }}
        ORDER BY ?account ?x ?speaker""")


# ------------------------------------------------------------------------------------ search


def found(iris: Iris, words: str) -> str:
    """Pattern: ``?x ?text ?score ?rank`` of what has the words in its name (rank 0), title (1) or
    content (2); the words as :func:`testimonia.fulltext.fts5` reads them.

    From the literal to what has it, whatever the property: a UNION of three properties searches
    three times, and takes 2.5 times as long for 9,000 hits.
    """
    entities = iri(iris.entities_graph)
    return f"""
        ?text tst:matches {literal(words)} ; tst:score ?score . ?x ?p ?text
        FILTER(?p = tst:content
            || (?p = dcterms:title && EXISTS {{ ?x a tst:Document }})
            || (?p = rdfs:label && EXISTS {{ GRAPH {entities} {{ ?x rdfs:label ?text }} }}))
        BIND(IF(?p = tst:content, 2, IF(?p = dcterms:title, 1, 0)) AS ?rank)"""


def search(iris: Iris, words: str, limit: int = PAGE, offset: int = 0) -> str:
    """``?x``: what has the words: names, then titles, then contents; of each the best first."""
    return _query(f"""
        SELECT ?x (MIN(?rank) AS ?first) (MAX(?score) AS ?best) {{ {found(iris, words)} }}
        GROUP BY ?x ORDER BY ?first DESC(?best) LIMIT {limit:d} OFFSET {offset:d}""")


def search_total(iris: Iris, words: str) -> str:
    """``?n``: how many ``search`` would find."""
    return _query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {found(iris, words)} }}")


# ------------------------------------------------------------------------------ descriptions


def description(iris: Iris, kind: str, thing: str, document: str | None = None) -> str:
    """CONSTRUCT of what the graph has of a thing: what it says, what points to it, labels, and
    of a statement its accounts and the words that are its evidence."""
    subject = iri(thing)
    patterns = [
        f"{{ {subject} ?p ?o BIND({subject} AS ?s) }}",
        f"{{ ?s ?p {subject} BIND({subject} AS ?o) }}",
        f"{{ {subject} ?link ?s . ?s rdfs:label ?o BIND(rdfs:label AS ?p) }}",
    ]
    if kind == "statement":
        patterns.append(f"{{ {subject} tst:gives ?s . ?s ?p ?o }}")
        patterns.append(f"{{ {subject} tst:gives/(tst:quantity|sem:hasTime) ?s . ?s ?p ?o }}")
    if kind == "document":
        graph = iri(f"{thing}/graph")
        patterns.append(f"{{ GRAPH {graph} {{ ?s nif:referenceContext {subject} ; ?p ?o }} }}")
    if kind == "event":
        patterns.append(f"{{ ?s tst:accountOf {subject} ; ?p ?o }}")
    if kind == "place":
        patterns.append(f"{{ {subject} geo:hasGeometry ?s . ?s ?p ?o }}")
    if document:
        patterns.extend(_evidence(iri(iris.document_graph(document)), subject))
    return _query(f"CONSTRUCT {{ ?s ?p ?o }} {{ {' UNION '.join(patterns)} }}")


def _evidence(graph: Term, statement: Term) -> Iterable[str]:
    wanted = "FILTER(?p IN (tst:contentMention, tst:cueMention, tst:speakerMention))"
    yield f"{{ GRAPH {graph} {{ {statement} ?p ?o {wanted} }} BIND({statement} AS ?s) }}"
    path = "tst:contentMention|tst:cueMention|tst:speakerMention"
    yield f"{{ GRAPH {graph} {{ {statement} {path} ?s . ?s ?p ?o }} }}"
