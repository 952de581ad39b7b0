"""The corpus generator of the benchmarks: what it writes, and that it grows as texts do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.corpus import growth, marks, recombined
from benchmarks.corpus.draws import Growth, stream
from benchmarks.corpus.lexicon import Places
from benchmarks.corpus.places import open_places
from benchmarks.corpus.readings import reading_of
from benchmarks.corpus.writing import write
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia.ingest import derive, identify
from testimonia.iris import Iris
from testimonia.model import Reading, Span, Text


class Known:
    """An extractor that gives a reading it was told."""

    extractor = "known"

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def read(self, text: Text) -> Reading:
        return self._reading


@pytest.fixture(scope="module")
def places() -> Places:
    return open_places()


@pytest.mark.parametrize("exponent", [0.5, 0.7, 0.9])
def test_draws_grow_by_the_exponent_that_was_asked_for(exponent: float) -> None:
    draw, law = stream("a test", exponent), Growth(exponent, 20)
    texts = [" ".join(f"w{_letters(law.rank(draw))}" for _ in range(60_000))]
    assert growth.measure(texts, "words").exponent == pytest.approx(exponent, abs=0.06)


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def test_a_document_is_the_same_whatever_else_is_made(places: Places) -> None:
    alone = write(3, 17, places)
    among = [write(3, number, places) for number in range(20)][17]
    assert alone == among
    assert alone.text != write(4, 17, places).text


def test_stories_are_told_by_several_who_do_not_always_agree(places: Places) -> None:
    told = [write(1, number, places).story for number in range(300)]
    by_story = {each.number: [o for o in told if o.number == each.number] for each in told}
    several = [tellings for tellings in by_story.values() if len(tellings) > 1]
    assert len(several) > 20
    assert any(len({each.count for each in tellings}) > 1 for tellings in several)
    assert all(len({each.place for each in tellings}) == 1 for tellings in several)


def test_every_reading_conforms_and_has_its_words(places: Places) -> None:
    for number in range(12):
        written = write(2, number, places)
        reading = reading_of(written)
        derived = derive(identify(written.text), Known(reading), Iris("http://example.org/"))
        assert derived.report.conforms, derived.report.text
        said = [each for each in reading.statements if not each.by_narrator]
        assert said
        for statement in said:
            assert statement.cue[0].of(written.text.content).islower() or statement.cue_lemma
            actor = next(a for a in reading.actors if a.key == statement.speakers[0])
            assert actor.label in statement.source[0].of(written.text.content)


def test_marks_give_text_and_spans() -> None:
    text, found = marks.unmark("<s|Ann> <c say|said> <i|it <e fall other|fell>>.", 10)
    assert text == "Ann said it fell."
    assert [(each.kind, each.values, each.span) for each in found] == [
        ("s", (), Span(10, 13)),
        ("c", ("say",), Span(14, 18)),
        ("i", (), Span(19, 26)),
        ("e", ("fall", "other"), Span(22, 26)),
    ]
    with pytest.raises(ValueError, match="not closed"):
        marks.unmark("<s|Ann", 0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_recombined_documents_have_no_words_of_their_own(seed: int, number: int) -> None:
    texts = (("One is here and stays.", "Two went there today."), ("Three said nothing at all.",))
    made = recombined.recombine(seed, number, texts)
    known = set(re.findall(r"\w+", " ".join(s for text in texts for s in text)))
    assert set(re.findall(r"\w+", made.content)) <= known


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(recombined.NoTexts, match="no texts"):
        recombined.sentences(tmp_path)
    (tmp_path / "a.txt").write_text(
        "The bridge was closed on Monday. The mayor said no more of it."
    )
    assert recombined.sentences(tmp_path) == (
        ("The bridge was closed on Monday.", "The mayor said no more of it."),
    )
