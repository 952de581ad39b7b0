"""Writes the coastlines of the maps anew from the npm package world-atlas.

`cd frontend && npm ci --ignore-scripts && python coastline.py`
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE = HERE / "node_modules" / "world-atlas"
TARGET = HERE.parent / "src" / "testimonia" / "views" / "data"
HEADER = """\
# The world's land at 1:{scale} million: a ring a line, longitude,latitude in degrees times 100.
# Made with Natural Earth (naturalearthdata.com, public domain), as of the npm package world-atlas
# 2.0.2 (ISC licence), by frontend/coastline.py. No borders: who holds what land is disputed.
"""
# By scale: how far a line may lie from the original, and the least island, in hundredths of a
# degree (and of a square degree).
SCALES = {110: (0.0, 0.0), 50: (2.0, 60.0)}

Point = tuple[int, int]


def main() -> None:
    """Write a file for each scale."""
    for scale, (tolerance, least) in SCALES.items():
        topology = json.loads((SOURCE / f"land-{scale}m.json").read_text(encoding="utf-8"))
        rings = [simplified(ring, tolerance) for ring in decoded(topology)]
        kept = [ring for ring in rings if len(ring) > 3 and area(ring) >= least]
        lines = (" ".join(f"{x},{y}" for x, y in ring) for ring in kept)
        text = HEADER.format(scale=scale) + "\n".join(lines) + "\n"
        (TARGET / f"land-{scale}.txt").write_text(text, encoding="utf-8")


def decoded(topology: dict[str, Any]) -> list[list[Point]]:
    """The rings of TopoJSON (its specification, section 2.1.3: arcs are deltas of integers)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round((x * sx + tx) * 100), round((y * sy + ty) * 100)))
        arcs.append(points)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points += arc if not points else arc[1:]
                rings.append(points)
    return rings


def simplified(ring: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker 1973, on the two halves of a ring."""
    if not tolerance or len(ring) < 5:
        return ring
    middle = len(ring) // 2
    return [*_line(ring[: middle + 1], tolerance)[:-1], *_line(ring[middle:], tolerance)]


def _line(points: list[Point], tolerance: float) -> list[Point]:
    kept = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, place = 0.0, 0
        for index in range(first + 1, last):
            away = _distance(points[index], points[first], points[last])
            if away > far:
                far, place = away, index
        if far > tolerance:
            kept.add(place)
            waiting += [(first, place), (place, last)]
    return [points[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if not length:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    return abs(dx * (start[1] - point[1]) - (start[0] - point[0]) * dy) / length


def area(ring: list[Point]) -> float:
    """In square hundredths of a degree."""
    pairs = itertools.pairwise(ring)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


if __name__ == "__main__":
    main()
