from hypothesis import given
from hypothesis import strategies as st

from testimonia.identity import digest, document_id, entity_id, statement_id, text_hash


def test_the_digests_are_pinned() -> None:
    """A change here changes every IRI that anybody has ever cited."""
    document = document_id(text_hash("She said it rained."), "https://example.org/a")
    assert document == "psgr3zxlsuzdtkdqugbl2wz3ru"
    assert document_id(text_hash("She said it rained."), "") == "oycjbekl6gxjnoo3gkv4xit7oq"
    assert statement_id(document, 4, 0) == "qov5sv7s6k7l3ij6ng4ii6qw7y"
    assert entity_id("actor", document, "actor/0") == "xidogpy4nbh344v2qfqjfdywcm"


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_other_fields_give_another_id(one: list[str], other: list[str]) -> None:
    assert (digest("kind", *one) == digest("kind", *other)) == (one == other)


@given(st.lists(st.text(), max_size=4))
def test_an_id_is_26_characters_that_need_no_escape_in_an_iri(fields: list[str]) -> None:
    made = digest("kind", *fields)
    assert len(made) == 26
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz234567")
