"""Things by their names: what may be meant by a name, for whoever matches one list with another.

Two indexes of one form lie in a store, both derived from it and kept by its writer: the archive's
own actors, places and events (``entities.sqlite``), and the entries of its authority files
(``authorities.sqlite``). Linking looks up the one with the names of the other; the reconciliation
service looks up either with what a spreadsheet has.
"""

from __future__ import annotations

from testimonia.candidates.index import (
    AUTHORITIES,
    ENTITIES,
    Index,
    covers,
    discard,
    open_index,
)
from testimonia.candidates.names import fold, same_words, similarity, sound
from testimonia.candidates.retrieval import candidates, suggestions
from testimonia.candidates.thing import KINDS, Thing

__all__ = [
    "AUTHORITIES",
    "ENTITIES",
    "KINDS",
    "Index",
    "Thing",
    "candidates",
    "covers",
    "discard",
    "fold",
    "open_index",
    "same_words",
    "similarity",
    "sound",
    "suggestions",
]
