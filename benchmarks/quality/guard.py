"""Figures of a fixed sample, recorded, so that a change that reads worse fails a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from benchmarks.quality import corpora, scoring
from benchmarks.quality.figures import guarded
from benchmarks.quality.measuring import score
from benchmarks.quality.predictions import Predictions

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 0.01


def sample_figures(folder: Path, cache: Path) -> dict[str, float]:
    """The figures of the sample, by ``"figure, corpus"``.

    Raises:
        NoCorpora: there are none.
        RuntimeError: a document could not be read.
    """
    scorer = scoring.load_scorer(corpora.check(folder))
    predictions = Predictions(cache)
    found: dict[str, float] = {}
    for corpus, count in guarded().items():
        found |= _of_corpus(scorer, predictions, folder, corpus, count)
    if predictions.failures:
        raise RuntimeError(f"documents could not be read: {predictions.failures}")
    return found


def _of_corpus(
    scorer: ModuleType, predictions: Predictions, folder: Path, corpus: str, count: int
) -> dict[str, float]:
    documents = corpora.sample(corpora.read(folder, corpus), count)
    rows = score(scorer, predictions, corpus, documents, "guard")
    return {f"{row['figure']}, {row['corpus']}": row["value"] for row in rows}


def record(figures: Mapping[str, float], file: Path = RECORDED) -> None:
    """Keep the figures as what must not be lost."""
    file.write_text(json.dumps(dict(figures), indent=1) + "\n", "utf-8")


def recorded(file: Path = RECORDED) -> dict[str, float]:
    """What was kept."""
    figures: dict[str, float] = json.loads(file.read_text("utf-8"))
    return figures


def losses(found: Mapping[str, float], kept: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """What was kept and what is found, for each figure that fell by more than the tolerance."""
    return {
        name: (value, found.get(name, 0.0))
        for name, value in kept.items()
        if found.get(name, 0.0) < value - TOLERANCE
    }
