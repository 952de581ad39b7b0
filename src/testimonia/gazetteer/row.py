"""A place as the sources give it, on its way into the index."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One place: ``alternates`` are matched as its name is, ``exact`` only as they are spelt."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    feature: str
    country: str | None
    within: tuple[str, ...]
    population: int = 0
    alternates: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
