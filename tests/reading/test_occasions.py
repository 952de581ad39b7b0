"""Which events a statement's adverbials name: found by bisection, as looking at all would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Account, EventClass, Span, Tense
from testimonia.reading.assembly.index import Index, Times
from testimonia.reading.assembly.statements import About
from testimonia.reading.syntax import Parse

spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(1, 12)
)


def account(trigger: Span, event: int) -> Account:
    key = f"account/{trigger.start}"
    return Account(
        key, f"event/{event}", trigger, next(iter(EventClass)), "other", next(iter(Tense))
    )


@given(st.lists(st.tuples(spans, st.integers(0, 5))), st.lists(spans, max_size=4))
def test_occasions_are_the_events_with_triggers_inside(
    triggers: list[tuple[Span, int]], modifiers: list[Span]
) -> None:
    accounts = [account(trigger, event) for trigger, event in triggers]
    about = About(Index(Parse("", (), ()), [], []), Times([]), accounts, [])
    inside = [
        each.event
        for each in sorted(accounts, key=lambda each: each.trigger)
        if any(
            span.start <= each.trigger.start and each.trigger.end <= span.end for span in modifiers
        )
    ]
    assert about.occasion(tuple(modifiers)) == tuple(dict.fromkeys(inside))
