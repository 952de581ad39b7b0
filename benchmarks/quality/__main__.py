"""The command: ``python -m benchmarks.quality``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality import corpora, guard, report
from benchmarks.quality.corpora import NoCorpora, Part
from benchmarks.quality.measuring import Plan, measure
from benchmarks.quality.predictions import default_cache

_PARTS: dict[str, tuple[Part, ...]] = {
    "aside": ("aside",),
    "tuning": ("tuning",),
    "all": ("aside", "tuning"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: done; 1: done, but documents could not be read; 2: no corpora."""
    options = _options(arguments)
    try:
        return _record(options) if options.record else _run(_plan(options))
    except NoCorpora as error:
        print(f"benchmarks.quality: {error}", file=sys.stderr)
        return 2


def _run(plan: Plan) -> int:
    results = measure(plan)
    print(report.plain(report.figure_rows(results)))
    print()
    print(report.plain(report.calibration_rows(results)))
    print()
    print(report.speed_line(results))
    for error, count in Counter(results["failures"].values()).most_common():
        first = next(name for name, each in results["failures"].items() if each == error)
        print(f"not read: {count} documents, {first} the first: {error}", file=sys.stderr)
    if plan.whole and "aside" in plan.parts:
        report.write(results)
        print(f"written to {report.RESULTS}, {report.PAGE}, {report.PLOT}", file=sys.stderr)
    return 1 if results["failed"] else 0


def _record(options: argparse.Namespace) -> int:
    found = guard.sample_figures(options.corpora, options.cache)
    guard.record(found)
    for name, value in found.items():
        print(f"{value:.4f}  {name}")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        folder=options.corpora,
        cache=options.cache,
        only=tuple(filter(None, options.only.split(","))),
        parts=_PARTS[options.part],
        documents=options.documents,
        speed=options.speed,
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description="Score the reading on every corpus found; a run on all of them is written to"
        " benchmarks/results and docs/quality.md.",
    )
    add = parser.add_argument
    add("--corpora", type=Path, default=corpora.default_folder(), help="folder with score.py, dev/")
    add("--only", default="", metavar="A,B", help="these corpora alone (nothing is written)")
    add("--documents", type=int, metavar="N", help="N documents of each (nothing is written)")
    add("--cache", type=Path, default=default_cache(), help="where readings are kept between runs")
    add("--no-speed", dest="speed", action="store_false", help="leave the measuring of speed out")
    add("--record", action="store_true", help="record the figures of the regression guard's sample")
    part = parser.add_mutually_exclusive_group()
    for name, text in (
        ("aside", "the third of the documents kept aside (the default)"),
        ("tuning", "the other two thirds, which rules and weights were developed on"),
        ("all", "both, side by side"),
    ):
        part.add_argument(f"--{name}", dest="part", action="store_const", const=name, help=text)
    parser.set_defaults(part="aside")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
