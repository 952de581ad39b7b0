"""A small gradient-boosted ranker that lies as text in ``reading/data/attribution_*.json``.

Plain regression trees over the features of :mod:`features`; evaluated here with numpy, estimated
by ``benchmarks/quality/train_attribution.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from testimonia.reading.attribution.features import Matrix, names

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]


_ROWS_AT_ONCE = 256  # keeps the working arrays in the processor's cache


@dataclass(frozen=True, slots=True)
class Ranker:
    """Boosted trees with a logistic link; ``threshold`` is the probability from which to keep.

    The nodes of all trees lie one after the other: feature, threshold, value, and the two children,
    the right one first (a leaf's are itself); ``roots`` tells where each tree starts, ``depth`` how
    deep the deepest goes. All trees go down a level together, which for the hundred candidates of
    a news story is much faster than tree by tree.
    """

    roots: Integers
    feature: Integers
    limit: Floats
    children: Integers
    value: Floats
    depth: int
    base: float
    threshold: float
    shift: float = 0.0

    def confidence(self, probability: float) -> float:
        """The probability once a candidate has been kept, which its rivals' rejection raises."""
        return shifted(probability, self.shift)

    def __call__(self, rows: Matrix) -> Floats:
        """Probability that each candidate is an attribution."""
        parts = [
            self._sum(rows[start : start + _ROWS_AT_ONCE])
            for start in range(0, len(rows), _ROWS_AT_ONCE)
        ]
        return _probability(np.concatenate(parts)) if parts else np.zeros(0)

    def _sum(self, rows: Matrix) -> Floats:
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        starts = np.arange(0, rows.size, rows.shape[1])[:, None]
        for _ in range(self.depth):
            goes_left = rows.take(starts + self.feature.take(node)) <= self.limit.take(node)
            node = self.children.take(2 * node + goes_left)
        return np.asarray(self.base + self.value.take(node).sum(axis=1), dtype=np.float64)


def shifted(probability: float, shift: float) -> float:
    """The probability whose log odds are larger by ``shift``."""
    odds = probability / (1.0 - probability) * math.exp(shift)
    return odds / (1.0 + odds)


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A logistic regression over another ranker's log odds and some of the features."""

    first: Ranker
    base: float
    threshold: float
    weights: tuple[tuple[str, float], ...]
    shift: float = 0.0

    def confidence(self, probability: float) -> float:
        """The probability once a candidate has been kept."""
        return shifted(probability, self.shift)

    def __call__(self, rows: Matrix) -> Floats:
        """Probability that each candidate is an attribution."""
        weights = np.array([weight for _, weight in self.weights])
        columns = columns_of([name for name, _ in self.weights], self.first(rows), rows)
        return _probability(self.base + columns @ weights)


LOG_ODDS = "log odds"


def columns_of(wanted: Sequence[str], first: Floats, rows: Matrix) -> Matrix:
    """The named features, ``LOG_ODDS`` standing for those of the first ranker's probability."""
    odds = np.log(first / (1.0 - first))
    place = {name: index for index, name in enumerate(names())}
    return np.column_stack([odds if name == LOG_ODDS else rows[:, place[name]] for name in wanted])


def ranker_of(data: Mapping[str, Any]) -> Ranker:
    """A ranker from its text form.

    Raises:
        ValueError: it was estimated on other features than this version computes.
    """
    if tuple(data["features"]) != names():
        raise ValueError("the ranker was estimated on other features; estimate it anew")
    trees = data["trees"]
    sizes = [len(tree["feature"]) for tree in trees]
    roots = np.cumsum([0, *sizes[:-1]])
    feature = _joined(trees, "feature").astype(np.intp)
    leaf, own = feature < 0, np.arange(len(feature))
    left, right = (
        np.where(leaf, own, _joined(trees, side).astype(np.intp) + np.repeat(roots, sizes))
        for side in ("left", "right")
    )
    return Ranker(
        roots=roots.astype(np.intp),
        feature=np.where(leaf, 0, feature),
        limit=_joined(trees, "threshold"),
        children=np.column_stack([right, left]).ravel(),
        value=_joined(trees, "value"),
        depth=_depth(roots, left, right),
        base=data["base"],
        threshold=data["threshold"],
        shift=data["shift"],
    )


def _depth(roots: Integers, left: Integers, right: Integers) -> int:
    """How many steps it takes until all are in a leaf, whichever way they go."""
    there, steps = np.unique(roots), 0
    while not (left[there] == there).all():
        there = np.unique(np.concatenate([left[there], right[there]]))
        steps += 1
    return steps


def _joined(trees: list[Mapping[str, list[float]]], key: str) -> Floats:
    return np.array([number for tree in trees for number in tree[key]], dtype=np.float64)


def adjusted_of(first: Ranker, data: Mapping[str, Any]) -> Adjusted:
    """The ranker of the clausal scope from its text form."""
    weights = tuple(data["weights"].items())
    return Adjusted(first, data["base"], data["threshold"], weights, data["shift"])


@cache
def ranker(scope: str) -> Ranker | Adjusted:
    """The package's ranker for this scope ("nested", "all", "clausal"), read once."""
    first = ranker_of(_data("attribution_all.json"))
    return first if scope != "clausal" else adjusted_of(first, _data("attribution_clausal.json"))


def _data(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        files("testimonia.reading.data").joinpath(name).read_text("utf-8")
    )
    return read
