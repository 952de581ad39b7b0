"""EDTF and bounds of TIMEX3 values, with the ``edtf`` package as the oracle of syntax."""

from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from testimonia.reading.times import find_times
from testimonia.reading.times.calendar import NO_YEAR, easter, nth_weekday, period, shift
from testimonia.reading.times.edtf import NOTHING, Extent, extent

WEDNESDAY = date(2014, 3, 12)


@pytest.mark.parametrize(
    ("value", "edtf", "earliest", "latest"),
    [
        ("2014-03-07", "2014-03-07", date(2014, 3, 7), date(2014, 3, 7)),
        ("2014-03-07TNI", "2014-03-07", date(2014, 3, 7), date(2014, 3, 7)),
        ("2014-03-07T10:30:00Z", "2014-03-07T10:30:00Z", date(2014, 3, 7), date(2014, 3, 7)),
        ("2012-02", "2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2014", "2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("199", "199X", date(1990, 1, 1), date(1999, 12, 31)),
        ("18", "18XX", date(1800, 1, 1), date(1899, 12, 31)),
        ("2014-Q3", "2014-35", date(2014, 7, 1), date(2014, 9, 30)),
        ("2014-H1", "2014-40", date(2014, 1, 1), date(2014, 6, 30)),
        ("2014-SU", "2014-22", date(2014, 6, 1), date(2014, 9, 23)),
        ("2014-WI", "2014-24", date(2013, 12, 1), date(2015, 3, 21)),
        ("2014-W01", "2013-12-30/2014-01-05", date(2013, 12, 30), date(2014, 1, 5)),
        ("2014-W11-WE", "2014-03-15/2014-03-16", date(2014, 3, 15), date(2014, 3, 16)),
        ("2013/2014", "2013/2014", date(2013, 1, 1), date(2014, 12, 31)),
        ("BC0044", "-0043", None, None),
        (f"{NO_YEAR}-12", f"{NO_YEAR}-12", None, None),
    ],
)
def test_extent(value: str, edtf: str, earliest: date | None, latest: date | None) -> None:
    assert extent(value) == Extent(edtf, earliest, latest)
    assert parse_edtf(edtf) is not None


def test_a_day_of_any_year() -> None:
    assert extent(f"{NO_YEAR}-12-11") == Extent(f"{NO_YEAR}-12-11", month_day="--12-11")


def test_approximate_dates_are_marked_and_widened() -> None:
    around = extent("1990", approximate=True)
    assert around == Extent("1990~", date(1989, 1, 1), date(1991, 12, 31))


@pytest.mark.parametrize("value", ["P3M", "PRESENT_REF", "2014-02-30", f"{NO_YEAR}-13-01", "x/y"])
def test_what_edtf_cannot_say_has_no_extent(value: str) -> None:
    assert extent(value) == NOTHING


def test_a_date_in_figures_that_can_be_read_two_ways_keeps_both() -> None:
    (timex,) = find_times("on 03/04/2014", None)
    assert timex.edtf == "[2014-03-04,2014-04-03]"
    assert (timex.earliest, timex.latest) == (date(2014, 3, 4), date(2014, 4, 3))


def test_the_past_months_are_bounded_by_the_document_date() -> None:
    (timex,) = find_times("in the past three months", WEDNESDAY)
    assert (timex.value, timex.edtf) == ("P3M", "2013-12/2014-03")
    assert (timex.earliest, timex.latest) == (date(2013, 12, 1), date(2014, 3, 31))


def test_a_fiscal_year_may_begin_before_or_end_after_its_number() -> None:
    (timex,) = find_times("in fiscal 2013", None)
    assert (timex.edtf, timex.earliest, timex.latest) == (
        "2013~",
        date(2012, 1, 1),
        date(2014, 12, 31),
    )


def test_easter_and_weekdays_of_a_month() -> None:
    assert [easter(year) for year in (1961, 2000, 2024)] == [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2024, 3, 31),
    ]
    assert nth_weekday(2014, 11, 4, 4) == date(2014, 11, 27)
    assert nth_weekday(2014, 5, 1, -1) == date(2014, 5, 26)


_DAYS = st.dates(date(400, 1, 1), date(9000, 12, 31))
_UNITS = st.sampled_from(["D", "W", "WE", "M", "Q", "Y", "DE", "CE"])


@given(_DAYS, _UNITS)
def test_a_period_holds_its_day_and_reads_as_edtf(day: date, unit: str) -> None:
    found = extent(period(day, unit))
    assert found.edtf is not None
    assert found.earliest is not None
    assert found.latest is not None
    parse_edtf(found.edtf)
    assert found.earliest <= found.latest
    if unit != "WE":
        assert found.earliest <= day <= found.latest


@given(_DAYS, st.sampled_from(["D", "W", "M", "Q", "Y"]), st.integers(-300, 300))
def test_a_shift_moves_one_way(day: date, unit: str, count: int) -> None:
    moved = shift(day, unit, count)
    assert (moved > day) == (count > 0)
    assert (moved == day) == (count == 0)
