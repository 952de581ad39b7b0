"""What documents are about: several tell one story, and do not agree in everything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from benchmarks.corpus import lexicon
from benchmarks.corpus.draws import Growth, stream
from testimonia.model import GazetteerEntry

NAMES: Final = Growth(0.78, 60)
PLACES: Final = Growth(0.62, 25)
DAYS: Final = Growth(0.65, 25)
WORDS: Final = Growth(0.55, 250)

_NEW_STORY: Final = 0.4
_FARTHEST_BACK: Final = 20
_CAST: Final = 4
_THINGS: Final = 5
_OTHER_NUMBER: Final = 0.15
_OTHER_DAY: Final = 0.1


@dataclass(frozen=True, slots=True)
class Story:
    """Its number, persons, organisation, places and things, the day and how many were hurt."""

    number: int
    cast: tuple[str, ...]
    body: str
    place: GazetteerEntry
    near: GazetteerEntry
    things: tuple[str, ...]
    day: date
    count: int


def story_of(seed: int, document: int) -> int:
    """The number of the story that a document tells: the number of the first that told it."""
    draw = stream("story", seed, document)
    if document == 0 or draw.random() < _NEW_STORY:
        return document
    return story_of(seed, document - 1 - draw.randrange(min(document, _FARTHEST_BACK)))


def story(seed: int, number: int, places: lexicon.Places) -> Story:
    """A story by its number."""
    draw = stream("facts", seed, number)
    place = places(PLACES.rank(draw))
    surname = lexicon.surname(NAMES.rank(draw))
    pattern = draw.choice(lexicon.words()["body"])
    noun = lexicon.noun(WORDS.rank(draw)).title()
    return Story(
        number,
        tuple(lexicon.person(NAMES.rank(draw)) for _ in range(_CAST)),
        pattern.format(place=place.name, surname=surname, noun=noun),
        place,
        places(PLACES.rank(draw)),
        tuple(thing(draw) for _ in range(_THINGS)),
        lexicon.day(DAYS.rank(draw)),
        draw.randint(2, 90),
    )


def as_told(story: Story, draw: Random) -> Story:
    """The story as one source tells it: some have another number, or another day."""
    if draw.random() < _OTHER_NUMBER:
        story = replace(story, count=story.count + draw.randint(1, 9))
    if draw.random() < _OTHER_DAY:
        story = replace(story, day=story.day - timedelta(days=1))
    return story


def thing(draw: Random) -> str:
    """A noun, often with an adjective."""
    noun = lexicon.noun(WORDS.rank(draw))
    adjective = lexicon.adjective(WORDS.rank(draw))
    return noun if draw.random() < 0.5 else f"{adjective} {noun}"
