"""A map: places as discs on the land's coast, with a grid of degrees. Nothing is fetched.

An equirectangular projection, its width by the cosine of the middle latitude. Coastlines only: on
borders sources disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from testimonia.views.svg import Figure, Markup, element, number, picture, text

Point = tuple[float, float]

_WIDTH: Final = 900.0
_LEAST_HEIGHT, _MOST_HEIGHT = 300.0, 620.0
_LEAST_DEGREES: Final = 5.0
_AROUND: Final = 0.18
_STEPS: Final = (1, 2, 5, 10, 15, 30)
_NAMED: Final = 40
# Beyond this a finer coast is larger and looks the same.
_FINE, _COARSE = 50, 110
_FINE_DEGREES: Final = 70.0
_LABEL_COLUMNS: Final = 26
_LARGEST, _SMALLEST = 16.0, 4.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. Degrees; ``count`` is what its size tells, ``link`` where it leads."""

    label: str
    latitude: float
    longitude: float
    count: int
    link: str = ""
    unit: str = "event"

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.label}: {self.count} {self.unit}{'s' if self.count != 1 else ''}"


@dataclass(frozen=True, slots=True)
class Window:
    """What part of the world is shown, in degrees, and how large."""

    west: float
    south: float
    east: float
    north: float
    height: float

    def x(self, longitude: float) -> float:
        """From the left."""
        return (longitude - self.west) / (self.east - self.west) * _WIDTH

    def y(self, latitude: float) -> float:
        """From above."""
        return (self.north - latitude) / (self.north - self.south) * self.height


def map_of(id_: str, title: str, spots: Sequence[Spot]) -> Figure:
    """The places, the most frequent last and named; none of them is left out."""
    window = window_of([(each.longitude, each.latitude) for each in spots])
    content = [
        element("rect", x=0, y=0, width=_WIDTH, height=window.height, class_="sea"),
        *_land(window),
        *_grid(window),
        *_discs(window, spots),
    ]
    told = f"{len(spots)} places. The larger the disc, the more. " + "; ".join(
        each.told for each in sorted(spots, key=lambda each: -each.count)[:5]
    )
    return picture(id_, title, told, _WIDTH, window.height, *content, linked=True)


def window_of(points: Sequence[Point]) -> Window:
    """What holds all points (longitude, latitude) with some room around them, in a shape that fits
    the page; the whole world for none."""
    longitudes = [each[0] for each in points] or [-180.0, 180.0]
    latitudes = [each[1] for each in points] or [-58.0, 80.0]
    west, east = _padded(min(longitudes), max(longitudes), -180, 180)
    south, north = _padded(min(latitudes), max(latitudes), -90, 90)
    stretch = math.cos(math.radians((south + north) / 2)) or 0.1
    stretch = max(0.2, stretch)
    height = _WIDTH * (north - south) / ((east - west) * stretch)
    if height > _MOST_HEIGHT:
        wanted = _WIDTH * (north - south) / (_MOST_HEIGHT * stretch)
        west, east = _widened(west, east, min(360.0, wanted), -180, 180)
    elif height < _LEAST_HEIGHT:
        wanted = _LEAST_HEIGHT * (east - west) * stretch / _WIDTH
        south, north = _widened(south, north, min(180.0, wanted), -90, 90)
    height = _WIDTH * (north - south) / ((east - west) * stretch)
    return Window(west, south, east, north, min(_MOST_HEIGHT, max(_LEAST_HEIGHT, height)))


def _padded(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    size = max(_LEAST_DEGREES, (high - low) * (1 + 2 * _AROUND))
    return _widened(low, high, size, least, most)


def _widened(
    low: float, high: float, size: float, least: float, most: float
) -> tuple[float, float]:
    """An interval of this size around another, inside the world."""
    size = min(size, most - least)
    start = min(max((low + high - size) / 2, least), most - size)
    return start, start + size


# -------------------------------------------------------------------------------------- land


@cache
def rings(scale: int) -> tuple[tuple[Point, ...], ...]:
    """The world's land as closed rings, longitude before latitude, in degrees; at 1:50 or 1:110
    million."""
    file = files("testimonia.views") / "data" / f"land-{scale}.txt"
    lines = file.read_text(encoding="utf-8")
    return tuple(
        tuple(_point(pair) for pair in line.split())
        for line in lines.splitlines()
        if line and not line.startswith("#")
    )


def _point(pair: str) -> Point:
    x, y = pair.split(",")
    return int(x) / 100, int(y) / 100


def _land(window: Window) -> Iterator[Markup]:
    path = []
    scale = _FINE if window.east - window.west <= _FINE_DEGREES else _COARSE
    for ring in rings(scale):
        clipped = clip(ring, window)
        if len(clipped) > 2:
            points = (f"{number(window.x(x))},{number(window.y(y))}" for x, y in clipped)
            path.append(f"M{' '.join(points)}Z")
    if path:
        yield element("path", d="".join(path), class_="land", fill_rule="evenodd")


def clip(ring: Iterable[Point], window: Window) -> list[Point]:
    """What of a polygon lies inside (Sutherland and Hodgman 1974)."""
    points = list(ring)
    for axis, bound, below in (
        (0, window.west, False),
        (0, window.east, True),
        (1, window.south, False),
        (1, window.north, True),
    ):
        points = _cut(points, axis, bound, below=below)
    return points


def _cut(points: list[Point], axis: int, bound: float, *, below: bool) -> list[Point]:
    def inside(point: Point) -> bool:
        return point[axis] <= bound if below else point[axis] >= bound

    kept: list[Point] = []
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        if inside(before) != inside(here):
            part = (bound - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + part * (here[1 - axis] - before[1 - axis])
            kept.append((bound, other) if axis == 0 else (other, bound))
        if inside(here):
            kept.append(here)
    return kept


def _grid(window: Window) -> Iterator[Markup]:
    """Lines of whole degrees, about six each way."""
    step = next(
        (each for each in _STEPS if (window.east - window.west) / each <= 9), _STEPS[-1]
    )  # fmt: skip
    for longitude in _multiples(window.west, window.east, step):
        x = window.x(longitude)
        yield element("line", x1=x, x2=x, y1=0, y2=window.height, class_="grid")
        yield text(_degrees(longitude, "E", "W"), x + 3, window.height - 5, class_="tick")
    for latitude in _multiples(window.south, window.north, step):
        y = window.y(latitude)
        yield element("line", x1=0, x2=_WIDTH, y1=y, y2=y, class_="grid")
        yield text(_degrees(latitude, "N", "S"), 4, y - 4, class_="tick")


def _multiples(low: float, high: float, step: int) -> Iterator[int]:
    yield from range(math.ceil(low / step) * step, math.floor(high / step) * step + 1, step)


def _degrees(value: int, plus: str, minus: str) -> str:
    return f"{abs(value)}°{plus if value > 0 else minus if value < 0 else ''}"


# ------------------------------------------------------------------------------------- discs


def _discs(window: Window, spots: Sequence[Spot]) -> Iterator[Markup]:
    most = max((each.count for each in spots), default=1)
    ordered = sorted(spots, key=lambda each: -each.count)
    named = set(_room_for_names(window, ordered))
    for spot in ordered:
        x, y = window.x(spot.longitude), window.y(spot.latitude)
        radius = max(_SMALLEST, _LARGEST * math.sqrt(spot.count / most))
        drawn = [
            element("title", spot.told),
            element("circle", cx=x, cy=y, r=radius, class_="disc"),
        ]
        if spot in named:
            after = x < _WIDTH * 0.8
            drawn.append(
                text(
                    spot.label,
                    x + (radius + 4 if after else -radius - 4),
                    y + 4,
                    most=_LABEL_COLUMNS,
                    class_="name",
                    text_anchor=None if after else "end",
                )
            )
        yield _linked(spot, drawn)


def _linked(spot: Spot, drawn: list[Markup]) -> Markup:
    if not spot.link:
        return element("g", *drawn)
    return element("a", *drawn, href=spot.link, aria_label=spot.told)


def _room_for_names(window: Window, spots: Sequence[Spot]) -> Iterator[Spot]:
    """The first whose names do not lie on one another."""
    taken: list[tuple[float, float]] = []
    for spot in spots:
        if len(taken) >= _NAMED:
            return
        x, y = window.x(spot.longitude), window.y(spot.latitude)
        if all(abs(y - other_y) > 15 or abs(x - other_x) > 150 for other_x, other_y in taken):
            taken.append((x, y))
            yield spot
