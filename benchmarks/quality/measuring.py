"""A whole run: corpora read, scored, and told as one value that JSON can hold."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from benchmarks.quality import calibration, corpora, scoring, speed
from benchmarks.quality.corpora import Gold, Part
from benchmarks.quality.figures import Figure, figures
from benchmarks.quality.predictions import Predictions, text_of
from testimonia.settings import Attributions

Json = dict[str, Any]

# Which output of the attributions each gold asks for.
CALIBRATED: dict[str, Attributions] = {"polnear": "all", "gum": "clausal"}
SPEED_CORPORA = ("polnear", "gum", "lgl")
SPEED_DOCUMENTS = 12  # of each


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: where the corpora are, which of them (none named: all), which parts, and how
    many documents of each (``None``: all)."""

    folder: Path
    cache: Path
    only: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ("aside",)
    documents: int | None = None
    speed: bool = True

    @property
    def whole(self) -> bool:
        """Whether the run's figures may stand as the release's."""
        return not self.only and self.documents is None and self.speed


def measure(plan: Plan) -> Json:
    """All figures of the plan.

    Raises:
        NoCorpora: there are none, or one that was named is missing.
    """
    scorer = scoring.load_scorer(corpora.check(plan.folder))
    predictions = Predictions(plan.cache)
    rows: list[Json] = []
    calibrated: Json = {}
    for corpus in _chosen(plan):
        for part in plan.parts:
            documents = corpora.part(corpora.read(plan.folder, corpus), part)
            documents = corpora.sample(documents, plan.documents)
            rows += score(scorer, predictions, corpus, documents, part)
            if corpus in CALIBRATED and part == plan.parts[0]:
                calibrated[corpus] = _calibration(scorer, predictions, corpus, documents)
    return {
        "parts": list(plan.parts),
        "figures": sorted(rows, key=_place_in_table),
        "calibration": calibrated,
        "speed": _speed(plan, predictions) if plan.speed else None,
        "failed": len(predictions.failures),
        "failures": predictions.failures,
        "extractor": predictions.reader("all").extractor,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("spacy", "numpy")},
    }


def _chosen(plan: Plan) -> tuple[str, ...]:
    found = corpora.names(plan.folder)
    if unknown := set(plan.only) - set(found):
        raise corpora.NoCorpora(
            f"no corpus {', '.join(sorted(unknown))} in {plan.folder};"
            f" there are: {', '.join(found)}"
        )
    wanted = {target.corpus for figure in figures() for target in figure.on}
    return tuple(each for each in plan.only or found if each in wanted)


def score(
    scorer: ModuleType,
    predictions: Predictions,
    corpus: str,
    documents: Sequence[Gold],
    part: Literal["aside", "tuning", "guard"],
) -> list[Json]:
    """The figures of one corpus; one reading a document for each scope that a figure asks for."""
    wanted = [each for each in figures() if any(on.corpus == corpus for on in each.on)]
    rows: list[Json] = []
    for scope in sorted({figure.scope for figure in wanted}):
        chosen = [figure for figure in wanted if figure.scope == scope]
        readings = predictions.of(corpus, scope, documents)
        counted = scoring.count_all(scorer, chosen, documents, readings)
        for figure in chosen:
            found = asdict(scoring.estimate(counted[figure.name]))
            rounded = {name: round(value, 4) for name, value in found.items()}
            about = {"figure": figure.name, "corpus": corpus, "part": part}
            rows.append({**about, "documents": len(documents), **rounded})
    return rows


def _place_in_table(row: Json) -> tuple[int, str]:
    order = [(figure.name, target.corpus) for figure in figures() for target in figure.on]
    return order.index((row["figure"], row["corpus"])), row["part"]


def _calibration(
    scorer: ModuleType, predictions: Predictions, corpus: str, documents: Sequence[Gold]
) -> Json:
    readings = predictions.of(corpus, CALIBRATED[corpus], documents)
    return asdict(calibration.reliability(calibration.judged(scorer, documents, readings)))


def _speed(plan: Plan, predictions: Predictions) -> Json:
    texts = [
        text_of(document)
        for corpus in _chosen(plan)
        if corpus in SPEED_CORPORA
        for document in corpora.sample(corpora.read(plan.folder, corpus), SPEED_DOCUMENTS)
    ]
    return asdict(speed.measure(predictions.reader("all"), texts)) if texts else {}


def named(figure: str) -> Figure:
    """The figure of that name."""
    return next(each for each in figures() if each.name == figure)
