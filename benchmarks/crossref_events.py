"""Events across documents, on ECB+: MUC, B³, CEAF-e and their mean, beside the same-lemma baseline.

    python -m benchmarks.crossref_events [--part tuning|aside] [--corpora FOLDER]

The documents of a part go one by one into an archive of their own, as `testimonia ingest` takes
them, and the canonical events that the record has then are scored: once with the mentions that the
reading finds (inside the sentences that ECB+ annotates), once with the mentions of the gold, of
which the reading finds participants, places and times. No topic is given. ECB+ has no dates of
publication: what they decide is not measured here. About half of the mentions are in no statement
(a heading, an event spoken of in passing) and so in no graph; the record compares them too. What
the graph alone has is a line of its own, where each such mention is an event of its own.

The interval is that of 95% of draws with replacement from the documents' topics.

The baseline takes all mentions of one lemma for one event; "within a topic" it is told the corpus's
topics as well, which the archive is not.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unittest.mock import patch

from benchmarks.coreference import Score, Scores, clusters, score
from benchmarks.quality import corpora
from benchmarks.quality.corpora import Gold, Part
from testimonia.ingest import Ingestion, Source
from testimonia.library import Archive, open_archive, open_reader
from testimonia.linking.tellings import Telling
from testimonia.model import Account, EventClass, Metadata, Reading, Span, Text
from testimonia.reading import Reader
from testimonia.reading import reader as reading_room
from testimonia.reading.events import Trigger, find_events
from testimonia.reading.events.triggers import _trigger
from testimonia.reading.syntax import Parse

CORPUS = "ecbplus"
DRAWS = 200
Mention = tuple[str, Hashable]  # document and where


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: of each mention the event that the record has, that which the graph has, its
    lemma and its topic."""

    events: Mapping[Mention, Hashable]
    shown: Mapping[Mention, Hashable]
    lemmas: Mapping[Mention, str]
    topics: Mapping[Mention, str]


class GoldReader:
    """Reads with the events of the gold in the place of those that the reading finds."""

    def __init__(self, reader: Reader, documents: Sequence[Gold]) -> None:
        self._reader = reader
        self._spans = {
            each["text"]: [spans_of(event) for event in each["events"]] for each in documents
        }
        self.extractor = f"{reader.extractor} gold"

    def read(self, text: Text) -> Reading:
        """A reading with the gold's triggers."""
        wanted = self._spans[text.content]
        with patch.object(reading_room, "find_events", lambda parse: given(parse, wanted)):
            return self._reader.read(text)


def spans_of(event: Gold) -> list[tuple[int, int]]:
    """The stretches of a gold mention."""
    return [(s, e) for s, e in event.get("spans") or [[event["start"], event["end"]]]]


def given(parse: Parse, wanted: Sequence[Sequence[tuple[int, int]]]) -> tuple[Trigger, ...]:
    """Triggers at the heads of given mentions: the reading's own where it has one there."""
    found = {trigger.head: trigger for trigger in find_events(parse)}
    heads = {_head(parse, spans) for spans in wanted} - {None}
    return tuple(
        found.get(head) or _trigger(parse, parse.tokens[head], EventClass.OCCURRENCE)
        for head in sorted(each for each in heads if each is not None)
    )


def _head(parse: Parse, spans: Sequence[tuple[int, int]]) -> int | None:
    inside = [i for start, end in spans for i in parse.within(Span(start, end))]
    outside = (i for i in inside if parse.tokens[i].head not in inside or parse.tokens[i].head == i)
    return next(outside, inside[0] if inside else None)


def find(documents: Sequence[Gold], reader: Reader | GoldReader) -> Found:
    """The events that an archive of these documents has, by the gold's mentions where one is."""
    kept: dict[str, Reading] = {}

    class Keeping:
        extractor = reader.extractor

        def read(self, text: Text) -> Reading:
            return kept.setdefault(text.content, reader.read(text))

    with tempfile.TemporaryDirectory() as folder, open_archive(folder, create=True) as archive:
        ids = ingest(archive, documents, Keeping())
        events: dict[Mention, Hashable] = {}
        shown: dict[Mention, Hashable] = {}
        lemmas: dict[Mention, str] = {}
        topics: dict[Mention, str] = {}
        for each, id_ in zip(documents, ids, strict=True):
            canonical = archive.catalog.identities(id_)
            recognised = recorded(archive, id_)
            for account in kept[each["text"]].accounts:
                mention = (each["id"], where(each, account))
                if not _is_annotated(each, account):
                    continue
                own = (each["id"], account.event)  # of a document that was rejected
                events[mention] = recognised.get(account.event, own)
                shown[mention] = canonical.get(account.event, own)
                lemmas[mention] = account.lemma
                topics[mention] = each["topic"]
    return Found(events, shown, lemmas, topics)


def recorded(archive: Archive, document: str) -> dict[str, str]:
    """The canonical events that the record has of a document, by their local keys."""
    told = archive.catalog.told_in(archive.catalog.arrival(document))
    return {Telling.read(each.features).event: each.event for each in told}


def ingest(archive: Archive, documents: Sequence[Gold], reader: object) -> list[str]:
    """Ingest the documents; their ids."""
    sources = [Source(each["id"], _loader(each)) for each in documents]
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, archive.settings, lambda _: [])  # type: ignore[arg-type]
        outcomes = list(one.ingest(sources))
    wrong = [each for each in outcomes if each.document is None]
    assert not wrong, wrong[0]
    return [each.document or "" for each in outcomes]


def _loader(document: Gold) -> Callable[[], tuple[bytes, Text]]:
    metadata = Metadata(identifier=document["id"], issued=document.get("dct"))
    text = Text(document["text"], metadata, "text/plain")
    return lambda: (document["text"].encode(), text)


def where(document: Gold, account: Account) -> Hashable:
    """Which mention of the gold stands at an account's trigger, else the trigger itself."""
    for event in document["events"]:
        if any(start <= account.trigger.start < end for start, end in spans_of(event)):
            return int(event["start"])
    return "none", account.trigger.start


def _is_annotated(document: Gold, account: Account) -> bool:
    ranges = document.get("annotated_ranges") or [[0, len(document["text"])]]
    return any(start <= account.trigger.start < end for start, end in ranges)


def key(documents: Sequence[Gold]) -> dict[Mention, Hashable]:
    """The gold's events; a mention in none of its clusters is an event of its own."""
    return {
        (each["id"], int(event["start"])): event["cluster"] or (each["id"], number)
        for each in documents
        for number, event in enumerate(each["events"])
    }


def rows(documents: Sequence[Gold], found: Found) -> dict[str, Scores]:
    """The scores of the archive and of the baselines."""
    gold = clusters(dict(key(documents)))
    within = {each: (found.topics[each], lemma) for each, lemma in found.lemmas.items()}
    return {
        "testimonia": score(gold, clusters(dict(found.events))),
        "testimonia, its graph alone": score(gold, clusters(dict(found.shown))),
        "same lemma": score(gold, clusters(dict(found.lemmas))),
        "same lemma within a topic": score(gold, clusters(within)),
    }


def measure(documents: Sequence[Gold]) -> dict[str, Found]:
    """What is found with the mentions of the reading, and with the gold's."""
    reader = open_reader()
    return {
        "found mentions": find(documents, reader),
        "gold mentions": find(documents, GoldReader(reader, documents)),
    }


def interval(documents: Sequence[Gold], found: Found) -> tuple[float, float]:
    """Between what the mean lies in 95% of draws of as many topics with replacement."""
    random, means = Random(1), []
    topics = sorted({each["topic"] for each in documents})
    gold = key(documents)
    topic_of = {each["id"]: each["topic"] for each in documents}
    for _ in range(DRAWS):
        drawn = Counter(random.choices(topics, k=len(topics)))

        def resampled(
            of: Mapping[Mention, Hashable], drawn: Counter[str] = drawn
        ) -> dict[Hashable, Hashable]:
            return {
                (mention, copy): (label, copy)
                for mention, label in of.items()
                for copy in range(drawn[topic_of[mention[0]]])
            }

        means.append(score(clusters(resampled(gold)), clusters(resampled(found.events))).mean)
    means.sort()
    return means[round(0.025 * (DRAWS - 1))], means[round(0.975 * (DRAWS - 1))]


def shown(name: str, scores: Scores) -> str:
    """One line of the table."""
    parts = (("MUC", scores.muc), ("B³", scores.b_cubed), ("CEAF-e", scores.ceaf_e))
    return (
        f"  {name:28}" + "".join(f"{_part(*part)}   " for part in parts) + f"mean {scores.mean:.3f}"
    )


def _part(name: str, one: Score) -> str:
    return f"{name} {one.f:.3f} ({one.precision:.2f}/{one.recall:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("tuning", "aside"), default="tuning")
    parser.add_argument("--corpora", type=Path, default=corpora.default_folder())
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    which: Part = chosen.part
    documents = corpora.part(corpora.read(corpora.check(chosen.corpora), CORPUS), which)
    measured = {}
    for mentions, found in measure(documents).items():
        print(f"{len(documents)} documents of ECB+ ({which}), {mentions}")
        measured[mentions] = rows(documents, found)
        for name, scores in measured[mentions].items():
            print(shown(name, scores))
        low, high = interval(documents, found)
        print(f"  testimonia's mean in 95% of the draws: {low:.3f} to {high:.3f}", flush=True)
    if chosen.json:
        figures = {m: {n: s.mean for n, s in scored.items()} for m, scored in measured.items()}
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
