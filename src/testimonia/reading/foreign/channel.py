"""How a question reaches a foreign reader and its answer comes back: what all channels share."""

from __future__ import annotations

from typing import Any, Protocol

LARGEST_ANSWER = 8_000_000  # bytes


class Channel(Protocol):
    """One way to a foreign reader."""

    @property
    def name(self) -> str:
        """The way and the reader, for messages and for the record; never a secret."""
        ...

    def ask(self, question: dict[str, Any]) -> str:
        """The answer as it came.

        Raises:
            ReadingError: no answer, or one that is too large; the next question may fare better.
            SettingsError: no question will fare better.
        """
        ...

    def close(self) -> None:
        """End what the channel holds open."""
        ...
