"""Throughput and latency of the endpoint beside ``oxigraph serve`` and ``rdflib-endpoint``.

``python -m benchmarks.serving [--quads 1000000] [--rounds 5] [--seconds 1] [--venvs FOLDER]``

All servers run on this machine and hold the same generated data; in each round they are asked one
after the other, never two at once, by a client process that does not parse what it gets. The
figures are medians over the rounds; the ones to read are the ratios. No query is asked twice, but
where the result cache is measured. Last, a normal client's latency alone and beside twenty hostile
ones.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import servers
from benchmarks.servers import Server

RESULTS = Path(__file__).parent / "results" / "serving.json"
CLIENTS = (1, 8, 32)
_BASE = "http://example.org/"
_PREFIX = f"PREFIX : <{_BASE}> "
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_PER_STATEMENT = 5
_LARGE_ROWS = 100_000
_WORDS = ("harbour", "wall", "storm", "boats", "council", "bridge", "night", "letter", "witness")
_HOSTILE = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c > ?f && ?f > ?i && ?i > ?c) }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (COUNT(*) AS ?n) { ?a (:speaker|^:speaker|:about|^:about)* ?b }",
)

_unique = count()


@dataclass(frozen=True)
class Figures:
    """Medians over the rounds: requests a second, latencies in milliseconds."""

    per_second: float
    median_ms: float
    p95_ms: float
    errors: int
    rows_per_second: float | None = None


Make = Callable[[random.Random, int], str]


def _point(chance: random.Random, statements: int) -> str:
    return f"SELECT ?p ?o {{ <{_BASE}s{chance.randrange(statements)}> ?p ?o }}"


def _join(chance: random.Random, statements: int) -> str:
    actor = chance.randrange(_actors(statements))
    return (
        f"{_PREFIX}SELECT ?s ?text ?label {{ ?s :speaker :a{actor} ; :about ?place ; :text ?text ."
        " ?place :label ?label } LIMIT 50"
    )


def _aggregate(chance: random.Random, _: int) -> str:
    return (
        f"{_PREFIX}SELECT ?place (COUNT(?s) AS ?n) {{ ?s :about ?place ; :day ?day"
        f" FILTER(?day > {chance.randrange(100)}) }} GROUP BY ?place ORDER BY DESC(?n) LIMIT 20"
    )


def _large(_: random.Random, __: int) -> str:
    return f"{_PREFIX}SELECT ?s ?text {{ ?s :text ?text }} LIMIT {_LARGE_ROWS}"


QUERIES: dict[str, Make] = {
    "point": _point,
    "join": _join,
    "aggregate": _aggregate,
    "large": _large,
}


def _actors(statements: int) -> int:
    return max(1, statements // 100)


def write_data(path: Path, quads: int) -> int:
    """N-Triples of statements with speakers, places, days and words; returns how many there are."""
    chance = random.Random(7)
    statements = quads // _PER_STATEMENT
    places = max(1, statements // 1000)
    with path.open("w", encoding="utf-8") as file:
        for n in range(places):
            file.write(f'<{_BASE}p{n}> <{_BASE}label> "Place {n}" .\n')
        for n in range(statements):
            subject = f"<{_BASE}s{n}>"
            words = " ".join(chance.choices(_WORDS, k=8))
            speaker, place = chance.randrange(_actors(statements)), chance.randrange(places)
            day = chance.randrange(365)
            file.write(
                f"{subject} <{_BASE}speaker> <{_BASE}a{speaker}> .\n"
                f"{subject} <{_BASE}about> <{_BASE}p{place}> .\n"
                f'{subject} <{_BASE}text> "{words} {n}"@en .\n'
                f'{subject} <{_BASE}day> "{day}"^^<{_INTEGER}> .\n'
                f'{subject} <{_BASE}source> "letter {n % 977}" .\n'
            )
    return statements


def request(server: Server, query: str, *, unique: bool = True) -> str:
    """A raw request. A comment makes it another than all before: no server can know it."""
    text = f"{query} # {next(_unique)}" if unique else query
    return (
        f"GET {server.path}?query={quote(text)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Accept: application/sparql-results+json\r\n\r\n"
    )


def load(port: int, requests: Sequence[str], clients: int, seconds: float, least: int) -> Any:
    """What :mod:`benchmarks.http_load` measures."""
    asked = {
        "port": port,
        "requests": list(requests),
        "clients": clients,
        "seconds": seconds,
        "least": least,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.http_load"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60 * (seconds + 10),
        check=True,
    )
    return json.loads(done.stdout)


def figures(rounds: Sequence[Any], rows: int | None = None) -> Figures:
    """Of several rounds."""
    rates = [len(each["latencies"]) / each["seconds"] for each in rounds]
    medians = [statistics.median(each["latencies"]) * 1000 for each in rounds]
    tails = [sorted(each["latencies"])[int(0.95 * len(each["latencies"]))] for each in rounds]
    rate = statistics.median(rates)
    return Figures(
        round(rate, 1),
        round(statistics.median(medians), 3),
        round(statistics.median(tails) * 1000, 3),
        sum(each["errors"] for each in rounds),
        round(rate * rows) if rows else None,
    )


def compare(
    running: Sequence[Server],
    statements: int,
    arguments: argparse.Namespace,
    found: dict[str, Any],
    save: Callable[[], None],
) -> None:
    """Each query with each number of clients, all servers by turns, into ``found``."""
    for name, make in QUERIES.items():
        for clients in CLIENTS:
            chance = random.Random(f"{name} {clients}")
            measured: dict[str, list[Any]] = {server.name: [] for server in running}
            for _ in range(arguments.rounds):
                for server in running:
                    if server.name == "rdflib-endpoint" and (
                        len(measured[server.name]) >= 2 or (clients > 1 and name != "point")
                    ):
                        continue  # its event loop answers one at a time, in seconds
                    number = 4 if name == "large" else 3000
                    requests = [request(server, make(chance, statements)) for _ in range(number)]
                    least = 1 if server.name == "rdflib-endpoint" else 2
                    measured[server.name].append(
                        load(server.port, requests, clients, arguments.seconds, least)
                    )
            rows = min(_LARGE_ROWS, statements) if name == "large" else None
            result = {each: figures(rounds, rows) for each, rounds in measured.items() if rounds}
            found[f"{name}, {clients}"] = {each: asdict(value) for each, value in result.items()}
            _show(name, clients, result)
            save()


def _show(name: str, clients: int, result: dict[str, Figures]) -> None:
    ours = result["testimonia"]
    line = f"{name:10} {clients:3}"
    for server, value in result.items():
        line += f" | {server} {value.per_second:9,.1f}/s {value.median_ms:9.2f} ms"
        if value.errors:
            line += f" {value.errors} errors"
        if server != "testimonia":
            line += f" (x{ours.per_second / value.per_second:.2f})"
    print(line, flush=True)


def repeated(server: Server, arguments: argparse.Namespace) -> dict[str, Any]:
    """A query whose result is known, beside a request that does nothing."""
    query = request(server, _point(random.Random(1), 100), unique=False)
    plain = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    found: dict[str, Any] = {}
    with servers.empty() as nothing:
        for clients in (1, 8):
            known, idle = [], []
            for _ in range(arguments.rounds):
                known.append(load(server.port, [query], clients, arguments.seconds, 2))
                idle.append(load(nothing.port, [plain], clients, arguments.seconds, 2))
            result = {"known": figures(known), "empty": figures(idle)}
            found[str(clients)] = {name: asdict(value) for name, value in result.items()}
            ratio = result["known"].per_second / result["empty"].per_second
            print(
                f"repeated   {clients:3} | {result['known'].per_second:,.0f}/s, empty"
                f" {result['empty'].per_second:,.0f}/s (x{ratio:.2f})",
                flush=True,
            )
    return found


def beside_hostile(server: Server, statements: int, arguments: argparse.Namespace) -> Any:
    """A normal client's point queries and joins, alone and beside twenty hostile clients."""
    chance = random.Random(3)

    def measure() -> Any:
        queries = [make(chance, statements) for _ in range(1500) for make in (_point, _join)]
        requests = [request(server, each) for each in queries]
        return load(server.port, requests, 1, 2 * arguments.seconds, 20)

    alone = figures([measure() for _ in range(arguments.rounds)])
    with _hostile_clients(server, 20, 600):
        time.sleep(3)
        beside = figures([measure() for _ in range(arguments.rounds)])
    ratio = beside.median_ms / alone.median_ms
    print(
        f"hostile    alone {alone.median_ms:.2f} ms (p95 {alone.p95_ms:.2f}), beside 20"
        f" {beside.median_ms:.2f} ms (p95 {beside.p95_ms:.2f}): x{ratio:.2f}",
        flush=True,
    )
    return {"alone": asdict(alone), "beside": asdict(beside), "ratio": round(ratio, 2)}


@contextmanager
def _hostile_clients(server: Server, clients: int, seconds: float) -> Iterator[None]:
    requests = [request(server, _HOSTILE[n % len(_HOSTILE)]) for n in range(2000)]
    asked = {"requests": requests, "clients": clients, "seconds": seconds, "least": 0}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.http_load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        if process.stdin is not None:
            json.dump({"port": server.port, **asked}, process.stdin)
            process.stdin.close()
        yield
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="The endpoint beside two others.")
    parser.add_argument("--quads", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--venvs", type=Path, help="where the others' environments are kept")
    parser.add_argument("--without-rdflib", action="store_true")
    parser.add_argument("--only", choices=("compare", "repeated", "hostile"))
    parser.add_argument("--note", default="", help="what a reader of the results should know")
    parser.add_argument("--output", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    results: dict[str, Any] = {
        "quads": arguments.quads,
        "rounds": arguments.rounds,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": os.getloadavg(),
    }
    if arguments.note:
        results["note"] = arguments.note

    def save() -> None:
        """After each step: a run that is broken off has measured something all the same."""
        results["load_after"] = os.getloadavg()
        arguments.output.parent.mkdir(exist_ok=True)
        arguments.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")

    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        folder = Path(name)
        venvs = arguments.venvs or folder / "venvs"
        data = folder / "data.nt"
        statements = write_data(data, arguments.quads)
        with ExitStack() as stack:
            ours = stack.enter_context(servers.testimonia(folder / "ours", data))
            running = [ours]
            if arguments.only in (None, "compare"):
                running.append(
                    stack.enter_context(servers.oxigraph(folder / "oxigraph", data, venvs))
                )
                if not arguments.without_rdflib:
                    running.append(stack.enter_context(servers.rdflib_endpoint(data, venvs)))
                results["servers"] = {each.name: each.version for each in running}
                results["compared"] = {}
                compare(running, statements, arguments, results["compared"], save)
            if arguments.only in (None, "repeated"):
                results["repeated"] = repeated(ours, arguments)
                save()
            if arguments.only in (None, "hostile"):
                results["hostile"] = beside_hostile(ours, statements, arguments)
    save()
    print(f"load {results['load_before'][0]:.1f} to {results['load_after'][0]:.1f}")


if __name__ == "__main__":
    main()
