"""Scores of coreference: MUC, B³, CEAF-e and their mean.

MUC after Vilain et al. 1995, B³ after Bagga and Baldwin 1998, CEAF with φ4 after Luo 2005; their
mean of F is the figure of the CoNLL shared tasks (Pradhan et al. 2011). Mentions are compared as
they are: one that only one side has is spurious or missed, as in the reference scorer
(Pradhan et al. 2014), which in MUC means that it makes a set of its own on the other side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Clusters = Sequence[frozenset[Hashable]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, from 0 to 1."""

    precision: float
    recall: float

    @property
    def f(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """The three scores of one response."""

    muc: Score
    b_cubed: Score
    ceaf_e: Score

    @property
    def mean(self) -> float:
        """The mean of their F."""
        return (self.muc.f + self.b_cubed.f + self.ceaf_e.f) / 3


def clusters(of: Mapping[Any, Hashable]) -> Clusters:
    """Sets of the mentions that have the same label."""
    found: dict[Hashable, set[Hashable]] = defaultdict(set)
    for mention, label in of.items():
        found[label].add(mention)
    return tuple(map(frozenset, found.values()))


def score(key: Clusters, response: Clusters) -> Scores:
    """How well the response has the sets of the key."""
    return Scores(muc(key, response), b_cubed(key, response), ceaf_e(key, response))


def muc(key: Clusters, response: Clusters) -> Score:
    """By the links that make the sets (Vilain et al. 1995)."""
    return Score(_links(response, key), _links(key, response))


def _links(sets: Clusters, other: Clusters) -> float:
    home = _home(other)
    kept = possible = 0
    for each in sets:
        parts = {home.get(mention, ("alone", mention)) for mention in each}
        kept += len(each) - len(parts)
        possible += len(each) - 1
    return kept / possible if possible else 0.0


def b_cubed(key: Clusters, response: Clusters) -> Score:
    """By each mention's set (Bagga and Baldwin 1998)."""
    return Score(_share(response, key), _share(key, response))


def _share(sets: Clusters, other: Clusters) -> float:
    home = _home(other)
    total = sum(map(len, sets))
    found = 0.0
    for each in sets:
        counted: dict[int, int] = defaultdict(int)
        for mention in each:
            if mention in home:
                counted[home[mention]] += 1
        found += sum(count * count for count in counted.values()) / len(each)
    return found / total if total else 0.0


def ceaf_e(key: Clusters, response: Clusters) -> Score:
    """By the best one-to-one pairing of sets, φ4 (Luo 2005)."""
    from scipy.optimize import linear_sum_assignment

    home = _home(key)
    likeness = np.zeros((len(response), len(key)))
    for row, each in enumerate(response):
        for column in {home[mention] for mention in each if mention in home}:
            shared = len(each & key[column])
            likeness[row, column] = 2 * shared / (len(each) + len(key[column]))
    rows, columns = linear_sum_assignment(-likeness)
    total = float(likeness[rows, columns].sum())
    return Score(total / len(response) if response else 0.0, total / len(key) if key else 0.0)


def _home(sets: Collection[frozenset[Hashable]]) -> dict[Hashable, int]:
    return {mention: number for number, each in enumerate(sets) for mention in each}
