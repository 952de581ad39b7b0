"""The quick recogniser finds the entities that spaCy's own finds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia.reading.pipeline import DEFAULT_MODEL
from testimonia.reading.recogniser import RECOGNISER, quicken

_WORDS = (
    *("Ada", "Moss", "of", "the", "United", "Nations", "said", "on", "3", "May", "2024", "."),
    *("two", "million", "euros", "in", "New", "York", "City", ",", "and", "“", "”", "\n\n", " "),
    *("Bank", "World", "percent", "ten", "o'clock", "Monday", "Senate", "'s", "-", "Paris", "NATO"),
)


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    """The pipeline as it is installed, and with the quick recogniser."""
    own, quick = loaded(), loaded()
    quicken(quick)
    assert RECOGNISER not in quick.pipe_names
    assert len(quick.pipe_names) == len(own.pipe_names)
    return own, quick


def loaded() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(DEFAULT_MODEL)


def entities(doc: Any) -> list[tuple[int, int, str]]:
    assert all(token.ent_iob for token in doc)
    return [(each.start, each.end, each.label_) for each in doc.ents]


def test_a_report_has_the_same_entities(both: tuple[Any, Any], root: Path) -> None:
    own, quick = both
    for seed in (root / "seeds").glob("*.txt"):
        text = seed.read_text("utf-8")
        found = entities(quick(text))
        assert found == entities(own(text))
        assert max(end - start for start, end, _ in found) > 2


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(_WORDS), max_size=30))
def test_any_words_have_the_same_entities(both: tuple[Any, Any], words: list[str]) -> None:
    own, quick = both
    text = " ".join(words)
    assert entities(quick(text)) == entities(own(text))


def test_entities_known_before_are_spacys_business(both: tuple[Any, Any]) -> None:
    docs = [nlp.make_doc("Ada Moss went to Odense on Monday.") for nlp in both]
    for doc in docs:
        doc.set_ents([spacy.tokens.Span(doc, 0, 1, label="ORG")], default="missing")
    own, quick = (nlp(doc) for nlp, doc in zip(both, docs, strict=True))
    assert entities(quick) == entities(own)
    assert entities(quick)[0] == (0, 1, "ORG")


def test_a_recogniser_that_searches_is_left_alone() -> None:
    nlp = loaded()
    nlp.get_pipe(RECOGNISER).cfg["beam_width"] = 4
    quicken(nlp)
    assert RECOGNISER in nlp.pipe_names
