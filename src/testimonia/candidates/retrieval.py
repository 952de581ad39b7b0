"""Which things may be meant by a name: read from an index, within bounds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from rapidfuzz import fuzz, process

from testimonia.candidates.names import fold, sound
from testimonia.candidates.thing import Thing

# As many names are looked at for a query, at each of the steps; a homograph beyond them is told
# apart by nothing that a name has.
MOST: Final = 100
# A word that more names have does not single any out: it is not looked for alone.
_COMMON: Final = 5_000
_ALIKE: Final = 74  # percent of a word's letters (Indel): one wrong of four
_SHORTEST: Final = 4
_MOST_SPELLINGS: Final = 8
_MOST_WORDS: Final = 12
_THING: Final = "SELECT id, source, iri, label, kinds, facts FROM thing WHERE "


def candidates(
    index: sqlite3.Connection, name: str, *, enough: int = 10, source: str | None = None
) -> list[Thing]:
    """The things that ``name`` may mean, in no order that tells anything.

    First those that bear it, then those with all its words, those that sound like it, those with
    all its words if the unknown ones are words that are spelt like them, then those with its rarest
    words, or with such a spelling; a step is left out where ``enough`` were found before.
    """
    folded = fold(name)
    words = folded.split()[:_MOST_WORDS]
    spellings = _Spellings(index, words)
    found: dict[int, None] = {}
    steps: tuple[Callable[[], Iterable[int]], ...] = (
        lambda: _exact(index, folded),
        lambda: _matching(index, _all_of(words)) if len(words) > 1 else (),
        lambda: _sounding(index, sound(name)),
        lambda: _matching(index, spellings.all()),
        lambda: _matching(index, _any_of(_rare(index, words))),
        lambda: _matching(index, _any_of(spellings.misspelt())),
    )
    for step in steps:
        if words and len(found) < enough:
            found.update(dict.fromkeys(step()))
    return [each for each in things(index, found) if source is None or each.source == source]


def bearers(index: sqlite3.Connection, names: Iterable[str]) -> list[Thing]:
    """The things that bear one of these names, script, case, accents and punctuation aside, or
    that have all words of one in another order, among more, or in other spellings of one sound."""
    found: dict[int, None] = {}
    for name in dict.fromkeys(names):
        folded = fold(name)
        words = folded.split()[:_MOST_WORDS]
        if not words:
            continue
        found.update(dict.fromkeys(_exact(index, folded)))
        if len(words) > 1:
            found.update(dict.fromkeys(_matching(index, _all_of(words))))
            found.update(dict.fromkeys(_sounding(index, sound(name))))
    return things(index, found)


def with_iri(index: sqlite3.Connection, iri: str) -> list[Thing]:
    """The things with this IRI."""
    rows = index.execute(f"{_THING} iri = ? ORDER BY source", (iri,)).fetchall()
    return list(_things(index, rows))


def with_same(index: sqlite3.Connection, iris: Iterable[str]) -> list[Thing]:
    """The things that say that they are the same as one of these."""
    found: dict[int, None] = {}
    for iri in iris:
        rows = index.execute("SELECT thing FROM same WHERE iri = ? LIMIT ?", (iri, MOST))
        found.update(dict.fromkeys(key for (key,) in rows.fetchall()))
    return things(index, found)


def suggestions(index: sqlite3.Connection, prefix: str, most: int) -> list[Thing]:
    """The things whose names begin so, then those with words that do, in the order of names."""
    folded = fold(prefix)
    words = folded.split()[:_MOST_WORDS]
    if not words:
        return []
    rows = index.execute(
        "SELECT thing FROM name WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?",
        (folded, folded + "\U0010ffff", most),
    ).fetchall()
    found = dict.fromkeys(key for (key,) in rows)
    if len(found) < most:
        match = f"{_all_of(words)}*"
        more = index.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (match, most))
        found.update(dict.fromkeys(_owners(index, [key for (key,) in more.fetchall()])))
    return things(index, list(found)[:most])


def bearing(index: sqlite3.Connection, word: str) -> int:
    """How many names have a word."""
    row = index.execute("SELECT doc FROM vocabulary WHERE term = ?", (word,)).fetchone()
    return int(row[0]) if row else 0


def names_in(index: sqlite3.Connection) -> int:
    """How many names there are."""
    return int(index.execute("SELECT names FROM state").fetchone()[0])


def every(index: sqlite3.Connection, after: str = "", most: int = 1000) -> list[Thing]:
    """The things with IRIs after this one, in their order: a page of all."""
    rows = index.execute(
        f"{_THING} iri > ? ORDER BY iri, source LIMIT ?",
        (after, most),
    ).fetchall()
    return list(_things(index, rows))


def count(index: sqlite3.Connection, source: str | None = None) -> int:
    """How many things there are, or of one source."""
    if source is None:
        row = index.execute("SELECT COUNT(*) FROM thing").fetchone()
    else:
        row = index.execute("SELECT COUNT(*) FROM thing WHERE source = ?", (source,)).fetchone()
    return int(row[0])


def things(index: sqlite3.Connection, keys: Iterable[int]) -> list[Thing]:
    """The things with these keys, in this order."""
    found: list[Thing] = []
    for key in keys:
        row = index.execute(f"{_THING} id = ?", (key,)).fetchone()
        if row:
            found += _things(index, [row])
    return found


def _things(index: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> Iterator[Thing]:
    for key, source, iri, label, kinds, facts in rows:
        names = index.execute("SELECT value FROM name WHERE thing = ? ORDER BY id", (key,))
        values = tuple(value for (value,) in names.fetchall())
        known = {name: tuple(each) for name, each in json.loads(facts).items()}
        yield Thing(iri, source, label, tuple(kinds.split()), values, known)


def _exact(index: sqlite3.Connection, folded: str) -> list[int]:
    rows = index.execute(
        "SELECT thing FROM name WHERE folded = ? ORDER BY thing LIMIT ?", (folded, MOST)
    )
    return [key for (key,) in rows.fetchall()]


def _sounding(index: sqlite3.Connection, sounds: str) -> list[int]:
    if not sounds:
        return []
    rows = index.execute(
        "SELECT thing FROM name WHERE sound = ? AND sound <> '' ORDER BY thing LIMIT ?",
        (sounds, MOST),
    )
    return [key for (key,) in rows.fetchall()]


def _matching(index: sqlite3.Connection, match: str) -> list[int]:
    """The things of the best names for an expression of FTS5."""
    if not match:
        return []
    rows = index.execute(
        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (match, MOST)
    )
    return _owners(index, [key for (key,) in rows.fetchall()])


def _owners(index: sqlite3.Connection, names: Iterable[int]) -> list[int]:
    found = (index.execute("SELECT thing FROM name WHERE id = ?", (each,)) for each in names)
    return list(dict.fromkeys(row[0] for each in found if (row := each.fetchone())))


def _all_of(words: Sequence[str]) -> str:
    # Folded words have letters and digits alone: nothing in them can end the quotation.
    return " AND ".join(f'"{word}"' for word in words)


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _rare(index: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """The two words that the fewest names have."""
    counted = sorted((bearing(index, word), word) for word in set(words))
    return [word for count, word in counted if 0 < count <= _COMMON][:2]


class _Spellings:
    """For words that no name has those that are spelt like them and begin with the same letter."""

    def __init__(self, index: sqlite3.Connection, words: Sequence[str]) -> None:
        self._index = index
        self._words = words
        self._like = cache(self._found)

    def all(self) -> str:
        """All words, each unknown one in one of its spellings; nothing where all are known, or one
        has no spelling."""
        ways = [[word] if bearing(self._index, word) else self._like(word) for word in self._words]
        if not all(ways) or ways == [[word] for word in self._words]:
            return ""
        return " AND ".join(f"({_any_of(each)})" for each in ways)

    def misspelt(self) -> list[str]:
        """The spellings of all unknown words."""
        unknown = (word for word in self._words if not bearing(self._index, word))
        return [spelling for word in unknown for spelling in self._like(word)]

    def _found(self, word: str) -> list[str]:
        if len(word) < _SHORTEST:
            return []
        rows = self._index.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ?",
            (word[0], word[0] + "\U0010ffff"),
        )
        terms = [term for (term,) in rows]
        like = process.extract(
            word, terms, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_SPELLINGS
        )
        return [term for term, _, _ in like]
