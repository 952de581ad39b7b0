"""Which part of which page is made of which results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.performance import deployment, growth, tables

Results = Mapping[str, Any]
_END: Final = "<!-- end -->"
ROOT: Final = Path(__file__).parents[2]
PARTS: Final[Mapping[str, Mapping[str, Callable[[Results], str]]]] = {
    "performance.md": {
        "ingestion": tables.ingestion,
        "stages": tables.stages,
        "bulk": tables.bulk,
        "writing": tables.writing,
        "serving": tables.serving,
        "questions": growth.bounded_questions,
        "unbounded questions": growth.unbounded_questions,
        "full text": tables.full_text,
        "cross-reference": tables.cross_reference,
        "views": tables.views,
        "long documents": tables.long_documents,
    },
    "scale.md": {
        "whole way": growth.whole_way,
        "bulk": growth.in_bulk,
        "disk": growth.disk,
        "growth": growth.growth,
        "latencies": growth.latencies,
        "measured": deployment.measured,
        "deployments": deployment.deployments,
        "derivation": deployment.derivation,
    },
}


def results(root: Path = ROOT) -> dict[str, Any]:
    """All results by their files' names."""
    files = (root / "benchmarks" / "results").glob("*.json")
    return {each.stem: json.loads(each.read_text("utf-8")) for each in sorted(files)}


def made(root: Path = ROOT) -> dict[Path, str]:
    """The pages as they should be, by their files.

    Raises:
        ValueError: a marker is missing, or stands twice.
    """
    known = results(root)
    pages = {root / "docs" / name: parts for name, parts in PARTS.items()}
    return {
        path: fill(path.read_text("utf-8"), {name: part(known) for name, part in parts.items()})
        for path, parts in pages.items()
    }


def fill(page: str, parts: Mapping[str, str]) -> str:
    """The page with these parts between its markers.

    Raises:
        ValueError: a marker is missing, or stands twice.
    """
    for name, text in parts.items():
        before, marker, rest = page.partition(f"<!-- generated: {name} -->\n")
        _, end, after = rest.partition(_END)
        count = page.count(marker) if marker else 0
        if count != 1 or not end:
            raise ValueError(f"the page has {count} places marked <!-- generated: {name} -->")
        page = f"{before}{marker}{text}\n{end}{after}"
    return page
