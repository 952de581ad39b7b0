"""Words, names and dates by rank: the first from lists, those beyond composed of their parts."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from benchmarks.corpus.draws import stream
from testimonia.gazetteer import Gazetteer
from testimonia.model import GazetteerEntry

_WORDS = Path(__file__).with_name("words.toml")
_FIRST_DAY = date(2015, 1, 1)


@cache
def words() -> dict[str, list[str]]:
    """The lists of ``words.toml``."""
    return tomllib.loads(_WORDS.read_text("utf-8"))


def surname(rank: int) -> str:
    """A surname; there are some hundred thousand."""
    draw, lists = stream("surname", rank), words()
    middle = "".join(draw.choice(lists["last_middle"]) for _ in range(min(rank // 3000, 2)))
    return draw.choice(lists["last_start"]) + middle + draw.choice(lists["last_end"])


def person(rank: int) -> str:
    """First name and surname."""
    return f"{stream('first', rank).choice(words()['first'])} {surname(rank)}"


def noun(rank: int) -> str:
    """A noun in the singular: of our list, of WordNet, or composed."""
    listed, known = words()["noun"], _wordnet()
    if rank < len(listed):
        return listed[rank]
    rank -= len(listed)
    return known[rank] if rank < len(known) else _composed("noun", rank)


def adjective(rank: int) -> str:
    """An adjective; there are no more than in our list."""
    listed = words()["adjective"]
    return listed[rank % len(listed)]


def day(rank: int) -> date:
    """A day."""
    return _FIRST_DAY + timedelta(days=rank % 4000)


def written(day_: date) -> str:
    """A day as it is written: "12 March 2019"."""
    return f"{day_.day} {day_:%B %Y}"


class Places:
    """Places of the gazetteer by rank: the most populous first."""

    def __init__(self, gazetteer: Gazetteer, names: Sequence[str]) -> None:
        self._gazetteer = gazetteer
        self._names = names

    def __call__(self, rank: int) -> GazetteerEntry:
        """The place of this rank; ranks beyond the last begin anew."""
        name = self._names[rank % len(self._names)]
        return self._gazetteer.lookup(name)[0]


@cache
def _wordnet() -> tuple[str, ...]:
    """WordNet's nouns, in an order that has nothing to do with the alphabet."""
    file = files("testimonia.reading") / "data" / "nouns_wordnet.csv"
    lines = file.read_text("utf-8").splitlines()
    nouns = {line.split(",")[0] for line in lines if not line.startswith("#")}
    plain = sorted(each for each in nouns if each.isalpha() and each.islower())
    stream("wordnet").shuffle(plain)
    return tuple(plain)


def _composed(kind: str, rank: int) -> str:
    draw, lists = stream(kind, rank), words()
    parts = [draw.choice(lists["stem"]) for _ in range(1 + min(rank // 8000, 2))]
    return "".join(parts) + draw.choice(lists["tail"])
