"""What slow preparations are told to."""

from __future__ import annotations

from collections.abc import Callable

Notice = Callable[[str], None]


def silent(_: str) -> None:
    """Takes a notice and tells nobody."""
