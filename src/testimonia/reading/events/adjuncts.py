"""Where and when an event's own words place it: its modifiers, none of a neighbour's."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.model import EventClass, Span
from testimonia.reading.events.clauses import verb_lemma
from testimonia.reading.events.evidence import is_eventful
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.phrases import is_ahead, is_calendar, label, without_clauses
from testimonia.reading.syntax import Parse, Token

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_BARE = frozenset({"npadvmod", "advmod", "tmod", "nummod", "compound", "nmod", "poss", "amod"})
_ADNOMINAL = frozenset({"nummod", "compound", "nmod", "poss", "amod", "npadvmod", "quantmod"})
_VERB_LINKS = frozenset({"with", "by"})
_NOUN_LINKS = frozenset({"with", "by", "of", "on", "against"})
_CONTENT = frozenset({"dobj", "xcomp", "ccomp", "nsubjpass"})
_SAYING = frozenset({EventClass.REPORTING, EventClass.I_ACTION})
_DEEPEST = 6  # conjuncts that an initial adverbial reaches


def adjuncts(
    parse: Parse,
    trigger: Token,
    event_class: EventClass,
    involved: frozenset[int],
    *,
    nominal: bool,
) -> tuple[Span, ...]:
    """The stretches that may name the event's place and time, in textual order.

    Prepositional and adverbial modifiers, but for the dates of what is said or willed; those
    before the first of coordinated verbs; for a noun also those of the verb that carries it
    ("held talks *in May*", "the talks were *in May*").
    Phrases of the participants, whose tokens are ``involved``, are none ("sanctions on the port").
    """
    found = dict.fromkeys(_own(parse, trigger, nominal=nominal))
    for child in _ahead(parse, trigger):
        found.pop(child, None)
    if trigger.dep in _CONTENT:
        found |= dict.fromkeys(_ahead(parse, parse.head(trigger)))
    if nominal:
        found |= dict.fromkeys(_of_carrier(parse, trigger))
        found |= dict.fromkeys(_below_participant(parse, trigger, _NOUN_LINKS))
    else:
        found |= dict.fromkeys(_initial(parse, trigger))
        if _happens(trigger, event_class):
            found |= dict.fromkeys(_below_participant(parse, trigger, _VERB_LINKS))
    kept = [
        span
        for child in found
        if involved.isdisjoint(parse.children[child])
        for span in _spans(parse, parse.tokens[child])
    ]
    return tuple(sorted(set(kept)))


def _own(parse: Parse, trigger: Token, *, nominal: bool) -> Iterator[int]:
    for child in parse.dependents(trigger):
        if child.dep == "prep":
            if _may_place(parse, child):
                yield child.i
        elif child.dep in _BARE and (nominal or child.dep in {"npadvmod", "advmod", "tmod"}):
            yield child.i


def _ahead(parse: Parse, verb: Token) -> Iterator[int]:
    """The dates at a verb of saying or willing that are its content's: "promised a vote *by May*",
    "the vote was announced *for May*"."""
    if lexicon().classes.get(verb.lemma.lower()) not in _SAYING:
        return
    content = parse.dependent(verb, *_CONTENT)
    for child in parse.dependents(verb, "prep"):
        if content is not None and child.i > max(content.i, verb.i) and is_ahead(parse, child):
            yield child.i


def _may_place(parse: Parse, preposition: Token) -> bool:
    """ "in Harwick", "on Monday", "of 2013"; not "after the war", "about the port"."""
    words = lexicon()
    if preposition.lower in words.placing:
        return True
    below = parse.dependent(preposition, "pobj")
    return preposition.lower in words.dating and below is not None and is_calendar(parse, below)


def _of_carrier(parse: Parse, noun: Token) -> Iterator[int]:
    """ "The blast happened *on Monday*", "they held talks *in Geneva*"."""
    verb, words = parse.head(noun), lexicon()
    lemma = verb_lemma(parse, verb)
    carried = noun.dep in {"dobj", "nsubjpass"} and lemma in words.light_verbs
    carried |= noun.dep in {"nsubj", "nsubjpass"} and lemma in words.occurring
    if carried and verb.pos in {"VERB", "AUX"}:
        yield from _own(parse, verb, nominal=False)
        yield from _initial(parse, verb)


def _initial(parse: Parse, verb: Token) -> Iterator[int]:
    """ "*On Monday* troops entered the town and *shelled* the port", "began *shelling*": what
    stands before the first verb holds for all."""
    for _ in range(_DEEPEST):
        head = parse.head(verb)
        begun = verb.dep == "xcomp" and _is_aspectual(head)
        if head.pos not in {"VERB", "AUX"} or not (verb.dep == "conj" or begun):
            return
        verb = head
        limit = parse.dependent(verb, "nsubj", "nsubjpass") or verb
        yield from (i for i in _own(parse, verb, nominal=False) if i < limit.i)


def _is_aspectual(verb: Token) -> bool:
    return lexicon().classes.get(verb.lemma.lower()) is EventClass.ASPECTUAL


def _happens(verb: Token, event_class: EventClass) -> bool:
    """Nothing said, tried, seen or wished: "called for calm in the port" is not there."""
    usual = lexicon().classes.get(verb.lemma.lower(), event_class)
    return {event_class, usual} <= {EventClass.OCCURRENCE, EventClass.ASPECTUAL}


def _below_participant(parse: Parse, trigger: Token, links: frozenset[str]) -> Iterator[int]:
    """ "killed two people *in Harwick*", "took the town *on Monday*", "strike on a convoy *near
    Harwick*": the parser often hangs on a participant what is the event's."""
    beside = parse.dependents(trigger, "prep", "agent")
    below = [parse.dependent(child, "pobj") for child in beside if child.lower in links]
    for noun in (*parse.dependents(trigger, "dobj"), *filter(None, below)):
        if is_eventful(noun.lemma.lower()):
            continue
        for child in parse.dependents(noun, "prep"):
            named = parse.dependent(child, "pobj")
            if named is None or child.i < trigger.i or child.lower not in lexicon().placing:
                continue
            if is_calendar(parse, named) or (label(parse, named) in _PLACES and noun.entity < 0):
                yield child.i


def _spans(parse: Parse, child: Token) -> tuple[Span, ...]:
    """The words of a modifier without clauses, and without the date in "in *a 2013* report"."""
    inside = without_clauses(parse, child)
    dates = {i for i in inside if i != child.i and _is_adnominal_date(parse, parse.tokens[i])}
    return parse.spans(without_clauses(parse, child, but=frozenset(dates)))


def _is_adnominal_date(parse: Parse, token: Token) -> bool:
    head = parse.head(token)
    return (
        token.dep in _ADNOMINAL
        and is_calendar(parse, token)
        and head.pos in {"NOUN", "PROPN"}
        and not is_calendar(parse, head)
    )
