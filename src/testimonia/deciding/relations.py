"""Which relations between statements people hold to be so, and which not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from testimonia.decisions import Decision, Kind, What

Related = tuple[str, str, str]
"""The kind of a relation (the local name of its concept), and the two statements by their ids."""


@dataclass(frozen=True, slots=True)
class Relations:
    """``held`` and ``refused`` are what people confirmed and rejected; ``by`` tells for each of
    both which decision rules, ``superseded`` for a decision the later one that does."""

    held: frozenset[Related]
    refused: frozenset[Related]
    by: Mapping[Related, str]
    superseded: Mapping[str, str]


def relations(
    decisions: Iterable[Decision], sides: Mapping[str, tuple[Sequence[str], Sequence[str]]]
) -> Relations:
    """What decisions on relations say, the later one of two; ``sides`` gives for a decision's id
    the ids of the statements at the words of either side. What was withdrawn says nothing."""
    found: dict[Related, Decision] = {}
    superseded: dict[str, str] = {}
    for decision in sorted(decisions, key=lambda each: each.number):
        if decision.withdrawn is not None or decision.what is not What.RELATION:
            continue
        ones, others = sides.get(decision.id, ((), ()))
        for related in ((decision.field, one, other) for one in ones for other in others):
            if (before := found.get(related)) is not None:
                superseded[before.id] = decision.id
            found[related] = decision
    held = {related for related, by in found.items() if by.kind is Kind.CONFIRM}
    by = {related: decision.id for related, decision in found.items()}
    return Relations(frozenset(held), frozenset(found.keys() - held), by, superseded)
