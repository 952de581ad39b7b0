"""An archive of invented documents, read by a scripted extractor; everything else is real."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from fakes import DENMARK
from testimonia.ingest import Ingestion, Result, Source
from testimonia.library import Archive, open_archive
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    AttributionKind,
    Certainty,
    DateBasis,
    Directness,
    Event,
    EventClass,
    GazetteerEntry,
    Mention,
    MentionForm,
    Metadata,
    Participant,
    Place,
    Polarity,
    Quantity,
    Reading,
    Role,
    Span,
    Statement,
    Tense,
    Text,
    Timex,
    TimexType,
)
from testimonia.settings import Settings
from testimonia.web import create_app

ODENSE = GazetteerEntry(
    "geonames-2615876", "Odense", 55.39594, 10.38831, "PPLA2", "DK", ("geonames-2623032",), 180863
)
TITLE = "Storm <script>alert('title')</script> & flood"
STORM = (
    "The harbour chief Ada Brook said on 3 May that “the wall <script>alert('text')</script> broke"
    " & 12 boats sank” in Odense.\n\nBrook insisted that fishermen fear more storms. "
    "The wall broke at night."
)
SHUT = "Bo Lind denied that the wall broke. According to officials, the harbour of Odense is shut."
REJECTED = "Nobody says that the lighthouse of Odense leans."


def at(text: str, words: str, *, last: bool = False) -> Span:
    """Where words stand in a text."""
    start = text.rindex(words) if last else text.index(words)
    return Span(start, start + len(words))


def named(text: str, words: str, label: str = "", type_: ActorType = ActorType.PERSON) -> Actor:
    span = at(text, words)
    mention = Mention(span, MentionForm.NAME)
    return Actor(f"actor/{span.start}", type_, label or words, (label or words,), True, (mention,))


def unnamed(text: str, words: str) -> Actor:
    span = at(text, words)
    mention = Mention(span, MentionForm.NOMINAL)
    return Actor(f"actor/{span.start}", ActorType.GROUP, words, (words,), False, (mention,))


def odense(text: str) -> Place:
    span = at(text, "Odense")
    mention = Mention(span, MentionForm.NAME)
    return Place(f"place/{span.start}", "Odense", ("Odense",), (mention,), ODENSE)


NARRATOR = Actor("actor/narrator", ActorType.NARRATOR, "narrator", (), False, ())


def storm(text: str) -> Reading:
    brook, fishermen = named(text, "Ada Brook"), unnamed(text, "fishermen")
    place = odense(text)
    first, second = at(text, "broke"), at(text, "broke", last=True)
    event = Event(
        "event/1",
        "breaking of the wall",
        "other",
        (Mention(first, MentionForm.NOMINAL), Mention(second, MentionForm.NOMINAL)),
    )
    may = at(text, "3 May")
    time = Timex(
        f"time/{may.start}",
        may,
        TimexType.DATE,
        "XXXX-05-03",
        edtf="XXXX-05-03",
        month_day="--05-03",
        basis=DateBasis.YEAR_UNKNOWN,
    )
    night = at(text, "at night")
    dark = Timex(
        f"time/{night.start}",
        night,
        TimexType.TIME,
        "2031-05-03TNI",
        earliest=date(2031, 5, 3),
        latest=date(2031, 5, 4),
        basis=DateBasis.ANCHORED,
    )
    boats = Quantity("quantity/1", at(text, "12"), "12", "boats")
    accounts = (
        Account(
            "account/1",
            event.key,
            first,
            EventClass.OCCURRENCE,
            "other",
            Tense.PAST,
            certainty=Certainty.PROBABLE,
            participants=(Participant(Role.AGENT, at(text, "fishermen"), fishermen.key),),
            places=(place.key,),
            quantities=(boats.key,),
        ),
        Account(
            "account/2",
            event.key,
            second,
            EventClass.OCCURRENCE,
            "other",
            Tense.PAST,
            times=(dark.key,),
        ),
    )
    statements = (
        Statement(
            (at(text, "the wall <script>alert('text')</script> broke & 12 boats sank"),),
            at(text, "said").start,
            (brook.key,),
            (at(text, "Ada Brook"),),
            (at(text, "said"),),
            "say",
            Directness.DIRECT,
            certainty=Certainty.PROBABLE,
            about=(event.key, place.key),
            gives=("account/1",),
            said_at=(time.key,),
            said_in=(place.key,),
        ),
        Statement(
            (at(text, "fishermen fear more storms"),),
            at(text, "insisted").start,
            (brook.key,),
            (at(text, "Brook", last=True),),
            (at(text, "insisted"),),
            "insist",
            about=(fishermen.key,),
            addressees=(fishermen.key,),
        ),
        Statement(
            (at(text, "more storms"),),
            at(text, "fear").start,
            (fishermen.key,),
            (at(text, "fishermen"),),
            (at(text, "fear"),),
            "fear",
            kind=AttributionKind.ATTITUDE,
            certainty=Certainty.UNDERSPECIFIED,
            within=1,
        ),
        Statement(
            (at(text, "The wall broke at night"),),
            at(text, "The wall").start,
            ("actor/narrator",),
            gives=("account/2",),
            about=(dark.key,),
            by_narrator=True,
        ),
    )
    return Reading(
        "scripted 1",
        (NARRATOR, brook, fishermen),
        (place,),
        (time, dark),
        (event,),
        accounts,
        (boats,),
        statements,
    )


def shut(text: str) -> Reading:
    lind, officials = named(text, "Bo Lind"), unnamed(text, "officials")
    place = odense(text)
    statements = (
        Statement(
            (at(text, "the wall broke"),),
            at(text, "denied").start,
            (lind.key,),
            (at(text, "Bo Lind"),),
            (at(text, "denied"),),
            "deny",
            polarity=Polarity.NEGATIVE,
        ),
        Statement(
            (at(text, "the harbour of Odense is shut"),),
            at(text, "According to").start,
            (officials.key,),
            (at(text, "officials"),),
            (at(text, "According to"),),
            "according to",
            about=(place.key,),
            attribution_certainty=Certainty.POSSIBLE,
        ),
    )
    return Reading("scripted 1", (NARRATOR, lind, officials), (place,), statements=statements)


def rejected(text: str) -> Reading:
    content = at(text, "the lighthouse of Odense leans")
    return Reading("scripted 1", (NARRATOR,), statements=(Statement((content,), 0, ()),))


@dataclass
class ScriptedReader:
    """Knows these three texts by heart."""

    extractor: str = "scripted 1"

    def read(self, text: Text) -> Reading:
        return {STORM: storm, SHUT: shut, REJECTED: rejected}[text.content](text.content)


def source(content: str, name: str, metadata: Metadata) -> Source:
    text = Text(content, metadata, "text/plain", "utf-8")
    return Source(name, lambda: (content.encode(), text))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("web") / "archive"
    stated = Metadata(
        title=TITLE,
        creator=("Nell Grey",),
        publisher="Harbour Gazette",
        issued="2031-05-04",
        language="en",
        source="https://gazette.example/storm?a=1&b=2",
    )
    sources = [
        source(STORM, "letters/storm.txt", stated),
        source(SHUT, "letters/shut.txt", Metadata(language="en")),
        source(REJECTED, "letters/light.txt", Metadata(language="en")),
    ]
    with open_archive(folder, create=True) as opened:
        with opened.writer() as writer:
            ingestion = Ingestion(
                catalog=opened.catalog,
                writer=writer,
                extractor=ScriptedReader(),
                settings=Settings(),
                around=lambda _: [DENMARK],
            )
            results = [each.result for each in ingestion.ingest(sources)]
        assert results == [Result.STORED, Result.STORED, Result.REJECTED]
        yield opened


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def app(archive: Archive) -> Iterator[FastAPI]:
    made = create_app(archive)
    yield made
    made.state.service.pool.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A program: it names no media type that it would rather have."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://archive.test") as opened:
        yield opened


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """What browsers send."""
    client.headers["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    return client


@pytest.fixture(scope="session")
def documents(archive: Archive) -> dict[str, str]:
    """The ids of the three documents, by the names of their files."""
    return {Path(record.name).stem: record.id for record in archive.catalog.documents()}


@pytest.fixture(scope="session")
def statements(archive: Archive) -> dict[str, str]:
    """The ids of statements, by content."""
    query = "SELECT ?s ?c { ?s tst:content ?c }"
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    return {row["c"]["value"]: row["s"]["value"].rpartition("/")[2] for row in rows}


@pytest.fixture(scope="session")
def entities(archive: Archive) -> dict[str, str]:
    """The paths of actors, places and events, by label."""
    query = "SELECT ?x ?l { ?x rdfs:label ?l FILTER(STRSTARTS(STR(?x), 'http://localhost:8000/')) }"
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    return {
        row["l"]["value"]: row["x"]["value"].removeprefix("http://localhost:8000/") for row in rows
    }
