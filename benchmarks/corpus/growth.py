"""Heaps' law measured: how the numbers of different words, names and dates grow with the text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
# Runs of capitalised words that do not begin a sentence, a line or a quotation.
_NAME = re.compile(r"(?<![.!?:\n“\"] )(?<![\n“\"])(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
    r" \d{1,2}(?:, \d{4})?|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:19|20)\d\d\b"
)
COUNTED: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "words": lambda text: [word.lower() for word in _WORD.findall(text)],
    "names": lambda text: list(_NAME.findall(text)),
    "dates": lambda text: list(_DATE.findall(text)),
}
"""What is counted, each in the order of the text."""


@dataclass(frozen=True, slots=True)
class Heaps:
    """``types = factor * tokens ** exponent``, fitted; ``tokens`` and ``types`` at the end, and how
    many documents were read."""

    factor: float
    exponent: float
    tokens: int
    types: int
    documents: int


def measure(texts: Sequence[str], kind: str) -> Heaps:
    """The growth of one kind over texts, fitted by least squares of the logarithms over the last
    two thirds of the logarithmic scale (the beginning is all new).

    Raises:
        ValueError: there is too little to fit.
    """
    find = COUNTED[kind]
    points = list(_curve(token for text in texts for token in find(text)))
    kept = points[len(points) // 3 :]
    if len(kept) < 3:
        raise ValueError(f"too few {kind} to fit a growth: {points[-1] if points else 0}")
    x, y = (np.log([point[i] for point in kept]) for i in (0, 1))
    exponent, factor = np.polyfit(x, y, 1)
    return Heaps(math.exp(factor), float(exponent), *points[-1], len(texts))


def _curve(tokens: Iterable[str]) -> Iterator[tuple[int, int]]:
    seen: set[str] = set()
    count, next_ = 0, 50.0
    for token in tokens:
        count += 1
        seen.add(token)
        if count >= next_:
            yield count, len(seen)
            next_ *= 1.15
    yield count, len(seen)
