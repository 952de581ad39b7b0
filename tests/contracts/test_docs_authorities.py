"""The page about authorities: its commands run, its query answers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers import Served, serving
from shells import shell
from testimonia.library import Archive

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "authorities.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(seed_archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's commands find what they name."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(seed_archive.folder, folder / "archive")
    shutil.copytree(ROOT / "tests" / "data", folder / "tests" / "data")
    return folder


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with serving("--archive", str(folder / "archive")) as opened:
        yield opened


def test_the_commands_that_load_run(folder: Path) -> None:
    load, _, build = blocks("sh")
    done = shell(load, folder)
    assert done.returncode == 0, done.stderr
    assert "6 entries" in done.stderr
    assert "harbour-persons.csv" in done.stdout
    done = shell(build, folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "dated.sqlite").exists()


def test_the_query_finds_links(folder: Path) -> None:
    file = folder / "actors.csv"
    file.write_text("id,label,type\np,Vladimir Putin,Person\n", encoding="utf-8")
    (query,) = blocks("sparql")
    (folder / "question.rq").write_text(query, encoding="utf-8")
    done = shell("testimonia authority load actors actors.csv", folder)
    assert done.returncode == 0, done.stderr
    done = shell("testimonia query question.rq --format json", folder)
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert {row["who"]["value"] for row in rows} == {"Vladimir Putin"}
    assert {row["entry"]["value"].rpartition("/")[2] for row in rows} == {"p"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_calls_are_answered(served: Served, folder: Path) -> None:
    calls = blocks("sh")[1].splitlines()
    assert len(calls) == 2
    for call in calls:
        done = shell(call.replace(":8000", f":{served.port}").replace("curl", "curl -sf"), folder)
        assert done.returncode == 0, done.stderr
        assert "Vladimir Putin" in done.stdout
