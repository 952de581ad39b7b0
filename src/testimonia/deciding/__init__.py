"""What people decided, applied to what was read: between reading and mapping.

``apply`` is a pure function from a reading and the decisions on its text to the reading as people
have it, with what each decision does; ``pairs`` tells linking which local entities are one and
which are not; ``doubts`` what a decision would settle most.
"""

from __future__ import annotations

from testimonia.deciding.applying import apply, for_reading
from testimonia.deciding.doubts import Doubtful, doubts
from testimonia.deciding.pairs import Local, Nature, Pairs, pairs
from testimonia.deciding.relations import Related, Relations, relations

__all__ = [
    "Doubtful",
    "Local",
    "Nature",
    "Pairs",
    "Related",
    "Relations",
    "apply",
    "doubts",
    "for_reading",
    "pairs",
    "relations",
]
