"""Distances and circles on the sphere, for geometries in well-known text (OGC 06-103r4, section 7).

Coordinates are longitude and latitude in degrees (CRS84, GeoSPARQL's default). pyoxigraph measures
from point to point only. Whether geometries meet is decided in the plane of longitude and latitude,
as its ``geof:sf…`` functions do; lengths are those of great circles, on a sphere with the earth's
mean radius (IUGG), which is off by up to 0.6 %.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
Segment: TypeAlias = tuple[Point, Point]
Ring: TypeAlias = tuple[Point, ...]
_Vector: TypeAlias = tuple[float, float, float]

RADIUS: Final = 6_371_008.8
_UOM: Final = "http://www.opengis.net/def/uom/OGC/1.0/"
UNITS: Final[Mapping[str, float]] = {
    f"{_UOM}metre": 1.0,
    f"{_UOM}kilometre": 1000.0,
    f"{_UOM}radian": RADIUS,
    f"{_UOM}degree": math.radians(RADIUS),
}
_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_TEXT: Final = re.compile(r"\s*(?:<([^>]*)>)?\s*([A-Za-z]+)\s*(?:Z|M|ZM)?\s*(\(.*\))\s*", re.DOTALL)
_RING: Final = re.compile(r"\(([^()]*)\)")
_POLYGON: Final = re.compile(r"\((\s*\([^()]*\)(?:\s*,\s*\([^()]*\))*\s*)\)")
_CORNERS: Final = 64
_HALF_CIRCUMFERENCE: Final = math.pi * RADIUS


@dataclass(frozen=True, slots=True)
class Geometry:
    """Segments (a point is one of no length) and the polygons that some of them bound: rings, the
    outer first."""

    segments: tuple[Segment, ...]
    polygons: tuple[tuple[Ring, ...], ...] = ()


def unit(iri: str) -> float:
    """The metres in a unit of measure.

    Raises:
        ValueError: it is not known.
    """
    if iri not in UNITS:
        raise ValueError(f"no unit of length: {iri}")
    return UNITS[iri]


def distance(one: str, other: str) -> float:
    """The metres between two geometries at their nearest; 0 where they meet.

    Raises:
        ValueError: one is no geometry that is known here.
    """
    a, b = parsed(one), parsed(other)
    if len(a.segments) == len(b.segments) == 1 and not _length(a) and not _length(b):
        return RADIUS * _angle(_vector(a.segments[0][0]), _vector(b.segments[0][0]))
    if _meet(a, b):
        return 0.0
    # Apart, the nearest points of two segments include an end of one.
    return RADIUS * min(
        min(_to_segment(end, near) for end in {each[0], each[1]})
        for each, near in (*product(a.segments, b.segments), *product(b.segments, a.segments))
    )


def buffer(text: str, radius: float) -> str:
    """The circle of so many metres around a point, as a polygon of 64 corners.

    Raises:
        ValueError: it is no point, or the circle has a pole or the 180th meridian in it.
    """
    geometry = parsed(text)
    if len(geometry.segments) != 1 or _length(geometry):
        raise ValueError("there are circles around points only")
    if not 0 < radius < _HALF_CIRCUMFERENCE / 2:
        raise ValueError(f"no radius: {radius} m")
    centre = geometry.segments[0][0]
    corners = [_at(centre, radius, 2 * math.pi * n / _CORNERS) for n in range(_CORNERS)]
    if abs(centre[1]) + math.degrees(radius / RADIUS) >= 90 or any(
        abs(x) > 180 for x, _ in corners
    ):
        raise ValueError("the circle goes around the world's edge")
    ring = ",".join(f"{x:.7f} {y:.7f}" for x, y in (*corners[::-1], corners[-1]))
    return f"POLYGON(({ring}))"


# ------------------------------------------------------------------------------------ reading


@lru_cache(maxsize=1024)
def parsed(text: str) -> Geometry:
    """A geometry in well-known text.

    Raises:
        ValueError: it is of another kind or in another reference system, empty, or no such text.
    """
    found = _TEXT.fullmatch(text)
    if found is None or found[1] not in (None, _CRS84):
        raise ValueError(f"no geometry in CRS84: {text[:100]}")
    kind, body = found[2].upper(), found[3]
    if kind in ("POINT", "MULTIPOINT"):
        points = _points(body.replace("(", " ").replace(")", " "))
        return Geometry(tuple((each, each) for each in points))
    if kind in ("LINESTRING", "MULTILINESTRING"):
        lines = [_points(each) for each in _RING.findall(body)]
        return Geometry(tuple(each for line in lines for each in pairwise(line)))
    if kind in ("POLYGON", "MULTIPOLYGON"):
        bodies = [body[1:-1]] if kind == "POLYGON" else _POLYGON.findall(body)
        polygons = tuple(tuple(map(_ring, _RING.findall(each))) for each in bodies)
        segments = tuple(each for rings in polygons for ring in rings for each in pairwise(ring))
        if segments:
            return Geometry(segments, polygons)
    raise ValueError(f"a geometry that is not known here: {kind}")


def _ring(text: str) -> Ring:
    points = _points(text)
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a ring is not closed")
    return points


def _points(text: str) -> tuple[Point, ...]:
    points = []
    for each in text.split(","):
        x, y, *_ = map(float, each.split())
        if not (abs(x) <= 180 and abs(y) <= 90):
            raise ValueError(f"no longitude and latitude: {each}")
        points.append((x, y))
    return tuple(points)


# --------------------------------------------------------------------------------- in the plane


def _length(geometry: Geometry) -> bool:
    return any(start != end for start, end in geometry.segments)


def _meet(a: Geometry, b: Geometry) -> bool:
    return (
        any(_cross(one, other) for one, other in product(a.segments, b.segments))
        or any(_inside(start, rings) for start, _ in a.segments for rings in b.polygons)
        or any(_inside(start, rings) for start, _ in b.segments for rings in a.polygons)
    )


def _inside(point: Point, rings: Sequence[Ring]) -> bool:
    """Whether a ray from the point crosses the rings an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in (each for ring in rings for each in pairwise(ring)):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _cross(one: Segment, other: Segment) -> bool:
    (a, b), (c, d) = one, other
    sides = [_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)]
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _within(*each) for side, each in zip(sides, touching, strict=True))


def _side(a: Point, b: Point, point: Point) -> float:
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def _within(a: Point, b: Point, point: Point) -> bool:
    """Whether a point of the line through ``a`` and ``b`` lies between them."""
    return all(min(a[i], b[i]) <= point[i] <= max(a[i], b[i]) for i in (0, 1))


# -------------------------------------------------------------------------------- on the sphere


def _to_segment(point: Point, segment: Segment) -> float:
    """The angle between a point and the nearest of a great circle's arc."""
    p, a, b = _vector(point), _vector(segment[0]), _vector(segment[1])
    normal = _times(a, b)
    length = math.hypot(*normal)
    if length > 1e-15:
        beside = _dot(normal, p) / length
        foot = tuple(x - beside * n / length for x, n in zip(p, normal, strict=True))
        on = (foot[0], foot[1], foot[2])
        if _dot(_times(a, on), normal) >= 0 and _dot(_times(on, b), normal) >= 0:
            return abs(math.asin(max(-1.0, min(1.0, beside))))
    return min(_angle(p, a), _angle(p, b))


@lru_cache(maxsize=65_536)
def _vector(point: Point) -> _Vector:
    x, y = map(math.radians, point)
    return math.cos(y) * math.cos(x), math.cos(y) * math.sin(x), math.sin(y)


def _angle(a: _Vector, b: _Vector) -> float:
    return math.atan2(math.hypot(*_times(a, b)), _dot(a, b))


def _times(a: _Vector, b: _Vector) -> _Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: _Vector, b: _Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _at(centre: Point, metres: float, bearing: float) -> Point:
    """The point in this direction at this distance."""
    x, y = map(math.radians, centre)
    angle = metres / RADIUS
    latitude = math.asin(
        math.sin(y) * math.cos(angle) + math.cos(y) * math.sin(angle) * math.cos(bearing)
    )
    east = math.sin(bearing) * math.sin(angle) * math.cos(y)
    longitude = x + math.atan2(east, math.cos(angle) - math.sin(y) * math.sin(latitude))
    return math.degrees(longitude), math.degrees(latitude)
