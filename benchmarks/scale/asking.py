"""Latencies of the competency queries over an archive of synthetic documents."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from testimonia.errors import TestimoniaError
from testimonia.library import Archive

_QUERIES = Path(__file__).parents[2] / "docs" / "queries"
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Latency:
    """Median milliseconds of a query, its rows, or why it was ended."""

    query: str
    milliseconds: float | None
    rows: int | None
    ended: str = ""


def ask(archive: Archive, typical: Mapping[str, str]) -> Iterator[Latency]:
    """The latency of each competency query; what it asks for is replaced by what is ``typical``
    of the archive, by the name of the query's variable."""
    for file in sorted(_QUERIES.glob("*.rq")):
        query = file.read_text("utf-8")
        for name, value in typical.items():
            query = _asking_for(query, name, value)
        yield _latency(archive, file.stem, query)


def _asking_for(query: str, variable: str, value: str) -> str:
    pattern = rf'(VALUES \?{variable} {{ )"[^"]*" '
    return re.sub(pattern, lambda found: f"{found[1]}{json.dumps(value)} ", query)


def _latency(archive: Archive, name: str, query: str) -> Latency:
    taken, rows = [], 0
    for number in range(_TRIES):
        started = time.perf_counter()
        try:
            answer = archive.query(f"{query}\n# {number}", format="json")
        except TestimoniaError as error:
            return Latency(name, None, None, str(error).splitlines()[0])
        taken.append(time.perf_counter() - started)
        rows = _rows(answer.body)
    return Latency(name, round(1000 * statistics.median(taken), 1), rows)


def _rows(body: bytes) -> int:
    found = json.loads(body)
    return len(found["results"]["bindings"]) if "results" in found else 1
