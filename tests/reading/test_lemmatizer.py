"""A lemmatizer that looks words up in sets says what spaCy's own says."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import spacy

from testimonia.reading.pipeline import DEFAULT_MODEL, look_up_in_sets

_WORDS = (
    "The geese were seen leaving their nests, better fed than the oxen; foxes' dens lay emptier."
    " Axes, bases, leaves and lives: he lay, lies, lied. No-one's xyzzying 42 woollens 'twas."
)


def test_the_lemmas_are_the_same(root: Path) -> None:
    (seed,) = (root / "seeds").glob("*.txt")
    own, quick = pipeline(), pipeline()
    look_up_in_sets(quick)
    index = quick.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    assert {type(words) for words in index.values()} == {frozenset}
    for text in (_WORDS, seed.read_text("utf-8")):
        lemmas = [token.lemma_ for token in own(text)]
        assert [token.lemma_ for token in quick(text)] == lemmas
        assert lemmas != text.split()


def pipeline() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(DEFAULT_MODEL)
