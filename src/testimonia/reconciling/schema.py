"""What can be asked for: types of things and their properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from testimonia.candidates import KINDS

TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Actor": "Actor",
        "Person": "Person",
        "Organization": "Organization",
        "Group": "Group",
        "GeopoliticalEntity": "State or other geopolitical entity",
        "Place": "Place",
        "Event": "Event",
    }
)
"""The names of the types by their ids, the local names of classes of ``tst:``."""

AUTHORITY: Final = "authority/"
"""What the id of an authority's type begins with; its name follows."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: ``fact`` is what a thing's index has of it, empty where the graph is asked;
    ``kinds`` the types that have it (none: all), ``form`` how its values come: ``str``,
    ``float``, ``int`` or ``entity``."""

    id: str
    name: str
    description: str
    fact: str = ""
    form: str = "str"
    kinds: tuple[str, ...] = ()


_PLACES: Final = ("Place", "GeopoliticalEntity")
_ALL: Final = (
    Property("name", "name", "every name that documents give it", "names"),
    Property("type", "type", "what it is: a person, a place …", "kinds"),
    Property("description", "description", "what it is, in words", "description"),
    Property("documents", "documents", "how many documents speak of it", form="int"),
    Property(
        "statements", "statements made", "how many statements it makes", "", "int", ("Actor",)
    ),
    Property("firstIssued", "first document", "when the first document about it was issued"),
    Property("lastIssued", "last document", "when the last document about it was issued"),
    Property("exactMatch", "the same in an authority", "IRIs of entries that are the same", "same"),
    Property(
        "closeMatch", "close in an authority", "IRIs of entries that may be the same", "close"
    ),
    Property("countryCode", "country", "ISO 3166-1 code of the country", "country", kinds=_PLACES),
    Property(
        "within", "lies in", "the divisions and the country around it", "within", "entity", _PLACES
    ),
    Property("latitude", "latitude", "degrees north", "point", "float", _PLACES),
    Property("longitude", "longitude", "degrees east", "point", "float", _PLACES),
    Property("featureCode", "kind of place", "GeoNames' feature code", "feature", kinds=_PLACES),
    Property("eventType", "kind of event", "its type by PLOVER", "event_type", kinds=("Event",)),
    Property("begin", "begin", "date of birth, foundation or beginning, by an authority", "begin"),
    Property("end", "end", "date of death, dissolution or end, by an authority", "end"),
)
PROPERTIES: Final[Mapping[str, Property]] = MappingProxyType({each.id: each for each in _ALL})
"""All properties by their ids."""


def properties_of(type_: str) -> Sequence[Property]:
    """The properties that things of a type have; all of them for a type that is not known."""
    if type_ not in KINDS:
        return _ALL
    kinds = {type_, *KINDS[type_]}
    return [each for each in _ALL if not each.kinds or kinds & set(each.kinds)]


def broader(type_: str) -> list[dict[str, str]]:
    """The types above a type, as the protocol writes types."""
    return [{"id": each, "name": TYPES[each]} for each in KINDS.get(type_, ())]
