"""Coreference, sieve by sieve, through the actors that come of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import ActorType, Directness, Span
from testimonia.reading.actors import PlaceMention, find_actors
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.coreference.pronouns import quotations
from testimonia.reading.syntax import Parse

ParseText = Callable[[str], Parse]


def clusters(
    parsed: Parse,
    places: tuple[PlaceMention, ...] = (),
    attributions: tuple[Attribution, ...] = (),
) -> list[list[str]]:
    return [
        [mention.span.of(parsed.text) for mention in actor.mentions]
        for actor in find_actors(parsed, places, attributions)
    ]


def together(parsed: Parse, one: str, other: str) -> bool:
    """Whether some actor has a mention of each of these words."""
    return any(one in words and other in words for words in clusters(parsed))


# ------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("Helen Okafor came. Okafor spoke first.", "Helen Okafor", "Okafor"),
        ("Helen Okafor came. Mrs. Okafor spoke first.", "Helen Okafor", "Okafor"),
        ("Helen Okafor came. Helen spoke first.", "Helen Okafor", "Helen"),
        ("Helen R. Okafor came. Helen Okafor spoke.", "Helen R. Okafor", "Helen Okafor"),
    ],
)
def test_short_forms_of_a_person(parse: ParseText, text: str, one: str, other: str) -> None:
    assert together(parse(text), one, other)


def test_other_forename_other_person(parse: ParseText) -> None:
    assert not together(
        parse("Helen Okafor came. Martin Okafor left."), "Helen Okafor", "Martin Okafor"
    )


def test_surname_goes_to_the_last_bearer_before_it(parse: ParseText) -> None:
    parsed = parse("Helen Okafor came. Martin Okafor left. The next day Okafor wrote a letter.")
    assert together(parsed, "Martin Okafor", "Okafor")


def test_surname_before_the_full_name(parse: ParseText) -> None:
    parsed = parse("Okafor resigned. Helen Okafor had been mayor for years.")
    assert together(parsed, "Okafor", "Helen Okafor")


def test_acronym_of_an_organisation(parse: ParseText) -> None:
    parsed = parse("The African Union (AU) met in May. On Friday the AU sent two envoys.")
    assert ["African Union", "AU", "AU"] in clusters(parsed)


# ----------------------------------------------------------------------------------- descriptions


def test_apposition(parse: ParseText) -> None:
    parsed = parse("Helen Okafor, the mayor of Springfield, opened the bridge.")
    assert ["Helen Okafor", "the mayor of Springfield"] in clusters(parsed)


def test_copula(parse: ParseText) -> None:
    parsed = parse("Helen Okafor is the mayor of the town.")
    assert together(parsed, "Helen Okafor", "the mayor of the town")


def test_negated_copula_equates_nothing(parse: ParseText) -> None:
    parsed = parse("Helen Okafor is not the mayor of the town.")
    assert not together(parsed, "Helen Okafor", "the mayor of the town")


def test_relative_pronoun(parse: ParseText) -> None:
    parsed = parse("The soldiers were met by some residents, who fear the winter.")
    assert together(parsed, "some residents", "who")


def test_title_taken_up_by_a_definite_phrase(parse: ParseText) -> None:
    parsed = parse("President Helen Okafor came early. The president spoke for an hour.")
    assert together(parsed, "Helen Okafor", "The president")


def test_vice_president_is_not_the_president(parse: ParseText) -> None:
    parsed = parse(
        "President Helen Okafor met Vice President Martin Duarte. The vice president left early."
    )
    assert not together(parsed, "Helen Okafor", "The vice president")
    assert together(parsed, "Martin Duarte", "The vice president")


def test_secretary_is_the_defense_secretary(parse: ParseText) -> None:
    parsed = parse("Defense Secretary Helen Okafor came early. The secretary spoke for an hour.")
    assert together(parsed, "Helen Okafor", "The secretary")


def test_former_president_is_not_the_president(parse: ParseText) -> None:
    parsed = parse("Former President Helen Okafor came early. The president stayed away.")
    assert not together(parsed, "Helen Okafor", "The president")


def test_two_presidents_leave_the_president_alone(parse: ParseText) -> None:
    parsed = parse("President Helen Okafor met President Martin Duarte. The president smiled.")
    assert ["The president"] in clusters(parsed)


def test_other_modifiers_other_actor(parse: ParseText) -> None:
    parsed = parse("The Russian army moved south. The Norwegian army stayed in its camps.")
    assert not together(parsed, "The Russian army", "The Norwegian army")


def test_rival_antecedents_leave_the_definite_alone(parse: ParseText) -> None:
    parsed = parse("The Russian army and the Norwegian army trained together. The army left.")
    assert ["The army"] in clusters(parsed)


def test_company_is_the_only_company_near(parse: ParseText) -> None:
    parsed = parse("Zenith Corp. opened a plant in May. The company has sold more tractors.")
    assert together(parsed, "Zenith Corp.", "The company")


# --------------------------------------------------------------------------------------- pronouns


@pytest.mark.parametrize(
    ("text", "antecedent", "pronoun"),
    [
        ("Martin Duarte left early because he was ill.", "Martin Duarte", "he"),
        ("Martin Duarte met Helen Okafor. She thanked the guests.", "Helen Okafor", "She"),
        ("The Foreign Ministry published its report.", "Foreign Ministry", "its"),
        ("Some residents say they saw the plane.", "Some residents", "they"),
    ],
)
def test_pronoun_and_antecedent(parse: ParseText, text: str, antecedent: str, pronoun: str) -> None:
    assert together(parse(text), antecedent, pronoun)


def test_object_is_not_the_subject_of_its_verb(parse: ParseText) -> None:
    parsed = parse("Helen Okafor arrived. Maria Duarte thanked her.")
    assert not together(parsed, "Maria Duarte", "her")


def test_possessive_is_not_what_it_possesses(parse: ParseText) -> None:
    parsed = parse("Martin Duarte came with his brother.")
    assert together(parsed, "Martin Duarte", "his")
    assert not together(parsed, "his brother", "his")


def test_gender_is_heeded(parse: ParseText) -> None:
    parsed = parse("Martin Duarte left. She was glad.")
    assert not together(parsed, "Martin Duarte", "She")


def test_it_that_means_no_one_is_left_alone(parse: ParseText) -> None:
    parsed = parse("The Foreign Ministry has closed. It seems that the winter was hard.")
    assert not together(parsed, "Foreign Ministry", "It")


def test_antecedent_is_not_sought_far_away(parse: ParseText) -> None:
    filler = "The weather was fine and the river was calm. " * 4
    parsed = parse(f"Martin Duarte left. {filler}He was ill.")
    assert not together(parsed, "Martin Duarte", "He")


def test_possessive_of_a_place_that_acts(parse: ParseText) -> None:
    parsed = parse("Norway closed its border.")
    place = PlaceMention(Span(0, 6), "place/0", political=True)
    (norway,) = find_actors(parsed, (place,), ())
    assert norway.type is ActorType.GEOPOLITICAL_ENTITY
    assert clusters(parsed, (place,)) == [["Norway", "its"]]


def test_innermost_quotation_gives_the_first_person_its_speaker(parse: ParseText) -> None:
    text = "Helen Okafor said: “Then Martin Duarte said ‘I am ill’ and I left.”"
    parsed = parse(text)

    def within(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    def head(words: str) -> int:
        return parsed.within(within(words))[-1]

    outer = Attribution(
        content=(within("“Then Martin Duarte said ‘I am ill’ and I left.”"),),
        source_head=head("Helen Okafor"),
        directness=Directness.DIRECT,
    )
    inner = Attribution(
        content=(within("‘I am ill’"),),
        source_head=head("Martin Duarte"),
        directness=Directness.DIRECT,
    )
    found = clusters(parsed, attributions=(outer, inner))
    assert ["Helen Okafor", "I"] in found
    assert ["Martin Duarte", "I"] in found


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('"No," he said. "Never."', ['"No,"', '"Never."']),
        ("“No end here\n\nand “none” there", ["“No end here", "“none”"]),
        ("„Nein“ and «non»", ["„Nein“", "«non»"]),
        ("no marks", []),
    ],
)
def test_quotations_end_with_their_paragraph(text: str, quoted: list[str]) -> None:
    assert [span.of(text) for span in quotations(text)] == quoted


@given(st.text(alphabet="a\n \"“”„«»`'", max_size=60))
def test_quotations_are_in_order_and_apart(text: str) -> None:
    found = quotations(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all("\n\n" not in span.of(text) for span in found)


def test_many_pronouns_and_quotation_marks(parse: ParseText) -> None:
    text = "“I said they saw it, he said, " * 400
    parsed = parse(text)
    speeches = tuple(
        Attribution(content=(Span(start, len(text)),), source_head=3, directness=Directness.MIXED)
        for start in range(0, len(text) - 1, 100)
    )
    actors = find_actors(parsed, (), speeches)
    assert all(text[m.span.start : m.span.end].strip() for a in actors for m in a.mentions)


def test_mixed_content_gives_only_its_quoted_part(parse: ParseText) -> None:
    text = "Helen Okafor said that we were “the people that I trust”."
    parsed = parse(text)
    start = text.index("that we")
    statement = Attribution(
        content=(Span(start, len(text) - 1),),
        source_head=1,
        directness=Directness.MIXED,
    )
    assert ["Helen Okafor", "I"] in clusters(parsed, attributions=(statement,))


# ------------------------------------------------------------------ whom "we" stands for


@pytest.mark.parametrize(
    "speaker",
    [
        "Acme Corp. chief executive Helen Okafor",
        "Helen Okafor, a spokeswoman for Acme Corp.,",
        "Helen Okafor, the president of Acme Corp.,",
    ],
)
def test_we_is_the_body_that_the_speaker_represents(parse: ParseText, speaker: str) -> None:
    text = f"“I am glad. We will hire. I agree,” said {speaker} on Monday."
    found = clusters(parse(text), attributions=(_quotation(parse(text)),))
    assert any("We" in words and any("Acme" in word for word in words) for words in found)
    assert any("I" in words and "Helen Okafor" in words for words in found)


def test_we_is_the_body_named_before_by_its_nominal(parse: ParseText) -> None:
    text = "Acme Corp. grew. “We will hire,” said the company's president, Helen Okafor."
    found = clusters(parse(text), attributions=(_quotation(parse(text)),))
    assert any("We" in words and "Acme Corp." in words for words in found)


@pytest.mark.parametrize("speaker", ["Helen Okafor", "former Acme Corp. president Helen Okafor"])
def test_we_is_the_speaker_where_no_body_is_known(parse: ParseText, speaker: str) -> None:
    text = f"“We will hire,” said {speaker} on Monday."
    found = clusters(parse(text), attributions=(_quotation(parse(text)),))
    assert any("We" in words and "Helen Okafor" in words for words in found)


def _quotation(parsed: Parse) -> Attribution:
    """What stands in quotation marks, said by Okafor."""
    (said,) = quotations(parsed.text)
    source = next(token.i for token in parsed.tokens if token.text == "Okafor")
    return Attribution(content=(said,), source_head=source, directness=Directness.DIRECT)
