"""Under which keys tellings and statements are found again: what must be shared to be compared.

Each key joins two things that tell little alone: what happens (a family of words, or the word) and
who, where or what the document is about. Without the second a new document would be compared with
every "said" of the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from testimonia.linking.conflicts import has_opposite
from testimonia.linking.events import Setting
from testimonia.linking.tellings import Telling
from testimonia.linking.words import key, runs

_EACH: Final = 4  # qualifiers of each sort
_RUN: Final = 4  # words
_FEWEST: Final = 3  # runs of a statement by which it is found again


def blocks(telling: Telling, setting: Setting) -> tuple[int, ...]:
    """The keys of one telling: signed 64-bit integers, sorted."""
    return tuple(sorted(set(_keys(telling, setting))))


def _keys(telling: Telling, setting: Setting) -> Iterator[int]:
    what = {telling.families[0] if telling.families else telling.word, telling.word}
    if has_opposite(telling.word):
        what.add("opposites")
    parties = [word for each in telling.parties for word in each.words]
    places = [
        each.entity if each.located else word for each in telling.places for word in each.words[:1]
    ]
    about = {*_longest(parties), *places[:_EACH], *_longest(telling.names), *_topic(setting.topic)}
    for word in about:
        yield from (key("what", each, word.casefold()) for each in what)


@lru_cache(maxsize=16)
def _topic(words: frozenset[str]) -> tuple[str, ...]:
    """Of what a document is about, the longest names and the longest words."""
    names = {word for word in words if word.isupper()}
    return (*_longest(names), *_longest(words - names))


def _longest(found: Iterable[str]) -> list[str]:
    """The longest words, which are mostly the rarest."""
    return sorted(set(found), key=lambda word: (-len(word), word))[:_EACH]


def word_blocks(words: list[str]) -> tuple[int, ...]:
    """Keys under which a statement of the same words is found: the least of its runs of four, as
    a sketch takes them; none of a statement too short to be known by its words."""
    keys = sorted({key("words", run) for run in runs(words, _RUN)})
    return tuple(keys[:_FEWEST])
