"""One actor: what it says and what is said about it, to whom, where, how directly, in which
documents, and where its own statements stand against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from testimonia.views.charts import Bar, bars, columns
from testimonia.views.periods import Periods
from testimonia.views.svg import Figure
from testimonia.views.values import Counted, Listing, Ref, Relation, Saying, Source

SERIES: Final = ("says", "is spoken of")


@dataclass(frozen=True, slots=True)
class Name:
    """A name with documents that use it; ``documents`` may be fewer than ``total``."""

    name: str
    documents: tuple[Ref, ...]
    total: int


@dataclass(frozen=True, slots=True)
class InDocument:
    """A document, how many statements of the actor and about it it has."""

    source: Source
    says: int
    about: int


@dataclass(frozen=True, slots=True)
class Directness:
    """How directly the actor is quoted; ``nested``: by another voice that the document quotes."""

    direct: int = 0
    mixed: int = 0
    indirect: int = 0
    nested: int = 0
    negative: int = 0

    @property
    def total(self) -> int:
        """All statements of the actor."""
        return self.direct + self.mixed + self.indirect


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything is counted over the whole archive; lists may be parts, and say so.

    ``over_time`` is by the *publication* of the documents: when things were said is often told less
    precisely, or not at all. ``own`` are relations between two statements of the actor, among them
    changed positions; ``others`` between one of its and somebody else's.
    """

    ref: Ref
    type: str
    named: bool
    names: Listing[Name]
    directness: Directness
    about: int
    over_time: Periods
    addressees: Listing[Counted]
    places: Listing[Counted]
    topics: Listing[Counted]
    speakers_about: Listing[Counted]
    documents: Listing[InDocument]
    own: Listing[Relation]
    others: Listing[Relation]
    said: Listing[Saying]
    spoken_of: Listing[Saying]

    @property
    def says(self) -> int:
        """How many statements are its own."""
        return self.directness.total


def time_figure(dossier: Dossier) -> Figure:
    """Its statements and those about it over time."""
    unit = dossier.over_time.unit
    return columns(
        "over-time", f"Statements by {unit} of publication", SERIES, dossier.over_time.rows
    )


def directness_figure(dossier: Dossier) -> Figure:
    """How directly it is quoted."""
    found = dossier.directness
    rows = [
        Bar("direct", (found.direct,)),
        Bar("mixed", (found.mixed,)),
        Bar("indirect", (found.indirect,)),
    ]
    return bars("directness", "How directly it is quoted", ("statements",), rows)
