"""Which triggers of one text denote the same event.

Precision first: the same word (or two words for one happening) about the same entity in the same
part, or a definite noun that points back ("The blast …") where one event alone can be meant; and
nothing that speaks against it. Two strikes on different days are two events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from testimonia.model import EventClass, Role
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.model import Trigger


@dataclass(frozen=True, slots=True)
class Cluster:
    """Triggers of one event, by their indices, in textual order."""

    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether two triggers may be one: resolved keys of participants and times."""

    undergoer: str | None
    doer: str | None
    times: frozenset[str]
    modifier: str


@dataclass(slots=True)
class _Growing:
    """A cluster as it grows, with all that its members say; a later member must fit them all."""

    members: list[int]
    undergoers: set[str]
    doers: set[str]
    times: set[str]
    modifier: str

    def fits(self, known: Facts) -> bool:
        """Neither undergoers, doers, times nor names that differ."""
        undergoer = known.undergoer
        if undergoer and self.undergoers and undergoer not in self.undergoers:
            return False
        doer = known.doer
        if doer and self.doers and doer not in self.doers and doer not in self.undergoers:
            return False
        if known.times and self.times and self.times.isdisjoint(known.times):
            return False
        return not (known.modifier and self.modifier and known.modifier != self.modifier)

    def add(self, index: int, known: Facts) -> None:
        """Take in one more trigger and what it says."""
        self.members.append(index)
        self.undergoers |= {known.undergoer} if known.undergoer else set()
        self.doers |= {known.doer} if known.doer else set()
        self.times |= known.times
        self.modifier = self.modifier or known.modifier


def cluster(triggers: Sequence[Trigger], facts: Callable[[int], Facts]) -> tuple[Cluster, ...]:
    """The triggers in clusters, each in one, in the order of their first members.

    ``facts`` gives for a trigger's index what is known of it. Linear in the number of triggers:
    each is compared with one cluster, the latest that shares its word and entity, or for a
    definite noun the only one of its word.
    """
    clusters: list[_Growing] = []
    by_signature: dict[tuple[str, str], _Growing] = {}
    by_word: dict[str, list[_Growing]] = {}
    for index, trigger in enumerate(triggers):
        known, word = facts(index), _word(trigger)
        entity = _entity(trigger, known)
        alike = by_word.setdefault(word, [])
        found = by_signature.get((word, entity)) if entity else None
        if found is None and trigger.definite and len(alike) == 1:
            found = alike[0]
        if found is None or not found.fits(known):
            found = _Growing([], set(), set(), set(), "")
            clusters.append(found)
            if len(alike) < _ENOUGH:
                alike.append(found)
        found.add(index, known)
        if entity:
            by_signature[word, entity] = found
    return tuple(Cluster(tuple(each.members)) for each in clusters)


_ENOUGH = 2  # clusters of one word to remember: with two, "the attack" no longer says which


def _word(trigger: Trigger) -> str:
    return lexicon().same_event.get(trigger.lemma, trigger.lemma)


def _entity(trigger: Trigger, known: Facts) -> str | None:
    """What two triggers must share besides the word: who undergoes it, or the name in "the Velvet
    Revolution"; without either, who does it, for happenings of a stated type."""
    if known.undergoer or (trigger.nominal and known.modifier):
        return known.undergoer or known.modifier
    happens = trigger.event_class is EventClass.OCCURRENCE and trigger.event_type != "other"
    has_patient = any(part.role is Role.PATIENT for part in trigger.parts)
    return f"by {known.doer}" if known.doer and happens and not has_patient else None


def undergoer_role(trigger: Trigger) -> Role:
    """Whose change the event is: the doer's of what befalls it ("the fall of the city", "the city
    fell"), else the patient's."""
    has_patient = any(part.role is Role.PATIENT for part in trigger.parts)
    befalls = trigger.lemma in lexicon().befalling and not has_patient
    return Role.AGENT if befalls else Role.PATIENT


def happens_at_undergoer(trigger: Trigger) -> bool:
    """Whether the event is where what undergoes it lies: "the capture of the town"."""
    words = lexicon()
    return trigger.event_type in words.at_undergoer_types or trigger.lemma in words.at_undergoer
