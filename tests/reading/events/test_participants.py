"""Who does what to whom, and where and when the event's own words place it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.events import find_events
from testimonia.reading.events.participants import phrase
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]


def parts(parse: Parser, text: str, word: str) -> set[tuple[str, str]]:
    found = next(each for each in find_events(parse(text)) if each.span.of(text) == word)
    return {(str(part.role), part.span.of(text)) for part in found.parts}


def adjuncts(parse: Parser, text: str, word: str) -> list[str]:
    found = next(each for each in find_events(parse(text)) if each.span.of(text) == word)
    return [span.of(text) for span in found.adjuncts]


ACTIVE = {("agent", "The rebels"), ("patient", "the harbour")}
PASSIVE = {("agent", "the rebels"), ("patient", "The harbour")}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("The rebels captured the harbour.", "captured", ACTIVE),
        ("The rebels captured and burned the harbour.", "captured", ACTIVE),
        ("The rebels wanted to capture the harbour.", "capture", ACTIVE),
        ("The rebels advanced, capturing the harbour.", "capturing", ACTIVE),
        ("The rebels were praised for capturing the harbour.", "capturing", ACTIVE),
        ("The rebels who captured the harbour left.", "captured", ACTIVE),
        ("The harbour was captured by the rebels.", "captured", PASSIVE),
        ("The harbour that the rebels captured burned down.", "captured", PASSIVE),
        ("The harbour the rebels captured burned down.", "captured", PASSIVE),
        ("The harbour captured by the rebels burned down.", "captured", PASSIVE),
        (
            "The harbour was shelled and captured by the rebels.",
            "shelled",
            {("patient", "The harbour")},
        ),
        ("The harbour was shelled, killing two men.", "killing", {("patient", "two men")}),
        (
            "At least 20 people were reported killed in the flood.",
            "killed",
            {("patient", "At least 20 people")},
        ),
        ("Five men were confirmed killed.", "killed", {("patient", "Five men")}),
        ("The mayor, arrested in May, of Harwick left.", "left", {("agent", "The mayor")}),
        ("HARWICK, Nov 3 - Shares fell on Monday.", "fell", {("agent", "Shares")}),
        (
            "HARWICK, Nov 3 (Orra) - Rebels captured the harbour.",
            "captured",
            {("agent", "Rebels"), ("patient", "the harbour")},
        ),
        (
            "NEW TARSK (Orra) — The council closed the bridge.",
            "closed",
            {("agent", "The council"), ("patient", "the bridge")},
        ),
        (
            "Shelling resumed, the General Staff said, killing at least seven civilians.",
            "killing",
            {("patient", "at least seven civilians")},
        ),
        (
            "The dam broke, the ministry said, flooding three villages.",
            "flooding",
            {("agent", "The dam"), ("patient", "three villages")},
        ),
        (
            "The dam broke, the minister said, accusing the company.",
            "accusing",
            {("agent", "the minister"), ("patient", "the company")},
        ),
        ("Twelve miners were feared drowned.", "drowned", {("patient", "Twelve miners")}),
        ("The council urged the mayor to resign.", "resign", {("agent", "the mayor")}),
        ("The council promised the mayor to resign.", "resign", {("agent", "The council")}),
        (
            "The council accused the mayor of closing the bridge.",
            "closing",
            {("agent", "the mayor"), ("patient", "the bridge")},
        ),
        (
            "The mayor and the council opened the bridge.",
            "opened",
            {("agent", "The mayor"), ("agent", "the council"), ("patient", "the bridge")},
        ),
        (
            "The queen gave a medal to the firefighters.",
            "gave",
            {("agent", "The queen"), ("patient", "a medal"), ("recipient", "the firefighters")},
        ),
        (
            "The ministers met with the farmers.",
            "met",
            {("agent", "The ministers"), ("other", "the farmers")},
        ),
    ],
)
def test_of_verbs(parse: Parser, text: str, word: str, expected: set[tuple[str, str]]) -> None:
    assert parts(parse, text, word) == expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        (
            "The army's capture of the harbour shocked the region.",
            "capture",
            {("agent", "The army's"), ("patient", "the harbour")},
        ),
        (
            "The capture of the harbour by the rebels shocked the region.",
            "capture",
            {("patient", "the harbour"), ("agent", "the rebels")},
        ),
        ("The mayor's arrest shocked the region.", "arrest", {("patient", "The mayor's")}),
        ("The fall of the city shocked the region.", "fall", {("agent", "the city")}),
        (
            "The talks between the union and the ministry collapsed.",
            "talks",
            {("agent", "the union"), ("agent", "the ministry")},
        ),
        (
            "The rebels launched an attack on the harbour.",
            "attack",
            {("agent", "The rebels"), ("recipient", "the harbour")},
        ),
        ("The company suffered a defeat.", "defeat", {("patient", "The company")}),
        ("The strike on Monday killed a farmer.", "strike", set()),
    ],
)
def test_of_nouns(parse: Parser, text: str, word: str, expected: set[tuple[str, str]]) -> None:
    assert parts(parse, text, word) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The village donated $5 million.", "donated"),
        ("The price rose 5 percent on Tuesday.", "rose"),
        ("Last week the bakers met.", "met"),
        ("It was raining in the valley.", "raining"),
    ],
)
def test_no_date_quantity_or_expletive_takes_part(parse: Parser, text: str, word: str) -> None:
    words = " ".join(words for _, words in parts(parse, text, word))
    assert not {"million", "percent", "Tuesday", "week", "It"} & set(words.split())


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("The rebels captured the harbour in May.", "captured", ["in May"]),
        ("On Monday, troops entered the town and shelled the port.", "shelled", ["On Monday"]),
        ("The bombing killed 12 people in Paris on Monday.", "killed", ["in Paris", "on Monday"]),
        ("The blast happened in Paris on Monday.", "blast", ["in Paris", "on Monday"]),
        ("The ministers held talks in Geneva.", "talks", ["in Geneva"]),
        ("The ministers signed the treaty after the war of 1990.", "signed", []),
        ("The clerk read a 2013 report.", "read", []),
        ("The protests of 2013 changed the country.", "protests", ["of 2013"]),
        ("Western nations imposed sanctions on Norway in May.", "imposed", ["in May"]),
    ],
)
def test_adjuncts_are_the_events_own(
    parse: Parser, text: str, word: str, expected: list[str]
) -> None:
    assert adjuncts(parse, text, word) == expected


def test_neighbours_keep_their_own_times(parse: Parser) -> None:
    text = "The rebels captured the harbour in May and the army recaptured it in June."
    assert adjuncts(parse, text, "captured") == ["in May"]
    assert adjuncts(parse, text, "recaptured") == ["in June"]


def test_a_phrase_leaves_out_clauses_and_what_is_coordinated(parse: Parser) -> None:
    text = "The old mayor of the town and the clerk, who had slept, left."
    found = parse(text)
    mayor = next(token for token in found.tokens if token.text == "mayor")
    clerk = next(token for token in found.tokens if token.text == "clerk")
    assert phrase(found, mayor).of(text) == "The old mayor of the town"
    assert phrase(found, clerk).of(text) == "the clerk"


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("The council promised a vote by May.", "promised", []),
        ("The council promised a vote by May.", "vote", ["by May"]),
        ("The council ordered the closure of the mine by Friday.", "ordered", []),
        ("The council ordered the closure of the mine by Friday.", "closure", ["by Friday"]),
        ("The council announced it for September.", "announced", []),
        ("The council announced the vote on Monday.", "announced", ["on Monday"]),
        ("By Friday, the mayor had said that it was closed.", "said", ["By Friday"]),
    ],
)
def test_the_date_of_what_is_said_is_not_that_of_the_saying(
    parse: Parser, text: str, word: str, expected: list[str]
) -> None:
    assert adjuncts(parse, text, word) == expected
