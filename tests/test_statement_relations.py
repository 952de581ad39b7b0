"""The scenarios: what holds between statements, and what must not."""

from __future__ import annotations

import pytest
from benchmarks.statement_relations import KINDS, PARTS, Tally, scenarios, tally

from testimonia.library import open_reader

# Measured: 1.00 everywhere; the second, before the rules had seen it, had from 0.67
# (repeats, precision) and 0.80 (contradicts and corroborates, recall) upwards, the third from 0.75
# (corroborates and responds to, precision; repeats 0.50, of four), see docs/quality.md.
FLOOR = 0.85


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    reader = open_reader()
    return {part: tally(scenarios(part), reader) for part in PARTS}


def test_there_are_enough() -> None:
    every = [each for part in PARTS for each in scenarios(part)]
    assert len(every) >= 80
    assert len({each["name"] for each in every}) == len(every)
    assert sum(not each["holds"] for each in every) >= 12
    assert all(each["never"] for each in every)
    assert {told[0] for each in every for told in each["holds"]} == set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_relations_are_found_and_others_are_not(part: str, tallies: dict[str, Tally]) -> None:
    found = tallies[part]
    told = "\n".join((*found.table(), *found.notes))
    for kind in KINDS:
        assert found.precision(kind) >= FLOOR, told
        assert found.recall(kind) >= FLOOR, told
    assert sum(found.forbidden.values()) <= 1, told
