from __future__ import annotations

import pytest

from testimonia.errors import Forbidden, QueryError
from testimonia.sparql.policy import Reach, check, check_address, check_update

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
    with pytest.raises(Forbidden, match="SERVICE is not allowed"):
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
    with pytest.raises((Forbidden, QueryError), match="SERVICE"):
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
    assert check(query) is None  # type: ignore[func-returns-value]


def test_what_names_a_service_and_cannot_be_parsed_says_where() -> None:
    with pytest.raises(QueryError, match="syntax error at line 2, column"):
        check("SELECT * {\n SERVICE }")


def test_what_is_nested_too_deeply_to_check_is_refused() -> None:
    depth = 20_000
    with pytest.raises(QueryError, match="nested too deeply"):
        check("SELECT * " + "{" * depth + "?s ?p 'service'" + "}" * depth)


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1:9/data>",
        "INSERT DATA { <a:a> <a:b> 1 } ; load silent <http://127.0.0.1:9/> into graph <a:g>",
        "\\u004COAD <http://127.0.0.1:9/>",
        f"INSERT {{ ?a ?b ?c }} WHERE {{ {CALL} }}",
    ],
)
def test_updates_reach_nothing_either(update: str) -> None:
    with pytest.raises((Forbidden, QueryError), match="not allowed here"):
        check_update(update)


def test_updates_that_only_speak_of_loads() -> None:
    check_update("INSERT DATA { <a:ship> <a:b> 'a load of coal, a SERVICE to all' }")


ALLOWED = ("https://query.example/", "http://127.0.0.1:3030/ds/")


def address(text: str, number: str = "93.184.216.34") -> None:
    from rdflib import URIRef

    check_address("SERVICE", URIRef(text), ALLOWED, lambda _: [number])


def test_what_is_allowed_may_be_called() -> None:
    address("https://query.example/sparql")
    address("http://127.0.0.1:3030/ds/query")


@pytest.mark.parametrize(
    "text",
    [
        "https://query.example.evil.example/",
        "http://query.example/sparql",
        "http://127.0.0.1:3031/ds/query",
        "relative",
    ],
)
def test_what_only_looks_like_it_may_not(text: str) -> None:
    with pytest.raises(Forbidden, match="may not reach"):
        address(text)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_may_not_lead_to_a_private_network(number: str) -> None:
    with pytest.raises(Forbidden, match="private"):
        address("https://query.example/sparql", number)


def test_an_address_in_a_variable_is_never_allowed() -> None:
    with pytest.raises(Forbidden, match="may not reach"):
        check("SELECT * { ?s ?p ?o . SERVICE ?o { ?a ?b ?c } }", Reach(ALLOWED))


def test_what_is_silent_may_fail_by_itself_where_there_is_no_network() -> None:
    silent = "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c } }"
    check(silent, Reach(offline=True))
    check_update("LOAD SILENT <http://127.0.0.1:9/>", Reach(offline=True))
    for reach in (Reach(), Reach(ALLOWED)):
        with pytest.raises(Forbidden):
            check(silent, reach)
    with pytest.raises(Forbidden):
        check(silent.replace("}", f"}} {CALL}", 1), Reach(offline=True))
