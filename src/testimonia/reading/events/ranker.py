"""The scored lexicon and the linear ranker that tell events from other words, and their class.

``events_counts.csv`` says how often a lemma was seen and how often it denoted an event, of which
class; ``events_weights.csv`` gives each feature's weight for being an event and for each class.
Both are estimated by ``benchmarks/quality/train_events.py``: logistic regressions whose lemma
counts leave out the document at hand.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from testimonia.model import EventClass
from testimonia.reading.events.model import Kind

CLASSES = tuple(EventClass)
COUNTS, WEIGHTS = "events_counts.csv", "events_weights.csv"
FEWEST = 2  # a lemma seen less often has no counts of its own
_PRIOR = 4.0  # sightings that the prior counts for
_LONGEST_LOG = 3.0


@dataclass(frozen=True, slots=True)
class Count:
    """How often a lemma was seen, and how often it denoted an event of each class."""

    seen: int
    classes: tuple[int, ...]

    @property
    def events(self) -> int:
        """Sightings that were events."""
        return sum(self.classes)


NEVER = Count(0, (0,) * len(CLASSES))


@dataclass(frozen=True)
class Model:
    """What is known of one kind of candidate: counts by lemma, weights by feature.

    A feature's weights are those for being an event, then for each class in ``CLASSES``' order;
    the feature ``"*"`` is the constant, the lemma ``"*"`` the sum of all.
    """

    counts: Mapping[str, Count]
    weights: Mapping[str, tuple[float, ...]]

    @cached_property
    def _bases(self) -> dict[str, tuple[float, ...]]:
        """Per counted lemma the scores that need no look at its surroundings."""
        return {lemma: self._base(count) for lemma, count in self.counts.items()}

    @cached_property
    def _unseen(self) -> tuple[float, ...]:
        return self._base(NEVER)

    def _base(self, count: Count) -> tuple[float, ...]:
        total = list(self.weights["*"])
        for name, value in lemma_features(count, self.counts["*"]).items():
            for column, weight in enumerate(self.weights.get(name, ())):
                total[column] += weight * value
        return tuple(total)

    def score(self, lemma: str, names: Iterable[str]) -> float:
        """Log odds of being an event."""
        found = (self.weights[name][0] for name in names if name in self.weights)
        return self._bases.get(lemma, self._unseen)[0] + sum(found)

    def event_class(self, lemma: str, names: Iterable[str]) -> EventClass:
        """The likeliest class of an event."""
        total = list(self._bases.get(lemma, self._unseen))
        for name in names:
            for column, weight in enumerate(self.weights.get(name, ())):
                total[column] += weight
        return CLASSES[max(range(len(CLASSES)), key=lambda n: total[1 + n])]

    def may_be_event(self, lemma: str) -> bool:
        """Whether a lemma was ever seen as an event."""
        return self.counts.get(lemma, NEVER).events > 0


# Below even odds, since F1 is best at about half the F1 reached. In cross-validation 0.44 did a
# little better than 0.38 and 0.32; this lies between the first two.
THRESHOLD = math.log(0.42 / 0.58)


def lemma_features(count: Count, total: Count) -> dict[str, float]:
    """The lemma's counts as smoothed log odds against its kind's."""
    if count.seen < FEWEST:
        return {"unseen": 1.0}
    prior = (total.events + 1) / (total.seen + 2)
    found = {
        "log odds": _log_odds(count.events, count.seen, prior),
        "seen": min(_LONGEST_LOG, math.log1p(count.seen)),
    }
    if count.events:
        for name, number, whole in zip(CLASSES, count.classes, total.classes, strict=True):
            share = (whole + 1) / (total.events + len(CLASSES))
            found[f"log odds {name}"] = _log_odds(number, count.events, share)
    return found


def _log_odds(hits: int, tries: int, prior: float) -> float:
    for_it, against = hits + _PRIOR * prior, tries - hits + _PRIOR * (1 - prior)
    return math.log(for_it / against) - math.log(prior / (1 - prior))


@cache
def models() -> Mapping[Kind, Model]:
    """The models of this installation."""
    counts: dict[str, dict[str, Count]] = {kind: {} for kind in Kind}
    weights: dict[str, dict[str, tuple[float, ...]]] = {kind: {} for kind in Kind}
    for kind, lemma, seen, *classes in _rows(COUNTS):
        counts[kind][lemma] = Count(int(seen), tuple(map(int, classes)))
    for kind, name, *values in _rows(WEIGHTS):
        weights[kind][name] = tuple(map(float, values))
    return {kind: Model(counts[kind], weights[kind]) for kind in Kind}


def _rows(name: str) -> Iterator[list[str]]:
    text = (files("testimonia.reading") / "data" / name).read_text("utf-8")
    lines = (line for line in io.StringIO(text) if not line.startswith("#"))
    return iter(list(csv.reader(lines))[1:])
