"""Statements: attributions with their speakers, addressees, subjects, accounts and occasions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from testimonia.model import (
    Account,
    Actor,
    ActorType,
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
NARRATOR = "actor/narrator"
# Outside quotations they are the document's own voice; inside, coreference has resolved them.
_FIRST_PERSONS = frozenset({"i", "we", "me", "us", "my", "our"})


class Speakers:
    """Resolves sources to actors; a source that no words name becomes a described actor."""

    def __init__(self, parse: Parse, index: Index, actors: Sequence[Actor]) -> None:
        self._parse = parse
        self._index = index
        self._actors = {actor.key for actor in actors}
        self.hidden: dict[str, Actor] = {}

    def of(self, attribution: Attribution) -> tuple[str, ...]:
        """Keys of the speakers: those coordinated in the source each, never none."""
        if attribution.source_head is not None:
            heads = conjuncts(self._parse, attribution.source_head)
            found = [self._actor(head) for head in heads]
            if keys := tuple(dict.fromkeys(key for key in found if key)):
                return keys
            if self._parse.tokens[attribution.source_head].lower in _FIRST_PERSONS:
                return (NARRATOR,)
        return (self._described(attribution),)

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
        key = f"actor/{spans[0].start}"
        named_by_words = bool(attribution.source)
        label = spans[0].of(self._parse.text) if named_by_words else HIDDEN
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
    parse: Parse,
    speakers: Speakers,
    about: About,
    given: Sequence[Account],
) -> Statement:
    """The statement that one attribution is; ``given`` are the accounts in its content that no
    statement inside it gives."""
    anchor = attribution.content[0].start
    if attribution.cue_head is not None:
        anchor = parse.tokens[attribution.cue_head].start
    return Statement(
        content=attribution.content,
        anchor=anchor,
        speakers=speakers.of(attribution),
        source=attribution.source,
        cue=attribution.cue,
        cue_lemma=attribution.cue_lemma,
        directness=attribution.directness,
        kind=attribution.kind,
        certainty=attribution.certainty,
        attribution_certainty=attribution.attribution_certainty,
        polarity=attribution.polarity,
        addressees=speakers.addressees(attribution),
        about=about.about(attribution.content, given),
        gives=tuple(account.key for account in given),
        said_at=about.times(attribution.modifiers),
        said_in=about.places(attribution.modifiers, parse.text),
        said_during=about.occasion(attribution.modifiers),
        within=attribution.within,
        construction=attribution.construction,
        confidence=attribution.confidence,
    )
