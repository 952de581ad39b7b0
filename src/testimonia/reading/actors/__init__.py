"""Who acts or speaks in a text, each with all the mentions of it that were found."""

from __future__ import annotations

from testimonia.reading.actors.find import find_actors
from testimonia.reading.actors.mentions import PlaceMention
from testimonia.reading.actors.sites import find_sites
from testimonia.reading.actors.teams import find_teams, without_teams

__all__ = ["PlaceMention", "find_actors", "find_sites", "find_teams", "without_teams"]
