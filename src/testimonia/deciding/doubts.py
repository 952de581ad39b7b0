"""What of a reading a decision would settle most.

The score is *doubt times dependents*: one less the reading's confidence, times how much rests on
it. What is known for certain, or rests on nothing, is no question.

| question | doubt | what rests on it |
|---|---|---|
| is it said, and by whom | 1 − confidence | it, accounts it gives, statements inside it |
| whom do these words mean | 1 − the mention's confidence | statements and roles by these words |
| which place is it | 1 − the resolution's confidence | mentions, accounts, statements |
| which year is it | ½ where nothing tells the year | accounts, statements |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from testimonia.deciding.finding import hull
from testimonia.decisions import What
from testimonia.model import DateBasis, Reading, Span

MOST: Final = 20
"""So many are kept of a document, those with the highest scores."""

_YEARLESS: Final = 0.5
_LEAST: Final = 0.05  # less is as good as sure


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Words that a decision would settle something about: a statement by its position in the
    reading, everything else by its key."""

    what: What
    span: Span
    confidence: float
    dependents: int
    statement: int | None = None
    key: str | None = None

    @property
    def score(self) -> float:
        """How much a decision would settle."""
        return round((1.0 - self.confidence) * self.dependents, 4)


def doubts(reading: Reading, decided: Collection[str] = ()) -> tuple[Doubtful, ...]:
    """The questions of a reading, the weightiest first; ``decided`` are keys of what people have
    decided on."""
    found = [*_statements(reading), *_mentions(reading), *_places(reading), *_times(reading)]
    kept = [each for each in found if each.score >= _LEAST and each.key not in decided]
    best: dict[tuple[What, Span], Doubtful] = {}
    for each in sorted(kept, key=lambda each: (-each.score, each.span, each.what)):
        best.setdefault((each.what, each.span), each)
    return tuple(best.values())[:MOST]


def _statements(reading: Reading) -> Iterator[Doubtful]:
    inside = Counter(each.within for each in reading.statements)
    for number, statement in enumerate(reading.statements):
        dependents = 1 + len(statement.gives) + inside[number]
        span = hull(statement.content)
        yield Doubtful(What.STATEMENT, span, statement.confidence, dependents, statement=number)


def _mentions(reading: Reading) -> Iterator[Doubtful]:
    resting: defaultdict[str, list[Span]] = defaultdict(list)
    for statement in reading.statements:
        for key in statement.speakers:
            resting[key] += statement.source
    for account in reading.accounts:
        for part in account.participants:
            if part.key is not None:
                resting[part.key].append(part.span)
    for actor in reading.actors:
        for mention in actor.mentions:
            if mention.confidence < 1.0:
                dependents = sum(each.overlaps(mention.span) for each in resting[actor.key])
                span, confidence = mention.span, mention.confidence
                yield Doubtful(What.MENTION, span, confidence, dependents, key=actor.key)


def _places(reading: Reading) -> Iterator[Doubtful]:
    happened = Counter(key for account in reading.accounts for key in account.places)
    spoken = Counter(key for each in reading.statements for key in {*each.about, *each.said_in})
    for place in reading.places:
        if place.mentions and not place.site:
            dependents = len(place.mentions) + happened[place.key] + spoken[place.key]
            span = place.mentions[0].span
            yield Doubtful(What.MENTION, span, place.confidence, dependents, key=place.key)


def _times(reading: Reading) -> Iterator[Doubtful]:
    happened = Counter(key for account in reading.accounts for key in account.times)
    spoken = Counter(key for each in reading.statements for key in {*each.about, *each.said_at})
    for time in reading.times:
        if time.basis is DateBasis.YEAR_UNKNOWN:
            dependents = happened[time.key] + spoken[time.key]
            yield Doubtful(What.TIME, time.span, _YEARLESS, dependents, key=time.key)
