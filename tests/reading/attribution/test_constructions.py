"""Each construction proposes source, cue and content of an invented example."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Told

Proposed = Callable[[str], list[Told]]

EXAMPLES = [
    # construction, sentence, source, cue, content
    ("clause", "The mayor said that the bridge would close.",
     "The mayor", "said", "that the bridge would close"),
    ("clause", "Residents asked whether the bridge was safe.",
     "Residents", "asked", "whether the bridge was safe"),
    ("clause", "The company said in a statement that it had lost money.",
     "The company", "said", "that it had lost money"),
    ("final cue", "Taxes will rise, officials say.", "officials", "say", "Taxes will rise"),
    ("infinitive", "The council promised to repair the bridge.",
     "The council", "promised", "to repair the bridge"),
    ("infinitive", "The old bridge is believed to have collapsed.",
     "", "is believed", "The old bridge … to have collapsed"),
    ("object", "The mayor criticised the plan.", "The mayor", "criticised", "the plan"),
    ("predicate", "She called the plan a disaster.", "She", "called", "the plan a disaster"),
    ("preposition", "Several villages have called for calm.",
     "Several villages", "have called for", "calm"),
    ("free relative", "It rests on what the engineer described as luck.",
     "the engineer", "described as", "luck"),
    ("passive", "The plan was derided.", "", "was derided", "The plan"),
    ("parenthetical", "These rules, critics argue, are part of a larger plan.",
     "critics", "argue", "These rules … are part of a larger plan"),
    ("as-clause", "The road, as outlined by the engineer, crosses the lake.",
     "the engineer", "outlined", "The road … crosses the lake"),
    ("according to", "According to the mayor, the bridge will close.",
     "the mayor", "According to", "the bridge will close"),
    ("according to", "According to reports from the coast guard, the ship has sunk.",
     "the coast guard", "According to reports from", "the ship has sunk"),
    ("for", "For Ann Lee, the vote is a triumph.", "Ann Lee", "For", "the vote is a triumph"),
    ("viewpoint", "In his view, the war is lost.", "his", "In … view", "the war is lost"),
    ("viewpoint", "In the words of the mayor, the bridge is old.",
     "the mayor", "In … words of", "the bridge is old"),
    ("noun", "They rejected the mayor's claim that the vote was rigged.",
     "the mayor", "'s claim", "that the vote was rigged"),
    ("noun", "He expressed concern about the harvest.",
     "He", "expressed concern about", "the harvest"),
    ("adjective", "Bob is sure that he will win.", "Bob", "is sure", "that he will win"),
    ("light verb", "The minister threw her weight behind the treaty.",
     "The minister", "threw her weight behind", "the treaty"),
    ("adverb", "The factory has reportedly been closed.",
     "", "reportedly", "The factory has … been closed"),
    ("colon", "Lee: “I will never sell the old mill.”",
     "Lee", ":", "“I will never sell the old mill.”"),
]  # fmt: skip


@pytest.mark.parametrize(("construction", "text", "source", "cue", "content"), EXAMPLES)
def test_a_construction_gives_source_cue_and_content(
    proposed: Proposed, construction: str, text: str, source: str, cue: str, content: str
) -> None:
    spans = [
        (told.source, told.cue, told.content.rstrip("."))
        for told in proposed(text)
        if told.construction == construction
    ]
    assert (source, cue, content.rstrip(".")) in spans


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("Ann Lee stood up and said that it was late.", "said", "Ann Lee"),
        ("Ann Lee refused to say that it was late.", "refused to say", "Ann Lee"),
        ("Ann Lee left early, saying that it was late.", "saying", "Ann Lee"),
        ("Ann Lee urged Bob Stone to say that it was late.", "to say", "Bob Stone"),
        ("The baker, who said that it was late, went home.", "said", "who"),
    ],
)
def test_a_verb_without_a_subject_shares_its_governors(
    proposed: Proposed, text: str, cue: str, source: str
) -> None:
    sources = {told.source for told in proposed(text) if told.cue == cue}
    assert sources == {source}


def test_a_source_keeps_title_and_apposition_and_loses_the_day(proposed: Proposed) -> None:
    text = "“Nobody can stop us,” said Bob Stone, the mayor of Utown, on Friday."
    assert {told.source for told in proposed(text) if told.cue == "said"} == {
        "Bob Stone, the mayor of Utown"
    }


def test_words_of_another_paragraph_stay_out(proposed: Proposed) -> None:
    text = "9:50 p.m.\n\nMayor Ann Lee says that the bridge will close.\n\nMore to come"
    (told,) = [told for told in proposed(text) if told.cue == "says"]
    assert told.source.endswith("Ann Lee")
    assert "p.m." not in told.source
    assert "More" not in told.content
