"""``tst:matches`` against ``FILTER(CONTAINS(…))`` on an archive with 100,000 contents.

``python -m benchmarks.full_text [--literals N]``

Both sides ask the same question, in the same worker processes, in alternating rounds; the figure to
read is the ratio. Ours is also asked with the class of what has the content, which is a join.
Contents are made of invented words, some of them rare. Also: what the index costs the writer, in
processor time and on disk.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import tempfile
import time
from pathlib import Path

from testimonia import fulltext
from testimonia.iris import Iris
from testimonia.sparql.evaluator import Evaluator
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph, Triple, iri, literal
from testimonia.vocabulary import RDF, TST

RESULTS = Path(__file__).parent / "results" / "full_text.json"
ROUNDS = 9
IRIS = Iris("http://localhost:8000/")
# How many of 100,000 contents have the word, so that answers of several sizes are compared.
RARITIES = {"lighthousekeeper": 10, "sandbank": 1000, "quarantine": 9000}
MATCHES = '?s tst:content ?c . ?c tst:matches "{word}"'
TYPED = '?s a tst:Statement ; tst:content ?c . ?c tst:matches "{word}"'
CONTAINS = '?s tst:content ?c FILTER(CONTAINS(?c, "{word}"))'


def contents(count: int) -> list[Triple]:
    chance = random.Random(1)
    letters = "aeioubcdfghklmnprst"
    vocabulary = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(20_000)]
    texts = [chance.choices(vocabulary, k=chance.randint(8, 30)) for _ in range(count)]
    for word, often in RARITIES.items():
        for n in chance.sample(range(count), often * count // 100_000):
            texts[n].append(word)
    triples: list[Triple] = []
    for n, words in enumerate(texts):
        statement = iri(IRIS.statement(f"s{n}"))
        content = literal(f"{' '.join(words)} ({n})", language="en")
        triples += [(statement, RDF.type, TST.Statement), (statement, TST.content, content)]
    return triples


def documents(triples: list[Triple], size: int = 4000) -> dict[str, Graph]:
    return {
        IRIS.document_graph(f"d{start}"): frozenset(triples[start : start + size])
        for start in range(0, len(triples), size)
    }


def seconds(evaluator: Evaluator, where: str, word: str, number: int) -> tuple[float, int]:
    """How long an answer takes; the comment keeps it from being the one before."""
    query = f"SELECT ?s {{ {where.format(word=word)} }} # {number}"
    begun = time.perf_counter()
    body = evaluator.evaluate(query, format_="csv", known_prefixes=True).body
    return time.perf_counter() - begun, body.count(b"\n") - 1


def compare(evaluator: Evaluator, word: str) -> dict[str, float]:
    times: dict[str, list[float]] = {MATCHES: [], TYPED: [], CONTAINS: []}
    counts = set()
    for number in range(ROUNDS):
        for where, taken in times.items():
            one, rows = seconds(evaluator, where, word, number)
            counts.add(rows)
            if number:  # the first opens the checkpoint
                taken.append(one)
    (rows,) = counts  # all find the same
    hit, typed, scan = (statistics.median(times[each]) * 1000 for each in times)
    return {
        "rows": rows,
        "matches_ms": round(hit, 2),
        "matches_with_class_ms": round(typed, 2),
        "contains_ms": round(scan, 2),
        "ratio": round(scan / hit, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Full text against a scan.")
    parser.add_argument("--literals", type=int, default=100_000)
    count = parser.parse_args().literals
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "store"
        with EmbeddedWriter(directory, IRIS) as writer:
            begun = time.process_time()
            for name, graph in documents(contents(count)).items():
                writer.replace({name: graph})
            loaded = time.process_time() - begun
            begun = time.process_time()
            writer.published()
            published = time.process_time() - begun
            with Evaluator(writer) as evaluator:
                found = {word: compare(evaluator, word) for word in RARITIES}
            size = sum(each.stat().st_size for each in directory.glob(f"{fulltext.FILE}*"))
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "literals": count,
        "load_processor_seconds": round(loaded, 2),
        "publish_processor_seconds": round(published, 2),
        "index_megabytes": round(size / 1e6, 1),
        "queries": found,
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
