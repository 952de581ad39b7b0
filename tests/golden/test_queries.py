"""The competency questions: each a query in ``docs/queries`` with its real answer on the seeds.

``pytest tests/golden --update-golden`` writes the answers anew; read the difference before you
keep it.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from testimonia.library import Archive
from testimonia.terms import ntriples

ROOT = Path(__file__).parents[2]
# Those on the reports of a page are answered there (tests/contracts/test_docs_cross_reference.py).
QUERIES = sorted(
    each
    for each in (ROOT / "docs" / "queries").glob("*.rq")
    if "# On the reports of docs/" not in each.read_text(encoding="utf-8")
)
ANSWERS = Path(__file__).parent / "answers"


def answer(archive: Archive, query: str) -> str:
    """The answer in a form that reads well and does not depend on the order of equal rows."""
    if re.search(r"^CONSTRUCT", query, re.MULTILINE):
        body = archive.evaluator.evaluate(query, format_="ntriples").body.decode()
        return "".join(sorted(body.splitlines(keepends=True)))
    body = archive.evaluator.evaluate(query, format_="csv").body.decode()
    rows = list(csv.reader(io.StringIO(body)))
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue()


def check(file: Path, found: str, update: bool) -> None:
    if update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_a_question_has_its_answer(
    query: Path, seed_archive: Archive, pytestconfig: pytest.Config
) -> None:
    text = query.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith("?")
    found = answer(seed_archive, text)
    assert len(found.splitlines()) >= 2, "a question without an answer shows nothing"
    check(ANSWERS / f"{query.stem}.txt", found, pytestconfig.getoption("--update-golden"))


def test_there_are_enough_questions() -> None:
    assert len(QUERIES) >= 16


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("in-prov-terms", "prov"),
        ("in-sem-terms", "sem"),
        ("in-schema-org-terms", "schema"),
    ],
)
def test_a_query_in_one_vocabulary_uses_no_other(name: str, foreign: str) -> None:
    text = (ROOT / "docs" / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    body = text.partition("{")[2]
    assert set(re.findall(r"\b([a-z]+):\w", body)) == {foreign}


def test_the_seeds_graphs_are_as_recorded(
    seed_archive: Archive, pytestconfig: pytest.Config
) -> None:
    """The canonical N-Quads of each seed document, mentions aside: those are held by the shapes."""
    with seed_archive.view() as view:
        for record in seed_archive.catalog.documents():
            graph = view.graph(seed_archive.iris.document_graph(record.id))
            kept = [
                triple
                for triple in graph
                if "#char=" not in triple[0] and "isString" not in triple[1]
            ]
            file = ANSWERS.parent / "graphs" / f"{record.id}.nt"
            check(file, ntriples(kept), pytestconfig.getoption("--update-golden"))
