"""Processor seconds per 1,000 tokens of each stage of the ingestion, over documents' lengths.

``python -m benchmarks.long_documents [--sizes 10,50,200,600] [--kinds news,…] [--profile]``

What to read is how a row goes on to the right: a stage whose cost is in proportion to the text
shows one figure at all sizes. The texts are invented, of several kinds that are hard on different
stages; each is read in a process of its own, so that the peak of memory is that document's.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from testimonia import ingest
from testimonia.catalog import Catalog
from testimonia.crossref import Entities
from testimonia.crossref.documents import CrossReference
from testimonia.decided import Decided
from testimonia.ingest import deriving
from testimonia.library import open_archive, open_gazetteer, open_reader
from testimonia.model import Text
from testimonia.reading import pipeline, reader
from testimonia.reading.actors import find
from testimonia.settings import Settings
from testimonia.sources import read_bytes
from testimonia.store.embedded import EmbeddedWriter

RESULTS = Path(__file__).parent / "results" / "long_documents.json"
_WARM = "Ada Moss said on Monday that the harbour of Odense would be closed."
# Stage, and where the function is looked up when it is called. Time inside another stage's function
# counts for that one alone.
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("parse (spaCy)", pipeline.Pipeline, "parse"),
    ("times", reader, "find_times"),
    ("places", reader, "find_places"),
    ("attribution", reader, "find_attributions"),
    ("actors", reader, "find_actors"),
    ("coreference", find, "resolve"),
    ("sites", reader, "misplaced"),
    ("sites", reader, "well_placed"),
    ("sites", reader, "find_unmapped"),
    ("sites", reader, "with_sites"),
    ("sites", reader, "with_nominals"),
    ("sites", reader, "local_places"),
    ("sites", reader, "place_mentions"),
    ("events", reader, "find_events"),
    ("assembly", reader, "assemble"),
    ("mapping", deriving, "told"),
    ("mapping", deriving, "describe"),
    ("validation", deriving, "validate"),
    ("inference", deriving, "infer"),
    ("profiles", deriving, "profiles"),
    ("making ready", deriving, "prepare"),
    ("digest", deriving, "digest_of"),
    ("record", Catalog, "keep"),
    ("linking", Entities, "link_profiles"),
    ("crossing", CrossReference, "enter"),
    ("decisions", Decided, "note"),
    ("store", EmbeddedWriter, "put_documents"),
    ("store", EmbeddedWriter, "flush"),
)
_OTHER = "all else"
_UNLIMITED = Settings(max_characters=10**9, max_triples=10**9)


@dataclass(frozen=True)
class Measure:
    """One document: its size, processor seconds by stage, peak of memory."""

    kind: str
    characters: int
    tokens: int
    statements: int
    triples: int
    seconds: dict[str, float]
    grown: dict[str, int]  # by stage, by how many megabytes it raised the peak of memory
    peak_megabytes: float
    idle_megabytes: float


# ------------------------------------------------------------------------------------- the texts

_STARTS = ("Al", "Bar", "Cor", "Del", "Es", "Fa", "Gar", "Hol", "Is", "Jor", "Kel", "Lor", "Mar")
_MIDDLES = ("an", "ber", "dri", "en", "fi", "gu", "ha", "in", "ka", "lo", "mi", "no", "pe", "ri")
_ENDS = ("a", "ek", "in", "is", "man", "o", "or", "ov", "sen", "son", "ta", "us", "well", "zer")
_ROLES = ("Mayor", "Minister", "General", "Professor", "Inspector", "Senator")
_TOWNS = ("Odense", "Springfield", "Kyiv", "Nairobi", "Lima", "Osaka", "Turin", "Perth", "Graz")
_DAYS = ("on Monday", "on 3 May 2024", "last week", "in March", "on December 11", "in 2013")
_THINGS = ("the harbour", "the bridge", "the market", "the railway", "the school", "the border")
_SENTENCES = (
    "{role} {person} said {day} that {thing} in {place} would be closed.",
    "“We are patient,” {person} told reporters in {place}, “but {thing} must be repaired.”",
    "According to officials, {number} people were injured when soldiers attacked {place} {day}.",
    "Residents fear that {thing} will not reopen, and some blame {role} {surname}.",
    "{surname} denied that {place} had asked for help, and she called the report “a fable”.",
    "The storm destroyed {thing} {day}, and {number} families fled to {place}.",
    "The government of {place} reportedly plans to sell {thing}, a claim that {person} rejected.",
    "For {person}, the loss of {thing} is a warning to the city.",
    "Critics called the plan “reckless” and urged {role} {surname} to resign.",
    "The {organisation}, which works in {place}, has imposed sanctions on traders since {day}.",
    "“I saw it,” he said. “They took {thing} and left.”",
    "{person}, the head of the {organisation}, met {role} {surname} {day}.",
)
_TURNS = (
    "Q: Did {person} tell you that {thing} was closed {day}?",
    "A: I think so. They said {place} had asked for it.",
    "{SURNAME}: We never said that {thing} would be sold, and {person} knows it.",
    "{SURNAME}: That is what the {organisation} believes.",
)


def _name(draw: random.Random) -> str:
    return draw.choice(_STARTS) + draw.choice(_MIDDLES) + draw.choice(_ENDS)


class _Cast:
    """People, places and organisations to write about: ``number`` of them, or ever new ones."""

    def __init__(self, draw: random.Random, number: int | None) -> None:
        self._draw = draw
        self._people = [self._person() for _ in range(number or 0)]

    def _person(self) -> tuple[str, str]:
        return _name(self._draw), _name(self._draw) + self._draw.choice(_ENDS)

    def fill(self, template: str) -> str:
        draw = self._draw
        given, surname = draw.choice(self._people) if self._people else self._person()
        few = len(self._people) in range(1, 10)
        body = "Harbour" if few else f"{_name(draw)} {_name(draw)}"
        return template.format(
            role=draw.choice(_ROLES),
            person=f"{given} {surname}",
            surname=surname,
            SURNAME=surname.upper(),
            place=draw.choice(_TOWNS[:2] if few else _TOWNS) if draw.random() < 0.7 else surname,
            organisation=f"{body} Council",
            day=draw.choice(_DAYS),
            thing=draw.choice(_THINGS),
            number=draw.randint(2, 900),
        )


def _written(
    templates: Sequence[str], number: int | None, sentences: int, between: str
) -> Callable[[int], str]:
    """A text of so many code points, in paragraphs of so many sentences."""

    def write(length: int) -> str:
        draw = random.Random(11)
        cast = _Cast(draw, number)
        paragraphs: list[str] = []
        size = 0
        while size < length:
            count = min(sentences, 1 + (length - size) // 80)
            words = " ".join(cast.fill(draw.choice(templates)) for _ in range(count))
            paragraphs.append(words)
            size += len(words) + len(between)
        return between.join(paragraphs)[:length]

    return write


KINDS: dict[str, Callable[[int], str]] = {
    "news": _written(_SENTENCES, 60, 4, "\n\n"),
    "few entities": _written(_SENTENCES, 3, 4, "\n\n"),
    "ever new names": _written(_SENTENCES, None, 4, "\n\n"),
    "one paragraph": _written(_SENTENCES, 60, 10**9, " "),
    "transcript": _written(_TURNS, 12, 1, "\n"),
}


# --------------------------------------------------------------------------------- the measuring


class _Clock:
    """Processor seconds and growth of the peak by stage; what a stage inside another takes is
    its own."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.grown: defaultdict[str, float] = defaultdict(float)
        self._running = [_OTHER]
        self._since = time.process_time()
        self._peak = _peak()

    def _switch(self) -> None:
        now, peak = time.process_time(), _peak()
        self.seconds[self._running[-1]] += now - self._since
        self.grown[self._running[-1]] += peak - self._peak
        self._since, self._peak = now, peak

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._switch()
        self._running.append(name)
        try:
            yield
        finally:
            self._switch()
            self._running.pop()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            with self.stage(name):
                return function(*args, **options)

        return call


@contextmanager
def _clocked() -> Iterator[_Clock]:
    clock = _Clock()
    with ExitStack() as stack:
        for stage, owner, name in STAGES:
            timed = clock.timed(stage, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, timed))
        with clock.stage(_OTHER):
            yield clock


def measure(kind: str, length: int, *, profile: bool = False) -> Measure:
    """What the ingestion of one such document costs, in this process."""
    content = KINDS[kind](length)
    extractor = open_reader(Settings())
    with tempfile.TemporaryDirectory() as folder:
        _stored(extractor, Path(folder) / "warm", _WARM)
        idle = _peak()
        profiler = cProfile.Profile() if profile else None
        with _clocked() as clock:
            if profiler:
                profiler.enable()
            statements, triples = _stored(extractor, Path(folder) / "archive", content)
            if profiler:
                profiler.disable()
    if profiler:
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(40)
    tokens = len(extractor._pipeline.parse(content).tokens)
    return Measure(
        *(kind, len(content), tokens, statements, triples),
        seconds={stage: round(spent, 3) for stage, spent in clock.seconds.items()},
        grown={stage: round(more) for stage, more in clock.grown.items()},
        peak_megabytes=round(_peak()),
        idle_megabytes=round(idle),
    )


def _stored(extractor: reader.Reader, folder: Path, content: str) -> tuple[int, int]:
    """Ingest one text into a new archive; how many statements and triples it has."""

    def load() -> tuple[bytes, Text]:
        data = content.encode()
        return data, read_bytes(data, name="long.txt")

    gazetteer = open_gazetteer()
    with open_archive(folder, create=True) as archive, archive.writer() as writer:
        run = ingest.Ingestion(
            *(archive.catalog, writer, extractor, _UNLIMITED),
            around=lambda entry: filter(None, map(gazetteer.entry, entry.within)),
        )
        outcome = next(iter(list(run.ingest([ingest.Source("long.txt", load)]))))
        if outcome.result is not ingest.Result.STORED:
            raise SystemExit(f"not stored: {outcome}")
        graph = writer.iris.document_graph(str(outcome.document))
        return outcome.statements, writer.count(graph)


def _peak() -> float:
    """The most memory that this process has held, in megabytes (Linux gives kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -------------------------------------------------------------------------------------- the table


def main() -> None:
    """Measure each kind at each size, print a table, keep it in ``benchmarks/results``."""
    options = _options()
    if options.one:
        kind, length = options.one
        print(json.dumps(asdict(measure(kind, int(length), profile=options.profile))))
        return
    sizes = [int(size) * 1000 for size in options.sizes.split(",")]
    measures = []
    for kind in options.kinds.split(","):
        own = [_apart(kind, size) for size in sizes]
        print(_table(kind, own), flush=True)
        measures += own
    if options.keep:
        RESULTS.write_text(json.dumps(_result(measures), indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10,50,200,600", help="in thousands of characters")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--one", nargs=2, metavar=("KIND", "CHARACTERS"), help="one, as JSON")
    parser.add_argument("--profile", action="store_true", help="with --one: where the time goes")
    parser.add_argument("--keep", action="store_true", help="write the result's file")
    return parser.parse_args()


def _apart(kind: str, size: int) -> Measure:
    """One measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.long_documents", "--one", kind, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measure(**json.loads(done.stdout.splitlines()[-1]))


def _table(kind: str, measures: Sequence[Measure]) -> str:
    stages = list(dict.fromkeys([name for name, _, _ in STAGES] + [_OTHER]))
    lines = [f"\n{kind}: processor seconds per 1,000 tokens"]
    lines.append("characters      " + "".join(f"{m.characters:>10,}" for m in measures))
    for stage in stages:
        rates = (1000 * m.seconds.get(stage, 0.0) / m.tokens for m in measures)
        lines.append(f"{stage:<16}" + "".join(f"{rate:>10.3f}" for rate in rates))
    totals = (1000 * sum(m.seconds.values()) / m.tokens for m in measures)
    lines.append("all             " + "".join(f"{rate:>10.3f}" for rate in totals))
    lines.append(
        "seconds         " + "".join(f"{sum(m.seconds.values()):>10.1f}" for m in measures)
    )
    lines += [
        _growth(stage, measures) for stage in stages if any(stage in m.grown for m in measures)
    ]
    lines.append("peak MB         " + "".join(f"{m.peak_megabytes:>10,.0f}" for m in measures))
    lines.append("statements      " + "".join(f"{m.statements:>10,}" for m in measures))
    lines.append("triples         " + "".join(f"{m.triples:>10,}" for m in measures))
    return "\n".join(lines)


def _growth(stage: str, measures: Sequence[Measure]) -> str:
    cells = "".join(f"{m.grown.get(stage, 0):>10,}" for m in measures)
    return f"{'MB: ' + stage:<16.16}{cells}"


def _result(measures: Sequence[Measure]) -> dict[str, object]:
    packages = ("testimonia", "spacy", "pyshacl", "pyoxigraph", "reasonable")
    return {
        "documents": [asdict(each) for each in measures],
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in packages},
    }


if __name__ == "__main__":
    main()
