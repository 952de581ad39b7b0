"""What of a reading goes into the graph: no account without a statement that gives it."""

from __future__ import annotations

from dataclasses import replace

from testimonia.model import Reading


def told(reading: Reading) -> Reading:
    """The reading without triggers that nobody tells of, and what only they need."""
    given = {key for statement in reading.statements for key in statement.gives}
    accounts = tuple(account for account in reading.accounts if account.key in given)
    events = {account.event for account in accounts}
    for statement in reading.statements:
        events.update((*statement.about, *statement.said_during))
    quantities = {key for account in accounts for key in account.quantities}
    return replace(
        reading,
        accounts=accounts,
        events=tuple(event for event in reading.events if event.key in events),
        quantities=tuple(each for each in reading.quantities if each.key in quantities),
    )
