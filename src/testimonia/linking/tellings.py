"""What is compared across documents: each account with all that tells of which happening it is.

A pure function of a document's text, its reading and the canonical ids of its entities. Tellings
go into the record as JSON, so that a new document is compared without reading the old again.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from testimonia.linking.words import families, listed, says_something, stem, stems, stems_of, words
from testimonia.model import (
    Account,
    Actor,
    Certainty,
    Document,
    EventClass,
    Place,
    Polarity,
    Reading,
    Role,
    Span,
    Tense,
)

_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])|\n+")
_LONGEST_SENTENCE = 600  # code points on each side: texts without stops
_SHOWN = 40  # code points
_TOPIC_NAMES = 12
_TOPIC_STEMS = 25


@dataclass(frozen=True, slots=True)
class Party:
    """A participant or speaker: canonical id where there is one, stems of its names or words;
    ``shown`` is how the text has it."""

    role: str
    entity: str
    words: tuple[str, ...]
    named: bool
    shown: str = ""

    def is_like(self, other: Party) -> float:
        """How far two may be one, from 0 to 1."""
        if self.entity and self.entity == other.entity:
            return 1.0
        one, two = _words(self.words), _words(other.words)
        if self.named != other.named:  # "Mansour's brigade" and "his brigade"
            one, two = frozenset(map(stem, one)), frozenset(map(stem, two))
        elif one.isdisjoint(two):
            return 0.0
        shared = len(one & two)
        if not shared:
            return 0.0
        if self.named and other.named:
            # "Gerasimov" and "Valery Gerasimov", not "John Smith" and "Anna Smith".
            return 0.9 if one <= two or two <= one else 0.3
        return 0.8 * shared / min(len(one), len(two))


@lru_cache(maxsize=16_384)
def _words(words_: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words_)


@dataclass(frozen=True, slots=True)
class Where:
    """A place: its canonical id, those around it, its names' words; ``located`` where a gazetteer
    has it."""

    entity: str
    around: tuple[str, ...]
    words: tuple[str, ...]
    located: bool

    def fits(self, other: Where) -> bool | None:
        """Whether two are one or one lies in the other; ``None`` where nobody can tell."""
        if self.entity and self.entity == other.entity:
            return True
        if self.located and other.located:
            return self.entity in other.around or other.entity in self.around
        return True if set(self.words) & set(other.words) else None


Days = tuple[str, str]
"""First and last day, inclusive (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of something, ``bound`` is "atleast", "atmost", "roughly" or empty."""

    value: float
    unit: str
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One account as it is compared; ``account`` and ``event`` are local keys."""

    account: str
    event: str
    word: str
    shown: str
    families: tuple[str, ...]
    type: str
    event_class: str
    negative: bool
    real: bool
    nominal: bool
    parties: tuple[Party, ...] = ()
    places: tuple[Where, ...] = ()
    times: tuple[Days, ...] = ()
    amounts: tuple[Amount, ...] = ()
    names: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    claim: int | None = None

    def written(self) -> str:
        """As JSON, to be kept."""
        return written(self)

    @staticmethod
    def read(written: str) -> Telling:
        """What :meth:`written` wrote."""
        found: dict[str, Any] = json.loads(written)
        return Telling(
            **{
                **found,
                "families": tuple(found["families"]),
                "names": frozenset(found["names"]),
                "context": frozenset(found["context"]),
                "parties": tuple(party(each) for each in found["parties"]),
                "places": places_of(found["places"]),
                "times": days_of(found["times"]),
                "amounts": amounts_of(found["amounts"]),
            }
        )


def written(value: Any) -> str:
    """A frozen value of ours as JSON, sets in order. Much faster than ``dataclasses.asdict``."""
    return json.dumps(_plain(value), default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return {name: getattr(value, name) for name in value.__slots__}


def days_of(found: Iterable[Iterable[str]]) -> tuple[Days, ...]:
    """Stretches of days from their JSON."""
    return tuple((first, last) for first, last in found)


def places_of(found: Iterable[Mapping[str, Any]]) -> tuple[Where, ...]:
    """Places from their JSON."""
    return tuple(
        Where(each["entity"], tuple(each["around"]), tuple(each["words"]), each["located"])
        for each in found
    )


def amounts_of(found: Iterable[Mapping[str, Any]]) -> tuple[Amount, ...]:
    """Amounts from their JSON."""
    return tuple(Amount(**each) for each in found)


def party(found: Mapping[str, Any]) -> Party:
    """A party from its JSON."""
    return Party(**{**found, "words": tuple(found["words"])})


class Describer:
    """Gives the parts of one document as they are compared.

    ``canonical`` are the canonical ids of local keys, as far as they are known.
    """

    def __init__(self, document: Document, reading: Reading, canonical: Mapping[str, str]) -> None:
        self._text = document.text.content
        self._reading = reading
        self._canonical = canonical
        self.day = document.text.metadata.document_date
        self._ends = [match.end() for match in _SENTENCE_END.finditer(self._text)]

    # ----------------------------------------------------------------------- entities

    @cached_property
    def _named(self) -> Mapping[str, tuple[tuple[str, ...], bool]]:
        """Per key the stems of an entity's names, and whether it has a name."""
        found: dict[str, tuple[tuple[str, ...], bool]] = {}
        for place in self._reading.places:
            found[place.key] = (_name_words((place.label, *place.names)), True)
        for actor in self._reading.actors:
            names = (actor.label, *actor.names) if actor.names else ()
            own = _name_words(names) if actor.named else _described(actor.label)
            found.setdefault(actor.key, (own, actor.named))
        return found

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        entities: tuple[Actor | Place, ...] = (*self._reading.actors, *self._reading.places)
        return {each.key: each.label for each in entities}

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        return {
            each.key: (f"place/{each.entry.id}", tuple(f"place/{a}" for a in each.entry.within))
            for each in self._reading.places
            if each.entry
        }

    def entity(self, key: str | None) -> str:
        """The canonical id of a local entity, where it is known."""
        if key is None:
            return ""
        if key in self._entries:
            return self._entries[key][0]
        return self._canonical.get(key, "")

    def party(self, role: str, key: str | None, span: Span | None = None) -> Party:
        """A participant or speaker, by its key or its words alone."""
        if key is not None and key in self._named:
            own, named = self._named[key]
            return Party(role, self.entity(key), own, named, self._labels[key])
        shown = span.of(self._text) if span else ""
        return Party(role, "", _described(shown), False, shown[:_SHOWN])

    def where(self, key: str) -> Where:
        """A place."""
        entity, around = self._entries.get(key, (self._canonical.get(key, ""), ()))
        words_ = self._named.get(key, ((), True))[0]
        return Where(entity, around, words_, located=key in self._entries)

    # ----------------------------------------------------------------- times and numbers

    @cached_property
    def _times(self) -> Mapping[str, Days]:
        return {
            each.key: (each.earliest.isoformat(), each.latest.isoformat())
            for each in self._reading.times
            if each.earliest and each.latest
        }

    def times(self, keys: Iterable[str]) -> tuple[Days, ...]:
        """The days of times whose year is known."""
        return tuple(self._times[key] for key in keys if key in self._times)

    @cached_property
    def _amounts(self) -> Mapping[str, Amount]:
        return {
            each.key: amount(each.value, each.unit, each.span.of(self._text))
            for each in self._reading.quantities
        }

    # ------------------------------------------------------------------------- sentences

    def sentence(self, span: Span) -> Span:
        """The sentence around a stretch of text, by its punctuation."""
        index = bisect_right(self._ends, span.start)
        start = self._ends[index - 1] if index else 0
        end = self._ends[index] if index < len(self._ends) else len(self._text)
        start = max(start, span.start - _LONGEST_SENTENCE)
        return Span(start, max(span.end, min(end, span.end + _LONGEST_SENTENCE)))

    @cached_property
    def _mentions(self) -> list[tuple[int, str]]:
        """Where named entities are mentioned, in textual order."""
        entities: tuple[Actor | Place, ...] = (*self._reading.actors, *self._reading.places)
        found = {
            (mention.span.start, each.key)
            for each in entities
            if self._named.get(each.key, ((), False))[1]
            for mention in each.mentions
        }
        return sorted(found)

    def names(self, span: Span) -> frozenset[str]:
        """The stems of the names of those mentioned in a stretch of text, by any mention."""
        first = bisect_right(self._mentions, (span.start, ""))
        last = bisect_right(self._mentions, (span.end, ""))
        keys = {key for _, key in self._mentions[first:last]}
        return frozenset(word for key in keys for word in self._named[key][0])

    @cached_property
    def topic(self) -> tuple[str, ...]:
        """What a document is about: the words of the names that it has most often (capitalised),
        and its commonest stems."""
        names: Counter[str] = Counter()
        for _, key in self._mentions:
            names.update(self._named[key][0])
        others = Counter(stem(word) for word in words(self._text) if says_something(word))
        found = [word.upper() for word in _commonest(names, _TOPIC_NAMES)]
        return tuple(sorted(found + _commonest(others, _TOPIC_STEMS)))

    # -------------------------------------------------------------------------- tellings

    def telling(self, account: Account, *, denied: bool, real: bool, claim: int | None) -> Telling:
        """An account as it is compared; ``denied`` where its speaker denies it, ``claim`` the
        number of the statement that gives it."""
        sentence = self.sentence(account.trigger)
        shown = account.trigger.of(self._text)
        lemma = account.lemma or shown.casefold()
        sure = account.certainty is Certainty.CERTAIN  # what is planned or may be is not
        return Telling(
            account=account.key,
            event=account.event,
            word=stem(lemma),
            shown=lemma,
            families=families(lemma),
            type=account.event_type,
            event_class=account.event_class,
            negative=denied or account.polarity is Polarity.NEGATIVE,
            real=real and sure and account.tense is not Tense.FUTURE,
            nominal=is_nominal(account),
            parties=tuple(self._parties(account)),
            places=tuple(self.where(key) for key in account.places),
            times=self.times(account.times),
            amounts=tuple(self._amounts[key] for key in account.quantities if key in self._amounts),
            names=self.names(sentence),
            context=stems(sentence.of(self._text)),
            claim=claim,
        )

    def _parties(self, account: Account) -> Iterator[Party]:
        for participant in account.participants:
            yield self.party(participant.role, participant.key, participant.span)


def is_nominal(account: Account) -> bool:
    """Whether an account is told by a noun (or by an adjective), and so taken for granted. What
    verbs without a tense tell ("may kill") is never certain."""
    return account.tense is Tense.NONE and account.certainty is Certainty.CERTAIN


def amount(value: str, unit: str, shown: str) -> Amount:
    """A number with what it counts; a number's words tell whether it is a bound."""
    around = set(words(shown))
    bound = next((each for each in ("atleast", "atmost", "roughly") if around & listed(each)), "")
    return Amount(float(value), unit, bound)


def _commonest(counted: Counter[str], most: int) -> list[str]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ordered[:most]]


def _described(label: str) -> tuple[str, ...]:
    """The stems of a description, without numbers: "three people"."""
    numerals = stems_of("numerals")
    found = (each for each in stems(label) if each not in numerals and not each.isdigit())
    return tuple(sorted(found))


def _name_words(names: Iterable[str]) -> tuple[str, ...]:
    found = {word for name in names for word in words(name) if says_something(word)}
    return tuple(sorted(found))


def day_of(when: date | None) -> str:
    """A day as it is compared."""
    return when.isoformat() if when else ""


_NO_EVENT = frozenset(
    each.value
    for each in (
        EventClass.REPORTING,
        EventClass.STATE,
        EventClass.I_STATE,
        EventClass.PERCEPTION,
        EventClass.ASPECTUAL,
    )
)


def is_event(telling: Telling) -> bool:
    """Whether a telling may be of an event that others tell of: not saying, seeming or being."""
    return str(telling.event_class) not in _NO_EVENT


def parties_of(telling: Telling, role: Role) -> tuple[Party, ...]:
    """The participants in one role."""
    return tuple(each for each in telling.parties if each.role == role)
