"""Full-text patterns rewritten: the answers are those of the query with a FILTER in their place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store

from testimonia.errors import QueryError
from testimonia.fulltext import Hit, Words
from testimonia.sparql import evaluation, matching
from testimonia.sparql.evaluation import Request
from testimonia.vocabulary import PREFIXES

STORM = 'the storm "broke" the harbour\\wall\n} UNION { ?s ?p ?c } #'
CALM = "a calm day in the harbour"
ROAD = "the road to the town"
DATA = {"1": (STORM, "Ada"), "2": (CALM, "Bo"), "3": (ROAD, "Ada")}
DOCUMENT = NamedNode("http://d.example/graph")


def store() -> Store:
    filled = Store()
    for graph in (DefaultGraph(), DOCUMENT):
        for name, (content, who) in DATA.items():
            subject = NamedNode(f"http://s.example/{name}")
            said = Literal(content, language="en")
            filled.add(Quad(subject, NamedNode(f"{PREFIXES['tst']}content"), said, graph))
            filled.add(Quad(subject, NamedNode("http://x.example/who"), Literal(who), graph))
    return filled


class Searched:
    """Finds the contents that have a word."""

    cut = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def hits(self, query: str) -> Sequence[Hit]:
        self.asked.append(query)
        found = [content for content, _ in DATA.values() if query in content]
        return [Hit(Words(each, "en"), 2.5 - n) for n, each in enumerate(found)]


def rewritten(query: str, searched: Searched | None = None) -> str:
    request = Request(query, known_prefixes=True)
    return evaluation.matched(query, request, searched or Searched())


def answers(query: str) -> list[tuple[str, ...]]:
    results = store().query(query, prefixes={**PREFIXES, "x": "http://x.example/"})
    assert isinstance(results, QuerySolutions)
    return sorted(tuple("" if term is None else term.value for term in each) for each in results)


P = "PREFIX x: <http://x.example/> "


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        (
            'SELECT ?s { ?s tst:content ?c . ?c tst:matches "harbour" . ?s x:who "Bo" }',
            'SELECT ?s { ?s tst:content ?c . FILTER(CONTAINS(?c, "harbour")) ?s x:who "Bo" }',
        ),
        (
            'SELECT * { ?c tst:matches "harbour" . ?s tst:content ?c }',
            'SELECT * { ?s tst:content ?c FILTER(CONTAINS(?c, "harbour")) }',
        ),
        (
            "SELECT ?s { ?s tst:content $c . $c tst:matches '''har\\u0062our''' ; . }",
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "harbour")) }',
        ),
        (
            # blank nodes stay in one basic graph pattern
            'SELECT ?w ?c { _:b tst:content ?c . ?c tst:matches "harbour" . _:b x:who ?w }',
            'SELECT ?w ?c { _:b tst:content ?c . FILTER(CONTAINS(?c, "harbour")) _:b x:who ?w }',
        ),
        (
            'SELECT ?w { _:b tst:content ?c FILTER(true) ?c tst:matches "harbour" . _:b x:who ?w }',
            'SELECT ?w { _:b tst:content ?c FILTER(CONTAINS(?c, "harbour")) _:b x:who ?w }',
        ),
        (
            'SELECT * { ?s x:who ?w OPTIONAL { ?s tst:content ?c . ?c tst:matches "calm" } }',
            'SELECT * { ?s x:who ?w OPTIONAL { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) } }',
        ),
        (
            # after OPTIONAL it restricts, and does not come before it
            'SELECT * { ?s x:who ?w OPTIONAL { ?s tst:content ?c } ?c tst:matches "calm" }',
            'SELECT * { ?s x:who ?w OPTIONAL { ?s tst:content ?c } FILTER(CONTAINS(?c, "calm")) }',
        ),
        (
            (
                'SELECT ?s { { ?s tst:content ?c . ?c tst:matches "calm" } UNION'
                ' { ?s tst:content ?c . ?c tst:matches "road" } }'
            ),
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "calm") || CONTAINS(?c, "road")) }',
        ),
        (
            'SELECT * { GRAPH ?g { ?s tst:content ?c . ?c tst:matches "calm" } }',
            'SELECT * { GRAPH ?g { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) } }',
        ),
        (
            (
                "SELECT * { ?s x:who ?w { SELECT ?s {"
                ' ?s tst:content ?c . ?c tst:matches "harbour" } GROUP BY ?s } }'
            ),
            (
                "SELECT * { ?s x:who ?w { SELECT ?s {"
                ' ?s tst:content ?c FILTER(CONTAINS(?c, "harbour")) } GROUP BY ?s } }'
            ),
        ),
        (
            'SELECT ?s { ?s tst:content ?c FILTER NOT EXISTS { ?c tst:matches "harbour" } }',
            'SELECT ?s { ?s tst:content ?c FILTER(!CONTAINS(?c, "harbour")) }',
        ),
        (
            'SELECT ?s { ?s tst:content ?c FILTER(EXISTS { ?c tst:matches "calm" } || false) }',
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) }',
        ),
        (
            'SELECT ?s { ?s tst:content ?c MINUS { ?c tst:matches "harbour" . } }',
            'SELECT ?s { ?s tst:content ?c FILTER(!CONTAINS(?c, "harbour")) }',
        ),
        (
            'SELECT ?s { ?c tst:matches "the" . ?c tst:matches "harbour" . ?s tst:content ?c }',
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "harbour")) }',
        ),
        (
            'SELECT ?c { BIND("x" AS ?y) . ?c tst:matches "harbour" . ?s tst:content ?c }',
            'SELECT ?c { ?s tst:content ?c FILTER(CONTAINS(?c, "harbour")) }',
        ),
        (
            'SELECT ?s { ?s tst:content ?c . ?c tst:matches "nowhere" }',
            "SELECT ?s { FILTER(false) ?s tst:content ?c }",
        ),
        (
            f'PREFIX t: <{PREFIXES["tst"]}> SELECT ?s {{ ?s t:content ?c . ?c t:matches "calm" }}',
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) }',
        ),
        (
            f'SELECT ?s {{ ?s tst:content ?c . ?c <{PREFIXES["tst"]}matches> "calm" }}',
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) }',
        ),
        (
            (
                "BASE <https://w3id.org/testimonia>"
                ' SELECT ?s { ?s tst:content ?c . ?c <#matches> "calm" }'
            ),
            'SELECT ?s { ?s tst:content ?c FILTER(CONTAINS(?c, "calm")) }',
        ),
    ],
)
def test_it_means_what_a_filter_would(query: str, plain: str) -> None:
    assert answers(plain) == answers(rewritten(P + query))


@pytest.mark.parametrize(
    "pattern",
    [
        '?c tst:matches "harbour" ; tst:score ?n .',
        '?c tst:score ?n ; tst:matches "harbour" ;',
        '?c tst:matches "harbour" . $c tst:score $n',
        '?c tst:score ?n . ?s tst:content ?c . ?c tst:matches "harbour"',
    ],
)
def test_scores(pattern: str) -> None:
    found = answers(rewritten(f"SELECT ?c ?n {{ {pattern} }}"))
    assert found == sorted([(STORM, "2.5"), (CALM, "1.5")])


@pytest.mark.parametrize(
    "query",
    [
        # the terms themselves can be asked about
        "SELECT * { tst:matches rdfs:label ?l }",
        "SELECT * { ?p rdfs:subPropertyOf tst:matches . ?p ?q tst:score }",
        "SELECT * { ?s ?p tst:matches . tst:score ?p ?o FILTER(?p != tst:matches) }",
        "SELECT * { VALUES ?p { tst:matches tst:score } ?p ?q ?o }",
        'SELECT * { VALUES (?p ?q) { (tst:matches "x") } }',
        "DESCRIBE tst:matches tst:score",
        'SELECT * { ?s tst:content "?c tst:matches \\"x\\"" } # ?c tst:matches "x"',
        'CONSTRUCT { ?c tst:matches "x" ; tst:score 1 } WHERE { ?s tst:content ?c }',
        'SELECT * { ?c x:matches "x" ; x:score ?n }',
        'SELECT * { SERVICE <http://s.example/> { { ?c tst:matches "x" } } }',
        'SELECT * { SERVICE SILENT ?where { ?c tst:matches "x" } }',
        "SELECT ?matches ?score { ?matches ?score ?c }",
    ],
)
def test_what_is_no_such_pattern_stays_as_it_is(query: str) -> None:
    searched = Searched()
    assert rewritten(P + query, searched) == P + query
    assert searched.asked == []


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ('SELECT * { <http://s.example/1> tst:matches "x" }', "after a variable"),
        ('SELECT * { [] tst:matches "x" }', "after a variable"),
        ('SELECT * { [ tst:matches "x" ] ?p ?o }', "after a variable"),
        ('SELECT * { ?s x:p [ x:q 1 ; tst:matches "x" ] }', "after a variable"),
        ('SELECT * { _:b tst:matches "x" }', "after a variable"),
        ('SELECT * { ?c a x:T ; tst:matches "x" }', "after a variable"),
        ('SELECT * { ?c tst:matches "x" ; a x:T }', "stand alone"),
        ('SELECT * { ?c tst:matches "x", "y" }', "stand alone"),
        ('SELECT * { ?c tst:matches "x"@en }', "stand alone"),
        ('SELECT * { ?c tst:matches "x"^^xsd:string }', "stand alone"),
        ("SELECT * { ?c tst:matches ?q }", "a string that is written there"),
        ("SELECT * { ?c tst:matches 7 }", "a string that is written there"),
        ("SELECT * { ?c tst:matches _:b }", "it is written"),
        ('SELECT * { ?c tst:matches "x" ; tst:score 1 }', "the object of tst:score"),
        ("SELECT * { ?c tst:score ?n }", "needs one tst:matches"),
        ('SELECT * { ?c tst:matches "x" OPTIONAL { ?c tst:score ?n } }', "needs one tst:matches"),
        ('SELECT * { ?c tst:matches "x" . ?c tst:matches "y" ; tst:score ?n }', "needs one"),
        ('SELECT * { ?c tst:matches+ "x" }', "it is written"),
        ('SELECT * { ?c tst:matches/rdfs:label "x" }', "it is written"),
        ('SELECT * { "x" ^tst:matches ?c }', "literal|expected|after a variable"),
        ("SELECT * { ?c ^tst:matches ?s }", "after a variable"),
        ('CONSTRUCT WHERE { ?c tst:matches "x" }', "CONSTRUCT WHERE has no full text"),
        ('CONSTRUCT FROM <http://g.example/> WHERE { ?c tst:matches "x" }', "CONSTRUCT WHERE"),
    ],
)
def test_what_cannot_be_rewritten_is_told(query: str, problem: str) -> None:
    with pytest.raises((QueryError, SyntaxError), match=problem):
        rewritten(P + query)


def test_a_syntax_error_is_where_the_user_made_it() -> None:
    with pytest.raises(SyntaxError, match="2:"):
        rewritten('SELECT * {\n ?c tst:matches "x" . ?s ?p }')


def test_a_construct_with_a_template() -> None:
    query = 'CONSTRUCT { ?s tst:matches ?c } WHERE { ?s tst:content ?c . ?c tst:matches "calm" }'
    results = store().query(rewritten(query), prefixes=dict(PREFIXES))
    assert isinstance(results, QueryTriples)
    assert [triple.object.value for triple in results] == [CALM]


@settings(deadline=None)
@given(st.text(), st.sampled_from(["", "en", "de-at"]))
def test_a_hit_is_that_literal_whatever_stands_in_it(value: str, language: str) -> None:
    class One:
        cut = False

        def hits(self, _: str) -> Sequence[Hit]:
            return [Hit(Words(value, language), 0.25)]

    query = 'SELECT ?c ?n { ?c tst:matches "x" ; tst:score ?n }'
    request = Request(query, known_prefixes=True)
    results = Store().query(evaluation.matched(query, request, One()), prefixes=dict(PREFIXES))
    assert isinstance(results, QuerySolutions)
    (solution,) = results
    assert solution["c"] == Literal(value, language=language or None)
    assert solution["n"] == Literal(0.25)


@settings(deadline=None)
@given(st.text())
def test_the_index_is_asked_for_what_the_string_says(value: str) -> None:
    searched = Searched()
    rewritten(f"SELECT * {{ ?c tst:matches {Literal(value)} }}", searched)
    assert searched.asked == [value]


@pytest.mark.parametrize(
    "update",
    [
        'INSERT { ?s ?p 1 } WHERE { ?s ?p ?c . ?c tst:matches "x" }',
        'DELETE WHERE { ?s ?p ?c . ?c tst:matches "x" ; tst:score ?n }',
    ],
)
def test_an_update_is_told_that_it_has_none(update: str) -> None:
    declared = f"PREFIX tst: <{PREFIXES['tst']}> "
    with pytest.raises(QueryError, match="for queries"):
        matching.refuse(declared + update)
    matching.refuse(f"PREFIX tst: <http://x.example/> {update}")
    matching.refuse(f"{declared} INSERT DATA {{ <a:s> tst:content 'matches' }}")
