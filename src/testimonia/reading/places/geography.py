"""Where the names of one document lie, taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from testimonia.model import GazetteerEntry
from testimonia.reading.places.geometry import Grid

Scored = list[tuple[GazetteerEntry, float]]


class Geography:
    """Where the names of a document lie, each name counting once and by what is believed of it."""

    def __init__(self, trusts: Sequence[float], beliefs: Sequence[Scored]) -> None:
        self._beliefs = [
            [(entry, mass * trust) for entry, mass in belief]
            for trust, belief in zip(trusts, beliefs, strict=True)
        ]
        self._around: dict[str, float] = defaultdict(float)
        self._named: dict[str, float] = defaultdict(float)
        self._grid = Grid()
        self._wide, self._close = Grid(), Grid(half=True)
        self._divisions: dict[str | None, float] = defaultdict(float)
        self._total = 0.0
        for belief in self._beliefs:
            self._count(belief, 1.0)

    def _count(self, belief: Scored, sign: float) -> None:
        for entry, mass in belief:
            self._named[entry.id] += sign * mass
            self._total += sign * mass
            if entry.feature == "ADM1":
                self._divisions[entry.country_code] += sign * mass
            for place in entry.within[:-1] if entry.country_code else ():
                self._around[place] += sign * mass
        self._grid.add(belief, sign)
        self._wide.mark((entry for entry, _ in belief), sign)
        self._close.mark((entry for entry, _ in belief), sign)

    def without(self, index: int) -> Geography:
        """The same, while the group ``index`` itself is being judged."""
        self._count(self._beliefs[index], -1.0)
        return self

    def restore(self, index: int) -> None:
        """Undo ``without``."""
        self._count(self._beliefs[index], 1.0)

    def share(self, place: str) -> float:
        """Which part of the other names lies in the place or is it."""
        mass = self._around.get(place, 0.0) + self._named.get(place, 0.0)
        return max(0.0, mass) / (self._total + 0.5)

    def named(self, place: str) -> float:
        """How surely the place itself is named elsewhere in the document."""
        return max(0.0, min(1.0, self._named.get(place, 0.0)))

    def fellows(self, entry: GazetteerEntry) -> float:
        """How many other names are believed to be divisions of the entry's country."""
        return max(0.0, self._divisions[entry.country_code])

    def near(self, entry: GazetteerEntry) -> float:
        """How many other names are believed to lie near the entry."""
        return max(0.0, self._grid.near(entry))

    def company(self, entry: GazetteerEntry) -> float:
        """How many other names have any namesake within a degree or two of the entry."""
        return max(0.0, self._wide.at(entry))

    def close_company(self, entry: GazetteerEntry) -> float:
        """How many other names have any namesake within half a degree or so."""
        return max(0.0, self._close.at(entry))
