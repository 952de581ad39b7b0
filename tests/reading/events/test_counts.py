"""The numbers that events come with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.events import find_events
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]


def counts(parse: Parser, text: str) -> set[tuple[str, str, str]]:
    triggers = find_events(parse(text))
    return {(c.value, c.unit, c.span.of(text)) for each in triggers for c in each.counts}


@pytest.mark.parametrize(
    ("text", "value", "unit", "words"),
    [
        ("The blast killed at least 12 people.", "12", "people", "at least 12 people"),
        ("The baker sold 1,200 loaves.", "1200", "loaf", "1,200 loaves"),
        ("Half a dozen soldiers fled.", "6", "soldier", "Half a dozen soldiers"),
        ("The union paid 2.5 million euros.", "2500000", "euro", "2.5 million euros"),
        ("The union paid $5 million.", "5000000", "dollar", "$5 million"),
        ("The army captured 12 of the soldiers.", "12", "soldier", "12 of the soldiers"),
        ("Prices rose 5 percent.", "5", "percent", "5 percent"),
        ("Prices rose 5%.", "5", "percent", "5%"),
        ("Three attacks shook the town.", "3", "attack", "Three attacks"),
        ("The blast wounded two hundred and five.", "205", "people", "two hundred and five"),
    ],
)
def test_numbers_with_units(parse: Parser, text: str, value: str, unit: str, words: str) -> None:
    assert (value, unit, words) in counts(parse, text)


@pytest.mark.parametrize(
    "text",
    [
        "The rebels captured the harbour in 2013.",
        "The 12-year-old girl won the race.",
        "The second attack failed.",
        "The team won the match 3-1.",
        "Flight 370 crashed.",
        "Between 10 and 20 people died.",
        "Several people died.",
        "The singer died at the age of 70.",
    ],
)
def test_years_ages_ranks_scores_and_ranges_count_nothing(parse: Parser, text: str) -> None:
    assert counts(parse, text) == set()
