"""What cannot be read of a file, as a value: the rest may be of use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bad:
    """A line of a file, counted from 1, and what is wrong with it."""

    line: int
    reason: str
