"""Entities of annotated corpora, linked over all documents: B³ beside the exact-name baseline."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crossref.b_cubed import Score, b_cubed
from benchmarks.quality.corpora import Gold
from benchmarks.quality.predictions import text_of
from testimonia.catalog import Catalog
from testimonia.crossref import Entities
from testimonia.ingest import Extractor, identify
from testimonia.mapping import local_entities
from testimonia.model import Actor, ActorType, Document, Mention, MentionForm, Reading, Span

Located = tuple[str, int, int]  # a mention: document's id in the corpus, start and end
Clustering = dict[Located, Hashable]

_TYPES = {
    "person": ActorType.PERSON,
    "organization": ActorType.ORGANIZATION,
    "human_part_per": ActorType.PERSON,
    "human_part_org": ActorType.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A corpus document and its reading."""

    gold: Gold
    document: Document
    reading: Reading


def read_all(documents: Iterable[Gold], extractor: Extractor) -> Iterator[Read]:
    """The documents as Testimonia reads them."""
    for gold in documents:
        document = identify(text_of(gold))
        yield Read(gold, document, extractor.read(document.text))


def key_of(read: Sequence[Read], *, actors_only: bool) -> Clustering:
    """The annotated entity of every mention by name: what a title of Wikipedia names, or the
    cluster that holds across documents."""
    key: Clustering = {}
    for each in read:
        for mention in _named(each.gold):
            if not actors_only or str(mention["type"]).lower() in _TYPES:
                key[_located(each.gold, mention)] = title_of(mention["wiki"])
    return key


def title_of(wiki: str) -> str:
    """The title, however a corpus has it: MEANTIME gives addresses of DBpedia, whose last part is
    one, GUM titles."""
    return wiki.strip().rpartition("/")[2].replace(" ", "_")


def linked(read: Sequence[Read]) -> Clustering:
    """For every mention of the readings the canonical entity that it was linked to."""
    found: Clustering = {}
    joined: dict[Hashable, Hashable] = {}
    with TemporaryDirectory() as folder:
        catalog = Catalog.create(Path(folder) / "archive", "http://localhost:8000/")
        entities = Entities(catalog)
        for each in read:
            catalog.keep(each.document.text.content.encode(), each.document, each.gold["id"])
            locals_ = local_entities(each.document, each.reading)
            links = entities.link(each.document, each.reading, locals_)
            joined |= {other: joined.get(one, one) for one, other in links.doubles}
            for key, spans in _spans(each.reading):
                for span in spans:
                    path = links.canonical.get(key)
                    if path is not None:
                        found[each.gold["id"], span.start, span.end] = path
        catalog.close()
    return {mention: joined.get(path, path) for mention, path in found.items()}


def by_exact_name(read: Sequence[Read]) -> Clustering:
    """The baseline: two are one that have the same label."""
    found: Clustering = {}
    for each in read:
        labels = {
            entity.key: entity.label for entity in local_entities(each.document, each.reading)
        }
        for key, spans in _spans(each.reading):
            if key in labels:
                for span in spans:
                    found[each.gold["id"], span.start, span.end] = labels[key].casefold()
    return found


def by_document(read: Sequence[Read]) -> Clustering:
    """No links at all: every entity is one document's."""
    return {
        (each.gold["id"], span.start, span.end): (each.gold["id"], key)
        for each in read
        for key, spans in _spans(each.reading)
        for span in spans
    }


def with_gold_entities(read: Sequence[Read]) -> list[Read]:
    """The documents with the annotators' persons and organisations in the place of those read:
    linking alone is measured then. Places stay as they were read."""
    return [Read(each.gold, each.document, _annotated(each)) for each in read]


def score(key: Clustering, response: Clustering) -> Score:
    """B³, a mention being found by what overlaps it most."""
    return b_cubed(key, aligned(key, response))


def _annotated(read: Read) -> Reading:
    content = read.document.text.content
    clusters: dict[str, list[Gold]] = {}
    for entity in read.gold["entities"]:
        if str(entity["type"]).lower() in _TYPES and entity["cluster"]:
            clusters.setdefault(entity["cluster"], []).append(entity)
    actors = [_actor(found, content) for found in clusters.values()]
    places = read.reading.places
    return Reading(read.reading.extractor, tuple(filter(None, actors)), places)


def _actor(found: list[Gold], content: str) -> Actor | None:
    mentions = tuple(
        Mention(Span(each["start"], each["end"]), MentionForm(each["mention"] or "name"))
        for each in sorted(found, key=lambda each: (each["start"], -each["end"]))
    )
    names = [m.span.of(content) for m in mentions if m.form is MentionForm.NAME]
    if not names:
        return None
    type_ = _TYPES[str(found[0]["type"]).lower()]
    label = max(names, key=len)
    key = f"actor/{mentions[0].span.start}-{mentions[0].span.end}"
    return Actor(key, type_, label, tuple(dict.fromkeys(names)), True, mentions)


def _named(gold: Gold) -> Iterator[Gold]:
    for mention in gold["entities"]:
        if mention.get("wiki") and mention["mention"] == "name":
            yield mention


def _spans(reading: Reading) -> Iterator[tuple[str, list[Span]]]:
    for place in reading.places:
        yield place.key, [mention.span for mention in place.mentions]
    for actor in reading.actors:
        yield actor.key, [mention.span for mention in actor.mentions]


def _located(gold: Gold, mention: Gold) -> Located:
    return gold["id"], mention["start"], mention["end"]


def aligned(key: Clustering, response: Clustering) -> Clustering:
    """For each mention of the key the cluster of what overlaps it most."""
    by_document: dict[str, list[tuple[int, int, Hashable]]] = {}
    for located, cluster in response.items():
        document, start, end = located
        by_document.setdefault(document, []).append((start, end, cluster))
    found: Clustering = {}
    for mention in key:
        document, start, end = mention
        overlaps = [
            (min(end, e) - max(start, s), -(e - s), str(cluster), cluster)
            for s, e, cluster in by_document.get(document, ())
            if s < end and start < e
        ]
        if overlaps:
            found[mention] = max(overlaps, key=lambda each: each[:3])[3]
    return found
