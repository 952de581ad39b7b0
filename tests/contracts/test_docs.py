"""What the documentation shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from testimonia.library import Archive
from testimonia.web import create_app, saved

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
REVIEW = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
VIEWS = (ROOT / "docs" / "views.md").read_text(encoding="utf-8")
SERVING = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A block run by a shell that finds this environment's ``testimonia`` first."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    environment.pop("TESTIMONIA_ARCHIVE", None)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        env=environment,
        check=False,
    )


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_every_make_target_that_is_shown_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = set(re.findall(r"\bmake (\w[\w-]*)", "".join(blocks(README, "sh"))))
    assert shown >= {"run", "test"}
    for target in shown:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_leads_somewhere() -> None:
    for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    commands = "".join(blocks(README, "sh"))
    shown = [line for line in commands.splitlines() if "bin/testimonia" in line]
    assert len(shown) == 2
    done = shell(shown[0].replace(".venv/bin/testimonia", "testimonia"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "my-archive" / "catalog.sqlite").exists()


@pytest.fixture
def port(seed_archive: Archive) -> Iterator[int]:
    """A real server on the seed's archive."""
    config = uvicorn.Config(create_app(seed_archive), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(300):
            if server.started:
                break
            thread.join(0.1)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_readmes_query_has_the_readmes_answer(port: int, tmp_path: Path) -> None:
    (query,) = blocks(README, "sparql")
    (answer,) = blocks(README, "csv")
    (command,) = [line for line in blocks(README, "sh") if line.startswith("curl")]
    (tmp_path / "question.rq").write_text(query, encoding="utf-8")
    done = shell(command.replace(":8000", f":{port}").replace("curl", "curl -s"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace("\r\n", "\n").strip() == answer.strip()


def test_the_usage_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    for block in blocks(USAGE, "sh"):
        if "testimonia serve" in block:
            continue  # served above, and by the tests of the pages
        done = shell(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    for block in blocks(USAGE, "python"):
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "application/sparql-results+json" in done.stdout


@pytest.mark.slow
def test_the_page_about_review_runs_from_top_to_bottom(tmp_path: Path) -> None:
    # One shell, for a block names things that later ones use.
    done = shell("".join(blocks(REVIEW, "sh")), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "speaker is Bo Hale, was read Ada Moss" in done.stderr
    assert "they are one" in done.stderr
    (query,) = blocks(REVIEW, "sparql")
    answer = shell(shlex.join(["testimonia", "query", query, "--format", "csv"]), tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "Nell Grey" in answer.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_of_the_api_page_run(port: int, tmp_path: Path) -> None:
    commands = "".join(blocks(API, "sh")).splitlines()
    assert len(commands) > 10
    for command in commands:
        assert command.startswith("curl ")
        done = shell(command.replace(":8000", f":{port}").replace("curl", "curl -sf", 1), tmp_path)
        assert done.returncode == 0, command
        assert '"total":0,' not in done.stdout, command


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_of_the_page_about_views_run(port: int, tmp_path: Path) -> None:
    commands = "".join(blocks(VIEWS, "sh")).splitlines()
    assert len(commands) > 8
    for command in commands:
        done = shell(command.replace(":8000", f":{port}").replace("curl", "curl -sf", 1), tmp_path)
        assert done.returncode == 0, command
        assert len(done.stdout) > 500, command
        assert '"events":{"items":[],' not in done.stdout, command


def test_the_reports_of_the_page_about_views_are_written(
    seed_archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "archive").symlink_to(seed_archive.folder)
    (block,) = blocks(VIEWS, "sh cli")
    done = shell(block, tmp_path)
    assert done.returncode == 0, done.stderr
    written = re.findall(r"--output (\S+)", block)
    assert len(written) == 4
    assert all((tmp_path / name).stat().st_size > 1000 for name in written)


def test_the_saved_query_of_the_api_page_is_one() -> None:
    (query,) = blocks(API, "sparql")
    assert [each.name for each in saved.read("shown", query).parameters] == ["speaker"]


def test_the_commands_of_the_page_about_serving_run(tmp_path: Path) -> None:
    """Those that serve are run by the tests of what is deployed."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    for block in blocks(SERVING, "sh"):
        done = shell(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    assert (tmp_path / "restored" / "catalog.sqlite").exists()
