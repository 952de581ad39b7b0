"""How long a query of the reconciliation service takes, among 100,000 entities.

``python -m benchmarks.reconcile``: half of them are places of the installed gazetteer with their
names, half persons whose names are made of 400 given names and 3,000 surnames, so that words recur
as they do in lists. Asked are their names, names with a letter wrong, turned ones, and words alone.
Times are of the processor.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from testimonia.candidates import AUTHORITIES, ENTITIES, Index, Thing
from testimonia.gazetteer import cached_index
from testimonia.iris import Iris
from testimonia.reconciling import Query, Reconciler

IRIS = Iris("http://localhost:8000/")
MANY = 100_000
ASKED = 300
VOWELS, CONSONANTS = "aeiou", "bcdfghklmnprstvz"


def word(chance: random.Random, syllables: int) -> str:
    return "".join(
        chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables)
    ).capitalize()


def persons(chance: random.Random, many: int) -> Iterator[Thing]:
    given = [word(chance, chance.choice((2, 2, 3))) for _ in range(400)]
    family = [word(chance, chance.choice((2, 3, 3, 4))) for _ in range(3000)]
    for at in range(many):
        first = given[int(len(given) * chance.random() ** 2)]
        last = family[int(len(family) * chance.random() ** 2)]
        name = f"{first} {last}"
        yield Thing(IRIS.actor(f"a{at}"), "", name, ("Person",), (name, last))


def places(many: int) -> Iterator[Thing]:
    index = sqlite3.connect(cached_index(print))
    rows = index.execute(
        "SELECT key, name, alternates, country FROM place WHERE key > 0 ORDER BY key LIMIT ?",
        (many,),
    )
    for key, name, alternates, country in rows:
        names = (name, *filter(None, alternates.split("|")))
        facts = {"country": (country,)} if country else {}
        yield Thing(IRIS.place(f"geonames-{key}"), "", name, ("Place",), names, facts)
    index.close()


def misspelt(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, max(2, len(name)))
    return name[:at] + chance.choice(VOWELS + CONSONANTS) + name[at + 1 :]


def main() -> None:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        began = time.perf_counter()
        things = [*places(MANY // 2), *persons(chance, MANY // 2)]
        own, empty = Index(directory, ENTITIES), Index(directory, AUTHORITIES)
        own.fill(things, 1)
        empty.fill([], 1)
        print(f"{len(things):,} entities indexed in {time.perf_counter() - began:.1f} s")
        measure(Reconciler(directory, IRIS), things, chance)
        own.close()
        empty.close()


def measure(service: Reconciler, things: list[Thing], chance: random.Random) -> None:
    kinds: dict[str, Callable[[Thing], Query]] = {
        "a name": lambda each: Query(each.label),
        "a letter wrong": lambda each: Query(misspelt(chance, each.label)),
        "words turned": lambda each: Query(", ".join(reversed(each.label.split()))),
        "a word alone": lambda each: Query(each.label.split()[0]),
        "with a type": lambda each: Query(each.label, types=each.kinds),
    }
    for kind, query in kinds.items():
        took, found = [], 0
        for each in chance.sample(things, ASKED):
            began = time.process_time()
            ranked = service.ranked(query(each))
            took.append(1000 * (time.process_time() - began))
            found += any(one.thing.label == each.label for one in ranked)
        took.sort()
        print(
            f"{kind:16} median {statistics.median(took):5.1f} ms,"
            f" 95% {took[int(0.95 * len(took))]:5.1f} ms, most {took[-1]:5.1f} ms;"
            f" the name found {found / ASKED:.0%}"
        )
    began = time.perf_counter()
    for each in chance.sample(things, ASKED):
        service.suggested(each.label[:4], 0)
    print(f"suggestions      mean {1000 * (time.perf_counter() - began) / ASKED:5.1f} ms")
    service.close()


if __name__ == "__main__":
    main()
