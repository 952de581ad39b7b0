"""Names in Latin letters, and what the spellings of one sound have in common: pure.

One normaliser for whoever compares names: linking across documents, authority files, spreadsheets.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from anyascii import anyascii

_DOUBLE: Final = re.compile(r"(.)\1+")
_SILENT: Final = re.compile("[aeiouh]")
_CASED: Final = 65_536


def latin(text: str) -> str:
    """A text in ASCII letters: Герасимов is Gerasimov. What has no letters there stays as it is."""
    if text.isascii():
        return text
    turned = anyascii(text)
    return turned if any(map(str.isalnum, turned)) else text


@lru_cache(_CASED)
def sound_of(word: str) -> str:
    """A word as transliterations of other languages have in common: without doubled letters, and
    with one spelling for what each language spells in its own way."""
    for before, after in _steps():
        word = word.replace(before, after)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(_CASED)
def skeleton(word: str) -> str:
    """Its first letter and its consonants: what spellings of one sound share at least."""
    sound = sound_of(word)
    rest = _SILENT.sub("", sound[1:])
    first = "k" if sound[:1] in {"g", "k"} else sound[:1]
    return first + rest.replace("g", "k")


@cache
def _steps() -> tuple[tuple[str, str], ...]:
    text = files("testimonia.candidates").joinpath("data", "sounds.toml").read_text("utf-8")
    pairs = (step.partition(">") for step in tomllib.loads(text)["steps"].split())
    return tuple((before, after) for before, _, after in pairs)
