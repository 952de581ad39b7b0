"""Words as they are compared across documents."""

from __future__ import annotations

import pytest

from testimonia.linking.words import stem, stems


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("called off", "call off"),
        ("Agreements", "agreement"),
        ("naïvetés", "naïveté"),
        ("\ud800called", "?call"),  # no text of ours has one; a caller's may
    ],
)
def test_a_word_has_its_stem(word: str, found: str) -> None:
    assert stem(word) == found


def test_words_of_grammar_have_none() -> None:
    assert stems("The agreements that were called off, and of 30") == {"agreement", "call", "30"}
