"""The order of effects, and what is left when a process ends between two of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("driver.py")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Three reports, two of them nearly the same."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("Ada said it rained in Odense on the first day of the fair.")
    (folder / "b.txt").write_text("Ada said it rained in Odense on the last day of the fair.")
    (folder / "c.txt").write_text("Cy said the harbour of Odense is shut. Bo said so too.")
    return folder


def drive(*words: str | Path, wrapper: tuple[str, ...] = ()) -> str:
    done = subprocess.run(
        [*wrapper, sys.executable, str(DRIVER), *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(DRIVER.parents[1])},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bytes_and_record_then_graphs_then_flush_then_mark(tmp_path: Path, texts: Path) -> None:
    drive("once", tmp_path / "archive", texts)
    told = re.findall(r"<(.+)>", (tmp_path / "effects.txt").read_text())
    order = [each for each in told if each in {"keep", "keep done", "commit", "update", "mark"}]
    kept = order.index("keep")
    # The record is on disk together with what else is recorded then, before any graph is written.
    assert order[kept : kept + 3] == ["keep", "keep done", "commit"]
    inside = told[told.index("keep") : told.index("keep done")]
    assert [each for each in inside if not each.endswith("done")][-3:] == [
        *("fsync", "replace", "fsync")
    ]
    for number, effect in enumerate(told):
        if effect == "mark":
            before = told[:number]
            assert before[-1] == "flush done"
            assert before[::-1].index("checkpoint done") < before[::-1].index("update done")


@pytest.mark.slow
def test_what_the_system_is_asked_is_in_that_order(tmp_path: Path, texts: Path) -> None:
    """The same by the system's own account: what is written is also synchronised in its turn."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode:
        pytest.skip("no strace here, or it may not trace")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,write,pwrite64,rename"
    wrapper = (strace, "-f", "-y", "-s", "40", "-e", calls, "-o", str(trace))
    drive("once", tmp_path / "archive", texts, wrapper=wrapper)
    phases = phases_of(trace.read_text(errors="replace"))
    names = [name for name, _ in phases]
    assert {"keep", "update", "flush", "mark"} <= set(names)
    for name, lines in phases:
        synced = [line for line in lines if re.search(r"f(data)?sync\(", line)]
        if name == "keep":
            assert any("/originals/" in line for line in synced), lines
        if name == "update":
            assert any("write(" in line and "/store/live/" in line for line in lines), lines
        if name == "mark":
            assert any("catalog.sqlite-wal" in line for line in synced), lines
    kept = names.index("keep")
    stored = names.index("update", kept)
    between = [line for _, lines in phases[kept + 1 : stored] for line in lines]
    assert any("sync(" in line and "catalog.sqlite-wal" in line for line in between), between
    for mark in (number for number, name in enumerate(names) if name == "mark"):
        last = max(number for number in range(mark) if names[number] == "update")
        between = [line for _, lines in phases[last + 1 : mark] for line in lines]
        assert any("sync(" in line and "/store/live/" in line for line in between), between


def phases_of(trace: str) -> list[tuple[str, list[str]]]:
    """The calls between the beginning and the end of each effect, effects in effects to the
    outermost."""
    phases: list[tuple[str, list[str]]] = []
    inside: str | None = None
    for line in trace.splitlines():
        marker = re.search(r'write\(\d+<[^>]*effects\.txt>, "<(.+?)>', line)
        if marker is None:
            if phases:
                phases[-1][1].append(line)
        elif inside is None and marker[1] in {"keep", "update", "flush", "mark"}:
            inside = marker[1]
            phases.append((inside, []))
        elif inside and marker[1] == f"{inside} done":
            inside = None
            phases.append(("between", []))
    return phases


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_an_end_at_any_effect_loses_nothing(tmp_path: Path, texts: Path) -> None:
    told = json.loads(drive("effects", tmp_path, texts))
    assert told["kills"] > 30
    assert told["wrong"] == []


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_kill_at_any_moment_loses_nothing(
    tmp_path: Path, texts: Path, pytestconfig: pytest.Config
) -> None:
    for number in range(9):
        content = f"Dee said ship {number} of {number + 3} is late. Eve said she waits."
        (texts / f"d{number}.txt").write_text(content)
    kills = str(pytestconfig.getoption("--kills"))
    told = json.loads(drive("random", tmp_path, texts, kills, "20251211"))
    assert told["kills"] == int(kills)
    assert told["wrong"] == []
