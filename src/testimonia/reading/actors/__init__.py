"""Who acts or speaks in a text, each with all the mentions of it that were found."""

from __future__ import annotations

from testimonia.reading.actors.find import find_actors
from testimonia.reading.actors.mentions import PlaceMention

__all__ = ["PlaceMention", "find_actors"]
