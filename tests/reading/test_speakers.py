"""Who speaks in transcripts and quotations, through the actors that come of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.model import Actor, ActorType
from testimonia.reading.actors import find_actors
from testimonia.reading.attribution import find_attributions
from testimonia.reading.syntax import Parse

ParseText = Callable[[str], Parse]

HEARING = """\
Mr DELANEY: With respect, he never said that. He said it was badly planned.

Ms FERRARA: It was. I have the minutes here.

Mr DELANEY: Then read them to us.

Ms FERRARA: I will. I have them in my bag.
"""
EXCHANGE = """\
Q: When did you arrive?
A: I came at noon.
Q: Who let you in?
A: My brother did. I thanked him.
"""


def actors(parsed: Parse) -> tuple[Actor, ...]:
    return find_actors(parsed, (), find_attributions(parsed, scope="nested"))


def clusters(parsed: Parse) -> list[list[str]]:
    return [[m.span.of(parsed.text) for m in actor.mentions] for actor in actors(parsed)]


def together(parsed: Parse, one: str, other: str) -> bool:
    return any(one in words and other in words for words in clusters(parsed))


def test_a_speaker_is_not_the_he_of_the_own_turn(parse: ParseText) -> None:
    parsed = parse(HEARING)
    assert not together(parsed, "DELANEY", "he")
    assert not together(parsed, "DELANEY", "He")


def test_a_speaker_is_not_the_he_of_the_own_quotation(parse: ParseText) -> None:
    parsed = parse('Tom Reyes met Paul Greer. "He never called me," Reyes said.')
    assert together(parsed, "Paul Greer", "He")
    assert together(parsed, "Tom Reyes", "me")


@pytest.mark.parametrize(
    "text",
    [
        'Tom Reyes left. "Paul Greer said he was ill," Reyes said.',
        'Paul Greer said he wanted "a new mill and a new bridge for all of us here in Lenzig".',
    ],
)
def test_indirect_speech_in_quotation_marks_may_be_of_oneself(parse: ParseText, text: str) -> None:
    assert together(parse(text), "Paul Greer", "he")


def test_a_speaker_named_by_a_pronoun_is_not_the_he_of_the_quotation(parse: ParseText) -> None:
    parsed = parse('Tom Reyes left. "She never called him," she said.')
    assert not any("She" in words and "she" in words for words in clusters(parsed))


def test_one_label_is_one_speaker(parse: ParseText) -> None:
    found = clusters(parse(HEARING))
    assert ["FERRARA", "I", "FERRARA", "I", "I", "my"] in found
    assert not any("Ms" in words for words in found)


def test_a_title_in_a_label_makes_a_person(parse: ParseText) -> None:
    types = {actor.label: actor.type for actor in actors(parse(HEARING))}
    assert types["FERRARA"] is ActorType.PERSON


def test_questions_have_one_asker_and_answers_one_giver(parse: ParseText) -> None:
    found = clusters(parse(EXCHANGE))
    assert ["Q", "Q"] in found
    assert ["A", "I", "A", "My", "I"] in found


def test_a_title_and_the_name_between_commas_are_one_person(parse: ParseText) -> None:
    parsed = parse("According to the mayor, Lisa Brandt, the bridge will close.")
    assert together(parsed, "the mayor", "Lisa Brandt")


def test_whoever_is_spoken_to_is_nobodys_she_in_the_paragraph(parse: ParseText) -> None:
    told = "Karen, the port authority has confirmed that the ship left."
    assert not together(parse(f"{told} She said the crew was well."), "Karen", "She")
    parsed = parse("Karen, the captain, left early. She said the crew was well.")
    assert together(parsed, "Karen", "She")


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        (
            "A former bookkeeper told the court that the accounts were wrong.",
            "A former bookkeeper",
            ActorType.PERSON,
        ),
        ("One welder said that the gate was locked.", "One welder", ActorType.PERSON),
        ("The letter said that the gate was locked.", "The letter", ActorType.ACTOR),
    ],
)
def test_form_of_a_noun_tells_a_person(
    parse: ParseText, text: str, label: str, expected: ActorType
) -> None:
    assert {actor.label: actor.type for actor in actors(parse(text))}[label] is expected


def test_whoever_answers_is_the_one_person_named_before(parse: ParseText) -> None:
    lead = "Ruth Adler has run the mill for nine years.\n\n"
    parsed = parse(lead + EXCHANGE)
    assert together(parsed, "Ruth Adler", "A")
    assert together(parsed, "Ruth Adler", "My")
    both = parse("Ruth Adler and Tom Reyes run the mill.\n\n" + EXCHANGE)
    assert not together(both, "Ruth Adler", "A")
