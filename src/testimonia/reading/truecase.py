"""Lines in capitals as a parser can read them: "UNION CALLS STRIKE" as "Union calls strike".

A tagger takes every word of such a line for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W\d_](?:[\w'’\-]*\w)?")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z][\w'’\-]*")  # a capital inside a sentence
_LOWER = re.compile(r"(?<![\w'’\-])[a-z][\w'’\-]*")
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 12
_ABBREVIATION = 3  # letters of a word in capitals that may be one: "UN", "NHS"


def truecased(text: str, is_word: Callable[[str], bool]) -> str:
    """The text with its lines in capitals in the case that their words have elsewhere in it.

    Words it has nowhere else are names, unless ``is_word`` knows them. The length stays, code
    point by code point, so that offsets hold for both.
    """
    shouted = [line for line in _LINE.finditer(text) if _is_shouted(line.group())]
    if not shouted:
        return text
    names = {word.lower() for word in _NAME.findall(text)}
    words = set(_LOWER.findall(text))
    pieces, at = [], 0
    for line in shouted:
        pieces += [text[at : line.start()], _recased(line.group(), names, words, is_word)]
        at = line.end()
    return "".join((*pieces, text[at:]))


def _is_shouted(line: str) -> bool:
    words = _WORD.findall(line)
    return (
        line.isupper()
        and len(words) >= _FEWEST_WORDS
        and sum(map(len, words)) >= _FEWEST_LETTERS
        and len(line.lower()) == len(line)
    )


def _recased(line: str, names: set[str], words: set[str], is_word: Callable[[str], bool]) -> str:
    first = True

    def recase(found: re.Match[str]) -> str:
        nonlocal first
        word, opening, first = found.group(), first, False
        lower = word.lower()
        if lower in names or not (lower in words or is_word(lower)):
            return word if len(word) <= _ABBREVIATION else _capital(word)
        return _capital(word) if opening else lower

    return _WORD.sub(recase, line)


def _capital(word: str) -> str:
    return word[0] + word[1:].lower()
