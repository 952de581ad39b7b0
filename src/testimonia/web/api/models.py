"""What the API takes and answers. Names of fields are terms of ``context.py``: a test expands
answers to the ontology's properties.

Fields without a value are left out. Times are told as the texts tell them: no bounds where the year
is unknown.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from testimonia.model import ActorType, AttributionKind, Certainty, Directness
from testimonia.vocabulary import EVENT_TYPES

MOST: Final = 200
DEFAULT: Final = 50

EventTypeName = StrEnum("EventTypeName", list(EVENT_TYPES))  # type: ignore[misc]
Named = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=1000,
        description="an IRI, a path as “actor/…”, or a name as it is spelt in the archive",
    ),
]
Words = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=500,
        description='words, all of them, any case; "old harbour", harb*, OR, NOT, brackets',
    ),
]


class Asked(BaseModel):
    """What every list takes. A parameter that does not exist is an error: it would select all."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    limit: int = Field(DEFAULT, ge=1, le=MOST, description="items a page")
    cursor: str | None = Field(
        None, max_length=200, description="the “next” of the page before; keep all else the same"
    )


class AskedStatements(Asked):
    """Conditions of statements; all hold."""

    speaker: Named = None
    about: Named = None
    place: Annotated[
        Named, Field(description="said there, about it, or telling of it; with all within it")
    ] = None
    from_: date | None = Field(
        None, alias="from", description="said, or telling of something, on this day or after"
    )
    to: date | None = Field(
        None, description="said, or telling of something, on this day or before"
    )
    kind: AttributionKind | None = None
    directness: Directness | None = None
    certainty: Certainty | None = None
    document: Named = None
    q: Words = None


class AskedActors(Asked):
    """Conditions of actors."""

    type: ActorType | None = None
    named: bool | None = Field(None, description="whether the texts give it a name")
    q: Words = None


class AskedPlaces(Asked):
    """Conditions of places."""

    within: Named = None
    country: str | None = Field(None, pattern="^[A-Z]{2}$", description="ISO 3166-1 code")
    q: Words = None


class AskedEvents(Asked):
    """Conditions of events: some account of the event fulfils each."""

    type: EventTypeName | None = None
    actor: Named = None
    place: Named = None
    q: Words = None


class AskedDocuments(Asked):
    """Conditions of documents."""

    from_: date | None = Field(None, alias="from", description="issued on this day or after")
    to: date | None = Field(None, description="issued on this day or before")
    publisher: Named = None
    q: Words = None


class AskedSearch(Asked):
    """What to search for."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=500,
            description='words, all of them; "old harbour", harb*, OR, NOT, brackets',
        ),
    ]


# ------------------------------------------------------------------------------------ answers


class Answer(BaseModel):
    """Written by the names in the context."""

    model_config = ConfigDict(populate_by_name=True)


class Text(Answer):
    """Words in a language."""

    text: str
    language: str | None = None


class Typed(Answer):
    """A value with its datatype."""

    text: str
    datatype: str


class Ref(Answer):
    """A thing by its IRI and what it is called: a document by title, a statement by content."""

    id: str
    label: str | None = None
    title: Text | None = None
    content: Text | None = None


class Time(Answer):
    """A time: its words, its value, its bounds where the year is known."""

    id: str
    type: Literal["TimeReference"] = "TimeReference"
    label: str | None = None
    timex: str | None = None
    edtf: str | None = Field(None, description="Extended Date/Time Format, ISO 8601-2")
    earliest: str | None = None
    latest: str | None = None
    basis: str | None = Field(None, description="Explicit, Anchored, YearUnknown or Decided")


class Quantity(Answer):
    """A number and what is counted."""

    id: str
    type: Literal["Quantity"] = "Quantity"
    value: str | None = Field(None, description="xsd:decimal")
    unit: str | None = None


class Teller(Answer):
    """A statement by its IRI, and who made it."""

    id: str
    speakers: list[Ref] = []
    document: Ref | None = None


class Account(Answer):
    """What one statement tells of an event."""

    id: str
    type: Literal["Account"] = "Account"
    event: Ref | None = None
    event_type: str | None = Field(None, alias="eventType")
    agents: list[Ref] = []
    patients: list[Ref] = []
    recipients: list[Ref] = []
    places: list[Ref] = []
    times: list[Time] = []
    quantities: list[Quantity] = []
    polarity: str | None = None
    certainty: str | None = None
    tense: str | None = None
    told_in: list[Teller] = Field([], alias="toldIn")


class Statement(Answer):
    """One utterance, belief or judgement, by one source, in one document."""

    id: str
    type: Literal["Statement"] = "Statement"
    content: Text
    speakers: list[Ref]
    addressees: list[Ref] = []
    cue: str | None = None
    kind: str | None = None
    directness: str | None = None
    certainty: str | None = None
    attribution_certainty: str | None = Field(None, alias="attributionCertainty")
    polarity: str | None = None
    about: list[Ref] = []
    said_at: list[Time] = Field([], alias="saidAt")
    said_in: list[Ref] = Field([], alias="saidIn")
    said_during: list[Ref] = Field([], alias="saidDuring")
    reported_in: list[Ref] = Field([], alias="reportedIn")
    gives: list[Account] = []
    document: Ref | None = None
    confidence: str | None = Field(None, description="xsd:decimal, 0 to 1")


class Mention(Answer):
    """A stretch of the document's text: code points, end exclusive."""

    id: str
    type: Literal["Mention"] = "Mention"
    begin: int
    end: int
    words: str


class Evidence(Statement):
    """A statement with the words that are its evidence."""

    content_mentions: list[Mention] = Field([], alias="contentMentions")
    cue_mentions: list[Mention] = Field([], alias="cueMentions")
    speaker_mentions: list[Mention] = Field([], alias="speakerMentions")


class Actor(Answer):
    """Who acts or speaks."""

    id: str
    type: list[str]
    label: str | None = None
    names: list[str] = []
    named: bool | None = None


class Geometry(Answer):
    """Where a place lies."""

    id: str
    wkt: str


class Place(Answer):
    """Where; facts are the gazetteer's."""

    id: str
    type: list[str]
    label: str | None = None
    names: list[str] = []
    country: str | None = None
    feature: str | None = None
    within: list[Ref] = []
    geometry: Geometry | None = None
    same_as: list[str] = Field([], alias="exactMatch")


class Event(Answer):
    """What several accounts are about."""

    id: str
    type: Literal["Event"] = "Event"
    label: str | None = None
    event_type: str | None = Field(None, alias="eventType")


class ToldEvent(Event):
    """An event with who tells what of it."""

    accounts: list[Account] = Field([], description="the first 100, by document")


class Document(Answer):
    """One publication of one text."""

    id: str
    type: Literal["Document"] = "Document"
    title: Text | None = None
    creators: list[Ref] = []
    publisher: Ref | None = None
    issued: str | Typed | None = Field(None, description="a day; else a value with its datatype")
    inLanguage: str | None = None  # noqa: N815 - the name in the context
    source: str | Text | None = Field(None, description="an IRI, or words that are none")
    identifier: str | None = None
    rights: str | None = None
    captured: str | Typed | None = Field(
        None, description="when a web archive asked for it; else a value with its datatype"
    )


class Hit(Answer):
    """Something that a search found."""

    id: str
    type: Literal["Document", "Statement", "Actor", "Place", "Event"]
    label: str | None = None
    content: Text | None = None
    title: Text | None = None


class Page(Answer):
    """A page of a list, in an order that holds while the archive grows."""

    context: str = Field(alias="@context")
    total: int = Field(description="how many there are on all pages now")
    next: str | None = Field(None, description="the cursor of the next page; absent on the last")
    more: bool | None = Field(
        None,
        description="the words occur more than 10,000 times: these are among the best hits, and"
        " “total” counts no others; else absent",
    )


class Statements(Page):
    """Statements."""

    items: list[Statement]


class Actors(Page):
    """Actors."""

    items: list[Actor]


class Places(Page):
    """Places."""

    items: list[Place]


class Events(Page):
    """Events."""

    items: list[Event]


class Documents(Page):
    """Documents."""

    items: list[Document]


class Hits(Page):
    """What a search found, names first, then titles, then contents; the shorter first."""

    items: list[Hit]


class OneStatement(Evidence):
    """A statement, with its context."""

    context: str = Field(alias="@context")


class OneActor(Actor):
    """An actor, with its context."""

    context: str = Field(alias="@context")


class OnePlace(Place):
    """A place, with its context."""

    context: str = Field(alias="@context")


class OneEvent(ToldEvent):
    """An event, with its context."""

    context: str = Field(alias="@context")


class OneDocument(Document):
    """A document, with its context."""

    context: str = Field(alias="@context")


class SavedParameter(Answer):
    """A parameter of a saved query."""

    name: str
    type: str
    default: str
    about: str


class SavedQuery(Answer):
    """A question of the archive's own."""

    name: str
    title: str
    path: str = Field(description="where it is asked, relative to the archive's root")
    result: Literal["table", "graph"]
    parameters: list[SavedParameter]
    query: str = Field(description="the SPARQL, with the defaults in place")


class SavedQueries(Answer):
    """All of them."""

    queries: list[SavedQuery]


class Problem(Answer):
    """RFC 9457; the shape of every error."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
