"""Who can be a speaker in the record, and what becomes of what nobody can have said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.model import AttributionKind, Certainty, Directness
from testimonia.reading.attribution import Attribution, find_attributions
from testimonia.reading.syntax import Parse

from .conftest import Told, told

Parser = Callable[[str], Parse]
Found = Callable[[str], list[tuple[Told, Attribution]]]
Row = tuple[str, str | None, str]


@pytest.fixture
def recorded(parse: Parser) -> Callable[[str], list[Row]]:
    """Source, cue lemma and content of each attribution that the graph is made of."""

    def read(text: str) -> list[Row]:
        found = [told(a, text) for a in find_attributions(parse(text), scope="nested")]
        return [(each.source, each.lemma, each.content) for each in found]

    return read


Recorded = Callable[[str], list[Row]]


@pytest.mark.parametrize(
    "text",
    [
        "This collapse underscores the weakness of the northern line.",
        "The directives aim to keep the bridges open.",
        "The figures show that four hundred posts are at risk.",
        "The fire means that the mill will close.",
        "This shows that the mill was old.",
        "The rally reflects hopes that the mill will open.",
    ],
)
def test_events_and_things_say_nothing(recorded: Recorded, text: str) -> None:
    assert not {source for source, _, _ in recorded(text)} - {""}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The report says that the mill was old.", "The report"),
        ("The letter states that the vestry paid.", "The letter"),
        ("A survey shows that most villagers stayed.", "A survey"),
        ("The embassy said that nobody was hurt.", "The embassy"),
        ("The opposition warned that the dam would break.", "The opposition"),
        ("A number of residents said that the dam would break.", "A number of residents"),
        ("Some 40 percent of voters say that the dam will break.", "Some 40 percent of voters"),
        ("The accused said that he had slept.", "The accused"),
        ("The collapse and the mayor said that it was over.", "The collapse and the mayor"),
    ],
)
def test_people_bodies_and_papers_speak(recorded: Recorded, text: str, source: str) -> None:
    assert source in {found for found, _, _ in recorded(text)}


def test_concerns_have_a_holder_whom_nobody_names(recorded: Recorded) -> None:
    text = "The town's fall has raised concerns about supplies to the valley."
    assert recorded(text) == [("", "concern about", "supplies to the valley")]


def test_fears_that_an_event_fuels_are_somebodys(recorded: Recorded) -> None:
    text = "The killing has fuelled fears of a wider war."
    assert recorded(text) == [("", "fear of", "a wider war")]


def test_a_quotation_is_somebodys_even_where_its_source_is_mute(parse: Parser) -> None:
    text = "The collapse said: “Nobody came to help us that night.”"
    (only,) = find_attributions(parse(text), scope="nested")
    assert (only.source, only.voiced) == ((), False)


def test_reading_alone_still_tells_it_and_that_it_is_mute(found: Found) -> None:
    text = "This collapse underscores the weakness of the northern line."
    assert [(told.source, a.voiced) for told, a in found(text)] == [("This collapse", False)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("The raid, which the rebels denied, killed nine.", ("the rebels", "deny", "The raid")),
        (
            "A claim that they had executed prisoners, which the rebels denied, was not verified.",
            ("the rebels", "deny", "A claim that they had executed prisoners"),
        ),
        (
            "The minister called it a massacre, a charge the rebels denied.",
            ("the rebels", "deny", "a charge"),
        ),
    ],
)
def test_denials_in_relative_clauses(recorded: Recorded, text: str, row: Row) -> None:
    assert row in recorded(text)


def test_a_comment_behind_a_content_is_not_in_it(recorded: Recorded) -> None:
    text = "The minister called it a massacre, a charge the rebels denied."
    assert ("The minister", "call", "it a massacre") in recorded(text)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor reportedly refused to leave.",
        "The mayor has allegedly said that the bridge is unsafe.",
    ],
)
def test_hearsay_is_told_once(parse: Parser, text: str) -> None:
    (only,) = find_attributions(parse(text), scope="nested")
    assert only.attribution_certainty is not Certainty.CERTAIN


def test_hopes_are_an_attitude(parse: Parser) -> None:
    found = find_attributions(parse("The mayor hopes that the truce will hold."), scope="nested")
    assert [(a.cue_lemma, a.kind) for a in found] == [("hope", AttributionKind.ATTITUDE)]


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("The pilot said the boat could sink.", Certainty.POSSIBLE),
        ("The pilot said the boat could not come.", Certainty.CERTAIN),
        ("The pilot said the road, which could flood, was open.", Certainty.CERTAIN),
    ],
)
def test_could_weakens_only_what_it_governs(parse: Parser, text: str, certainty: Certainty) -> None:
    (only,) = find_attributions(parse(text), scope="nested")
    assert only.certainty is certainty


def test_a_turn_is_direct_speech_with_all_its_sentences(parse: Parser) -> None:
    text = (
        "MS. TORVALD: Where were you? Take your time.\n\n"
        "MR. PYM: At the mill. The guard said that the dam would break.\n"
    )
    first, second, inner = find_attributions(parse(text), scope="nested")
    assert [told(a, text).source for a in (first, second)] == ["MS. TORVALD", "MR. PYM"]
    assert told(first, text).content == "Where were you? Take your time."
    assert first.directness is second.directness is Directness.DIRECT
    assert (told(inner, text).source, inner.within) == ("The guard", 1)


@pytest.mark.parametrize(
    "text",
    [
        "Harriers 3-1 Wanderers: A late goal settled it at Mill Lane.",
        "Present: A. Barker, T. Cole, M. Singh.",
        "Ingredients: flour, water and salt.",
    ],
)
def test_scores_and_lists_say_nothing(recorded: Recorded, text: str) -> None:
    assert recorded(text) == []


def test_a_dateline_is_in_no_content(recorded: Recorded) -> None:
    text = "TORVIK, Norway (AP) — Rebels took the mill on Tuesday, the ministry said."
    assert recorded(text) == [("the ministry", "say", "Rebels took the mill on Tuesday")]


def test_a_headline_in_capitals(recorded: Recorded) -> None:
    text = "GUILD CALLS STRIKE AS PREMIER VOWS REFORM\n\nThe mill stood still on Monday."
    assert ("PREMIER", "vow", "REFORM") in recorded(text)
