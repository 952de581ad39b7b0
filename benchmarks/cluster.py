"""Reading by Ray on this machine alone against as many worker processes, over the same texts.

``python -m benchmarks.cluster [--documents N] [--workers N] [--rounds N]``

Each side is a process of its own, in alternating rounds: all seconds, Ray's start among them, those
from the first outcome on, what the writer's process alone takes of the processor, and the largest
that the shards on the disk were together. The graphs that all rounds give are compared, but for the
times of runs.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from testimonia.library import Archive, open_archive
from testimonia.settings import Settings

RESULTS = Path(__file__).parent / "results" / "cluster.json"


def digest(archive: Archive) -> str:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    lines = [line for line in output.getvalue().splitlines() if runs not in line]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def side(texts: Path, ray: str | None, workers: int) -> dict[str, Any]:
    """What one side takes."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(ray=ray, workers=workers)
        folder, shards = Path(name) / "archive", 0
        with open_archive(folder, create=True, settings=settings) as archive:
            begun, cpu = time.monotonic(), time.process_time()
            first, documents = 0.0, 0
            for outcome in archive.ingest([texts]):
                documents += outcome.result == "stored"
                first = first or time.monotonic()
                if documents % 16 == 1 and (folder / "shards").is_dir():
                    sizes = [each.stat().st_size for each in (folder / "shards").glob("*.zst")]
                    shards = max(shards, sum(sizes))
            ended = time.monotonic()
            return {
                "documents": documents,
                "seconds": round(ended - begun, 1),
                "seconds_from_first": round(ended - first, 1),
                "writer_milliseconds": round(1000 * (time.process_time() - cpu) / documents, 1),
                "shards_bytes": shards,
                "graph": digest(archive),
            }


def measured(texts: Path, ray: str | None, workers: int) -> dict[str, Any]:
    """The same, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.cluster", "--side", ray or "workers"]
    command += ["--workers", str(workers), "--texts", str(texts)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=["local", "workers"], help=argparse.SUPPRESS)
    parser.add_argument("--texts", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        ray = arguments.side if arguments.side == "local" else None
        print(json.dumps(side(arguments.texts, ray, arguments.workers)))
        return
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name) / "texts.jsonl"
        write = [sys.executable, "-m", "benchmarks.corpus", "write", "--output", str(texts)]
        subprocess.run([*write, "--documents", str(arguments.documents)], check=True)
        rounds: dict[str, list[dict[str, Any]]] = {"workers": [], "ray": []}
        for _ in range(arguments.rounds):
            rounds["workers"].append(measured(texts, None, arguments.workers))
            rounds["ray"].append(measured(texts, "local", arguments.workers))
    graphs = {each["graph"] for sides in rounds.values() for each in sides}
    print(f"{arguments.documents} documents, {arguments.workers} processes")
    for kind, figures in rounds.items():
        pace = {
            key: round(arguments.documents / statistics.median(each[key] for each in figures), 2)
            for key in ("seconds", "seconds_from_first")
        }
        writer = statistics.median(each["writer_milliseconds"] for each in figures)
        print(
            f"  {kind:8} {pace['seconds']:6} documents/s, {pace['seconds_from_first']:6} from the"
            f" first on; the writer {writer} ms each"
        )
    print("  the same graph" if len(graphs) == 1 else f"  {len(graphs)} DIFFERENT graphs")
    result = {
        "documents": arguments.documents,
        "workers": arguments.workers,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": before,
        "load_after": os.getloadavg(),
        "versions": {name: version(name) for name in ("ray", "pyarrow", "pyoxigraph")},
        "same_graph": len(graphs) == 1,
        "rounds": rounds,
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
