"""Events: triggers with class, type, tense, polarity, certainty and participants; which triggers
denote the same event.

Verbs denote events, auxiliaries and bare copulas do not; nouns do where a lexicon says so. One
token a trigger, as in TimeML.
"""

from __future__ import annotations

from testimonia.reading.events.clusters import (
    Cluster,
    Facts,
    cluster,
    happens_at_undergoer,
    undergoer_role,
)
from testimonia.reading.events.model import Count, Part, Trigger
from testimonia.reading.events.triggers import find_events

__all__ = [
    "Cluster",
    "Count",
    "Facts",
    "Part",
    "Trigger",
    "cluster",
    "find_events",
    "happens_at_undergoer",
    "undergoer_role",
]
