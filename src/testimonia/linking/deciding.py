"""Which entity of the archive a local one is: odds by Fellegi and Sunter, candidates competing.

Each candidate's odds are its prior (how often it was met), times the ratio of each comparison's
level between pairs that are one and pairs that are not. A local entity is at most one of the
candidates, or somebody new: odds of 1. So the probability of a candidate is its odds over all of
them, and of two of one common name that nothing tells apart neither gets a link.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from testimonia.linking.comparing import Comparison, compare
from testimonia.linking.profiles import Canonical, Profile, Trait
from testimonia.linking.weights import weights

_REASONS = 6
_NAMES = 4
_TELLING = {
    Trait.COMPANY: "both with",
    Trait.PLACE: "both in",
    Trait.WORD: "both documents about",
    Trait.ROLE: "same role",
    Trait.SOURCE: "same source",
    Trait.MONTH: "same month",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The entity of the archive that a local one is, with the probability and the reasons.

    ``doubles`` are others that it is by itself as surely, and that may be that one too.
    """

    canonical: Canonical
    probability: float
    because: tuple[str, ...]
    doubles: tuple[Canonical, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether a link is made."""
        return self.probability >= weights().threshold


def decide(
    profile: Profile, candidates: Sequence[Canonical], common: frozenset[str]
) -> Verdict | None:
    """Which of the candidates the local entity is; ``None`` where it is none of them, or nothing
    tells which.

    ``common`` are the traits that so many documents have that they tell nothing.
    """
    found = nearest(profile, candidates, common)
    return found if found is not None and found.is_sure else None


def nearest(
    profile: Profile, candidates: Sequence[Canonical], common: frozenset[str]
) -> Verdict | None:
    """Which of the candidates the local entity is most likely, however likely that is; ``None``
    where it can be none of them.

    ``common`` are the traits that so many documents have that they tell nothing.
    """
    compared = [(each, compare(profile, each, common)) for each in candidates]
    possible = [(odds(each, one), each, one) for each, one in compared if one.name.is_possible]
    if not possible:
        return None
    possible.sort(key=lambda each: (-each[0], each[1].number))
    (best, canonical, comparison), *others = possible
    rivals = math.fsum(value * _are_two(other, canonical) for value, other, _ in others)
    probability = best / (1 + best + rivals)
    doubles = tuple(
        other
        for value, other, _ in others
        if probability >= weights().threshold
        and value / (1 + value) >= weights().threshold
        and _are_two(other, canonical) < 1
    )
    return Verdict(canonical, probability, _reasons(comparison), doubles)


def _are_two(one: Canonical, other: Canonical) -> float:
    """How probable it is, by their names alone, that two of the archive's entities are two. Where
    they may well be one that nothing showed to be one yet, they hardly compete."""
    kind = min(one.kinds)
    named = Profile("", "", kind, one.names[:_NAMES], frozenset())
    comparison = compare(named, other, frozenset())
    if not comparison.name.is_possible:
        return 1.0
    return 1 / (1 + odds(other, comparison))


def odds(canonical: Canonical, comparison: Comparison) -> float:
    """How much more probable it is that the two are one than that they are not."""
    known = weights()
    prior = min(max(canonical.members, 1), known.most_members) / known.others
    ratio = known.names.get(comparison.name, 0.0) / comparison.chance
    return prior * ratio * math.prod(factors(comparison.levels).values())


def factors(levels: Mapping[str, str]) -> dict[str, float]:
    """The ratio of each comparison's level."""
    known = weights().levels
    return {name: known[name][level] for name, level in levels.items()}


def _reasons(comparison: Comparison) -> tuple[str, ...]:
    """What decided, in words; the names first."""
    own, theirs = comparison.names
    told = f"{comparison.name}: {own}"
    if own != theirs:
        told += f", {theirs}"
    return (told, *_also(comparison.shared))[:_REASONS]


def _also(shared: Iterable[str]) -> list[str]:
    told = [(Trait(each[0]), each[2:]) for each in shared]
    order = list(_TELLING)
    told.sort(key=lambda each: (order.index(each[0]), each[1]))
    return [f"{_TELLING[trait]}: {value}" for trait, value in told]
