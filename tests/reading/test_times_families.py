"""Families of constructions, each on invented sentences, with and without a document date."""

from datetime import date

import pytest

from testimonia.model import DateBasis, Span, Tense, TimexType
from testimonia.reading.times import find_times
from testimonia.reading.times.calendar import NO_YEAR, holiday

WEDNESDAY = date(2014, 3, 12)


def values(text: str, document_date: date | None = WEDNESDAY) -> list[tuple[str, str]]:
    return [(t.span.of(text), t.value) for t in find_times(text, document_date)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The merger is scheduled to close Monday.", "2014-03-17"),
        ("The dividend will be payable Jan. 3.", "2015-01-03"),
        ("The yard is to resume work Tuesday.", "2014-03-18"),
        ("The minister agreed to testify Monday.", "2014-03-17"),
        ("The minister failed to appear Monday.", "2014-03-10"),
        ("The minister could not be reached Monday.", "2014-03-10"),
        ("Neither owner could be found Monday.", "2014-03-10"),
        ("The bridge could reopen Monday.", "2014-03-17"),
        ("The bridge must be cleared by soldiers Monday.", "2014-03-17"),
        ("The show opens Monday.", "2014-03-17"),
        ("The strike was called for Monday.", "2014-03-17"),
        ("Ahmed Monday", "2014-03-10"),
        ("The yard will close. Monday saw a protest.", "2014-03-10"),
        ("Monday will be quiet.", "2014-03-17"),
        ("Officials fled the town Monday.", "2014-03-10"),
        ("Shares fell ahead of Monday's vote.", "2014-03-17"),
        ("The vote is Monday.", "2014-03-17"),
        ("They are meeting Monday.", "2014-03-17"),
        ("The talks, starting Monday, are open.", "2014-03-17"),
        ("They drilled as early as Monday.", "2014-03-10"),
    ],
)
def test_the_words_before_a_weekday_tell_its_direction(text: str, value: str) -> None:
    assert [value for _, value in values(text)] == [value]


def test_the_parser_decides_where_the_verb_follows() -> None:
    def past(span: Span) -> Tense:
        return Tense.PAST

    text = "On Monday the firm, which will merge, fell silent."
    assert find_times(text, WEDNESDAY, tense_at=past)[0].value == "2014-03-10"
    assert find_times(text, WEDNESDAY)[0].value == "2014-03-17"
    before = "They will vote on Monday."
    assert find_times(before, WEDNESDAY, tense_at=past)[0].value == "2014-03-17"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It runs Monday through Friday.", [("Monday", "2014-03-10"), ("Friday", "2014-03-14")]),
        ("It ran Saturday to Sunday.", [("Saturday", "2014-03-08"), ("Sunday", "2014-03-09")]),
        ("He left. Following Monday's vote, she left.", [("Monday", "2014-03-10")]),
        ("It is in the Sunday Herald.", []),
        ("It begins Tuesday at 5 p.m. sharp.", [("Tuesday at 5 p.m.", "2014-03-18T17:00")]),
        ("It began Tuesday at noon.", [("Tuesday at noon", "2014-03-11T12:00")]),
    ],
)
def test_weekdays(text: str, found: list[tuple[str, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It opens the first Monday in May.", "the first Monday in May", "2014-05-05"),
        ("It opened the last Friday of June 2013.", "the last Friday of June 2013", "2013-06-28"),
        ("It opened the third Sunday of May 2013.", "the third Sunday of May 2013", "2013-05-19"),
        ("It fell the second week of January.", "the second week of January", "2014-W02"),
        ("It fell the last week of February.", "the last week of February", "2014-W09"),
        ("It fell the last day of June 2013.", "the last day of June 2013", "2013-06-30"),
        (
            "It fell the first weekend in June 2013.",
            "the first weekend in June 2013",
            "2013-W22-WE",
        ),
        ("It fell the week of January 6.", "the week of January 6", "2014-W02"),
        ("It fell the weekend of March 8.", "the weekend of March 8", "2014-W10-WE"),
    ],
)
def test_days_and_weeks_counted_in_a_month(text: str, words: str, value: str) -> None:
    assert values(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It opens the first Monday in May.", f"{NO_YEAR}-05"),
        ("It fell the second week of January.", f"{NO_YEAR}-01"),
        ("It fell the week of January 6.", f"{NO_YEAR}-01-06"),
        ("He woke at 8:30 this morning.", f"{NO_YEAR}-XX-XXT08:30"),
        ("It began Tuesday at noon.", f"{NO_YEAR}-WXX-2T12:00"),
        ("It fell on March 31 of last year.", f"{NO_YEAR}-03-31"),
    ],
)
def test_without_a_document_date_they_stay_unresolved(text: str, value: str) -> None:
    (timex,) = find_times(text, None)
    assert (timex.value, timex.basis) == (value, DateBasis.YEAR_UNKNOWN)
    assert (timex.earliest, timex.latest) == (None, None)


def test_a_month_s_year_makes_its_counted_days_explicit_without_a_document_date() -> None:
    (timex,) = find_times("It opened the last Friday of June 2013.", None)
    assert (timex.value, timex.basis) == ("2013-06-28", DateBasis.EXPLICIT)
    assert (timex.earliest, timex.edtf) == (date(2013, 6, 28), "2013-06-28")


def test_a_month_without_a_fifth_sunday_has_none() -> None:
    assert ("the fifth Sunday of June 2013", "2013-07-07") not in values(
        "It opened the fifth Sunday of June 2013."
    )
    assert "2013-07-07" not in dict(values("the fifth Sunday of June 2013")).values()


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("He woke at 8:30 this morning.", "8:30 this morning", "2014-03-12T08:30"),
        ("He sang at 8 tonight.", "8 tonight", "2014-03-12T20:00"),
        (
            "He sang at 5 p.m. yesterday afternoon.",
            "5 p.m. yesterday afternoon",
            "2014-03-11T17:00",
        ),
        ("He called at 9 last night.", "9 last night", "2014-03-11T21:00"),
        ("The bar closed at 4.15am.", "4.15am", "2014-03-12T04:15"),
        ("Channel One tonight showed it.", "tonight", "2014-03-12TNI"),
    ],
)
def test_times_of_a_part_of_the_day(text: str, words: str, value: str) -> None:
    assert values(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("They rested all day.", "all day", "P1D"),
        ("They rested the whole week.", "the whole week", "P1W"),
        ("A yearlong study ended.", "yearlong", "P1Y"),
        ("A two-and-a-half-year term ended.", "two-and-a-half-year", "P2Y6M"),
        ("He served a quarter-century.", "a quarter-century", "P25Y"),
        ("It ended the culmination of a week.", "a week", "P1W"),
        ("It ended a month after the flood.", "a month", "P1M"),
        ("It will grow over the next decade.", "the next decade", "P10Y"),
        ("It ran for another month.", "another month", "P1M"),
        ("Hours later, the dam broke.", "Hours later", "PTXH"),
        ("It grew the first nine months of 2013.", "the first nine months of 2013", "P9M"),
        ("It grew the first six months of 2013.", "the first six months of 2013", "2013-H1"),
    ],
)
def test_lengths(text: str, words: str, value: str) -> None:
    assert values(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("She earns $15 an hour.", "an hour", "PT1H"),
        ("It pumps two million barrels a day.", "a day", "P1D"),
        ("He works 40 shifts per month.", "per month", "P1M"),
        ("They meet every other week.", "every other week", "P2W"),
        ("They meet three times a year.", "three times a year", "P1Y"),
        ("They meet on weekends.", "weekends", f"{NO_YEAR}-WXX-WE"),
    ],
)
def test_sets(text: str, words: str, value: str) -> None:
    (timex,) = find_times(text, WEDNESDAY)
    assert (timex.span.of(text), timex.value, timex.type) == (words, value, TimexType.SET)


@pytest.mark.parametrize(
    ("text", "value"),
    [("It will one day be rich.", "FUTURE_REF"), ("It lasted one day.", "P1D")],
)
def test_one_day_is_some_day_after_a_verb_of_the_future(text: str, value: str) -> None:
    assert values(text) == [("one day", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("FY2013 was good.", "FY2013", "2013"),
        ("Sales since year-end 2012 fell.", "year-end 2012", "2012"),
        ("Sales in the last quarter of 2012 fell.", "the last quarter of 2012", "2012-Q4"),
        ("It was built in the year 1066.", "the year 1066", "1066"),
        ("It closed on March 31 of last year.", "March 31 of last year", "2013-03-31"),
        ("It was the first half of the 20th century.", "the first half of the 20th century", "19"),
        ("20140307 BREMEN", "20140307", "2014-03-07"),
        ("03-07-14 0530EST", "03-07-14", "2014-03-07"),
    ],
)
def test_dates_in_other_dress(text: str, words: str, value: str) -> None:
    assert values(text) == [(words, value)]


def test_two_seasons_share_their_year() -> None:
    text = "It flowered in the spring and summer of 2012."
    assert values(text) == [("the spring", "2012-SP"), ("summer of 2012", "2012-SU")]


@pytest.mark.parametrize(
    "text",
    [
        "June Harrow spoke. Then, Linda Daily spoke.",
        "The ministry (DEC) was closed.",
        "A man in his 60s left; it was in the low 60s.",
        "About a quarter of them left.",
        "All were under fourteen years of age.",
        "See https://example.org/news/20140307/sea and 20140307-22.",
        "It flew at 900 miles per hour.",
        "They worried about the future of the mill.",
        "The now-closed mill burned.",
    ],
)
def test_what_only_looks_like_a_time(text: str) -> None:
    assert values(text) == []


def test_two_amounts_are_not_one() -> None:
    text = "for boys between six months and 18 years"
    assert values(text) == [("six months", "P6M"), ("18 years", "P18Y")]


def test_a_report_compares_with_its_own_quarter() -> None:
    text = (
        "Third-quarter profit rose. After a flat second quarter, sales beat those a year earlier."
        " In the nine months, profit fell from a year earlier."
    )
    found = [value for _, value in values(text, date(2013, 11, 4))]
    assert found == ["2013-Q3", "2013-Q2", "2012-Q3", "P9M", "2012"]


@pytest.mark.parametrize(
    ("code", "year", "day"),
    [
        ("11/4/4+1", 2013, date(2013, 11, 29)),  # a November that begins on a Friday
        ("11/4/4+4", 2013, date(2013, 12, 2)),
        ("11/1/1+1", 2016, date(2016, 11, 8)),  # a November that begins on a Tuesday
        ("easter-46", 2014, date(2014, 3, 5)),
    ],
)
def test_days_after_a_counted_weekday(code: str, year: int, day: date) -> None:
    assert holiday(code, year) == day


@pytest.mark.parametrize(
    ("text", "edtf", "first", "last"),
    [
        ("the first weekend in June 2013", "2013-06-01/2013-06-02", (6, 1), (6, 2)),
        ("the second week of March 2013", "2013-03-11/2013-03-17", (3, 11), (3, 17)),
        ("the last quarter of 2013", "2013-36", (10, 1), (12, 31)),
        ("the first six months of 2013", "2013-40", (1, 1), (6, 30)),
    ],
)
@pytest.mark.parametrize("document_date", [None, WEDNESDAY])
def test_their_place_in_the_calendar(
    text: str,
    edtf: str,
    first: tuple[int, int],
    last: tuple[int, int],
    document_date: date | None,
) -> None:
    (timex,) = find_times(text, document_date)
    assert (timex.edtf, timex.basis) == (edtf, DateBasis.EXPLICIT)
    assert (timex.earliest, timex.latest) == (date(2013, *first), date(2013, *last))
