"""The scored lexicon: how often a cue in a slot was an attribution, on annotated text.

The counts are in ``reading/data/cue_counts.csv``, estimated by
``benchmarks/quality/train_attribution.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from testimonia.reading.attribution.candidate import Candidate

_WEIGHT_SLOT = 4.0  # pseudo-counts with which a lemma's slots share its mean, and lemmas theirs
_WEIGHT_LEMMA = 3.0
Pair = tuple[int, int]  # seen, of these attributions


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by (lemma, slot), and their sums by lemma and by slot."""

    both: Mapping[tuple[str, str], Pair]
    lemmas: Mapping[tuple[str, str], Pair]
    slots: Mapping[str, Pair]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, int, int]]) -> Counts:
        """From rows of lemma, slot, seen, attributions."""
        both: dict[tuple[str, str], Pair] = {}
        lemmas: dict[tuple[str, str], Pair] = {}
        slots: dict[str, Pair] = {}
        for lemma, slot, seen, good in rows:
            both[lemma, slot] = _add(both.get((lemma, slot)), seen, good)
            word = (lemma, _class(slot))
            lemmas[word] = _add(lemmas.get(word), seen, good)
            slots[slot] = _add(slots.get(slot), seen, good)
        return cls(MappingProxyType(both), MappingProxyType(lemmas), MappingProxyType(slots))

    def of_slot(self, candidate: Candidate) -> float:
        """The share of attributions among all cues with this slot."""
        seen, good = self.slots.get(slot_key(candidate), (0, 0))
        return (good + 0.5) / (seen + 5.0)

    def of_lemma(self, candidate: Candidate) -> float:
        """The share among all slots of this cue."""
        seen, good = self.lemmas.get((candidate.lemma, _class(slot_key(candidate))), (0, 0))
        return (good + _WEIGHT_LEMMA * 0.15) / (seen + _WEIGHT_LEMMA)

    def prior(self, candidate: Candidate) -> float:
        """The share for this cue and slot, smoothed by those of the cue and of the slot."""
        seen, good = self.both.get((candidate.lemma, slot_key(candidate)), (0, 0))
        mean = (self.of_lemma(candidate) + self.of_slot(candidate)) / 2
        return (good + _WEIGHT_SLOT * mean) / (seen + _WEIGHT_SLOT)

    def seen(self, candidate: Candidate) -> int:
        """How often the cue was seen in this slot."""
        return self.both.get((candidate.lemma, slot_key(candidate)), (0, 0))[0]


def _add(pair: Pair | None, seen: int, good: int) -> Pair:
    return (pair[0] + seen, pair[1] + good) if pair else (seen, good)


def slot_group(candidate: Candidate) -> str:
    """The slot as the cue lexicon names it."""
    if candidate.slot in ("preposed", "parenthetical", "as", "small"):
        return "that"
    slot = candidate.slot
    for tail in (":of object", ":passive", ":object", ":relative", ":gap"):
        slot = slot.removesuffix(tail)
    return slot


def slot_key(candidate: Candidate) -> str:
    """The key under which a candidate is counted: construction, where not verbal, and slot."""
    if candidate.construction in _OWN:
        return f"{candidate.construction}|{candidate.slot}"
    return candidate.slot


def _class(key: str) -> str:
    """Word class of the cue, so that "fear" the noun and the verb are counted apart."""
    return key.split("|")[0] if "|" in key else "verb"


_OWN = frozenset({"noun", "adjective", "adverb", "according to", "viewpoint", "for", "colon",
                  "participle", "headline", "light verb"})  # fmt: skip


@cache
def counts() -> Counts:
    """The counts of the package, read once."""
    text = files("testimonia.reading.data").joinpath("cue_counts.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return Counts.of(
        (row["cue"], row["slot"], int(row["seen"]), int(row["attributions"]))
        for row in csv.DictReader(lines)
    )
