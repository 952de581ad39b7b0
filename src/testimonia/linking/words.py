"""Words as they are compared across documents: stems, families of meaning, runs, names.

Stems are Snowball's (Porter2, English). Which words say nothing by themselves, which cues deny or
answer, is data: ``data/words.toml``.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_stemmer = Stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text, case folded, without accents, punctuation and the possessive's s."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(folded(text))]


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Case and accents set aside (Unicode, NFKD without combining marks)."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word's stem; a verb's with its particle ("call off")."""
    whole = word.casefold().encode("utf-8", "replace").decode()  # without lone surrogates
    return " ".join(_stemmer.stemWords(whole.split()))


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word) for word in words(text) if says_something(word))


def says_something(word: str) -> bool:
    """Whether a word is more than grammar."""
    return word not in listed("grammar") and (len(word) > 1 or word.isdigit())


@cache
def listed(name: str) -> frozenset[str]:
    """A list of ``data/words.toml``."""
    return frozenset(_data()[name])


@cache
def stems_of(name: str) -> frozenset[str]:
    """The stems of the words of a list of ``data/words.toml``."""
    return frozenset(map(stem, listed(name)))


@cache
def _data() -> Mapping[str, list[str]]:
    text = (files("testimonia.linking") / "data" / "words.toml").read_text("utf-8")
    return {name: group["words"] for name, group in tomllib.loads(text).items()}


def families(lemma: str) -> tuple[str, ...]:
    """What a word may tell of, the commonest first: sets of words of one meaning."""
    return _families().get(lemma, ())


@cache
def _families() -> Mapping[str, tuple[str, ...]]:
    text = (files("testimonia.linking") / "data" / "families.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    rows = csv.reader(lines)
    next(rows)
    return {lemma: tuple(found.split()) for lemma, found in rows}


def runs(text: list[str], length: int) -> Iterator[str]:
    """The runs of so many words."""
    for start in range(len(text) - length + 1):
        yield " ".join(text[start : start + length])


@lru_cache(maxsize=65536)
def key(*parts: str) -> int:
    """A signed 64-bit integer for some strings: the beginning of their SHA-256."""
    hashed = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(hashed[:8], "big", signed=True)


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """How much of the smaller set is in the other, from 0 to 1."""
    first, second = frozenset(one), frozenset(other)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """What two sets share of what they have (Dice), from 0 to 1."""
    first, second = frozenset(one), frozenset(other)
    whole = len(first) + len(second)
    return 2 * len(first & second) / whole if whole and not first.isdisjoint(second) else 0.0
