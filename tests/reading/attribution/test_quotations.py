"""Quotation marks of every style, quotations over sentences and paragraphs, scare quotes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Span
from testimonia.reading.attribution.quotations import find_quotations, paragraphs
from testimonia.reading.syntax import Parse

from .conftest import Told

Parser = Callable[[str], Parse]
Found = Callable[[str], list[tuple[Told, object]]]


def quoted(parse: Parse) -> list[tuple[str, bool, bool]]:
    return [
        (parse.span(q.first, q.last).of(parse.text), q.speech, q.open)
        for q in find_quotations(parse)
    ]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("“", "”"), ('"', '"'), ("''", "''"), ("``", "''"), ("«", "»"), ("„", "“"), ("‘", "’")],
)
def test_marks_of_every_style(parse: Parser, opening: str, closing: str) -> None:
    text = f"She said, {opening}we will never leave this valley,{closing} and sat down."
    assert quoted(parse(text)) == [
        (f"{opening}we will never leave this valley,{closing}", True, False)
    ]


def test_apostrophes_are_no_quotations(parse: Parser) -> None:
    assert quoted(parse("The farmers’ barns and Lee's dogs weren't there; it's the ’90s.")) == []


def test_scare_quotes_are_told_from_speech(parse: Parser) -> None:
    assert quoted(parse("They fear “chaos” in the town.")) == [("“chaos”", False, False)]


def test_an_open_quotation_ends_with_its_paragraph(parse: Parser) -> None:
    text = "He said: “We came early.\n\nThe road was empty."
    assert quoted(parse(text)) == [("“We came early.", True, True)]


def test_a_quotation_split_by_its_cue_is_one_attribution(found: Found) -> None:
    text = "“It rained all day,” Ann Lee said. “We went home.”\n\nThe shop was closed."
    (told, _), *rest = found(text)
    assert (told.source, told.cue, rest) == ("Ann Lee", "said", [])
    assert told.content == "“It rained all day,” … “We went home.”"


def test_a_quotation_of_several_paragraphs(found: Found) -> None:
    text = "Ann Lee said: “It rained all day.\n\n“We went home and waited.”\n\nThe shop was closed."
    contents = [told.content for told, _ in found(text) if told.source == "Ann Lee"]
    assert len(contents) == 1
    assert "It rained all day" in contents[0]
    assert "We went home and waited" in contents[0]


def test_a_cue_in_a_sentence_of_its_own(found: Found) -> None:
    text = "“Who would buy this house?” Ann Lee asked. The agent laughed."
    assert ("Ann Lee", "asked", "“Who would buy this house?”") in [
        (told.source, told.cue, told.content) for told, _ in found(text)
    ]


def test_a_quotation_goes_on_after_a_cue_in_a_sentence_of_its_own(found: Found) -> None:
    text = "“I am so happy!” she said. “It was the best day of my life.” Then she left."
    assert ("she", "said", "“I am so happy!” … “It was the best day of my life.”") in [
        (told.source, told.cue, told.content) for told, _ in found(text)
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "The road was\nempty.\nNobody came.\n\n  The end."
    assert [span.of(text) for span in paragraphs(text)] == [
        "The road was\nempty.",
        "Nobody came.",
        "The end.",
    ]


@given(st.text(alphabet="ab \n“”\"'’.,", max_size=200))
def test_paragraphs_lie_in_order_inside_the_text(text: str) -> None:
    spans = list(paragraphs(text))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(Span(0, len(text)).contains(span) for span in spans)
