from __future__ import annotations

import subprocess
import sys

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from testimonia import rdf, terms
from testimonia.terms import Graph, Term, Triple
from testimonia.vocabulary import GEO, RDF, RDFS, TST, XSD

S = terms.iri("http://example.org/s")
P = terms.iri("http://example.org/p")

# Lone surrogates are no characters (Unicode, D73), and no RDF library takes them.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
awkward = st.text(st.sampled_from('"\\\n\r\t nur@^<>\x00\x08\x7f\u2028é🙂e\u0301'), max_size=12)
values = texts | awkward
datatypes = st.sampled_from(
    [terms.iri_of(t) for t in (XSD.integer, XSD.decimal, XSD.date, XSD.string, GEO.wktLiteral)]
)
languages = st.sampled_from(["en", "de-at", "zh-hant", "sr-latn-rs"])
iris = st.from_regex(r"<http://example\.org/[a-z0-9/é]{0,6}(#char=[0-9],[0-9])?>", fullmatch=True)
plain = st.builds(terms.literal, values)
tagged = st.builds(lambda v, lang: terms.literal(v, language=lang), values, languages)
typed = st.builds(lambda v, dt: terms.literal(v, datatype=dt), values, datatypes)
numbers = st.builds(lambda n: terms.literal(n, datatype=terms.XSD + "integer"), st.text("0123"))
literals = plain | tagged | typed | numbers
graphs = st.frozensets(st.tuples(iris, iris, iris | literals), max_size=8)


def graph_of(*objects: Term) -> Graph:
    return frozenset((S, P, o) for o in objects)


# ------------------------------------------------------------------------------------ literals


@given(values, st.none() | datatypes)
def test_literal_parts_take_apart_what_literal_put_together(
    value: str, datatype: str | None
) -> None:
    parts = rdf.literal_parts(terms.literal(value, datatype=datatype))
    plain_datatype = None if datatype == terms.XSD + "string" else datatype
    assert parts == (value, plain_datatype, None)


@given(values, languages)
def test_literal_parts_of_a_tagged_literal(value: str, language: str) -> None:
    assert rdf.literal_parts(terms.literal(value, language=language)) == (value, None, language)


@pytest.mark.parametrize(
    "term", ["", '"', "<http://example.org/>", "words", '"a"b', '"a"^^b', '"\\q"', '"\\t"']
)
def test_what_is_no_canonical_literal_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        rdf.literal_parts(term)


# -------------------------------------------------------------------------------- round trips


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@given(graphs)
def test_rdflib_and_back(graph: Graph) -> None:
    assert rdf.from_rdflib(rdf.to_rdflib(graph)) == graph


@given(graphs)
def test_pyoxigraph_and_back(graph: Graph) -> None:
    assert rdf.from_quads(rdf.to_quads(graph)) == graph


@pytest.mark.parametrize("format", sorted(set(rdf.FORMATS) - {"rdfxml"}))
@given(graph=graphs)
def test_formats_and_back(format: str, graph: Graph) -> None:
    assert rdf.parse(rdf.serialise(graph, format), format) == graph


def test_rdf_xml_and_back() -> None:
    # Apart from the others: XML 1.0 has no way to write most control characters.
    graph = graph_of(
        S, terms.literal('a < b & "c"\n'), terms.literal("é", language="fr"), terms.integer(5)
    )
    assert rdf.parse(rdf.serialise(graph, "rdfxml"), "rdfxml") == graph


def test_lexical_forms_are_not_normalised() -> None:
    odd = terms.literal("007.50", datatype=terms.XSD + "decimal")
    (row,) = rdf.to_rdflib([(S, P, odd)])
    (quad,) = rdf.to_quads([(S, P, odd)])
    assert str(row[2]) == "007.50"
    assert isinstance(quad.object, pyoxigraph.Literal)
    assert quad.object.value == "007.50"


def test_rdflib_finds_our_terms_under_its_own() -> None:
    graph = rdf.to_rdflib([(S, RDFS.label, '"a \\"b\\""'), (S, TST.content, '"words"@en')])
    s = rdflib.URIRef("http://example.org/s")
    assert graph.value(s, rdflib.RDFS.label) == rdflib.Literal('a "b"')
    assert (s, None, rdflib.Literal("words", lang="en")) in graph


def test_explicit_strings_become_plain() -> None:
    string = rdflib.Literal("words", datatype=rdflib.XSD.string)
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("http://example.org/s"), rdflib.RDFS.label, string))
    assert rdf.from_rdflib(graph) == {(S, RDFS.label, '"words"')}


def test_language_tags_become_lower_case() -> None:
    assert rdf.from_rdflib_term(rdflib.Literal("colour", lang="en-GB")) == '"colour"@en-gb'
    assert rdf.from_oxigraph(pyoxigraph.Literal("colour", language="en-GB")) == '"colour"@en-gb'


# ------------------------------------------------------------------------------------- refusals


def test_blank_nodes_are_refused() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.BNode(), rdflib.RDFS.label, rdflib.Literal("x")))
    with pytest.raises(ValueError, match="only IRIs and literals"):
        rdf.from_rdflib(graph)
    with pytest.raises(ValueError, match="only IRIs and literals"):
        rdf.parse(b"[] a <http://example.org/C> .", "turtle")


def test_a_literal_is_no_subject() -> None:
    triple: Triple = ('"words"', P, S)
    with pytest.raises(ValueError, match="not an IRI"):
        rdf.to_rdflib([triple])
    with pytest.raises(ValueError, match="not an IRI"):
        rdf.to_quads([triple])


def test_an_iri_that_breaks_the_standard_is_refused() -> None:
    with pytest.raises(ValueError, match=r"RFC 3987.*http://\["):
        rdf.to_quads([("<http://[>", P, S)])


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no RDF format 'word'; there are ntriples, nquads"):
        rdf.serialise([], "word")


# --------------------------------------------------------------------------------- serialising


def test_quads_bear_the_name_of_their_graph() -> None:
    quads = rdf.to_quads([(S, P, S)], S)
    assert [quad.graph_name for quad in quads] == [pyoxigraph.NamedNode("http://example.org/s")]


def test_turtle_is_grouped_and_has_the_type_first() -> None:
    graph = [(S, RDFS.label, '"x"'), (S, RDF.type, TST.Actor), (P, RDF.type, TST.Event)]
    written = rdf.serialise(graph, "turtle", {"tst": "https://w3id.org/testimonia#"}).decode()
    assert "@prefix tst: <https://w3id.org/testimonia#> ." in written
    assert "<http://example.org/s> a tst:Actor ;" in written
    assert written.count("<http://example.org/s>") == 1


@given(graphs)
def test_equal_graphs_give_equal_bytes(graph: Graph) -> None:
    backwards = sorted(graph, reverse=True)
    assert rdf.serialise(sorted(graph), "trig") == rdf.serialise(backwards, "trig")


# ------------------------------------------------------------------------------ what stores do


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"5"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>', terms.integer(5)),
        (
            '"12.0"^^<http://www.w3.org/2001/XMLSchema#decimal>',
            '"12"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        ),
        (terms.decimal("0.5"), terms.decimal("0.5")),
        ('"--12-11"^^<http://www.w3.org/2001/XMLSchema#gMonthDay>',) * 2,
        ('"words"@en', '"words"@en'),
        (S, S),
    ],
)
def test_as_stored_is_what_a_store_answers_with(written: Term, kept: Term) -> None:
    assert rdf.as_stored(written) == kept
    assert rdf.as_stored(kept) == kept


def test_importing_rdf_loads_neither_library() -> None:
    code = "import sys, testimonia.rdf; print({'rdflib', 'pyoxigraph'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_blank_nodes_can_be_given_names() -> None:
    turtle = "<http://e.org/a> <http://e.org/p> [ <http://e.org/q> 1 ], [ <http://e.org/q> 2 ] ."
    graph = rdf.parse(turtle, "turtle", skolem="http://e.org/#b")
    assert ("<http://e.org/a>", "<http://e.org/p>", "<http://e.org/#b1>") in graph
    assert len({triple[0] for triple in graph}) == 3
    assert graph == rdf.parse(turtle, "turtle", skolem="http://e.org/#b")
