"""Dates compared; the ``edtf`` package and the reading's own bounds are the oracles."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from testimonia.reading.times.edtf import extent
from testimonia.sparql.edtf import ALWAYS_AFTER, ALWAYS_BEFORE, Day, Span, before, overlaps, span

YEARS = st.integers(1, 9998).map(lambda n: f"{n:04d}")
SOME_X = st.builds(lambda year, n: year[:n] + "X" * (4 - n), YEARS, st.integers(1, 4))
MONTHS = st.sampled_from([f"{n:02d}" for n in range(1, 13)])
DAYS = st.dates(date(1, 1, 1)).map(date.isoformat)
SIMPLE = st.one_of(YEARS, DAYS, SOME_X, st.builds("{}-{}".format, YEARS, MONTHS))
PARTLY = st.one_of(
    st.builds("{}-XX".format, YEARS),
    st.builds("{}-{}-XX".format, YEARS, MONTHS),
    st.builds("{}-XX-XX".format, YEARS),
    st.builds("{}-XX-{}".format, YEARS, st.sampled_from(["01", "15", "28"])),
)
PARTS = st.builds("{}-{}".format, YEARS, st.sampled_from(["33", "34", "35", "36", "40", "41"]))
UNCERTAIN = st.one_of(YEARS, DAYS).map("{}?".format)
INTERVALS = st.tuples(DAYS, DAYS).map(lambda ends: "/".join(sorted(ends)))


def day(value: str) -> Day:
    year, month, day_ = value.split("-")
    return int(year), int(month), int(day_)


@settings(deadline=None)
@given(st.one_of(SIMPLE, PARTLY, PARTS, UNCERTAIN, INTERVALS))
def test_the_edtf_package_has_the_same_bounds(value: str) -> None:
    theirs = parse_edtf(value)
    found = span(value)
    assert found.earliest == tuple(theirs.lower_strict()[:3])
    assert found.latest == tuple(theirs.upper_strict()[:3])


TIMEX = st.one_of(
    DAYS,
    YEARS,
    st.builds("{}-{}".format, YEARS, MONTHS),
    st.builds("{}-{}".format, YEARS, st.sampled_from(["SP", "SU", "FA", "WI", "Q2", "H1", "W11"])),
    st.integers(1, 998).map("{:03d}".format),
    st.integers(1, 98).map("{:02d}".format),
)


@settings(deadline=None)
@given(TIMEX, st.booleans())
def test_the_reading_gives_the_same_bounds(value: str, approximate: bool) -> None:
    ours = extent(value, approximate=approximate)
    assume(ours.edtf is not None and ours.earliest is not None and ours.latest is not None)
    assert ours.edtf is not None
    assert ours.earliest is not None
    assert ours.latest is not None
    bounds = Span(day(ours.earliest.isoformat()), day(ours.latest.isoformat()))
    assert span(ours.edtf) == bounds


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_days_compare_as_days(one: date, other: date) -> None:
    a, b = span(one.isoformat()), span(other.isoformat())
    assert before(a, b) == (one < other)
    assert overlaps(a, b) == (one == other)


@settings(deadline=None)
@given(st.one_of(SIMPLE, PARTLY, PARTS), st.one_of(SIMPLE, PARTLY, INTERVALS))
def test_before_after_and_overlap_exclude_each_other(one: str, other: str) -> None:
    a, b = span(one), span(other)
    assert [before(a, b), before(b, a), overlaps(a, b)].count(True) == 1


@settings(deadline=None)
@given(st.one_of(YEARS, DAYS), st.sampled_from("~%"))
def test_about_is_wider(value: str, sign: str) -> None:
    sure, about = span(value), span(value + sign)
    assert before(Span(about.earliest, about.earliest), Span(sure.earliest, sure.earliest))
    assert before(Span(sure.latest, sure.latest), Span(about.latest, about.latest))


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("1900-02", (1900, 2, 1), (1900, 2, 28)),
        ("201X-02-29", (2012, 2, 29), (2016, 2, 29)),
        ("2024-XX-31", (2024, 1, 31), (2024, 12, 31)),
        ("2024-1X", (2024, 10, 1), (2024, 12, 31)),
        ("2024-02-2X", (2024, 2, 20), (2024, 2, 29)),
        ("-0044", (-44, 1, 1), (-44, 12, 31)),
        ("-004X", (-49, 1, 1), (-40, 12, 31)),
        ("Y-170000", (-170000, 1, 1), (-170000, 12, 31)),
        ("Y17E4", (170000, 1, 1), (170000, 12, 31)),
        ("2025-24", (2024, 12, 1), (2026, 3, 21)),
        ("2025-30", (2024, 12, 1), (2026, 3, 21)),
        ("2025-38", (2025, 5, 1), (2025, 8, 31)),
        ("2025-12-12T10:20:30Z", (2025, 12, 12), (2025, 12, 12)),
        ("2025-03-01~", (2025, 2, 28), (2025, 3, 2)),
        ("2025-12-31~", (2025, 12, 30), (2026, 1, 1)),
        ("2004?-06-~11", (2004, 6, 10), (2004, 6, 12)),
        ("1984~/2004-06", (1983, 1, 1), (2004, 6, 30)),
        ("../2014", ALWAYS_BEFORE, (2014, 12, 31)),
        ("2014/..", (2014, 1, 1), ALWAYS_AFTER),
        ("2014/", (2014, 1, 1), None),
        ("/2014", None, (2014, 12, 31)),
        ("[2014-04-03,2014-03-04]", (2014, 3, 4), (2014, 4, 3)),
        ("{1960, 1961-12}", (1960, 1, 1), (1961, 12, 31)),
        ("[..1760-12-03]", ALWAYS_BEFORE, (1760, 12, 3)),
        ("[1667,1668,1670..1672]", (1667, 1, 1), (1672, 12, 31)),
    ],
)
def test_bounds(value: str, earliest: object, latest: object) -> None:
    assert span(value) == Span(earliest, latest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        *("XXXX-12-11", "XXXX", "XXXX-05", "2013/XXXX-05", "", "x", "2025-13", "2025-00"),
        *("2025-02-30", "2025-12-32", "2025-20", "2025-42", "2025-21-05", "--12-11", "25-12-12"),
        *(
            "2013/2014/2015",
            "/",
            "2014/2013",
            "[1667",
            "[]",
            "[/2014]",
            "2025??",
            "2025-12-12T10:20",
        ),
        *("-0000", "Y1E999", "Y99E", "1950S2", "2021-XX-32", "2" * 300, "P1Y", "201X-21"),
    ],
)
def test_what_cannot_be_compared(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        span(value)


@settings(deadline=None)
@given(st.text(alphabet="0123456789X-/.~?%[]{},YTES", max_size=24))
def test_anything_else_is_a_value_error(value: str) -> None:
    try:
        found = span(value)
    except ValueError:
        return
    assert re.search(r"\d|\.\.", value), "a year, or an end that is left open"
    assert (found.earliest, found.latest) != (None, None)


def test_an_end_that_is_not_known_decides_nothing_by_itself() -> None:
    since, until = span("2014/"), span("/2014")
    assert before(span("2013"), since) is True
    assert before(since, span("2020")) is None
    assert before(until, span("2020")) is True
    assert before(span("2010"), until) is None
    assert overlaps(since, span("2013")) is False
    assert overlaps(since, span("2015")) is None
    assert overlaps(span("../2014"), span("1066")) is True
    assert overlaps(span("../.."), span("1066")) is True


def test_every_day_of_a_month_is_in_it() -> None:
    month = span("2024-02")
    first = date(2024, 2, 1)
    within = [overlaps(span((first + timedelta(n)).isoformat()), month) for n in range(-1, 30)]
    assert within == [False, *[True] * 29, False]
