"""The weights that links between entities are decided by: ``data/entity_weights.toml``."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILE = "entity_weights.toml"


@dataclass(frozen=True, slots=True)
class Chances:
    """How probable it is that two bodies' names agree by chance."""

    generic: float
    generic_of_country: float
    one_word: float
    several_words: float
    place_of_one_word: float
    place_of_several_words: float
    acronym: float
    long_acronym: float
    given_name: float


@dataclass(frozen=True, slots=True)
class Weights:
    """``others`` is how many entities a local one might be besides those of the archive,
    ``names`` the probability of each agreement of names of one entity (m), ``levels`` for each
    comparison how much more probable a level is for one entity than for two (m / u)."""

    threshold: float
    others: float
    most_members: int
    names: Mapping[str, float]
    chances: Chances
    levels: Mapping[str, Mapping[str, float]]
    digest: str


@cache
def weights() -> Weights:
    """The weights that come with the package."""
    text = files("testimonia.linking").joinpath("data", _FILE).read_text("utf-8")
    data = tomllib.loads(text)
    return Weights(
        threshold=data["decision"]["threshold"],
        others=data["prior"]["others"],
        most_members=data["prior"]["most_members"],
        names=data["names"],
        chances=Chances(**data["chances"]),
        levels={
            comparison: {level: m / u for level, (m, u) in levels.items()}
            for comparison, levels in data["levels"].items()
        },
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )
