"""The whole way from a text to its attributions: what is kept, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.model import AttributionKind, Certainty, Directness, Polarity
from testimonia.reading.attribution import Attribution, find_attributions
from testimonia.reading.syntax import Parse

from .conftest import Told, told

Parser = Callable[[str], Parse]
Found = Callable[[str], list[tuple[Told, Attribution]]]


def only(found: Found, text: str, lemma: str) -> Attribution:
    (attribution,) = [a for told, a in found(text) if told.lemma == lemma]
    return attribution


@pytest.mark.parametrize(
    ("text", "directness"),
    [
        ("“We will close the bridge,” the mayor said.", Directness.DIRECT),
        ("The mayor said the bridge was “a very sad sight” in winter.", Directness.MIXED),
        ("The mayor said that the bridge was closed.", Directness.INDIRECT),
    ],
)
def test_directness(found: Found, text: str, directness: Directness) -> None:
    assert only(found, text, "say").directness is directness


@pytest.mark.parametrize(
    ("text", "lemma", "kind"),
    [
        ("The mayor said that it was late.", "say", AttributionKind.COMMUNICATION),
        ("The mayor believes that it is late.", "believe", AttributionKind.ATTITUDE),
        ("Some farmers fear that it is late.", "fear", AttributionKind.ATTITUDE),
        ("The mayor learned that it was late.", "learn", AttributionKind.FACTIVE),
        ("Officials urged drivers to leave early.", "urge", AttributionKind.CONTROL),
    ],
)
def test_kind(found: Found, text: str, lemma: str, kind: AttributionKind) -> None:
    assert only(found, text, lemma).kind is kind


def test_the_contents_modality_weakens_the_speakers_certainty(found: Found) -> None:
    assert only(found, "The mayor said it will rain.", "say").certainty is Certainty.CERTAIN
    assert only(found, "The mayor said it might rain.", "say").certainty is Certainty.POSSIBLE


def test_hearsay_weakens_the_attribution(found: Found) -> None:
    sure = only(found, "According to a sailor, the ship has sunk.", "according to")
    unsure = only(found, "According to a sailor, the ship has reportedly sunk.", "according to")
    assert sure.attribution_certainty is Certainty.CERTAIN
    assert unsure.attribution_certainty is Certainty.PROBABLE


def test_hearsay_without_a_source(found: Found) -> None:
    attribution = only(found, "The ship has allegedly sunk in the harbour.", "allegedly")
    assert attribution.source == ()
    assert attribution.attribution_certainty is Certainty.POSSIBLE


def test_nobody_believes(found: Found) -> None:
    attribution = only(found, "It is believed that the bridge is old.", "believe")
    assert attribution.source == ()
    assert attribution.attribution_certainty is Certainty.PROBABLE


def test_a_negated_cue(found: Found) -> None:
    text = "The mayor did not say that the bridge would close."
    attribution = only(found, text, "say")
    assert attribution.polarity is Polarity.NEGATIVE
    assert told(attribution, text).cue == "did not say"


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("Nobody said that the bridge was safe.", "say"),
        ("No official confirmed that the bridge was safe.", "confirm"),
        ("The bank failed to report the loss.", "report"),
    ],
)
def test_what_nobody_says(found: Found, text: str, lemma: str) -> None:
    assert only(found, text, lemma).polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    ("text", "content", "modifiers"),
    [
        ("The bank said in January it would close.", "it would close", ["in January"]),
        (
            "The bank said in a statement that the mill closed in January.",
            "that the mill closed in January",
            ["in a statement"],
        ),
        ("The mayor called for elections in October.", "elections in October", []),
        ("The mayor said in June that the tax would rise.", "that the tax would rise", ["in June"]),
    ],
)
def test_dates_of_what_is_said_and_of_saying_it(
    found: Found, text: str, content: str, modifiers: list[str]
) -> None:
    ((words, attribution),) = found(text)
    assert words.content == content
    assert [span.of(text) for span in attribution.modifiers] == modifiers


def test_addressee_and_circumstances(found: Found) -> None:
    text = (
        "The plan, as outlined by General Ann Lee during a meeting with President Bob Stone"
        " on December 11, covers the whole coast."
    )
    attribution = only(found, text, "outline")
    assert attribution.addressee is not None
    assert attribution.addressee.of(text) == "President Bob Stone"
    assert [span.of(text) for span in attribution.modifiers] == [
        "during a meeting with President Bob Stone on December 11"
    ]


def test_who_is_told(found: Found) -> None:
    text = "The mayor told reporters that the bridge would close."
    attribution = only(found, text, "tell")
    assert attribution.addressee is not None
    assert attribution.addressee.of(text) == "reporters"


def test_who_is_urged(found: Found) -> None:
    text = "Officials urged drivers to leave early."
    attribution = only(found, text, "urge")
    assert attribution.addressee is not None
    assert attribution.addressee.of(text) == "drivers"


def test_who_bears_a_name_calls_nobody_so(found: Found) -> None:
    text = "The doctor, a Scotsman called Alistair Muir, believes it is not fever."
    assert [attribution.cue_lemma for _, attribution in found(text)] == ["believe"]


def test_a_subject_behind_the_source_is_of_the_content(found: Found) -> None:
    text = (
        "According to a report seen by the Zenda Courier, the pumps at Hale Lock were switched off"
        " for nine hours on the night of 6 February."
    )
    attribution = only(found, text, "according to")
    assert attribution.source[0].of(text) == "a report seen by the Zenda Courier"
    (content,) = attribution.content
    assert content.of(text).startswith("the pumps at Hale Lock were switched off")


def test_the_authors_comment_on_a_claim_is_no_content(found: Found) -> None:
    text = (
        "The villagers, according to a fisherman, have sold their boats, a claim that reflects"
        " the fear of war."
    )
    attribution = only(found, text, "according to")
    assert attribution.content[-1].of(text) == "have sold their boats"


def test_an_attribution_inside_another(found: Found) -> None:
    text = "The mayor said that the bridge rests on what the engineer calls “pure luck”."
    attributions = [a for _, a in found(text)]
    assert [a.cue_lemma for a in attributions] == ["say", "call"]
    assert [a.within for a in attributions] == [None, 0]


def test_a_relative_pronoun_stands_for_its_antecedent(parse: Parser) -> None:
    parsed = parse("The baker, who said that it was late, went home.")
    (attribution,) = find_attributions(parsed)
    assert attribution.source[0].of(parsed.text) == "who"
    assert attribution.source_head is not None
    assert parsed.tokens[attribution.source_head].text == "baker"


def test_the_cues_head_is_its_verb(parse: Parser) -> None:
    parsed = parse("The mayor has never said that it was late.")
    (attribution,) = find_attributions(parsed)
    assert attribution.cue_head is not None
    assert parsed.tokens[attribution.cue_head].text == "said"


def test_the_clausal_scope_leaves_noun_phrases_out(parse: Parser) -> None:
    parsed = parse("The mayor criticised the plan. The mayor said that the plan was late.")
    lemmas = {scope: [a.cue_lemma for a in find_attributions(parsed, scope=scope)]
              for scope in ("all", "clausal")}  # fmt: skip
    assert lemmas == {"all": ["criticise", "say"], "clausal": ["say"]}


def test_plain_narration_attributes_nothing(found: Found) -> None:
    assert found("The river runs through the old town. Two boats lay at the pier.") == []


def test_confidence_is_a_probability(found: Found) -> None:
    text = "The mayor said that it was late. Critics call it “theft”. She likes the plan."
    assert all(0.0 < attribution.confidence < 1.0 for _, attribution in found(text))


@pytest.mark.parametrize(
    ("text", "lemma", "certainty"),
    [
        ('The mayor said: "Was the ferry overloaded?"', "say", Certainty.UNDERSPECIFIED),
        ('"Why was the ferry late?" the mayor said.', "say", Certainty.UNDERSPECIFIED),
        ('"Why was it late? It was overloaded," the mayor said.', "say", Certainty.CERTAIN),
        ("Did the mayor say that the ferry was overloaded?", "say", Certainty.CERTAIN),
    ],
)
def test_a_question_commits_its_speaker_to_nothing(
    found: Found, text: str, lemma: str, certainty: Certainty
) -> None:
    assert only(found, text, lemma).certainty is certainty


@pytest.mark.parametrize(
    ("text", "lemma", "addressee"),
    [
        ("The pilot wrote to the ministry that the engine was old.", "write", "the ministry"),
        ("Lee explained to the crew why the ship sank.", "explain", "the crew"),
        ("The minister assured Orvania that the gas would flow.", "assure", "Orvania"),
        ("The minister told her that the gas would flow.", "tell", "her"),
        ("“It is old,” the mayor told the Harwick Post.", "tell", "the Harwick Post"),
        ("“It is old,” she told herself.", "tell", None),
        ("“It is old,” said the mayor, praising her record.", "say", None),
        ("“It is old,” she said, pointing to March 2024.", "say", None),
        ("“It is late,” the clerk said to March 2024.", "say", None),
        ("“May it pass,” the clerk added to a prayer.", "add", None),
        ("The mayor confirmed the report, adding that it was old.", "add", None),
    ],
)
def test_only_somebody_is_spoken_to(
    found: Found, text: str, lemma: str, addressee: str | None
) -> None:
    span = only(found, text, lemma).addressee
    assert (span.of(text) if span else None) == addressee


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "Shelling resumed, the General Staff said, killing at least seven civilians.",
            ["Shelling resumed", "killing at least seven civilians"],
        ),
        (
            "The dam broke, the ministry said, flooding three villages.",
            ["The dam broke", "flooding three villages"],
        ),
        ("The dam broke, the mayor said, pointing at a map.", ["The dam broke"]),
    ],
)
def test_a_result_behind_an_inserted_cue_is_said(
    found: Found, text: str, content: list[str]
) -> None:
    assert [span.of(text) for span in only(found, text, "say").content] == content


@pytest.mark.parametrize(
    ("text", "lemma", "content"),
    [
        ("The minister promised last week a vote by May.", "promise", "a vote by May"),
        ("The council promised buses by the end of April.", "promise", "buses by the end of April"),
        ("The council announced the opening for May.", "announce", "the opening for May"),
        ("The council announced the opening on Monday.", "announce", "the opening"),
    ],
)
def test_a_date_that_lies_ahead_is_the_contents(
    found: Found, text: str, lemma: str, content: str
) -> None:
    (attribution,) = [a for told, a in found(text) if (told.lemma or "").startswith(lemma)]
    assert [span.of(text) for span in attribution.content] == [content]
    assert all("May" not in span.of(text) for span in attribution.modifiers)
