"""The reading: a text in, a :class:`testimonia.model.Reading` out.

::

    text ─pipeline→ Parse ─┬ times
                           ├ places ──────────┐
                           ├ attribution ─────┼ actors ─┐
                           └ events ──────────┴─────────┴ assembly → Reading

Rules read the parse and nothing else; each family lives in a module or package of its own, its
words in ``data/``.
"""

from __future__ import annotations

from testimonia.reading.reader import Reader

__all__ = ["Reader"]
