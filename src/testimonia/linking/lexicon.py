"""What is known of names in general: read from ``data/``, once a process."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from nicknames import name_triplets

_PACKAGE = "testimonia.linking"
# Titles are known where texts are read; they are stripped from names here as well.
_TITLES = ("testimonia.reading", "titles.toml")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words are lower-case. Shares are of all persons, from 0 to 1.

    ``surnames`` and ``given_names`` give how many bear a name, ``men`` the share of men among
    those of a given name, ``nicknames`` the given names that a name may stand for, ``titles`` the
    gender that a title tells (empty where none), ``roles`` the titles that are offices.
    """

    surnames: Mapping[str, float]
    given_names: Mapping[str, float]
    men: Mapping[str, float]
    nicknames: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    roles: frozenset[str]
    modifiers: frozenset[str]
    reigning: frozenset[str]
    particles: frozenset[str]
    generations: Mapping[str, str]
    degrees: frozenset[str]
    surname_first: frozenset[str]
    generic_bodies: frozenset[str]
    generic_places: frozenset[str]
    forms: frozenset[str]
    spellings: Mapping[str, str]
    countries: Mapping[tuple[str, ...], str]
    aliases: Mapping[tuple[str, ...], str]


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    names = _toml(_PACKAGE, "names.toml")
    titles, roles, modifiers = _titles()
    given = list(_rows("given_names.csv"))
    return Lexicon(
        surnames={row["surname"]: float(row["per_100000"]) / 1e5 for row in _rows("surnames.csv")},
        given_names={row["name"]: float(row["per_100000"]) / 1e5 for row in given},
        men={row["name"]: float(row["men"]) / 100 for row in given},
        nicknames=_nicknames(),
        titles=titles,
        roles=roles,
        modifiers=modifiers,
        reigning=_words(names["persons"]["reigning"]),
        particles=_words(names["particles"]),
        generations=names["generations"],
        degrees=_words(names["persons"]["degrees"]),
        surname_first=_words(names["persons"]["surname_first"]),
        generic_bodies=_spelt(names["generic"]["organisations"], names["spellings"]),
        generic_places=_spelt(names["generic"]["places"], names["spellings"]),
        forms=_words(names["companies"]["forms"]),
        spellings=names["spellings"],
        countries=_countries(),
        aliases=_aliases(),
    )


def _titles() -> tuple[Mapping[str, str], frozenset[str], frozenset[str]]:
    data = _toml(*_TITLES)
    honorifics, offices = data["honorifics"], data["offices"]
    genders = dict.fromkeys((*honorifics["neutral"], *offices["words"]), "")
    for gender in ("masculine", "feminine"):
        for word in (*honorifics[gender], *offices[gender]):
            genders[word] = gender[0]
    genders["mx"] = ""  # it tells none
    return MappingProxyType(genders), frozenset(offices["words"]), frozenset(offices["modifiers"])


def _nicknames() -> Mapping[str, frozenset[str]]:
    """For a name all names that it may stand for, and those that may stand for it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for full, _, short in name_triplets():
        found[full].add(short)
        found[short].add(full)
    return {name: frozenset(others) for name, others in found.items()}


def _countries() -> Mapping[tuple[str, ...], str]:
    return {
        tuple(words.replace("-", " ").split()): row["code"].lower()
        for row in _rows("countries.csv")
        for words in row["words"].split("|")
    }


def _aliases() -> Mapping[tuple[str, ...], str]:
    """By the words of each name, the first name of its line."""
    from testimonia.linking.spelling import words_of

    found: dict[tuple[str, ...], str] = {}
    for row in _rows("aliases.csv", delimiter="\t"):
        names = row["names"].split("|")
        for name in names:
            words = words_of(name)
            found.setdefault(
                words[1:] if words[0] == "the" else words, " ".join(words_of(names[0]))
            )
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _spelt(text: str, spellings: Mapping[str, str]) -> frozenset[str]:
    words = text.replace("'", "").split()
    return frozenset(spellings.get(word, word) for word in words)


def _toml(package: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath("data", name).read_text("utf-8"))


def _rows(name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    text = files(_PACKAGE).joinpath("data", name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return csv.DictReader(lines, delimiter=delimiter)
