"""The commands on authority files: messages and exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "testimonia", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
        check=False,
    )


def test_an_authority_is_loaded_listed_and_removed(tmp_path: Path) -> None:
    file = str(DATA / "harbour-persons.csv")
    made = run("authority", "load", "harbour", file, "--licence", "CC0", cwd=tmp_path)
    assert (made.returncode, made.stdout) == (0, "")
    assert "harbour: 6 entries" in made.stderr
    listed = run("authority", "list", cwd=tmp_path)
    assert listed.returncode == 0
    for told in ("harbour", "6", "harbour-persons.csv", "CC0"):
        assert told in listed.stdout
    removed = run("authority", "remove", "harbour", cwd=tmp_path)
    assert removed.returncode == 0
    again = run("authority", "remove", "harbour", cwd=tmp_path)
    assert again.returncode == 2
    assert "there are none" in again.stderr


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,label\n1,Ada\n2,\n", encoding="utf-8")
    refused = run("authority", "load", "list", "bad.csv", cwd=tmp_path)
    assert refused.returncode == 1
    assert "bad.csv, line 3: no label" in refused.stderr
    assert "--skip-bad-lines" in refused.stderr
    taken = run("authority", "load", "list", "bad.csv", "--skip-bad-lines", cwd=tmp_path)
    assert taken.returncode == 1
    assert "left out bad.csv, line 3: no label" in taken.stderr
    assert "list: 1 entries" in taken.stderr
    wrong = run("authority", "load", "list", "bad.csv", "--column", "what=x", cwd=tmp_path)
    assert wrong.returncode == 2
    assert run("authority", "load", "list", "none.csv", cwd=tmp_path).returncode == 2
