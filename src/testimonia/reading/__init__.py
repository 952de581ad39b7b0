"""The reading: a text in, a :class:`testimonia.model.Reading` out.

::

    text ─pipeline→ Parse ─┬ times
                           ├ places ──────────┐
                           ├ attribution ─────┼ actors ─┐
                           └ events ──────────┴─────────┴ assembly → Reading

Rules read the parse and nothing else; each family lives in a module or package of its own, its
words in ``data/``. ``times`` can be used by itself: the reader, with the parser and all that it
needs, is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testimonia.reading.reader import Reader

__all__ = ["Reader"]


def __getattr__(name: str) -> type[Reader]:
    """``Reader``, imported now (PEP 562)."""
    if name != "Reader":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from testimonia.reading.reader import Reader

    return Reader
