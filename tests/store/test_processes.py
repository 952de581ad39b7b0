"""Several processes and one store: who may write, and what the others see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testimonia.errors import ArchiveLocked, StoreError
from testimonia.iris import Iris
from testimonia.store.checkpoints import KEPT, Checkpoints, lease, open_checkpoint
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.locking import StoreLock
from testimonia.store.published import open_view
from testimonia.store.view import EmbeddedView
from testimonia.terms import Graph, iri, literal
from testimonia.vocabulary import RDFS

MINE = "https://elsewhere.example/mine"

# Opens the store given, writes one triple, says so, and does what standard input tells it to.
OTHER_PROCESS = f"""
import os, sys
from pathlib import Path
from testimonia.iris import Iris
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import iri, literal
from testimonia.vocabulary import RDFS
writer = EmbeddedWriter(Path(sys.argv[2]), Iris("http://localhost:8000/"))
writer.replace({{"{MINE}": frozenset({{(iri("{MINE}"), RDFS.label, literal("theirs"))}})}})
print("written", flush=True)
if sys.stdin.readline() == "crash\\n":
    os._exit(1)
writer.flush()
print("flushed", flush=True)
sys.stdin.readline()
writer.close()
"""


def label(value: str) -> Graph:
    return frozenset({(iri(MINE), RDFS.label, literal(value))})


@contextmanager
def another_process(store: Path) -> Iterator[subprocess.Popen[str]]:
    source = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, "serve", str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        try:
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], order: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{order}\n")
    process.stdin.flush()


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def seen(store: Path, iris: Iris) -> Graph:
    with open_view(store, iris) as view:
        return view.graph(MINE)


def test_the_second_writer_is_told_who_is_first(tmp_path: Path, iris: Iris) -> None:
    with another_process(tmp_path) as process:
        with pytest.raises(ArchiveLocked) as caught:
            EmbeddedWriter(tmp_path, iris)
        assert f"in use by process {process.pid} on " in str(caught.value)
        assert "serve" in str(caught.value)
        # Asking has not spoilt the answer for the next one.
        with pytest.raises(ArchiveLocked, match=f"process {process.pid} on"):
            EmbeddedWriter(tmp_path, iris)


def test_the_second_writer_in_one_process_is_refused_too(tmp_path: Path, iris: Iris) -> None:
    with (
        EmbeddedWriter(tmp_path, iris),
        pytest.raises(ArchiveLocked, match=f"process {os.getpid()} on"),
    ):
        EmbeddedWriter(tmp_path, iris)


def test_a_lock_without_a_note_still_holds(tmp_path: Path) -> None:
    first = StoreLock(tmp_path)
    (tmp_path / "owner.json").write_text("[]")
    with pytest.raises(ArchiveLocked, match="another process"):
        StoreLock(tmp_path)
    first.release()
    StoreLock(tmp_path).release()


def test_a_lock_that_a_backup_has_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    first = StoreLock(tmp_path)
    note = {"pid": 1, "host": "here", "command": "testimonia backup"}
    (tmp_path / "owner.json").write_text(json.dumps(note))
    threading.Timer(0.3, first.release).start()
    StoreLock(tmp_path).release()


def test_a_lock_whose_holder_is_just_leaving_is_waited_for(tmp_path: Path) -> None:
    first = StoreLock(tmp_path)
    (tmp_path / "owner.json").unlink()  # the first half of a release
    threading.Timer(0.3, first.release).start()
    StoreLock(tmp_path).release()


def test_others_read_what_the_writer_has_flushed(tmp_path: Path, iris: Iris) -> None:
    with another_process(tmp_path) as process:
        assert seen(tmp_path, iris) == frozenset()
        tell(process, "flush")
        assert told(process) == "flushed"
        assert seen(tmp_path, iris) == label("theirs")


def test_a_killed_writer_leaves_everything_readable(tmp_path: Path, iris: Iris) -> None:
    with another_process(tmp_path) as process:
        tell(process, "crash")
        process.wait()
    assert seen(tmp_path, iris) == label("theirs")
    with EmbeddedWriter(tmp_path, iris) as writer:
        assert writer.graph(MINE) == label("theirs")


def test_a_published_checkpoint_has_every_write_before_it(
    writer: EmbeddedWriter, iris: Iris
) -> None:
    for number in range(4):
        writer.replace({MINE: label(str(number))})
        path = writer.published()
        assert EmbeddedView(open_checkpoint(path), iris).graph(MINE) == label(str(number))
        assert writer.published() == path


def test_only_the_last_generations_are_kept(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path, iris) as writer:
        paths = []
        for number in range(5):
            writer.replace({MINE: label(str(number))})
            paths.append(writer.published())
        assert [path.exists() for path in paths] == [False] * (5 - KEPT) + [True] * KEPT


def test_a_leased_checkpoint_stays(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path, iris) as writer:
        writer.replace({MINE: label("old")})
        old = writer.published()
        with lease(old):
            for number in range(4):
                writer.replace({MINE: label(str(number))})
                writer.flush()
            assert EmbeddedView(open_checkpoint(old), iris).graph(MINE) == label("old")
        writer.replace({MINE: label("new")})
        writer.flush()
        assert not old.exists()
        with pytest.raises(FileNotFoundError), lease(old):
            pass


def test_unfinished_checkpoints_are_swept_at_the_start(tmp_path: Path, iris: Iris) -> None:
    EmbeddedWriter(tmp_path, iris).close()
    unfinished = tmp_path / "checkpoints" / "000000000099.tmp"
    unfinished.mkdir()
    (unfinished / "CURRENT").write_text("half")
    assert seen(tmp_path, iris) == frozenset()
    with EmbeddedWriter(tmp_path, iris):
        assert not unfinished.exists()


def test_reading_a_finished_store_needs_no_lock(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path, iris) as writer:
        writer.replace({MINE: label("one")})
    lock = StoreLock(tmp_path)
    assert seen(tmp_path, iris) == label("one")
    lock.release()


def test_no_checkpoint_to_lease(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no checkpoint"), Checkpoints(tmp_path).lease_newest():
        pass


def test_a_checkpoint_of_the_callers_own(
    writer: EmbeddedWriter, tmp_path: Path, iris: Iris
) -> None:
    writer.replace({MINE: label("kept")})
    writer.checkpoint(tmp_path / "backup")
    writer.replace({MINE: label("later")})
    assert EmbeddedView(open_checkpoint(tmp_path / "backup"), iris).graph(MINE) == label("kept")
    with pytest.raises(StoreError, match="could not be written"):
        writer.checkpoint(tmp_path / "backup")
