"""Writes what synthetic documents say straight into a store: shards made by several processes, then
loaded.

Each process makes its part of the documents: reading, mapping, inference, the image in the reading
view. Nothing is recorded, validated or compared: which entities and events are one is what the
corpus was written from, so that no process has to know what another has done. What is loaded is
what an ingestion loads, without the relations between statements.
"""

from __future__ import annotations

import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.corpus import stories
from benchmarks.scale.extractor import Synthetic, made
from benchmarks.scale.growing import sizes
from testimonia.identity import entity_id
from testimonia.ingest import identify
from testimonia.ingest.deriving import Derived, Task, derived
from testimonia.ingest.spool import Shards, Waiting
from testimonia.iris import Iris
from testimonia.library import Archive, open_gazetteer
from testimonia.linking import Links, label_triples, link, same_triples
from testimonia.mapping import derivation_triples, place_facts, run_triples
from testimonia.model import Document, GazetteerEntry, LocalEntity, Run
from testimonia.store.arrivals import image, lines
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph, Term, Triple, iri, literal
from testimonia.vocabulary import TST

_PART = 500  # documents in one part of the work
RUN = Run("synthetic", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "synthetic", "none")


@dataclass(frozen=True, slots=True)
class Phase:
    """Seconds of the clock and of all processors, the peak of the largest process."""

    name: str
    seconds: float
    processor_seconds: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Written:
    """A store of ``documents``; ``shard_megabytes`` stood on the disk while it was made."""

    documents: int
    processes: int
    phases: list[Phase]
    shard_megabytes: float
    megabytes: dict[str, float]
    quads: int
    statements: int
    load_average: list[float]


def write_straight(
    archive: Archive, synthetic: Synthetic, documents: int, processes: int
) -> Written:
    """The store of the archive, which has no document, with so many."""
    folder = archive.folder / "shards"
    folder.mkdir()
    began = _now()
    statements = _make(folder, synthetic, documents, processes, archive.iris)
    phases = [_phase("making the shards", began, children=True)]
    shards = sorted(folder.glob("*.nq"))
    shard_megabytes = round(sum(each.stat().st_size for each in shards) / 1e6, 1)
    with archive.writer():
        pass  # the ontology
    writer = EmbeddedWriter(archive.folder / "store", archive.iris)
    began = _now()
    writer.load_files(shards)
    writer.sync()
    phases.append(_phase("loading", began))
    for each in shards:
        each.unlink()
    quads = writer.count()
    began = _now()
    writer.flush()
    phases.append(_phase("indexing words and names, checkpoint", began))
    writer.close()
    folder.rmdir()
    load = [round(each, 1) for each in os.getloadavg()]
    parts = sizes(archive.folder)
    return Written(documents, processes, phases, shard_megabytes, parts, quads, statements, load)


def _now() -> tuple[float, float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used)


def _phase(name: str, began: tuple[float, float], *, children: bool = False) -> Phase:
    clock, processor = _now()
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    peak = round(resource.getrusage(who).ru_maxrss / 1024)
    phase = Phase(name, round(clock - began[0], 1), round(processor - began[1], 1), peak)
    print(f"  {phase}", flush=True)
    return phase


# --------------------------------------------------------------------------------------- shards


def _make(folder: Path, synthetic: Synthetic, documents: int, processes: int, iris: Iris) -> int:
    parts = range(0, documents, _PART)
    setup = (folder, synthetic.seed, synthetic.sentences, iris)
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=setup) as pool:
        beyond = [min(first + _PART, documents) for first in parts]
        statements, shown = 0, time.monotonic()
        for number, found in enumerate(pool.map(_part, parts, beyond), 1):
            statements += found
            if time.monotonic() - shown > 20:
                shown = time.monotonic()
                print(f"  {number * _PART:,} of {documents:,}", flush=True)
    return statements


class _Maker:
    """One process' part: ``documents`` for the graphs, ``view`` for their images."""

    def __init__(self, folder: Path, seed: int, sentences: int, iris: Iris) -> None:
        self._synthetic = made(seed, sentences, checked=False)
        self._gazetteer = open_gazetteer()
        self._iris = iris
        name = str(os.getpid())
        self._documents = Shards(folder, f"documents-{name}")
        self._view = Shards(folder, f"view-{name}")
        self._said: set[Triple] = set()
        self._put(iris.runs_graph, run_triples(iris, RUN), {})

    def make(self, first: int, beyond: int) -> int:
        """Write documents; returns how many statements they have."""
        statements = 0
        for number, source in zip(
            range(first, beyond), self._synthetic.sources(first, beyond), strict=True
        ):
            _, text = source.load()
            document = identify(text)
            found = derived(Task(document, self._iris), self._synthetic)
            self._document(number, document, found)
            statements += found.statements
        self._documents.flush()
        self._view.flush()
        return statements

    def _document(self, number: int, document: Document, found: Derived) -> None:
        if found.prepared is None:
            raise AssertionError(found.report)
        iris, id_ = self._iris, document.id
        story = stories.story_of(self._synthetic.seed, number)
        links, joined = _links(document, found.entities, story, number)
        canonical: dict[Term, Term] = {
            iri(iris.local(id_, key)): iri(iris.base_iri + path)
            for key, path in links.canonical.items()
        }
        entries = self._entries(found.places)
        around = {f"place/{entry.id}": entry.name for entry in entries}
        why = {(iri(iris.local(id_, key)), TST.because, literal("one story")) for key in joined}
        self._documents.write(found.prepared.document)
        self._documents.write(found.prepared.inferred)
        self._view.write(
            "".join(Waiting(id_, found.prepared.view, found.prepared.gaps).lines(canonical))
        )
        named = label_triples({**links.labels, **around}, iris)
        self._put(iris.entities_graph, same_triples(id_, links, iris) | named | why, canonical)
        self._put(iris.runs_graph, derivation_triples(iris, RUN.id, id_), {})
        facts = {triple for each in entries for triple in place_facts(each, iris)} - self._said
        self._said |= facts
        self._put(iris.gazetteer_graph, frozenset(facts), {})

    def _put(self, name: str, graph: Graph, canonical: dict[Term, Term]) -> None:
        self._documents.write(lines(graph, name))
        if self._iris.is_viewed(name):
            self._view.write(image(graph, canonical, self._iris))

    def _entries(self, places: tuple[GazetteerEntry, ...]) -> list[GazetteerEntry]:
        around = (self._gazetteer.entry(each) for place in places for each in place.within)
        return list({each.id: each for each in (*places, *around) if each}.values())


def _links(
    document: Document, entities: tuple[LocalEntity, ...], story: int, number: int
) -> tuple[Links, list[str]]:
    """Which entities the document's are, by what it was written from; and its events that an
    earlier document of its story has too."""
    alone = link(document.id, entities, {})
    canonical = dict(alone.canonical)
    for each in entities:
        if each.kind == "event":
            canonical[each.key] = f"event/{entity_id('event', str(story), each.label)}"
        elif each.authority is None and _is_name(each.label):
            canonical[each.key] = f"{each.kind}/{entity_id(each.kind, 'named', each.label)}"
    labels = {canonical[each.key]: each.label for each in entities}
    shared = [each.key for each in entities if each.kind == "event" and story != number]
    return replace(alone, canonical=canonical, labels=labels), shared


def _is_name(label: str) -> bool:
    return label[:1].isupper() and " " in label


_makers: list[_Maker] = []


def _begin(folder: Path, seed: int, sentences: int, iris: Iris) -> None:
    _makers.append(_Maker(folder, seed, sentences, iris))


def _part(first: int, beyond: int) -> int:
    return _makers[0].make(first, beyond)
