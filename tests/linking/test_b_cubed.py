"""The metric, against its authors' own example."""

from __future__ import annotations

import pytest
from benchmarks.crossref.b_cubed import b_cubed


def clusters(*groups: str) -> dict[str, int]:
    return {each: number for number, group in enumerate(groups) for each in group}


KEY = clusters("12345", "67", "89ABC")


@pytest.mark.parametrize(
    ("response", "precision"),
    [
        # Bagga and Baldwin (1998), "Algorithms for Scoring Coreference Chains", figures 1 and 2.
        (clusters("12345", "6789ABC"), 0.76),
        (clusters("1234589ABC", "67"), 0.58),
    ],
)
def test_the_published_example(response: dict[str, int], precision: float) -> None:
    found = b_cubed(KEY, response)
    assert found.precision == pytest.approx(precision, abs=0.005)
    assert found.recall == 1.0
    assert found.mentions == 12


def test_what_was_not_found_stands_alone() -> None:
    found = b_cubed(KEY, {})
    assert found.precision == 1.0
    assert found.recall == pytest.approx(3 / 12)


def test_all_right_and_nothing_at_all() -> None:
    assert b_cubed(KEY, KEY).f1 == 1.0
    empty: dict[str, int] = {}
    assert b_cubed(empty, empty).f1 == 0.0
