"""What WordNet knows of nouns, and that its licence goes along."""

from __future__ import annotations

from importlib.resources import files

import pytest

from testimonia.reading.events.evidence import is_eventful, may_be_eventful
from testimonia.reading.wordnet import often_happening, wordnet_evidence


@pytest.mark.parametrize(
    ("lemma", "names"),
    [
        ("earthquake", ["wordnet=event", "happening=all", "state=low"]),
        ("port", ["wordnet=location", "happening=none", "state=none"]),
        ("hunger", ["wordnet=state", "happening=none", "state=most"]),
        ("zzyzx", ["wordnet=unknown"]),
    ],
)
def test_the_senses_of_a_noun_are_its_features(lemma: str, names: list[str]) -> None:
    assert list(wordnet_evidence(lemma)) == names


def test_a_noun_of_no_list_and_no_ending_is_looked_at_for_its_senses() -> None:
    assert not is_eventful("squall")
    assert often_happening("squall")
    assert may_be_eventful("squall")
    assert not may_be_eventful("harbour")


def test_the_licence_of_wordnet_is_beside_the_data() -> None:
    folder = files("testimonia.reading") / "data"
    licence = (folder / "nouns_wordnet.LICENSE").read_text("utf-8")
    notice = "WordNet 3.1 Copyright 2011 by Princeton University."
    assert notice in licence
    assert "THIS SOFTWARE AND DATABASE IS PROVIDED" in licence
    assert notice in (folder / "nouns_wordnet.csv").read_text("utf-8")[:400]
