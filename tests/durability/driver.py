"""Ingestions that are cut short: a program of its own, which forks a process for each.

It opens no store itself, so that what it forks has no threads and no locks of another's. Readings
are a fake's and every graph is taken to conform: what is tried is the order of effects.

    python driver.py once ARCHIVE TEXTS          one ingestion, undisturbed
    python driver.py run ARCHIVE TEXTS           one, or what it left undone; errors in a line
    python driver.py effects ARCHIVES TEXTS      one killed at each of its effects
    python driver.py random ARCHIVES TEXTS N SEED    N kills at moments that are drawn
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from fakes import FakeReader
from testimonia import library
from testimonia.catalog import State, documents
from testimonia.errors import TestimoniaError
from testimonia.ingest import deriving
from testimonia.library import Archive, open_archive
from testimonia.settings import Settings
from testimonia.store import reading_view
from testimonia.store.embedded import EmbeddedWriter
from testimonia.validation import Report

_LONGEST = 60


@contextmanager
def _fake(*_: object, **__: object) -> Iterator[FakeReader]:
    yield FakeReader()


library.open_readers = _fake
vars(deriving)["validate"] = lambda _: Report(True, (), "")
library.Archive._gazetteer_facts = lambda _: frozenset()  # type: ignore[assignment,method-assign]


def run(folder: Path, texts: Path) -> bool:
    """Ingest what was not, or go on with what was begun."""
    with open_archive(folder, create=True, settings=Settings()) as archive:
        if archive.undone():
            list(archive.resume())
        elif not list(archive.catalog.documents()):
            list(archive.ingest([texts]))
    return True


def facts(folder: Path) -> dict[str, Any]:
    """Everything that is stored, but for the runs, and whether it is as it should be."""
    with open_archive(folder) as archive:
        with archive.writer() as writer:
            archive._settle(writer)
        records = list(archive.catalog.documents())
        with archive.view() as view:
            graphs = {name: view.graph(name) for name in view.graphs()}
            shown = view.graph("")
        stored = {each.id for each in records if each.state is State.STORED}
        iris = archive.iris
        return {
            "digest": _digest(archive),
            "recorded": len(records),
            "undone": archive.undone(),
            "originals": all(_has_original(archive, each.id) for each in records),
            "marked": all(iris.document_graph(each) in graphs for each in stored),
            "view": shown == reading_view.reading_view(graphs, iris),
            "graphs": {
                each.id: hashlib.sha256(
                    repr(sorted(graphs[iris.document_graph(each.id)])).encode()
                ).hexdigest()
                for each in records
                if iris.document_graph(each.id) in graphs
            },
        }


def _digest(archive: Archive) -> str:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    lines = [line for line in output.getvalue().splitlines() if runs not in line]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def _has_original(archive: Archive, document: str) -> bool:
    query = "SELECT original FROM document WHERE id = ?"
    (sha256,) = archive.catalog._db.execute(query, (document,)).fetchone()
    data = archive.catalog.original(sha256).read_bytes()
    return hashlib.sha256(data).hexdigest() == str(sha256)


# ------------------------------------------------------------------------------- effects


class Effects:
    """Whatever changes a disk, told one by one to ``tell`` before it happens."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def watch(self) -> None:
        """From now on, in this process."""
        self._wrap(os, "fsync", "fsync")
        self._wrap(Path, "replace", "replace")
        self._wrap(EmbeddedWriter, "_commit", "update")
        self._wrap(EmbeddedWriter, "_add", "update")
        self._wrap(EmbeddedWriter, "_backup", "checkpoint")
        self._wrap(EmbeddedWriter, "flush", "flush")
        connect = sqlite3.connect

        def connected(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **kwargs)
            connection.set_trace_callback(self._statement)
            return connection

        sqlite3.connect = connected  # type: ignore[assignment]
        self._wrap(documents.Documents, "mark_stored", "mark")
        self._wrap(documents.Documents, "keep", "keep")

    def _statement(self, statement: str) -> None:
        if statement.startswith("COMMIT"):
            self._tell("commit")

    def _wrap(self, thing: Any, name: str, effect: str) -> None:
        inner = getattr(thing, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            self._tell(effect)
            result = inner(*args, **kwargs)
            self._tell(f"{effect} done")
            return result

        setattr(thing, name, outer)


def _forked(work: Callable[[], object]) -> tuple[int, Callable[[], Any]]:
    """Do it in a process of its own: its number, and what waits for what it gives."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            told = json.dumps(work()).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(told)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(1)
    os.close(writing)

    def wait() -> Any:
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return None
        if status:
            raise SystemExit(f"process {child} ended with status {status}")
        return json.loads(told)

    return child, wait


def _in_fork(work: Callable[[], object]) -> Any:
    return _forked(work)[1]()


def _killed_at(number: int, folder: Path, texts: Path) -> object:
    seen = 0

    def tell(effect: str) -> None:
        nonlocal seen
        seen += not effect.endswith("done")  # the next one begins there
        if seen > number:
            os.kill(os.getpid(), signal.SIGKILL)

    Effects(tell).watch()
    return run(folder, texts)


def _wrong(found: dict[str, Any], expected: dict[str, Any], finished: bool) -> list[str]:
    """What is not as it should be in an archive after a kill, or after it was resumed."""
    wrong = [name for name in ("originals", "marked", "view") if not found[name]]
    half = [id_ for id_, graph in found["graphs"].items() if expected["graphs"][id_] != graph]
    wrong += ["a document is half in"] if half else []
    if found["recorded"] + found["undone"] < expected["recorded"] and found["undone"]:
        wrong.append("a document is lost")
    if finished:
        wrong += ["the final graph differs"] if found["digest"] != expected["digest"] else []
        wrong += ["something is undone"] if found["undone"] else []
    return wrong


def _expected(folder: Path, texts: Path) -> dict[str, Any]:
    plain = folder / "undisturbed"
    _in_fork(lambda: run(plain, texts))
    expected: dict[str, Any] = _in_fork(lambda: facts(plain))
    return expected


def effects(folder: Path, texts: Path) -> dict[str, Any]:
    """Kill an ingestion at each of its effects in turn, look at what is there, resume it."""
    expected, wrong, number = _expected(folder, texts), [], 0
    while True:
        archive = folder / f"killed-{number}"
        ended = _in_fork(lambda n=number, a=archive: _killed_at(n, a, texts))  # type: ignore[misc]
        if (archive / "catalog.sqlite").exists():
            found = _in_fork(lambda a=archive: facts(a))  # type: ignore[misc]
            wrong += [f"{number}: {each}" for each in _wrong(found, expected, False)]
        _in_fork(lambda a=archive: run(a, texts))  # type: ignore[misc]
        found = _in_fork(lambda a=archive: facts(a))  # type: ignore[misc]
        wrong += [f"{number} resumed: {each}" for each in _wrong(found, expected, True)]
        if ended:
            return {"kills": number, "wrong": wrong}
        number += 1


def at_random(folder: Path, texts: Path, kills: int, seed: int) -> dict[str, Any]:
    """Kill ingestions at moments that are drawn; each goes on where the last was killed."""
    drawn = random.Random(seed)
    expected, wrong, done, archives = _expected(folder, texts), [], 0, 0
    began = time.monotonic()
    _in_fork(lambda: run(folder / "timed", texts))
    whole = time.monotonic() - began
    while done < kills:
        archive, archives = folder / f"killed-{archives}", archives + 1
        finished = False
        while not finished and done < kills:
            child, wait = _forked(lambda a=archive: run(a, texts))  # type: ignore[misc]
            time.sleep(drawn.uniform(0, whole / 2))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            finished = wait() is not None
            done += not finished
            if (archive / "catalog.sqlite").exists():
                found = _in_fork(lambda a=archive: facts(a))  # type: ignore[misc]
                wrong += [f"kill {done}: {each}" for each in _wrong(found, expected, False)]
        _in_fork(lambda a=archive: run(a, texts))  # type: ignore[misc]
        found = _in_fork(lambda a=archive: facts(a))  # type: ignore[misc]
        wrong += [f"archive {archives}: {each}" for each in _wrong(found, expected, True)]
    return {"kills": done, "archives": archives, "wrong": wrong}


def _main(mode: str, folder: str, texts: str, *numbers: str) -> None:
    signal.alarm(_LONGEST * 20)
    if mode == "once":
        with open(Path(folder).with_name("effects.txt"), "wb", buffering=0) as marks:  # noqa: PTH123

            def tell(effect: str) -> None:
                marks.write(f"<{effect}>\n".encode())

            Effects(tell).watch()
            run(Path(folder), Path(texts))
        return
    if mode == "run":
        try:
            run(Path(folder), Path(texts))
        except TestimoniaError as error:
            sys.exit(f"{type(error).__name__}: {error}")
        return
    if mode == "effects":
        told = effects(Path(folder), Path(texts))
    else:
        told = at_random(Path(folder), Path(texts), *map(int, numbers))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(*sys.argv[1:])
