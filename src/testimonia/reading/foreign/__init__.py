"""Readers that are not ours: a language model behind an address, or any program that speaks JSON.

::

    Text → question ─channel→ answer (JSON) → quotes resolved → Reading

What goes over the channel is the protocol of ``docs/foreign-readers.md``. An answer is held to the
rule of every reading: each stretch of text is given by its words, and they must stand in the text.
An answer that breaks it is refused as a whole, with reasons; nothing is mended.
"""

from __future__ import annotations

from testimonia.reading.foreign.reader import Answers, ForeignReader, foreign_reader

__all__ = ["Answers", "ForeignReader", "foreign_reader"]
