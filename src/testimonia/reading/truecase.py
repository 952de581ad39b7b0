"""Headlines as a parser can read them: "UNION CALLS STRIKE" as "Union calls strike".

A tagger takes every word of a line in capitals, or in which every word begins with one, for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W\d_](?:[\w'’\-]*\w)?")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z][\w'’\-]*")  # a capital inside a sentence
_LOWER = re.compile(r"(?<![\w'’\-])[a-z][\w'’\-]*")
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 12
_LONGEST_HEADLINE = 150  # code points
_CAPITAL_SHARE = 0.8  # of its words longer than an abbreviation
_SENTENCE_ENDS = frozenset({".", ",", ";", ":"})
_ABBREVIATION = 3  # letters of a word in capitals that may be one: "UN", "NHS"


def truecased(text: str, is_word: Callable[[str], bool]) -> str:
    """The text with its headlines in the case that their words have elsewhere in it.

    Of a line in capitals, words it has nowhere else are names, unless ``is_word`` knows them; of
    one whose words begin with capitals, only words that stand elsewhere in small letters alone lose
    theirs. The length stays, code point by code point, so that offsets hold for both.
    """
    lines = list(_LINE.finditer(text))
    shouted = {line.start() for line in lines if _is_shouted(line.group())}
    titled = {line.start() for line in lines if _is_titled(line.group())}
    if not shouted and not titled:
        return text
    body = "\n".join(line.group() for line in lines if line.start() not in titled)
    names = {word.lower() for word in _NAME.findall(body)}
    words = set(_LOWER.findall(body))
    pieces, at = [], 0
    for line in lines:
        if line.start() in shouted:
            recased = _recased(line.group(), names, words, is_word)
        elif line.start() in titled:
            recased = _lowered(line.group(), words - names)
        else:
            continue
        pieces += [text[at : line.start()], recased]
        at = line.end()
    return "".join((*pieces, text[at:]))


def _is_titled(line: str) -> bool:
    """Whether a line is a headline whose words begin with capitals: "Union Calls Strike"."""
    if len(line) > _LONGEST_HEADLINE or line.rstrip()[-1:] in _SENTENCE_ENDS or line.isupper():
        return False
    words = [word for word in _WORD.findall(line) if len(word) > _ABBREVIATION]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= _FEWEST_WORDS and capitals >= _CAPITAL_SHARE * len(words)


def _lowered(line: str, words: Collection[str]) -> str:
    first = True

    def lower(found: re.Match[str]) -> str:
        nonlocal first
        word, opening, first = found.group(), first, False
        small = not opening and word[1:].islower() and word.lower() in words
        recased = word[0].lower() + word[1:]
        return recased if small and len(recased) == len(word) else word

    return _WORD.sub(lower, line)


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
