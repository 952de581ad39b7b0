"""Statements: attributions with their speakers, addressees, subjects, accounts and occasions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from testimonia.model import (
    Account,
    Actor,
    ActorType,
    Directness,
    Event,
    Mention,
    MentionForm,
    Span,
    Spans,
    Statement,
)
from testimonia.reading.assembly.index import Index, Times, conjuncts
from testimonia.reading.attribution import Attribution
from testimonia.reading.syntax import Parse

HIDDEN = "unnamed source"
TURN = "turn"
NARRATOR = "actor/narrator"
# Outside quotations they are the document's own voice; inside, coreference has resolved them.
_FIRST_PERSONS = frozenset({"i", "we", "me", "us", "my", "our"})
_IMPERSONAL = frozenset({"it", "its", "you"})  # where coreference finds nobody behind it


class Speakers:
    """Resolves sources to actors; a source that no words name becomes a described actor."""

    def __init__(self, parse: Parse, index: Index, actors: Sequence[Actor]) -> None:
        self._parse = parse
        self._index = index
        self._actors = {actor.key for actor in actors}
        self._nobody = {actor.key for actor in actors if actor.label.lower() in _IMPERSONAL}
        self.hidden: dict[str, Actor] = {}
        self._turns: dict[str, str] = {}
        self._named = {actor.key for actor in actors if actor.named}

    def of_all(self, attributions: Sequence[Attribution]) -> list[tuple[str, ...]]:
        """Per attribution the keys of its speakers: those coordinated in the source each, never
        none."""
        for attribution in attributions:
            if attribution.construction == TURN and attribution.source:
                self._remember(attribution)
        return [self._of(attributions, number) for number in range(len(attributions))]

    def _remember(self, turn: Attribution) -> None:
        """Whom a transcript's label means at all its turns: by name where coreference knows it."""
        key = self._actor(turn.source_head) if turn.source_head is not None else None
        label = self._label(turn)
        if label not in self._turns or (
            key in self._named and self._turns[label] not in self._named
        ):
            self._turns[label] = key or self._described(turn)

    def _label(self, attribution: Attribution) -> str:
        return attribution.source[0].of(self._parse.text)

    def _of(self, attributions: Sequence[Attribution], number: int) -> tuple[str, ...]:
        attribution = attributions[number]
        if attribution.construction == TURN and attribution.source:
            return (self._turns[self._label(attribution)],)
        if not attribution.voiced:
            return (self._described(replace(attribution, source=())),)
        if attribution.source_head is not None:
            heads = conjuncts(self._parse, attribution.source_head)
            found = [self._actor(head) for head in heads]
            keys = tuple(dict.fromkeys(key for key in found if key and key not in self._nobody))
            if keys:
                return keys
            source = self._parse.tokens[attribution.source_head].lower
            if source in _FIRST_PERSONS:
                return self._first_person(attributions, attribution)
            if source in _IMPERSONAL:
                return (self._described(replace(attribution, source=())),)
        return (self._described(attribution),)

    def _first_person(
        self, attributions: Sequence[Attribution], attribution: Attribution
    ) -> tuple[str, ...]:
        """Whoever's direct speech "I" stands in, else the document's own voice."""
        outer = attribution.within
        while outer is not None:
            if attributions[outer].directness is Directness.DIRECT:
                return self._of(attributions, outer)
            outer = attributions[outer].within
        return (NARRATOR,)

    def addressees(self, attribution: Attribution) -> tuple[str, ...]:
        """Keys of those spoken to, where the words name any."""
        if attribution.addressee_head is None:
            return ()
        found = [self._actor(head) for head in conjuncts(self._parse, attribution.addressee_head)]
        return tuple(dict.fromkeys(key for key in found if key))

    def _actor(self, head: int) -> str | None:
        key = self._index.key(head)
        return key if key in self._actors else None

    def _described(self, attribution: Attribution) -> str:
        spans = attribution.source or attribution.cue or attribution.content
        named_by_words = bool(attribution.source)
        label = spans[0].of(self._parse.text) if named_by_words else HIDDEN
        key = f"actor/{spans[0].start}"
        form = MentionForm.NOMINAL
        mentions = (Mention(spans[0], form, 0.5),) if attribution.source or attribution.cue else ()
        names = (label,) if named_by_words else ()
        actor = Actor(key, ActorType.ACTOR, label, names, named=False, mentions=mentions)
        if key in self._actors:
            key += "-2"
            actor = replace(actor, key=key)
        self.hidden.setdefault(key, actor)
        return key


class About:
    """What the words of a statement speak of."""

    def __init__(
        self,
        index: Index,
        times: Times,
        accounts: Sequence[Account],
        events: Sequence[Event],
    ) -> None:
        self._index = index
        self._times = times
        self._accounts = sorted(accounts, key=lambda account: account.trigger)
        self._starts = [account.trigger.start for account in self._accounts]
        self._events = {event.key for event in events}

    def about(self, content: Spans, given: Sequence[Account]) -> tuple[str, ...]:
        """Actors, places and times mentioned in the content, and the events that it gives."""
        found = [*self._index.inside(content), *self._times.inside(content)]
        found += [account.event for account in given]
        return tuple(dict.fromkeys(found))

    def occasion(self, modifiers: Spans) -> tuple[str, ...]:
        """Events in the adverbials of the saying: "during a meeting"."""
        found = {position for span in modifiers for position in self._accounts_in(span)}
        return tuple(dict.fromkeys(self._accounts[position].event for position in sorted(found)))

    def _accounts_in(self, span: Span) -> Iterator[int]:
        """Positions of the accounts whose triggers lie in a span. Found by bisection: looking at
        all of them took a third of the reading of 2,000 statements."""
        first = bisect_left(self._starts, span.start)
        for position in range(first, bisect_left(self._starts, span.end)):
            if span.contains(self._accounts[position].trigger):
                yield position

    def times(self, modifiers: Spans) -> tuple[str, ...]:
        """Times in the adverbials of the saying."""
        return tuple(dict.fromkeys(self._times.inside(modifiers)))

    def places(self, modifiers: Spans, text: str) -> tuple[str, ...]:
        """Places in those adverbials that say where: "in Vienna", "at the port of Odense"."""
        local = tuple(
            span
            for span in modifiers
            if span.of(text).split(maxsplit=1)[0].lower() in {"in", "at", "from", "near"}
        )
        keys = dict.fromkeys(self._index.inside(local))
        return tuple(key for key in keys if key.startswith("place/"))


def statement(
    attribution: Attribution,
    speakers: tuple[str, ...],
    addressees: tuple[str, ...],
    parse: Parse,
    about: About,
    given: Sequence[Account],
) -> Statement:
    """The statement that one attribution is, of these speakers to these addressees; ``given`` are
    the accounts in its content that no statement inside it gives."""
    anchor = attribution.content[0].start
    if attribution.cue_head is not None:
        anchor = parse.tokens[attribution.cue_head].start
    return Statement(
        content=attribution.content,
        anchor=anchor,
        speakers=speakers,
        source=attribution.source,
        cue=attribution.cue,
        cue_lemma=attribution.cue_lemma,
        directness=attribution.directness,
        kind=attribution.kind,
        certainty=attribution.certainty,
        attribution_certainty=attribution.attribution_certainty,
        polarity=attribution.polarity,
        addressees=addressees,
        about=about.about(attribution.content, given),
        gives=tuple(account.key for account in given),
        said_at=about.times(attribution.modifiers),
        said_in=about.places(attribution.modifiers, parse.text),
        said_during=about.occasion(attribution.modifiers),
        within=attribution.within,
        construction=attribution.construction,
        confidence=attribution.confidence,
    )
