"""Which statement gives which account, what lies inside which words, and in which order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from testimonia.model import Account, Span, Spans, Statement


def holders(
    statements: Sequence[Statement], accounts: Sequence[Account]
) -> Iterator[tuple[Account, int]]:
    """Each account that tells something, with the statement of the shortest content around it.

    The act of saying is the statement itself, so a trigger in a cue gives no account.
    """
    triggers = sorted((each.trigger, each.key) for each in accounts)
    cues = {key for statement in statements for _, key in inside(statement.cue, triggers)}
    longest_first = sorted(
        range(len(statements)), key=lambda n: (-sum(map(len, statements[n].content)), -n)
    )
    innermost: dict[str, int] = {}
    for number in longest_first:
        found = inside(statements[number].content, triggers)
        innermost.update((key, number) for _, key in found)
    for account in accounts:
        told = account.places or account.times or any(part.key for part in account.participants)
        if told and account.key in innermost and account.key not in cues:
            yield account, innermost[account.key]


def inside(spans: Spans, standing: Sequence[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """Those of ``standing`` (in textual order) that lie wholly in one of ``spans``."""
    for span in spans:
        first = bisect_left(standing, (Span(span.start, span.start + 1), ""))
        for position in range(first, len(standing)):
            each = standing[position]
            if each[0].start >= span.end:
                break
            if each[0].end <= span.end:
                yield each


def in_order(statements: list[Statement]) -> tuple[Statement, ...]:
    """By anchor, those of others before the narrator's; ``within`` follows."""
    order = sorted(
        range(len(statements)),
        key=lambda n: (
            statements[n].anchor,
            statements[n].by_narrator,
            -sum(map(len, statements[n].content)),
            statements[n].content,
        ),
    )
    place = {old: new for new, old in enumerate(order)}
    return tuple(
        replace(each, within=None if each.within is None else place[each.within])
        for each in (statements[old] for old in order)
    )
