"""``python -m benchmarks.scale``; see the package."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.corpus import stories
from benchmarks.scale.asking import Latency, ask
from benchmarks.scale.extractor import Synthetic
from benchmarks.scale.growing import Step, grow
from testimonia.library import open_archive, open_gazetteer
from testimonia.settings import Settings

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"
_SEED = 1
_TYPICAL = 20  # the story whose speaker, place and country are asked for


def main() -> None:
    """Grow an archive, ask it, print both, keep them in ``benchmarks/results``."""
    options = _options()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        _keep(_key(options), _run(options, folder / "archive"))
    finally:
        if options.keep is None:
            shutil.rmtree(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--sentences", type=int, default=24, help="of a document, on average")
    parser.add_argument("--read", action="store_true", help="read the texts")
    parser.add_argument("--minutes", type=float, default=60, help="stop growing after so many")
    parser.add_argument("--keep", type=Path, help="a new folder for the archive, which stays")
    return parser.parse_args()


def _key(options: argparse.Namespace) -> str:
    way = "read" if options.read else "synthetic"
    return f"{way}, {options.sentences} sentences, {options.documents} documents"


def _run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    synthetic = Synthetic(_SEED, options.sentences)
    steps, latencies = [], []
    settings = Settings(query_seconds=60)
    with open_archive(folder, create=True, settings=settings) as archive:
        growing = grow(
            archive, synthetic, options.documents, read=options.read, minutes=options.minutes
        )
        for step in growing:
            _show(step)
            steps.append(asdict(step))
        for latency in ask(archive, _typical(synthetic)):
            _tell(latency)
            latencies.append(asdict(latency))
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("testimonia", "pyoxigraph", "spacy")},
        "steps": steps,
        "queries": latencies,
    }


def _typical(synthetic: Synthetic) -> dict[str, str]:
    number = stories.story_of(_SEED, _TYPICAL)
    story = stories.story(_SEED, number, synthetic.places)
    gazetteer = open_gazetteer()
    around = filter(None, map(gazetteer.entry, story.place.within))
    country = next(each.name for each in around if each.feature.startswith("PCL"))
    return {"speaker": story.cast[0], "place": story.place.name, "country": country}


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
    print(f"  {latency.query:36} {figure}", flush=True)


def _keep(key: str, result: dict[str, Any]) -> None:
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**known, key: result}, indent=1) + "\n")


if __name__ == "__main__":
    main()
