"""What the reading of events finds in a parse, before actors, places and times are known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from testimonia.model import Certainty, EventClass, Polarity, Role, Span, Tense


class Kind(StrEnum):
    """Sorts of candidate, each with weights of its own."""

    VERB = "verb"
    NOUN = "noun"
    ADJECTIVE = "adjective"  # and other predicates: "is over", "is in charge"


@dataclass(frozen=True, slots=True)
class Part:
    """A participant as the syntax gives it: its role, its head token and its words."""

    role: Role
    head: int
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    """A number of something: "at least 12 people". ``value`` is a decimal numeral."""

    span: Span
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that denotes an event, and what depends on it.

    ``head`` is its token, ``lemma`` its lemma with a particle ("call off"). ``adjuncts`` are the
    stretches that may hold its place and time: prepositional and adverbial modifiers, for a noun
    also its compound and possessive ones. ``definite`` is a noun's that points back to what was
    told ("the attack", "this blast").
    """

    head: int
    span: Span
    lemma: str
    nominal: bool
    event_class: EventClass
    event_type: str
    tense: Tense
    polarity: Polarity
    certainty: Certainty
    parts: tuple[Part, ...]
    adjuncts: tuple[Span, ...]
    counts: tuple[Count, ...]
    definite: bool = False
