"""The words that the rules for actors go by: an immutable value read from ``data/``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

Gender = Literal["m", "f", "n", ""]
Number = Literal["singular", "plural", ""]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun's grammar: ``person`` is 1, 2 or 3; empty strings mean that it tells nothing."""

    person: int
    number: Number = ""
    gender: Gender = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """See the comments of the data files for what each set holds.

    All words are lower-case, but for the names of states and worlds.
    """

    genders: Mapping[str, Gender]
    given_names: frozenset[str]
    forenames: Mapping[str, Gender]
    honorifics: frozenset[str]
    offices: frozenset[str]
    doubtful_offices: frozenset[str]
    title_modifiers: frozenset[str]
    contrasting: frozenset[str]
    persons: frozenset[str]
    person_endings: tuple[str, ...]
    human_endings: tuple[str, ...]
    persons_as_sources: frozenset[str]
    groups: frozenset[str]
    plural_groups: frozenset[str]
    partitives: frozenset[str]
    collectives: frozenset[str]
    organisations: frozenset[str]
    doubtful: frozenset[str]
    businesses: frozenset[str]
    organisation_words: frozenset[str]
    press: frozenset[str]
    business_suffixes: frozenset[str]
    facilities: frozenset[str]
    sites: frozenset[str]
    doubtful_sites: frozenset[str]
    things: frozenset[str]
    former_states: frozenset[tuple[str, ...]]
    worlds: frozenset[str]
    quarters: frozenset[str]
    thing_nouns: frozenset[str]
    vessels: frozenset[str]
    never_names: frozenset[str]
    action_nouns: frozenset[str]
    action_suffixes: tuple[str, ...]
    mutual_nouns: frozenset[str]
    stative_verbs: frozenset[str]
    impersonal_verbs: frozenset[str]
    pronouns: Mapping[str, Pronoun]
    relative_of_persons: frozenset[str]
    relative_of_any: frozenset[str]
    indefinite_persons: frozenset[str]
    indefinite_groups: frozenset[str]

    def is_title(self, word: str) -> bool:
        """Whether the lower-case word (a full stop at its end, a plural set aside) is a title."""
        bare = word.rstrip(".")
        return (
            bare in self.honorifics
            or bare in self.offices
            or bare.removesuffix("s") in self.offices
        )


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    titles, pronouns = _read("titles"), _read("pronouns")
    names, actors = _read("names"), _read("actors")
    honorifics, offices = titles["honorifics"], titles["offices"]
    masculine = [honorifics["masculine"], offices["masculine"], _words(names["masculine"])]
    feminine = [honorifics["feminine"], offices["feminine"], _words(names["feminine"])]
    relative, indefinite = pronouns["relative"], pronouns["indefinite"]
    return Lexicon(
        genders=_genders(masculine, feminine),
        given_names=_words(names["masculine"]) | _words(names["feminine"]),
        forenames=_forenames(),
        honorifics=frozenset(w for words in honorifics.values() for w in words),
        offices=frozenset(offices["words"]),
        doubtful_offices=frozenset(offices["doubtful"]),
        title_modifiers=frozenset(offices["modifiers"]),
        contrasting=frozenset(offices["contrasting"]),
        persons=_words(actors["persons"]),
        persons_as_sources=_words(actors["persons_as_sources"]),
        person_endings=tuple(actors["person_endings"]),
        human_endings=tuple(actors["human_endings"]),
        groups=_words(actors["groups"]),
        plural_groups=_words(actors["plural_groups"]),
        partitives=_words(actors["partitives"]),
        collectives=_words(actors["collectives"]),
        organisations=_words(actors["organisations"]),
        doubtful=_words(actors["doubtful"]),
        businesses=_words(actors["businesses"]),
        organisation_words=_words(actors["name_words"]["organisation"]),
        press=_words(actors["name_words"]["press"]),
        business_suffixes=_words(actors["name_words"]["suffix"]),
        facilities=_words(actors["name_words"]["facility"]),
        sites=_words(actors["name_words"]["site"]),
        doubtful_sites=_words(actors["name_words"]["site_or_body"]),
        things=_words(actors["name_words"]["thing"]),
        former_states=frozenset(tuple(name.split()) for name in actors["states"]["former"]),
        worlds=frozenset(actors["states"]["worlds"]),
        quarters=frozenset(actors["states"]["quarters"]),
        thing_nouns=_words(actors["name_words"]["thing_noun"]),
        vessels=_words(actors["name_words"]["vessel"]),
        never_names=_words(actors["name_words"]["never"]),
        action_nouns=_words(actors["action"]["nouns"]),
        action_suffixes=tuple(actors["action"]["suffixes"]),
        mutual_nouns=_words(actors["action"]["mutual"]),
        stative_verbs=_words(actors["action"]["stative_verbs"]),
        impersonal_verbs=_words(actors["action"]["impersonal_verbs"]),
        pronouns=MappingProxyType({w: Pronoun(**v) for w, v in pronouns["personal"].items()}),
        relative_of_persons=frozenset(relative["of_persons"]),
        relative_of_any=frozenset(relative["of_any"]),
        indefinite_persons=frozenset(indefinite["persons"]),
        indefinite_groups=frozenset(indefinite["groups"]),
    )


def _read(name: str) -> dict[str, Any]:
    data = files("testimonia.reading") / "data" / f"{name}.toml"
    return tomllib.loads(data.read_text(encoding="utf-8"))


def _forenames() -> Mapping[str, Gender]:
    data = files("testimonia.reading") / "data" / "given_names.csv"
    lines = data.read_text(encoding="utf-8").splitlines()
    rows = (line.partition(",") for line in lines if line[:1] != "#")
    told: dict[str, Gender] = {"m": "m", "f": "f"}
    return MappingProxyType({name: told.get(gender, "") for name, _, gender in rows})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _genders(masculine: list[Iterable[str]], feminine: list[Iterable[str]]) -> Mapping[str, Gender]:
    genders: dict[str, Gender] = {word: "m" for words in masculine for word in words}
    for words in feminine:
        genders.update(dict.fromkeys(words, "f"))
    return MappingProxyType(genders)
