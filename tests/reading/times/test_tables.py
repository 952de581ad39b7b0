"""Phrases of time by family: ``tables.toml``, all units, directions and modifiers."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from testimonia.reading.times import find_times

TABLES = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))
Found = list[tuple[str, str]]
CASES = [
    pytest.param(
        family.get("date", TABLES["date"]),
        family.get("type"),
        marked,
        values.split(),
        id=f"{family['name']}: {marked}",
    )
    for family in TABLES["family"]
    for marked, values in family["cases"]
]


@pytest.mark.parametrize(("day", "kind", "marked", "values"), CASES)
def test_every_phrase_has_the_extent_and_value_of_the_table(
    day: date, kind: str | None, marked: str, values: list[str]
) -> None:
    found = find_times(re.sub(r"[\[\]]", "", marked), day)
    told = [(time.span.of(re.sub(r"[\[\]]", "", marked)), time.value) for time in found]
    assert told == list(zip(re.findall(r"\[(.*?)\]", marked), values, strict=True))
    assert kind is None or {time.type.value.upper() for time in found} == {kind}


def test_the_tables_are_not_thinned_out() -> None:
    assert len(CASES) > 600
