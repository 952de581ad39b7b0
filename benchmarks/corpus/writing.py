"""Writes documents: a headline, a lead, what people say, and plain sentences between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from benchmarks.corpus import lexicon, stories
from benchmarks.corpus.draws import stream
from benchmarks.corpus.marks import Mark, templates, unmark
from benchmarks.corpus.stories import NAMES, WORDS, Story
from testimonia.model import Metadata, Text

_STRANGER: Final = 0.35  # how often somebody speaks who is not of the story's cast


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence's marks, and the facts that filled it."""

    marks: tuple[Mark, ...]
    story: Story


@dataclass(frozen=True, slots=True)
class Written:
    """A document, its story, and what its stretches are."""

    number: int
    story: Story
    text: Text
    sentences: tuple[Sentence, ...]


def write(seed: int, number: int, places: lexicon.Places, sentences: int = 24) -> Written:
    """The document ``number`` of a corpus; ``sentences`` is how many it has on average."""
    draw = stream("document", seed, number)
    facts = stories.story(seed, stories.story_of(seed, number), places)
    told = stories.as_told(facts, draw)
    title = _filled(draw.choice(templates()["headline"]["event"]), told, draw)
    content, found = "", list[Sentence]()
    count = max(3, round(draw.lognormvariate(0, 0.5) * sentences))
    for position in range(count):
        kind = "lead" if position == 0 else "told" if draw.random() < 0.5 else "plain"
        template = draw.choice(templates()["sentence"][kind])
        words, marks = unmark(_filled(template, told, draw), len(content))
        words = words[0].upper() + words[1:]
        found.append(Sentence(marks, told))
        content += words + ("\n\n" if position % 3 == 2 else " ")
    metadata = Metadata(
        title=title,
        publisher=draw.choice(lexicon.words()["publisher"]),
        issued=(told.day + timedelta(days=draw.randint(0, 3))).isoformat(),
        language="en",
        identifier=f"synthetic-{seed}-{number}",
    )
    return Written(number, told, Text(content.rstrip(), metadata, "text/plain"), tuple(found))


def _filled(template: str, story: Story, draw: Random) -> str:
    for slot in ("noun", "adj", "surname", "surname2"):
        while f"{{{slot}}}" in template:
            template = template.replace(f"{{{slot}}}", _word(slot, draw), 1)
    return template.format(**_facts(story, draw))


def _word(slot: str, draw: Random) -> str:
    if slot == "noun":
        return lexicon.noun(WORDS.rank(draw))
    if slot == "adj":
        return lexicon.adjective(WORDS.rank(draw))
    return lexicon.surname(NAMES.rank(draw))


def _facts(story: Story, draw: Random) -> Mapping[str, object]:
    lists = lexicon.words()
    hero = story.cast[0]
    other = draw.choice(story.cast[1:])
    if draw.random() < _STRANGER:
        other = lexicon.person(NAMES.rank(draw))
    return {
        "hero": hero,
        "other": other,
        "body": story.body,
        "group": draw.choice(lists["group"]),
        "role": draw.choice(lists["role"]),
        "place": story.place.name,
        "near": story.near.name,
        "thing": draw.choice(story.things),
        "day": "on " + lexicon.written(story.day),
        "later": lexicon.written(story.day + timedelta(days=30)),
        "count": story.count,
    }
