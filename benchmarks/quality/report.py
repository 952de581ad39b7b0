"""A run's results as tables, as ``results/quality.json`` and as parts of ``docs/quality.md``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.quality.calibration import Bin, Reliability
from benchmarks.quality.corpora import ROOT
from benchmarks.quality.figures import Target, field_data
from benchmarks.quality.measuring import named
from benchmarks.quality.plot import reliability_svg

Json = dict[str, Any]
Rows = list[tuple[str, ...]]

RESULTS = Path("benchmarks") / "results" / "quality.json"
PAGE = Path("docs") / "quality.md"
PLOT = Path("docs") / "images" / "reliability.svg"
CORPORA = {
    "polnear": "PolNeAR",
    "gum": "GUM",
    "tbaq_timebank": "TimeBank",
    "tbaq_aquaint": "AQUAINT",
    "trnews": "TR-News",
    "lgl": "LGL",
    "geowebnews": "GeoWebNews",
    "geovirus": "GeoVirus",
    "meantime": "MEANTIME",
}
_PARTS = {"aside": "kept aside", "tuning": "developed on"}


def write(results: Json, root: Path = ROOT) -> None:
    """Keep the results: numbers, the page's generated parts, the plot."""
    kept = {name: value for name, value in results.items() if name != "failures"}
    for path in (RESULTS, PLOT):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / RESULTS).write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    (root / PLOT).write_text(plot_of(results), "utf-8")
    page = root / PAGE
    page.write_text(fill(page.read_text("utf-8"), results), "utf-8")


def plot_of(results: Json) -> str:
    """The reliability plot as SVG."""
    return reliability_svg(_curves(results))


def fill(page: str, results: Json) -> str:
    """The page with what stands between its markers made anew from the results.

    Raises:
        ValueError: a marker is missing.
    """
    parts = {
        "figures": markdown(figure_rows(results)),
        "elsewhere": markdown(elsewhere_rows()),
        "calibration": markdown(calibration_rows(results)),
        "speed": speed_line(results),
    }
    for name, text in parts.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        page, count = re.subn(pattern, lambda m, t=text: f"{m[1]}{t}\n{m[2]}", page, flags=re.S)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"the page has {count} places marked <!-- generated: {name} -->")
    return page


# ------------------------------------------------------------------------------------- tables


def figure_rows(results: Json) -> Rows:
    """The table of figures, its head first."""
    parts = results["parts"]
    head = ("figure", "corpus", *(_PARTS[part] for part in parts), "aim", "best tool", "people")
    return [head, *_figure_rows(results["figures"], parts)]


def _figure_rows(rows: Sequence[Json], parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    previous = ""
    for (name, corpus), found in groupby(rows, lambda row: (row["figure"], row["corpus"])):
        by_part = {row["part"]: row for row in found}
        figure = named(name)
        target = next(each for each in figure.on if each.corpus == corpus)
        ours = [_value(by_part.get(part), target.aim) for part in parts]
        title = "〃" if figure.title == previous else figure.title
        yield (
            title,
            CORPORA[corpus],
            *ours,
            _number(target.aim),
            _best(target),
            _number(target.people),
        )
        previous = figure.title


def elsewhere_rows() -> Rows:
    """Aims and field on corpora that are not among those scored."""
    rows = [
        (each["figure"], each["corpus"], each["aim"], each["best"])
        for each in field_data()["elsewhere"]
    ]
    return [("figure", "corpus", "aim", "others"), *rows]


def calibration_rows(results: Json) -> Rows:
    """Per corpus and bin: how many, how sure, how many of them right."""
    head = ("corpus", "confidence", "attributions", "mean", "right")
    return [head, *_calibration_rows(results)]


def _calibration_rows(results: Json) -> Iterator[tuple[str, ...]]:
    for corpus, found in _curves(results).items():
        for each in found.bins:
            if each.count:
                span = f"{each.low:.1f} to {each.high:.1f}"
                yield corpus, span, str(each.count), _number(each.confidence), _number(each.right)
        yield corpus, "all", str(found.count), f"ECE {found.error:.3f}", ""


def _curves(results: Json) -> dict[str, Reliability]:
    return {
        CORPORA[corpus]: Reliability(
            tuple(Bin(**each) for each in found["bins"]), found["error"], found["count"]
        )
        for corpus, found in results["calibration"].items()
    }


def speed_line(results: Json) -> str:
    """The whole reading's speed in one sentence."""
    found = results["speed"]
    if not found:
        return "Not measured in this run."
    return (
        f"{found['whole']:,.0f} tokens a second for the whole reading, {found['bare']:,.0f} for"
        f" bare `nlp.pipe`: a ratio of **{found['ratio']:.2f}**"
        f" ({min(found['ratios']):.2f} to {max(found['ratios']):.2f} over {len(found['ratios'])}"
        f" rounds; the aim is {field_data()['speed']['aim']:.1f}),"
        f" on {found['documents']} documents of {found['tokens']:,} tokens."
    )


def _value(row: Json | None, aim: float | None) -> str:
    if row is None:
        return ""
    text = _number(row["value"])
    if aim is not None and row["value"] >= aim:
        text = f"**{text}**"
    return f"{text} [{_number(row['low'])}, {_number(row['high'])}]"


def _best(target: Target) -> str:
    return f"{_number(target.best)} {target.tool}" if target.best is not None else ""


def _number(value: float | None) -> str:
    """Two figures after the point, three would be noise: .70, 1.00, and nothing for ``None``."""
    return (
        "" if value is None else f"{value:.2f}".removeprefix("0") if value < 1 else f"{value:.2f}"
    )


def markdown(rows: Rows) -> str:
    """A Markdown table; the first row is its head."""
    head, *rest = rows
    lines = [head, tuple("---" for _ in head), *rest]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def plain(rows: Rows) -> str:
    """The same, in columns for a terminal; the last columns are the widest and come unpadded."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
