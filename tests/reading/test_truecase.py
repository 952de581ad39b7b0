"""Lines in capitals, as the parser is given them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from testimonia.reading.syntax import Parse
from testimonia.reading.truecase import truecased

KNOWN = {"calls", "strike", "as", "vows", "in"}


def test_words_take_the_case_that_they_have_elsewhere() -> None:
    text = (
        "GUILD CALLS STRIKE AS TORVIK VOWS REFORM IN UK\n\nThe guild met in Torvik; reform failed."
    )
    found = truecased(text, KNOWN.__contains__)
    assert found.splitlines()[0] == "Guild calls strike as Torvik vows reform in UK"
    assert found.splitlines()[1:] == text.splitlines()[1:]


def test_short_lines_and_lines_with_small_letters_stay() -> None:
    text = "THE MILL\nTHE OLD MILL at TORVIK BURNT\nNATO"
    assert truecased(text, lambda _: True) == text


@given(st.text())
def test_offsets_hold(text: str) -> None:
    assert len(truecased(text + "\nTHE OLD MİLL BURNT IN THE STRASSE", lambda _: True)) == len(
        text + "\nTHE OLD MİLL BURNT IN THE STRASSE"
    )


def test_tokens_keep_their_own_letters(parse: Callable[[str], Parse]) -> None:
    text = "GUILD CALLS STRIKE AS PREMIER VOWS REFORM"
    parsed = parse(text)
    assert [token.text for token in parsed.tokens] == text.split()
    assert {"call", "vow"} <= {token.lemma for token in parsed.tokens if token.pos == "VERB"}


def test_a_title_in_capitals_ends_no_sentence(parse: Callable[[str], Parse]) -> None:
    parsed = parse("They met MS. TORVALD at the mill.")
    assert len(parsed.sentences) == 1


def test_lemmas_that_the_rules_of_the_pipeline_get_wrong(parse: Callable[[str], Parse]) -> None:
    lemmas = [token.lemma for token in parse("She hopes it rains and hated the sun.").tokens]
    assert lemmas[1] == "hope"
    assert "hate" in lemmas
