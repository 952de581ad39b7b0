"""What a text's layout tells before it is parsed: datelines, labels of speakers, titles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from testimonia.model import Span
from testimonia.reading.turns import find_turns, honorifics

# "HALVORSUND, Norway (AP) — ", "NEW TARSK, May 3 (Reuters) - ": a place in capitals, then what
# belongs to it, then an agency in brackets or a dash as long as a word.
_DATELINE = re.compile(
    r"^[ \t]*[A-Z][A-Z.'’\-]+(?:[ ,/]+(?:[A-Z][\w.'’\-]*|\d{1,2}|\d{4}|of|the|and))*"
    r"(?:[ \t]*(?:\([A-Z][\w ./&\-]*\)[ \t]*(?:—|–|--?|:)|—|–|--)|[ \t]+-)[ \t]*(?=[\"“‘A-Z])",
    re.MULTILINE,
)
# "Halvorsund (AFP) – ": a place in small letters, where an agency's name tells it.
_OF_AGENCY = (
    r"^[ \t]*[A-Z][\w.'’\-]+(?:[ ,/]+(?:[A-Z][\w.'’\-]*|\d{1,2}|\d{4}|of|the|and)){0,6}"
    r"[ \t]*\((?:%s)\)[ \t]*(?:—|–|--?|:)[ \t]*(?=[\"“‘A-Z])"
)
_LONGEST_DATELINE = 80


def datelines(text: str) -> Iterator[Span]:
    """The datelines of a text, their dash included."""
    found = {m.start(): m.end() for p in (_of_agency(), _DATELINE) for m in p.finditer(text)}
    for start, end in sorted(found.items()):
        if end - start <= _LONGEST_DATELINE:
            yield Span(start, end)


@cache
def _of_agency() -> re.Pattern[str]:
    data = files("testimonia.reading") / "data" / "layout.toml"
    names = tomllib.loads(data.read_text("utf-8"))["agencies"]
    return re.compile(_OF_AGENCY % "|".join(map(re.escape, names)), re.MULTILINE)


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
