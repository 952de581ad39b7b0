"""What agrees and what cannot both be so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.views.comparing import Background, Comparison, Row, Verdict, compare, versions_of
from testimonia.views.fitting import same_actors, same_places, same_times, unit_key
from testimonia.views.values import (
    Moment,
    Quantity,
    Ref,
    Relation,
    Saying,
    Source,
    Standing,
    Telling,
    Voice,
)

EVENT = Ref("e:1", "breaking of the wall", "event/1")
ODENSE, DENMARK, AARHUS, COVE = (
    Ref("p:odense", "Odense"),
    Ref("p:denmark", "Denmark"),
    Ref("p:aarhus", "Aarhus"),
    Ref("p:cove", "the cove"),
)
WITHIN = {
    "p:odense": frozenset({"p:denmark", "p:europe"}),
    "p:aarhus": frozenset({"p:denmark", "p:europe"}),
    "p:denmark": frozenset({"p:europe"}),
}
NAMED, UNNAMED, NARRATOR = Standing.NAMED, Standing.UNNAMED, Standing.NARRATOR


def day(text: str) -> Moment:
    found = date.fromisoformat(text)
    return Moment(text, text, found, found)


def year(number: int) -> Moment:
    return Moment(str(number), str(number), date(number, 1, 1), date(number, 12, 31))


def telling(
    number: int,
    document: str = "",
    who: str = "Ada Brook",
    standing: Standing = NAMED,
    issued: str = "",
    said: bool = True,
    **told: object,
) -> Telling:
    document = document or f"Report {number}"
    source = Source(Ref(f"d:{document}", document), "", issued)
    voice = Voice(Ref(f"a:{who}", who), standing)
    saying = Saying(
        Ref(f"s:{number}", "the wall broke", f"statement/{number}"),
        "the wall broke",
        "en",
        (voice,),
        source,
        negative=not said,
    )
    return Telling(f"t:{number}", EVENT, saying, **told)  # type: ignore[arg-type]


def boats(*numbers: int, unit: str = "boats") -> tuple[Quantity, ...]:
    return tuple(Quantity(Decimal(each), unit) for each in numbers)


def row(comparison: Comparison, key: str) -> Row:
    (found,) = [each for each in comparison.rows if each.key == key]
    return found


def letters(found: Row) -> list[str]:
    return ["".join(cell.versions) for cell in found.cells]


def compared(*tellings: Telling, **known: object) -> Comparison:
    return compare(EVENT, tellings, Background(within=WITHIN, **known))  # type: ignore[arg-type]


def test_numbers_of_one_thing_agree_or_differ() -> None:
    found = compared(
        telling(1, quantities=boats(12)),
        telling(2, quantities=boats(30, unit="Boat")),
        telling(3, quantities=boats(12)),
        telling(4, quantities=boats(3, unit="people")),
    )
    numbers = row(found, "quantity boat")
    assert letters(numbers) == ["A", "B", "A", ""]
    assert numbers.verdict is Verdict.DIFFER
    assert [(each.label, each.sources) for each in numbers.versions] == [
        ("12 boats", 2),
        ("30 Boat", 1),
    ]
    assert row(found, "quantity people").verdict is Verdict.ALONE
    assert found.differing == (numbers,)


def test_a_number_of_nothing_in_particular_is_shown_and_not_compared() -> None:
    found = compared(
        telling(1, quantities=boats(12, unit="")), telling(2, quantities=boats(3, unit=""))
    )
    numbers = row(found, "quantity")
    assert numbers.verdict is Verdict.NOTHING
    assert [cell.parts[0].label for cell in numbers.cells] == ["12", "3"]


def test_days_exclude_each_other_and_a_year_fits_both() -> None:
    times = row(
        compared(
            telling(1, times=(day("2031-05-05"),)),
            telling(2, times=(day("2031-05-06"),)),
            telling(3, times=(year(2031),)),
            telling(4, times=(Moment("soon", "FUTURE_REF"),)),
        ),
        "times",
    )
    assert letters(times) == ["A", "B", "AB", ""]
    assert times.verdict is Verdict.DIFFER


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (Moment("3 May", month_day="--05-03"), day("2031-05-03"), True),
        (Moment("3 May", month_day="--05-03"), day("2031-05-04"), False),
        (Moment("3 May", month_day="--05-03"), Moment("3 May", month_day="--05-03"), True),
        (Moment("3 May", month_day="--05-03"), year(2031), None),
        (Moment("now", "PRESENT_REF"), year(2031), None),
        (year(2030), year(2031), False),
    ],
)
def test_days_without_a_year_are_compared_by_month_and_day(
    one: Moment, other: Moment, fits: bool | None
) -> None:
    assert same_times((one,), (other,)) is fits
    assert same_times((other,), (one,)) is fits


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (ODENSE, ODENSE, True),
        (ODENSE, DENMARK, True),
        (ODENSE, AARHUS, False),
        (ODENSE, COVE, None),
        (COVE, Ref("p:other", "The Cove"), True),
    ],
)
def test_places_fit_where_one_is_in_the_other(one: Ref, other: Ref, fits: bool | None) -> None:
    assert same_places((one,), (other,), WITHIN) is fits
    assert same_places((other,), (one,), WITHIN) is fits


def test_a_country_fits_both_towns() -> None:
    places = row(
        compared(
            telling(1, places=(DENMARK,)),
            telling(2, places=(ODENSE,)),
            telling(3, places=(AARHUS,)),
        ),
        "places",
    )
    assert letters(places) == ["AB", "A", "B"]
    assert [each.label for each in places.versions] == ["Odense", "Aarhus"]


def test_names_that_share_a_word_may_be_one_actors() -> None:
    assert same_actors((Ref("a", "Ada Brook"),), (Ref("b", "Brook"),))
    assert same_actors((Ref("a", "Ada Brook"),), (Ref("b", "Bo Lind"),)) is False


def test_descriptions_are_not_held_against_names() -> None:
    agents = row(
        compared(
            telling(1, agents=(Ref("a", "Ada Brook"),)),
            telling(2, agents=(Ref("b", "officials"),)),
            unnamed=frozenset({"b"}),
        ),
        "agents",
    )
    assert letters(agents) == ["A", ""]
    assert [cell.parts[0].label for cell in agents.cells] == ["Ada Brook", "officials"]


def test_yes_and_no_differ_and_what_was_not_said_says_neither() -> None:
    happened = row(
        compared(telling(1), telling(2, negative=True), telling(3, said=False, negative=True)),
        "happened",
    )
    assert letters(happened) == ["A", "B", ""]
    assert [each.label for each in happened.versions] == ["it happened", "it did not"]


def test_reprints_are_one_source_and_say_so() -> None:
    tellings = (telling(1, "One"), telling(2, "Two"), telling(3, "Three"))
    apart = row(compared(*tellings), "happened")
    assert apart.versions[0].sources == 3
    found = compared(*tellings, same_text=[("d:One", "d:Two"), ("d:Two", "d:Three")])
    assert row(found, "happened").versions[0].sources == 1
    assert row(found, "happened").verdict is Verdict.ALONE
    (first, *_) = found.columns
    assert {each.label for each in first.same_text} <= {"One", "Two", "Three"} - {
        first.source.document.label
    }
    assert len(first.same_text) == 2


def test_two_accounts_of_one_document_are_no_agreement() -> None:
    found = compared(
        telling(1, "One", quantities=boats(12)), telling(2, "One", quantities=boats(12))
    )
    assert row(found, "quantity boat").verdict is Verdict.ALONE
    assert [len(each.tellings) for each in found.columns] == [2]


def test_a_version_that_nobody_named_tells_is_marked() -> None:
    found = compared(
        telling(1, who="officials", standing=UNNAMED, quantities=boats(30)),
        telling(2, quantities=boats(12)),
        telling(3, who="narrator", standing=NARRATOR, quantities=boats(7)),
    )
    assert [each.unnamed for each in row(found, "quantity boat").versions] == [True, False, False]


def test_sources_stand_by_date_and_the_undated_last() -> None:
    found = compared(
        telling(1, "Undated"),
        telling(2, "Late", issued="2031-06"),
        telling(3, "Early", issued="2031-05-02"),
    )
    assert [each.source.document.label for each in found.columns] == ["Early", "Late", "Undated"]
    assert [place for each in found.columns for place in each.tellings] == [0, 1, 2]


def test_relations_of_other_statements_are_left_out_and_the_rest_is_counted() -> None:
    def relation(from_: str, to: str) -> Relation:
        return Relation(f"r:{from_}{to}", "contradicts", Ref(from_, from_), Ref(to, to))

    found = compare(
        EVENT,
        [telling(1)],
        Background(relations=[relation("s:1", "s:9"), relation("s:8", "s:9")]),
        total=9,
    )
    assert [each.iri for each in found.relations] == ["r:s:1s:9"]
    assert found.more == 8


def test_units_differ_by_more_than_a_plural() -> None:
    assert unit_key("Boats") == unit_key("boat")
    assert unit_key("glass") == "glass"
    assert unit_key("gas") == "gas"
    assert unit_key("km") != unit_key("m")


VALUES = st.lists(st.none() | st.integers(0, 5), max_size=12)


@given(VALUES)
def test_each_value_is_of_its_version_and_of_no_other(values: list[int | None]) -> None:
    found = versions_of(values, lambda one, other: one == other)
    assert [place for _, places in found for place in places if values[place] is None] == []
    told = {value for value in values if value is not None}
    assert len(found) == len(told)
    assert sum(len(places) for _, places in found) == sum(value is not None for value in values)


INTERVALS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted), max_size=10)


@given(INTERVALS)
def test_versions_exclude_each_other(intervals: list[list[int]]) -> None:
    """The seeds of two versions never fit, and everything is of at least one."""

    def overlap(one: list[int], other: list[int]) -> bool:
        return one[0] <= other[1] and other[0] <= one[1]

    found = versions_of(intervals, overlap, lambda each: each[1] - each[0])
    seeds = [seed for seed, _ in found]
    assert all(not overlap(intervals[a], intervals[b]) for a in seeds for b in seeds if a != b)
    assert {place for _, places in found for place in places} == set(range(len(intervals)))
