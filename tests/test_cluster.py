"""Documents that a Ray cluster reads: the same graphs, also when a machine of it goes."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

import deadly
from fakes import FakeReader
from testimonia.catalog import State
from testimonia.errors import ClusterError, ReadingError, SettingsError
from testimonia.ingest import Ingestion, Outcome, Readers, Result, Source
from testimonia.ingest.cluster import ClusterReaders
from testimonia.ingest.cluster.shards import FOLDER, Shelf
from testimonia.ingest.deriving import Extractor, Task, identify
from testimonia.iris import Iris
from testimonia.library import Archive, open_archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

# Ray Data warns of its own defaults.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\."),
]

ROOT = Path(__file__).parent.parent
TESTIMONIA = Path(sys.executable).with_name("testimonia")
MEMORY = 2**30
WORDS = ("harbour", "bridge", "market", "railway", "school", "border", "storm", "river", "fair")


@pytest.fixture(autouse=True)
def _our_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cluster starts finds the readers of the tests."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")


@contextmanager
def cluster(folder: Path, address: str = "local", workers: int | None = 2) -> Iterator[Readers]:
    shards = folder / FOLDER
    with ClusterReaders(
        address, deadly.make, deadly.name, MEMORY, shards, workers=workers
    ) as opened:
        yield opened


def text(content: str) -> Text:
    return Text(content, Metadata(title="A", origins={"title": "user"}), "text/plain")


def task(content: str) -> Task:
    return Task(identify(text(content)), Iris("http://localhost:8000/"), fingerprint="one")


def outcomes(
    archive: Archive, reader: Extractor | Readers, contents: list[str]
) -> Iterator[Outcome]:
    sources = (
        Source(f"{number}.txt", lambda c=content: (c.encode(), text(c)))  # type: ignore[misc]
        for number, content in enumerate(contents)
    )
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, Settings(), lambda _: [])
        yield from one.ingest(sources)


def quads(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def reports(count: int) -> list[str]:
    return [
        f"Ada said the {WORDS[n % 9]} of Odense is shut. Bo said {n} ships wait. SLOW" * (1 + n % 3)
        for n in range(count)
    ]


@contextmanager
def two_machines() -> Iterator[tuple[str, object, object]]:
    """Two nodes of one processor on the loopback; Ray takes 127.0.0.1 for the machine's own."""
    from ray.cluster_utils import Cluster

    options = {
        "num_cpus": 1,
        "include_dashboard": False,
        "node_ip_address": "127.0.0.2",
        "object_store_memory": 100_000_000,
    }
    nodes = Cluster(initialize_head=True, head_node_args=options)
    try:
        second = nodes.add_node(**options)
        yield nodes.address, nodes, second
    finally:
        nodes.shutdown()


def test_a_machine_that_goes_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    contents = reports(60)
    contents[10] = ""
    contents[20:22] = ["KILL Ada said so.", contents[3]]
    contents[30] = "BUG Ada said so."
    gone: list[int] = []

    def kill() -> None:
        while len(Shelf(archive.folder / FOLDER).names()) < 8:
            time.sleep(0.05)
        gone.append(len(Shelf(archive.folder / FOLDER).names()))
        nodes.remove_node(second, allow_graceful=False)  # type: ignore[attr-defined]

    with two_machines() as (address, nodes, second), cluster(archive.folder, address, None) as ray:
        assert ray.most > 2 * 60
        killer = Thread(target=kill, daemon=True)
        killer.start()
        found = list(outcomes(archive, ray, contents))
        killer.join(60)
    assert len(gone) == 1
    assert gone[0] < 50  # it was in mid-run
    with open_archive(tmp_path / "one", create=True) as other:
        alone = list(outcomes(other, FakeReader(), [*contents[:20], contents[3], *contents[22:30]]))
        alone += outcomes(other, FakeReader(), contents[31:])
        assert quads(archive) == quads(other)
    assert [each.name for each in found] == [f"{number}.txt" for number in range(60)]
    failed = {each.name: each for each in found if each.result is Result.FAILED}
    assert failed.keys() == {"20.txt", "30.txt"}
    assert "ended the process twice" in failed["20.txt"].message
    assert "internal error, KeyError: 'bug'" in failed["30.txt"].message
    assert found[21].result is Result.UNCHANGED
    assert len(alone) == 58
    assert not (archive.folder / FOLDER).exists()


def test_what_was_read_before_an_interruption_is_not_read_again(
    archive: Archive, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    contents = [f"{n} NOTED SLOW . Ada said {n} ships wait. {notes}" for n in range(48)]
    with cluster(archive.folder) as ray:
        shelf = Shelf(archive.folder / FOLDER)
        begun = outcomes(archive, ray, contents)
        first = list(islice(begun, 1))
        assert first[0].result is Result.STORED
        begun.close()  # type: ignore[attr-defined]
    kept = shelf.names()
    undone = [each.id for each in archive.catalog.documents(State.RECORDED)]
    assert kept
    assert {name.partition("-")[0] for name in kept} <= set(undone)
    before = Counter(notes.read_text(encoding="utf-8").split())
    texts = {identify(text(each)).id: each.split()[0] for each in contents}
    with cluster(archive.folder) as ray:
        again = list(outcomes(archive, ray, contents))
    after = Counter(notes.read_text(encoding="utf-8").split())
    for name in kept:
        number = texts[name.partition("-")[0]]
        assert after[number] == before[number] == 1
    assert {each.result for each in again} <= {Result.STORED, Result.UNCHANGED}
    assert len(again) == 48
    assert not shelf.folder.exists()
    with open_archive(tmp_path / "one", create=True) as other:
        list(outcomes(other, FakeReader(), contents))
        assert quads(archive) == quads(other)


def test_one_cluster_of_this_machine(tmp_path: Path) -> None:
    """Errors are those of the text or of the settings, and closing leaves nobody waiting."""
    with cluster(tmp_path, workers=1) as ray:
        good, bug = ray.submit(task("Ada said so.")), ray.submit(task("BUG Ada said so."))
        assert good.result(60).statements == 1
        with pytest.raises(KeyError, match="bug"):
            bug.result(60)
        ray.done([task("Ada said so.").document.id])
        assert Shelf(tmp_path / FOLDER).names() == set()
        waiting = [ray.submit(task(f"SLOW Ada said {n} ships wait.")) for n in range(200)]
        wait(waiting[:1], 60)
    assert not wait(waiting, 0).not_done
    unread = [each for each in waiting if isinstance(each.exception(), ReadingError)]
    assert unread
    assert all("the ingestion was ended" in str(each.exception()) for each in unread)
    assert len(Shelf(tmp_path / FOLDER).names()) == 200 - len(unread)
    with (
        pytest.raises(SettingsError, match="no such pipeline"),
        ClusterReaders(
            "local", deadly.make_none, deadly.name, MEMORY, tmp_path / "other", workers=1
        ) as none,
    ):
        none.submit(task("Ada said so.")).result(60)


def test_machines_that_read_otherwise_are_refused(tmp_path: Path) -> None:
    name = partial(deadly.name_in, os.getpid())
    with pytest.raises(ClusterError, match="it would read with fake 2, and here it is fake 1"):
        ClusterReaders("local", deadly.make, name, MEMORY, tmp_path, workers=1)


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TESTIMONIA, *words], cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "bad.txt").write_bytes(b"\0\1\2" * 99)
    (tmp_path / "texts" / "good.txt").write_text(
        "Ada Moss said on Monday that the harbour of Odense would be closed.", encoding="utf-8"
    )
    address = f"file://{tmp_path}/texts"
    with TemporaryDirectory(prefix="t-") as temporary:  # short: it has sockets in it
        monkeypatch.setenv("TMPDIR", temporary)
        done = command("ingest", "--ray", "local", address, "--archive", "far", cwd=tmp_path)
        assert not [*Path(temporary).glob("testimonia-ray-*")]
        monkeypatch.delenv("TMPDIR")
    assert done.returncode == 1, done.stderr
    assert "1 stored" in done.stderr
    assert "1 failed" in done.stderr
    assert "bad.txt" in done.stderr
    near = command("ingest", "texts", "--archive", "near", cwd=tmp_path)
    assert near.returncode == 1, near.stderr
    with open_archive(tmp_path / "far") as one, open_archive(tmp_path / "near") as other:
        assert quads(one) == quads(other)
    nobody = command("ingest", "--ray", "127.0.0.1:1", "texts", "--archive", "far", cwd=tmp_path)
    assert nobody.returncode == 1
    assert "no cluster at 127.0.0.1:1" in nobody.stderr
    assert "Traceback" not in nobody.stderr


def test_a_cluster_that_is_gone_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for number, content in enumerate(reports(60)):
        (tmp_path / "texts" / f"{number:02}.txt").write_text(content * 3, encoding="utf-8")
    with two_machines() as (address, nodes, _):
        words = [str(TESTIMONIA), "ingest", "--ray", address, "texts", "--archive", "a"]
        running = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        try:
            while running.poll() is None and not Shelf(tmp_path / "a" / FOLDER).names():
                time.sleep(0.05)
            nodes.shutdown()  # type: ignore[attr-defined]
            _, told = running.communicate(timeout=300)
        finally:
            running.kill()
            running.wait()
    assert running.returncode != 0, told
    with open_archive(tmp_path / "a") as archive:
        assert not [*archive.catalog.documents(State.FAILED)]
        assert archive.undone() > 0
    resumed = command("ingest", "--resume", "--archive", "a", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    with open_archive(tmp_path / "a") as archive:
        assert len([*archive.catalog.documents(State.STORED)]) == 60


def test_the_commands_of_the_documentation_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    shown = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)).splitlines()
    install, *commands = shown
    assert install == "pip install 'testimonia[ray]'"
    assert sum("--ray local" in each for each in commands) >= 2
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    path = f"{TESTIMONIA.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 stored" in done.stderr
    assert "1 unchanged" in done.stderr
