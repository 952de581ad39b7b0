"""Documents that are read in other processes: the same graphs, and what happens when these end."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import deadly
from fakes import FakeReader
from testimonia.catalog import State
from testimonia.errors import ReadingError, SettingsError
from testimonia.ingest import Ingestion, Outcome, Result, Source, Workers
from testimonia.ingest.deriving import Extractor, Task, identify
from testimonia.iris import Iris
from testimonia.library import Archive, open_archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

MEMORY = 2**30
IRIS = Iris("http://localhost:8000/")
WORDS = ("harbour", "bridge", "market", "railway", "school", "border", "storm", "river", "fair")


@contextmanager
def workers(count: int = 2, memory: int = MEMORY) -> Iterator[Workers]:
    with Workers(deadly.make, "fake 1", count, memory) as opened:
        yield opened


def text(content: str) -> Text:
    return Text(content, Metadata(title="A", origins={"title": "user"}), "text/plain")


def source(name: str, content: str) -> Source:
    return Source(name, lambda: (content.encode(), text(content)))


def task(content: str) -> Task:
    return Task(identify(text(content)), IRIS)


def ingested(archive: Archive, reader: Extractor | Workers, contents: list[str]) -> list[Outcome]:
    sources = (source(f"{number}.txt", content) for number, content in enumerate(contents))
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, Settings(), lambda _: [])
        return list(one.ingest(sources))


def quads(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def reports(count: int) -> list[str]:
    return [
        f"Ada said the {WORDS[n % 9]} of Odense is shut. Bo said {n} ships wait." * (1 + n % 7)
        for n in range(count)
    ]


def test_many_processes_give_the_same_quads_and_outcomes_in_order(
    archive: Archive, tmp_path: Path
) -> None:
    contents = reports(70)
    contents[20] = ""
    contents[40:42] = ["KILL Ada said so.", contents[3]]
    contents[60] = "BUG Ada said so."
    contents[10:13] = [contents[9]] * 3
    with workers() as readers:
        outcomes = ingested(archive, readers, contents)
    assert [each.name for each in outcomes] == [f"{n}.txt" for n in range(70)]
    wrong = {n for n, each in enumerate(outcomes) if each.result is Result.FAILED}
    assert wrong == {40, 60}
    again = {n for n, each in enumerate(outcomes) if each.result is Result.UNCHANGED}
    assert again == {10, 11, 12, 41}
    with open_archive(tmp_path / "alone", create=True) as alone:
        known = {n: each for n, each in enumerate(contents) if n not in wrong}
        ingested(alone, FakeReader(), list(known.values()))
        assert quads(alone) == quads(archive)
    failed = [each.report or "" for each in archive.catalog.documents(State.FAILED)]
    assert any("ended the process twice" in each for each in failed)
    assert archive.undone() == 0


@pytest.mark.parametrize(("word", "why"), [("SEGV", "SIGSEGV"), ("KILL", "want of memory")])
def test_a_document_that_ends_its_process_twice_fails_alone(word: str, why: str) -> None:
    with workers(1) as readers:
        fine = readers.submit(task("Ada said it rained."))
        wrong = readers.submit(task(f"{word} Ada said it rained."))
        after = readers.submit(task("Bo said it rained."))
        with pytest.raises(ReadingError, match=f"ended the process twice.*{why}"):
            wrong.result()
        assert fine.result().statements == after.result().statements == 1


def test_one_that_ends_it_once_is_read(tmp_path: Path) -> None:
    with workers(1) as readers:
        found = readers.submit(task(f"ONCE Ada said it rained. {tmp_path / 'seen'}"))
        assert found.result().statements == 1


def test_each_process_has_its_limit_of_memory() -> None:
    with workers(2) as readers:
        wrong = readers.submit(task("HUGE Ada said it rained."))
        with pytest.raises(ReadingError, match=r"more than 1\.0 GB"):
            wrong.result()
        assert readers.submit(task("Bo said it rained.")).result().statements == 1


def test_processes_are_started_as_they_are_needed() -> None:
    others = set(children())  # of other tests
    with workers(8) as readers:
        assert others >= set(children())
        readers.submit(task("Ada said it rained.")).result()
        assert len(set(children()) - others) == 2  # the one that has the model, and one that reads
        for each in [readers.submit(task(content)) for content in reports(40)]:
            each.result()
        assert 2 < len(set(children()) - others) <= 9
    assert others >= set(children())


def test_an_extractor_that_cannot_be_made_says_why() -> None:
    with Workers(deadly.make_none, "", 2, MEMORY) as readers:
        found = readers.submit(task("Ada said so."))
        with pytest.raises(SettingsError, match="no such pipeline"):
            found.result()


def test_a_source_of_processes_that_is_killed_is_replaced() -> None:
    with workers(1) as readers:
        readers.submit(task("Ada said it rained.")).result()
        for process in children():
            os.kill(process, signal.SIGKILL)
        assert readers.submit(task("Bo said it rained.")).result().statements == 1


def test_stopping_in_the_middle_leaves_what_can_be_gone_on_with(archive: Archive) -> None:
    with workers() as readers, archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, readers, Settings(), lambda _: [])
        outcomes = one.ingest(source(f"{n}.txt", each) for n, each in enumerate(reports(60)))
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
    assert children() == []
    stored = list(archive.catalog.documents(State.STORED))
    recorded = list(archive.catalog.documents(State.RECORDED))
    assert stored
    assert recorded
    with archive.view() as view:
        assert {archive.iris.document_graph(each.id) for each in stored} <= {*view.graphs()}


def test_kill_of_the_writer_leaves_no_process(tmp_path: Path) -> None:
    """Whatever it is doing: here a document that takes for ever."""
    writer = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("waiting.py"))],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        stdout=subprocess.PIPE,
    )
    assert writer.stdout is not None
    started = [int(each) for each in writer.stdout.readline().split()]
    assert len(started) == 3
    writer.kill()
    writer.wait()
    writer.stdout.close()
    until = time.monotonic() + 10
    while any(map(_runs, started)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, started))


def _runs(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def children(of: int | None = None) -> list[int]:
    """All processes below one, dead ones aside."""
    own = of or os.getpid()
    found = []
    for tasks in Path(f"/proc/{own}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            if _runs(child):
                found += [child, *children(child)]
    return found


@pytest.mark.slow
def test_the_real_reader_gives_the_same_in_two_processes(
    tmp_path: Path, root: Path, seed_archive: Archive
) -> None:
    with open_archive(tmp_path / "two", create=True, settings=Settings(workers=2)) as two:
        outcomes = list(two.ingest([root / "seeds"]))
        assert [each.result for each in outcomes] == ["stored"]
        assert quads(two) == quads(seed_archive)
