"""Who acts or speaks in a text, each with all the mentions of it that were found."""

from __future__ import annotations

from testimonia.reading.actors.find import find_actors
from testimonia.reading.actors.mentions import PlaceMention
from testimonia.reading.actors.misplaced import misplaced, well_placed
from testimonia.reading.actors.sites import find_unmapped, with_sites

__all__ = [
    "PlaceMention",
    "find_actors",
    "find_unmapped",
    "misplaced",
    "well_placed",
    "with_sites",
]
