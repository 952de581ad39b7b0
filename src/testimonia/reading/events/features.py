"""Tense, polarity and certainty of an event, from its auxiliaries and what governs it."""

from __future__ import annotations

from testimonia.model import Certainty, Polarity, Tense
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.syntax import Parse, Token

_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_BY_TAG = {
    "VBD": Tense.PAST,
    "VBZ": Tense.PRESENT,
    "VBP": Tense.PRESENT,
    "VBG": Tense.PRESENT_PARTICIPLE,
    "VBN": Tense.PAST_PARTICIPLE,
}
_DEEPEST = 8  # conjuncts that one tense is carried through
# A clause below these is not asserted by whoever asserts the clause above.
_UNASSERTED = frozenset({"xcomp", "ccomp", "advcl", "pcomp", "acl"})


def tense(parse: Parse, trigger: Token) -> Tense:
    """TimeML's tense: "has gone" is PRESENT, "will go" and "is going to go" FUTURE, "to go"
    INFINITIVE, "may go" NONE. A predicate has its copula's ("was afraid" is PAST), a noun none."""
    if trigger.pos in {"VERB", "AUX"} or trigger.tag.startswith("VB"):
        return _of_verb(parse, trigger, _DEEPEST)
    head = parse.head(trigger)
    if trigger.dep in {"acomp", "attr", "oprd"} and head.tag in _BY_TAG:
        return _of_verb(parse, head, _DEEPEST)
    return Tense.NONE


def _of_verb(parse: Parse, verb: Token, deepest: int) -> Tense:
    auxiliaries = _auxiliaries(parse, verb)
    lowers = {token.lower for token in auxiliaries}
    if lowers & _FUTURE or ("to" in lowers and _is_going(parse, verb)):
        return Tense.FUTURE
    if "to" in lowers:
        return Tense.INFINITIVE
    for token in auxiliaries:
        if token.tag == "MD":
            return Tense.NONE
        if token.tag in {"VBD", "VBZ", "VBP"}:
            return _BY_TAG[token.tag]
    if verb.dep == "conj" and not auxiliaries and verb.tag in {"VB", "VBN", "VBG"} and deepest:
        head = parse.head(verb)
        if head.tag == verb.tag:
            return _of_verb(parse, head, deepest - 1)
    if verb.tag == "VB":
        return _of_bare(parse, verb)
    return _BY_TAG.get(verb.tag, Tense.NONE)


def _is_going(parse: Parse, verb: Token) -> bool:
    """ "is going to rain", and not "is going there to rest"."""
    head = parse.head(verb)
    return verb.dep == "xcomp" and head.lower == "going" and head.i + 2 == verb.i


def _of_bare(parse: Parse, verb: Token) -> Tense:
    """A verb without "to": an order ("Stop the fight!") is PRESENT, the rest INFINITIVE."""
    is_order = verb.dep == "ROOT" and parse.dependent(verb, "nsubj") is None
    return Tense.PRESENT if is_order else Tense.INFINITIVE


def polarity(parse: Parse, trigger: Token) -> Polarity:
    """NEGATIVE for "did not fall", "no attack", "nobody came", "reached no agreement", "no longer
    works", "failed to hold", "left without firing", "denied that it *sank*", "averted a clash"."""
    words = lexicon()
    for child in parse.dependents(trigger):
        if child.dep == "neg" or (child.dep in {"det", "preconj", "cc"} and _is_no(child)):
            return Polarity.NEGATIVE
        if child.dep == "advmod" and child.lower == "longer" and _has_no(parse, child):
            return Polarity.NEGATIVE
    around = parse.dependents(trigger, "nsubj", "nsubjpass", "dobj")
    if any(token.lower in words.negators or _has_no(parse, token) for token in around):
        return Polarity.NEGATIVE
    return Polarity.NEGATIVE if _is_denied(parse, trigger) else Polarity.POSITIVE


def _is_denied(parse: Parse, trigger: Token) -> bool:
    """Whether the governor says that it is not so: "failed *to hold*", "denied that it *sank*",
    "denied *the attack*", and not "did not deny that it sank"."""
    words, head = lexicon(), parse.head(trigger)
    if trigger.dep in {"acomp", "attr"} and head.pos in {"AUX", "VERB"}:
        trigger, head = head, parse.head(head)  # "denied that it was *unsafe*"
    lemma = head.lemma.lower()
    if trigger.dep in {"xcomp", "pcomp", "pobj"} and head.lower == "without":
        return True
    denied = trigger.dep in {"xcomp", "pcomp", "pobj", "ccomp"} and lemma in words.negative_verbs
    denied |= trigger.dep == "dobj" and lemma in words.negating_objects
    return denied and parse.dependent(head, "neg") is None


def certainty(parse: Parse, trigger: Token) -> Certainty:
    """How sure the clause is of its event (FactBank's degrees): modals, conditions, purposes."""
    words = lexicon()
    around = {child.lower for child in parse.dependents(trigger, "aux", "advmod", "mark")}
    if around & words.possible:
        return Certainty.POSSIBLE
    if around & words.probable:
        return Certainty.PROBABLE
    if around & words.intended or _is_wanted(parse, trigger):
        return Certainty.UNDERSPECIFIED
    return Certainty.CERTAIN


def _is_wanted(parse: Parse, trigger: Token) -> bool:
    """The event is the object of an attempt, a wish or a call: "efforts to reclaim", "the call
    for a strike"."""
    head = parse.head(trigger)
    if trigger.dep == "pobj" and head.dep == "prep" and head.lower == "for":
        head = parse.head(head)
    elif trigger.dep not in _UNASSERTED:
        return False
    event_class = lexicon().classes.get(head.lemma)
    return event_class is not None and event_class.name in {"I_ACTION", "I_STATE"}


def _auxiliaries(parse: Parse, verb: Token) -> list[Token]:
    return parse.dependents(verb, "aux", "auxpass")


def _has_no(parse: Parse, token: Token) -> bool:
    return any(_is_no(each) for each in parse.dependents(token, "det", "neg", "preconj", "cc"))


def _is_no(token: Token) -> bool:
    return token.lower in {"no", "neither", "nor"}
