"""What linking knows of an entity: as one document has it, and as the archive has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from testimonia.linking.bodies import body_keys, body_name, body_searches
from testimonia.linking.persons import person_keys, person_name, person_searches


class Kind(StrEnum):
    """What can be one and the same at all. Somebody whose kind nobody tells (the author that
    metadata name) may be a person or an organisation."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    PLACE = "place"
    ANY = "any"

    def agrees(self, other: Kind) -> bool:
        """Whether the two may be one."""
        if Kind.ANY in {self, other}:
            return Kind.PLACE not in {self, other}
        return self is other or {self, other} == _BODIES


_BODIES = frozenset({Kind.ORGANIZATION, Kind.GROUP})


class Trait(StrEnum):
    """Kinds of trait; a trait is one of these, a colon and a value."""

    NAME = "n"  # a spelling
    KIND = "y"
    GENDER = "g"
    ROLE = "r"  # an office or calling: "minister"
    COMPANY = "a"  # another actor of the document, by its name
    PLACE = "p"  # a place of the document
    COUNTRY = "k"  # the country of most of its places
    WORD = "w"  # a word that the document uses often
    MONTH = "m"
    SOURCE = "s"  # who published it

    def of(self, value: str) -> str:
        """The trait of this kind with a value."""
        return f"{self}:{value}"


SURROUNDINGS = frozenset({Trait.COMPANY, Trait.PLACE, Trait.WORD})
"""What tells what a document is about."""
SHARED = SURROUNDINGS | {Trait.MONTH, Trait.SOURCE}
"""What documents have in common, and tells nothing where many do."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A local entity as linking sees it.

    ``names`` are the spellings of its proper names, the best one first; ``traits`` what is known
    of it and of its document. ``stated`` is true for what metadata name and not the text.
    """

    document: str
    key: str
    kind: Kind
    names: tuple[str, ...]
    traits: frozenset[str] = frozenset()
    stated: bool = False

    def values(self, trait: Trait) -> frozenset[str]:
        """The values of its traits of one kind."""
        return values(self.traits, trait)

    @property
    def rank(self) -> tuple[bool, bool, int, str]:
        """In this order a document's are linked: names that tell more first, so that a surname
        finds the full name; then as the text has them."""
        number = self.key.rpartition("/")[2].partition("-")[0]
        lone = all(len(name.split()) == 1 for name in self.names)
        return self.stated, lone, int(number) if number.isdecimal() else 0, self.key

    @property
    def own_traits(self) -> frozenset[str]:
        """All that a cluster counts of it."""
        names = {Trait.NAME.of(name) for name in self.names}
        return self.traits | names | {Trait.KIND.of(self.kind)}

    @property
    def keys(self) -> frozenset[str]:
        """Under which keys it is found."""
        return frozenset(key for name in self.names for key in _keys(name, self.kind))

    @property
    def searches(self) -> tuple[tuple[str, ...], ...]:
        """Under which keys to look for what it may be: first where its names stand, then where
        other forms of them do."""
        found = [each for name in self.names for each in _searches(name, self.kind)]
        same = dict.fromkeys(key for each, _ in found for key in each)
        wider = dict.fromkeys(key for _, each in found for key in each if key not in same)
        return tuple(same), tuple(wider)


@dataclass(frozen=True, slots=True)
class Canonical:
    """An entity of the archive as linking sees it.

    ``members`` is the number of local entities that are it; ``traits`` gives by kind and value how
    many of them have a trait, of those traits that were asked for.
    """

    number: int
    path: str
    members: int
    traits: Mapping[str, Mapping[str, int]]

    def values(self, trait: Trait) -> Collection[str]:
        """The values of its traits of one kind."""
        return self.traits.get(trait, _NOTHING).keys()

    def having(self, trait: str) -> int:
        """How many of its local entities have a trait."""
        return self.traits.get(trait[0], _NOTHING).get(trait[2:], 0)

    @property
    def names(self) -> tuple[str, ...]:
        """Its spellings, the most frequent first."""
        counted = self.traits.get(Trait.NAME, _NOTHING)
        return tuple(sorted(counted, key=lambda name: (-counted[name], name)))

    @property
    def kinds(self) -> frozenset[Kind]:
        """What its local entities are; of persons and bodies, which the reading of a text takes for
        one another, what most are."""
        counted = self.traits.get(Trait.KIND, _NOTHING)
        found = frozenset(map(Kind, counted))
        persons = counted.get(Kind.PERSON, 0)
        bodies = sum(counted.get(each, 0) for each in _BODIES)
        if not persons or not bodies:
            return found
        return found - _BODIES if persons >= bodies else found - {Kind.PERSON}


def by_kind(counted: Mapping[str, int]) -> Mapping[str, Mapping[str, int]]:
    """Traits with their numbers, by kind and value."""
    found: dict[str, dict[str, int]] = {}
    for trait, count in counted.items():
        found.setdefault(trait[0], {})[trait[2:]] = count
    return found


_NOTHING: Mapping[str, int] = MappingProxyType({})


def values(traits: Iterable[str], trait: Trait) -> frozenset[str]:
    """The values of the traits of one kind."""
    return frozenset(each[2:] for each in traits if each[0] == trait)


def _keys(name: str, kind: Kind) -> Iterator[str]:
    if kind in {Kind.PERSON, Kind.ANY} and (person := person_name(name)):
        yield from person_keys(person)
    if kind is Kind.PLACE and (place := body_name(name, place=True)):
        yield from (f"p{key}" for key in body_keys(place))
    if kind not in {Kind.PERSON, Kind.PLACE} and (body := body_name(name)):
        yield from body_keys(body)


def _searches(name: str, kind: Kind) -> Iterator[tuple[list[str], list[str]]]:
    if kind in {Kind.PERSON, Kind.ANY} and (person := person_name(name)):
        yield person_searches(person)
    if kind is Kind.PLACE and (place := body_name(name, place=True)):
        same, wider = body_searches(place)
        yield [f"p{key}" for key in same], [f"p{key}" for key in wider]
    if kind not in {Kind.PERSON, Kind.PLACE} and (body := body_name(name)):
        yield body_searches(body)
    if kind in {Kind.PERSON, Kind.ORGANIZATION}:
        yield [], _as_the_other_kind(name, kind)


def _as_the_other_kind(name: str, kind: Kind) -> list[str]:
    """Where a person of this name stands that a reading took for a body, or a body that it took
    for a person."""
    person, body = person_name(name), body_name(name)
    if person is None or body is None or not person.is_full:
        return []
    return list(body_keys(body))[:1] if kind is Kind.PERSON else list(person_keys(person))[:1]
