"""Lines in capitals, as the parser is given them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given
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


def test_words_of_a_titled_headline_take_the_case_of_the_body() -> None:
    text = (
        "Guild Calls Long Strike After Torvik Vows Reform\n\n"
        "The guild of Torvik calls for a long fight, and vows no strike, before or after a reform."
    )
    found = truecased(text, lambda _: False)
    assert found.splitlines()[0] == "Guild calls long strike after Torvik vows reform"
    assert found.splitlines()[1:] == text.splitlines()[1:]


def test_words_that_are_names_in_the_body_keep_their_capital() -> None:
    text = "Velox Sells Star Brand Abroad\n\nThe maker of Star sells a brand; the star abroad fell."
    assert truecased(text, lambda _: True).startswith("Velox sells Star brand abroad\n")


def test_sentences_and_short_titles_stay() -> None:
    text = "The Old Mill Burnt In Torvik.\nOld Mill\nthe old mill burnt in a fire"
    assert truecased(text, lambda _: True) == text


@given(st.text())
@example("\nThe Old İron Mill Burnt Down\nan old i̇ron mill burnt down")
def test_offsets_hold(text: str) -> None:
    text += "\nTHE OLD MİLL BURNT IN THE STRASSE\nThe Old Mill Burnt Down"
    assert len(truecased(text, lambda _: True)) == len(text)


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
