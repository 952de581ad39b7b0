"""Tense, polarity and certainty of events."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.model import Certainty, Polarity, Tense
from testimonia.reading.events import Trigger, find_events
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]


def trigger(parse: Parser, text: str, word: str) -> Trigger:
    return next(each for each in find_events(parse(text)) if each.span.of(text) == word)


@pytest.mark.parametrize(
    ("text", "word", "tense"),
    [
        ("The bridge collapsed.", "collapsed", Tense.PAST),
        ("The bridge has collapsed.", "collapsed", Tense.PRESENT),
        ("The bridge had collapsed.", "collapsed", Tense.PAST),
        ("The bridge was repaired and painted.", "painted", Tense.PAST),
        ("The council will repair the bridge.", "repair", Tense.FUTURE),
        ("The council will repair and paint the bridge.", "paint", Tense.FUTURE),
        ("The council is going to repair the bridge.", "repair", Tense.FUTURE),
        ("The council wants to repair the bridge.", "repair", Tense.INFINITIVE),
        ("The council may repair the bridge.", "repair", Tense.NONE),
        ("The rain flooded the town, damaging a school.", "damaging", Tense.PRESENT_PARTICIPLE),
        ("The letter sent to the mayor was lost.", "sent", Tense.PAST_PARTICIPLE),
        ("The rescue of the miners failed.", "rescue", Tense.NONE),
    ],
)
def test_tense(parse: Parser, text: str, word: str, tense: Tense) -> None:
    assert trigger(parse, text, word).tense is tense


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The bridge did not collapse.", "collapse"),
        ("Nobody attacked the harbour.", "attacked"),
        ("No soldier attacked the harbour.", "attacked"),
        ("The ministers reached no agreement.", "reached"),
        ("The rebels failed to capture the harbour.", "capture"),
        ("The army left without firing a shot.", "firing"),
        ("The company no longer employs miners.", "employs"),
        ("Neither the mayor nor the council signed the treaty.", "signed"),
        ("The owner denied that the boat was overloaded.", "overloaded"),
        ("The owner denied it was overloaded.", "overloaded"),
        ("The company denied the attack.", "attack"),
        ("The envoy prevented a clash.", "clash"),
        ("The clerk denied that he took the key and that he opened the gate.", "opened"),
        ("The clerk refused to come or write.", "write"),
        ("The clerk did not come or write.", "write"),
        ("The guards stopped the crew from leaving.", "leaving"),
    ],
)
def test_negative(parse: Parser, text: str, word: str) -> None:
    assert trigger(parse, text, word).polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The rebels captured the harbour.", "captured"),
        ("The owner did not deny that the boat sank.", "sank"),
        ("The police stopped the attack.", "attack"),
        ("The company refused the request.", "request"),
        ("The company stopped paying its crew.", "paying"),
        ("The clerk failed to come and left the town.", "left"),
    ],
)
def test_positive(parse: Parser, text: str, word: str) -> None:
    assert trigger(parse, text, word).polarity is Polarity.POSITIVE


@pytest.mark.parametrize(
    ("text", "word", "certainty"),
    [
        ("The rebels captured the harbour.", "captured", Certainty.CERTAIN),
        ("The rebels may have captured the harbour.", "captured", Certainty.POSSIBLE),
        ("The rebels probably captured the harbour.", "captured", Certainty.PROBABLE),
        (
            "If the rebels captured the harbour, trade would end.",
            "captured",
            Certainty.UNDERSPECIFIED,
        ),
        ("The rebels tried to capture the harbour.", "capture", Certainty.UNDERSPECIFIED),
    ],
)
def test_certainty(parse: Parser, text: str, word: str, certainty: Certainty) -> None:
    assert trigger(parse, text, word).certainty is certainty
