"""The commands that exchange, as their users meet them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from documents import ICE, put
from testimonia.library import Archive


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


@pytest.fixture
def workplace(archive: Archive) -> Path:
    put(archive, ICE, title="Ice")
    return archive.folder.parent


def test_out_and_in_again(workplace: Path) -> None:
    for words in (
        ("export", "--format", "archive", "--output", "a.zip"),
        ("import", "a.zip", "--archive", "again"),
        ("export", "--format", "archive", "--output", "b.zip", "--archive", "again"),
    ):
        done = run(*words, cwd=workplace)
        assert done.returncode == 0, done.stderr
    assert (workplace / "a.zip").read_bytes() == (workplace / "b.zip").read_bytes()


@pytest.mark.parametrize("format_", ["nanopublications", "annotations", "csv"])
def test_statements_go_to_standard_output(workplace: Path, format_: str) -> None:
    done = run("export", "--format", format_, cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert "Odense is cold" in done.stdout


def test_packages_need_a_place_and_streams_no_graph(workplace: Path) -> None:
    done = run("export", "--format", "ro-crate", cwd=workplace)
    assert (done.returncode, "--output" in done.stderr) == (2, True)
    done = run("export", "--format", "csv", "--graph", "a:g", cwd=workplace)
    assert done.returncode == 2


def test_foreign_rdf(workplace: Path) -> None:
    (workplace / "more.ttl").write_text("<a:s> <a:p> <a:o> .")
    done = run("import", "more.ttl", "--graph", "https://mine.example/g", cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert "<a:s> <a:p> <a:o>" in run("export", cwd=workplace).stdout
    reserved = "http://localhost:8000/graph/entities"
    done = run("import", "more.ttl", "--graph", reserved, cwd=workplace)
    assert (done.returncode, reserved in done.stderr) == (2, True)
    done = run("import", "more.ttl", cwd=workplace)
    assert (done.returncode, "--graph" in done.stderr) == (2, True)
    (workplace / "more.xyz").write_text("")
    done = run("import", "more.xyz", "--graph", "a:g", cwd=workplace)
    assert (done.returncode, "--media-type" in done.stderr) == (2, True)


def test_forget_names_the_copies(workplace: Path, archive: Archive) -> None:
    assert run("backup", "copy", cwd=workplace).returncode == 0
    (record,) = archive.catalog.documents()
    done = run("forget", record.id, cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert str(workplace / "copy") in done.stderr.replace("\n", "")
    assert run("forget", record.id, cwd=workplace).returncode == 2
    assert run("export", cwd=workplace).stdout.count("Odense") == 0


def test_quotations_only_is_said_once(tmp_path: Path) -> None:
    assert run("init", "--quotations-only", cwd=tmp_path).returncode == 0
    (tmp_path / "a.txt").write_text("Mayor Ada Moss said the harbour is shut. Gulls shrieked.")
    assert run("ingest", "a.txt", cwd=tmp_path).returncode == 0
    assert "Gulls shrieked" not in run("export", cwd=tmp_path).stdout
    assert run("rebuild", "--full-text", cwd=tmp_path).returncode == 0
    assert "Gulls shrieked" in run("export", cwd=tmp_path).stdout
