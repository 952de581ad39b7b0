"""Pictures hold whatever they are given, and stay well-formed."""

from __future__ import annotations

import math
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.views import chronicle, earth
from testimonia.views.charts import MOST_BARS, Bar, bars, columns, percent
from testimonia.views.chronicle import Happening
from testimonia.views.earth import Spot, Window, clip, map_of, window_of
from testimonia.views.periods import periods
from testimonia.views.svg import Markup, clean, element, picture, shortened, text
from testimonia.views.svg import columns as width
from testimonia.views.values import Moment, Ref, Saying, Source, Standing, Telling, Voice

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(max_size=80)  # surrogates and control characters among them
NASTY = "</text><script>alert(1)</script>&\"'\x00\ud800\u202eevil"


def parsed(svg: Markup) -> ET.Element:
    return ET.fromstring(svg.text)


def texts(svg: Markup) -> str:
    return "".join(parsed(svg).itertext())


@given(WORDS, WORDS)
def test_words_are_escaped_whatever_they_hold(words: str, value: str) -> None:
    drawn = picture("p", words, value, 10, 10, text(words, 1, 2), element("g", data_x=value))
    root = parsed(drawn.svg)
    assert root.find(f"{SVG}title").text or clean(words) == ""  # type: ignore[union-attr]
    assert [each.tag for each in root] == [SVG + tag for tag in ("title", "desc", "text", "g")]
    assert "".join(root[2].itertext()) == clean(words)


@given(st.lists(st.tuples(WORDS, st.integers(0, 10**9), st.integers(0, 10**6)), max_size=60))
def test_charts_hold_any_label_and_any_number(rows: list[tuple[str, int, int]]) -> None:
    made = [Bar(label, (one, other)) for label, one, other in rows]
    for draw in (bars, columns):
        root = parsed(draw("c", "Title", ("a", "b"), made).svg)
        height = float(root.attrib["viewBox"].split()[3])
        for rect in root.iter(SVG + "rect"):
            x, w = float(rect.attrib["x"]), float(rect.attrib["width"])
            y, h = float(rect.attrib["y"]), float(rect.attrib["height"])
            assert x >= 0
            assert x + w <= 645
            assert -1 <= y <= y + h <= height + 1


def test_a_picture_tells_what_it_shows() -> None:
    made = [Bar(f"voice {n}", (n,)) for n in range(1, 50)]
    figure = bars("voices", "Most quoted", ("all",), made)
    root = parsed(figure.svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "voices-title"
    assert "voice 49 with 49" in figure.description
    assert f"The first {MOST_BARS} of 49 are drawn" in figure.description
    assert len(list(root.iter(SVG + "rect"))) == MOST_BARS


def test_nothing_is_drawn_as_nothing() -> None:
    assert "nothing to show" in bars("b", "t", ("a",), []).description
    assert "nothing to show" in columns("b", "t", ("a",), []).description


def test_no_script_survives() -> None:
    svg = bars("b", NASTY, (NASTY,), [Bar(NASTY, (1,))]).svg.text
    assert "<script" not in svg
    assert "\u202e" not in svg
    assert "\ud800" not in svg
    assert "\x00" not in svg


def test_names_of_elements_are_ours_alone() -> None:
    with pytest.raises(ValueError, match="not a name"):
        element("g", **{"on click": "x"})


@given(WORDS, st.integers(2, 40))
def test_long_labels_are_cut_by_columns(words: str, most: int) -> None:
    cut = shortened(words, most)
    assert width(cut) <= most
    assert cut == words or cut.endswith("…")


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("harbour", "harb…"),
        ("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301…"),
        ("港湾都市", "港湾…"),
        ("abc\U0001f468\u200d\U0001f469\u200d\U0001f467", "abc…"),
        ("سفينة في الميناء", "سفين…"),
    ],
)
def test_a_character_of_several_code_points_is_not_cut_through(words: str, cut: str) -> None:
    assert shortened(words, 5) == cut


def test_percentages() -> None:
    assert percent(1, 8) == "12.5%"
    assert percent(1, 0) == "–"


# ------------------------------------------------------------------------------------ periods


def test_periods_are_as_fine_as_all_dates_allow() -> None:
    days = periods([("2031-05-03", 0, 2), ("2031-05-06T10:00:00Z", 1, 1)], 2)
    assert (days.unit, [each.label for each in days.rows][-1]) == ("day", "2031-05-06")
    assert [each.parts for each in days.rows] == [(2, 0), (0, 0), (0, 0), (0, 1)]
    months = periods([("2031-05", 0, 2), ("2031-07-06", 0, 1)], 1)
    assert [each.label for each in months.rows] == ["2031-05", "2031-06", "2031-07"]
    assert periods([("2031", 0, 1), ("2031-07-06", 0, 1)], 1).unit == "year"
    assert periods([("1066-10-14", 0, 1), ("2031-07-06", 0, 1)], 1).unit == "decade"


def test_what_has_no_date_is_counted_apart() -> None:
    found = periods([("", 0, 2), ("soon", 1, 3), ("2031-13-01", 1, 4)], 2)
    assert found.rows == ()
    assert found.undated == (2, 7)


@given(st.lists(st.tuples(st.dates().map(str), st.integers(0, 1), st.integers(0, 99))))
def test_periods_lose_nothing(counts: list[tuple[str, int, int]]) -> None:
    found = periods(counts, 2)
    assert sum(each.total for each in found.rows) == sum(count for _, _, count in counts)
    assert len(found.rows) <= 1000
    assert len({each.label for each in found.rows}) == len(found.rows)


# --------------------------------------------------------------------------------------- maps

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(st.lists(DEGREES, max_size=30))
def test_a_window_holds_all_points(points: list[tuple[float, float]]) -> None:
    window = window_of(points)
    assert -180 <= window.west < window.east <= 180
    assert -90 <= window.south < window.north <= 90
    for longitude, latitude in points:
        assert -0.01 <= window.x(longitude) <= 900.01
        assert -0.01 <= window.y(latitude) <= window.height + 0.01


@given(st.lists(DEGREES, min_size=3, max_size=30), st.lists(DEGREES, min_size=1, max_size=3))
def test_land_is_cut_at_the_window(
    ring: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    window = window_of(points)
    for x, y in clip(ring, window):
        assert window.west - 1e-6 <= x <= window.east + 1e-6
        assert window.south - 1e-6 <= y <= window.north + 1e-6


def test_a_square_is_cut_to_its_half() -> None:
    window = Window(0, 0, 10, 10, 300)
    assert set(clip([(-5, 2), (5, 2), (5, 8), (-5, 8)], window)) == {(0, 2), (5, 2), (5, 8), (0, 8)}


@pytest.mark.parametrize("scale", [50, 110])
def test_the_land_is_the_world_s(scale: int) -> None:
    rings = earth.rings(scale)
    assert len(rings) > 100
    assert all(ring[0] == ring[-1] for ring in rings)
    largest = max(rings, key=len)
    assert min(x for x, _ in largest) > -180.01


@given(st.lists(st.tuples(WORDS, DEGREES, st.integers(1, 999)), max_size=12))
def test_every_place_is_on_the_map(found: list[tuple[str, tuple[float, float], int]]) -> None:
    spots = [Spot(name, y, x, count, f"timeline?place={n}") for n, (name, (x, y), count) in
             enumerate(found)]  # fmt: skip
    root = parsed(map_of("m", "Map", spots).svg)
    assert root.attrib["role"] == "group"
    assert len(list(root.iter(SVG + "circle"))) == len(spots)
    assert all(math.isfinite(float(each.attrib["cx"])) for each in root.iter(SVG + "circle"))
    assert {each.attrib["aria-label"] for each in root.iter(SVG + "a")} == {
        each.told for each in spots
    } or any(clean(each.label) != each.label for each in spots)


# --------------------------------------------------------------------------------- timelines


def happening(label: str, *moments: Moment) -> Happening:
    who = Voice(Ref("a:1", "Ada Brook"), Standing.NAMED)
    saying = Saying(Ref("s:1", "it broke"), "it broke", None, (who,), Source(Ref("d:1", "Report")))
    event = Ref("e:1", label, "event/1")
    telling = Telling("t:1", event, saying, times=moments)
    return Happening(event, "other", (telling,), 1, 1)


DAY = Moment("3 May 2031", "2031-05-03", date(2031, 5, 3), date(2031, 5, 3))
YEARLESS = Moment("3 May", "XXXX-05-03", month_day="--05-03", basis="YearUnknown")


def test_days_without_a_year_have_a_lane_of_their_own() -> None:
    found = [
        happening("dated", DAY),
        happening("yearless", YEARLESS),
        happening("month", Moment("May", "XXXX-05", basis="YearUnknown")),
        happening("vague", Moment("soon", "FUTURE_REF")),
    ]
    dated = chronicle.timeline("t", "Dated", found, "./")
    yearless = chronicle.yearless("y", "Yearless", found, "./")
    assert dated is not None
    assert yearless is not None
    assert "1 event between 2031-05-03 and 2031-05-03" in dated.description
    assert [each in texts(yearless.svg) for each in ("yearless", "month", "vague")] == [
        True,
        True,
        False,
    ]
    lanes = chronicle.by_lane(found)
    assert {name: len(each) for name, each in lanes.items()} == {
        "dated": 1,
        "yearless": 2,
        "timeless": 1,
    }
    assert chronicle.timeline("t", "Dated", found[1:], "./") is None
    assert chronicle.yearless("t", "Dated", found[:1], "./") is None


def test_the_twenty_ninth_of_february_and_the_thirty_first_of_june() -> None:
    leap = happening("leap", Moment("29 February", month_day="--02-29"))
    never = happening("never", Moment("31 June", month_day="--06-31"))
    drawn = chronicle.yearless("y", "Yearless", [leap, never], "./")
    assert drawn is not None
    assert "never" not in texts(drawn.svg)


DATES = st.dates().map(lambda day: Moment(str(day), str(day), day, day))


@given(st.lists(st.tuples(WORDS, st.lists(DATES, max_size=12)), max_size=8))
def test_a_line_of_time_holds_any_dates(found: list[tuple[str, list[Moment]]]) -> None:
    made = [happening(label, *moments) for label, moments in found]
    drawn = chronicle.timeline("t", "Dated", made, "./")
    if drawn is None:
        assert not any(moments for _, moments in found)
        return
    for rect in parsed(drawn.svg).iter(SVG + "rect"):
        assert 250 <= float(rect.attrib["x"]) <= 900
        assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= 905
