"""Plain text: what is written is what is read."""

from __future__ import annotations

from testimonia.sources.extract import Extract


def extract(source: str, _name: str) -> Extract:
    """``source`` itself; a plain text states nothing about itself."""
    return Extract(source)
