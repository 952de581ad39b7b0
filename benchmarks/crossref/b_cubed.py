"""B³ (Bagga and Baldwin 1998): precision and recall of a clustering, mention by mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1; ``mentions`` is over how many they are the means."""

    precision: float
    recall: float
    mentions: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


Named = TypeVar("Named", bound=Hashable)


def b_cubed(key: Mapping[Named, Hashable], response: Mapping[Named, Hashable]) -> Score:
    """The score of ``response`` against ``key``, each giving the cluster of every mention.

    A mention that ``response`` has not is a cluster by itself.
    """
    found = {mention: response.get(mention, ("alone", mention)) for mention in key}
    both = Counter((key[mention], found[mention]) for mention in key)
    in_key, in_response = Counter(key.values()), Counter(found.values())
    precision = sum(n * n / in_response[cluster] for (_, cluster), n in both.items())
    recall = sum(n * n / in_key[cluster] for (cluster, _), n in both.items())
    count = len(key) or 1
    return Score(precision / count, recall / count, len(key))
