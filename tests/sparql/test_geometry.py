"""Lengths on the sphere, and circles; pyoxigraph is the oracle for what it does itself."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from testimonia.sparql.geometry import RADIUS, UNITS, buffer, distance, parsed, unit

DEGREE = math.radians(RADIUS)
SQUARE = "POLYGON((-1 -1,1 -1,1 1,-1 1,-1 -1))"
HOLED = "POLYGON((-3 -3,3 -3,3 3,-3 3,-3 -3),(-2 -2,2 -2,2 2,-2 2,-2 -2))"
POINTS = st.builds("POINT({:.4f} {:.4f})".format, st.floats(-180, 180), st.floats(-90, 90))
PREFIX = """PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
    PREFIX geo: <http://www.opengis.net/ont/geosparql#>
    PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/> """


def built_in(expression: str) -> str | None:
    solutions = Store().query(f"{PREFIX} SELECT ({expression} AS ?x) {{}}")
    assert isinstance(solutions, QuerySolutions)
    (solution,) = solutions
    return None if solution["x"] is None else str(solution["x"].value)


@settings(deadline=None)
@given(POINTS, POINTS)
def test_from_point_to_point_it_is_pyoxigraphs_distance(one: str, other: str) -> None:
    theirs = built_in(f'geof:distance("{one}"^^geo:wktLiteral,"{other}"^^geo:wktLiteral,uom:metre)')
    assert theirs is not None
    assert distance(one, other) == pytest.approx(float(theirs), abs=0.5)


@pytest.mark.parametrize(
    ("one", "other", "degrees"),
    [
        ("POINT(0 0)", "POINT(0 1)", 1.0),
        ("POINT(179.5 0)", "POINT(-179.5 0)", 1.0),
        ("POINT(0 89)", "POINT(180 89)", 2.0),
        ("POINT(2 0)", SQUARE, 1.0),
        (SQUARE, "POINT(0 0)", 0.0),
        ("POINT(1 0)", SQUARE, 0.0),
        ("POINT(0 0)", HOLED, 2.0),
        (HOLED, "POINT(2.5 0)", 0.0),
        ("LINESTRING(-5 0,5 0)", SQUARE, 0.0),
        ("LINESTRING(0 3,0 5)", "LINESTRING(-1 0,1 0)", 3.0),
        ("LINESTRING(-1 3,1 3)", "POINT(0 0)", 3.0),
        ("MULTIPOINT((0 9),(0 4))", "POINT(0 1)", 3.0),
        ("MULTIPOINT(0 9,0 4)", "POINT(0 1)", 3.0),
        ("MULTILINESTRING((0 9,0 8),(0 5,0 4))", "POINT(0 1)", 3.0),
        (f"MULTIPOLYGON({SQUARE[7:]},((8 0,9 0,9 1,8 0)))", "POINT(10 0)", 1.0),
        (SQUARE, "POLYGON((-0.5 -0.5,0.5 -0.5,0 0.5,-0.5 -0.5))", 0.0),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (0 0)", "point(0 1)", 1.0),
    ],
)
def test_distances(one: str, other: str, degrees: float) -> None:
    expected = pytest.approx(degrees * DEGREE, rel=0.002, abs=0.01)
    assert distance(one, other) == expected
    assert distance(other, one) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "POINT", "POINT EMPTY", "POINT()", "POINT(1)", "POINT(181 0)", "POINT(0 91)"),
        *("POINT(nan 0)", "POINT(a b)", "POLYGON((0 0,1 1,0 0))", "POLYGON((0 0,1 0,1 1,0 1))"),
        *("CIRCLE(0 0)", "GEOMETRYCOLLECTION(POINT(0 0))", "POLYGON()"),
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(0 0)",
    ],
)
def test_what_is_no_geometry_here(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed(text)


@settings(deadline=None)
@given(st.text(alphabet="POINTLGYUMSE(),. -0123456789<>", max_size=60))
def test_anything_else_is_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parsed(text).segments


@settings(deadline=None)
@given(st.floats(-170, 170), st.floats(-70, 70), st.floats(1, 500_000))
def test_a_circle_is_as_far_away_as_it_should_be(x: float, y: float, metres: float) -> None:
    centre = f"POINT({x:.4f} {y:.4f})"
    circle = buffer(centre, metres)
    corners = {start for start, _ in parsed(circle).segments}
    assert len(corners) == 64
    for corner in corners:
        away = distance(centre, f"POINT({corner[0]} {corner[1]})")
        assert away == pytest.approx(metres, rel=0.001, abs=0.1)
    assert distance(centre, circle) == 0


def test_pyoxigraph_takes_a_circle_for_a_polygon() -> None:
    circle = buffer("POINT(10 50)", 20_000)
    for place, inside in (("10.1 50.1", "true"), ("10.3 50.1", "false")):
        within = f'geof:sfWithin("POINT({place})"^^geo:wktLiteral,"{circle}"^^geo:wktLiteral)'
        assert built_in(within) == inside


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("POINT(0 89.9)", 50_000),
        ("POINT(179.9 0)", 50_000),
        ("POINT(0 0)", -1),
        ("POINT(0 0)", math.nan),
        ("POINT(0 0)", 15_000_000),
        (SQUARE, 10),
        ("MULTIPOINT(0 0,1 1)", 10),
    ],
)
def test_circles_that_cannot_be_drawn(text: str, metres: float) -> None:
    with pytest.raises(ValueError, match=r".+"):
        buffer(text, metres)


def test_units() -> None:
    assert unit("http://www.opengis.net/def/uom/OGC/1.0/kilometre") == 1000
    assert len(UNITS) == 4
    with pytest.raises(ValueError, match="furlong"):
        unit("furlong")
