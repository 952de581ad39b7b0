"""Latencies of the competency queries over an archive of synthetic documents.

Each is asked as it stands in ``docs/queries``, of what is typical of the archive where it has a
parameter. Those that list something for all documents have an answer as large as the archive; they
are asked of one thing too, as a page or an application does.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from testimonia.errors import TestimoniaError
from testimonia.library import Archive
from testimonia.terms import Term

_QUERIES = Path(__file__).parents[2] / "docs" / "queries"
_TRIES: Final = 7
_ENOUGH_SECONDS: Final = 15.0
OF_ONE: Final[Mapping[str, tuple[str, str]]] = {
    "beliefs-and-utterances": ("speaker", "speaker"),
    "counts-per-speaker": ("speaker", "speaker"),
    "in-prov-terms": ("agent", "actor"),
    "in-schema-org-terms": ("author", "actor"),
    "in-sem-terms": ("event", "event"),
    "model-behind-each-statement": ("statement", "statement"),
    "nested-statements": ("innerSpeaker", "speaker"),
    "numbers-and-dates-of-an-event": ("happening", "event"),
    "quotations-as-web-annotations": ("statement", "statement"),
    "spellings-of-a-place": ("entity", "place"),
    "spellings-of-an-actor": ("entity", "actor"),
    "statements-of-a-document": ("document", "document"),
    "told-by-the-narrator": ("narrator", "narrator"),
    "unnamed-speakers": ("actor", "group"),
    "what-several-tell": ("event", "event"),
    "who-speaks-to-whom": ("speaker", "speaker"),
    "who-tells-otherwise": ("happening", "event"),
    "words-behind-a-statement": ("statement", "statement"),
}
"""By query: which variable is bound to ask it of one thing, and to what."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Median milliseconds of a query and the least, its rows, or why it was ended. ``of_one`` is
    the variable that was bound to one thing, empty where the query was asked as it stands."""

    query: str
    milliseconds: float | None
    rows: int | None
    least_milliseconds: float | None = None
    of_one: str = ""
    tries: int = 0
    ended: str = ""


def ask(
    archive: Archive,
    typical: Mapping[str, str],
    things: Mapping[str, Term],
    only: Collection[str] = (),
) -> Iterator[Latency]:
    """The latency of each competency query. What it asks for is replaced by what is ``typical`` of
    the archive, by the name of the query's variable; ``things`` are what it is asked of, by kind.
    With ``only`` some queries alone."""
    files = [each for each in sorted(_QUERIES.glob("*.rq")) if not only or each.stem in only]
    queries = {file.stem: file.read_text("utf-8") for file in files}
    for name, query in queries.items():
        variable, kind = OF_ONE.get(name, ("", ""))
        if kind in things:
            yield _latency(archive, name, asked_of(query, variable, things[kind]), variable)
    for name, query in sorted(queries.items(), key=lambda each: each[0] in OF_ONE):
        for parameter, value in typical.items():
            query = _asking_for(query, parameter, value)
        yield _latency(archive, name, query)


def asked_of(query: str, variable: str, thing: Term) -> str:
    """The query with a variable bound to one thing, in its outermost and its innermost group, since
    what is bound in one is not known in the other."""
    bound = f" VALUES ?{variable} {{ {thing} }} "
    outermost = query.find("{", query.find("WHERE" if "CONSTRUCT" in query else "SELECT")) + 1
    innermost = query.find("{", query.rfind("WHERE" if "CONSTRUCT" in query else "SELECT")) + 1
    whole = f"{query[:innermost]}{bound}{query[innermost:]}"
    return whole if innermost == outermost else f"{whole[:outermost]}{bound}{whole[outermost:]}"


def _asking_for(query: str, variable: str, value: str) -> str:
    pattern = rf'(VALUES \?{variable} {{ )"[^"]*" '
    return re.sub(pattern, lambda found: f"{found[1]}{json.dumps(value)} ", query)


def _latency(archive: Archive, name: str, query: str, of_one: str = "") -> Latency:
    taken, rows = list[float](), 0
    while len(taken) < _TRIES and sum(taken) < _ENOUGH_SECONDS:
        started = time.perf_counter()
        try:  # no answer is that of before
            answer = archive.query(f"{query}\n# {len(taken)}", format="json")
        except TestimoniaError as error:
            why = str(error).splitlines()[0]
            return Latency(name, None, None, None, of_one, len(taken), why)
        taken.append(time.perf_counter() - started)
        rows = _rows(answer.body)
    median, least = (round(1000 * each, 1) for each in (statistics.median(taken), min(taken)))
    return Latency(name, median, rows, least, of_one, len(taken))


def _rows(body: bytes) -> int:
    found = json.loads(body)
    return len(found["results"]["bindings"]) if "results" in found else body.count(b'"@id"')
