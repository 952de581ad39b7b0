"""The event lexicons, read once from ``reading/data``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from testimonia.model import EventClass

_PREPOSITIONS = ("on", "against", "to", "with")
_ROLES = (
    *("light_verbs", "undergoing_verbs", "objective", "giving_verbs"),
    *("subject_control", "leading", "of_people", "blaming_verbs", "on_verbs", "idle", "impersonal"),
    *("resulting", "resulting_types"),
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lemmas by what they tell of an event."""

    verb_types: Mapping[str, str]
    noun_types: Mapping[str, str]
    classes: Mapping[str, EventClass]
    happenings: frozenset[str]
    states: frozenset[str]
    intransitive: frozenset[str]
    befalling: frozenset[str]
    uncertain: frozenset[str]
    light_verbs: frozenset[str]
    undergoing_verbs: frozenset[str]
    objective: frozenset[str]
    giving_verbs: frozenset[str]
    subject_control: frozenset[str]
    blaming_verbs: frozenset[str]
    on_verbs: frozenset[str]
    impersonal: frozenset[str]
    idle: frozenset[str]
    leading: frozenset[str]
    resulting: frozenset[str]
    resulting_types: frozenset[str]
    of_people: frozenset[str]
    other_sides: Mapping[str, frozenset[str]]
    placing: frozenset[str]
    ahead: frozenset[str]
    ahead_words: frozenset[str]
    at_undergoer: frozenset[str]
    at_undergoer_types: frozenset[str]
    dating: frozenset[str]
    occurring: frozenset[str]
    participles: frozenset[str]
    prepositions: frozenset[str]
    support_verbs: frozenset[str]
    verbs_of_happening: frozenset[str]
    possible: frozenset[str]
    probable: frozenset[str]
    intended: frozenset[str]
    negators: frozenset[str]
    negative_verbs: frozenset[str]
    hindering_verbs: frozenset[str]
    negating_objects: frozenset[str]
    same_event: Mapping[str, str]

    def is_happening(self, lemma: str) -> bool:
        """Whether a noun may name an event or a state that begins and ends."""
        return lemma in self.happenings or lemma in self.noun_types or lemma in self.states

    def standing(self, lemma: str) -> str:
        """What the lexicon says of a noun, in a word (a feature of the ranker)."""
        doubt = " in doubt" if lemma in self.uncertain else ""
        if lemma in self.noun_types:
            return f"typed{doubt}"
        if lemma in self.happenings:
            return f"happening{doubt}"
        return "state" if lemma in self.states else "none"


@cache
def lexicon() -> Lexicon:
    """The lexicon of this installation."""
    types = _table("event_types.toml")
    data = _table("events.toml")
    nouns, certainty = data["nouns"], data["certainty"]
    return Lexicon(
        verb_types={lemma: name for name, of in types.items() for lemma in of.get("verbs", ())},
        noun_types={lemma: name for name, of in types.items() for lemma in of.get("nouns", ())},
        classes=_classes(data["classes"]),
        **{key: frozenset(value) for key, value in nouns.items()},
        **{key: frozenset(value) for key, value in data["signs"].items()},
        **{key: frozenset(value) for key, value in data["adjuncts"].items()},
        participles=frozenset(data["prepositional"]["participles"]),
        **{key: frozenset(data["roles"][key]) for key in _ROLES},
        other_sides={key: frozenset(data["roles"][key]) for key in _PREPOSITIONS},
        **{key: frozenset(value) for key, value in certainty.items()},
        same_event={lemma: name for name, of in data["same_event"].items() for lemma in of},
    )


def _classes(data: Mapping[str, list[str]]) -> dict[str, EventClass]:
    names = {
        "reporting": EventClass.REPORTING,
        "perception": EventClass.PERCEPTION,
        "aspectual": EventClass.ASPECTUAL,
        "intensional_action": EventClass.I_ACTION,
        "intensional_state": EventClass.I_STATE,
        "state": EventClass.STATE,
    }
    found: dict[str, EventClass] = {}
    for name, event_class in names.items():
        for lemma in data[name]:
            found.setdefault(lemma, event_class)
    return found


def _table(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("testimonia.reading") / "data" / name).read_text("utf-8"))
