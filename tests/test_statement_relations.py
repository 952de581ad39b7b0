"""The scenarios: what holds between statements, and what must not."""

from __future__ import annotations

import pytest
from benchmarks.statement_relations import KINDS, Tally, scenarios, tally

from testimonia.library import open_reader

# Measured: 1.00 everywhere; the second half, before the rules had seen it, had from 0.67 (repeats,
# precision) and 0.80 (contradicts and corroborates, recall) upwards, see docs/quality.md.
FLOOR = 0.85


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    reader = open_reader()
    return {half: tally(scenarios(half), reader) for half in ("first", "second")}


def test_there_are_enough() -> None:
    every = [*scenarios("first"), *scenarios("second")]
    assert len(every) >= 60
    assert len({each["name"] for each in every}) == len(every)
    assert sum(not each["holds"] for each in every) >= 12
    assert all(each["never"] for each in every)
    assert {told[0] for each in every for told in each["holds"]} == set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("half", ["first", "second"])
def test_relations_are_found_and_others_are_not(half: str, tallies: dict[str, Tally]) -> None:
    found = tallies[half]
    told = "\n".join((*found.table(), *found.notes))
    for kind in KINDS:
        assert found.precision(kind) >= FLOOR, told
        assert found.recall(kind) >= FLOOR, told
    assert sum(found.forbidden.values()) <= 1, told
