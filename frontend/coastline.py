"""Writes the coastline of the maps anew from the npm package world-atlas.

`cd frontend && npm ci --ignore-scripts && python coastline.py`
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "node_modules" / "world-atlas" / "land-110m.json"
TARGET = HERE.parent / "src" / "testimonia" / "views" / "data" / "land.txt"
HEADER = """\
# The world's land at 1:110 million: a ring a line, longitude,latitude in hundredths of a degree.
# Made with Natural Earth (naturalearthdata.com, public domain), as of the npm package world-atlas
# 2.0.2 (ISC licence), by frontend/coastline.py. No borders: who holds what land is disputed.
"""


def main() -> None:
    """Decode TopoJSON (its specification, section 2.1.3: arcs are deltas of integers)."""
    topology = json.loads(SOURCE.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round((x * sx + tx) * 100), round((y * sy + ty) * 100)))
        arcs.append(points)
    lines = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points += arc if not points else arc[1:]
                lines.append(" ".join(f"{x},{y}" for x, y in points))
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
