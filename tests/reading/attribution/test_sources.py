"""Whose words they are where syntax misleads: participles, names between commas, vocatives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.attribution import Attribution, find_attributions
from testimonia.reading.syntax import Parse

from .conftest import Told, told

Parser = Callable[[str], Parse]
Found = Callable[[str], list[tuple[Told, Attribution]]]


def recorded(parsed: Parse) -> list[tuple[str, str, str]]:
    """Source, cue and content of what the graph is made of."""
    found = [told(a, parsed.text) for a in find_attributions(parsed, scope="nested")]
    return [(each.source, each.cue, each.content) for each in found]


@pytest.mark.parametrize(
    ("text", "cue", "addressee"),
    [
        ("Asked whether Holmen could win, captain Per Lund laughed.", "Asked", "captain Per Lund"),
        ("Told that the bridge had closed, Per Lund shrugged.", "Told", "Per Lund"),
        (
            "Pressed about the delay, Mayor Ana Ruiz said the bridge would open in May.",
            "Pressed about",
            "Mayor Ana Ruiz",
        ),
    ],
)
def test_whoever_was_asked_did_not_ask(found: Found, text: str, cue: str, addressee: str) -> None:
    (asked,) = [(t, a) for t, a in found(text) if t.cue == cue]
    assert asked[0].source == ""
    assert asked[1].addressee is not None
    assert asked[1].addressee.of(text) == addressee


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Ann Holt left, having asked whether the mill was safe.", "Ann Holt"),
        ("Asked by Ann Lee whether the mill was safe, Per Lund laughed.", "Ann Lee"),
        ("Worried that the mill would close, Ann Holt left.", "Ann Holt"),
        ("Ann Holt left, saying that the mill was safe.", "Ann Holt"),
    ],
)
def test_whoever_asked_stays_the_source(parse: Parser, text: str, source: str) -> None:
    assert source in {found[0] for found in recorded(parse(text))}


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        (
            "According to the regional governor, Oleh Marchuk, two children were hurt.",
            "the regional governor, Oleh Marchuk",
            "two children were hurt",
        ),
        (
            "According to the mayor, Lisa Brandt, the bridge will close.",
            "the mayor, Lisa Brandt",
            "the bridge will close",
        ),
        (
            "According to Anna, Chile exports more cherries than any other country.",
            "Anna",
            "Chile exports more cherries than any other country",
        ),
        (
            "According to the mayor, Lisa Brandt will resign.",
            "the mayor",
            "Lisa Brandt will resign",
        ),
    ],
)
def test_name_between_commas_is_its_titles(
    parse: Parser, text: str, source: str, content: str
) -> None:
    assert (source, "According to", content) in recorded(parse(text))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Karen, the port authority in Lenzig has confirmed that the ship left.",
            "the port authority in Lenzig",
        ),
        ("Karen, the port authority has confirmed that the ship left.", "the port authority"),
        ("Doctor, the patient says that he cannot sleep.", "the patient"),
        ("Karen, the captain, said that the ship had left.", "Karen, the captain"),
        ("Lund, the captain, said that the season was long.", "Lund, the captain"),
    ],
)
def test_vocative_is_no_part_of_the_source(parse: Parser, text: str, source: str) -> None:
    assert [found[0] for found in recorded(parse(text))] == [source]


@pytest.mark.parametrize(
    "text",
    [
        "Asian funds saw the biggest outflow since March.",
        "The market saw a sharp fall.",
        "The crash claimed two lives.",
        "She wrote 214 cheques in a week.",
        "He read the meter.",
    ],
)
def test_things_that_happen_are_not_said(parse: Parser, text: str) -> None:
    assert recorded(parse(text)) == []


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("She wrote a letter to the bank.", "wrote"),
        ("She wrote that the bank had failed.", "wrote"),
        ("She wrote a blog about the harbour.", "wrote"),
        ("The guard saw two men near the gate.", "saw"),
    ],
)
def test_people_see_and_write(parse: Parser, text: str, cue: str) -> None:
    assert cue in {found[1] for found in recorded(parse(text))}
