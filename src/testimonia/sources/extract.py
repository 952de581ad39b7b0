"""What a format's reader hands back: text, and what the document says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Extract:
    """One document as its format's reader has it.

    ``content`` is frozen once more afterwards: a page may spell control characters as references.
    ``stated`` maps metadata keys to what the document itself states, not yet checked: a value that
    turns out to be malformed is dropped with a warning, since nobody here can mend it.
    """

    content: str
    stated: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
