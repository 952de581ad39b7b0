"""What a text's layout tells before it is parsed: datelines, labels of speakers, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from testimonia.model import Span
from testimonia.reading.turns import find_turns, honorifics

# "HALVORSUND, Norway (AP) — ", "NEW TARSK, May 3 (Reuters) - ": a place in capitals, then what
# belongs to it, then an agency in brackets or a dash as long as a word.
_DATELINE = re.compile(
    r"^[ \t]*[A-Z][A-Z.'’\-]+(?:[ ,/]+(?:[A-Z][\w.'’\-]*|\d{1,2}|of|the|and))*"
    r"(?:[ \t]*(?:\([A-Z][\w ./&\-]*\)[ \t]*(?:—|–|--?|:)|—|–|--)|[ \t]+-)[ \t]*(?=[\"“‘A-Z])",
    re.MULTILINE,
)
_LONGEST_DATELINE = 80


def datelines(text: str) -> Iterator[Span]:
    """The datelines of a text, their dash included."""
    for found in _DATELINE.finditer(text):
        if found.end() - found.start() <= _LONGEST_DATELINE:
            yield Span(*found.span())


def sentence_starts(text: str) -> Iterator[int]:
    """Code points where a sentence begins whatever stands before it: at turns of a transcript.

    Not behind datelines: the reading of places and of who is who draws on their sentence.
    """
    for turn in find_turns(text):
        yield turn.label.start
        yield turn.words.start


def is_title(word: str) -> bool:
    """Whether a word in capitals is an honorific: "MS", "DR."."""
    return word.isupper() and word.rstrip(".").lower() in honorifics()
