"""The list of pairs made for the purpose: false merges of homographs, and merges missed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testimonia.linking.deciding import decide
from testimonia.linking.persons import gender_of, person_name
from testimonia.linking.profiles import Canonical, Kind, Profile, Trait, by_kind

FILE = Path(__file__).parents[2] / "tests" / "data" / "entity_pairs.tsv"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two local entities of two documents; ``same`` tells whether they are one."""

    same: bool
    why: str
    one: Profile
    other: Profile


def read_pairs(file: Path = FILE) -> list[Pair]:
    """All pairs of the list."""
    return list(_pairs(file))


def are_linked(pair: Pair) -> bool:
    """Whether the second is linked to the first, as if the archive knew no other."""
    return decide(pair.other, [canonical(pair.one)], frozenset()) is not None


def are_one_by_name(pair: Pair) -> bool:
    """The baseline: of one kind, and of the same name."""
    return pair.one.kind is pair.other.kind and pair.one.names == pair.other.names


def canonical(profile: Profile, number: int = 1) -> Canonical:
    """An entity of the archive that one local entity makes."""
    traits = by_kind(dict.fromkeys(profile.own_traits, 1))
    return Canonical(number, f"actor/{number}", 1, traits)


def _pairs(file: Path) -> Iterator[Pair]:
    with file.open(encoding="utf-8") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
        for verdict, why, kinds, one, around, other, around_other in rows:
            first, _, second = kinds.partition("|")
            yield Pair(
                verdict == "merge",
                why,
                _profile("one", Kind(first), one, around),
                _profile("other", Kind(second or first), other, around_other),
            )


def _profile(document: str, kind: Kind, names: str, around: str) -> Profile:
    traits = {each.strip().replace("=", ":", 1) for each in around.split(";") if each.strip()}
    spelt = tuple(names.split("|"))
    person = person_name(spelt[0])
    if kind is Kind.PERSON and person and (gender := gender_of(person)):
        traits.add(Trait.GENDER.of(gender))
    return Profile(document, "actor/0", kind, spelt, frozenset(traits))
