"""Whether two tellings are of one event: evidence, a calibrated probability, the reasons.

A logistic regression over what two tellings share and in what they differ, whose weights
``benchmarks/train_crossref.py`` fits (``data/events_weights.csv``). What happens is told by the
word and its family, to whom and by whom by participants, when and where by times and places; what
else the sentences and the documents speak of stands in for what a telling leaves out.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from testimonia.linking.tellings import Amount, Days, Telling
from testimonia.linking.words import likeness, overlap, stem, stems_of

NEAR_DAYS: Final = 4  # documents of one event mostly appear within these
FAR_DAYS: Final = 40
_TELLING: Final = 0.5
_MUCH: Final = 0.3


@dataclass(frozen=True, slots=True)
class Setting:
    """The document of a telling: its id, its day (ISO 8601, or empty) and what it is about."""

    document: str
    day: str
    topic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of a pair, by name, from 0 to 1."""

    features: Mapping[str, float]

    @property
    def same_word(self) -> bool:
        """Whether both have the same word or words of one meaning."""
        return "same word" in self.features or "same family" in self.features

    def without(self, *names: str) -> Evidence:
        """The same but for some features."""
        return Evidence({name: v for name, v in self.features.items() if name not in names})

    @property
    def probability(self) -> float:
        """How probable it is that both are of one event."""
        weights = _weights()
        score = weights["bias"] + sum(
            weights.get(name, 0.0) * value for name, value in self.features.items()
        )
        return 1.0 / (1.0 + math.exp(-score))


def compare(one: Telling, here: Setting, other: Telling, there: Setting) -> Evidence:
    """What speaks for and against two tellings being of one event."""
    found = dict(_of_word(one, other))
    found.update(_of_parties(one, other))
    found.update(_of_where_and_when(one, here, other, there))
    names = overlap(one.names, other.names)
    context = likeness(one.context, other.context)
    word = found.get("same word", 0.0) or found.get("same family", 0.0)
    found["names"] = names
    found["context"] = context
    if here.document == there.document:
        found["same document"] = 1.0
        found["word in one document"] = word
        topic = 0.0
    else:
        topic = _of_topics(here.topic, there.topic)
    found["topic"] = topic
    found["word and names"] = word * names
    found["word and context"] = word * context
    found["word and topic"] = word * topic
    return Evidence({name: value for name, value in found.items() if value})


def compare_as_one(one: Telling, here: Setting, other: Telling, there: Setting) -> Evidence:
    """The same, as if both told of it in the same word."""
    return compare(one, here, replace(other, word=one.word, families=one.families), there)


@lru_cache(maxsize=4096)
def _of_topics(one: frozenset[str], other: frozenset[str]) -> float:
    return likeness(one, other)


def may_share(one: Telling, other: Telling) -> bool:
    """Whether two tellings have the same word or words of one meaning: cheap to ask."""
    return one.word == other.word or any(each in other.families for each in one.families)


def _of_word(one: Telling, other: Telling) -> Iterator[tuple[str, float]]:
    same = one.word == other.word
    if same:
        yield "same word", 1.0
        if is_light(one.word):
            yield "light word", 1.0
    elif any(each in other.families for each in one.families):
        yield "same family", 1.0
    if one.type == other.type != "other":
        yield "same type", 1.0
    elif "other" not in {one.type, other.type}:
        yield "other type", 1.0
    if one.negative != other.negative:
        yield "one denied", 1.0
    if one.real != other.real:
        yield "one unreal", 1.0
    if one.event_class == other.event_class == "REPORTING":
        yield "both reporting", 1.0


def _of_parties(one: Telling, other: Telling) -> Iterator[tuple[str, float]]:
    likes = [(a, b, a.is_like(b)) for a in one.parties for b in other.parties]
    for role in ("agent", "patient"):
        own = [(a, b, like) for a, b, like in likes if a.role == role == b.role]
        if not own:
            continue
        best = max(like for _, _, like in own)
        yield f"same {role}", best
        if best < 0.5:
            named = any(a.named for a, _, _ in own) and any(b.named for _, b, _ in own)
            yield f"other {role}" + (", named" if named else ""), 1.0
    if likes:
        yield "same participant", max(like for _, _, like in likes)
    if one.amounts and other.amounts:
        yield from _of_amounts(one.amounts, other.amounts)


def _of_amounts(mine: Iterable[Amount], theirs: Iterable[Amount]) -> Iterator[tuple[str, float]]:
    numbers = [(a.value, b.value) for a in mine for b in theirs if stem(a.unit) == stem(b.unit)]
    if numbers:
        yield ("same number" if any(a == b for a, b in numbers) else "other number"), 1.0


def _of_where_and_when(
    one: Telling, here: Setting, other: Telling, there: Setting
) -> Iterator[tuple[str, float]]:
    fits = [a.fits(b) for a in one.places for b in other.places]
    if True in fits:
        yield "same place", 1.0
    elif False in fits:
        yield "other place", 1.0
    if one.times and other.times:
        if any(meets(a, b) for a in one.times for b in other.times):
            yield "same time", 1.0
        else:
            yield "other time", 1.0
    apart = days_apart(here.day, there.day)
    if apart is not None:
        if apart <= NEAR_DAYS:
            yield "near in time", 1.0
        elif apart > FAR_DAYS:
            yield "far in time", 1.0


def meets(one: Days, other: Days) -> bool:
    """Whether two stretches of days share one."""
    return one[0] <= other[1] and other[0] <= one[1]


def days_apart(one: str, other: str) -> int | None:
    """How many days lie between two days; ``None`` where one is unknown."""
    if not one or not other:
        return None
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def is_light(word: str) -> bool:
    """Whether a stem is that of a verb that tells of nothing in particular."""
    return word in stems_of("light")


@cache
def _weights() -> Mapping[str, float]:
    text = (files("testimonia.linking") / "data" / "events_weights.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    rows = csv.reader(lines)
    next(rows)
    return {name: float(weight) for name, weight in rows}


def reasons(evidence: Evidence, one: Telling, other: Telling) -> tuple[str, ...]:
    """What speaks most for two tellings being of one event, in words."""
    found = []
    if "same word" in evidence.features:
        found.append(f"both: {one.shown}")
    elif "same family" in evidence.features:
        found.append(f"{one.shown}, {other.shown}")
    for name in ("same patient", "same agent", "same participant"):
        if evidence.features.get(name, 0.0) >= _TELLING:
            role = name.removeprefix("same ").replace("participant", "")
            found.append(f"{name}{_shared(one, other, role)}")
            break
    found += [
        name for name in ("same place", "same time", "same number") if name in evidence.features
    ]
    for name in ("topic", "context"):
        if evidence.features.get(name, 0.0) >= _MUCH:
            found.append(f"like {name}")
    return tuple(found)


def _shared(one: Telling, other: Telling, role: str) -> str:
    pairs = (
        (a.is_like(b), a.shown)
        for a in one.parties
        for b in other.parties
        if not role or a.role == b.role == role
    )
    likely, shown = max(pairs, default=(0.0, ""))
    return f": {shown}" if likely and shown else ""


MERGED: Final = 0.3
"""From this mean probability on two events are one: chosen on the tuning part of ECB+."""

WEEK: Final = 7


def may_be_one(evidence: Evidence, one: Telling, other: Telling) -> bool:
    """Whether two tellings may have one event at all: what is denied, or lies ahead, is not what
    happened; weeks or countries apart is no disagreement of sources but another event.

    A noun takes it for granted that there is what it speaks of, whatever its sentence hopes or
    doubts: "the repair of the damage may take weeks".
    """
    features = evidence.features
    if one.negative or other.negative:
        return False
    if one.real != other.real and not (other.nominal if one.real else one.nominal):
        return False
    if "far in time" in features and "same time" not in features:
        return False
    if "other time" in features and all(
        days_between(a, b) > WEEK for a in one.times for b in other.times
    ):
        return False
    return not ("other place" in features and "same time" not in features)


def days_between(one: Days, other: Days) -> int:
    """Days from the end of one stretch to the beginning of the other; none where they meet."""
    first, second = sorted((one, other))
    if meets(first, second):
        return 0
    return (date.fromisoformat(second[0]) - date.fromisoformat(first[1])).days


_APART: Final = frozenset(
    ("other agent, named", "other patient, named", "other number", "other place", "other time")
)


def may_be_one_here(evidence: Evidence, one: Telling, other: Telling) -> bool:
    """Whether two tellings of one text, which the reading has kept apart, may be of one event:
    somebody takes part in both, or nothing tells of two.

    What "the decrees were met with doubt" tells of is not "the meeting of Ada Brook and Bo Lind":
    where somebody is named, who takes part is told, and others are others.
    """
    features = evidence.features
    if features.get("same participant", 0.0) >= _TELLING:
        return True
    named = any(each.named for each in (*one.parties, *other.parties))
    if named and one.parties and other.parties:
        return False
    return _APART.isdisjoint(features)


@dataclass(frozen=True, slots=True)
class Likely:
    """An event that a local one may be: its path, how probable, and why."""

    event: str
    probability: float
    because: tuple[str, ...]


def best_event(
    compared: Iterable[tuple[str, Telling, Telling, Evidence]],
) -> Likely | None:
    """Of the events whose tellings a local event's were compared with, the one that it is.

    ``compared`` are event path, own telling, other telling, evidence. An event is as probable as
    the better half of the pairs are in the mean, where a pair that cannot be counts as nothing.
    """
    pairs: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
    for event, own, other, evidence in compared:
        able = may_be_one(evidence, own, other)
        pair = (evidence.probability, reasons(evidence, own, other)) if able else (0.0, ())
        pairs.setdefault(event, []).append(pair)
    found = [_likely(event, each) for event, each in pairs.items()]
    best = max(found, key=lambda each: (each.probability, each.event), default=None)
    return best if best is not None and best.probability >= MERGED else None


def _likely(event: str, pairs: list[tuple[float, tuple[str, ...]]]) -> Likely:
    pairs.sort(key=lambda pair: pair[0], reverse=True)
    better = pairs[: (len(pairs) + 1) // 2]
    return Likely(event, sum(p for p, _ in better) / len(better), pairs[0][1])
