from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import (
    BodyName,
    body_keys,
    body_name,
    body_searches,
    compare_bodies,
)

PAIRS = [
    ("United Nations", "UN", Agreement.SAME),
    ("the U.N.", "United Nations", Agreement.SAME),
    ("Russian Ministry of Defence", "Russia's Defense Ministry", Agreement.SAME),
    ("Boeing Co.", "Boeing", Agreement.SAME),
    ("Johnson & Johnson", "Johnson and Johnson", Agreement.SAME),
    ("Union of Northern Fishers", "UNF", Agreement.ACRONYM),
    ("Foreign Ministry", "Russian Foreign Ministry", Agreement.PART),
    ("Reuters", "Reuters news agency", Agreement.PART),
    ("Hizbullah", "Hezbollah", Agreement.SPELLING),
    ("Russian Foreign Ministry", "Ukrainian Foreign Ministry", Agreement.CONFLICT),
    ("Manchester United", "Manchester City", Agreement.NONE),
    ("Third Army", "Fourth Army", Agreement.NONE),
    ("66th Brigade", "67th Brigade", Agreement.NONE),
    ("Port Authority", "PA", Agreement.NONE),
    ("NATO", "UN", Agreement.NONE),
]


def named(name: str) -> BodyName:
    found = body_name(name)
    assert found is not None
    return found


@pytest.mark.parametrize(("one", "other", "agreement"), PAIRS)
def test_two_names_stand_to_each_other(one: str, other: str, agreement: Agreement) -> None:
    assert compare_bodies(named(one), named(other)) is agreement
    assert compare_bodies(named(other), named(one)) is agreement


@pytest.mark.parametrize(("one", "other"), [each[:2] for each in PAIRS if each[2].is_possible])
def test_what_may_be_one_is_found(one: str, other: str) -> None:
    for a, b in ((one, other), (other, one)):
        same, wider = body_searches(named(a))
        assert {*same, *wider} & set(body_keys(named(b))), (a, b)


@pytest.mark.parametrize("name", ["Foreign Ministry", "the City Council", "Supreme Court"])
def test_words_that_many_bodies_have_tell_nothing(name: str) -> None:
    assert not named(name).telling


def test_places_have_words_of_their_own() -> None:
    street, park = body_name("Main Street", place=True), body_name("Elm Park", place=True)
    assert street is not None
    assert park is not None
    assert not street.telling
    assert park.telling == {"elm"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared_either_way(one: str, other: str) -> None:
    a, b = body_name(one), body_name(other)
    if a is not None and b is not None:
        assert compare_bodies(a, b) is compare_bodies(b, a)
        assert compare_bodies(a, a) is Agreement.SAME
