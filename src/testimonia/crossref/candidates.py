"""What a local entity may be: looked up by keys, never by going through the archive.

Comparisons per local entity are at most twice ``MOST``, whatever the size of the archive. Under a
key that many entities stand the latest ``PER_KEY`` are looked at, which is enough for a full name.
A surname alone that so many bear tells nobody: it is compared with none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog, Counted, Profiled
from testimonia.linking.comparing import may_be
from testimonia.linking.persons import person_name
from testimonia.linking.profiles import (
    SHARED,
    SURROUNDINGS,
    Canonical,
    Kind,
    Profile,
    Trait,
    by_kind,
)

PER_KEY: Final = 16
MOST: Final = 16
_COMMON_DOCUMENTS: Final = 5  # a trait of so many documents still tells, however few there are
_COMMON_SHARE: Final = 20  # beyond, one in so many may have it
_NAMED: Final = "".join((Trait.NAME, Trait.KIND, Trait.GENDER))
_WHOLE: Final = _NAMED + "".join((Trait.ROLE, Trait.COUNTRY, Trait.MONTH, Trait.SOURCE))


@dataclass(slots=True)
class Candidates:
    """Finds them in one archive; ``comparisons`` counts how many it has given."""

    catalog: Catalog
    comparisons: int = field(default=0)

    def of(self, profile: Profile) -> list[Canonical]:
        """The entities of the archive that it may be by name: those that have its name, and only
        if there are none those that have another form of it."""
        for keys in profile.searches:
            found = self.catalog.standing_under(keys, PER_KEY)
            if len(found) >= PER_KEY and _is_lone(profile):
                return []
            found.sort(key=lambda each: (-each[1], each[0]))
            chosen = [number for number, _ in found[:MOST]]
            self.comparisons += len(chosen)
            possible = [each for each in chosen if may_be(profile, self._named(each))]
            if possible:
                return [self.canonical(each, profile.traits) for each in possible]
        return []

    def _named(self, number: int) -> Canonical:
        """An entity of the archive with its names, kinds and genders alone."""
        summed = self.catalog.summed(number, _NAMED)
        return Canonical(summed.number, summed.entity, summed.members, by_kind(summed.traits))

    def canonical(self, number: int, traits: frozenset[str]) -> Canonical:
        """An entity of the archive with all of its own traits, and those of its surroundings that
        are among ``traits``."""
        summed = self.catalog.summed(number, _WHOLE, traits)
        return Canonical(summed.number, summed.entity, summed.members, by_kind(summed.traits))

    def common(self, profiles: Iterable[Profile]) -> frozenset[str]:
        """The traits of documents that so many have that they tell nothing."""
        traits = surroundings(profiles)
        documents, having = self.catalog.documents_with(traits)
        share = documents // _COMMON_SHARE
        limit = max(_COMMON_DOCUMENTS, share)
        # The month and the publisher are no subject: of a few documents they tell nothing at all.
        return frozenset(
            trait
            for trait, count in having.items()
            if count > (limit if trait[0] in SURROUNDINGS else share)
        )


def surroundings(profiles: Iterable[Profile]) -> frozenset[str]:
    """All traits of a document's surroundings, and of the document itself."""
    found = (trait for profile in profiles for trait in profile.traits)
    return frozenset(trait for trait in found if trait[0] in SHARED)


def counted(profile: Profile) -> Counted:
    """What a profile adds to its canonical entity."""
    return Counted(profile.own_traits, profile.keys)


def as_profile(kept: Profiled) -> Profile:
    """A profile as it was kept."""
    return Profile(kept.document, kept.key, Kind(kept.kind), kept.names, kept.traits, kept.stated)


def _is_lone(profile: Profile) -> bool:
    if profile.kind is not Kind.PERSON:
        return False
    parts = [person for name in profile.names if (person := person_name(name))]
    return not any(person.is_full for person in parts)
