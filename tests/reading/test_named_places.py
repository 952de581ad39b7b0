"""What a name that looks like a place's, or is one, denotes; whole readings of invented texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.library import open_reader
from testimonia.model import (
    ActorType,
    GazetteerEntry,
    Mention,
    MentionForm,
    Metadata,
    Place,
    Reading,
    Span,
    Text,
)
from testimonia.reading import Reader
from testimonia.reading.actors.branches import find_branches
from testimonia.reading.lines import to_json
from testimonia.reading.syntax import Parse, Token

Read = Callable[[str], Reading]

MATCH = (
    "France beat Denmark in the first match of the tournament.\n\n"
    "Group C — France 3 – 1 Denmark\n\n"
    "France started well in Oslo. The Denmark coach changed the goalkeeper at halftime, and"
    " France scored again. The match ended with France winning three points."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader()


@pytest.fixture
def read(reader: Reader) -> Read:
    return lambda content: reader.read(Text(content, Metadata(), "text/plain"))


def types_of(reading: Reading, content: str, words: str) -> list[str]:
    """The types of the entities that ``testimonia read`` prints for exactly these words."""
    printed = to_json("d", reading)["entities"]
    assert isinstance(printed, list)
    return [each["type"] for each in printed if content[each["start"] : each["end"]] == words]


# ------------------------------------------------------------------------------- nationality


def test_nationality_word_is_a_nationality_and_still_means_the_country(read: Read) -> None:
    content = "Swedish officials met in Sweden. The Swedish delegation then left."
    reading = read(content)
    assert types_of(reading, content, "Swedish") == ["nationality", "nationality"]
    assert types_of(reading, content, "Sweden") == ["place"]
    (sweden,) = [place for place in reading.places if place.label == "Sweden"]
    assert [mention.demonym for mention in sweden.mentions] == [True, False, True]


# ------------------------------------------------------------------------------- sites


@pytest.mark.parametrize(
    ("content", "site"),
    [
        ("The train is on show at the Orlova Railway Museum.", "Orlova Railway Museum"),
        ("Crowds gathered at the Museum of Salt on Sunday.", "Museum of Salt"),
        ("The race was held in Velden Stadium.", "Velden Stadium"),
        ("The wounded were treated in Saint Orlova Hospital.", "Saint Orlova Hospital"),
    ],
)
def test_named_building_is_a_place_without_coordinates(read: Read, content: str, site: str) -> None:
    reading = read(content)
    (place,) = [place for place in reading.places if place.label == site]
    assert place.site
    assert place.entry is None
    assert types_of(reading, content, site) == ["place"]
    toponyms = to_json("d", reading)["toponyms"]
    assert isinstance(toponyms, list)
    assert site not in {content[each["start"] : each["end"]] for each in toponyms}


def test_building_that_speaks_is_an_organisation(read: Read) -> None:
    content = "The Orlova Railway Museum said that it would close in March."
    reading = read(content)
    assert not [place for place in reading.places if place.site]
    (museum,) = [actor for actor in reading.actors if "Orlova Railway Museum" in actor.label]
    assert museum.type is ActorType.ORGANIZATION


def test_acronym_of_a_building_is_the_same_place(read: Read) -> None:
    content = "They met at the Orlova Railway Museum (ORM). A crowd waited outside the ORM."
    (museum,) = [place for place in read(content).places if place.site]
    words = [mention.span.of(content) for mention in museum.mentions]
    assert words == ["Orlova Railway Museum", "ORM", "ORM"]


def test_name_that_goes_on_after_the_building_is_no_building(read: Read) -> None:
    content = "He works for the Velden Stadium Corporation in Oslo."
    assert not [place for place in read(content).places if place.site]


def test_former_state_is_a_place_that_may_act(read: Read) -> None:
    content = "The Soviet Union rejected the treaty."
    reading = read(content)
    (state,) = [place for place in reading.places if place.label == "Soviet Union"]
    assert state.entry is None
    (actor,) = [actor for actor in reading.actors if actor.key == state.key]
    assert actor.type is ActorType.GEOPOLITICAL_ENTITY


# ------------------------------------------------------------------------------- teams


def test_country_is_its_team_in_the_report_of_a_match(read: Read) -> None:
    reading = read(MATCH)
    assert types_of(reading, MATCH, "France") == ["organization"] * 5
    assert types_of(reading, MATCH, "Denmark") == ["organization"] * 3
    assert types_of(reading, MATCH, "Oslo") == ["place"]
    (france,) = [actor for actor in reading.actors if actor.label == "France"]
    assert france.type is ActorType.ORGANIZATION
    assert all(mention.form is MentionForm.NAME for mention in france.mentions)


def test_country_is_no_team_where_no_match_is_told(read: Read) -> None:
    content = "France defeated Denmark in the vote. France lost 3 – 1 in the last round of talks."
    assert types_of(read(content), content, "France") == ["place", "place"]


# ------------------------------------------------------------------------------- persons


def test_surname_that_is_a_town_too_is_a_person_the_text_knows(read: Read) -> None:
    content = (
        "The plant will close, said Victor Henderson, the manager. Henderson told the workers"
        " that he regretted it. Henderson left in the evening."
    )
    assert types_of(read(content), content, "Henderson") == ["person", "person"]


def test_town_is_a_town_where_something_is_in_it(read: Read) -> None:
    content = "Victor Henderson moved away. The workers stayed in Henderson, Nevada."
    assert "person" not in types_of(read(content), content, "Henderson")


# ------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "content",
    [
        "Museum",
        "Museum of",
        "Museum of Museum of Museum of",
        "1 – 0 " * 50,
        "Stadium " * 400,
        "(" * 99,
    ],
)
def test_scraps_are_read(read: Read, content: str) -> None:
    for place in read(content).places:
        assert all(mention.span.end <= len(content) for mention in place.mentions)


# ------------------------------------------------------------------------- what no map has


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("The probe left Earth in March and reached Mars in autumn.", "Earth"),
        ("Energy is a question of trust for the West, the minister said.", "West"),
    ],
)
def test_worlds_and_quarters_are_places_without_coordinates(
    read: Read, content: str, name: str
) -> None:
    reading = read(content)
    assert types_of(reading, content, name) == ["place"]
    assert all(place.entry is None for place in reading.places if place.label == name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Pupils planted trees on Earth Day.", "Earth"),
        ("Bruno Mars sang in the hall.", "Mars"),
        ("The ship turned West at noon.", "West"),
    ],
)
def test_words_of_other_names_and_directions_are_no_worlds(
    read: Read, content: str, name: str
) -> None:
    assert "place" not in types_of(read(content), content, name)


# ------------------------------------------------------------- bodies that end in a country


def test_body_called_after_a_field_and_a_country(read: Read) -> None:
    content = (
        "The report of Transport Canada was lost. Transport Canada spokesman Lee Okoro agreed."
    )
    reading = read(content)
    assert types_of(reading, content, "Transport Canada") == ["organization"] * 2
    assert types_of(reading, content, "Canada") == []


@pytest.mark.parametrize(
    ("content", "bodies"),
    [
        ("He works for Transport Canada now.", ["Transport Canada"]),
        ("He works for Public Transport Canada now.", ["Public Transport Canada"]),
        ("Transport Canada", []),
        ("He saw Mainland Canada again.", []),
        ("He met Minister Canada again.", []),
    ],
)
def test_only_a_field_inside_a_sentence_makes_a_body(content: str, bodies: list[str]) -> None:
    parsed = _compounds(content)
    span = Span(content.index("Canada"), content.index("Canada") + len("Canada"))
    entry = GazetteerEntry("geonames-6251999", "Canada", 60.0, -96.0, "PCLI", "CA", (), 37_000_000)
    mention = Mention(span, MentionForm.NAME, 1.0)
    canada = Place("place/0", "Canada", ("Canada",), (mention,), entry=entry)
    found = find_branches(parsed, [canada])
    assert [whole.of(content) for whole in found.values()] == bodies


def _compounds(content: str) -> Parse:
    """A sentence in which every capitalised word is a proper noun that hangs on "Canada"."""
    words = content.rstrip(".").split()
    country, start, tokens = words.index("Canada"), 0, []
    for i, word in enumerate(words):
        proper = word[0].isupper() and word != "He"
        tokens.append(
            Token(
                *(i, start, start + len(word), word, word.lower(), word),
                *(("PROPN", "NNP") if proper else ("X", "XX")),
                dep="compound" if proper and i != country else "dep",
                head=country,
                sentence=0,
                entity=-1,
            )
        )
        start += len(word) + 1
    return Parse(content, tuple(tokens), ((0, len(tokens)),))


def test_what_the_text_calls_a_village_is_one_in_all_its_mentions(read: Read) -> None:
    content = (
        "The flood reached the village of Oprava on Monday. Oprava was evacuated, said the mayor."
        " Nobody in Oprava was hurt."
    )
    assert types_of(read(content), content, "Oprava") == ["place"] * 3


def test_a_person_called_as_a_village_is_a_person(read: Read) -> None:
    content = "Anna Oprava was born in the village of Lund. Oprava said that she would return."
    reading = read(content)
    assert types_of(reading, content, "Oprava") == ["person"]
    assert types_of(reading, content, "Lund") == ["place"]


def test_a_business_is_no_thing_for_its_last_word(read: Read) -> None:
    content = "Halden Systems said that it had lost the contract. A clerk of Halden Systems left."
    assert types_of(read(content), content, "Halden Systems") == ["organization"] * 2


def test_a_common_noun_in_capitals_is_nobodys_name(read: Read) -> None:
    content = "A report reached HEADQUARTERS on Monday. HEADQUARTERS denied it."
    assert types_of(read(content), content, "HEADQUARTERS") == []


@pytest.mark.parametrize(
    ("content", "name", "country"),
    [
        ("The Spanish government said that Valencia was safe.", "Valencia", "ES"),
        ("The Canadian minister opened hospitals in Windsor and Hamilton.", "Windsor", "CA"),
        ("The Chilean navy closed the port of Valparaíso.", "Valparaíso", "CL"),
    ],
)
def test_a_nationality_tells_where_a_namesake_lies(
    read: Read, content: str, name: str, country: str
) -> None:
    (place,) = (each for each in read(content).places if name in each.names)
    assert place.entry is not None
    assert place.entry.country_code == country
    assert place.entry.longitude is not None
    assert place.entry.longitude > -84  # Valparaíso's region has islands far out
