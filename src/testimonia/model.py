"""The values that cross Testimonia's borders: plain, frozen, free of any library.

Offsets are Unicode code points into the frozen text, end exclusive: ``text[span.start:span.end]``
is the mention, always.

A ``Reading`` is what one extractor found in one text. It is a pure function of text, document
date and extractor, and knows only *local* entities: each has a ``key`` such as ``"actor/120"``
(kind and start of its first mention, with ``-2``, ``-3`` … where two coincide), which is also the
tail of its IRI under the document's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Self

# ------------------------------------------------------------------------------------- spans


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: code points, end exclusive, never empty.

    Raises:
        ValueError: ``start`` is negative or ``end`` is not beyond it.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}, {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of this span in ``text``."""
        return text[self.start : self.end]

    def overlaps(self, other: Self) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Self) -> bool:
        """Whether ``other`` lies wholly inside (or is the same)."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]  # in textual order; several where the words are discontinuous


def words(spans: Iterable[Span], text: str) -> str:
    """The words of a possibly discontinuous stretch, its pieces joined by ``" … "``."""
    return " … ".join(span.of(text) for span in spans)


# -------------------------------------------------------------------------------------- text

METADATA_KEYS = (
    "title",
    "creator",
    "publisher",
    "issued",
    "language",
    "source",
    "identifier",
    "rights",
    "captured",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source or a user *states* about a document; nothing in it is guessed.

    ``issued`` is an EDTF level 0 date (``2025``, ``2025-12`` or ``2025-12-12``), ``language`` a
    BCP 47 tag, ``source`` a URL, ``identifier`` whatever the holder declares, ``creator`` one or
    more names, ``captured`` when a web archive asked for it: a UTC instant of XML Schema
    (``2025-12-12T09:30:00Z``) or a date like ``issued``. ``origins`` tells for each key that has a
    value where it came from: ``"user"``, ``"sidecar"``, ``"document"`` (the file itself says so),
    ``"container"`` (the file that it came in does) or ``"detected"``; which part of a file is added
    where there are several (``"document: XMP"``).
    """

    title: str | None = None
    creator: tuple[str, ...] = ()
    publisher: str | None = None
    issued: str | None = None
    language: str | None = None
    source: str | None = None
    identifier: str | None = None
    rights: str | None = None
    captured: str | None = None
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def identity(self) -> str:
        """Who published it: canonical URL, else declared identifier, else nothing."""
        return self.source or self.identifier or ""

    @property
    def document_date(self) -> date | None:
        """The day of publication, without its time; ``None`` where it is unknown, or known to the
        month or year only."""
        try:
            return date.fromisoformat(self.issued[:10]) if self.issued else None
        except ValueError:
            return None


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a stretch of text stands in a paginated source: from ``start`` (a code point offset)
    to where the next region starts, or the text ends.

    ``page`` is the page's own label ("iv", "12"), ``box`` left, top, width and height in percent
    of the page, from its top left corner (Media Fragments URI 1.0, section 4.2.2).
    """

    start: int
    page: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A document's frozen text and what is stated about it.

    Line ends are LF, control characters other than tab and LF have been replaced one for one by
    U+FFFD; no Unicode normalisation is applied, so offsets are the source's own.
    ``warnings`` tells what was assumed on the way (an encoding that had to be detected).
    ``regions`` are in textual order, and none where the source has no pages. ``part_of``
    are the ids of the documents that this one came with (an attachment's mails).
    """

    content: str
    metadata: Metadata
    media_type: str
    encoding: str | None = None
    warnings: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    part_of: tuple[str, ...] = ()


def regions_of(span: Span, regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions that ``span`` touches; ``regions`` are in textual order."""
    first = bisect_right(regions, span.start, key=lambda region: region.start) - 1
    last = bisect_left(regions, span.end, key=lambda region: region.start)
    return tuple(regions[max(first, 0) : last])


@dataclass(frozen=True, slots=True)
class Document:
    """One publication of one text; ``text_hash`` is the SHA-256 of the frozen text, hexadecimal."""

    id: str
    text_hash: str
    text: Text


# ------------------------------------------------------------------------------ closed values


class ActorType(StrEnum):
    """Kinds of actor; the values are local names of the ontology's classes."""

    ACTOR = "Actor"  # somebody, kind unknown: the hidden source of "reportedly"
    PERSON = "Person"
    ORGANIZATION = "Organization"
    GROUP = "Group"
    GEOPOLITICAL_ENTITY = "GeopoliticalEntity"  # its key is a place's
    NARRATOR = "Narrator"  # the document's own voice


class MentionForm(StrEnum):
    """How a mention refers (ACE's mention levels)."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


class Directness(StrEnum):
    """How much of the content is the speaker's own words."""

    DIRECT = "Direct"  # the content lies wholly inside quotation marks
    MIXED = "Mixed"  # a part of it does, scare quotes too
    INDIRECT = "Indirect"


class AttributionKind(StrEnum):
    """Attribution types of the Penn Discourse Treebank (Prasad et al. 2007)."""

    COMMUNICATION = "Communication"
    ATTITUDE = "Attitude"
    FACTIVE = "Factive"
    CONTROL = "Control"


class Certainty(StrEnum):
    """FactBank's degrees (Saurí and Pustejovsky 2009)."""

    CERTAIN = "Certain"
    PROBABLE = "Probable"
    POSSIBLE = "Possible"
    UNDERSPECIFIED = "Underspecified"


class Polarity(StrEnum):
    """Whether it is said, or said not to be."""

    POSITIVE = "Positive"
    NEGATIVE = "Negative"


class Tense(StrEnum):
    """TimeML's tenses of an event."""

    PAST = "Past"
    PRESENT = "Present"
    FUTURE = "Future"
    INFINITIVE = "Infinitive"
    PRESENT_PARTICIPLE = "PresentParticiple"
    PAST_PARTICIPLE = "PastParticiple"
    NONE = "None"


class EventClass(StrEnum):
    """TimeML's event classes (Pustejovsky et al. 2003)."""

    OCCURRENCE = "OCCURRENCE"
    STATE = "STATE"
    REPORTING = "REPORTING"
    PERCEPTION = "PERCEPTION"
    ASPECTUAL = "ASPECTUAL"
    I_ACTION = "I_ACTION"
    I_STATE = "I_STATE"


class TimexType(StrEnum):
    """TIMEX3's types."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


class DateBasis(StrEnum):
    """What a date's value rests on."""

    EXPLICIT = "Explicit"  # the words say it
    ANCHORED = "Anchored"  # relative, resolved against the document's date or another time
    YEAR_UNKNOWN = "YearUnknown"  # a day or month whose year nothing tells
    DECIDED = "Decided"  # a person said so


class Role(StrEnum):
    """A participant's part in an event."""

    AGENT = "agent"
    PATIENT = "patient"
    RECIPIENT = "recipient"
    OTHER = "other"


# ------------------------------------------------------------------------------ the reading


@dataclass(frozen=True, slots=True)
class Mention:
    """One stretch of text that denotes a local entity; ``confidence`` (0..1) is the reading's.

    ``demonym`` is true where a nationality's word ("Turkish") stands for its country.
    """

    span: Span
    form: MentionForm
    confidence: float = 1.0
    demonym: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or speaks, as one document has it.

    ``named`` is true for "Valery Gerasimov" and "the Foreign Ministry", false for "officials".
    ``label`` is the best single name (the longest proper one, else the first nominal); ``names``
    are all the spellings that the text uses, pronouns aside, in textual order.
    A geopolitical entity's actor has a place's key and stands in ``Reading.places`` too.
    """

    key: str
    type: ActorType
    label: str
    names: tuple[str, ...]
    named: bool
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class NamePeriod:
    """A name that a place bore for a time: ``begin`` and ``end`` are years or dates (ISO 8601),
    empty where it is open; ``country`` the code of the country that it was in then, or empty."""

    name: str
    begin: str
    end: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """What an authority knows of a place.

    ``id`` is ``"geonames-703448"`` (for regions that GeoNames cities lack, the sourced file's own
    id), ``within`` the ids of all places around it, nearest first and transitively closed,
    ``feature`` a GeoNames feature code ("PPLC", "PCLI", "ADM1", "RGN", "CONT"), coordinates
    WGS 84 degrees. ``period`` is the name by which a document of its time calls it.
    """

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    feature: str
    country_code: str | None
    within: tuple[str, ...] = ()
    population: int = 0
    period: NamePeriod | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where, as one document has it; ``entry`` is ``None`` where nobody could locate it.

    ``site`` is true for a building or grounds, known by its name alone.
    """

    key: str
    label: str
    names: tuple[str, ...]
    mentions: tuple[Mention, ...]
    entry: GazetteerEntry | None = None
    confidence: float = 1.0  # of the resolution
    site: bool = False


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression (TIMEX3), resolved as far as the words and the document's date allow.

    ``value`` is the TIMEX3 value; ``edtf`` the same in EDTF where EDTF can say it; ``earliest``
    and ``latest`` bound it (inclusive days, only where the year is known); ``month_day`` is
    ``--12-11`` for a day without a year.
    """

    key: str
    span: Span
    type: TimexType
    value: str
    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    month_day: str | None = None
    basis: DateBasis = DateBasis.EXPLICIT


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that an account gives: ``value`` is a decimal numeral, ``unit`` what is counted."""

    key: str
    span: Span
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Who has which part in an event: the words, and the local entity they denote if any."""

    role: Role
    span: Span
    key: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """What one statement tells of an event: one trigger and all that depends on it.

    ``event`` is the key of the event that it is of; ``places`` and ``times`` are keys. ``lemma`` is
    the trigger's, with its particle ("call off"); empty where the extractor gives none.
    """

    key: str
    event: str
    trigger: Span
    event_class: EventClass
    event_type: str  # local name in the event type scheme: "fight", "meet", "other"
    tense: Tense
    polarity: Polarity = Polarity.POSITIVE
    certainty: Certainty = Certainty.CERTAIN
    participants: tuple[Participant, ...] = ()
    places: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What accounts are about: a label, a type and the triggers that denote it; no facts."""

    key: str
    label: str
    event_type: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One utterance, belief or judgement by one source.

    ``speakers`` are actor keys (never empty once a reading is assembled), ``source`` the words
    that name them (empty for a hidden source and for the narrator), ``anchor`` the code point
    that its id is made from: start of the cue's head word, else of the content. ``within`` is the
    index in ``Reading.statements`` of the statement that reports this one.
    """

    content: Spans
    anchor: int
    speakers: tuple[str, ...]
    source: Spans = ()
    cue: Spans = ()
    cue_lemma: str | None = None
    directness: Directness = Directness.INDIRECT
    kind: AttributionKind = AttributionKind.COMMUNICATION
    certainty: Certainty = Certainty.CERTAIN
    attribution_certainty: Certainty = Certainty.CERTAIN
    polarity: Polarity = Polarity.POSITIVE
    addressees: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    said_at: tuple[str, ...] = ()
    said_in: tuple[str, ...] = ()
    said_during: tuple[str, ...] = ()
    within: int | None = None
    construction: str = ""
    confidence: float = 1.0
    by_narrator: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in one text; ``extractor`` names software, model and versions."""

    extractor: str
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Timex, ...] = ()
    events: tuple[Event, ...] = ()
    accounts: tuple[Account, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalEntity:
    """A local actor, place or event as linking sees it.

    ``kind`` is ``"actor"``, ``"place"`` or ``"event"``, ``authority`` a gazetteer's id
    ("geonames-703448") or ``None``.
    """

    key: str
    kind: str
    label: str
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the software over documents; times are UTC, ``xsd:dateTime`` ending in Z."""

    id: str
    started: str
    ended: str | None
    extractor: str
    settings: str
