"""Names: trimmed, typed once a document, found where the tagger missed them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.library import open_reader
from testimonia.model import ActorType, Metadata, Text
from testimonia.reading.actors.lexicon import lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.actors.misplaced import _short_forms
from testimonia.reading.actors.names import find_names
from testimonia.reading.lines import to_json
from testimonia.reading.syntax import NamedEntity, Parse, Token

ParseText = Callable[[str], Parse]


def hand_made(words: str, *entities: tuple[int, int, str], tag: str = "NNP") -> Parse:
    """Words on one line, all proper nouns that hang on the last one, with these entities."""
    tokens, start = [], 0
    of_token = {i: n for n, (first, last, _) in enumerate(entities) for i in range(first, last)}
    spelled = words.split(" ")
    for i, word in enumerate(spelled):
        kind = "POS" if word in {"'s", "’s"} else "DT" if word.lower() == "the" else tag
        kind = "." if word == "." else kind
        tokens.append(
            Token(
                *(i, start, start + len(word), word, word.lower(), word.lower(), "PROPN", kind),
                dep="ROOT" if i == len(spelled) - 1 else "compound",
                head=len(spelled) - 1,
                sentence=0,
                entity=of_token.get(i, -1),
            )
        )
        start += len(word) + 1
    found = tuple(NamedEntity(*entity) for entity in entities)
    return Parse(words, tuple(tokens), ((0, len(tokens)),), found)


def found(parse: Parse, claimed: dict[int, int] | None = None) -> list[tuple[str, ActorType]]:
    held = [(claimed or {}).get(token.i, -1) for token in parse.tokens]
    return [
        (candidate.span(parse).of(parse.text), candidate.type or ActorType.ACTOR)
        for candidate in find_names(parse, held, lexicon())
    ]


def only(parse: Parse) -> Candidate:
    (candidate,) = find_names(parse, [-1] * len(parse.tokens), lexicon())
    return candidate


@pytest.mark.parametrize(
    ("words", "entity", "name"),
    [
        ("the Zenith Union met", (0, 3, "ORG"), "Zenith Union"),
        ("Ann Kovacs ’s met", (0, 3, "PERSON"), "Ann Kovacs"),
        ("Senator Ann Kovacs met", (0, 3, "PERSON"), "Ann Kovacs"),
        ("Navy Capt . Ann Kovacs met", (3, 5, "PERSON"), "Ann Kovacs"),
    ],
)
def test_edges_are_trimmed(words: str, entity: tuple[int, int, str], name: str) -> None:
    assert [words for words, _ in found(hand_made(words, entity))] == [name]


def test_title_is_kept_apart_with_the_gender_that_it_tells() -> None:
    candidate = only(hand_made("Chairwoman Kovacs met", (0, 2, "PERSON")))
    assert candidate.name == ("kovacs",)
    assert candidate.title == ("chairwoman",)
    assert candidate.gender == "f"


def test_office_inside_an_entity_divides_organisation_and_person() -> None:
    parsed = hand_made("Zenith Chairman Paul Kovacs met", (0, 4, "PERSON"))
    names = dict(found(parsed))
    assert names["Paul Kovacs"] is ActorType.PERSON


def test_one_type_for_a_name_across_the_document() -> None:
    parsed = hand_made(
        "Zenith met Zenith met Zenith met", (0, 1, "ORG"), (2, 3, "PERSON"), (4, 5, "ORG")
    )
    assert found(parsed) == [("Zenith", ActorType.ORGANIZATION)] * 3


def test_surname_follows_the_full_name_whatever_the_tagger_says() -> None:
    parsed = hand_made("Paul Kovacs met Kovacs met", (0, 2, "PERSON"), (3, 4, "ORG"))
    assert found(parsed) == [
        ("Paul Kovacs", ActorType.PERSON),
        ("Kovacs", ActorType.PERSON),
    ]


def test_words_of_organisations_outweigh_the_label() -> None:
    parsed = hand_made("the Zenith Ministry met", (1, 3, "PERSON"))
    assert found(parsed) == [("Zenith Ministry", ActorType.ORGANIZATION)]


@pytest.mark.parametrize(
    "words", ["the Zenith Act", "Shuttle Zenith", "Zenith X-15", "Zenith Road", "Zenith Stadium"]
)
def test_things_texts_and_buildings_are_no_actors(words: str) -> None:
    length = len(words.split(" "))
    assert found(hand_made(f"{words} fell", (0, length, "ORG"))) == []


def test_ship_is_a_ship_by_its_bare_name_too() -> None:
    parsed = hand_made("Shuttle Zenith met Zenith met", (0, 2, "PERSON"), (3, 4, "PERSON"))
    assert found(parsed) == []


def test_claimed_tokens_are_no_names_but_may_stand_in_longer_ones() -> None:
    parsed = hand_made("Bank of Zenda met Zenda met", (0, 3, "ORG"), (4, 5, "ORG"))
    assert found(parsed, {2: 0, 4: 1}) == [("Bank of Zenda", ActorType.ORGANIZATION)]


def test_known_name_is_found_where_it_is_untagged_or_in_capitals() -> None:
    parsed = hand_made("ANN KOVACS met Ann Kovacs met Kovacs met", (3, 5, "PERSON"))
    assert [words for words, _ in found(parsed)] == ["ANN KOVACS", "Ann Kovacs", "Kovacs"]


def test_acronym_that_a_bracket_defines_has_the_type_of_what_it_shortens() -> None:
    parsed = hand_made("Zenith River Union ( ZRU ) met ZRU met", (0, 3, "ORG"))
    assert found(parsed) == [
        ("Zenith River Union", ActorType.ORGANIZATION),
        ("ZRU", ActorType.ORGANIZATION),
        ("ZRU", ActorType.ORGANIZATION),
    ]


def test_acronym_of_a_thing_is_a_thing_too() -> None:
    parsed = hand_made("Zenith Developer Kit ( ZDK ) met ZDK met", (0, 3, "ORG"), (7, 8, "ORG"))
    assert found(parsed) == []


def test_maker_before_a_model_does_not_act() -> None:
    parsed = hand_made("Zenith X15 met Zenith met", (0, 1, "ORG"), (3, 4, "ORG"))
    assert [
        candidate.first for candidate in find_names(parsed, [-1] * len(parsed.tokens), lexicon())
    ] == [3]


def test_title_in_the_plural() -> None:
    parsed = hand_made("Senators KOVACS met", (1, 2, "ORG"))
    assert found(parsed) == [("KOVACS", ActorType.PERSON)]


def test_headline_verb_ends_a_persons_name() -> None:
    parsed = hand_made("Kovacs May Resign", (0, 3, "PERSON"))
    modal = parsed.tokens[1]._replace(tag="MD")
    tokens = (parsed.tokens[0], modal, parsed.tokens[2])
    parsed = Parse(parsed.text, tokens, parsed.sentences, parsed.entities)
    assert found(parsed) == [("Kovacs", ActorType.PERSON)]


def test_untagged_proper_noun_that_is_a_source_is_a_name() -> None:
    parsed = hand_made("Yesterday Smetkova said", tag="NNP")
    names = find_names(parsed, [-1] * 3, lexicon(), sources=[1])
    assert [candidate.type for candidate in names] == [ActorType.PERSON]


def test_entity_ends_where_the_line_ends(parse: ParseText) -> None:
    words = "Paul Kovacs\nMaria Duarte met"
    flat = hand_made(words.replace("\n", " "), (0, 4, "PERSON"))
    parsed = Parse(words, flat.tokens, flat.sentences, flat.entities)
    assert [name for name, _ in found(parsed)] == ["Paul Kovacs", "Maria Duarte"]


def test_weekdays_and_bare_titles_are_no_names() -> None:
    parsed = hand_made("Monday met President met", (0, 1, "PERSON"), (2, 3, "PERSON"))
    assert found(parsed) == []


def test_word_before_a_noun_that_is_no_ones_is_no_person(parse: ParseText) -> None:
    parsed = parse("The Velvet protests of that year were peaceful.")
    assert ActorType.PERSON not in [type_ for _, type_ in found(parsed)]


def test_peoples_are_named_groups(parse: ParseText) -> None:
    parsed = parse("The Norwegians left, and the Republicans stayed at home.")
    assert [(name, type_) for name, type_ in found(parsed) if type_ is ActorType.GROUP] == [
        ("Norwegians", ActorType.GROUP),
        ("Republicans", ActorType.GROUP),
    ]


def test_nationality_before_a_noun_is_no_actor(parse: ParseText) -> None:
    assert found(parse("The Norwegian ship left the port.")) == []


def test_given_name_makes_a_name_that_the_tagger_left_out(parse: ParseText) -> None:
    parsed = parse(
        "The plan was outlined by Chief of the General Staff Pavel Orlov during a meeting."
    )
    assert ("Pavel Orlov", ActorType.PERSON) in found(parsed)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Zorvex fell 80 points on Monday.", "Zorvex"),
        ("They sold a new phone, the Zorvex Prime, in shops.", "Zorvex Prime"),
        ("They came from Oslo in a Zorvex 250.", "Zorvex"),
    ],
)
def test_what_the_text_calls_a_thing_is_no_actor(parse: ParseText, text: str, name: str) -> None:
    assert name not in dict(found(parse(text)))


def test_newspaper_is_an_organisation() -> None:
    parsed = hand_made("the Strelsau Star wrote", (1, 3, "PERSON"))
    assert found(parsed) == [("Strelsau Star", ActorType.ORGANIZATION)]


def test_capitals_of_a_people_are_an_organisations(parse: ParseText) -> None:
    parsed = hand_made("Kovacs met ZKLA fighters", (2, 3, "NORP"))
    assert ("ZKLA", ActorType.ORGANIZATION) in found(parsed)


def test_adjective_is_no_name() -> None:
    assert found(hand_made("Zonal", (0, 1, "ORG"), tag="JJ")) == []


def test_a_text_that_ends_within_a_known_name_is_read() -> None:
    words = "Maria Holt met Maria . Maria"
    parse = hand_made(words, (0, 2, "PERSON"), (3, 4, "PERSON"))
    assert ("Maria Holt", ActorType.PERSON) in found(parse)


# ------------------------------------------------------------------- who is no name, or a person


@pytest.mark.parametrize("beside", [", 26, won again", " (26) won again", ", who won again"])
def test_age_and_who_tell_a_person(beside: str) -> None:
    words = f"Velox{beside}".replace(",", " ,").replace("(", "( ").replace(")", " )")
    parsed = hand_made(words, (0, 1, "ORG"))
    assert found(parsed)[0] == ("Velox", ActorType.PERSON)


def test_number_that_is_no_age_tells_no_person() -> None:
    assert found(hand_made("Velox , 2600 , won", (0, 1, "ORG")))[0] == (
        "Velox",
        ActorType.ORGANIZATION,
    )


def test_common_noun_that_begins_a_sentence_is_no_name(parse: ParseText) -> None:
    parsed = parse("Pamphlets announced the strike. Okonkwo announced another.")
    heads = [token.i for token in parsed.tokens if token.dep == "nsubj"]
    named = find_names(parsed, [-1] * len(parsed.tokens), lexicon(), heads)
    assert [each.span(parsed).of(parsed.text) for each in named] == ["Okonkwo"]


def test_language_of_a_gloss_is_no_source(parse: ParseText) -> None:
    parsed = parse("The village of Zenda (Arabic: Zendow) lies on the river.")
    arabic = next(token.i for token in parsed.tokens if token.text == "Arabic")
    named = find_names(parsed, [-1] * len(parsed.tokens), lexicon(), [arabic])
    assert "Arabic" not in [each.span(parsed).of(parsed.text) for each in named]


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        (
            "Al Orwitz preached on Sunday. Orwitz said that hope remained. Orwitz left Oslo.",
            "Orwitz",
            "person",
        ),
        (
            "Magna Timber Inc. closed its mill. Magna said it was in debt. Magna sold land.",
            "Magna",
            "organization",
        ),
        ("Bishop McAreavey prayed for the dead.", "McAreavey", "person"),
        ("General Motors closed a plant.", "General Motors", "organization"),
        ("The Elm Bar Association met. The EBA voted.", "EBA", "organization"),
        (
            "His neighbour Ines Carvalho believes the town should never have been rebuilt.",
            "Ines Carvalho",
            "person",
        ),
    ],
)
def test_full_names_and_titles_tell_what_short_ones_are(text: str, name: str, type_: str) -> None:
    printed = to_json("d", open_reader().read(Text(text, Metadata(), "text/plain")))["entities"]
    assert isinstance(printed, list)
    found = {each["type"] for each in printed if text[each["start"] : each["end"]] == name}
    assert found == {type_}


def test_given_names_tell_genders() -> None:
    forenames = lexicon().forenames
    assert forenames["thibaut"] == "m"
    assert forenames["clarice"] == "f"
    assert not {"ford", "victoria", "may", "hill", "royal"} & {n for n, g in forenames.items() if g}


def test_a_body_without_capitals_has_no_short_form() -> None:
    small = hand_made("zenda timber inc closed", (0, 3, "ORG"))
    mixed = hand_made("zenda Timber Inc closed", (0, 3, "ORG"))
    large = hand_made("Zenda Timber Inc closed", (0, 3, "ORG"))
    assert _short_forms(small, lexicon()) == set()
    assert "zenda" not in _short_forms(mixed, lexicon())
    assert "Zenda" in _short_forms(large, lexicon())
