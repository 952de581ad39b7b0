import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from testimonia.terms import decimal, iri, literal, ntriples

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
EXAMPLE = "<http://example.org/a>"


@given(TEXT)
def test_a_literal_is_read_back_as_it_was_by_an_rdf_library(value: str) -> None:
    graph = rdflib.Graph().parse(
        data=ntriples([(EXAMPLE, EXAMPLE, literal(value, language="en"))]), format="nt"
    )
    (read,) = graph.objects()
    assert str(read) == value


@pytest.mark.parametrize("value", ["no scheme", "http://a b", "http://a<b", "http://a\nb", "plain"])
def test_what_is_no_iri_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an"):
        iri(value)


@pytest.mark.parametrize(
    ("value", "written"), [(0.5, "0.5"), (12, "12"), ("11000", "11000"), (0.1234567, "0.123457")]
)
def test_a_decimal_is_canonical(value: float | str, written: str) -> None:
    assert decimal(value) == f'"{written}"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def test_equal_graphs_give_equal_text() -> None:
    triples = [(EXAMPLE, EXAMPLE, literal("b")), (EXAMPLE, EXAMPLE, literal("a"))]
    assert ntriples(triples) == ntriples(reversed(triples))
