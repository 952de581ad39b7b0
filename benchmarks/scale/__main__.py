"""``python -m benchmarks.scale``; see the package."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.scale.asking import Latency, ask
from benchmarks.scale.bulk import take_in
from benchmarks.scale.extractor import Synthetic
from benchmarks.scale.growing import Step, grow
from benchmarks.scale.straight import write_straight
from benchmarks.scale.typical import things, typical
from testimonia.library import Archive, open_archive
from testimonia.settings import Settings

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"
_SEED = 1
_USUAL = "synthetic"

Json = dict[str, Any]


def main() -> None:
    """Grow an archive, ask it, print both, keep them in ``benchmarks/results``."""
    options = _options()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        for result in _run(options, folder / "archive"):
            _keep(_key(options), result)
    finally:
        if options.keep is None:
            shutil.rmtree(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--sentences", type=int, default=24, help="of a document, on average")
    way = parser.add_mutually_exclusive_group()
    for name, told in (
        ("read", "read the texts"),
        ("bulk", "as `testimonia ingest --bulk` takes documents in"),
        ("straight", "write straight into the store: nothing is recorded, compared or validated"),
        ("again", "grow nothing: ask the archive in --keep again"),
    ):
        way.add_argument(f"--{name}", dest="way", action="store_const", const=name, help=told)
    parser.add_argument("--workers", type=int, default=2, help="not as they come")
    parser.add_argument("--unchecked", action="store_true", help="validate nothing, with --bulk")
    parser.add_argument("--no-relations", action="store_true", help="as of ingest, with --bulk")
    parser.add_argument("--only", nargs="*", default=[], help="ask these queries alone")
    parser.add_argument("--seconds", type=float, default=60, help="that a query may take")
    parser.add_argument("--no-queries", action="store_true", help="ask nothing")
    parser.add_argument("--minutes", type=float, default=60, help="stop growing after so many")
    parser.add_argument("--keep", type=Path, help="a folder for the archive, which stays")
    return parser.parse_args()


def _key(options: argparse.Namespace) -> str:
    way = _way(options)
    return f"{way}, {options.sentences} sentences, {options.documents} documents"


def _way(options: argparse.Namespace) -> str:
    """How the archive was grown; one that is asked again has it in its folder."""
    if options.way == "again":
        return Path(options.keep, "way").read_text("utf-8")
    return str(options.way or _USUAL)


def _run(options: argparse.Namespace, folder: Path) -> Iterator[Json]:
    """What is known after growing, and after asking."""
    synthetic = Synthetic(_SEED, options.sentences)
    result: Json = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "processors": os.cpu_count(),
        "versions": {name: version(name) for name in ("testimonia", "pyoxigraph", "spacy")},
    }
    with open_archive(
        folder, create=True, settings=Settings(query_seconds=options.seconds)
    ) as archive:
        if options.way != "again":
            (folder.parent / "way").write_text(_way(options), "utf-8")
            result |= _grown(options, archive, synthetic)
            yield result
        if not options.no_queries:
            yield from _asked(archive, synthetic, options.only)


def _asked(archive: Archive, synthetic: Synthetic, only: list[str]) -> Iterator[Json]:
    """What is known after each question."""
    values = typical(_SEED, synthetic.places)
    latencies = list[Json]()
    for latency in ask(archive, values, things(archive, values), only):
        _tell(latency)
        latencies.append(asdict(latency))
        load = [round(each, 1) for each in os.getloadavg()]
        yield {"queries": latencies, "queries_load_average": load}


def _grown(options: argparse.Namespace, archive: Archive, synthetic: Synthetic) -> Json:
    documents = options.documents
    if options.way == "straight":
        return _told(asdict(write_straight(archive, synthetic, documents, options.workers)))
    if options.way == "bulk":
        how = {"checked": not options.unchecked, "relations": not options.no_relations}
        return _told(asdict(take_in(archive, synthetic, documents, options.workers, **how)))
    steps = list[Json]()
    workers = options.workers if options.way == "read" else 0
    for step in grow(archive, synthetic, documents, workers=workers, minutes=options.minutes):
        _show(step)
        steps.append(asdict(step))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "steps": steps,
        "readers_processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "readers_peak_megabytes": round(used.ru_maxrss / 1024),
        "load_average": [round(each, 1) for each in os.getloadavg()],
    }


def _told(taken: Json) -> Json:
    print(json.dumps(taken), flush=True)
    return {"taken": taken}


def _show(step: Step) -> None:
    disk = ", ".join(f"{part} {size:,.0f}" for part, size in step.megabytes.items())
    print(
        f"{step.documents:>7,} documents: {step.milliseconds:>6.1f} ms each"
        f" ({step.processor_milliseconds:.1f} of processor), peak {step.peak_megabytes:,.0f} MB,"
        f" {step.quads:,} quads, {step.statements:,} statements; MB on disk: {disk}",
        flush=True,
    )


def _tell(latency: Latency) -> None:
    figure = latency.ended or f"{latency.milliseconds:>9,.1f} ms {latency.rows:>9,} rows"
    name = f"{latency.query}, of one {latency.of_one}" if latency.of_one else latency.query
    print(f"  {name:60} {figure}", flush=True)


def _keep(key: str, result: Json) -> None:
    known: Json = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    before = known.get(key, {})
    merged = {**before, **result}
    if "queries" in result:
        asked = {(each["query"], each["of_one"]) for each in result["queries"]}
        kept = (each for each in before.get("queries", ()) if _name(each) not in asked)
        merged["queries"] = [*result["queries"], *kept]
    RESULTS.write_text(json.dumps({**known, key: merged}, indent=1) + "\n")


def _name(latency: Json) -> tuple[str, str]:
    return latency["query"], latency.get("of_one", "")


if __name__ == "__main__":
    main()
