"""Bulk load against ``oxigraph load`` on the same N-Quads, and what a write of a document costs in
each store.

``python -m benchmarks.store [--quads N] [--documents N]``

The file is made of the seeds' graphs, copied under other ids, so that copies share their entities
as documents do. Figures of ours beside Oxigraph's: the quads alone as they stand in the file; with
the reading view, in a file beside (``ingest --bulk``) or made of them (``load_shards``); and that
ready to be served, which is with the indexes of words and names and a checkpoint. All in
alternating rounds; the figure to read is the ratio of the medians, for the same quads.
Oxigraph's server and Virtuoso are measured where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.servers import free_port
from testimonia.endpoints import address, detection
from testimonia.iris import Iris
from testimonia.library import open_archive
from testimonia.store.bulk import image_of, load_shards
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.opening import AnyWriter
from testimonia.store.remote import RemoteWriter
from testimonia.terms import Graph, Term, iri_of, is_iri

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "store.json"
ROUNDS = 3
IRIS = Iris("http://localhost:8000/")

Graphs = dict[str, Graph]


@dataclass(frozen=True)
class Model:
    """A document as the store is given it."""

    id: str
    graphs: Graphs
    shared: Graphs

    def copied(self, number: int) -> tuple[str, Graphs, Graphs]:
        """The same document under another id, with statements of its own."""
        id_ = f"{self.id[:-6]}{number:06d}"

        def term(given: Term) -> Term:
            if not is_iri(given):
                return given
            value = iri_of(given).replace(self.id, id_)
            if value.startswith(f"{IRIS.base_iri}statement/"):
                value = f"{value[:-6]}{number:06d}"
            return f"<{value}>"

        def graph(given: Graph) -> Graph:
            return frozenset((term(s), p, term(o)) for s, p, o in given)

        def named(given: Graphs) -> Graphs:
            return {name.replace(self.id, id_): graph(each) for name, each in given.items()}

        return id_, named(self.graphs), named(self.shared)


def model(folder: Path) -> Model:
    """The first seed, read by the real extractor."""
    with open_archive(folder / "seed", create=True) as archive:
        list(archive.ingest([ROOT / "seeds"]))
        (record, *_) = archive.catalog.documents()
        with archive.view() as view:
            own = {
                name: view.graph(name)
                for name in (IRIS.document_graph(record.id), IRIS.inferred_graph(record.id))
            }
            shared = {
                name: view.graph(name) for name in (IRIS.entities_graph, IRIS.gazetteer_graph)
            }
    return Model(record.id, own, shared)


def write_nquads(found: Model, file: Path, quads: int) -> int:
    """As many copies as have so many quads; returns how many quads there are."""
    written = number = 0
    with file.open("w", encoding="utf-8") as output:
        while written < quads:
            _, graphs, shared = found.copied(number)
            number += 1
            for name, graph in {**graphs, **shared}.items():
                output.writelines(f"{s} {p} {o} <{name}> .\n" for s, p, o in graph)
                written += len(graph)
    return written


# ------------------------------------------------------------------------------------- bulk load


def oxigraph() -> str | None:
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def used() -> float:
    """Seconds of processors so far, those of programs that have ended too."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, who))


def load_theirs(program: str, file: Path, folder: Path) -> None:
    command = [program, "load", "--location", str(folder), "--file", str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=3600)


def load_alone(file: Path, folder: Path) -> None:
    """The quads as they stand in the file."""
    writer = EmbeddedWriter(folder, IRIS)
    writer.load_files([file])
    writer._store.flush()
    writer._held.release()


def load_viewed(file: Path, folder: Path) -> None:
    writer = EmbeddedWriter(folder, IRIS)
    load_shards(writer, [file])
    writer._store.flush()
    writer._held.release()


def load_ready(file: Path, folder: Path) -> None:
    with EmbeddedWriter(folder, IRIS) as writer:
        load_shards(writer, [file])


def write_view(file: Path) -> Path:
    """The image of a file's graphs in the reading view, as ``ingest --bulk`` has its readers make
    it."""
    view = file.with_name("view.nq")
    with view.open("w", encoding="utf-8") as output:
        output.writelines(f"{s} {p} {o} .\n" for s, p, o, _ in image_of([file], IRIS))
    return view


def load_brought(files: list[Path], folder: Path) -> None:
    """Files that bring the view along."""
    writer = EmbeddedWriter(folder, IRIS)
    writer.load_files(files)
    writer._store.flush()
    writer._held.release()


def load_brought_ready(files: list[Path], folder: Path) -> None:
    with EmbeddedWriter(folder, IRIS) as writer:
        writer.load_files(files)


def bulk(file: Path, quads: int, folder: Path) -> dict[str, dict[str, float]]:
    files = [file, write_view(file)]
    sides: dict[str, Callable[[Path], None]] = {
        "quads alone": lambda target: load_alone(file, target),
        "with the reading view, brought along": lambda target: load_brought(files, target),
        "the same, ready to be served": lambda target: load_brought_ready(files, target),
        "with the reading view, made here": lambda target: load_viewed(file, target),
        "ready to be served": lambda target: load_ready(file, target),
    }
    if program := oxigraph():
        sides["oxigraph load"] = lambda target: load_theirs(program, file, target)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, work in sides.items():
            target, before = folder / "bulk", used()
            clock = seconds(lambda work=work, target=target: work(target))  # type: ignore[misc]
            taken[name].append((clock, used() - before))
            shutil.rmtree(target)
    medians = {
        name: tuple(statistics.median(values) for values in zip(*each, strict=True))
        for name, each in taken.items()
    }
    theirs = medians.get("oxigraph load")
    return {
        name: {
            "seconds": round(clock, 2),
            "quads_per_second": round(quads / clock),
            "processor_seconds": round(processor, 2),
            **(
                {
                    "ratio": round(theirs[0] / clock, 2),
                    "processor_ratio": round(theirs[1] / processor, 2),
                }
                if theirs
                else {}
            ),
        }
        for name, (clock, processor) in medians.items()
    }


# ------------------------------------------------------------------------------------- documents


@contextmanager
def running(command: Sequence[str], url: str, cwd: Path) -> Iterator[None]:
    import httpx

    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                httpx.get(url, trust_env=False, timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(60)


_VIRTUOSO = """
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


def opened(kind: str, folder: Path, stack: ExitStack) -> AnyWriter | None:
    """A writer of an empty store of this kind; nothing where there is no such program."""
    directory = folder / kind
    directory.mkdir()
    if kind == "embedded":
        return stack.enter_context(EmbeddedWriter(directory / "store", IRIS))
    port = free_port()
    if kind == "oxigraph":
        program = oxigraph()
        if program is None:
            return None
        command = [program, "serve", "--location", "data", "--bind", f"127.0.0.1:{port}"]
        url = f"http://127.0.0.1:{port}/query"
        stack.enter_context(running(command, url, directory))
    else:
        if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
            return None
        sql, url = free_port(), f"http://127.0.0.1:{port}/sparql"
        (directory / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=port))
        command = ["virtuoso-t", "-f", "-c", "virtuoso.ini"]
        stack.enter_context(running(command, url, directory))
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba"],
            input='grant SPARQL_UPDATE to "SPARQL";\n',
            text=True,
            check=True,
            capture_output=True,
        )
    target = detection.detected(
        address.parse(f"sparql+{url}"), f"{IRIS.base_iri}graph/view", f"{IRIS.base_iri}graph/store"
    )
    (directory / "store").mkdir()
    return stack.enter_context(RemoteWriter(directory / "store", IRIS, target))


def documents(kind: str, found: Model, count: int, folder: Path) -> dict[str, float] | None:
    """Milliseconds, at the median: a new document; the same once more; one of which a tenth of the
    statements has other words; its removal."""
    copies = [found.copied(number) for number in range(count)]
    with ExitStack() as stack:
        writer = opened(kind, folder, stack)
        if writer is None:
            return None
        taken = {
            "new": [seconds(lambda each=each: writer.replace_document(*each)) for each in copies],  # type: ignore[misc]
            "the same": [
                seconds(lambda each=each: writer.replace_document(*each))  # type: ignore[misc]
                for each in copies
            ],
            "changed": [
                seconds(lambda each=each: writer.replace_document(*changed(each)))  # type: ignore[misc]
                for each in copies
            ],
            "removed": [
                seconds(lambda each=each: writer.remove_document(each[0]))  # type: ignore[misc]
                for each in copies
            ],
        }
        return {name: round(1000 * statistics.median(each), 1) for name, each in taken.items()}


def changed(document: tuple[str, Graphs, Graphs]) -> tuple[str, Graphs, Graphs]:
    id_, graphs, shared = document
    name = IRIS.document_graph(id_)
    triples = sorted(graphs[name])
    words = [
        (s, p, o.replace("the ", "a ", 1)) if number % 10 == 0 and not is_iri(o) else (s, p, o)
        for number, (s, p, o) in enumerate(triples)
    ]
    return id_, {**graphs, name: frozenset(words)}, shared


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--documents", type=int, default=20, help="0: bulk load alone")
    arguments = parser.parse_args()
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = model(folder)
        file = folder / "documents.nq"
        quads = write_nquads(found, file, arguments.quads)
        loaded = bulk(file, quads, folder)
        written = {
            kind: documents(kind, found, arguments.documents, folder)
            for kind in ("embedded", "oxigraph", "virtuoso")
            if arguments.documents
        }
    triples = sum(map(len, [*found.graphs.values(), *found.shared.values()]))
    print(f"{quads:,} quads")
    for side, figures in loaded.items():
        print(f"  {side:38}", "  ".join(f"{key} {value:,}" for key, value in figures.items()))
    print(f"a document of {triples:,} quads, milliseconds")
    for kind, found_figures in written.items():
        print(f"  {kind:24}", found_figures or "not installed")
    result = {
        "quads": quads,
        "rounds": ROUNDS,
        "document_quads": triples,
        "documents": arguments.documents,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": before,
        "load_after": os.getloadavg(),
        "versions": {name: version(name) for name in ("pyoxigraph", "oxigraph")},
        "bulk": loaded,
        "milliseconds_per_document": written,
    }
    if not written and RESULTS.exists():
        known = json.loads(RESULTS.read_text("utf-8"))
        result |= {key: known[key] for key in ("documents", "milliseconds_per_document")}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
