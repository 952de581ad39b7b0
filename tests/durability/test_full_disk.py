"""A disk that fills up in mid-ingestion: said clearly, nothing corrupted, gone on with after."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia.catalog import State
from testimonia.library import open_archive

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("driver.py")
SIZE = 96 * 2**20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 MB, of which the test leaves 2 MB free at first."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if mounted.returncode:
        pytest.skip("no right to mount here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def drive(archive: Path, texts: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DRIVER), "run", str(archive), str(texts)],
        env={**os.environ, "PYTHONPATH": str(DRIVER.parents[1])},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


def test_what_did_not_fit_is_done_once_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(12):
        filler = " ".join(f"page{number}word{i} was read aloud" for i in range(2000))
        (texts / f"{number:02}.txt").write_text(f"Ada said it rained on day {number}. {filler}.")
    archive, ballast = small_disk / "archive", small_disk / "ballast"
    with open_archive(archive, create=True) as opened, opened.writer():
        pass
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    ballast.write_bytes(b"x" * max(0, free - 2 * 2**20))
    stopped = drive(archive, texts)
    assert stopped.returncode == 1, stopped.stderr
    assert stopped.stderr.startswith("StoreError: "), stopped.stderr
    assert "No space left" in stopped.stderr or "disk is full" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    ballast.unlink()
    resumed = drive(archive, texts)
    assert resumed.returncode == 0, resumed.stderr
    with open_archive(archive) as opened:
        assert opened.undone() == 0
        stored = list(opened.catalog.documents(State.STORED))
        assert len(stored) == 12
        with opened.view() as view:
            graphs = set(view.graphs())
        assert {opened.iris.document_graph(each.id) for each in stored} <= graphs
