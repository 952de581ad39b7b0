"""Places: which words name one, and which one (toponym recognition and resolution).

``find_places`` reads a whole parse; ``find_toponyms`` and ``resolve`` are its two halves.
"""

from __future__ import annotations

from testimonia.reading.places.find import find_places, find_toponyms
from testimonia.reading.places.model import FoundPlace, Resolution, ToponymCandidate
from testimonia.reading.places.resolution import resolve

__all__ = [
    "FoundPlace",
    "Resolution",
    "ToponymCandidate",
    "find_places",
    "find_toponyms",
    "resolve",
]
