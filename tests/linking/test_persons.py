from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.linking.agreement import Agreement
from testimonia.linking.persons import (
    PersonName,
    compare_persons,
    gender_of,
    is_given_name,
    person_keys,
    person_name,
    person_searches,
    share,
)

SAME, VARIANT, SPELLING = Agreement.SAME, Agreement.VARIANT, Agreement.SPELLING
PART, LONE, NONE, CONFLICT = Agreement.PART, Agreement.LONE, Agreement.NONE, Agreement.CONFLICT


def named(name: str) -> PersonName:
    found = person_name(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Ada Wexcombe", PersonName("wexcombe", ("ada",))),
        ("Wexcombe, Ada", PersonName("wexcombe", ("ada",))),
        ("Gen. Ada Wexcombe", PersonName("wexcombe", ("ada",), titles=("gen",))),
        ("Prime Minister Ada Wexcombe", PersonName("wexcombe", ("ada",), titles=("minister",))),
        ("Ada Wexcombe, MBE", PersonName("wexcombe", ("ada",))),
        ("Martin Hale Jr.", PersonName("hale", ("martin",), "2nd")),
        ("Hale, Martin, Sr.", PersonName("hale", ("martin",), "1st")),
        ("Charles III", PersonName("charles", (), "3rd")),
        ("Ludwig van der Berg", PersonName("berg", ("ludwig",))),
        ("Bashar al-Assad", PersonName("assad", ("bashar",))),
        ("Kim Jong-un", PersonName("kim", ("jongun",))),
        ("Kim Jong Un", PersonName("kim", ("jongun",))),
        ("Xi Jinping", PersonName("xi", ("jinping",))),
        ("Kim Clark", PersonName("clark", ("kim",))),
        ("Валерий Герасимов", PersonName("gerasimov", ("valeriy",))),
        ("Wexcombe", PersonName("wexcombe")),
    ],
)
def test_a_name_has_its_parts(written: str, parts: PersonName) -> None:
    assert person_name(written) == parts


@pytest.mark.parametrize("written", ["", "…", " , "])
def test_what_is_no_name_has_none(written: str) -> None:
    assert person_name(written) is None


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Ada Wexcombe", "Ada Wexcombe", SAME),
        ("Ada Wexcombe", "Ada Maria Wexcombe", SAME),
        ("A. Wexcombe", "Ada Wexcombe", VARIANT),
        ("Bob Wexcombe", "Robert Wexcombe", VARIANT),
        ("J. Edgar Wexcombe", "Edgar Wexcombe", VARIANT),
        ("Orbán Viktor", "Viktor Orbán", VARIANT),
        ("Sergey Lavrov", "Sergei Lavrov", SPELLING),
        ("Muammar Gaddafi", "Moammar Qadhafi", SPELLING),
        ("Wexcombe", "Ada Wexcombe", PART),
        ("Wexcombe", "Wexcombe", LONE),
        ("Ada Wexcombe", "Ida Wexcombe", CONFLICT),
        ("B. Wexcombe", "Ada Wexcombe", CONFLICT),
        ("Ada Q. Wexcombe", "Ada R. Wexcombe", CONFLICT),
        ("Martin Hale Jr", "Martin Hale Sr", CONFLICT),
        ("Charles II", "Charles III", CONFLICT),
        ("Pope Francis", "King Francis", CONFLICT),
        ("Ann Miller", "Ann Millar", NONE),
        ("Erik Hansen", "Erik Hanson", NONE),
        ("Ada Wexcombe", "Ada Tarrant", NONE),
    ],
)
def test_two_names_stand_to_each_other(one: str, other: str, agreement: Agreement) -> None:
    assert compare_persons(named(one), named(other)) is agreement
    assert compare_persons(named(other), named(one)) is agreement


def test_a_frequent_name_agrees_by_chance_and_a_rare_one_does_not() -> None:
    assert share(named("John Smith"), SAME) > 1e-4
    assert share(named("Valery Gerasimov"), SAME) < 1e-5
    assert share(named("Smith"), PART) > share(named("Gerasimov"), PART)


def test_a_given_name_alone_is_told() -> None:
    assert is_given_name(named("Jennifer"))
    assert not is_given_name(named("Smith"))
    assert not is_given_name(named("Jennifer Smith"))


@pytest.mark.parametrize(
    ("written", "gender"),
    [("Mrs Wexcombe", "f"), ("Sir Robin Wexcombe", "m"), ("Jennifer Wexcombe", "f"), ("Tarn", "")],
)
def test_titles_and_given_names_tell_a_gender(written: str, gender: str) -> None:
    assert gender_of(named(written)) == gender


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Wexcombe", "Ada Wexcombe"),
        ("A. Wexcombe", "Ada Wexcombe"),
        ("Bob Wexcombe", "Robert Wexcombe"),
        ("Wexcombe", "Ada Wexcombe"),
        ("Wexcombe", "Wexcombe"),
        ("Sergey Lavrov", "Sergei Lavrov"),
        ("Muammar Gaddafi", "Moammar Qadhafi"),
        ("Viktor Orbán", "Orbán Viktor"),
        ("Edgar Wexcombe", "J. Edgar Wexcombe"),
    ],
)
def test_what_may_be_one_is_found(one: str, other: str) -> None:
    for a, b in ((one, other), (other, one)):
        same, wider = person_searches(named(a))
        assert {*same, *wider} & set(person_keys(named(b))), (a, b)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_compared_either_way(one: str, other: str) -> None:
    a, b = person_name(one), person_name(other)
    if a is not None and b is not None:
        assert compare_persons(a, b) is compare_persons(b, a)
        assert compare_persons(a, a).is_possible
        assert 0 < share(a, SAME) <= 1
