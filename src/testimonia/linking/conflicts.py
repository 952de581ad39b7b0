"""What two accounts of one event say that cannot both be so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from testimonia.linking.claims import Claim
from testimonia.linking.events import WEEK, Evidence, days_between, meets
from testimonia.linking.tellings import Amount, Party, Telling, Where
from testimonia.linking.words import listed, stem, stems_of

_Detail = TypeVar("_Detail")

_SAME: Final = 0.8
_ROUGHLY: Final = 0.15  # "about 50" and 55 agree
_PEOPLE: Final = frozenset(map(stem, ("people", "person", "victim", "dead", "fatality")))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why not both: in words, how much it weighs (from 0 to 1), and which feature of the
    pair told of it."""

    feature: str
    why: str
    weight: float


def conflicts(
    one: Telling, said: Claim, other: Telling, told: Claim, evidence: Evidence
) -> Iterator[Conflict]:
    """What speaks against two accounts both being so, if they are of one event."""
    if are_opposite(one.word, other.word):
        if one.negative == other.negative and _same_subject(one, other):
            why = f"“{one.shown}” and “{other.shown}”"
            yield Conflict("one denied", why, 0.9)
        return
    if not evidence.same_word:
        return
    if one.negative != other.negative:
        if not any(_of_details(one, said, other, told)):  # who denies 30 may well say 12
            yield Conflict("one denied", "what one affirms the other denies", 0.95)
        return
    if one.real != other.real:
        return
    yield from _of_details(one, said, other, told)
    yield from _of_parts(one, other)


def _of_details(one: Telling, said: Claim, other: Telling, told: Claim) -> Iterator[Conflict]:
    yield from _of_numbers(one, said, other, told)
    yield from _of_times(one, said, other, told)
    yield from _of_places(one, said, other, told)


def conflicts_of_words(said: Claim, told: Claim) -> Iterator[Conflict]:
    """What two statements in nearly the same words disagree in, where no account tells."""
    if (set(said.text) & listed("negation")) != (set(told.text) & listed("negation")):
        yield Conflict("one denied", "what one affirms the other denies", 0.9)
    yield from _of_amounts(said.amounts, told.amounts)


def are_apart(one: Telling, said: Claim, other: Telling, told: Claim, evidence: Evidence) -> bool:
    """Whether two accounts are of different events, rather than disagree about one: in places apart
    without anybody known in both; days apart, unless it is what happens to a thing once.

    Where an account names no place or time, those count that its statement speaks of.
    """
    known = any(a.named and b.named and a.is_like(b) >= _SAME for a, b in _pairs(one, other))
    here, there = one.places or said.places, other.places or told.places
    fits = [a.fits(b) for a in here for b in there]
    if False in fits and True not in fits and not known:
        return True
    when, then = one.times or said.times, other.times or told.times
    if not when or not then:
        return False
    apart = min(days_between(a, b) for a in when for b in then)
    counted = one.amounts or other.amounts  # "12 people" are others on another day
    once = one.word in stems_of("once") and "same patient" in evidence.features and not counted
    return apart > WEEK and not once


def _pairs(one: Telling, other: Telling) -> Iterator[tuple[Party, Party]]:
    return ((a, b) for a in one.parties for b in other.parties)


def _same_subject(one: Telling, other: Telling) -> bool:
    """Whether both say what they say of one thing: its patient, or who does it."""
    mine = _subject(one)
    theirs = _subject(other)
    return any(a.is_like(b) >= 0.5 for a in mine for b in theirs)


def _subject(telling: Telling) -> Sequence[Party]:
    patients = [each for each in telling.parties if each.role == "patient"]
    return patients or [each for each in telling.parties if each.role == "agent"]


def _lent(telling: Telling, details: tuple[_Detail, ...]) -> tuple[_Detail, ...]:
    """What a statement says besides, as if its account said it: not to a noun, of which it says
    something else ("the strike ended on Friday")."""
    return () if telling.nominal else details


def _of_numbers(one: Telling, said: Claim, other: Telling, told: Claim) -> Iterator[Conflict]:
    """Numbers of one unit of which none agree."""
    mine = one.amounts or _lent(one, said.amounts)
    yield from _of_amounts(mine, other.amounts or _lent(other, told.amounts))


def _of_amounts(mine: Sequence[Amount], theirs: Sequence[Amount]) -> Iterator[Conflict]:
    pairs = [(a, b) for a in mine for b in theirs if _one_unit(a, b)]
    if pairs and not any(agree(a, b) for a, b in pairs):
        a, b = pairs[0]
        yield Conflict("other number", f"{_shown(a)}, not {_shown(b)}", 0.9)


def _one_unit(one: Amount, other: Amount) -> bool:
    mine, theirs = stem(one.unit), stem(other.unit)
    return mine == theirs or (mine in _PEOPLE and theirs in _PEOPLE)


def agree(one: Amount, other: Amount) -> bool:
    """Whether two numbers can both be so: "at least 12" and 30 can."""
    if one.value == other.value:
        return True
    low, high = sorted((one, other), key=lambda each: each.value)
    if low.bound == "atleast" or high.bound == "atmost":
        return True
    if "roughly" in {one.bound, other.bound}:
        return high.value - low.value <= _ROUGHLY * high.value
    return False


def _shown(amount: Amount) -> str:
    if amount.unit == "score":
        return f"{amount.value // 1000:.0f}-{amount.value % 1000:.0f}"
    return f"{amount.value:,.10g} {amount.unit}"


def _of_times(one: Telling, said: Claim, other: Telling, told: Claim) -> Iterator[Conflict]:
    mine = one.times or _lent(one, said.times if len(said.times) == 1 else ())
    theirs = other.times or _lent(other, told.times if len(told.times) == 1 else ())
    if mine and theirs and not any(meets(a, b) for a in mine for b in theirs):
        yield Conflict("other time", f"{_days(mine[0])}, not {_days(theirs[0])}", 0.85)


def _days(days: tuple[str, str]) -> str:
    first, last = days
    if first == last:
        return first
    whole_year = re.fullmatch(r"(\d{4})-01-01\1-12-31", first + last)
    return whole_year[1] if whole_year else f"{first} to {last}"


def _of_places(one: Telling, said: Claim, other: Telling, told: Claim) -> Iterator[Conflict]:
    """Places apart; of those that no gazetteer knows names that differ, where somebody is known to
    be in both."""
    mine = one.places or _lent(one, said.places if len(said.places) == 1 else ())
    theirs = other.places or _lent(other, told.places if len(told.places) == 1 else ())
    fits = {a.fits(b) for a in mine for b in theirs}
    if not fits or True in fits:
        return
    known = any(a.named and b.named and a.is_like(b) >= _SAME for a, b in _pairs(one, other))
    if known:
        why = f"{_places(mine)}, not {_places(theirs)}"
        yield Conflict("other place", why, 0.8 if False in fits else 0.7)


def _places(places: Sequence[Where]) -> str:
    return " and ".join(" ".join(each.words).title() or each.entity for each in places)


def _of_parts(one: Telling, other: Telling) -> Iterator[Conflict]:
    """Who did it, where both name somebody and it befell the same; who did it to whom."""
    agents, patients = _role(one, "agent"), _role(one, "patient")
    others, others_patients = _role(other, "agent"), _role(other, "patient")
    if not agents or not others:
        return
    crossed = _alike(agents, others_patients) and _alike(patients, others)
    if crossed and not _alike(agents, others):
        yield Conflict("other agent, named", "who did it to whom", 0.85)
        return
    unlike = max(a.is_like(b) for a in agents for b in others) < 0.3
    named = any(each.named for each in agents) and any(each.named for each in others)
    if named and unlike and _alike(patients, others_patients):
        why = f"done by {_named(agents)}, not by {_named(others)}"
        yield Conflict("other agent, named", why, 0.75)


def _role(telling: Telling, role: str) -> list[Party]:
    return [each for each in telling.parties if each.role == role]


def _alike(one: Sequence[Party], other: Sequence[Party]) -> bool:
    return any(a.is_like(b) >= 0.8 for a in one for b in other)


def _named(parties: Sequence[Party]) -> str:
    return parties[0].shown or " ".join(parties[0].words)


def are_opposite(one: str, other: str) -> bool:
    """Whether two stems are a pair of opposites."""
    return other in _opposites().get(one, frozenset())


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in listed("opposites"):
        first, second = map(stem, pair.split())
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return {word: frozenset(others) for word, others in found.items()}


def has_opposite(word: str) -> bool:
    """Whether a stem is one of a pair of opposites."""
    return word in _opposites()
