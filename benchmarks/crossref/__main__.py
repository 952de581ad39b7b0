"""``python -m benchmarks.crossref [entities|pairs|cost|authorities …] [--part tuning|aside]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.crossref.authorities import reliability
from benchmarks.crossref.cost import measure
from benchmarks.crossref.entities import (
    Read,
    by_document,
    by_exact_name,
    key_of,
    linked,
    read_all,
    score,
    with_gold_entities,
)
from benchmarks.crossref.pairs import are_linked, are_one_by_name, read_pairs
from benchmarks.quality import corpora
from testimonia.library import open_reader
from testimonia.settings import Settings

CORPORA = ("meantime", "gum")
METHODS = {
    "each document alone": by_document,
    "exact name": by_exact_name,
    "linked": linked,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["entities", "pairs", "cost"])
    parser.add_argument("--part", choices=("tuning", "aside"), default="tuning")
    parser.add_argument("--corpora", type=Path, default=corpora.default_folder())
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    chosen = parser.parse_args(arguments)
    figures: dict[str, Any] = {}
    console = Console()
    if "entities" in chosen.what:
        found = entities(chosen.corpora, chosen.part)
        figures[f"entities, {chosen.part}"] = found
        console.print(_table(f"B³ of entities by name over all documents ({chosen.part})", found))
    if "pairs" in chosen.what:
        figures["pairs"] = pairs()
        console.print(_table("Pairs of names made for the purpose", figures["pairs"]))
    if "authorities" in chosen.what:
        figures["authorities"] = authorities(chosen.corpora, chosen.part)
        title = f"Links to a list of titles, by probability ({chosen.part})"
        console.print(_table(title, figures["authorities"]))
    if "cost" in chosen.what:
        figures["cost"] = cost(chosen.sizes)
        console.print(_table("One more document (8 entities with names)", figures["cost"]))
    if chosen.output:
        chosen.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def entities(folder: Path, part: corpora.Part) -> list[dict[str, Any]]:
    """B³ by source of the entities, corpus and method."""
    read = _read(folder, part)
    groups = {**read, "both, merged": [each for found in read.values() for each in found]}
    return [
        row
        for name, found in groups.items()
        for gold in (False, True)
        for row in _scored(name, found, gold=gold)
    ]


def authorities(folder: Path, part: corpora.Part) -> list[dict[str, Any]]:
    """How many links of a probability are right, with and without namesakes in the list."""
    found = [each for read in _read(folder, part).values() for each in read]
    return [
        {
            "list": "titles and towns" if towns else "titles",
            "probability from": each.least,
            "links": each.links,
            "right": each.right,
            "expected": round(each.expected, 1),
        }
        for towns in (False, True)
        for each in reliability(found, towns=towns)
    ]


def _read(folder: Path, part: corpora.Part) -> dict[str, list[Read]]:
    try:
        corpora.check(folder)
    except corpora.NoCorpora as error:
        sys.exit(str(error))
    extractor = open_reader(Settings())
    return {
        name: list(read_all(corpora.part(corpora.read(folder, name), part), extractor))
        for name in CORPORA
    }


def pairs() -> list[dict[str, Any]]:
    """False merges and merges missed, of the list of pairs."""
    listed = read_pairs()
    apart, one = [p for p in listed if not p.same], [p for p in listed if p.same]
    return [
        {
            "method": name,
            "apart": len(apart),
            "false merges": sum(map(method, apart)),
            "one": len(one),
            "missed": sum(not method(pair) for pair in one),
        }
        for name, method in (("exact name", are_one_by_name), ("linked", are_linked))
    ]


def cost(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Comparisons and milliseconds by size of the archive."""
    return [
        {
            "documents": each.documents,
            "comparisons": round(each.comparisons, 1),
            "median ms": round(each.milliseconds, 2),
            "95% ms": round(each.slowest, 2),
        }
        for each in measure(sizes)
    ]


def _scored(name: str, read: list[Read], *, gold: bool) -> list[dict[str, Any]]:
    chosen = with_gold_entities(read) if gold else read
    key = key_of(chosen, actors_only=gold)
    rows = []
    for method, run in METHODS.items():
        found = score(key, run(chosen))
        figures = {"P": found.precision, "R": found.recall, "F1": found.f1}
        rows.append(
            {
                "corpus": name,
                "entities of a document": "annotated persons and bodies" if gold else "as read",
                "method": method,
                **{label: round(100 * value, 1) for label, value in figures.items()},
                "mentions": found.mentions,
            }
        )
    return rows


def _table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(title=title)
    for column in rows[0]:
        table.add_column(column)
    for row in rows:
        table.add_row(*map(str, row.values()))
    return table


if __name__ == "__main__":
    main()
