"""The cue lexicons: words that lie in ``reading/data/cue_*.toml`` as immutable values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from testimonia.model import AttributionKind, Certainty


@dataclass(frozen=True, slots=True)
class CueSense:
    """One sense of a cue: PDTB kind, the speaker's certainty that it implies, content slots."""

    kind: AttributionKind
    certainty: Certainty
    slots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All cue words by lemma; a lemma may have several senses, the first is the usual one."""

    verbs: Mapping[str, tuple[CueSense, ...]]
    nouns: Mapping[str, tuple[CueSense, ...]]
    adjectives: Mapping[str, tuple[CueSense, ...]]
    adverbs: Mapping[str, tuple[CueSense, ...]]
    prepositions: Mapping[str, tuple[CueSense, ...]]
    viewpoints: Mapping[str, frozenset[str]]  # preposition to nouns
    reports: frozenset[str]
    viewed: frozenset[str]
    people: frozenset[str]
    actors: frozenset[str]
    papers: frozenset[str]
    issuing: frozenset[str]
    naming: frozenset[str]
    addressing: frozenset[str]
    perceiving: frozenset[str]
    meeting: frozenset[str]
    writing: frozenset[str]
    texts: frozenset[str]
    seeming: frozenset[str]
    circumstances: frozenset[str]
    settings: frozenset[str]
    asides: frozenset[str]
    light: frozenset[str]
    object_control: frozenset[str]
    occasions: frozenset[str]
    addressed_by: frozenset[str]
    telling: frozenset[str]
    telling_to: frozenset[str]
    bodies: frozenset[str]
    parts: frozenset[str]
    evidence: frozenset[str]
    mute: frozenset[str]
    purposes: frozenset[str]
    verdicts: frozenset[str]


def sense_for(senses: tuple[CueSense, ...], slot: str) -> CueSense | None:
    """The first sense that takes a content in this slot."""
    return next((sense for sense in senses if slot in sense.slots), None)


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package, read once."""
    verbs = _data("cue_verbs.toml")
    words = _data("cue_words.toml")
    actors = _data("actors.toml")
    return Lexicon(
        verbs=_senses(verbs["verbs"]),
        nouns=_senses(words["nouns"]),
        adjectives=_senses(words["adjectives"]),
        adverbs=_senses(words["adverbs"]),
        prepositions=_senses(words["prepositions"]),
        viewpoints=MappingProxyType({key: _set(v) for key, v in words["viewpoint"].items()}),
        reports=_set(words["reports"]["lemmas"]),
        viewed=_set(words["viewed"]["lemmas"]),
        people=_set(words["people"]["lemmas"]),
        actors=_set(" ".join(actors[kind] for kind in ("persons", "groups", "organisations"))),
        papers=_set(words["papers"]["lemmas"]),
        issuing=_set(words["issuing"]["lemmas"]),
        naming=_set(words["naming"]["lemmas"]),
        addressing=_set(words["addressing"]["lemmas"]),
        perceiving=_set(words["perceiving"]["lemmas"]),
        meeting=_set(words["perceiving"]["meeting"]),
        writing=_set(words["writing"]["lemmas"]),
        texts=_set(words["writing"]["texts"]),
        seeming=_set(words["seeming"]["lemmas"]),
        circumstances=_set(words["circumstances"]["prepositions"]),
        settings=_set(words["circumstances"]["of_passives"]),
        asides=_set(words["asides"]["words"]),
        light=_set(words["light"]["lemmas"]),
        object_control=_set(words["object_control"]["lemmas"]),
        occasions=_set(words["occasions"]["lemmas"]),
        addressed_by=_set(words["occasions"]["addressed_by"]),
        telling=_set(words["telling"]["object"]),
        telling_to=_set(words["telling"]["to"]),
        bodies=_set(words["speakers"]["bodies"]),
        parts=_set(words["speakers"]["parts"]),
        evidence=_set(words["speakers"]["evidence"]),
        mute=_set(words["speakers"]["pronouns"]),
        purposes=_set(words["purposes"]["lemmas"]),
        verdicts=_set(words["verdicts"]["lemmas"]),
    )


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("testimonia.reading.data").joinpath(name).read_text("utf-8"))


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _senses(entries: list[dict[str, Any]]) -> Mapping[str, tuple[CueSense, ...]]:
    senses: dict[str, list[CueSense]] = {}
    for entry in entries:
        kind = AttributionKind(str(entry["kind"]).capitalize())
        certainty = Certainty(str(entry["certainty"]).capitalize())
        sense = CueSense(kind, certainty, frozenset(entry.get("slots", ())))
        for lemma in entry.get("phrases") or entry["lemmas"].split():
            senses.setdefault(lemma, []).append(sense)
    return MappingProxyType({lemma: tuple(found) for lemma, found in senses.items()})
