"""Ingests documents into one archive and measures it on the way."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.extractor import Synthetic
from testimonia.ingest import Ingestion, Result
from testimonia.library import Archive, open_gazetteer, open_readers
from testimonia.settings import Settings
from testimonia.store import Writer

_CHUNK = 250


@dataclass(frozen=True, slots=True)
class Step:
    """The archive at ``documents``: what the last of them took (``milliseconds`` of the clock and
    of the processor, each), the process' peak so far, the disk by part, quads and the view's."""

    documents: int
    milliseconds: float
    processor_milliseconds: float
    peak_megabytes: float
    megabytes: dict[str, float]
    quads: int
    statements: int


def grow(
    archive: Archive, synthetic: Synthetic, documents: int, *, workers: int, minutes: float
) -> Iterator[Step]:
    """Ingest up to ``documents``; a measure at each step, and after ``minutes`` no more. Their
    texts are read by so many ``workers``; by none they are known."""
    started, done, statements = time.monotonic(), 0, 0
    settings = Settings(workers=workers or None)
    gazetteer = open_gazetteer()
    opened = open_readers(settings) if workers else nullcontext(synthetic)
    with archive.writer() as writer, opened as reader:
        ingestion = Ingestion(
            archive.catalog,
            writer,
            reader,
            settings,
            lambda entry: filter(None, map(gazetteer.entry, entry.within)),
        )
        for step in _steps(documents):
            clock, processor, first = time.perf_counter(), time.process_time(), done
            while done < step and time.monotonic() - started < 60 * minutes:
                beyond = min(step, done + _CHUNK)
                statements += _ingest(ingestion, synthetic, done, beyond)
                done = beyond
            if done == first:
                return
            taken = 1000 * (time.perf_counter() - clock) / (done - first)
            used = 1000 * (time.process_time() - processor) / (done - first)
            yield _measured(archive.folder, writer, done, taken, used, statements)


def _ingest(ingestion: Ingestion, synthetic: Synthetic, first: int, beyond: int) -> int:
    outcomes = list(ingestion.ingest(synthetic.sources(first, beyond)))
    wrong = [each for each in outcomes if each.result is not Result.STORED]
    if wrong:
        raise SystemExit(f"not stored: {wrong[0]}")
    return sum(each.statements for each in outcomes)


def _steps(documents: int) -> list[int]:
    usual = [digit * 10**power for power in range(3, 9) for digit in (1, 2, 5)]
    return [*(step for step in usual if step < documents), documents]


def _measured(
    folder: Path, writer: Writer, done: int, taken: float, used: float, statements: int
) -> Step:
    writer.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Step(
        *(done, round(taken, 1), round(used, 1), round(peak), sizes(folder)),
        *(writer.count(), statements),
    )


def sizes(folder: Path) -> dict[str, float]:
    """Megabytes of an archive's parts."""
    return {
        "graph": _size(folder / "store" / "live", "**/*"),
        "full text": _size(folder / "store", "fulltext.sqlite*"),
        "names": _size(folder / "store", "entities.sqlite*"),
        "record": _size(folder, "catalog.sqlite*"),
        "originals": _size(folder / "originals", "**/*"),
    }


def _size(folder: Path, pattern: str) -> float:
    """Megabytes of the files of a folder that fit."""
    return round(
        sum(file.stat().st_size for file in folder.glob(pattern) if file.is_file()) / 1e6, 1
    )
