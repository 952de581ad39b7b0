"""Which words denote events, of which class and type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.model import EventClass
from testimonia.reading.events import find_events
from testimonia.reading.events.evidence import ending
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The baker closed the shop and left the village.", ["closed", "left"]),
        ("The rescue of the miners began on Monday.", ["rescue", "began"]),
        ("The clerk will sign the agreement during the ceremony.", ["sign", "ceremony"]),
        ("An earthquake damaged the old library.", ["earthquake", "damaged"]),
        ("The house is green.", []),
        ("The baker has a red table.", []),
        ("Twenty people, including the mayor, were evacuated.", ["evacuated"]),
    ],
)
def test_verbs_and_nouns_denote_events_and_copulas_do_not(
    parse: Parser, text: str, words: list[str]
) -> None:
    found = [trigger.span.of(text) for trigger in find_events(parse(text))]
    assert [word for word in found if word in words] == words
    assert not {"is", "has", "including", "will", "were"} & set(found)


def test_according_to_is_a_preposition(parse: Parser) -> None:
    text = "According to the clerk, the bridge collapsed."
    assert [each.span.of(text) for each in find_events(parse(text))] == ["collapsed"]


@pytest.mark.parametrize(
    ("text", "word", "event_class"),
    [
        ("The clerk said that the road was closed.", "said", EventClass.REPORTING),
        ("The farmers began the harvest.", "began", EventClass.ASPECTUAL),
        ("The farmers hope to sell the wheat.", "hope", EventClass.I_STATE),
        ("The council tried to repair the roof.", "tried", EventClass.I_ACTION),
        ("The storm destroyed the barn.", "destroyed", EventClass.OCCURRENCE),
    ],
)
def test_class(parse: Parser, text: str, word: str, event_class: EventClass) -> None:
    found = {each.span.of(text): each.event_class for each in find_events(parse(text))}
    assert found[word] is event_class


@pytest.mark.parametrize(
    ("text", "word", "event_type"),
    [
        ("The rebels attacked the harbour.", "attacked", "assault"),
        ("The ministers met the farmers.", "met", "consult"),
        ("The council called off the vote.", "called", "reject"),
        ("The sanctions on Norway hurt the fishermen.", "sanctions", "sanction"),
        ("The baker painted the door.", "painted", "other"),
    ],
)
def test_type_comes_from_the_lemma_with_its_particle(
    parse: Parser, text: str, word: str, event_type: str
) -> None:
    found = {each.span.of(text): each.event_type for each in find_events(parse(text))}
    assert found[word] == event_type


def test_a_typed_noun_with_a_participant_is_told_of(parse: Parser) -> None:
    text = "Western nations have imposed sanctions on Norway."
    sanctions = [each for each in find_events(parse(text)) if each.lemma == "sanction"]
    assert [part.span.of(text) for part in sanctions[0].parts] == ["Western nations", "Norway"]


def test_definite_nouns_point_back(parse: Parser) -> None:
    text = "The explosion hurt nobody. A second explosion destroyed the barn."
    nouns = [each.definite for each in find_events(parse(text)) if each.lemma == "explosion"]
    assert nouns == [True, False]


@pytest.mark.parametrize(
    ("lemma", "end"), [("deployment", "ment"), ("shelling", "ing"), ("war", "-"), ("tion", "-")]
)
def test_ending(lemma: str, end: str) -> None:
    assert ending(lemma) == end
