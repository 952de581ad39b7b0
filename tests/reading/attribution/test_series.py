"""Reports in a series, quoted clauses that belong to a report, what opens or comments on one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.attribution import find_attributions
from testimonia.reading.syntax import Parse

from .conftest import Told, told

Found = Callable[[str], list[tuple[Told, object]]]


def said(found: Found, text: str) -> list[tuple[str, str]]:
    return [(one.source, one.content) for one, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "Adler argued that a register would keep thieves out, saying it is “all about order.”",
            ("Adler", "that a register would keep thieves out"),
            ("Adler", "it is “all about order.”"),
        ),
        (
            (
                'Brand said last week that Adler stands for "city values," stating'
                ' during the debate that they are "weak."'
            ),
            ("Brand", 'that Adler stands for "city values,"'),
            ("Brand", 'that they are "weak."'),
        ),
        (
            "Ann Lee said the pipe was old and called the council “lazy.”",
            ("Ann Lee", "the pipe was old"),
            ("Ann Lee", "the council “lazy.”"),
        ),
    ],
)
def test_a_second_cue_in_the_content_is_the_same_speaker_s(
    found: Found, text: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert said(found, text) == [first, second]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "Radio Harwich reported that General Adler had ordered his forces to withdraw, and"
                " accused the allies of bombing a hospital."
            ),
            [
                ("Radio Harwich", "that General Adler had ordered his forces to withdraw"),
                ("Radio Harwich", "the allies of bombing a hospital"),
            ],
        ),
        (
            "Lee said that the plan would fail and called it mad.",
            [("Lee", "that the plan would fail"), ("Lee", "it mad")],
        ),
        (
            (
                'Carla Stone said her side had "refused to lie down", while United captain Joe'
                " Brandt admitted that his team deserved nothing."
            ),
            [
                ("Carla Stone", 'her side had "refused to lie down"'),
                ("United captain Joe Brandt", "that his team deserved nothing"),
            ],
        ),
        (
            "Lee said Brand had left early and called the council.",
            [("Lee", "Brand had left early and called the council")],
        ),
    ],
)
def test_tense_tells_whose_a_second_cue_is(
    found: Found, text: str, expected: list[tuple[str, str]]
) -> None:
    assert said(found, text) == expected


def test_a_title_is_no_quotation(found: Found) -> None:
    text = (
        '"She did not suffer fools," recalled Hugh Partridge. In her memoir, "Wet Feet," she wrote'
        ' that she had been "bullied" by clerks.'
    )
    assert said(found, text) == [
        ("Hugh Partridge", '"She did not suffer fools,"'),
        ("she", 'that she had been "bullied" by clerks'),
    ]


def test_a_press_release_has_a_dateline_with_a_year(found: Found) -> None:
    text = "OSLO, Norway, Sept. 12, 2019 -- Halden Systems announced that it would close."
    assert ("Halden Systems", "that it would close") in said(found, text)


def test_who_can_have_said_it_keeps_the_second_cue(found: Found) -> None:
    text = "Ann Lee said that Brand walked out, adding that he was ill."
    assert ("Ann Lee", "that Brand walked out, adding that he was ill") in said(found, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lee says the bridge is old, but she hopes it will “see her out.”",
            ("Lee", "the bridge is old, but she hopes it will “see her out.”"),
        ),
        ("He's said he gets his ideas from a speech.", ("He", "he gets his ideas from a speech")),
        (
            "Adler, meanwhile, who sits in the lower house, said that the vote was lost.",
            ("Adler", "that the vote was lost"),
        ),
        (
            "Brand said he was “pleased” by the plan — a boost for the mayor, who fought for it.",
            ("Brand", "he was “pleased” by the plan"),
        ),
        ("She recalled the day the police came.", ("She", "the day the police came")),
        (
            "Per Lund, the harbour master, the ship had sunk by noon.",
            ("Lund, the harbour master", "the ship had sunk by noon"),
        ),
        ("The ship, per Lund, had sunk by noon.", ("Lund", "The ship … had sunk by noon")),
        (
            'Halvorsund (AFP) – Democrat Ann Adler has taken a swipe, saying that "words" harm.',
            ("Democrat Ann Adler", 'that "words" harm'),
        ),
        (
            (
                '"We left early," Ann Lee said. Brand says the trip was short.'
                ' "It was raining all day long."'
            ),
            ("Brand", 'the trip was short … "It was raining all day long."'),
        ),
    ],
)
def test_contents_and_sources_are_whole_and_no_longer(
    found: Found, text: str, expected: tuple[str, str]
) -> None:
    assert expected in said(found, text)


@pytest.mark.parametrize(
    "text", ["She saw Ann Lee on Monday.", "They found the car.", "The fee is two pounds a head."]
)
def test_what_is_met_or_paid_is_no_content(found: Found, text: str) -> None:
    assert said(found, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lee wrote that Brand had asked him whether the ship was lost.",
            ("Brand", "whether the ship was lost"),
        ),
        ("Lee said that Brand had urged the council to act.", ("Brand", "the council to act")),
    ],
)
def test_orders_and_questions_inside_a_report_are_reports(
    parse: Callable[[str], Parse], text: str, expected: tuple[str, str]
) -> None:
    inside = [told(a, text) for a in find_attributions(parse(text), scope="nested")]
    assert expected in [(one.source, one.content) for one in inside]
