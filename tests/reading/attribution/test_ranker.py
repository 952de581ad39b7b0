"""All trees together give what each gives by itself."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest

from testimonia.reading.attribution.features import names
from testimonia.reading.attribution.ranker import ranker_of


def test_trees_are_walked_to_their_leaves() -> None:
    written = files("testimonia.reading.data").joinpath("attribution_all.json").read_text("utf-8")
    data = json.loads(written)
    draw = np.random.default_rng(5)
    rows = draw.choice([0.0, 0.25, 0.5, 1.0, 3.0, 40.0], size=(300, len(names())))
    odds = [data["base"] + sum(leaf(tree, row) for tree in data["trees"]) for row in rows]
    found = ranker_of(data)(rows)
    assert found.tolist() == pytest.approx([1 / (1 + math.exp(-each)) for each in odds])


def leaf(tree: dict[str, list[float]], row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    node = 0
    while (feature := int(tree["feature"][node])) >= 0:
        goes_left = row[feature] <= tree["threshold"][node]
        node = int(tree["left" if goes_left else "right"][node])
    return tree["value"][node]
