"""What a request for a report selects, checked, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from testimonia.web.api.meaning import resolved
from testimonia.web.api.models import EventTypeName
from testimonia.web.site import Site


def _day(value: object) -> object:
    """A day of the calendar, or nothing: numbers are no dates here.

    Raises:
        ValueError: it is neither.
    """
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ValueError("write a day as 2031-05-04") from None


# Forms send what is not filled in as an empty value.
_Filled = BeforeValidator(lambda value: None if value == "" else value)
Thing = Annotated[
    Annotated[str, Field(max_length=1000)] | None,
    _Filled,
    Field(description="an IRI, a path as “actor/…”, or a name as it is spelt"),
]
Words = Annotated[
    Annotated[str, Field(max_length=500)] | None,
    _Filled,
    Field(description='words of statements; "old harbour", harb*, OR, NOT'),
]
Day = Annotated[date | None, BeforeValidator(_day)]
PageNumber = Annotated[int, Field(ge=1, le=10_000, description="page, from 1")]
Format = Annotated[
    Annotated[str, Field(max_length=100)] | None,
    Field(description="html, turtle, jsonld, ntriples, rdfxml; else by Accept"),
]


class Asked(BaseModel):
    """A parameter that does not exist is an error: it would select all."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    page: PageNumber = 1
    format: Format = None


class AskedEvents(Asked):
    """Events of which some account fulfils each condition."""

    q: Words = None
    actor: Thing = None
    place: Annotated[Thing, Field(description="there, or in a place within it")] = None
    from_: Day = Field(None, alias="from", description="told to be on this day or after")
    to: Day = Field(None, description="told to be on this day or before")
    type: Annotated[EventTypeName | None, _Filled] = None


class AskedComparison(AskedEvents):
    """An event, or the events of a topic."""

    event: Thing = None


class AskedVoices(Asked):
    """Statements of these documents."""

    document: Thing = None
    publisher: Thing = None
    from_: Day = Field(None, alias="from", description="published on this day or after")
    to: Day = Field(None, description="published on this day or before")
    q: Words = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What is selected: things by the parameter's name, each with all IRIs that it may mean.

    ``unknown`` are the parameters whose value is nobody's: nothing is selected then.
    """

    things: Mapping[str, tuple[str, ...]]
    words: str = ""
    from_: date | None = None
    to: date | None = None
    type: str = ""
    given: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for in particular."""
        return not self.given

    @property
    def query(self) -> str:
        """The query string that asks for the same."""
        return urlencode(self.given)

    def without(self, *names: str) -> Scope:
        """The same less some parameters, for links to something near it."""
        kept = tuple(each for each in self.given if each[0] not in names)
        return replace(self, given=kept)


def scope_of(site: Site, asked: AskedEvents | AskedVoices) -> Scope:
    """What is asked for."""
    names = ("event", "actor", "place", "document", "publisher")
    given = {name: getattr(asked, name, None) or None for name in names}
    things = {name: tuple(found) for name, found in resolved(site, given).items()}
    type_ = getattr(asked, "type", None)
    return Scope(
        things,
        asked.q or "",
        asked.from_,
        asked.to,
        str(type_) if type_ else "",
        tuple(_given(asked)),
        tuple(name for name, found in things.items() if not found),
    )


def _given(asked: Asked) -> Iterator[tuple[str, str]]:
    for name, field in type(asked).model_fields.items():
        value = getattr(asked, name)
        if name not in ("page", "format") and value not in (None, ""):
            yield field.alias or name, str(value)


def told(site: Site, scope: Scope) -> tuple[str, ...]:
    """The conditions in words, with the labels of things."""
    labels = site.things(iri for found in scope.things.values() for iri in found)
    said = {name: ", ".join(sorted({labels.of(iri).label for iri in found}))
            for name, found in scope.things.items()}  # fmt: skip
    words = {
        **{name: f"{name}: {label}" for name, label in said.items() if label},
        "q": f"words: {scope.words}" if scope.words else "",
        "from": f"from {scope.from_}" if scope.from_ else "",
        "to": f"to {scope.to}" if scope.to else "",
        "type": f"type: {scope.type}" if scope.type else "",
    }
    return tuple(each for each in words.values() if each)
