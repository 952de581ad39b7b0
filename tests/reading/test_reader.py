"""Whole readings of invented texts: what assembly makes of what the rules found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from testimonia.library import open_reader
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    Certainty,
    Event,
    Metadata,
    Place,
    Polarity,
    Reading,
    Role,
    Statement,
    Text,
    words,
)
from testimonia.reading import Reader
from testimonia.reading.lines import to_json
from testimonia.settings import Settings

Read = Callable[..., Reading]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader()


@pytest.fixture
def read(reader: Reader) -> Read:
    def one(content: str, **stated: str) -> Reading:
        return reader.read(Text(content, Metadata(**stated), "text/plain"))  # type: ignore[arg-type]

    return one


def labels(reading: Reading, keys: tuple[str, ...]) -> set[str]:
    entities: tuple[Actor | Place | Event, ...] = (
        *reading.actors,
        *reading.places,
        *reading.events,
    )
    return {entity.label for entity in entities if entity.key in keys}


def said(reading: Reading, cue: str) -> Statement:
    (found,) = [each for each in reading.statements if each.cue_lemma == cue]
    return found


def account(reading: Reading, trigger: str, content: str) -> Account:
    (found,) = [each for each in reading.accounts if each.trigger.of(content) == trigger]
    return found


def test_each_coordinated_source_is_a_speaker(read: Read) -> None:
    reading = read("Ada Moss and Bo Hale said that the bridge had collapsed.")
    assert labels(reading, said(reading, "say").speakers) == {"Ada Moss", "Bo Hale"}


def test_a_hidden_source_is_described_and_not_named(read: Read) -> None:
    reading = read("The bridge has reportedly collapsed.")
    (statement,) = [each for each in reading.statements if not each.by_narrator]
    (actor,) = [each for each in reading.actors if each.key in statement.speakers]
    assert (actor.type, actor.named, actor.label) == (ActorType.ACTOR, False, "unnamed source")
    assert statement.attribution_certainty is not Certainty.CERTAIN


def test_what_nobody_else_says_the_narrator_tells(read: Read) -> None:
    content = "Soldiers attacked Odense on Monday. Bo Hale said that the mayor had fled."
    reading = read(content)
    (told,) = [each for each in reading.statements if each.by_narrator]
    assert words(told.content, content) == "Soldiers attacked Odense on Monday"
    assert told.speakers == ("actor/narrator",)
    fled = account(reading, "fled", content)
    assert said(reading, "say").gives == (fled.key,)


def test_an_account_is_given_by_the_innermost_statement_alone(read: Read) -> None:
    content = "Ada Moss said that Bo Hale had claimed that soldiers attacked Odense."
    reading = read(content)
    outer, inner = said(reading, "say"), said(reading, "claim")
    attack = account(reading, "attacked", content).key
    assert attack in inner.gives
    assert attack not in outer.gives
    assert inner.within == reading.statements.index(outer)


def test_an_account_has_its_place_time_and_number(read: Read) -> None:
    content = "Rebels killed at least 12 people in Odense on 3 May 2024, officials said."
    reading = read(content)
    killed = account(reading, "killed", content)
    assert labels(reading, killed.places) == {"Odense"}
    assert [each.value for each in reading.times if each.key in killed.times] == ["2024-05-03"]
    (quantity,) = [each for each in reading.quantities if each.key in killed.quantities]
    assert (quantity.value, quantity.unit) == ("12", "people")
    roles = {part.role: part.span.of(content) for part in killed.participants}
    assert roles[Role.AGENT] == "Rebels"


def test_a_relative_day_needs_the_documents_date(read: Read) -> None:
    content = "The mayor resigned on Friday."
    (dated,) = read(content, issued="2024-03-18").times
    assert (dated.value, dated.earliest) == ("2024-03-15", date(2024, 3, 15))
    (undated,) = read(content).times
    assert undated.earliest is None


def test_the_city_is_the_city_named_before(read: Read) -> None:
    content = "Rebels captured Kyiv. The city’s fall shocked many."
    reading = read(content)
    (event,) = [each for each in reading.events if len(each.mentions) > 1]
    assert [mention.span.of(content) for mention in event.mentions] == ["captured", "fall"]
    (place,) = reading.places
    assert [mention.span.of(content) for mention in place.mentions] == ["Kyiv", "The city"]
    assert place.names == ("Kyiv",)


def test_another_city_is_not(read: Read) -> None:
    content = "Rebels captured Kyiv. The port city of Aarhus is calm. A city needs peace."
    reading = read(content)
    spans = {mention.span.of(content) for place in reading.places for mention in place.mentions}
    assert spans == {"Kyiv", "Aarhus"}


def test_one_place_under_two_spellings_is_one(read: Read) -> None:
    reading = read("She flew to Kyiv. He had left Kiev before.")
    (place,) = reading.places
    assert set(place.names) == {"Kyiv", "Kiev"}


def test_a_state_that_speaks_is_place_and_actor(read: Read) -> None:
    reading = read("Denmark said it would send ships.")
    (speaker,) = said(reading, "say").speakers
    assert speaker.startswith("place/")
    (actor,) = [each for each in reading.actors if each.key == speaker]
    assert actor.type is ActorType.GEOPOLITICAL_ENTITY
    assert [place.key for place in reading.places] == [speaker]


def test_an_adjective_is_a_source_only_as_a_viewpoint(read: Read) -> None:
    reading = read("From the Danish perspective, the plan is a mistake.")
    (statement,) = [each for each in reading.statements if not each.by_narrator]
    assert labels(reading, statement.speakers) == {"Danish"} or labels(
        reading, statement.speakers
    ) == {"Denmark"}
    assert all(key.startswith("place/") for key in statement.speakers)


def test_i_is_the_narrator_outside_quotations_and_the_speaker_inside(read: Read) -> None:
    outside = read("I believe that the harbour will reopen.")
    assert said(outside, "believe").speakers == ("actor/narrator",)
    inside = read('"I believe that the harbour will reopen," said Ada Moss.')
    speakers = {labels(inside, each.speakers) == {"Ada Moss"} for each in inside.statements}
    assert True in speakers


def test_denied_and_not_said(read: Read) -> None:
    reading = read("Ada Moss did not say that the bridge had collapsed.")
    assert said(reading, "say").polarity is Polarity.NEGATIVE


def test_reading_is_a_pure_function(read: Read) -> None:
    content = (
        "Ada Moss told reporters in Odense on Monday that 12 ships had left. “Wait,” she said."
    )
    assert read(content, issued="2024-03-18") == read(content, issued="2024-03-18")


def test_the_line_of_a_reading_has_right_offsets(read: Read) -> None:
    content = (
        "Ünal 👩‍👩‍👧 said: “It’s ‘over’ in Kyïv—e\u0301h.” Officials in Odense reportedly agree."
    )
    line = to_json("x", read(content))
    for attribution in line["attributions"]:  # type: ignore[attr-defined]
        for key in ("source", "cue", "content"):
            assert all(0 <= start < end <= len(content) for start, end in attribution[key])
    for key in ("toponyms", "timexes", "entities", "events"):
        for each in line[key]:  # type: ignore[attr-defined]
            assert content[each["start"] : each["end"]].strip()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "   \n\n",
        "“" * 500,
        "a",
        "SAID " * 200,
        "Q: Why?\nA: Because I said so.\n" * 20,
        "(" * 300 + "said Bo" + ")" * 300,
        "He said " * 150 + "it rained.",
        "\ufffd\ufffd said \ufffd. " * 30,
        "قال الرئيس ان المدينة سقطت. The mayor said “نعم”.",
        "Name\tCity\nAda\tOdense\n" * 40,
    ],
)
def test_odd_texts_are_read(read: Read, content: str) -> None:
    reading = read(content)
    spans = [span for statement in reading.statements for span in statement.content]
    assert all(span.end <= len(content) for span in spans)


def who(reading: Reading, cue: str) -> list[set[str]]:
    return [labels(reading, each.speakers) for each in reading.statements if each.cue_lemma == cue]


def test_whoever_speaks_in_a_turn_says_i(read: Read) -> None:
    reading = read(
        "Q: When did you come?\nA: In May. The pilot said the boat could not come. I believe that"
        " he lied.\nQ: Were you afraid?\nA: Once. It rained."
    )
    assert who(reading, "believe") == [{"A"}]
    turns = [each for each in reading.statements if each.construction == "turn"]
    assert [labels(reading, each.speakers) for each in turns] == [{"Q"}, {"A"}, {"Q"}, {"A"}]
    assert len({each.speakers for each in turns}) == 2
    assert not any(each.by_narrator for each in reading.statements)


def test_a_thing_is_no_actor_and_what_it_shows_is_the_narrators(read: Read) -> None:
    text = "The flood of 1902 shows that the dam had broken in March."
    (only,) = read(text).statements
    assert (only.by_narrator, words(only.content, text)) == (True, text.rstrip("."))


def test_concerns_that_an_event_raises(read: Read) -> None:
    text = "The capture of Kyiv in May has raised concerns about supplies to the valley."
    reading = read(text)
    assert who(reading, "concern about") == [{"unnamed source"}]
    assert text.rstrip(".") in {words(s.content, text) for s in reading.statements if s.by_narrator}


def test_read_gives_a_mute_source_its_words_and_no_speaker() -> None:
    reader = open_reader(Settings(attributions="all"))
    text = "This collapse underscores the weakness of the northern line."
    reading = reader.read(Text(text, Metadata(), "text/plain"))
    told = to_json("x", reading)["attributions"]
    assert isinstance(told, list)
    (only,) = told
    assert only["source"] == [[0, len("This collapse")]]
    assert only["speaker"] is None
