"""Invented phrases against document dates: what is found, its value, its place in the calendar."""

from datetime import date

import pytest

from testimonia.model import DateBasis, Span, Tense, Timex, TimexType
from testimonia.reading.times import find_times
from testimonia.reading.times.calendar import NO_YEAR
from testimonia.reading.times.grammar import Rule, rules

WEDNESDAY = date(2014, 3, 12)
NO_MONTH = f"{NO_YEAR}-XX"


def values(text: str, document_date: date | None = WEDNESDAY) -> list[tuple[str, str]]:
    return [(t.span.of(text), t.value) for t in find_times(text, document_date)]


def only(text: str, document_date: date | None = WEDNESDAY) -> Timex:
    (timex,) = find_times(text, document_date)
    return timex


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_rule_resolves_its_example(rule: Rule) -> None:
    found = find_times(rule.example, WEDNESDAY)
    assert [timex.value for timex in found][:1] == [rule.value]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The ferry sank on 7 March 2014.", "7 March 2014", "2014-03-07"),
        ("The ferry sank on 5 March.", "5 March", "2014-03-05"),
        ("She was born on the 3rd of June, 1971.", "the 3rd of June, 1971", "1971-06-03"),
        ("It fell on Sunday, March eighth.", "Sunday, March eighth", "2015-03-08"),
        ("It opened in nineteen ninety-four.", "nineteen ninety-four", "1994"),
        ("The mill closed in 1871.", "1871", "1871"),
        ("Prices rose in early 2013.", "early 2013", "2013"),
        ("The bridge dates from the late 1970s.", "the late 1970s", "197"),
        ("They toured in the '80s.", "the '80s", "198"),
        ("It is a 12th-century chapel.", "12th-century", "11"),
        ("He resigned two years ago.", "two years ago", "2012"),
        ("He resigned ten days ago.", "ten days ago", "2014-03-02"),
        ("Talks resume next week.", "next week", "2014-W12"),
        ("Talks failed last week.", "last week", "2014-W10"),
        ("Talks failed over the weekend.", "the weekend", "2014-W10-WE"),
        ("They met last Friday.", "last Friday", "2014-03-07"),
        ("They met last March.", "last March", "2013-03"),
        ("Sales fell in the third quarter.", "the third quarter", "2013-Q3"),
        ("Sales fell in the fourth quarter of 2012.", "the fourth quarter of 2012", "2012-Q4"),
        ("It lasted for more than four hours.", "more than four hours", "PT4H"),
        ("It lasted a minute and a half.", "a minute and a half", "PT1M30S"),
        ("A two-week strike ended.", "two-week", "P2W"),
        ("The talks went on for weeks.", "weeks", "PXW"),
        ("He was away for a couple of years.", "a couple of years", "P2Y"),
        ("The plant runs every day.", "every day", "P1D"),
        ("They dine together on Mondays.", "Mondays", f"{NO_YEAR}-WXX-1"),
        ("The council now meets here.", "now", "PRESENT_REF"),
        ("The mayor recently resigned.", "recently", "PAST_REF"),
        ("It may happen in the future.", "the future", "FUTURE_REF"),
        ("The train left at 10 p.m. Tuesday.", "10 p.m. Tuesday", "2014-03-11T22:00"),
        ("The train left at noon Friday.", "noon Friday", "2014-03-07T12:00"),
        ("The train left at 0915 GMT.", "0915 GMT", "2014-03-12T09:15"),
        ("The hall burned Monday night.", "Monday night", "2014-03-10TNI"),
        ("They married on Christmas Eve 2011.", "Christmas Eve 2011", "2011-12-24"),
        ("Schools close on Good Friday.", "Good Friday", "2014-04-18"),
        ("THE PORT REOPENED ON MAY 5, 2013", "MAY 5, 2013", "2013-05-05"),
    ],
)
def test_value(text: str, words: str, value: str) -> None:
    assert values(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The court ruled on Friday.", "2014-03-07"),
        ("The court will rule on Friday.", "2014-03-14"),
        ("The court is scheduled to rule on Friday.", "2014-03-14"),
        ("The court ruled on Wednesday.", "2014-03-12"),
        ("The ban stays until Friday.", "2014-03-14"),
        ("The factory closed in December.", "2013-12"),
        ("The factory will close in December.", "2014-12"),
        ("The factory has been shut since May.", "2013-05"),
        ("The factory closed on December 11.", "2013-12-11"),
        ("The factory will close on December 11.", "2014-12-11"),
    ],
)
def test_weekdays_and_months_follow_tense_and_direction(text: str, value: str) -> None:
    timex = only(text)
    assert (timex.value, timex.basis) == (value, DateBasis.ANCHORED)


def test_the_parser_s_tense_decides_where_it_is_given() -> None:
    text = "The closing on Friday"
    ahead = find_times(text, WEDNESDAY, tense_at=lambda span: Tense.FUTURE)
    back = find_times(text, WEDNESDAY, tense_at=lambda span: Tense.PAST)
    assert (ahead[0].value, back[0].value) == ("2014-03-14", "2014-03-07")


def test_a_parser_that_knows_no_tense_leaves_it_to_the_words() -> None:
    seen: list[Span] = []

    def no_tense(span: Span) -> Tense:
        seen.append(span)
        return Tense.NONE

    found = find_times("On Friday they will vote", WEDNESDAY, tense_at=no_tense)
    assert (found[0].value, seen) == ("2014-03-14", [found[0].span])


def test_a_day_without_a_year_stays_one_without_a_document_date() -> None:
    timex = only("They met on December 11 in the old palace.", None)
    assert timex == Timex(
        key="time/12",
        span=Span(12, 23),
        type=TimexType.DATE,
        value=f"{NO_YEAR}-12-11",
        edtf=f"{NO_YEAR}-12-11",
        month_day="--12-11",
        basis=DateBasis.YEAR_UNKNOWN,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They left in December.", f"{NO_YEAR}-12"),
        ("They left on Friday.", f"{NO_YEAR}-WXX-5"),
        ("They left yesterday.", f"{NO_MONTH}-XX"),
        ("They left last year.", NO_YEAR),
        ("They left last month.", NO_MONTH),
        ("They left two weeks ago.", f"{NO_YEAR}-WXX"),
        ("They left this morning.", f"{NO_MONTH}-XXTMO"),
        ("They left last summer.", f"{NO_YEAR}-SU"),
        ("They left in the third quarter.", f"{NO_YEAR}-Q3"),
    ],
)
def test_nothing_relative_is_resolved_without_a_document_date(text: str, value: str) -> None:
    timex = only(text, None)
    assert timex.value == value
    assert (timex.earliest, timex.latest, timex.basis) == (None, None, DateBasis.YEAR_UNKNOWN)


@pytest.mark.parametrize("document_date", [None, WEDNESDAY])
@pytest.mark.parametrize("dash", ["-", "–"])
def test_years_joined_by_a_dash_are_one_interval(dash: str, document_date: date | None) -> None:
    timex = only(f"The protests of 2013{dash}2014 changed the town.", document_date)
    assert (timex.edtf, timex.basis) == ("2013/2014", DateBasis.EXPLICIT)
    assert (timex.earliest, timex.latest) == (date(2013, 1, 1), date(2014, 12, 31))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from May to July 2012", [("May", "2012-05"), ("July 2012", "2012-07")]),
        (
            "from December 20 to January 3, 2014",
            [("December 20", "2013-12-20"), ("January 3, 2014", "2014-01-03")],
        ),
        ("December 11-13, 2012", [("December 11-13, 2012", "2012-12-11/2012-12-13")]),
        ("the 2010-11 season", [("2010-11", "2010/2011")]),
        ("from 1991 to 1997", [("1991", "1991"), ("1997", "1997")]),
    ],
)
def test_ends_of_a_range_share_what_one_of_them_says(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert values(text, None) == found


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("On June 3, 2001 it rained. Two days later it froze.", "Two days later", "2001-06-05"),
        ("On June 3, 2001 it rained. The next day it froze.", "The next day", "2001-06-04"),
        ("In June 2001 it rained. The following month it froze.", "The following month", "2001-07"),
        ("It rained in 2001. It froze the year before.", "the year before", "2000"),
        ("It rained in 2001. It froze that year.", "that year", "2001"),
    ],
)
def test_relative_to_a_time_in_the_text(text: str, words: str, value: str) -> None:
    timex = find_times(text, None)[-1]
    assert (timex.span.of(text), timex.value) == (words, value)
    assert timex.basis is DateBasis.ANCHORED


def test_later_than_nothing_is_a_duration() -> None:
    timex = only("Three days later the mine was shut.", WEDNESDAY)
    assert (timex.type, timex.value, timex.earliest) == (TimexType.DURATION, "P3D", None)


@pytest.mark.parametrize(
    "text",
    [
        "May I sit? He may go. They march on. The sun set and he sat down.",
        "The 5-year-old and the man, 52 years old, aged 40 years, waited.",
        "They won 3-2 and 21-14, a second time, in second place.",
        "It cost $2000 and weighed 1500 pounds; 2000 people came.",
        "Call 202-555-0134 or (555) 2014, room 1990, flight 1549, No. 1999.",
        "He lives at 1600 Cherry Tree Avenue and 2010 Mill Street.",
        "Version 2.10.4 and v2014 run on Windows 2000.",
        "The fall of the city put a spring in their step.",
        "Three quarters of them, 50 percent, 10.5, 1,990.",
        "The vote was 2014 to one" + "9" * 40,
        "",
    ],
)
def test_ages_scores_money_numbers_and_other_words_are_no_times(text: str) -> None:
    numbers_with_evidence = [(w, v) for w, v in values(text) if w != "2014"]
    assert numbers_with_evidence == []


def test_the_quarter_a_year_before_the_one_spoken_of() -> None:
    text = "Third-quarter profit fell to $3 million from $5 million a year earlier."
    assert values(text) == [("Third-quarter", "2013-Q3"), ("a year earlier", "2012-Q3")]


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert values("on February 30, 2013") == [("February", "2014-02"), ("2013", "2013")]


def test_keys_are_starts() -> None:
    text = "Open on 5 May 2013 and on 6 May 2013."
    assert [timex.key for timex in find_times(text, None)] == ["time/8", "time/26"]
