"""Events and accounts with keys: triggers whose participants, places and times are resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from testimonia.model import (
    Account,
    Event,
    Mention,
    MentionForm,
    Participant,
    Quantity,
    Role,
    Span,
)
from testimonia.reading.assembly.index import Index, Times, conjuncts
from testimonia.reading.events import (
    Cluster,
    Facts,
    Trigger,
    cluster,
    happens_at_undergoer,
    undergoer_role,
)
from testimonia.reading.events.participants import phrase
from testimonia.reading.syntax import Parse, Token

_LOCATIVE = frozenset(
    {"in", "at", "near", "around", "outside", "inside", "across", "throughout", "off", "along"}
    | {"within", "on", "over", "above", "beside", "north", "south", "east", "west"}
)
_CLAUSES = frozenset({"relcl", "acl", "ccomp", "pcomp", "advcl", "appos"})
_COORDINATED = frozenset({"conj", "cc"})
_NO_END = frozenset({"PUNCT", "CCONJ", "ADP", "DET", "PART"})
_NO_START = frozenset({"PUNCT", "CCONJ", "DET"})
_QUOTATION_MARKS = str.maketrans("", "", '"“”„«»')  # half a pair may lie outside the label
_LONGEST_LABEL = 80  # code points: a label stands in lists


@dataclass(frozen=True, slots=True)
class Happenings:
    """The events of a text, the account of every trigger, the quantities that these give."""

    events: tuple[Event, ...]
    accounts: tuple[Account, ...]
    quantities: tuple[Quantity, ...]


def happenings(parse: Parse, triggers: Sequence[Trigger], index: Index, times: Times) -> Happenings:
    """One account a trigger, one event a cluster of triggers."""
    resolver = _Resolver(parse, index, times)
    facts = [resolver.facts(trigger) for trigger in triggers]
    clusters = cluster(triggers, facts.__getitem__)
    event_of = {member: _key(triggers, each) for each in clusters for member in each.members}
    accounts = tuple(
        resolver.account(trigger, event_of[number]) for number, trigger in enumerate(triggers)
    )
    return Happenings(
        events=tuple(_event(parse, triggers, each) for each in clusters),
        accounts=accounts,
        quantities=tuple(resolver.quantities.values()),
    )


class _Resolver:
    def __init__(self, parse: Parse, index: Index, times: Times) -> None:
        self._parse = parse
        self._index = index
        self._times = times
        self.quantities: dict[str, Quantity] = {}

    def facts(self, trigger: Trigger) -> Facts:
        undergoer = undergoer_role(trigger)
        keys = {part.role: self._index.key(part.head) for part in reversed(trigger.parts)}
        return Facts(
            undergoer=keys.get(undergoer) or keys.get(Role.RECIPIENT) or keys.get(Role.OTHER),
            doer=None if undergoer is Role.AGENT else keys.get(Role.AGENT),
            times=frozenset(self._times.inside(trigger.adjuncts)),
            modifier=_modifier(self._parse, trigger),
        )

    def account(self, trigger: Trigger, event: str) -> Account:
        befalls = undergoer_role(trigger) is Role.AGENT
        participants = tuple(
            Participant(
                Role.PATIENT if befalls and part.role is Role.AGENT else part.role,
                part.span,
                self._index.key(part.head),
            )
            for part in trigger.parts
        )
        return Account(
            key=f"account/{trigger.span.start}",
            event=event,
            trigger=trigger.span,
            event_class=trigger.event_class,
            event_type=trigger.event_type,
            tense=trigger.tense,
            polarity=trigger.polarity,
            certainty=trigger.certainty,
            participants=participants,
            places=self._places(trigger, participants),
            times=tuple(dict.fromkeys(self._times.inside(trigger.adjuncts))),
            quantities=tuple(self._quantity(trigger)),
            lemma=trigger.lemma,
        )

    def _places(self, trigger: Trigger, participants: tuple[Participant, ...]) -> tuple[str, ...]:
        """Where: what a locative phrase names; what undergoes it where that is where it happens
        (an attack, a visit); the place in a compound ("the Springfield protests")."""
        found = [key for span in trigger.adjuncts for key in self._located(span)]
        if happens_at_undergoer(trigger):
            found += [part.key for part in participants if part.role is Role.PATIENT and part.key]
        if trigger.nominal:
            found += self._index.inside(self._compounds(trigger))
        return tuple(dict.fromkeys(key for key in found if key.startswith("place/")))

    def _located(self, adjunct: Span) -> Iterator[str]:
        """What a locative phrase names: its object ("in Odense", "in the Donbas region", "near
        Turin and Perth") or the object's own name ("in the city of Odense"), nothing deeper: "in
        the war between two states" is in neither."""
        preposition = self._parse.tokens[self._parse.at(adjunct.start)]
        if preposition.lower not in _LOCATIVE:
            return
        for noun in self._parse.dependents(preposition, "pobj"):
            for head in conjuncts(self._parse, noun.i):
                token = self._parse.tokens[head]
                below = self._parse.dependent(token, "prep")
                named = below and below.lower == "of" and self._parse.dependent(below, "pobj")
                key = self._index.key(head) or (named and self._index.key(named.i))
                if key:
                    yield key

    def _compounds(self, trigger: Trigger) -> tuple[Span, ...]:
        noun = self._parse.tokens[trigger.head]
        modifiers = self._parse.dependents(noun, "compound", "nmod")
        return tuple(phrase(self._parse, token) for token in modifiers)

    def _quantity(self, trigger: Trigger) -> list[str]:
        keys = []
        for count in trigger.counts:
            key = f"quantity/{count.span.start}"
            self.quantities.setdefault(key, Quantity(key, count.span, count.value, count.unit))
            keys.append(key)
        return keys


def _key(triggers: Sequence[Trigger], members: Cluster) -> str:
    return f"event/{triggers[members.members[0]].span.start}"


def _event(parse: Parse, triggers: Sequence[Trigger], members: Cluster) -> Event:
    own = [triggers[member] for member in members.members]
    types = [trigger.event_type for trigger in own]
    best = next((trigger for trigger in own if trigger.nominal), own[0])
    mentions = tuple(Mention(trigger.span, MentionForm.NOMINAL) for trigger in own)
    kind = next((each for each in types if each != "other"), "other")
    return Event(_key(triggers, members), label(parse, best), kind, mentions)


def label(parse: Parse, trigger: Trigger) -> str:
    """A short name for an event from its words: "capture of Springfield", "seized the harbour"."""
    token = parse.tokens[trigger.head]
    run = _flat(parse, token) if trigger.nominal else _with_object(parse, trigger)
    while len(run) > 1 and parse.tokens[run[-1]].pos in _NO_END:
        run.pop()
    while len(run) > 1 and parse.tokens[run[0]].pos in _NO_START:
        del run[0]
    unquoted = parse.span(run[0], run[-1] + 1).of(parse.text).translate(_QUOTATION_MARKS)
    words = " ".join(unquoted.split())
    return words if len(words) <= _LONGEST_LABEL else token.text


def _with_object(parse: Parse, trigger: Trigger) -> list[int]:
    """A verb and the object that follows it closely."""
    for part in trigger.parts:
        if part.role is Role.PATIENT and 0 < part.head - trigger.head <= 12:
            run = _flat(parse, parse.tokens[part.head])
            if run[0] - trigger.head <= 2:
                return list(range(trigger.head, run[-1] + 1))
    return [trigger.head]


def _flat(parse: Parse, head: Token) -> list[int]:
    """The run of tokens around ``head`` in its subtree, without clauses and appositions and
    without what is coordinated with ``head`` itself."""
    found, stack = {head.i}, [head.i]
    while stack:
        above = stack.pop()
        refused = _CLAUSES | _COORDINATED if above == head.i else _CLAUSES
        for index in parse.children[above]:
            if parse.tokens[index].dep not in refused:
                found.add(index)
                stack.append(index)
    first = last = head.i
    while first - 1 in found:
        first -= 1
    while last + 1 in found:
        last += 1
    return list(range(first, last + 1))


def _modifier(parse: Parse, trigger: Trigger) -> str:
    """The name in a compound: "the Velvet Revolution" and "Velvet Revolution" are one."""
    if not trigger.nominal:
        return ""
    compounds = parse.dependents(parse.tokens[trigger.head], "compound")
    return " ".join(token.lower for token in compounds if token.pos == "PROPN")
