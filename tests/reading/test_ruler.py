"""The quick attribute ruler says what spaCy's own says."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia.reading.pipeline import DEFAULT_MODEL
from testimonia.reading.ruler import RULER, quicken

# What patterns of several tokens are about, and words that patterns name.
_WORDS = (
    *("let", "'s", "gon", "na", "got", "ta", "ai", "n't", "nt", "c'm", "on", "y'", "all", "There"),
    *("is", "'re", "nothin'", "to", "The", "president", "who", "that", "will", "12", "%", "\n\n"),
    *("it", "Ada", "said", "been", "be", "having", "'d", "better", "that", ",", "—", "its", "mine"),
)


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    """The pipeline as it is installed, and with the quick ruler."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own, quick = spacy.load(DEFAULT_MODEL), spacy.load(DEFAULT_MODEL)
    quicken(quick)
    assert RULER not in quick.pipe_names
    assert len(quick.pipe_names) == len(own.pipe_names)
    return own, quick


def annotated(nlp: Any, text: str) -> list[tuple[str, ...]]:
    return [
        (token.text, token.tag_, token.pos_, str(token.morph), token.lemma_) for token in nlp(text)
    ]


def test_a_report_is_annotated_the_same(both: tuple[Any, Any], root: Path) -> None:
    (seed,) = (root / "seeds").glob("*.txt")
    text = seed.read_text("utf-8")
    own, quick = both
    assert annotated(own, text) == annotated(quick, text)
    assert annotated(own, text) == annotated(quick, text)  # what was learnt is right too


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(_WORDS), max_size=30))
def test_any_words_are_annotated_the_same(both: tuple[Any, Any], words: list[str]) -> None:
    own, quick = both
    text = " ".join(words)
    assert annotated(own, text) == annotated(quick, text)


def test_rules_of_ones_own_are_kept(both: tuple[Any, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own, quick = spacy.load(DEFAULT_MODEL), spacy.load(DEFAULT_MODEL)
    for nlp in (own, quick):
        ruler = nlp.get_pipe(RULER)
        ruler.add([[{"LOWER": "harbour", "ENT_TYPE": ""}]], {"LEMMA": "port"})
        ruler.add([[{"LOWER": "the"}, {"LOWER": "harbour"}]], {"POS": "PROPN"}, index=-1)
    quicken(quick)
    text = "The harbour is shut; a harbour is not."
    assert annotated(own, text) == annotated(quick, text)
    assert [each for each in annotated(quick, text) if each[4] == "port"]
