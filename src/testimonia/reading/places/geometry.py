"""Distances on the sphere, and how much of a document's geography lies near a point."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from testimonia.model import GazetteerEntry

_EARTH = 6371.0088  # mean radius in km (IUGG)


def kilometres(one: GazetteerEntry, other: GazetteerEntry) -> float:
    """Great-circle distance (haversine); infinite where a point is unknown."""
    if one.latitude is None or one.longitude is None:
        return math.inf
    if other.latitude is None or other.longitude is None:
        return math.inf
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    chord = math.sin((north - south) / 2) ** 2
    chord += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(chord)))


class Grid:
    """Mass on a grid of one degree (or half): what lies near is summed without comparing pairs."""

    def __init__(self, *, half: bool = False) -> None:
        self._scale = 2 if half else 1
        self._cells: dict[tuple[int, int], float] = defaultdict(float)

    def add(self, entries: Iterable[tuple[GazetteerEntry, float]], sign: float = 1.0) -> None:
        """Put (or with ``sign=-1`` take away) each entry's mass where it lies."""
        for entry, mass in entries:
            if (cell := self._cell(entry)) is not None:
                self._cells[cell] += sign * mass

    def mark(self, entries: Iterable[GazetteerEntry], sign: float = 1.0) -> None:
        """Put one unit on each cell that has or neighbours an entry, however many there are."""
        cells = {near for entry in entries for near in self._around(entry)}
        for cell in cells:
            self._cells[cell] += sign

    def at(self, entry: GazetteerEntry) -> float:
        """What lies on the entry's own cell."""
        cell = self._cell(entry)
        return self._cells.get(cell, 0.0) if cell else 0.0

    def near(self, entry: GazetteerEntry) -> float:
        """The mass in the cell of the entry and the eight around it."""
        return sum(self._cells.get(cell, 0.0) for cell in self._around(entry))

    def _around(self, entry: GazetteerEntry) -> list[tuple[int, int]]:
        cell = self._cell(entry)
        if cell is None:
            return []
        row, column, turn = *cell, 360 * self._scale
        return [
            (row + north, (column + east) % turn) for north in (-1, 0, 1) for east in (-1, 0, 1)
        ]

    def _cell(self, entry: GazetteerEntry) -> tuple[int, int] | None:
        if entry.latitude is None or entry.longitude is None or not is_point(entry):
            return None
        row = math.floor(entry.latitude * self._scale)
        return row, math.floor(entry.longitude * self._scale) % (360 * self._scale)


def is_point(entry: GazetteerEntry) -> bool:
    """Whether the place is small enough that its point says where it is."""
    return entry.feature.startswith("PPL") or entry.feature in {"ADM2", "ADM3", "ADM4"}
