"""Takes documents into one archive in bulk and measures each phase."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.scale.extractor import Synthetic, made
from benchmarks.scale.growing import sizes
from testimonia.ingest import Bulk, BulkIngestion, Outcome, Result, Workers, completed
from testimonia.library import Archive, open_gazetteer
from testimonia.settings import Settings

PHASES = ("deriving and linking", "making the shards", "loading", "indexing", "marking as stored")
_SHOWN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Phase:
    """Seconds of the clock, and of the writer's processor."""

    name: str
    seconds: float
    processor_seconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in ``documents`` took; ``readers_processor_seconds`` are those of all processes
    that derive, whose largest took ``readers_peak_megabytes``; ``shard_megabytes`` stood on the
    disk meanwhile."""

    documents: int
    workers: int
    checked: bool
    relations: bool
    phases: list[Phase]
    readers_processor_seconds: float
    peak_megabytes: float
    readers_peak_megabytes: float
    shard_megabytes: float
    megabytes: dict[str, float]
    quads: int
    statements: int
    load_average: list[float] = field(default_factory=list)


class _Watch:
    """Tells the phases apart by the notices between them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "spool"
        self.phases: list[Phase] = []
        self.shards = 0.0
        self._began = time.perf_counter(), time.process_time()

    def next(self, notice: str = "") -> None:
        clock, processor = time.perf_counter(), time.process_time()
        took = round(clock - self._began[0], 1), round(processor - self._began[1], 1)
        self.phases.append(Phase(PHASES[len(self.phases)], *took))
        self._began = clock, processor
        if self._folder.is_dir():
            self.shards = max(
                self.shards, sum(each.stat().st_size for each in self._folder.iterdir()) / 1e6
            )
        print(f"  {self.phases[-1]} {notice}", flush=True)


def take_in(
    archive: Archive, synthetic: Synthetic, documents: int, workers: int, *, checked: bool,
    relations: bool,
) -> Taken:  # fmt: skip
    """Take ``documents`` in; those of several readers are derived beside one another."""
    watch, statements = _Watch(archive.folder), 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with archive.writer() as writer:
        with _ingestion(archive, writer, synthetic, watch, workers, checked, relations) as bulk:
            for each in _shown(bulk.ingest(synthetic.sources(0, documents)), documents):
                if each.result is not Result.STORED:
                    raise SystemExit(f"not stored: {each}")
                statements += each.statements
        watch.next()
        quads = writer.count()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(
        documents,
        workers,
        checked,
        relations,
        watch.phases,
        round(used, 1),
        round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        round(after.ru_maxrss / 1024),
        round(watch.shards, 1),
        sizes(archive.folder),
        quads,
        statements,
        [round(each, 1) for each in os.getloadavg()],
    )


@contextmanager
def _ingestion(
    archive: Archive, writer: object, synthetic: Synthetic, watch: _Watch, workers: int,
    checked: bool, relations: bool,
) -> Iterator[BulkIngestion]:  # fmt: skip
    gazetteer = open_gazetteer()
    make = partial(made, synthetic.seed, synthetic.sentences, checked)
    with Workers(make, synthetic.extractor, workers, memory=4 << 30) as readers:
        ingestion = BulkIngestion(
            archive.catalog,
            writer,  # type: ignore[arg-type]
            readers,
            Settings(),
            lambda entry: filter(None, map(gazetteer.entry, entry.within)),
        )
        with completed(ingestion, Bulk(archive.folder, relations, watch.next)):
            yield ingestion


def _shown(outcomes: Iterable[Outcome], documents: int) -> Iterator[Outcome]:
    began = shown = time.monotonic()
    for number, each in enumerate(outcomes, 1):
        yield each
        if time.monotonic() - shown > _SHOWN_SECONDS:
            shown = time.monotonic()
            rate = 1000 * (shown - began) / number
            print(f"  {number:,} of {documents:,}: {rate:.1f} ms each", flush=True)
