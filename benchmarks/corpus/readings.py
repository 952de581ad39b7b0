"""The reading that a synthetic document was written from: what an extractor that makes no mistake
would find. Stores of any size are made of these, where to read the texts would take hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from benchmarks.corpus.marks import Mark
from benchmarks.corpus.writing import Sentence, Written
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    AttributionKind,
    Directness,
    Event,
    EventClass,
    Mention,
    MentionForm,
    Participant,
    Place,
    Polarity,
    Quantity,
    Reading,
    Role,
    Span,
    Statement,
    Tense,
    Timex,
    TimexType,
)

EXTRACTOR = "synthetic"

_ATTITUDES = frozenset({"believe", "fear"})
_NEGATIVE = frozenset({"deny", "reject"})
_ROLES = {"a": Role.AGENT, "o": Role.PATIENT}


def reading_of(written: Written) -> Reading:
    """The reading of a document."""
    return _Reader(written).reading()


class _Reader:
    def __init__(self, written: Written) -> None:
        self._written = written
        self._text = written.text.content
        self._actors: defaultdict[str, list[Span]] = defaultdict(list)
        self._places: defaultdict[str, list[Span]] = defaultdict(list)
        self._times: list[Timex] = []
        self._quantities: list[Quantity] = []
        self._events: list[Event] = []
        self._accounts: list[Account] = []

    def reading(self) -> Reading:
        for mark in self._marks("s", "a"):
            if (name := self._name(mark.span)) in self._known() or mark.kind == "s":
                self._actors[name].append(mark.span)
        for mark in self._marks("p"):
            self._places[mark.span.of(self._text)].append(mark.span)
        statements = tuple(
            statement
            for sentence in self._written.sentences
            for statement in self._statements(sentence)
        )
        return Reading(
            EXTRACTOR,
            tuple(self._actor(name, spans) for name, spans in self._actors.items()),
            tuple(self._place(name, spans) for name, spans in self._places.items()),
            tuple(self._times),
            tuple(self._events),
            tuple(self._accounts),
            tuple(self._quantities),
            statements,
        )

    def _known(self) -> frozenset[str]:
        return frozenset({*self._written.story.cast, self._written.story.body})

    def _marks(self, *kinds: str) -> Iterator[Mark]:
        for sentence in self._written.sentences:
            yield from (mark for mark in sentence.marks if mark.kind in kinds)

    def _name(self, span: Span) -> str:
        """What a mention calls its actor, without a title before it."""
        words = span.of(self._text)
        known = [name for name in self._known() if words.endswith(name)]
        return known[0] if known else words

    # ------------------------------------------------------------------------ entities

    def _actor(self, name: str, spans: list[Span]) -> Actor:
        named = name[0].isupper() and " " in name
        kind = ActorType.PERSON if named else ActorType.GROUP
        if name == self._written.story.body:
            kind = ActorType.ORGANIZATION
        form = MentionForm.NAME if named else MentionForm.NOMINAL
        key = f"actor/{spans[0].start}"
        return Actor(key, kind, name, (name,), named, tuple(Mention(s, form) for s in spans))

    def _place(self, name: str, spans: list[Span]) -> Place:
        story = self._written.story
        entry = next((each for each in (story.place, story.near) if each.name == name), None)
        mentions = tuple(Mention(span, MentionForm.NAME) for span in spans)
        return Place(f"place/{spans[0].start}", name, (name,), mentions, entry)

    def _time(self, span: Span) -> str:
        stated = span.of(self._text).removeprefix("on ")
        day: date = datetime.strptime(stated, "%d %B %Y").date()  # noqa: DTZ007 - a day
        value = day.isoformat()
        key = f"time/{span.start}"
        self._times.append(Timex(key, span, TimexType.DATE, value, value, day, day))
        return key

    def _quantity(self, mark: Mark) -> str:
        digits = mark.span.of(self._text).split()[0]
        span = Span(mark.span.start, mark.span.start + len(digits))
        key = f"quantity/{span.start}"
        self._quantities.append(Quantity(key, span, digits, mark.values[0]))
        return key

    # ---------------------------------------------------------------------- statements

    def _statements(self, sentence: Sentence) -> Iterator[Statement]:
        """What its speaker says, else what the narrator tells."""
        contents = [mark for mark in sentence.marks if mark.kind in {"i", "q"}]
        for content in contents:
            inside = [mark for mark in sentence.marks if content.span.contains(mark.span)]
            yield self._said(sentence, content, inside)
        if not contents and (events := [mark for mark in sentence.marks if mark.kind == "e"]):
            whole = _hull(mark.span for mark in sentence.marks)
            yield Statement(
                (whole,),
                whole.start,
                ("actor/narrator",),
                gives=self._given(sentence.marks, events),
                about=self._about(sentence.marks),
                construction="narrator",
                by_narrator=True,
            )

    def _said(self, sentence: Sentence, content: Mark, inside: list[Mark]) -> Statement:
        (source,) = (mark for mark in sentence.marks if mark.kind == "s")
        (cue,) = (mark for mark in sentence.marks if mark.kind == "c")
        lemma = cue.values[0]
        events = [mark for mark in inside if mark.kind == "e"]
        outside = [mark for mark in sentence.marks if mark not in inside]
        return Statement(
            (content.span,),
            cue.span.start,
            (f"actor/{self._actors[self._name(source.span)][0].start}",),
            source=(source.span,),
            cue=(cue.span,),
            cue_lemma=lemma,
            directness=Directness.DIRECT if content.kind == "q" else Directness.INDIRECT,
            kind=AttributionKind.ATTITUDE if lemma in _ATTITUDES else AttributionKind.COMMUNICATION,
            polarity=Polarity.NEGATIVE if lemma in _NEGATIVE else Polarity.POSITIVE,
            about=self._about(inside),
            gives=self._given(inside, events),
            said_at=tuple(self._time(mark.span) for mark in outside if mark.kind == "t"),
            said_in=tuple(self._place_key(mark.span) for mark in outside if mark.kind == "p"),
            construction="synthetic",
        )

    def _about(self, marks: Iterable[Mark]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._place_key(m.span) for m in marks if m.kind == "p"))

    def _place_key(self, span: Span) -> str:
        return f"place/{self._places[span.of(self._text)][0].start}"

    def _given(self, marks: Iterable[Mark], events: list[Mark]) -> tuple[str, ...]:
        """Keys of the accounts: the first event has the places, times and numbers around it."""
        marks = list(marks)
        places = tuple(dict.fromkeys(self._place_key(m.span) for m in marks if m.kind == "p"))
        times = tuple(self._time(m.span) for m in marks if m.kind == "t")
        quantities = tuple(self._quantity(m) for m in marks if m.kind == "n")
        roles = tuple(self._participant(m) for m in marks if m.kind in _ROLES)
        keys: list[str] = []
        for position, event in enumerate(events):
            key = self._account(event)
            if position == 0:
                self._accounts[-1] = _with(self._accounts[-1], roles, places, times, quantities)
            keys.append(key)
        return tuple(keys)

    def _participant(self, mark: Mark) -> Participant:
        spans = self._actors.get(self._name(mark.span))
        key = f"actor/{spans[0].start}" if spans else None
        return Participant(_ROLES[mark.kind], mark.span, key)

    def _account(self, event: Mark) -> str:
        lemma, type_ = event.values
        start = event.span.start
        mention = Mention(event.span, MentionForm.NOMINAL)
        self._events.append(Event(f"event/{start}", lemma, type_, (mention,)))
        self._accounts.append(
            Account(
                f"account/{start}",
                f"event/{start}",
                event.span,
                EventClass.OCCURRENCE,
                type_,
                Tense.PAST,
            )
        )
        return f"account/{start}"


def _with(
    account: Account,
    participants: tuple[Participant, ...],
    places: tuple[str, ...],
    times: tuple[str, ...],
    quantities: tuple[str, ...],
) -> Account:
    from dataclasses import replace

    return replace(
        account, participants=participants, places=places, times=times, quantities=quantities
    )


def _hull(spans: Iterable[Span]) -> Span:
    spans = list(spans)
    return Span(min(each.start for each in spans), max(each.end for each in spans))
