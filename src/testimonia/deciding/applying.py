"""What decisions make of a reading.

A pure function: the same reading, text and decisions give the same, in whatever order they come.
Each is found again by its words; where two say different things of one field, the later one rules.
A statement that somebody confirmed or corrected was said: should nobody read it any more, it is put
back as it stood then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from testimonia.deciding import accounts, mentions, statements
from testimonia.deciding.draft import Draft
from testimonia.deciding.finding import hull, locate, located, statement_at
from testimonia.deciding.statements import Lost
from testimonia.decisions import Decision, Effect, Kind, Quote, Standing, What
from testimonia.model import Reading, Span

_EXISTS: Final = "exists"
_Found = tuple[Span, Span | None]
Thing = tuple[str, Any]
"""What a decision is about in a draft: ``("statement", position)``, ``("mention", span)``,
``("time", key)``, ``("account", key)``, ``("entity", key)``."""


@dataclass(slots=True)
class _Told:
    """What became of one decision so far."""

    standings: list[tuple[Standing, str]] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Claim:
    """That one field of a thing is so, as one decision has it."""

    decision: Decision
    value: Any


def for_reading(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those that change what is read of a text, in the order in which they were made: all but
    merges, relations, splits between texts, and what was withdrawn."""
    kept = (
        each
        for each in decisions
        if each.withdrawn is None
        and each.what is not What.RELATION
        and each.kind is not Kind.MERGE
        and (each.kind is not Kind.SPLIT or _within_one_text(each))
    )
    return tuple(sorted(kept, key=lambda each: each.number))


def apply(
    reading: Reading, text: str, decisions: Sequence[Decision]
) -> tuple[Reading, tuple[Effect, ...]]:
    """The reading as the decisions have it, and what each of them does.

    ``decisions`` are those that hold for ``text``; what ``for_reading`` leaves out is passed over.
    """
    ruling = for_reading(decisions)
    if not ruling:
        return reading, ()
    return _Applying(Draft(reading, text), ruling).result()


class _Applying:
    def __init__(self, draft: Draft, decisions: tuple[Decision, ...]) -> None:
        self._draft = draft
        self._decisions = decisions
        self._told: dict[str, _Told] = {each.id: _Told() for each in decisions}
        self._moved: dict[Span, Span] = {}  # mentions whose words were corrected

    def result(self) -> tuple[Reading, tuple[Effect, ...]]:
        found = self._found()
        things = self._things(found)
        claims = self._claims(things)
        self._rule_mentions(claims)
        self._rule_entities(things)
        for name, ruled in (("time", self._time), ("account", self._account)):
            self._rule(claims, name, ruled)
        self._rule(claims, "statement", self._statement)
        reading, positions = self._draft.finished()
        return reading, tuple(self._effect(each, positions) for each in self._decisions)

    # ---------------------------------------------------------------------------- finding

    def _found(self) -> dict[str, _Found]:
        """Where the words of each decision stand now."""
        found = {}
        for decision in self._decisions:
            # Of a split in one text it is the other side that goes.
            of = decision.other if decision.kind is Kind.SPLIT else decision.target
            where = located(of, self._draft.text) if of else None
            if where is None:
                self._none(decision, "its words are not in this text any more")
            else:
                found[decision.id] = where
        return found

    def _things(self, found: Mapping[str, _Found]) -> dict[str, Thing]:
        """What each is about. Rejections last: they may be of what others put back; accounts
        after the statements that give them."""
        last = sorted(
            self._decisions,
            key=lambda each: (each.kind is Kind.REJECT, each.what is What.ACCOUNT, each.number),
        )
        contents = self._corrected_contents(found)
        things = {}
        for decision in last:
            if decision.id not in found:
                continue
            thing = self._thing(decision, found[decision.id], contents)
            if thing is None:
                what = "statement" if decision.what is What.STATEMENT else decision.what.value
                self._none(decision, f"no {what} is read at its words: there is nothing to rule")
            else:
                things[decision.id] = thing
                self._told[decision.id].things.append(thing)
        return things

    def _thing(
        self, decision: Decision, where: _Found, contents: Sequence[tuple[_Found, Span]]
    ) -> Thing | None:
        draft, (span, cue) = self._draft, where
        vouched = decision.kind in (Kind.CONFIRM, Kind.CORRECT)
        match decision.what:
            case What.STATEMENT:
                position = self._statement_of(where, contents)
                if position is None and vouched and decision.stood:
                    position = statements.put_back(draft, span, cue, decision.stood)
                    if position is not None:
                        self._is_back(decision)
                return None if position is None else ("statement", position)
            case What.MENTION:
                mention = draft.entity_at(span)
                if mention is None and vouched:
                    mentions.put_back(draft, span, str(decision.stood.get("type") or ""))
                    self._is_back(decision)
                    return "mention", span
                return None if mention is None else ("mention", mention[0])
            case What.TIME:
                key = draft.time_at(span)
                if key is None and vouched:
                    key = draft.new_time(span)
                return None if key is None else ("time", key)
            case _:
                key = draft.account_at(span)
                if key is None and vouched and decision.stood:
                    key = accounts.put_back(draft, span, decision.stood)
                    if key is not None:
                        self._is_back(decision)
                return None if key is None else ("account", key)

    def _is_back(self, decision: Decision) -> None:
        told = (Standing.APPLIED, "is put back as it stood, since nobody read it")
        self._told[decision.id].standings.append(told)

    def _statement_of(self, where: _Found, contents: Sequence[tuple[_Found, Span]]) -> int | None:
        """By its words; or, where its content was corrected before, by those that it has now."""
        found = statement_at(*where, self._draft.statements)
        if found is not None:
            return found
        for (span, cue), corrected in contents:
            other = where[1]
            alike = other is None if cue is None else other is not None and cue.overlaps(other)
            if alike and span.overlaps(where[0]):
                found = statement_at(corrected, cue, self._draft.statements)
                if found is not None:
                    return found
        return None

    def _corrected_contents(self, found: Mapping[str, _Found]) -> list[tuple[_Found, Span]]:
        corrected = []
        for decision in self._decisions:
            if decision.field == "content" and decision.id in found:
                quotes = (Quote.read(each) for each in decision.given)
                spans = tuple(span for each in quotes if (span := locate(each, self._draft.text)))
                if spans:
                    corrected.append((found[decision.id], hull(tuple(sorted(spans)))))
        return corrected

    # ----------------------------------------------------------------------------- claims

    def _claims(self, things: Mapping[str, Thing]) -> dict[tuple[Thing, str], list[_Claim]]:
        """What is said of each field of each thing, the latest last."""
        claims: defaultdict[tuple[Thing, str], list[_Claim]] = defaultdict(list)
        for decision in self._decisions:
            if decision.id in things:
                for name, value in _said(decision).items():
                    claims[things[decision.id], name].append(_Claim(decision, value))
        return claims

    def _rule(
        self,
        claims: Mapping[tuple[Thing, str], list[_Claim]],
        kind: str,
        set_: Callable[[Thing, str, Any, Decision], str],
        only: Sequence[str] | None = None,
    ) -> None:
        """Let the latest claim on each field of each thing of a kind rule: what is to go goes, of
        what stays the fields are set."""
        wanted: defaultdict[Thing, dict[str, list[_Claim]]] = defaultdict(dict)
        for (thing, name), said in claims.items():
            if thing[0] == kind and (only is None or name in only):
                wanted[thing][name] = said
        for thing in sorted(wanted, key=repr):
            fields = dict(wanted[thing])
            exists = fields.pop(_EXISTS, [])
            if exists and exists[-1].value is False:
                self._set(thing, _EXISTS, exists, set_)
                for said in fields.values():
                    self._supersede(said, exists[-1].decision)
                continue
            if exists:
                rejections = [each for each in exists if each.value is False]
                self._supersede(rejections, exists[-1].decision)
            for name in sorted(fields, key=lambda each: (each == "confidence", each)):
                self._set(thing, name, fields[name], set_)

    def _set(
        self,
        thing: Thing,
        name: str,
        said: Sequence[_Claim],
        set_: Callable[[Thing, str, Any, Decision], str],
    ) -> None:
        ruling = said[-1]
        told = self._told[ruling.decision.id]
        try:
            words = set_(thing, name, ruling.value, ruling.decision)
        except (Lost, ValueError, KeyError, TypeError) as error:
            told.standings.append((Standing.NONE, str(error)))
        else:
            standing = Standing.APPLIED if words else Standing.AGREED
            told.standings.append((standing, words))
        self._supersede(said[:-1], ruling.decision)

    def _supersede(self, said: Iterable[_Claim], by: Decision) -> None:
        for each in said:
            if each.decision.id != by.id:
                words = f"the later decision {by.id} rules"
                self._told[each.decision.id].standings.append((Standing.SUPERSEDED, words))

    # ----------------------------------------------------------------------------- things

    def _rule_mentions(self, claims: Mapping[tuple[Thing, str], list[_Claim]]) -> None:
        only = (_EXISTS, "denotes", "span", "confidence")
        self._rule(claims, "mention", self._mention, only)

    def _mention(self, thing: Thing, name: str, value: Any, decision: Decision) -> str:
        span: Span = thing[1]
        found = self._draft.entity_at(self._now(span))
        if found is None:
            return ""
        at, key = found
        if name == _EXISTS:
            return mentions.reject(self._draft, at, key)
        if name == "denotes" and decision.kind is Kind.CONFIRM:
            there = locate(Quote.read(value), self._draft.text)
            if there is None or self._draft.entity_at(there) is None:
                return ""  # its companion is not read: it stands for itself
        told = mentions.set_field(self._draft, at, key, name, value)
        if name == "span" and (new := locate(Quote.read(value), self._draft.text)):
            self._moved[span] = new
        return told

    def _rule_entities(self, things: Mapping[str, Thing]) -> None:
        """What is said of the entities that mentions denote now."""
        for name in mentions.OF_ENTITY:
            claims: defaultdict[str, list[_Claim]] = defaultdict(list)
            spans: dict[str, Span] = {}
            for decision in self._decisions:
                thing = things.get(decision.id)
                if thing is None or thing[0] != "mention" or name not in _said(decision):
                    continue
                span = self._now(thing[1])
                found = self._draft.entity_at(span)
                if found is not None and found[0] == span:
                    claims[found[1]].append(_Claim(decision, _said(decision)[name]))
                    spans[found[1]] = span
            for key in sorted(claims):
                where: Thing = ("mention", spans[key])
                self._set(where, name, claims[key], self._entity)

    def _entity(self, thing: Thing, name: str, value: Any, _: Decision) -> str:
        found = self._draft.entity_at(thing[1])
        return mentions.set_field(self._draft, *found, name, value) if found else ""

    def _now(self, span: Span) -> Span:
        """Where a mention is, whose words may have been corrected."""
        return self._moved.get(span, span)

    def _time(self, thing: Thing, name: str, value: Any, _: Decision) -> str:
        if name == _EXISTS:
            return accounts.reject_time(self._draft, thing[1])
        return accounts.set_time(self._draft, thing[1], value) if name == "date" else ""

    def _account(self, thing: Thing, name: str, value: Any, _: Decision) -> str:
        if name == _EXISTS:
            return accounts.reject_account(self._draft, thing[1])
        return accounts.set_field(self._draft, thing[1], name, value)

    def _statement(self, thing: Thing, name: str, value: Any, decision: Decision) -> str:
        position: int = thing[1]
        if name == _EXISTS:
            statement = self._draft.statements[position]
            self._draft.statements[position] = None
            words = hull(statement.content).of(self._draft.text) if statement else ""
            return f"is no statement: “{words}”"
        stood = decision.stood if decision.kind is Kind.CONFIRM else None
        return statements.set_field(self._draft, position, name, value, stood)

    # ---------------------------------------------------------------------------- effects

    def _none(self, decision: Decision, reason: str) -> None:
        self._told[decision.id].standings.append((Standing.NONE, reason))

    def _effect(self, decision: Decision, positions: Mapping[int, int]) -> Effect:
        told = self._told[decision.id]
        ranked = {each: n for n, each in enumerate(_RANKS)}
        standing = min(
            (each for each, _ in told.standings), key=ranked.__getitem__, default=Standing.AGREED
        )
        words = [each for of, each in told.standings if of is standing and each]
        if standing is Standing.AGREED:
            words = ["what is read now is what was decided"]
        numbers, keys = [], []
        for kind, which in told.things if standing is not Standing.NONE else ():
            if kind == "statement" and which in positions:
                numbers.append(positions[which])
            elif kind == "mention":
                found = self._draft.entity_at(self._now(which))
                keys += [found[1]] if found else []
            elif kind in ("time", "account"):
                keys.append(which)
        said = "; ".join(dict.fromkeys(words))
        return Effect(decision.id, standing, said, tuple(numbers), tuple(keys))


_RANKS: Final = (Standing.APPLIED, Standing.AGREED, Standing.SUPERSEDED, Standing.NONE)


def _said(decision: Decision) -> dict[str, Any]:
    """What a decision says of which fields."""
    match decision.kind:
        case Kind.REJECT:
            return {_EXISTS: False}
        case Kind.SPLIT:
            return {"denotes": {"apart": decision.target.quote.written()}}
        case Kind.CORRECT:
            return {_EXISTS: True, decision.field: decision.given}
    stood = decision.stood
    match decision.what:
        case What.STATEMENT:
            said = {name: stood[name] for name in statements.FIELDS if name in stood}
        case What.MENTION:
            said = {name: stood[name] for name in mentions.FIELDS if name in stood}
        case What.TIME:
            said = {"date": stood} if stood else {}
        case _:
            said = {name: stood[name] for name in accounts.FIELDS if name in stood}
    return {_EXISTS: True, "confidence": 1.0, **said}


def _within_one_text(decision: Decision) -> bool:
    one, other = decision.target, decision.other
    if other is None:
        return False
    return one.text_hash == other.text_hash
