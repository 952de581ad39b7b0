"""A reading while decisions change it: the same things, by their keys.

What decisions take away or add keeps its references whole: who loses every mention is nobody's
speaker, and a statement always has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from testimonia.deciding.dates import as_read, dated
from testimonia.deciding.finding import locate, thing_at
from testimonia.decisions import Quote
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    Event,
    Mention,
    MentionForm,
    Participant,
    Place,
    Reading,
    Span,
    Statement,
    Timex,
    TimexType,
)

NARRATOR: Final = "actor/narrator"
HIDDEN: Final = "unnamed source"
_Keys = tuple[str, ...]


class Draft:
    """A reading of ``text``, to be changed. Statements that are taken out leave ``None``, so that
    positions stay."""

    def __init__(self, reading: Reading, text: str) -> None:
        self.text = text
        self._reading = reading
        self.actors: dict[str, Actor] = {each.key: each for each in reading.actors}
        self.places: dict[str, Place] = {each.key: each for each in reading.places}
        self.times: dict[str, Timex] = {each.key: each for each in reading.times}
        self.events: dict[str, Event] = {each.key: each for each in reading.events}
        self.accounts: dict[str, Account] = {each.key: each for each in reading.accounts}
        self.statements: list[Statement | None] = list(reading.statements)
        self.read = len(self.statements)  # those beyond are put back by decisions
        self._order = {key: n for n, key in enumerate((*self.actors, *self.places, *self.times))}

    # ------------------------------------------------------------------------------ finding

    def mentions(self) -> Iterator[tuple[Span, str]]:
        """Every mention of an actor or a place, with its key."""
        for entity in self._entities():
            for mention in entity.mentions:
                yield mention.span, entity.key

    def _entities(self) -> Iterator[Actor | Place]:
        yield from self.actors.values()
        yield from self.places.values()

    def entity_at(self, span: Span) -> tuple[Span, str] | None:
        """The mention at these words, and the key of what it denotes."""
        return thing_at(span, ((words, (words, key)) for words, key in self.mentions()))

    def time_at(self, span: Span) -> str | None:
        """The key of the time that these words tell."""
        return thing_at(span, ((each.span, each.key) for each in self.times.values()))

    def account_at(self, span: Span) -> str | None:
        """The key of the account with this trigger."""
        return thing_at(span, ((each.trigger, each.key) for each in self.accounts.values()))

    def label(self, key: str) -> str:
        """What to call an actor, a place or a time."""
        for found in (self.actors.get(key), self.places.get(key)):
            if found is not None:
                return found.label or HIDDEN
        time = self.times.get(key)
        return time.span.of(self.text) if time else key

    # ------------------------------------------------------------------- what words refer to

    def actor(self, given: Mapping[str, Any], near: int | None = None) -> str | None:
        """The key of the actor that a decision refers to: whom its words denote, made where they
        denote nobody; ``None`` where the words are not there. ``near`` is where one without words
        belongs."""
        if given.get("narrator"):
            return NARRATOR
        if given.get("hidden"):
            return None if near is None else self._nobody(near)
        span = locate(Quote.read(given), self.text)
        if span is None:
            return None
        found = self.entity_at(span)
        key = found[1] if found else self.new_actor(span, str(given.get("type") or ""))
        if key not in self.actors:  # a place that speaks is a state, a town
            place = self.places[key]
            self.actors[key] = Actor(
                key,
                ActorType.GEOPOLITICAL_ENTITY,
                place.label,
                place.names,
                named=True,
                mentions=place.mentions,
            )
        return key

    def place(self, given: Mapping[str, Any]) -> str | None:
        """The key of the place that a decision refers to, likewise."""
        span = locate(Quote.read(given), self.text)
        if span is None:
            return None
        found = self.entity_at(span)
        if found is None:
            return self.new_place(span)
        return self.as_place(found[1])

    def time(self, given: Mapping[str, Any]) -> str | None:
        """The key of the time that a decision refers to, likewise."""
        span = locate(Quote.read(given), self.text)
        if span is None:
            return None
        found = self.time_at(span)
        if found is not None:
            return found
        stood, day = given.get("stood"), given.get("date")
        if not stood and not day:  # nobody knows what these words tell
            return None
        key = self.new_time(span)
        time = self.times[key]
        self.times[key] = as_read(time, stood) if stood else dated(time, str(day))
        return key

    # --------------------------------------------------------------------------- new things

    def new_actor(self, span: Span, type_: str = "") -> str:
        """An actor of whom these words are the one mention."""
        words = span.of(self.text)
        named = words[:1].isupper()
        form = MentionForm.NAME if named else MentionForm.NOMINAL
        mentions = (Mention(span, form),)
        if type_ in (ActorType.GEOPOLITICAL_ENTITY, "Place"):
            key = self.new_place(span)
            if type_ == "Place":
                return key
            actor = Actor(key, ActorType.GEOPOLITICAL_ENTITY, words, (words,), named, mentions)
        else:
            known = ActorType(type_) if type_ in set(ActorType) else ActorType.ACTOR
            known = ActorType.ACTOR if known is ActorType.NARRATOR else known
            key = self._free(f"actor/{span.start}")
            actor = Actor(key, known, words, (words,), named, mentions)
        self.actors[key] = actor
        self._speak_of(span, key)
        return key

    def new_place(self, span: Span) -> str:
        """A place of which these words are the one mention."""
        words = span.of(self.text)
        key = self._free(f"place/{span.start}")
        self.places[key] = Place(key, words, (words,), (Mention(span, MentionForm.NAME),))
        self._speak_of(span, key)
        return key

    def new_time(self, span: Span) -> str:
        """A time that these words tell, of which nothing is known yet."""
        key = self._free(f"time/{span.start}")
        self.times[key] = Timex(key, span, TimexType.DATE, "")
        self._speak_of(span, key)
        return key

    def _nobody(self, near: int) -> str:
        """Somebody whom no words name."""
        key = f"actor/{near}"
        known = self.actors.get(key)
        if known is not None and known.label != HIDDEN:
            key = self._free(key)
        self.actors.setdefault(key, Actor(key, ActorType.ACTOR, HIDDEN, (), False, ()))
        return key

    def _free(self, key: str) -> str:
        taken = self.actors.keys() | self.places.keys() | self.times.keys()
        free, number = key, 1
        while free in taken:
            number += 1
            free = f"{key}-{number}"
        return free

    def _speak_of(self, span: Span, key: str) -> None:
        """Let the statements with these words in their content be about what they denote."""
        for position, statement in enumerate(self.statements):
            if statement is None or key in statement.about:
                continue
            if any(each.contains(span) for each in statement.content):
                about = (*statement.about, key)
                self.statements[position] = replace(statement, about=about)

    # ------------------------------------------------------------------------ other keys

    def as_place(self, key: str) -> str:
        """The key of an entity that is a place from now on, whatever it was."""
        if key in self.places:
            return key
        actor = self.actors.pop(key)
        new = self._free(f"place/{actor.mentions[0].span.start}")
        self.places[new] = Place(new, actor.label, actor.names, actor.mentions)
        self.refer(lambda each: new if each == key else each)
        return new

    def as_actor(self, key: str) -> str:
        """The key of an entity that is an actor and no place from now on."""
        if key not in self.places:
            return key
        place = self.places.pop(key)
        self.actors.pop(key, None)
        named = any(each.form is MentionForm.NAME for each in place.mentions)
        new = self._free(f"actor/{place.mentions[0].span.start}")
        self.actors[new] = Actor(
            new, ActorType.ACTOR, place.label, place.names, named, place.mentions
        )
        self.refer(lambda each: new if each == key else each)
        return new

    def another(self, span: Span, type_: str) -> str:
        """An entity of this type whose key begins with these words, and no mention more."""
        kept = list(self.statements)
        key = self.new_actor(span, type_)
        self.statements = kept  # what speaks of it is for its mentions to tell
        return key

    def refer_by_words(self, span: Span, key: str, new: str | None) -> None:
        """Let what rests on these words lead to ``new``, or nowhere: who speaks by them, who takes
        part by them, what is spoken of with them and no others."""
        left = [each for each, of in self.mentions() if of == key and each != span]
        for position, one in enumerate(self.statements):
            if one is None:
                continue
            if key in one.speakers and any(each.overlaps(span) for each in one.source):
                others = any(each.overlaps(words) for each in one.source for words in left)
                gone = None if others else key
                speakers = [each for each in one.speakers if each != gone]
                one = replace(one, speakers=_unique(speakers, new))
            if any(each.contains(span) for each in one.content):
                about = list(one.about)
                if not any(each.contains(words) for each in one.content for words in left):
                    about = [each for each in about if each != key]
                    self._happen_elsewhere(one.gives, key, new)
                one = replace(one, about=_unique(about, new))
            self.statements[position] = one
        for name, account in self.accounts.items():
            participants = tuple(
                replace(each, key=new) if each.key == key and each.span.overlaps(span) else each
                for each in account.participants
            )
            self.accounts[name] = replace(account, participants=participants)

    def _happen_elsewhere(self, accounts: Iterable[str], place: str, new: str | None) -> None:
        """Of accounts in words that speak of one place, which is another."""
        for name in accounts:
            account = self.accounts.get(name)
            if account is not None and place in account.places:
                places = [each for each in account.places if each != place]
                there = new if new in self.places else None
                self.accounts[name] = replace(account, places=_unique(places, there))

    def refer(self, to: Callable[[str], str | None]) -> None:
        """Let all references lead elsewhere, or nowhere."""

        def keys(old: Iterable[str]) -> _Keys:
            return tuple(dict.fromkeys(new for each in old if (new := to(each)) is not None))

        for position, one in enumerate(self.statements):
            if one is not None:
                self.statements[position] = replace(
                    one,
                    speakers=keys(one.speakers),
                    addressees=keys(one.addressees),
                    about=keys(one.about),
                    said_at=keys(one.said_at),
                    said_in=keys(one.said_in),
                    said_during=keys(one.said_during),
                    gives=keys(one.gives),
                )
        for key, account in self.accounts.items():
            self.accounts[key] = replace(
                account,
                participants=tuple(_participant(each, to) for each in account.participants),
                places=keys(account.places),
                times=keys(account.times),
            )

    # ---------------------------------------------------------------------------- the end

    def finished(self) -> tuple[Reading, Mapping[int, int]]:
        """The reading, and where in it each of the statements is that were not taken out."""
        self._drop_unmentioned()
        self._require_speakers()
        kept = [n for n, each in enumerate(self.statements[: self.read]) if each is not None]
        back = [n for n in range(self.read, len(self.statements)) if self.statements[n] is not None]
        kept += sorted(back, key=self._place_of)
        positions = {old: new for new, old in enumerate(kept)}
        statements = []
        for old in kept:
            statement = self.statements[old]
            assert statement is not None
            within = self._around(statement.within)
            statements.append(replace(statement, within=positions.get(within)))
        return (
            replace(
                self._reading,
                actors=self._ordered(self.actors),
                places=self._ordered(self.places),
                times=self._ordered(self.times),
                events=tuple(self.events.values()),
                accounts=tuple(self.accounts.values()),
                statements=tuple(statements),
            ),
            positions,
        )

    def _ordered(self, things: Mapping[str, Any]) -> tuple[Any, ...]:
        """As they were read, then new ones by their keys."""
        last = len(self._order)
        return tuple(
            things[key] for key in sorted(things, key=lambda key: (self._order.get(key, last), key))
        )

    def _place_of(self, position: int) -> tuple[Any, ...]:
        statement = self.statements[position]
        return (statement.content, statement.anchor) if statement else ()

    def _around(self, within: int | None) -> int:
        """The position of what reports a statement, past what was taken out; -1 for nothing."""
        seen: set[int] = set()
        while within is not None and within not in seen:
            seen.add(within)
            statement = self.statements[within]
            if statement is not None:
                return within
            within = self._taken.get(within)
        return -1

    @property
    def _taken(self) -> Mapping[int, int | None]:
        return {
            n: statement.within
            for n, statement in enumerate(self._reading.statements)
            if self.statements[n] is None
        }

    def _drop_unmentioned(self) -> None:
        had = {each.key for each in self._reading.actors if each.mentions}
        had.update(each.key for each in self._reading.places if each.mentions)
        for key in had:
            if (actor := self.actors.get(key)) and not actor.mentions:
                del self.actors[key]
            if (place := self.places.get(key)) and not place.mentions:
                del self.places[key]
        known = self.actors.keys() | self.places.keys()
        lost = had - known
        if lost:
            self.refer(lambda key: None if key in lost else key)
        places = self.places.keys()
        speakers = self.actors.keys()
        for position, one in enumerate(self.statements):
            if one is not None:
                self.statements[position] = replace(
                    one,
                    speakers=tuple(key for key in one.speakers if key in speakers),
                    addressees=tuple(key for key in one.addressees if key in speakers),
                    said_in=tuple(key for key in one.said_in if key in places),
                )
        for key, account in self.accounts.items():
            kept = tuple(each for each in account.places if each in places)
            if kept != account.places:
                self.accounts[key] = replace(account, places=kept)

    def _require_speakers(self) -> None:
        for position, statement in enumerate(self.statements):
            if statement is not None and not statement.speakers:
                speakers = (self._nobody(statement.anchor),)
                self.statements[position] = replace(statement, speakers=speakers, source=())


def _participant(participant: Participant, to: Callable[[str], str | None]) -> Participant:
    if participant.key is None:
        return participant
    return replace(participant, key=to(participant.key))


def _unique(keys: Iterable[str], new: str | None) -> _Keys:
    return tuple(dict.fromkeys((*keys, new) if new is not None else keys))
