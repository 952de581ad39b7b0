"""An answer held against its text and turned into a reading; a pure function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from testimonia.model import (
    Account,
    Actor,
    ActorType,
    AttributionKind,
    Certainty,
    DateBasis,
    Directness,
    EventClass,
    Mention,
    MentionForm,
    Participant,
    Place,
    Polarity,
    Reading,
    Role,
    Span,
    Spans,
    Statement,
    Tense,
    Timex,
    TimexType,
)
from testimonia.model import Event as ModelEvent
from testimonia.reading.foreign import protocol
from testimonia.reading.foreign.giving import holders, in_order, inside
from testimonia.reading.foreign.protocol import NARRATOR, Answer, Attribution, Event, Refused
from testimonia.reading.foreign.quotes import Mismatch, Quotes
from testimonia.reading.times.edtf import extent
from testimonia.vocabulary import EVENT_TYPES

_NARRATOR_KEY = "actor/narrator"
_HIDDEN = "unnamed source"
_TYPES = {
    "person": ActorType.PERSON,
    "organization": ActorType.ORGANIZATION,
    "group": ActorType.GROUP,
    "place": ActorType.GEOPOLITICAL_ENTITY,
    "unknown": ActorType.ACTOR,
}
_TENSES = {"PRESPART": Tense.PRESENT_PARTICIPLE, "PASTPART": Tense.PAST_PARTICIPLE}
_POLARITIES = {"POS": Polarity.POSITIVE, "NEG": Polarity.NEGATIVE}
_MARKS = frozenset("\"'“”„‟‘’‚«»‹›「」『』")
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def reading(answer: Answer, text: str, extractor: str) -> Reading:
    """The reading that an answer is.

    Raises:
        Refused: a quote does not stand in the text, or a part points to one that is not there.
    """
    builder = _Builder(Quotes(text), text)
    found = builder.reading(answer, extractor)
    if builder.reasons:
        raise Refused(builder.reasons)
    return found


@dataclass(frozen=True, slots=True)
class _Cluster:
    """An entity of the answer: what it is called here, its type, its mentions in textual order."""

    key: str
    type: str
    mentions: tuple[Mention, ...]


@dataclass
class _Builder:
    quotes: Quotes
    text: str
    reasons: list[str] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)
    _clusters: dict[str, _Cluster] = field(default_factory=dict)
    _acting: set[str] = field(default_factory=set)
    _hidden: list[Actor] = field(default_factory=list)

    def reading(self, answer: Answer, extractor: str) -> Reading:
        self._clusters = self._entities(answer.entities)
        # A part that could not be made leaves its place empty, so that numbers still fit.
        times = self._each("timexes", answer.timexes, self._time)
        accounts = self._each("events", answer.events, lambda each: self._account(each, times))
        attributions = self._each("attributions", answer.attributions, self._statement)
        self._check_nesting(answer.attributions)
        if self.reasons:
            return Reading(extractor)
        made = [each for each in accounts if each]
        spoken = [each for each in attributions if each]
        known = [each for each in times if each]
        statements = in_order(list(self._giving(spoken, made, known)))
        places = tuple(self._places())
        narrator = Actor(_NARRATOR_KEY, ActorType.NARRATOR, "narrator", (), False, ())
        return Reading(
            extractor=extractor,
            actors=(narrator, *self._actors(), *self._hidden),
            places=places,
            times=tuple(known),
            events=tuple(
                ModelEvent(
                    account.event,
                    account.trigger.of(self.text),
                    account.event_type,
                    (Mention(account.trigger, MentionForm.NOMINAL),),
                )
                for account in made
            ),
            accounts=tuple(made),
            statements=statements,
        )

    # ------------------------------------------------------------------------ problems

    def _each(
        self, name: str, parts: Sequence[_Given], make: Callable[[_Given], _Made]
    ) -> list[_Made | None]:
        """What ``make`` makes of each part; ``None``, and a reason kept, where it cannot."""
        made: list[_Made | None] = []
        for number, part in enumerate(parts):
            try:
                made.append(make(part))
            except Mismatch as mismatch:
                self.reasons.append(f"{name}.{number}: {mismatch}")
                made.append(None)
        return made

    def _spans(self, stretches: Iterable[protocol.Stretch]) -> Spans:
        """Their spans in textual order.

        Raises:
            Mismatch: one does not stand in the text, or two overlap.
        """
        spans = sorted(map(self.quotes.span, stretches))
        for left, right in itertools.pairwise(spans):
            if left.overlaps(right):
                raise Mismatch(f"its pieces {left.start} and {right.start} overlap")
        return tuple(spans)

    def _key(self, kind: str, start: int) -> str:
        key, count = f"{kind}/{start}", 1
        while key in self._keys:
            count += 1
            key = f"{kind}/{start}-{count}"
        self._keys.add(key)
        return key

    def _cluster(self, name: str) -> _Cluster:
        if name not in self._clusters:
            raise Mismatch(f"there is no entity of the cluster {name!r}")
        return self._clusters[name]

    # ------------------------------------------------------------------------ entities

    def _entities(self, entities: Sequence[protocol.Entity]) -> dict[str, _Cluster]:
        taken: dict[Span, str] = {}
        types: dict[str, str] = {}
        mentions: dict[str, list[Mention]] = {}

        def mention(each: protocol.Entity) -> None:
            if each.cluster == NARRATOR:
                raise Mismatch("the narrator is the document's own voice and has no mention")
            span = self.quotes.span(each.at)
            if taken.setdefault(span, each.cluster) != each.cluster:
                raise Mismatch(f"its words denote {taken[span]!r} already")
            if types.setdefault(each.cluster, each.type) != each.type:
                raise Mismatch(f"its cluster is of type {types[each.cluster]!r} already")
            found = Mention(span, MentionForm(each.mention))
            if found not in mentions.setdefault(each.cluster, []):
                mentions[each.cluster].append(found)

        self._each("entities", entities, mention)
        ordered = {
            name: tuple(sorted(of, key=lambda each: each.span)) for name, of in mentions.items()
        }
        by_start = sorted(ordered.items(), key=lambda item: item[1][0].span)
        return {
            name: _Cluster(
                self._key("place" if types[name] == "place" else "actor", of[0].span.start),
                types[name],
                of,
            )
            for name, of in by_start
        }

    def _actors(self) -> Iterator[Actor]:
        for cluster in self._clusters.values():
            if cluster.type == "place" and cluster.key not in self._acting:
                continue
            label, names = _names(cluster, self.text)
            named = any(each.form is MentionForm.NAME for each in cluster.mentions)
            kind = _TYPES[cluster.type]
            yield Actor(cluster.key, kind, label, names, named, cluster.mentions)

    def _places(self) -> Iterator[Place]:
        """Places as the text has them: coordinates are the gazetteer's to give, not a reader's."""
        for cluster in self._clusters.values():
            if cluster.type == "place":
                label, names = _names(cluster, self.text)
                yield Place(cluster.key, label, names, cluster.mentions)

    # ---------------------------------------------------------------- times and events

    def _time(self, time: protocol.Time) -> Timex:
        span = self.quotes.span(time.at)
        known = extent(time.value)
        basis = DateBasis(time.basis.capitalize())
        if known.earliest is None and known.month_day is not None:
            basis = DateBasis.YEAR_UNKNOWN
        return Timex(
            key=self._key("time", span.start),
            span=span,
            type=TimexType(time.type),
            value=time.value,
            edtf=known.edtf,
            earliest=known.earliest,
            latest=known.latest,
            month_day=known.month_day,
            basis=basis,
        )

    def _account(self, event: Event, times: Sequence[Timex | None]) -> Account:
        if event.type not in EVENT_TYPES:
            raise Mismatch(f"no type of event {event.type!r}; there are {', '.join(EVENT_TYPES)}")
        if event.time is not None and event.time >= len(times):
            raise Mismatch(f"there is no timex {event.time}")
        time = times[event.time] if event.time is not None else None
        trigger = self.quotes.span(event.at)
        key = self._key("event", trigger.start)
        return Account(
            key=key.replace("event/", "account/"),
            event=key,
            trigger=trigger,
            event_class=EventClass(event.event_class),
            event_type=event.type,
            tense=_TENSES.get(event.tense) or Tense(event.tense.capitalize()),
            polarity=_POLARITIES[event.polarity],
            certainty=Certainty(event.certainty.capitalize()),
            participants=tuple(map(self._participant, event.participants)),
            places=(self._place(event.place),) if event.place else (),
            times=(time.key,) if time else (),
        )

    def _participant(self, part: protocol.Participant) -> Participant:
        span = self.quotes.span(part.at)
        key = self._cluster(part.cluster).key if part.cluster else None
        if key and part.role in {"agent", "recipient"}:
            self._acting.add(key)
        return Participant(Role(part.role), span, key)

    def _place(self, name: str) -> str:
        cluster = self._cluster(name)
        if cluster.type != "place":
            raise Mismatch(f"{name!r} is no place but {cluster.type!r}")
        return cluster.key

    # ---------------------------------------------------------------------- statements

    def _statement(self, said: Attribution) -> Statement:
        content, source, cue = map(self._spans, (said.content, said.source, said.cue))
        directness = Directness(said.type.capitalize())
        if directness is not Directness.INDIRECT and not self._is_marked(content):
            raise Mismatch(f"it is {said.type}, but its content has no quotation mark")
        return Statement(
            content=content,
            anchor=(cue or content)[0].start,
            speakers=(self._speaker(said, source, cue or content),),
            source=source,
            cue=cue,
            cue_lemma=said.cue_lemma,
            directness=directness,
            kind=AttributionKind(said.kind.capitalize()),
            certainty=Certainty(said.certainty.capitalize()),
            attribution_certainty=Certainty(said.attribution_certainty.capitalize()),
            polarity=Polarity(said.polarity.capitalize()),
            addressees=(self._actor(said.addressee),) if said.addressee else (),
            within=said.nested_in,
            construction="foreign",
            confidence=said.confidence,
            by_narrator=said.speaker == NARRATOR,
        )

    def _is_marked(self, content: Spans) -> bool:
        """Whether a quotation mark stands in the content or beside it."""
        around = (self.text[max(0, span.start - 1) : span.end + 1] for span in content)
        return any(_MARKS.intersection(each) for each in around)

    def _speaker(self, said: Attribution, source: Spans, else_at: Spans) -> str:
        if said.speaker == NARRATOR:
            return _NARRATOR_KEY
        if said.speaker is not None:
            return self._actor(said.speaker)
        at = (source or else_at)[0]
        label = at.of(self.text) if source else _HIDDEN
        mentions = (Mention(at, MentionForm.NOMINAL, 0.5),) if source else ()
        names = (label,) if source else ()
        key = self._key("actor", at.start)
        self._hidden.append(Actor(key, ActorType.ACTOR, label, names, False, mentions))
        return key

    def _actor(self, name: str) -> str:
        key = self._cluster(name).key
        self._acting.add(key)
        return key

    def _check_nesting(self, attributions: Sequence[Attribution]) -> None:
        """Each ``nested_in`` leads to an attribution of the answer, and none to itself."""
        above = [each.nested_in for each in attributions]
        for number in range(len(above)):
            seen, here = {number}, above[number]
            while here is not None:
                if here in seen or here >= len(above):
                    what = "itself" if here in seen else f"attribution {here}, which is not there"
                    self.reasons.append(f"attributions.{number}: it is nested in {what}")
                    break
                seen.add(here)
                here = above[here]

    def _giving(
        self, statements: Sequence[Statement], accounts: Sequence[Account], times: Sequence[Timex]
    ) -> Iterator[Statement]:
        """The statements with the accounts that they give (each given by the innermost) and what
        they are about."""
        standing = [
            (mention.span, cluster.key)
            for cluster in self._clusters.values()
            for mention in cluster.mentions
        ]
        standing = sorted([*standing, *((time.span, time.key) for time in times)])
        given: dict[int, list[Account]] = {}
        for account, number in holders(statements, accounts):
            given.setdefault(number, []).append(account)
        for number, statement in enumerate(statements):
            gives = given.get(number, [])
            about = [key for _, key in inside(statement.content, standing)]
            about += [each.event for each in gives]
            yield replace(
                statement,
                about=tuple(dict.fromkeys(about)),
                gives=tuple(each.key for each in gives),
            )


def _names(cluster: _Cluster, text: str) -> tuple[str, tuple[str, ...]]:
    """The label, which is the longest name or else the first words, and all spellings."""
    worded = [each for each in cluster.mentions if each.form is not MentionForm.PRONOUN]
    spellings = tuple(dict.fromkeys(each.span.of(text) for each in worded))
    proper = [each.span.of(text) for each in worded if each.form is MentionForm.NAME]
    if proper:
        return max(proper, key=len), spellings
    return (spellings or (cluster.mentions[0].span.of(text),))[0], spellings
