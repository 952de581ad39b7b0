"""What has a name and can be meant by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

# Each with what it also is. A state is an actor and a place (DESIGN of the ontology).
KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Actor": (),
        "Person": ("Actor",),
        "Organization": ("Actor",),
        "Group": ("Actor",),
        "GeopoliticalEntity": ("Actor", "Place"),
        "Place": (),
        "Event": (),
    }
)
"""The classes of ``tst:`` that things are of, by their local names."""


def _no_facts() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the archive, or an entry of an authority file.

    ``source`` is empty for the archive's own, else the authority's name; ``kinds`` are the most
    special of ``KINDS`` that it is of, none where nobody says; ``names`` begin with the label.
    ``facts`` are what helps to tell namesakes apart, each a tuple of strings:

    =====================  =================================================================
    country                ISO 3166-1 alpha-2
    point                  latitude and longitude in degrees, two values
    begin, end             years or dates: of a life, a body, a place's name
    description            what it is, in words
    within                 IRIs of the places around it
    feature, event_type    GeoNames' code; the local name of the event's type
    same, close            IRIs of the same, or nearly the same, elsewhere
    unnamed                "yes" for who is only described ("officials")
    =====================  =================================================================
    """

    iri: str
    source: str
    label: str
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=_no_facts)

    def is_a(self, kind: str) -> bool:
        """Whether it is of this class, or of one below it."""
        return any(kind == each or kind in KINDS[each] for each in self.kinds)

    def first(self, fact: str) -> str:
        """The first value of a fact; empty where there is none."""
        return next(iter(self.facts.get(fact, ())), "")
