"""How well a thing fits a query: pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.candidates import Thing, fold, similarity
from testimonia.reconciling.asked import Constraint, Query
from testimonia.reconciling.schema import AUTHORITY, PROPERTIES

# A candidate is a match if it is nearly the whole and nobody else is near it: "Ada Brook" and
# "Brook, Ada" are, two that bear the name are not.
_SURE: Final = 95.0
_APART: Final = 10.0
# Below it names have no more in common than a word or some letters.
_LEAST: Final = 30.0
_OF_PROPERTIES: Final = 0.25  # what properties weigh, where they can be compared, beside the name
_WRONG_TYPE: Final = 0.8  # of a query that says "should"
_KILOMETRES: Final = 25.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing with its score, from 0 to 100, what made it, and whether it is clearly meant."""

    thing: Thing
    score: float
    features: Mapping[str, float | bool]
    match: bool = False


def rank(query: Query, things: Iterable[Thing], labels: Mapping[str, str]) -> list[Candidate]:
    """The things that fit, the best first, each once; ``labels`` are those of things that facts
    speak of, by IRI."""
    scored = [_scored(query, each, labels) for each in things if _is_wanted(query, each)]
    kept = [each for each in scored if each.score >= _LEAST]
    kept.sort(key=lambda each: (-each.score, each.thing.source, each.thing.iri))
    return _decided(query, kept)[: query.limit]


def certain(thing: Thing) -> Candidate:
    """The thing that a query names by its id."""
    return Candidate(thing, 100.0, {"id": True}, match=True)


def _decided(query: Query, ranked: list[Candidate]) -> list[Candidate]:
    if not ranked:
        return ranked
    best, second = ranked[0], ranked[1].score if len(ranked) > 1 else 0.0
    clear = best.score >= _SURE and best.score - second >= _APART
    named = not best.thing.first("unnamed")
    typed = not query.types or _has_types(query.types, best.thing)
    decided = Candidate(best.thing, best.score, best.features, clear and named and typed)
    return [decided, *ranked[1:]]


def _is_wanted(query: Query, thing: Thing) -> bool:
    if not query.types or query.strict == "should":
        return True
    fitting = [_is(thing, each) for each in query.types]
    return all(fitting) if query.strict == "all" else any(fitting)


def _has_types(types: Sequence[str], thing: Thing) -> bool:
    return any(_is(thing, each) for each in types)


def _is(thing: Thing, type_: str) -> bool:
    if type_.startswith(AUTHORITY):
        return thing.source == type_.removeprefix(AUTHORITY)
    return thing.is_a(type_)


def _scored(query: Query, thing: Thing, labels: Mapping[str, str]) -> Candidate:
    features: dict[str, float | bool] = {}
    # A name beside the label counts a little less, so that the label decides between two.
    alike = max(
        (
            similarity(query.text, name) * (1.0 if name == thing.label else 0.99)
            for name in thing.names
        ),
        default=0.0,
    )
    if query.text:
        features["name"] = round(100 * alike, 2)
    compared = []
    for constraint in query.constraints:
        agreement = _agreement(constraint, thing, labels)
        if agreement is not None:
            compared.append(agreement)
            features[f"property {constraint.property}"] = round(100 * agreement, 2)
    score = _combined(alike if query.text else None, compared)
    if query.types:
        features["type"] = _has_types(query.types, thing)
        score *= 1.0 if features["type"] else _WRONG_TYPE
    return Candidate(thing, round(100 * score, 2), features)


def _combined(alike: float | None, compared: Sequence[float]) -> float:
    agreed = sum(compared) / len(compared) if compared else None
    if alike is None:
        return agreed or 0.0
    if agreed is None:
        return alike
    return (1 - _OF_PROPERTIES) * alike + _OF_PROPERTIES * agreed * min(1.0, 2 * alike)


def _agreement(constraint: Constraint, thing: Thing, labels: Mapping[str, str]) -> float | None:
    """How well the best of the values fits, from 0 to 1; ``None`` where nothing is known."""
    property_ = PROPERTIES.get(constraint.property)
    if property_ is None or not property_.fact:
        return None
    if property_.fact == "point":
        return _near(constraint, thing, 0 if property_.id == "latitude" else 1)
    if property_.fact == "kinds":
        return max((float(thing.is_a(each)) for each in constraint.values), default=None)
    known = thing.names if property_.fact == "names" else thing.facts.get(property_.fact, ())
    if not known:
        return None
    values = [*known, *(labels[each] for each in known if each in labels)]
    pairs = [(a, b) for a in constraint.values for b in values]
    return max((_alike(property_.fact, a, b) for a, b in pairs), default=None)


def _alike(fact: str, asked: str, known: str) -> float:
    if fact in ("same", "close", "within") and (asked == known or known.endswith(f"/{asked}")):
        return 1.0
    if fact in ("begin", "end"):
        return 1.0 if asked[:4] == known[:4] else 0.0
    if fact in ("country", "feature"):
        return float(fold(asked) == fold(known))
    return similarity(asked, known)


def _near(constraint: Constraint, thing: Thing, axis: int) -> float | None:
    point = thing.facts.get("point")
    if point is None:
        return None
    away = []
    for value in constraint.values:
        try:
            degrees = abs(float(value) - float(point[axis]))
        except ValueError:
            continue
        kilometres = 111.2 * degrees
        if axis:
            kilometres *= math.cos(math.radians(float(point[0])))
        away.append(kilometres)
    return math.exp(-min(away) / _KILOMETRES) if away else None
