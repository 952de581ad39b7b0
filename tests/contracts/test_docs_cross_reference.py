"""The reports of docs/cross-reference.md, its queries and their answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia.library import Archive, open_archive

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cross-reference.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"(?ms)\(queries/([\w-]+)\.rq\):\n\n```sparql\n(.*?)^```\n\n```csv\n(.*?)^```$", PAGE
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("page")
    (script,) = re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    environment.pop("TESTIMONIA_ARCHIVE", None)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with open_archive(folder / "archive") as archive:
        yield archive


@pytest.mark.parametrize(("name", "query", "answer"), EXAMPLES)
def test_a_query_has_the_answer_that_is_shown(
    reports: Archive, name: str, query: str, answer: str
) -> None:
    assert query == (ROOT / "docs" / "queries" / f"{name}.rq").read_text("utf-8")
    found = reports.evaluator.evaluate(query, format_="csv").body.decode().replace("\r\n", "\n")
    assert found == answer


def test_every_query_on_these_reports_is_shown() -> None:
    on_reports = {
        each.stem
        for each in (ROOT / "docs" / "queries").glob("*.rq")
        if "# On the reports of docs/cross-reference.md" in each.read_text("utf-8")
    }
    assert {name for name, _, _ in EXAMPLES} == on_reports
    assert len(on_reports) == 3
