"""Every query of docs/sparql.md has the answer that the page shows, in a real worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia import rdf
from testimonia.iris import Iris
from testimonia.library import open_archive
from testimonia.sparql import functions
from testimonia.sparql.evaluator import Evaluator
from testimonia.vocabulary import PREFIXES

PAGE = (Path(__file__).parents[2] / "docs" / "sparql.md").read_text("utf-8")
EXAMPLES = re.findall(r"(?ms)^```sparql\n(.*?)^```\n\n```csv\n(.*?)^```$", PAGE)
DECLARED = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluator]:
    (turtle,) = re.findall(r"(?ms)^```turtle\n(.*?)^```$", PAGE)
    iris = Iris("http://localhost:8000/")
    folder = tmp_path_factory.mktemp("page") / "archive"
    with open_archive(folder, create=True) as archive:
        with archive.writer() as writer:
            writer.replace({iris.document_graph("d"): rdf.parse(DECLARED + turtle, "turtle")})
        yield archive.evaluator


@pytest.mark.parametrize(("query", "answer"), EXAMPLES)
def test_a_query_has_the_answer_that_is_shown(
    evaluator: Evaluator, query: str, answer: str
) -> None:
    found = evaluator.evaluate(query, format_="csv").body.decode().replace("\r\n", "\n")
    assert found == answer


def test_nothing_is_left_out() -> None:
    assert len(EXAMPLES) == PAGE.count("```sparql\n") == 4
    every = (*functions.EDTF_FUNCTIONS, *functions.GEOMETRY_FUNCTIONS, *functions.BUILT_IN)
    names = {re.split(r"[#/]", name)[-1] for name in every}
    on_page = set(re.findall(r"\w+", PAGE))
    families = {name for name in names if name.startswith(("eh", "rcc8"))}
    assert names - families <= on_page
    assert len(families) == 16
