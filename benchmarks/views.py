"""What the reports cost on a large archive: each asked over HTTP, the first time and again.

Run with ``python -m benchmarks.views`` (``--documents 5000``). The archive is invented and has as
many statements, accounts and voices a document as news has; it is written as triples, for reading
so much text would take hours. Times are of one client, whole answers, nothing kept from before:
between two rounds something is written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import uvicorn

from testimonia.iris import Iris
from testimonia.library import Archive, open_archive
from testimonia.terms import Graph, Triple, boolean, decimal, iri, iri_of, literal
from testimonia.vocabulary import (
    DCTERMS,
    EDTF,
    EVENT_TYPES,
    GEO,
    RDF,
    RDFS,
    SEM,
    TST,
    XSD,
)
from testimonia.web import create_app

RESULTS = Path(__file__).parent / "results" / "views.json"
STATEMENTS, ACCOUNTS_OF_EVENT = 20, 3
START = date(2015, 1, 1)
_WORDS = (
    *("harbour", "storm", "wall", "bridge", "council", "vote", "strike"),
    *("ferry", "flood", "market", "school", "road", "fire"),
)


class Invented:
    """An archive of documents that tell of the same events."""

    def __init__(self, iris: Iris, documents: int) -> None:
        self.iris = iris
        self.documents = documents
        self.actors = max(20, documents * 3 // 5)
        self.places = max(10, min(2000, documents // 5))
        self.events = max(1, documents * STATEMENTS * 3 // 5 // ACCOUNTS_OF_EVENT)
        self._chance = random.Random(3)

    def actor(self, number: int) -> str:
        """The first actors speak most."""
        return self.iris.actor(f"a{number}")

    def some_actor(self) -> int:
        """Few are quoted often, most seldom."""
        return min(self.actors - 1, int(self._chance.paretovariate(0.7)) - 1)

    def shared(self) -> dict[str, Graph]:
        """Labels of entities, facts of places."""
        entities: list[Triple] = []
        gazetteer: list[Triple] = []
        for number in range(self.actors):
            actor = iri(self.actor(number))
            name = f"Ada Moss {number}" if number % 4 else f"officials {number // 4}"
            entities += [
                (actor, RDFS.label, literal(name)),
                (actor, RDF.type, TST.Person if number % 4 else TST.Group),
                (actor, RDF.type, TST.Actor),
                (actor, TST.named, boolean(bool(number % 4))),
            ]
        for number in range(self.places):
            place = iri(self.iris.place(f"p{number}"))
            point = iri(self.iris.geometry(f"p{number}"))
            x, y = self._chance.uniform(-120, 150), self._chance.uniform(-40, 65)
            wkt = literal(f"POINT({x:.3f} {y:.3f})", datatype=iri_of(GEO.wktLiteral))
            entities += [(place, RDFS.label, literal(f"Port {number}"))]
            gazetteer += [
                (place, RDF.type, TST.Place),
                (place, GEO.hasGeometry, point),
                (point, GEO.asWKT, wkt),
                (place, TST.within, iri(self.iris.place(f"c{number % 40}"))),
            ]
        for number in range(self.events):
            event = iri(self.iris.event(f"e{number}"))
            label = f"{_WORDS[number % len(_WORDS)]} {number}"
            entities += [
                (event, RDF.type, TST.Event),
                (event, RDFS.label, literal(label)),
                (event, TST.eventType, EVENT_TYPES["other"]),
            ]
        return {
            self.iris.entities_graph: frozenset(entities),
            self.iris.gazetteer_graph: frozenset(gazetteer),
        }

    def graphs(self) -> Iterator[dict[str, Graph]]:
        """The graph of each document."""
        for number in range(self.documents):
            id_ = f"d{number}"
            yield {self.iris.document_graph(id_): frozenset(self._document(number, id_))}

    def _document(self, number: int, id_: str) -> Iterator[Triple]:
        document = iri(self.iris.document(id_))
        issued = START + timedelta(days=number % 3650)
        publisher = iri(self.iris.actor(f"publisher{number % 50}"))
        narrator = iri(self.iris.local(id_, "actor/narrator"))
        yield document, RDF.type, TST.Document
        yield document, DCTERMS.title, literal(f"Report {number}", language="en")
        yield document, DCTERMS.issued, literal(str(issued), datatype=iri_of(XSD.date))
        yield document, DCTERMS.publisher, publisher
        yield publisher, RDFS.label, literal(f"Gazette {number % 50}")
        yield publisher, RDF.type, TST.Actor
        yield narrator, RDF.type, TST.Narrator
        yield narrator, RDFS.label, literal(f"narrator of report {number}")
        yield narrator, TST.named, boolean(False)
        for place in range(STATEMENTS):
            yield from self._statement(number, place, id_, document, narrator, issued)

    def _statement(
        self, number: int, place: int, id_: str, document: str, narrator: str, issued: date
    ) -> Iterator[Triple]:
        chance = self._chance
        statement = iri(self.iris.statement(f"s{number}x{place}"))
        speaker = narrator if place % 3 == 0 else iri(self.actor(self.some_actor()))
        words = " ".join(chance.choices(_WORDS, k=6))
        yield statement, RDF.type, TST.Statement
        yield statement, TST.content, literal(f"{words} {number} {place}", language="en")
        yield statement, TST.speaker, speaker
        yield statement, TST.document, document
        directness = chance.choice((TST.Direct, TST.Mixed, TST.Indirect))
        yield statement, TST.directness, directness
        yield statement, TST.certainty, TST.Certain
        yield statement, TST.polarity, TST.Positive
        yield statement, TST.cue, literal("say")
        yield statement, TST.about, iri(self.actor(self.some_actor()))
        if place % 10 == 5:
            outer = iri(self.iris.statement(f"s{number}x{place - 1}"))
            yield statement, TST.reportedIn, outer
        if place % 5 < 3:
            yield from self._account(number, place, id_, statement, issued)

    def _account(
        self, number: int, place: int, id_: str, statement: str, issued: date
    ) -> Iterator[Triple]:
        chance = self._chance
        account = iri(self.iris.local(id_, f"account/{place}"))
        time_ = iri(self.iris.local(id_, f"time/{place}"))
        count = iri(self.iris.local(id_, f"quantity/{place}"))
        day = issued - timedelta(days=chance.randint(0, 3))
        yield statement, TST.gives, account
        yield account, RDF.type, TST.Account
        yield account, TST.accountOf, iri(self.iris.event(f"e{chance.randrange(self.events)}"))
        yield account, TST.eventType, EVENT_TYPES["other"]
        yield account, TST.polarity, TST.Positive
        actor = iri(self.actor(self.some_actor()))
        yield account, TST.agent, actor
        yield account, TST.participant, actor
        yield account, SEM.hasPlace, iri(self.iris.place(f"p{chance.randrange(self.places)}"))
        yield account, SEM.hasTime, time_
        yield time_, RDF.type, TST.TimeReference
        yield time_, RDFS.label, literal(str(day))
        yield time_, TST.edtf, literal(str(day), datatype=iri_of(EDTF.EDTF))
        for bound in (SEM.hasEarliestBeginTimeStamp, SEM.hasLatestEndTimeStamp):
            yield time_, bound, literal(str(day), datatype=iri_of(XSD.date))
        yield account, TST.quantity, count
        yield count, TST.value, decimal(str(chance.randint(1, 40)))
        yield count, TST.unit, literal("boats")


def fill(archive: Archive, documents: int) -> None:
    """Write the invented archive."""
    invented = Invented(archive.iris, documents)
    with archive.writer() as writer:
        writer.replace(invented.shared())
        batch: dict[str, Graph] = {}
        for graphs in invented.graphs():
            batch |= graphs
            if len(batch) == 200:
                writer.replace(batch)
                batch = {}
        if batch:
            writer.replace(batch)
        writer.published()


def touch(archive: Archive, number: int) -> None:
    """Something new, so that no answer is that of before."""
    graph = {archive.iris.document_graph("touched"): frozenset(
        {(iri(archive.iris.document("touched")), DCTERMS.title, literal(f"{number}"))}
    )}  # fmt: skip
    with archive.writer() as writer:
        writer.replace(graph)
        writer.published()


def requests(iris: Iris) -> dict[str, str]:
    """What is asked."""
    event = quote(iris.event("e1"))
    return {
        "voices, all": "voices",
        "voices of a document": f"voices?document={quote(iris.document('d7'))}",
        "voices of a publisher": f"voices?publisher={quote(iris.actor('publisher7'))}",
        "voices by words": "voices?q=ferry+strike",
        "dossier of the most quoted actor": "actor/a1/dossier",
        "dossier of a rare actor": "actor/a701/dossier",
        "compare an event": f"compare?event={event}",
        "compare by words": "compare?q=ferry+strike",
        "compare by actor": f"compare?actor={quote(iris.actor('a1'))}",
        "compare by time": "compare?from=2016-03-01&to=2016-03-31",
        "timeline, all": "timeline",
        "timeline of a place": f"timeline?place={quote(iris.place('p3'))}",
        "timeline of a year": "timeline?from=2016-01-01&to=2016-12-31",
        "home, for comparison": "",
    }


def measure(archive: Archive, port: int, rounds: int) -> dict[str, Any]:
    """Median and longest time of each request in milliseconds."""
    taken: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    headers = {"Accept": "text/html"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=120, headers=headers) as client:
        for number in range(rounds):
            touch(archive, number)
            client.get("actors")  # the new checkpoint is opened by somebody else
            for name, path in requests(archive.iris).items():
                begun = time.perf_counter()
                answer = client.get(path)
                taken.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, (name, answer.status_code, answer.text[:500])
                sizes[name] = len(answer.content)
    return {
        name: {
            "median_ms": round(statistics.median(times)),
            "longest_ms": round(max(times)),
            "kilobytes": round(sizes[name] / 1000),
        }
        for name, times in taken.items()
    }


@contextmanager
def _serving(archive: Archive) -> Iterator[int]:
    server = uvicorn.Server(uvicorn.Config(create_app(archive), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


def main() -> None:
    parser = argparse.ArgumentParser(description="What reports cost.")
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="an archive to make there, or to use again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch) / "archive"
        known = folder.exists()
        with open_archive(folder, create=True) as archive:
            if not known:
                fill(archive, arguments.documents)
            with archive.view() as view:
                quads = view.count()
            with _serving(archive) as port:
                figures = measure(archive, port, arguments.rounds)
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "load": [round(each, 1) for each in os.getloadavg()],
        "processors": os.cpu_count(),
        "documents": arguments.documents,
        "statements": arguments.documents * STATEMENTS,
        "quads": quads,
        "requests": figures,
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
