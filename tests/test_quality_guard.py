"""Readings of the annotated corpora stay as good as they were recorded.

The corpora are not part of the repository: where they do not lie beside it, and
``TESTIMONIA_EVAL`` names no folder that holds them, these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.quality import calibration, corpora, figures, guard, scoring

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return corpora.check(corpora.default_folder())
    except corpora.NoCorpora as error:
        pytest.skip(f"the regression guard needs the annotated corpora: {error}")


@pytest.mark.timeout(1200)
def test_no_figure_falls_below_what_was_recorded(folder: Path, tmp_path: Path) -> None:
    found = guard.sample_figures(folder, tmp_path)
    assert guard.losses(found, guard.recorded()) == {}
    assert set(found) == set(guard.recorded())


def worsened(document: dict[str, Any]) -> dict[str, Any]:
    """The gold as a reading with misses, wrong sources, cut contents and copies."""
    said: list[dict[str, Any]] = []
    for number, each in enumerate(document["attributions"]):
        taken = {**each, "confidence": 0.5}
        if number % 5 == 1:
            taken["source"] = [[0, 3]]
        if number % 5 == 2:
            taken["content"] = [[s, (s + e) // 2] for s, e in each["content"]]
        said += [[taken], [taken], [taken], [], [taken, taken]][number % 5]
    return {"id": document["id"], "attributions": said}


@pytest.mark.parametrize("corpus", ["polnear", "gum"])
def test_our_sums_and_our_pairs_are_the_scorer_s(folder: Path, corpus: str) -> None:
    scorer = scoring.load_scorer(folder)
    documents = corpora.sample(corpora.read(folder, corpus), 19)
    readings = {each["id"]: worsened(each) for each in documents}
    whole = scorer.evaluate(documents, list(readings.values()), ["attribution"])["attribution"]

    wanted = [each for each in figures.figures() if each.task == "attribution"]
    for name, rows in scoring.count_all(scorer, wanted, documents, readings).items():
        path = next(each.path for each in wanted if each.name == name)
        answer = whole
        for key in path:
            answer = answer[key]
        expected = answer["f1"] if isinstance(answer, dict) else answer
        assert scoring.estimate(rows).value == pytest.approx(expected, abs=1e-4), name

    judged = list(calibration.judged(scorer, documents, readings))
    assert len(judged) == whole["pair"]["n_pred"]
    assert sum(right for _, right in judged) == round(whole["pair"]["p"] * len(judged))
