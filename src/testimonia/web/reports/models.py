"""The reports as JSON: pydantic's view of the values in :mod:`testimonia.views`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Answer(BaseModel):
    """Read from a frozen value; written by aliases."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class Ref(Answer):
    """A thing."""

    iri: str = Field(serialization_alias="id")
    label: str


class Counted(Answer):
    """A thing and how often it occurs."""

    ref: Ref = Field(serialization_alias="thing")
    count: int


class Part(Answer, Generic[Item]):
    """A part of a list: ``more`` come after these, ``total`` there are in all."""

    items: list[Item]
    total: int
    offset: int
    more: int


class Voice(Answer):
    """Who speaks, and whether with a name: named, unnamed or narrator."""

    ref: Ref = Field(serialization_alias="actor")
    standing: str


class Source(Answer):
    """A document and what it states of itself."""

    document: Ref
    publisher: str
    issued: str


class Saying(Answer):
    """A statement."""

    ref: Ref = Field(serialization_alias="statement")
    content: str
    language: str | None = None
    voices: list[Voice]
    source: Source
    cue: str
    kind: str
    directness: str
    certainty: str
    attribution: str = Field(serialization_alias="attributionCertainty")
    negative: bool = Field(description="said not to have been said")
    reported_in: Ref | None = Field(None, serialization_alias="reportedIn")


class Moment(Answer):
    """A time: bounds only where the year is known."""

    label: str
    value: str = Field(description="EDTF, or TIMEX3 where that cannot say it")
    earliest: date | None = None
    latest: date | None = None
    month_day: str = Field(serialization_alias="monthDay")
    basis: str


class Quantity(Answer):
    """A number and what is counted."""

    value: Decimal
    unit: str


class Telling(Answer):
    """An account with the statement that gives it."""

    iri: str = Field(serialization_alias="id")
    event: Ref
    saying: Saying = Field(serialization_alias="toldIn")
    words: str
    type: str
    agents: list[Ref]
    patients: list[Ref]
    recipients: list[Ref]
    others: list[Ref]
    places: list[Ref]
    times: list[Moment]
    quantities: list[Quantity]
    negative: bool = Field(description="told not to have happened")
    certainty: str
    tense: str


class Version(Answer):
    """One of the things that are told of an aspect."""

    letter: str
    label: str
    tellings: list[str] = Field(
        description="the accounts that tell it", serialization_alias="accounts"
    )
    sources: int = Field(description="documents; reprints of one text are one")
    voices: list[str]
    unnamed: bool = Field(description="nobody with a name tells it")


class Aspect(Answer):
    """One thing that accounts of an event may tell, and whether they agree."""

    key: str
    title: str
    verdict: str = Field(description="agree, differ, one source, not told")
    versions: list[Version]


class Relation(Answer):
    """How one statement stands to another."""

    iri: str = Field(serialization_alias="id")
    kind: str
    from_: Ref = Field(serialization_alias="from")
    to: Ref
    probability: str
    because: str


class Column(Answer):
    """A source, with the places of its accounts in the list of accounts (from 0)."""

    source: Source
    tellings: list[int] = Field(serialization_alias="accounts")
    same_text: list[Ref] = Field(serialization_alias="sameTextAs")


class Comparison(Answer):
    """The accounts of one event, by source, aspect by aspect."""

    event: Ref
    type: str
    total: int = Field(description="accounts that there are")
    more: int = Field(description="accounts that were not compared")
    columns: list[Column] = Field(serialization_alias="sources")
    tellings: list[Telling] = Field(serialization_alias="accounts")
    rows: list[Aspect] = Field(serialization_alias="aspects")
    relations: list[Relation]
    relations_cut: bool = Field(serialization_alias="relationsCut")


class Compared(Answer):
    """Events of a topic, each compared; those first that most documents tell of."""

    scope: list[str]
    events: Part[Comparison]
    others: Part[Saying] = Field(
        description="statements with the words that tell of no event",
        serialization_alias="otherStatements",
    )
    most: int = Field(description="how many accounts of an event are compared at most")
    cut: bool = Field(description="the words have more hits than were looked at")


class StandingRow(Answer):
    """Attributions to voices of one standing."""

    standing: str
    direct: int
    mixed: int
    indirect: int
    nested: int
    total: int


class Quoted(Answer):
    """A voice with its attributions."""

    ref: Ref = Field(serialization_alias="actor")
    standing: str
    direct: int
    mixed: int
    indirect: int
    nested: int
    documents: int
    total: int


class Label(Answer):
    """A description without a name behind it."""

    label: str


class CountedLabel(Answer):
    """How often it speaks."""

    ref: Label = Field(serialization_alias="voice")
    count: int


class Narrated(Answer):
    """Events that narrators alone tell of, of how many that are told of."""

    alone: Part[Counted]
    events: int


class Voices(Answer):
    """Who is quoted, and how."""

    scope: list[str]
    statements: int
    documents: int
    attributed: int = Field(description="attributions to others than the narrator")
    without_name: int = Field(serialization_alias="withoutName")
    nested: int
    narrator: int = Field(description="attributions to the narrator")
    rows: list[StandingRow] = Field(serialization_alias="byStanding")
    quoted: Part[Quoted]
    unnamed: Part[CountedLabel]
    only_reported: Part[Quoted] = Field(serialization_alias="onlyReported")
    narrated: Narrated
    publishers: Part[Counted]
    cut: bool


class Bar(Answer):
    """A period and its counts."""

    label: str
    parts: list[int]


class Periods(Answer):
    """Counts over time."""

    unit: str
    rows: list[Bar]
    undated: list[int]


class Happening(Answer):
    """An event and who tells of it."""

    event: Ref
    type: str
    total: int
    documents: int
    more: int = Field(description="accounts that are not among these")
    tellings: list[Telling] = Field(serialization_alias="accounts")


class Located(Answer):
    """A place and its events."""

    ref: Ref = Field(serialization_alias="place")
    latitude: float
    longitude: float
    events: int


class Chronicle(Answer):
    """Events in time and space."""

    scope: list[str]
    happenings: Part[Happening] = Field(serialization_alias="events")
    over_time: Periods = Field(serialization_alias="overTime")
    places: Part[Located]
    unlocated: int
    cut: bool


class Name(Answer):
    """A name and documents that use it."""

    name: str
    documents: list[Ref]
    total: int = Field(description="documents that there are")


class InDocument(Answer):
    """A document's part in a dossier."""

    source: Source
    says: int
    about: int


class Directness(Answer):
    """How directly an actor is quoted."""

    direct: int
    mixed: int
    indirect: int
    nested: int
    negative: int
    total: int


class Dossier(Answer):
    """One actor."""

    ref: Ref = Field(serialization_alias="actor")
    type: str
    named: bool
    names: Part[Name]
    directness: Directness
    about: int
    over_time: Periods = Field(
        description="by publication: its own statements, and those about it",
        serialization_alias="overTime",
    )
    addressees: Part[Counted]
    places: Part[Counted]
    topics: Part[Counted]
    speakers_about: Part[Counted] = Field(serialization_alias="speakersAbout")
    documents: Part[InDocument]
    own: Part[Relation] = Field(serialization_alias="betweenItsOwnStatements")
    others: Part[Relation] = Field(serialization_alias="betweenItsAndOthers")
    said: Part[Saying]
    spoken_of: Part[Saying] = Field(serialization_alias="spokenOf")
