"""Who says or believes what: attribution relations from a parse."""

from __future__ import annotations

from testimonia.reading.attribution.model import Attribution

__all__ = ["Attribution"]
