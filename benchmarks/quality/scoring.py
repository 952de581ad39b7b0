"""Counts a document by the corpora's own scorer, from which every figure can be summed again.

The scorer's figures are ratios of numbers that add over documents. It is called once a document;
the ratios it gives are turned back into those numbers.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.quality.corpora import Gold
from benchmarks.quality.figures import Figure

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]
Counts = tuple[float, float, float, float]  # right of predicted, predicted, right of gold, gold

DRAWS = 500
SEED = 20250101
NOTHING: Counts = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the 95% interval of a bootstrap over documents."""

    value: float
    low: float
    high: float
    gold: int
    predicted: int


def load_scorer(folder: Path) -> ModuleType:
    """The module ``score.py`` of the folder of corpora."""
    spec = importlib.util.spec_from_file_location("corpora_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder / 'score.py'} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def count_all(
    scorer: ModuleType,
    figures: Sequence[Figure],
    documents: Sequence[Gold],
    readings: Mapping[str, Json],
) -> dict[str, Floats]:
    """For each figure by name, a row of counts a document; the scorer runs once a document for
    all figures of the same task and options."""
    rows: dict[str, list[Counts]] = {figure.name: [] for figure in figures}
    for document in documents:
        reading = readings.get(document["id"], {"id": document["id"]})
        answers: dict[tuple[str, str], Json] = {}
        for figure in figures:
            if figure.run not in answers:
                answers[figure.run] = _score(scorer, figure, document, reading)
            rows[figure.name].append(counts(figure, answers[figure.run], document))
    return {name: np.array(each, dtype=float).reshape(-1, 4) for name, each in rows.items()}


def _score(scorer: ModuleType, figure: Figure, document: Gold, reading: Json) -> Json:
    options = {name: set(values) for name, values in figure.options.items()}
    answer: Json = scorer.evaluate([document], [reading], [figure.task], **options)
    found: Json = answer.get(figure.task, {})
    return found


def counts(figure: Figure, answer: Json, document: Gold) -> Counts:
    """The four numbers behind a figure of one document, from the scorer's answer for it."""
    found = _at(answer, figure.path)
    if figure.measure == "recall":
        return _recall(found, figure.of, document)
    if found is None:
        return NOTHING
    return _COUNTS[figure.measure](found, figure, answer)


def _f1(found: Json, _: Figure, __: Json) -> Counts:
    predicted, gold = found["n_pred"], found["n_gold"]
    return round(found["p"] * predicted), predicted, round(found["r"] * gold), gold


def _b3(found: Json, _: Figure, __: Json) -> Counts:
    count = found["n"]  # B-cubed sums shares: no whole numbers, so nothing to round to
    return found["p"] * count, count, found["r"] * count, count


def _rate(found: float, figure: Figure, answer: Json) -> Counts:
    count = _at(answer, tuple(figure.of.split("."))) or 0
    right = round(found * count)
    return right, count, right, count


_COUNTS: dict[str, Callable[[Any, Figure, Json], Counts]] = {"f1": _f1, "b3": _b3, "rate": _rate}


def _recall(found: float | None, kind: str, document: Gold) -> Counts:
    gold = sum(
        each.get("type") == kind and not each.get("optional")
        for each in document.get("attributions", ())
    )
    right = round((found or 0.0) * gold)
    return right, gold, right, gold


def _at(answer: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer


# ---------------------------------------------------------------------------------- intervals


def estimate(rows: Floats) -> Estimate:
    """The figure over all documents, with its interval: 500 draws of documents with replacement,
    the 2.5th and 97.5th percentile (Efron and Tibshirani 1993, chapter 13). The seed is fixed."""
    total = rows.sum(axis=0)
    draws = np.random.default_rng(SEED).multinomial(
        len(rows), np.full(len(rows), 1 / len(rows)), DRAWS
    )
    low, high = np.percentile(f1(draws @ rows), (2.5, 97.5))
    return Estimate(
        value=float(f1(total[np.newaxis])[0]),
        low=float(low),
        high=float(high),
        gold=int(total[3]),
        predicted=int(total[1]),
    )


def f1(rows: Floats) -> Floats:
    """Harmonic mean of precision and recall for each row of summed counts.

    For a rate both are the rate, and so is their mean.
    """
    precision = np.divide(rows[:, 0], rows[:, 1], out=np.zeros(len(rows)), where=rows[:, 1] > 0)
    recall = np.divide(rows[:, 2], rows[:, 3], out=np.zeros(len(rows)), where=rows[:, 3] > 0)
    both = precision + recall
    mean: Floats = np.zeros(len(rows))
    np.divide(2 * precision * recall, both, out=mean, where=both > 0)
    return mean
