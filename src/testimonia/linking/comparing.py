"""A local entity beside one of the archive's: on what they agree, level by level.

Fellegi and Sunter (1969): each comparison has a level, and each level a weight
(``scoring``). What is the same on both sides by chance is told by how many bear a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import BodyName, body_name, compare_bodies
from testimonia.linking.persons import (
    compare_persons,
    is_given_name,
    person_name,
    share,
)
from testimonia.linking.profiles import SURROUNDINGS, Canonical, Kind, Profile, Trait
from testimonia.linking.spelling import words_of
from testimonia.linking.weights import weights

_NAMES = 24  # of an entity of the archive, the most frequent ones
_MANY = 3
_LEVELS = list(Agreement)
_PORTION = 50  # of the members of a large entity one in so many must have a trait for it to count


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a local entity stands to one of the archive's.

    ``chance`` is the probability that the names agree so far by chance, ``levels`` the level of
    each other comparison (those of which one side knows nothing are left out), ``shared`` the
    traits on which both agree.
    """

    name: Agreement
    names: tuple[str, str] = ("", "")
    chance: float = 1.0
    levels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shared: tuple[str, ...] = ()


def may_be(profile: Profile, other: Canonical) -> bool:
    """Whether kind, gender and names allow that the two are one; of the archive's entity no other
    traits are needed."""
    return _by_name(profile, other).name.is_possible


def compare(profile: Profile, other: Canonical, common: frozenset[str]) -> Comparison:
    """The comparison of a local entity with one of the archive's.

    ``common`` are the traits of its surroundings that so many documents have that they tell
    nothing.
    """
    found = _by_name(profile, other)
    if not found.name.is_possible:
        return found
    shared = _shared(profile, other, common)
    levels = {
        "surroundings": _surroundings(profile, shared),
        "roles": _overlap(profile, other, Trait.ROLE),
        "country": _overlap(profile, other, Trait.COUNTRY),
        "month": _month(profile, other, common),
        "source": _source(profile, other, common),
        "kinds": _kinds(profile, other),
    }
    told = {name: level for name, level in levels.items() if level}
    both = _both(profile, other, (Trait.ROLE, Trait.SOURCE, Trait.MONTH))
    also = (*shared, *(trait for trait in both if trait not in common))
    return Comparison(found.name, found.names, found.chance, told, also)


def _by_name(profile: Profile, other: Canonical) -> Comparison:
    if _genders_apart(profile, other):
        return Comparison(Agreement.CONFLICT)
    kinds = other.kinds
    if all(map(profile.kind.agrees, kinds)):
        return _best(profile, other.names[:_NAMES], kinds, _countries(profile, other))
    return _of_other_kind(profile, other)


def _of_other_kind(profile: Profile, other: Canonical) -> Comparison:
    """A person that a reading took for a body, or a body for a person: the same full name, and
    nothing less."""
    if {profile.kind, *other.kinds} != {Kind.PERSON, Kind.ORGANIZATION}:
        return Comparison(Agreement.CONFLICT)
    for name in profile.names:
        for their in other.names[:_NAMES]:
            compared = _persons(name, their, profile)
            if compared.name is Agreement.SAME and words_of(name) == words_of(their):
                return compared
    return Comparison(Agreement.CONFLICT)


def _kinds(profile: Profile, other: Canonical) -> str:
    if profile.kind in other.kinds:
        return "same"
    return "other" if all(map(profile.kind.agrees, other.kinds)) else "apart"


@dataclass(frozen=True, slots=True)
class _Countries:
    """The codes of the countries that the documents of either are about."""

    own: frozenset[str]
    theirs: frozenset[str]

    def fit(self, one: BodyName, other: BodyName) -> bool | None:
        """Whether a body that tells no country may be of the one that the other tells, or both of
        one country; ``None`` where nobody knows."""
        a = one.countries or self.own
        b = other.countries or self.theirs
        return not a.isdisjoint(b) if a and b else None


def _countries(profile: Profile, other: Canonical) -> _Countries:
    a, b = profile.values(Trait.COUNTRY), other.values(Trait.COUNTRY)
    return _Countries(*(frozenset(code.lower() for code in each) for each in (a, b)))


# ---------------------------------------------------------------------------------------- names


def _best(
    profile: Profile, theirs: tuple[str, ...], kinds: frozenset[Kind], country: _Countries
) -> Comparison:
    """The comparison of the two names that agree least by chance; no name may be excluded."""
    best = Comparison(Agreement.NONE)
    for compared in _pairs(profile, theirs, kinds, country):
        if compared.name is Agreement.CONFLICT:
            return compared
        if compared.name is not Agreement.NONE and _rank(compared) < _rank(best):
            best = compared
    return best


def _rank(compared: Comparison) -> tuple[float, int]:
    return compared.chance, _LEVELS.index(compared.name)


def _pairs(
    profile: Profile, theirs: Iterable[str], kinds: frozenset[Kind], country: _Countries
) -> Iterable[Comparison]:
    as_person = Kind.PERSON in {profile.kind, *kinds} or profile.kind is Kind.ANY
    as_body = {profile.kind, *kinds} & {Kind.ORGANIZATION, Kind.GROUP, Kind.PLACE}
    place = profile.kind is Kind.PLACE
    for name in profile.names:
        for their in theirs:
            if as_person and not as_body:
                yield _persons(name, their, profile)
            else:
                a, b = body_name(name, place=place), body_name(their, place=place)
                if a and b:
                    agreement = compare_bodies(a, b)
                    chance = _chance_of_bodies(a, b, agreement, country, place=place)
                    yield Comparison(agreement, (name, their), chance)


def _persons(name: str, their: str, profile: Profile) -> Comparison:
    a, b = person_name(name), person_name(their)
    if a is None or b is None:
        return Comparison(Agreement.NONE)
    agreement = compare_persons(a, b)
    fuller = a if len(a.words) <= len(b.words) else b
    chance = share(fuller, agreement)
    if is_given_name(a) or is_given_name(b):
        chance = max(chance, weights().chances.given_name)
    return Comparison(agreement, (name, their), chance)


def _chance_of_bodies(
    one: BodyName, other: BodyName, agreement: Agreement, country: _Countries, *, place: bool
) -> float:
    chances = weights().chances
    if agreement is Agreement.ACRONYM:
        letters = min(len(word) for each in (one, other) if each.is_acronym for word in each.words)
        return chances.acronym if letters <= 3 else chances.long_acronym
    if one.alias and one.alias == other.alias:
        return chances.several_words
    words = min(len(one.telling), len(other.telling))
    if one.countries & other.countries and words == 0:
        return chances.one_word
    if words == 0:
        # Every country has its General Staff.
        return {True: chances.generic_of_country, None: chances.generic, False: 1.0}[
            country.fit(one, other)
        ]
    if place:
        chance = chances.place_of_one_word if words == 1 else chances.place_of_several_words
    else:
        chance = chances.one_word if words == 1 else chances.several_words
    return 3 * chance if agreement in {Agreement.SPELLING, Agreement.PART} else chance


# -------------------------------------------------------------------------------------- context


def _genders_apart(profile: Profile, other: Canonical) -> bool:
    a, b = profile.values(Trait.GENDER), other.values(Trait.GENDER)
    return bool(a and b) and a.isdisjoint(b)


def _shared(profile: Profile, other: Canonical, common: frozenset[str]) -> tuple[str, ...]:
    """What the two documents are about, both of them, and few others."""
    least = max(1, other.members // _PORTION)
    return tuple(
        trait
        for trait in sorted(profile.traits)
        if trait[0] in SURROUNDINGS and trait not in common and other.having(trait) >= least
    )


def _surroundings(profile: Profile, shared: tuple[str, ...]) -> str:
    if not any(trait[0] in SURROUNDINGS for trait in profile.traits):
        return ""
    if not shared:
        return "none"
    return ("one", "two", "many")[min(len(shared), _MANY) - 1]


def _overlap(profile: Profile, other: Canonical, trait: Trait) -> str:
    a, b = profile.values(trait), other.values(trait)
    if not a or not b:
        return ""
    return "other" if a.isdisjoint(b) else "same"


def _month(profile: Profile, other: Canonical, common: frozenset[str]) -> str:
    own, theirs = profile.values(Trait.MONTH), other.values(Trait.MONTH)
    if not own or not theirs:
        return ""
    (month,) = own
    if month in theirs:
        # In an archive of one month's documents it tells no more than the year.
        return "year" if Trait.MONTH.of(month) in common else "same"
    apart = min(abs(_months(month) - _months(each)) for each in theirs)
    return "year" if apart <= 12 else "other"


def _source(profile: Profile, other: Canonical, common: frozenset[str]) -> str:
    level = _overlap(profile, other, Trait.SOURCE)
    told = {Trait.SOURCE.of(value) for value in profile.values(Trait.SOURCE)}
    return "" if level == "same" and told <= common else level


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7] or 1)


def _both(profile: Profile, other: Canonical, kinds: tuple[Trait, ...]) -> list[str]:
    return [
        kind.of(value)
        for kind in kinds
        for value in sorted(profile.values(kind).intersection(other.values(kind)))
    ]
