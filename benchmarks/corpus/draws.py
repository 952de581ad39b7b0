"""Draws whose number of different outcomes grows by Heaps' law, without memory of earlier draws.

Where ranks are drawn with probability proportional to ``(rank + offset) ** -a``, ``a > 1``, the
number of different ranks among n draws grows as ``n ** (1 / a)`` (Lü, Zhang and Zhou 2010, "Zipf's
law leads to Heaps' law"). So ``a`` is ``1 / exponent`` for a wanted exponent, and a draw is one
inversion of the Pareto distribution.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

_FARTHEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Growth:
    """Heaps' ``exponent`` (between 0 and 1), and how many ranks at the head are about equally
    frequent (Mandelbrot's offset)."""

    exponent: float
    offset: float

    def rank(self, draw: random.Random) -> int:
        """A rank, from 0."""
        power = self.exponent / (1 - self.exponent)
        try:
            beyond = (1 - draw.random()) ** -power - 1
        except OverflowError:
            return _FARTHEST
        return min(int(self.offset * beyond), _FARTHEST)


def stream(*key: object) -> random.Random:
    """A stream of random numbers that depends on ``key`` alone."""
    named = "\x1f".join(map(str, key)).encode()
    return random.Random(hashlib.sha256(named).digest())
