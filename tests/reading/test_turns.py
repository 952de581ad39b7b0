"""Transcripts: labels at the start of lines, the words up to the next."""

from __future__ import annotations

import pytest

from testimonia.reading.layout import datelines
from testimonia.reading.turns import find_turns

COURT = """MS. TORVALD: Where were you, Mr. Pym? Take your time.

MR. PYM (quietly): At the mill. I saw the fire.

It was still small.

(Laughter.)

MS. TORVALD: Thank you.

The hearing goes on today.
"""


def turns(text: str) -> list[tuple[str, str]]:
    return [(turn.label.of(text), turn.words.of(text)) for turn in find_turns(text)]


def test_a_turn_goes_on_to_the_next_label_and_the_last_to_its_paragraph() -> None:
    assert turns(COURT) == [
        ("MS. TORVALD", "Where were you, Mr. Pym? Take your time."),
        ("MR. PYM", "At the mill. I saw the fire.\n\nIt was still small."),
        ("MS. TORVALD", "Thank you."),
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Q: Were you there?\nA: I was. It rained.", ["Q", "A"]),
        ("Q. Were you there? A. I was. It rained.", ["Q", "A"]),
        (
            "Q: Were you there?\nPYM'S WIFE (laughing): He was not.\nA: I was.",
            ["Q", "PYM'S WIFE", "A"],
        ),
        ("The Chair: Order. Sit down.\nMr. Pym: I will not.", ["The Chair", "Mr. Pym"]),
        ("PYM: I will not.\nTORVALD: You must.\nPYM: Never.", ["PYM", "TORVALD", "PYM"]),
        ("Pym: I will not.\nLund: You must.\nPym: Never.\nLund: Go.", ["Pym", "Lund"] * 2),
        (
            "The Chair: Order.\nAnn Pym: It burnt.\nResolved: that it burnt.\nThe Chair: Thanks.",
            ["The Chair", "Ann Pym", "The Chair"],
        ),
        ("Mr. Pym: The mill burnt. I saw it.", ["Mr. Pym"]),
        ("Pym (angrily): The mill burnt. I saw it.", ["Pym"]),
    ],
)
def test_what_names_a_speaker(text: str, labels: list[str]) -> None:
    assert [label for label, _ in turns(text)] == labels


@pytest.mark.parametrize(
    "text",
    [
        "Harriers 3-1 Wanderers: A late goal settled it.",
        "Present: A. Barker, T. Cole, M. Singh.",
        "Ingredients: flour, water and salt.\nMethod: Mix them well.",
        "NOTE: The road is closed.\nNOTE: The bridge is open.",
        "Q: Were you there? Nobody answered.",
        "Doctor: the new play is a success.",
        "Pym: 41\nLund: 38\nPym: 12\nLund: 9",
        "The mayor gave one reason: The mill is old.",
    ],
)
def test_what_names_none(text: str) -> None:
    assert turns(text) == []


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("TORVIK, Norway (AP) — ", "Rebels took the mill."),
        ("NEW TORVIK, May 3 (Lund News) - ", "Rebels took the mill."),
        ("TORVIK – ", "“Rebels took the mill,” he said."),
    ],
)
def test_a_dateline_ends_with_its_dash(dateline: str, rest: str) -> None:
    assert [each.end for each in datelines(dateline + rest)] == [len(dateline)]


@pytest.mark.parametrize("text", ["A mill — Torvik's own — burnt.", "TORVIK, Norway is small."])
def test_what_is_no_dateline(text: str) -> None:
    assert list(datelines(text)) == []
