from __future__ import annotations

import pytest

from testimonia.errors import QueryError
from testimonia.sparql.policy import calls_service, check

CALL = "SERVICE <http://127.0.0.1:9/> { ?a ?b ?c }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {CALL} }}",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?a ?b ?c } }",
        "SELECT * { SeRvIcE ?where { ?a ?b ?c } }",
        f"SELECT * {{ ?s ?p ?o # a comment\n {CALL} }}",
        # A comment ends at CR too, though rdflib does not know.
        f"SELECT * {{ ?s ?p ?o # a comment \r . {CALL} \n }}",
        f"ASK {{ FILTER NOT EXISTS {{ {{ ?s ?p ?o }} UNION {{ {CALL} }} }} }}",
        f"CONSTRUCT {{ ?a ?b ?c }} {{ OPTIONAL {{ GRAPH ?g {{ {CALL} }} }} }}",
        f"DESCRIBE ?a {{ {{ SELECT ?a {{ {CALL} }} }} }}",
        f"SELECT (EXISTS {{ {CALL} }} AS ?x) {{ }}",
        f"SELECT * {{ ?s ?p ?o }} HAVING (EXISTS {{ {CALL} }})",
        f"SELECT * {{ MINUS {{ {CALL} }} }}",
    ],
)
def test_services_are_found_wherever_they_hide(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
        # An escaped quotation mark does not end a string, though rdflib would have it so.
        f"SELECT * {{ ?s ?p 'a\\u0027 # ' . {CALL} \n }}",
        f'SELECT * {{ ?s ?p "a\\U00000022 # " . {CALL} \n }}',
        f"SELECT * {{ ?s ?p 'a\\u0027 ; ?q 5 . # ' . {CALL} \n }}",
    ],
)
def test_escapes_hide_nothing(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        'SELECT * { ?s ?p "a SERVICE to the public" }',
        "SELECT * { ?s ?p 'SERVICE <http://127.0.0.1:9/> { }' # SERVICE\n }",
        "SELECT ?service { ?service <http://a.example/service#of> ?o }",
        "SELECT * { ?s ?p 'the word \\u0073ervice' }",
        "SELECT * { ?s ?p 'a path C:\\\\u0041 service' }",
        "SELECT * { ?s ?p '\\U0010FFFF and \\UFFFFFFFF' }",
        "SELECT * " + "{" * 100 + "?s ?p 'service'" + "}" * 100,
        "not a query, and no business of this check",
    ],
)
def test_words_are_no_services(query: str) -> None:
    assert not calls_service(query)


def test_what_names_a_service_and_cannot_be_parsed_says_where() -> None:
    with pytest.raises(QueryError, match="syntax error at line 2, column"):
        check("SELECT * {\n SERVICE }")


def test_what_is_nested_too_deeply_to_check_is_refused() -> None:
    depth = 20_000
    with pytest.raises(QueryError, match="nested too deeply"):
        check("SELECT * " + "{" * depth + "?s ?p 'service'" + "}" * depth)
