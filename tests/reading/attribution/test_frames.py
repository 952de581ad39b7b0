"""Who says a quotation: verbs, colons and signatures around it, halves, orphans."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.attribution import Attribution
from testimonia.reading.attribution.quotations import find_quotations
from testimonia.reading.syntax import Parse

from .conftest import Told

Found = Callable[[str], list[tuple[Told, Attribution]]]
Proposed = Callable[[str], list[Told]]
Parser = Callable[[str], Parse]


def said(found: Found, text: str) -> list[tuple[str, str, str]]:
    return [(told.source, told.cue, told.content) for told, _ in found(text)]


def proposals(proposed: Proposed, text: str) -> list[tuple[str, str, str]]:
    return [(told.source, told.cue, told.content) for told in proposed(text)]


@pytest.mark.parametrize(
    "quotation",
    [
        '“The harbour is closed until spring,"',
        '"The harbour is closed until spring,”',
        '“The harbour is "closed" until spring,”',
        '"The harbour is “closed” until spring,"',
        "“The harbour is closed until spring,“",
    ],
)
def test_marks_of_two_styles_in_one_quotation(parse: Parser, quotation: str) -> None:
    text = f"{quotation} the pilot said. He left at noon."
    parsed = parse(text)
    (only,) = find_quotations(parsed)
    assert parsed.span(only.first, only.last).of(text) == quotation
    assert not only.open


def test_a_subject_inside_the_quotation_is_not_its_speaker(proposed: Proposed) -> None:
    text = "“I find that in talks with fishermen, Miller can be very rude,” Ann Lee said."
    sources = {source for source, cue, _ in proposals(proposed, text) if cue == "said"}
    assert sources == {"Ann Lee"}


def test_the_other_half_of_a_quotation(found: Found) -> None:
    text = "“Let us use this winter,” Ann Lee said, “to mend the nets.” The boats stayed in port."
    assert ("Ann Lee", "said", "“Let us use this winter,” … “to mend the nets.”") in said(
        found, text
    )


def test_a_paragraph_that_is_a_quotation_goes_on(found: Found) -> None:
    text = (
        "“The harbour froze in a night,” said Ann Lee of the pilots’ union.\n\n"
        "“Nobody could leave. It was the coldest day of my life.”\n\nThe ice broke in March."
    )
    (told,) = [told for told, _ in found(text) if told.source.startswith("Ann Lee")]
    assert told.content.endswith("… “Nobody could leave. It was the coldest day of my life.”")


def test_an_answer_is_not_the_asker_s(proposed: Proposed) -> None:
    text = "“Who closed the harbour?” Ann Lee asked.\n\n“The pilots closed it last night.”"
    assert all(
        "The pilots" not in content
        for source, _, content in proposals(proposed, text)
        if source == "Ann Lee"
    )


def test_a_colon_at_the_end_of_the_paragraph_before(proposed: Proposed) -> None:
    text = "The Harbour Times responded:\n\n“The pilots closed the port. Nobody told the town.”"
    assert (
        "The Harbour Times",
        "responded",
        "“The pilots closed the port. Nobody told the town.”",
    ) in proposals(proposed, text)


def test_a_signature(proposed: Proposed) -> None:
    text = "“The pilots closed the port and nobody told the town.”\n\n— Ann Lee, harbour master"
    assert ("Ann Lee", "—", "“The pilots closed the port and nobody told the town.”") in proposals(
        proposed, text
    )


def test_the_words_before_a_framed_quotation_are_not_in_it(found: Found) -> None:
    text = "Asked what he wanted from the town, Miller said, “They must pay for the ice.”"
    assert [content for _, cue, content in said(found, text) if cue == "said"] == [
        "“They must pay for the ice.”"
    ]


def test_the_author_s_comment_behind_a_quotation_is_left_out(proposed: Proposed) -> None:
    text = "Miller stressed that “the ice will go by March,” adding to the confusion in the town."
    contents = [content for _, cue, content in proposals(proposed, text) if cue == "stressed"]
    assert "that “the ice will go by March,”" in contents


def test_a_quotation_without_a_frame_goes_on_with_the_report_before_it(found: Found) -> None:
    text = "Ann Lee said that the harbour would close. “It is older than I am.” Ships turned back."
    assert ("Ann Lee", "said", "that the harbour would close … “It is older than I am.”") in said(
        found, text
    )


def test_whoever_issues_a_statement_speaks_in_it(proposed: Proposed) -> None:
    text = "The harbour office issued a statement saying that the ice would break in March."
    assert ("The harbour office", "saying", "that the ice would break in March") in proposals(
        proposed, text
    )
    read = "The pilots read a statement saying that the ice would break in March."
    assert "The pilots" not in [
        source for source, cue, _ in proposals(proposed, read) if cue == "saying"
    ]


def test_a_name_in_quotation_marks(proposed: Proposed) -> None:
    text = "Miller called the town “a heap of frozen nets” in a letter."
    assert ("Miller", "called", "the town “a heap of frozen nets”") in proposals(proposed, text)


def test_a_content_has_both_marks_of_the_words_it_ends_with(proposed: Proposed) -> None:
    text = "The harbour master had told the town in March that a thaw was “likely.”"
    contents = [content for _, cue, content in proposals(proposed, text) if cue == "had told"]
    assert "that a thaw was “likely.”" in contents
