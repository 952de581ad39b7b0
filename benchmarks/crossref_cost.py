"""What it costs to set one more document beside an archive of 1,000, 10,000 and 100,000 statements.

    python -m benchmarks.crossref_cost [--sizes 1000,10000,100000] [--json FILE]

Documents of ten statements each, made up: who said that who did what to whom, where and when. As in
real archives a part of it is always the same (a tenth of the statements is by and about the same
few), the rest is drawn from names that grow with the archive. What the archive's documents give is
recorded without comparing them; then twenty new documents come, of which some tell of what the
archive has. Told
are the comparisons (pairs of accounts, pairs of statements) and the milliseconds of processor time
for one document, in the median.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Claimed, Compared, Told
from testimonia.crossref.documents import CrossReference
from testimonia.crossref.preparing import prepared
from testimonia.identity import document_id, text_hash
from testimonia.iris import Iris
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    DateBasis,
    Document,
    Event,
    EventClass,
    Mention,
    MentionForm,
    Metadata,
    Participant,
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

STATEMENTS = 10
PROBES = 20
VERBS = ("capture", "shell", "attack", "visit", "close", "open", "sell", "buy", "build", "destroy",
         "arrest", "appoint", "criticise", "praise", "sue", "evacuate", "bomb", "launch", "sign",
         "reject", "approve", "win", "lose", "found", "bury", "rescue", "name", "burn")  # fmt: skip
SYLLABLES = ("ba", "be", "dor", "el", "fa", "gun", "hal", "im", "jo", "kar", "lun", "mo", "nor",
             "os", "pel", "ram", "sa", "tor", "ul", "ve", "wil", "yn", "zar")  # fmt: skip


@dataclass
class Writer:
    """Writes a document and its reading at once."""

    rng: random.Random
    names: int
    text: str = ""

    def name(self, common: int = 8) -> str:
        """A name: one of a few known to all, or one of many."""
        number = self.rng.randrange(common if self.rng.random() < 0.1 else self.names)
        own = random.Random(number)
        return "".join(own.choice(SYLLABLES) for _ in range(4)).title()

    def put(self, words: str) -> Span:
        """Words at the end of the text."""
        start = len(self.text)
        self.text += words
        return Span(start, start + len(words))


def document(seed: int, names: int) -> tuple[Document, Reading]:
    """A document of made-up statements."""
    writer = Writer(random.Random(seed), names)
    day = date(2020, 1, 1) + timedelta(days=writer.rng.randrange(1500))
    reading = Reading("made up")
    for _ in range(STATEMENTS):
        reading = _statement(writer, reading, day)
    text = Text(
        writer.text, Metadata(identifier=f"made {seed}", issued=day.isoformat()), "text/plain"
    )
    hashed = text_hash(text.content)
    return Document(document_id(hashed, text.metadata.identity), hashed, text), reading


def _statement(writer: Writer, reading: Reading, day: date) -> Reading:
    rng = writer.rng
    actors, spans = [], []
    for link in ("", " said that ", " "):
        if link:
            writer.put(link)
        name = writer.name()
        span = writer.put(name)
        spans.append(span)
        mention = Mention(span, MentionForm.NAME)
        actors.append(
            Actor(f"actor/{span.start}", ActorType.PERSON, name, (name,), True, (mention,))
        )
        if link == " said that ":
            writer.put(" ")
            verb = rng.choice(VERBS)
            trigger = writer.put(verb)
    writer.put(" with ")
    number = str(rng.randrange(2, 60))
    counted = writer.put(f"{number} soldiers")
    writer.put(" on ")
    when = writer.put((day - timedelta(days=rng.randrange(3))).isoformat())
    writer.put(".\n")
    time_ = Timex(
        f"time/{when.start}", when, TimexType.DATE, when.of(writer.text), None,
        date.fromisoformat(when.of(writer.text)), date.fromisoformat(when.of(writer.text)),
        None, DateBasis.EXPLICIT,
    )  # fmt: skip
    account = Account(
        f"account/{trigger.start}", f"event/{trigger.start}", trigger, EventClass.OCCURRENCE,
        "other", Tense.PAST,
        participants=(
            Participant(Role.AGENT, spans[1], actors[1].key),
            Participant(Role.PATIENT, spans[2], actors[2].key),
        ),
        times=(time_.key,), quantities=(f"quantity/{counted.start}",), lemma=verb,
    )  # fmt: skip
    statement = Statement(
        (Span(spans[1].start, when.end),), spans[0].end + 1, (actors[0].key,), (spans[0],),
        (Span(spans[0].end + 1, spans[0].end + 5),), "say", about=(time_.key,),
        gives=(account.key,),
    )  # fmt: skip
    event = Event(account.event, verb, "other", (Mention(trigger, MentionForm.NOMINAL),))
    quantity = Quantity(f"quantity/{counted.start}", counted, number, "soldier")
    return Reading(
        reading.extractor, (*reading.actors, *actors), (), (*reading.times, time_),
        (*reading.events, event), (*reading.accounts, account), (*reading.quantities, quantity),
        (*reading.statements, statement),
    )  # fmt: skip


def record(catalog: Catalog, made: tuple[Document, Reading]) -> None:
    """Record what a document gives to be compared, each event its own."""
    document_, reading = made
    catalog.keep(document_.text.content.encode(), document_, document_.id)
    given = prepared(document_, reading)
    own = Compared(catalog.arrival(document_.id), document_.id, given.day, given.topic, "made")
    told = [
        Told(own.item(n), each.resolved({}).features, f"event/{document_.id}-{n}", "", each.blocks)
        for n, each in enumerate(given.tellings)
    ]
    claimed = [
        Claimed(own.item(n), each.id, each.resolved({}).features, each.blocks)
        for n, each in enumerate(given.claims)
    ]
    catalog.put_compared(own, told, claimed)
    catalog.mark_stored({document_.id: "made"}, "made")


def measure(folder: Path, size: int) -> dict[str, float]:
    """The cost of one document more beside ``size`` statements."""
    catalog = Catalog.create(folder / str(size), "http://localhost:8000/")
    try:
        names = max(200, size // 4)
        catalog._db.execute("PRAGMA synchronous = OFF")  # the archive is no record of anything
        for number in range(size // STATEMENTS):
            record(catalog, document(number, names))
        catalog._db.execute("PRAGMA synchronous = FULL")
        seconds, before, accounts, statements = [], [], [], []
        for number in range(PROBES):
            made = document(10**9 + number, names)
            catalog.keep(made[0].text.content.encode(), made[0], made[0].id)
            started = time.process_time()
            given = prepared(*made)
            before.append(time.process_time() - started)
            started = time.process_time()
            entered = CrossReference(catalog, Iris("http://localhost:8000/")).enter(given, {})
            seconds.append(time.process_time() - started)
            catalog.mark_stored({made[0].id: "made"}, "made")
            accounts.append(entered.compared[0])
            statements.append(entered.compared[1])
        return {
            "statements": size,
            "pairs of accounts": statistics.median(accounts),
            "pairs of statements": statistics.median(statements),
            "milliseconds": round(1000 * statistics.median(seconds), 1),
            "milliseconds before, wherever it is read": round(1000 * statistics.median(before), 1),
        }
    finally:
        catalog.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, chosen.sizes.split(",")):
            rows.append(measure(Path(folder), size))
            print(", ".join(f"{name} {value:,}" for name, value in rows[-1].items()), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
