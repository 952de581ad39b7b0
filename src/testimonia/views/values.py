"""What the views are made of. Times are as the texts tell them; nothing is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Standing(StrEnum):
    """How much a text tells of who speaks."""

    NAMED = "named"
    UNNAMED = "unnamed"
    NARRATOR = "narrator"


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing: IRI, label, and the path of its page under the archive's base (empty: it has
    none)."""

    iri: str
    label: str
    path: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks."""

    ref: Ref
    standing: Standing


@dataclass(frozen=True, slots=True)
class Source:
    """A document, with what it states of itself; empty where it states nothing."""

    document: Ref
    publisher: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time reference.

    ``earliest`` and ``latest`` are the first and the last day that it may mean, only where the year
    is known; ``month_day`` is ``--05-03`` where it is not.
    """

    label: str
    value: str = ""
    earliest: date | None = None
    latest: date | None = None
    month_day: str = ""
    basis: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether it has a place on a line of years."""
        return self.earliest is not None and self.latest is not None

    @property
    def is_yearless(self) -> bool:
        """Whether day or month are told and no year."""
        return not self.is_dated and (bool(self.month_day) or self.basis == "YearUnknown")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what is counted, in the text's words."""

    value: Decimal
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value:,f} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement. Concepts go by their local names (``Direct``, ``Certain`` …).

    ``negative``: it is said *not* to have been said. ``hedged``: the document is not certain that
    it was said. ``reported_in`` is the statement that reports this one.
    """

    ref: Ref
    content: str
    language: str | None
    voices: tuple[Voice, ...]
    source: Source
    cue: str = ""
    kind: str = ""
    directness: str = ""
    certainty: str = ""
    attribution: str = ""
    negative: bool = False
    reported_in: Ref | None = None

    @property
    def hedged(self) -> str:
        """The document's certainty that it was said, where that is not full."""
        return "" if self.attribution in ("", "Certain") else self.attribution


@dataclass(frozen=True, slots=True)
class Telling:
    """What one statement tells of one event: an account with the statement that gives it."""

    iri: str
    event: Ref
    saying: Saying
    words: str = ""
    type: str = ""
    agents: tuple[Ref, ...] = ()
    patients: tuple[Ref, ...] = ()
    recipients: tuple[Ref, ...] = ()
    others: tuple[Ref, ...] = ()
    places: tuple[Ref, ...] = ()
    times: tuple[Moment, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    negative: bool = False
    certainty: str = ""
    tense: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How the statement ``from_`` stands to the statement ``to``; ``kind`` in words."""

    iri: str
    kind: str
    from_: Ref
    to: Ref
    probability: str = ""
    because: str = ""
    from_voices: tuple[Voice, ...] = ()
    to_voices: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing and how often it occurs."""

    ref: Ref
    count: int


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """A part of a list: ``items`` from number ``offset`` on (counted from 0), ``total`` in all."""

    items: Sequence[Item]
    total: int
    offset: int = 0

    @property
    def more(self) -> int:
        """How many come after these."""
        return max(0, self.total - self.offset - len(self.items))

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return len(self.items) == self.total


def share(part: int, whole: int) -> float:
    """``part`` of ``whole`` in percent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0
