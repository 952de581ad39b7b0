"""What ``benchmarks.scale`` measured: by size, by phase, and how each grows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.performance.markdown import bytes_of, load, milliseconds, number, short, table

Results = Mapping[str, Any]
BOUNDED_ROWS: Final = 1000
AIM_MS: Final = 200
LOADED: Final = ("bulk", "straight")
_PLANS = Path(__file__).with_name("plans.toml")
_WAYS: Final = {
    "read": "read, as it comes",
    "synthetic": "known, as it comes",
    "bulk": "known, `--bulk`",
    "straight": "known, straight",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ``benchmarks.scale``."""

    way: str
    sentences: int
    documents: int
    found: Mapping[str, Any]

    @property
    def phases(self) -> dict[str, Mapping[str, float]]:
        """The phases of a run in bulk or straight, by name."""
        return {each["name"]: each for each in self.found["taken"]["phases"]}

    @property
    def queries(self) -> dict[tuple[str, bool], Mapping[str, Any]]:
        """Latencies by query, and whether it was asked of one thing."""
        found = self.found.get("queries", ())
        return {(each["query"], bool(each.get("of_one"))): each for each in found}

    @property
    def peaks(self) -> list[float]:
        """Of the writer, in megabytes."""
        whole = self.found["taken"].get("peak_megabytes", 0)
        return [whole, *(each.get("peak_megabytes", 0) for each in self.phases.values())]

    def processor(self, word: str) -> float:
        """Seconds of the processor of all phases whose names have this word."""
        found = (each for name, each in self.phases.items() if word in name)
        return sum(each["processor_seconds"] for each in found)

    @property
    def asked_of_one(self) -> bool:
        """Whether its queries were asked of one thing too."""
        return any(of_one for _, of_one in self.queries)

    def phase(self, word: str) -> Mapping[str, float]:
        """The phase whose name has this word."""
        return next(each for name, each in self.phases.items() if word in name)


def runs(results: Results, *ways: str) -> list[Run]:
    """The runs of these ways, the smallest first."""
    found = []
    for key, each in results["scale"].items():
        way, sentences, documents = key.split(", ")
        if way in ways:
            found.append(Run(way, int(sentences.split()[0]), int(documents.split()[0]), each))
    order = list(_WAYS)
    return sorted(found, key=lambda run: (order.index(run.way), run.sentences, run.documents))


def largest(results: Results, *ways: str) -> Run:
    """The run of most documents, of these ways.

    Raises:
        LookupError: there is none.
    """
    found = runs(results, *ways)
    if not found:
        raise LookupError(f"benchmarks/results/scale.json has no run of {' or '.join(ways)}")
    return max(found, key=lambda run: run.documents)


# ------------------------------------------------------------------------------- scale.md


def whole_way(results: Results) -> str:
    """Documents one after another, through the whole way."""

    def rows() -> Iterator[tuple[str, ...]]:
        for run in runs(results, "read", "synthetic"):
            for step in run.found["steps"]:
                documents = step["documents"]
                yield (
                    f"{_WAYS[run.way]}, {run.sentences} sentences",
                    number(documents),
                    number(step["milliseconds"], 1),
                    number(step["processor_milliseconds"], 1),
                    bytes_of(step["peak_megabytes"]),
                    number(step["quads"] / documents),
                    number(step["statements"] / documents, 1),
                    bytes_of(sum(step["megabytes"].values())),
                )

    head = ("documents", "how many", "ms each", "writer's processor, ms", "writer's peak",
            "quads each", "statements each", "disk")  # fmt: skip
    return table(head, rows())


def in_bulk(results: Results) -> str:
    """The phases of many at once."""

    def rows() -> Iterator[tuple[str, ...]]:
        for run in runs(results, "bulk", "straight"):
            taken = run.found["taken"]
            thousands = run.documents / 1000
            for phase, each in run.phases.items():
                processor = each["processor_seconds"]
                yield (
                    f"{_WAYS[run.way]}, {run.sentences} sentences",
                    number(run.documents),
                    phase,
                    number(each["seconds"]),
                    number(processor),
                    short(processor / thousands),
                    bytes_of(each.get("peak_megabytes", taken.get("peak_megabytes"))),
                )
            readers = taken.get("readers_processor_seconds")
            if readers:
                yield (
                    f"{_WAYS[run.way]}, {run.sentences} sentences",
                    number(run.documents),
                    "readers, meanwhile",
                    "",
                    number(readers),
                    short(readers / thousands),
                    bytes_of(taken["readers_peak_megabytes"]),
                )

    head = ("documents", "how many", "phase", "seconds", "of processor",
            "of processor, for 1,000", "peak")  # fmt: skip
    return table(head, rows())


def disk(results: Results) -> str:
    """What the parts of an archive have."""

    def rows() -> Iterator[tuple[str, ...]]:
        for run in runs(results, "read", "synthetic", "bulk", "straight"):
            found = run.found["taken"] if "taken" in run.found else run.found["steps"][-1]
            parts = found["megabytes"]
            yield (
                f"{_WAYS[run.way]}, {run.sentences} sentences",
                number(run.documents),
                number(found["quads"]),
                *(bytes_of(parts[part]) if part in parts else "" for part in _PARTS),
                number(1e6 * parts["graph"] / found["quads"]),
                bytes_of(found["shard_megabytes"]) if "shard_megabytes" in found else "",
            )

    head = ("documents", "how many", "quads", *_PARTS, "bytes a quad", "shards, meanwhile")
    return table(head, rows())


_PARTS: Final = ("graph", "full text", "names", "record", "originals")


def growth(results: Results) -> str:
    """What each part takes for 1,000 documents, at each size."""

    def rows() -> Iterator[tuple[str, ...]]:
        for run in runs(results, "bulk", "straight"):
            taken, thousands = run.found["taken"], run.documents / 1000
            yield (
                _WAYS[run.way],
                number(run.documents),
                *(short(each["processor_seconds"] / thousands) for each in _three(run)),
                short(taken["quads"] / thousands),
                bytes_of(taken["megabytes"]["graph"] / thousands),
                bytes_of(taken["megabytes"]["record"] / thousands),
                bytes_of(max(run.peaks)),
            )

    head = ("way", "documents", "deriving, linking, s", "loading, s", "indexing, s", "quads",
            "graph", "record", "peak of the writer (all)")  # fmt: skip
    return table(head, rows())


def _three(run: Run) -> list[Mapping[str, float]]:
    """Phases by what they are for."""
    made = [each for name, each in run.phases.items() if "deriving" in name or "shards" in name]
    together = {"processor_seconds": sum(each["processor_seconds"] for each in made)}
    return [together, run.phase("loading"), run.phase("indexing")]


def latencies(results: Results) -> str:
    """The same questions at each size: of one thing, and of all."""
    sizes = [run for run in runs(results, *LOADED) if run.asked_of_one]
    names = list(dict.fromkeys(key for run in sizes for key in run.queries))
    rows = []
    for query, of_one in sorted(names):
        cells = []
        for run in sizes:
            each = run.queries.get((query, of_one))
            cells.append(_latency(each) if each else "")
        rows.append((f"{query}{', of one' if of_one else ''}", *cells))
    heads = (f"{run.documents:,} documents, {_WAYS[run.way].split()[-1]}" for run in sizes)
    return table(("query", *heads), rows)


def _latency(each: Mapping[str, Any]) -> str:
    if each["ended"]:
        return "ended"
    rows = "row" if each["rows"] == 1 else "rows"
    return f"{milliseconds(each['milliseconds'])}, {each['rows']:,} {rows}"


# ------------------------------------------------------------------------- performance.md


@cache
def plans() -> dict[str, str]:
    """Why a query takes as long as it does, by its name."""
    return {name: each["why"] for name, each in tomllib.loads(_PLANS.read_text("utf-8")).items()}


def is_bounded(each: Mapping[str, Any]) -> bool:
    """Whether an answer has no more than ``BOUNDED_ROWS``."""
    return not each["ended"] and each["rows"] <= BOUNDED_ROWS


def bounded_questions(results: Results) -> str:
    """The competency questions over the largest archive whose answer is bounded."""
    run = _asked(results)
    rows = []
    for (query, of_one), each in sorted(run.queries.items()):
        if is_bounded(each) and not _is_scan(query, of_one):
            mark = "" if each["milliseconds"] < AIM_MS else f" (over {AIM_MS})"
            thing = f"one `?{each['of_one']}`" if of_one else "as it stands"
            rows.append((f"[{query}](queries/{query}.rq)", thing, number(each["rows"]),
                         milliseconds(each["milliseconds"]) + mark))  # fmt: skip
    head = ("question", "asked of", "rows", "median")
    return f"{table(head, rows)}\n\n{_of(run)}"


def unbounded_questions(results: Results) -> str:
    """Those whose answer, or what it is chosen from, grows with the archive, and why."""
    run = _asked(results)
    rows = []
    for (query, of_one), each in sorted(run.queries.items()):
        if not is_bounded(each) or _is_scan(query, of_one):
            took = each["ended"] or milliseconds(each["milliseconds"])
            size = "" if each["ended"] else number(each["rows"])
            name = f"[{query}](queries/{query}.rq){', of one' if of_one else ''}"
            rows.append((name, size, took, plans().get(query, "")))
    lines = ["| question | rows | median | plan |", "| --- | ---: | ---: | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(each)} |" for each in rows)])


def _asked(results: Results) -> Run:
    """The largest archive that was asked."""
    asked = [run for run in runs(results, *LOADED) if run.asked_of_one]
    return max(asked, key=lambda run: run.documents)


def _is_scan(query: str, of_one: bool) -> bool:
    """Whether a query reads a part of the archive that grows, few though the rows may be."""
    return not of_one and query in plans()


def _of(run: Run) -> str:
    taken = run.found["taken"]
    noted = {"load": run.found.get("queries_load_average") or taken["load_average"]}
    size = f"{run.documents:,} documents, {taken['statements']:,} statements, "
    versions = run.found["versions"]
    return (
        f"{size}{taken['quads']:,} quads; {run.found['machine']}, {load(noted)};"
        f" pyoxigraph {versions['pyoxigraph']}."
    )
