"""From what the rules found to one :class:`Reading`: keys instead of tokens, statements instead
of attributions, accounts instead of triggers."""

from __future__ import annotations

from testimonia.reading.assembly.assemble import assemble

__all__ = ["assemble"]
