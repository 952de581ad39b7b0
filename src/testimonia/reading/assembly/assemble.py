"""The order in which the parts of a reading are put together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from testimonia.model import (
    Account,
    Actor,
    ActorType,
    EventClass,
    Place,
    Reading,
    Span,
    Statement,
    Timex,
)
from testimonia.reading.assembly.events import happenings
from testimonia.reading.assembly.index import Index, Times
from testimonia.reading.assembly.narration import narrated
from testimonia.reading.assembly.statements import NARRATOR, About, Speakers, statement
from testimonia.reading.attribution import Attribution
from testimonia.reading.events import Trigger
from testimonia.reading.syntax import Parse


def assemble(
    parse: Parse,
    *,
    extractor: str,
    attributions: Sequence[Attribution],
    actors: Sequence[Actor],
    places: Sequence[Place],
    times: Sequence[Timex],
    triggers: Sequence[Trigger],
) -> Reading:
    """One reading from the parts; a pure function."""
    index, dates = Index(parse, actors, places), Times(times)
    found = happenings(parse, triggers, index, dates)
    about = About(index, dates, found.accounts, found.events)
    speakers = Speakers(parse, index, actors)
    given = _given(attributions, found.accounts, parse)
    said = [
        statement(attribution, who, speakers.addressees(attribution), parse, about, told)
        for attribution, who, told in zip(
            attributions, speakers.of_all(attributions), given, strict=True
        )
    ]
    told = _untold(found.accounts, attributions, parse)
    others = [each for each in attributions if each.voiced]
    contents = tuple(span for each in others for span in each.content)
    cues = tuple(span for each in others for span in each.cue)
    statements = _in_order([*said, *narrated(parse, told, contents, cues, about)])
    narrator = Actor(NARRATOR, ActorType.NARRATOR, "narrator", (), named=False, mentions=())
    return Reading(
        extractor=extractor,
        actors=(narrator, *actors, *speakers.hidden.values()),
        places=tuple(places),
        times=tuple(times),
        events=found.events,
        accounts=found.accounts,
        quantities=found.quantities,
        statements=statements,
    )


def _given(
    attributions: Sequence[Attribution], accounts: Sequence[Account], parse: Parse
) -> list[list[Account]]:
    """Per attribution the accounts in its content, each given by the innermost one only.

    The act of saying itself is a statement, so a cue gives no account.
    """
    cues = _cue_starts(attributions, parse)
    given: list[list[Account]] = [[] for _ in attributions]
    innermost = _innermost(attributions, accounts)
    for account in accounts:
        if account.trigger.start in cues:
            continue
        holder = innermost.get(account.trigger.start)
        if holder is not None and _tells(account):
            given[holder].append(account)
    return given


def _innermost(attributions: Sequence[Attribution], accounts: Sequence[Account]) -> dict[int, int]:
    """Per trigger (by its start) inside a content, the attribution with the shortest such."""
    by_length = sorted(
        range(len(attributions)), key=lambda n: -sum(map(len, attributions[n].content))
    )
    starts = sorted(account.trigger.start for account in accounts)
    holder: dict[int, int] = {}
    for number in by_length:
        for span in attributions[number].content:
            inside = starts[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            holder.update(dict.fromkeys(inside, number))
    return holder


def _untold(
    accounts: Sequence[Account], attributions: Sequence[Attribution], parse: Parse
) -> list[Account]:
    """The accounts that stand outside every content: the document itself gives them.

    What only describes a source ("a sailor quoted in the log") is no telling of its own.
    """
    cues = _cue_starts(attributions, parse)
    sources = {
        index for each in attributions for span in each.source for index in parse.within(span)
    }
    inside = _innermost(attributions, accounts)
    return [
        account
        for account in accounts
        if account.trigger.start not in cues
        and account.trigger.start not in inside
        and parse.at(account.trigger.start) not in sources
        and account.event_class is not EventClass.STATE
        and _tells(account)
    ]


def _tells(account: Account) -> bool:
    """A trigger with at least one participant, place or time."""
    return bool(any(part.key for part in account.participants) or account.places or account.times)


def _cue_starts(attributions: Sequence[Attribution], parse: Parse) -> set[int]:
    heads = (each.cue_head for each in attributions)
    return {parse.tokens[head].start for head in heads if head is not None}


def _in_order(statements: list[Statement]) -> tuple[Statement, ...]:
    """By anchor, those of others before the narrator's; ``within`` follows."""
    order = sorted(
        range(len(statements)),
        key=lambda n: (statements[n].anchor, statements[n].by_narrator, _size(statements[n])),
    )
    place = {old: new for new, old in enumerate(order)}
    return tuple(
        replace(each, within=None if each.within is None else place[each.within])
        for each in (statements[old] for old in order)
    )


def _size(each: Statement) -> tuple[int, tuple[Span, ...]]:
    return -sum(map(len, each.content)), each.content
