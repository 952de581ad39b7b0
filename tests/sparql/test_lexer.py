"""What the order of tokens tells; pyoxigraph is the judge of what comes out."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from testimonia.errors import QueryError
from testimonia.sparql import lexer

G1, G2 = "http://graphs.example/1", "http://graphs.example/2"
P = NamedNode("a:p")


def words(text: str) -> list[tuple[str, int]]:
    return [(each.text, each.depth) for each in lexer.tokens(text) if each.kind == "word"]


def test_keywords_in_strings_iris_names_and_comments_are_none() -> None:
    text = (
        "SELECT ?where { ?s <a:where> 'where', \"\"\"a \" where\"\"\" , '''it's where'''"
        ' ; where:where :where.where ; ?where "\\"where" } # where\nWHERE'
    )
    assert words(text) == [("SELECT", 0), ("WHERE", 0)]


def test_braces_count() -> None:
    text = "INSERT { GRAPH ?g { ?a ?b '}' } } WHERE { }"
    assert words(text) == [("INSERT", 0), ("GRAPH", 1), ("WHERE", 0)]


@pytest.mark.parametrize(
    ("update", "only"),
    [
        ("INSERT DATA { <a:a> <a:b> 'WHERE' }", True),
        ("PREFIX a: <a:> BASE <b:> insert data { a:a a:b 1 } ; INSERT DATA {}", True),
        ("INSERT { ?a ?b ?c } WHERE { ?a ?b ?c }", False),
        ("INSERT DATA {} ; CLEAR ALL", False),
        ("INSERT DATA {} ; DELETE DATA {}", False),
        ("", False),
    ],
)
def test_pure_insertions(update: str, only: bool) -> None:
    assert lexer.inserts_only(update) is only


def store() -> Store:
    made = Store()
    for graph in (G1, G2):
        made.add(Quad(NamedNode(graph), P, NamedNode("a:o"), NamedNode(graph)))
    return made


def default(made: Store) -> set[str]:
    found = made.query("SELECT ?s { ?s <a:new> ?o }")
    assert isinstance(found, QuerySolutions)
    return {solution["s"].value for solution in found}


@pytest.mark.parametrize(
    "update",
    [
        "INSERT { ?s <a:new> ?o } WHERE { ?s <a:p> ?o }",
        "# WHERE\nPREFIX a: <a:> INSERT { ?s a:new ?o }\n# {\nWHERE { ?s a:p ?o }",
        "DELETE { ?s <a:gone> 'WHERE' } INSERT { ?s <a:new> ?o } WHERE { ?s <a:p> ?o } ",
    ],
)
def test_graphs_of_the_protocol_enter_an_update(update: str) -> None:
    made = store()
    made.update(lexer.with_using(update, [G1], []))
    assert default(made) == {G1}
    both = store()
    both.update(lexer.with_using(update, [G1, G2], []))
    assert default(both) == {G1, G2}


def test_named_graphs_of_the_protocol() -> None:
    made = store()
    update = "INSERT { ?s <a:new> ?o } WHERE { GRAPH ?g { ?s <a:p> ?o } }"
    made.update(lexer.with_using(update, [], [G2]))
    assert default(made) == {G2}


def test_delete_where_is_an_operation_with_a_pattern_too() -> None:
    made = store()
    made.update("INSERT DATA { <a:s> <a:new> <a:o> }")
    made.update(lexer.with_using("DELETE WHERE { ?s <a:new> ?o }", [G1], []))
    assert default(made) == {"a:s"}, "the pattern is matched against the graph that was named"


def test_a_graph_may_be_named_in_one_place_only() -> None:
    for clause in ("WITH <a:g> DELETE {} WHERE {}", "INSERT {} USING <a:g> WHERE {}"):
        with pytest.raises(QueryError, match="only one of the two"):
            lexer.with_using(clause, [G1], [])


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("INSERT DATA { <a:s> <a:q> 1 }", {f"<{G1}> a:p", "<a:s> a:q"}),
        ("DELETE WHERE { ?s <a:p> ?o }", set()),
        ("DELETE { ?s <a:p> ?o } INSERT { ?s <a:q> ?o } WHERE { ?s <a:p> ?o }", {f"<{G1}> a:q"}),
        (
            f"PREFIX a: <a:> DELETE DATA {{ <{G1}> a:p a:o }} ; INSERT DATA {{ a:s a:q 1 }}",
            {"<a:s> a:q"},
        ),
    ],
)
def test_an_update_on_one_graph(update: str, expected: set[str]) -> None:
    made = store()
    made.update(lexer.on_graph(update, G1))
    quads = list(made.quads_for_pattern(None, None, None, NamedNode(G1)))
    assert {f"{quad.subject} {quad.predicate.value}" for quad in quads} == expected
    assert len(list(made.quads_for_pattern(None, None, None, NamedNode(G2)))) == 1


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        "INSERT DATA { GRAPH <a:g> { <a:a> <a:b> 1 } }",
        "LOAD <a:x>",
        "DROP GRAPH <a:g>",
    ],
)
def test_what_is_more_than_one_graph_s_is_refused(update: str) -> None:
    with pytest.raises(QueryError):
        lexer.on_graph(update, G1)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * { ?s ?p ?o }", 2),
        ("SELECT * { ?s ?p ?o } LIMIT 9 OFFSET 1", 2),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s # LIMIT 1", 2),
        ("SELECT * { ?s ?p ?o } VALUES ?o { 1 2 3 }", 2),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 8 } }", 2),
    ],
)
def test_a_limit_of_rows(query: str, rows: int) -> None:
    made = Store()
    made.update("INSERT DATA { <a:s> <a:p> 1, 2, 3, 4 }")
    text = lexer.limited(query, rows)
    assert text is not None
    found = made.query(text)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == rows


@pytest.mark.parametrize("query", ["SELECT * {} LIMIT 2", "ASK {}", "CONSTRUCT WHERE {}"])
def test_no_limit_where_none_is_needed(query: str) -> None:
    assert lexer.limited(query, 2) is None


def test_graphs_to_merge() -> None:
    query = "PREFIX g: <http://graphs.example/> SELECT * FROM g:1 FROM NAMED g:3 FROM <b> { }"
    prologue, default_, named = lexer.merged_graphs(query)
    assert (prologue.strip(), default_, named) == (
        "PREFIX g: <http://graphs.example/>",
        ["g:1", "<b>"],
        ["g:3"],
    )


def test_hostile_texts_take_linear_time() -> None:
    for text in ('"""' * 100_001, "'" * 100_001, "<" * 200_000, "{" * 200_000, ":" * 200_000):
        assert sum(1 for _ in lexer.tokens(text)) > 0
