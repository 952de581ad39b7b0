"""Is an attribution as likely to be right as its confidence says?

An attribution is right by the scorer's rule for pairs: content Dice of at least a half with a
gold attribution that no better one has taken, and a source that overlaps the gold source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from benchmarks.quality.corpora import Gold

Json = dict[str, Any]
Judged = tuple[float, bool]  # confidence, right

BINS = 10
CONTENT_DICE = 0.5


@dataclass(frozen=True, slots=True)
class Bin:
    """Attributions whose confidence lies in [``low``, ``high``)."""

    low: float
    high: float
    count: int
    confidence: float  # mean
    right: float  # share


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins of equal width, and the expected calibration error over them (Naeini et al. 2015)."""

    bins: tuple[Bin, ...]
    error: float
    count: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """An attribution's spans, trimmed as the scorer does; ``mentions`` also name its source."""

    content: Any
    source: Any
    mentions: Any
    named: bool

    @classmethod
    def of(cls, scorer: ModuleType, attribution: Json, text: str) -> _Sides:
        return cls(
            scorer.trim_spans(attribution.get("content") or [], text),
            scorer.trim_spans(attribution.get("source") or [], text),
            scorer.norm(attribution.get("source_mentions") or []),
            bool(attribution.get("source")),
        )


def judged(
    scorer: ModuleType, documents: Sequence[Gold], readings: Mapping[str, Json]
) -> Iterator[Judged]:
    """Confidence and rightness of every attribution that the scorer counts."""
    for document in documents:
        reading = readings.get(document["id"], {})
        predicted = [each for each in reading.get("attributions", []) if each["content"]]
        right, neutral = _matched(scorer, document, predicted)
        for number, each in enumerate(predicted):
            if number not in neutral:
                yield float(each["confidence"]), number in right


def _matched(
    scorer: ModuleType, document: Gold, predicted: Sequence[Json]
) -> tuple[set[int], set[int]]:
    """Numbers of the predictions that are right, and of those that are neither right nor wrong."""
    text = document["text"]
    said = [_Sides.of(scorer, each, text) for each in predicted]
    gold = document["attributions"]
    required = [_Sides.of(scorer, each, text) for each in gold if not each.get("optional")]
    optional = [_Sides.of(scorer, each, text) for each in gold if each.get("optional")]
    pairs = scorer.greedy(required, said, lambda one, other: _similarity(scorer, one, other))
    right = {number for _, number, _ in pairs}
    neutral = {
        number
        for number, each in enumerate(said)
        if any(scorer.dice(each.content, other.content) >= CONTENT_DICE for other in optional)
    }
    return right, neutral - right


def _similarity(scorer: ModuleType, gold: _Sides, said: _Sides) -> float:
    shared = float(scorer.dice(gold.content, said.content))
    if shared < CONTENT_DICE:
        return 0.0
    meets = any(scorer.inter(each, said.source) > 0 for each in (gold.source, gold.mentions))
    return shared if meets or not gold.named else 0.0


def reliability(judgements: Iterable[Judged]) -> Reliability:
    """Ten bins, and how far confidence is from the share of right ones on average."""
    parts: list[list[Judged]] = [[] for _ in range(BINS)]
    for each in judgements:
        parts[min(BINS - 1, int(each[0] * BINS))].append(each)
    bins = tuple(_bin(number, part) for number, part in enumerate(parts))
    count = sum(each.count for each in bins)
    gaps = sum(each.count * abs(each.right - each.confidence) for each in bins)
    return Reliability(bins, gaps / count if count else 0.0, count)


def _bin(number: int, part: Sequence[Judged]) -> Bin:
    count = len(part)
    mean = sum(confidence for confidence, _ in part) / count if count else 0.0
    right = sum(each for _, each in part) / count if count else 0.0
    return Bin(number / BINS, (number + 1) / BINS, count, mean, right)
