"""Two dates that bound one time, and days of a letter's month."""

from __future__ import annotations

from datetime import date

import pytest

from testimonia.reading.times import find_times

HERE = date(2014, 3, 12)


def read(text: str, here: date | None = HERE) -> list[tuple[str, str]]:
    times = find_times(text, here)
    return [(text[t.span.start : t.span.end], t.value) for t in times]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The yard was shut between 1914 and 1918.", "1914 and 1918", "1914/1918"),
        ("He sailed from May to July 2012.", "May to July 2012", "2012-05/2012-07"),
        ("It rained from 3 May 2012 until 5 June 2012.", None, "2012-05-03/2012-06-05"),
        ("From Monday to Wednesday the shop was shut.", None, "2014-03-10/2014-03-12"),
    ],
)
def test_two_bounds_are_one_time(text: str, words: str | None, value: str) -> None:
    ((found, its_value),) = read(text)
    assert its_value == value
    assert words in (None, found)


def test_a_range_has_the_bounds_of_its_ends() -> None:
    (found,) = find_times("The yard was shut between 1914 and 1918.", HERE)
    assert (found.edtf, found.earliest, found.latest) == (
        "1914/1918",
        date(1914, 1, 1),
        date(1918, 12, 31),
    )


@pytest.mark.parametrize(
    "text",
    [
        "The vote was put off; it was moved from May to July.",
        "Between 1914, when he was born, and 1918 he lived here.",
        "From 1918 to 1914 is no range.",
        "He was here in May and in July.",
        "It fell between 1914 to 1918.",
    ],
)
def test_other_pairs_stay_two(text: str) -> None:
    assert len(read(text)) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("On the 9th inst. we sailed.", "2014-03-09"),
        ("Your letter of the 25th ultimo came.", "2014-02-25"),
        ("Yours of the 3rd ult. came.", "2014-02-03"),
        ("We sail on the 5th prox.", "2014-04-05"),
    ],
)
def test_the_months_of_letters(text: str, value: str) -> None:
    assert [each for _, each in read(text)] == [value]


def test_a_letter_s_day_without_a_date_stays_a_day() -> None:
    assert read("On the 9th inst. we sailed.", None) == [("the 9th inst", "XXXX-XX-09")]


def test_fractions_count() -> None:
    assert read("It lasted 2 1/2 years.") == [("2 1/2 years", "P2.5Y")]


def test_minutes_of_a_meeting_are_no_time() -> None:
    assert read("MINUTES OF THE MEETING") == []
    assert read("After minutes of talks they left.") == [("minutes", "PTXM")]
