"""Profiles of a document's actors and unlocated places, made from its reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import body_name
from testimonia.linking.lexicon import lexicon
from testimonia.linking.persons import gender_of, person_name, share
from testimonia.linking.profiles import Kind, Profile, Trait
from testimonia.linking.spelling import words_of
from testimonia.model import Actor, ActorType, Document, Mention, MentionForm, Place, Reading

_COMPANY: Final = 12  # other actors at most, those most spoken of
_WORDS: Final = 10
_BEFORE: Final = 60  # code points before a name in which its titles stand
_COMMON_SURNAME: Final = 1e-4
_COUNTRIES: Final = ("PCL", "TERR")
_WIDE: Final = ("PCL", "TERR", "CONT", "RGN")
_WORD = re.compile(r"\b[a-z]{5,}\b")
_TOKEN = re.compile(r"[\w’'-]+|[,;:()]")

_KINDS: Final[Mapping[ActorType, Kind]] = {
    ActorType.PERSON: Kind.PERSON,
    ActorType.ORGANIZATION: Kind.ORGANIZATION,
    ActorType.GROUP: Kind.GROUP,
    ActorType.ACTOR: Kind.ANY,
}


def profiles(document: Document, reading: Reading) -> tuple[Profile, ...]:
    """The profiles of all that may be linked across documents: actors with names, authors and
    publishers that metadata state, places that nobody located."""
    return tuple(_Profiler(document, reading).all())


@dataclass(frozen=True, slots=True)
class _Surroundings:
    company: Mapping[str, int]  # by the name that stands for an actor, how often it is spoken of
    places: frozenset[str]
    traits: frozenset[str]  # country, words, month, source


class _Profiler:
    def __init__(self, document: Document, reading: Reading) -> None:
        self._document = document
        self._text = document.text.content
        self._actors = [each for each in reading.actors if each.named and each.type in _KINDS]
        self._places = reading.places
        self._around = self._surroundings()

    def all(self) -> Iterator[Profile]:
        yield from self._stated()
        for actor in self._actors:
            if names := self._names(actor):
                yield self._of_actor(actor, names)
        for place in self._places:
            names = tuple(name for name in place.names if body_name(name, place=True))
            if place.entry is None and names:
                yield self._profile(place.key, Kind.PLACE, names, self._of_place(place))

    # ------------------------------------------------------------------------ entities

    def _stated(self) -> Iterator[Profile]:
        """Whom metadata name: of these the text tells nothing."""
        metadata = self._document.text.metadata
        around = self._dated()
        for number, name in enumerate(metadata.creator, 1):
            person = person_name(name)
            if person:
                gender = {Trait.GENDER.of(each) for each in [gender_of(person)] if each}
                key = f"actor/creator-{number}"
                yield self._profile(key, Kind.ANY, (name,), around | gender, stated=True)
        if metadata.publisher and body_name(metadata.publisher):
            names = (metadata.publisher,)
            yield self._profile(
                "actor/publisher", Kind.ORGANIZATION, names, around - _sources(around), stated=True
            )

    def _of_actor(self, actor: Actor, names: tuple[str, ...]) -> Profile:
        kind = _KINDS[actor.type]
        titles = self._titles(actor) if kind is Kind.PERSON else Counter[str]()
        roles = {word for word in titles if word in lexicon().roles}
        roles |= self._nominal_roles(actor) if kind is Kind.PERSON else set()
        own = {Trait.ROLE.of(word) for word in roles}
        if kind is Kind.PERSON:
            own |= {Trait.GENDER.of(gender) for gender in [_gender(names, titles)] if gender}
        company = self._company(without={_stand_in(kind, name) for name in names})
        traits = self._around.traits | self._place_traits() | company | own
        return self._profile(actor.key, kind, names, traits)

    def _of_place(self, place: Place) -> frozenset[str]:
        return self._around.traits | self._place_traits(but=place) | self._company(without=set())

    def _profile(
        self,
        key: str,
        kind: Kind,
        names: tuple[str, ...],
        traits: Iterable[str],
        *,
        stated: bool = False,
    ) -> Profile:
        return Profile(self._document.id, key, kind, names, frozenset(traits), stated)

    def _names(self, actor: Actor) -> tuple[str, ...]:
        """Proper names alone, the label first; of a body that is named by a description
        ("Russian forces") its label."""
        spoken = [each.span.of(self._text) for each in actor.mentions if _is_name(each)]
        kept = list(dict.fromkeys((actor.label, *spoken)))
        if actor.type is ActorType.PERSON:
            return tuple(name for name in kept if person_name(name))
        return tuple(name for name in kept if body_name(name))

    def _titles(self, actor: Actor) -> Counter[str]:
        """Titles before its names, lower-case."""
        found: Counter[str] = Counter()
        for mention in actor.mentions:
            if _is_name(mention):
                start = mention.span.start
                before = _TOKEN.findall(self._text[max(0, start - _BEFORE) : start])
                found.update(_titles_at_end([word.casefold().rstrip(".") for word in before]))
                named = person_name(mention.span.of(self._text))
                found.update(named.titles if named else ())
        return found

    def _nominal_roles(self, actor: Actor) -> set[str]:
        words = {
            word
            for mention in actor.mentions
            if mention.form is MentionForm.NOMINAL
            for word in words_of(mention.span.of(self._text))
        }
        return words & lexicon().roles

    # -------------------------------------------------------------------- surroundings

    def _surroundings(self) -> _Surroundings:
        company: Counter[str] = Counter()
        for actor in self._actors:
            if name := _stand_in(_KINDS[actor.type], actor.label):
                company[name] += len(actor.mentions)
        traits = self._dated() | {Trait.WORD.of(word) for word in self._frequent()}
        if country := self._country():
            traits |= {Trait.COUNTRY.of(country)}
        places = frozenset(filter(None, map(_place_value, self._places)))
        return _Surroundings(company, places, frozenset(traits))

    def _dated(self) -> frozenset[str]:
        metadata = self._document.text.metadata
        host = urlsplit(metadata.source or "").hostname
        source = (metadata.publisher or host or "").casefold().removeprefix("www.")
        month = (metadata.issued or "")[:7]
        found = {Trait.SOURCE.of(source)} if source else set()
        return frozenset(found | ({Trait.MONTH.of(month)} if len(month) == 7 else set()))

    def _company(self, without: set[str]) -> frozenset[str]:
        ranked = sorted(self._around.company.items(), key=lambda each: (-each[1], each[0]))
        names = [name for name, _ in ranked if name not in without]
        return frozenset(Trait.COMPANY.of(name) for name in names[:_COMPANY])

    def _place_traits(self, but: Place | None = None) -> frozenset[str]:
        own = _place_value(but) if but else None
        return frozenset(Trait.PLACE.of(each) for each in self._around.places if each != own)

    def _country(self) -> str:
        """The code of the country that most mentions of places are in."""
        counted: Counter[str] = Counter()
        for place in self._places:
            if place.entry and place.entry.country_code:
                counted[place.entry.country_code] += len(place.mentions)
        return min(counted, key=lambda code: (-counted[code], code), default="")

    def _frequent(self) -> list[str]:
        """The words, in lower case, that the text uses more than once, the most frequent first."""
        counted = Counter(_WORD.findall(self._text))
        ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        told = [word for word, count in ranked if count > 1 and word not in _common_words()]
        return told[:_WORDS]


def _titles_at_end(before: list[str]) -> list[str]:
    """The titles with which the words before a name end."""
    known, found = lexicon(), list[str]()
    for word in reversed(before):
        if word in known.titles:
            found.append(word)
        elif word not in known.modifiers:
            break
    return found


def _gender(names: Iterable[str], titles: Iterable[str]) -> str:
    told = {lexicon().titles.get(title, "") for title in titles} - {""}
    if len(told) == 1:
        return told.pop()
    guessed = {gender_of(person) for name in names if (person := person_name(name))} - {""}
    return guessed.pop() if len(guessed) == 1 and not told else ""


def _stand_in(kind: Kind, name: str) -> str:
    """The words under which an actor is known in the company of others: a surname that few bear
    is enough, as it is all that some texts give."""
    if kind is Kind.PERSON:
        person = person_name(name)
        if person is None:
            return ""
        rare = share(person, Agreement.LONE) <= _COMMON_SURNAME
        return person.surname if rare else " ".join(person.words)
    body = body_name(name)
    return body.alias or " ".join(sorted(body.bag)) if body else ""


def _place_value(place: Place) -> str:
    """A place smaller than a country, by its name and country."""
    if place.entry is None:
        return " ".join(words_of(place.label))
    if place.entry.feature.startswith(_WIDE):
        return ""
    return f"{place.entry.name}, {place.entry.country_code or '–'}"


def _sources(traits: frozenset[str]) -> frozenset[str]:
    return frozenset(each for each in traits if each[0] == Trait.SOURCE)


def _is_name(mention: Mention) -> bool:
    return mention.form is MentionForm.NAME


@cache
def _common_words() -> frozenset[str]:
    text = files("testimonia.linking").joinpath("data", "common_words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
