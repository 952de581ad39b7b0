"""The words that make or unmake a place name, from ``reading/data/places.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word sets, lower case; see the comments of the file."""

    particles: frozenset[str]
    generics_after: frozenset[str]
    generics_before: frozenset[str]
    shared_generics: dict[str, str]
    locative: frozenset[str]
    kinds: frozenset[str]
    settlements: frozenset[str]
    person_titles: frozenset[str]
    organisation_words: frozenset[str]
    title_words: frozenset[str]
    ailments: frozenset[str]
    speaking: frozenset[str]
    not_names: frozenset[str]
    given_names: frozenset[str]  # from names.toml, which the actors' rules keep


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once a process."""
    values = _read("places.toml")
    shared = dict(values.pop("shared_generics"))
    words = {key: frozenset(row) for key, row in values.items()}
    names = _read("names.toml")
    given = frozenset(f"{names['masculine']} {names['feminine']}".split())
    return Lexicon(shared_generics=shared, given_names=given, **words)


@cache
def weights(part: str) -> dict[str, float]:
    """Weights of one log-linear model (``"recognition"`` or ``"resolution"``), by feature."""
    return {key: float(value) for key, value in _read("places_weights.toml")[part].items()}


def _read(name: str) -> dict[str, Any]:
    path = files("testimonia.reading").joinpath("data", name)
    return tomllib.loads(path.read_text(encoding="utf-8"))
