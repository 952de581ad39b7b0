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
_SERIES = 8  # conjuncts that one negation is carried through
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
    around = parse.dependents(trigger, "dobj")
    if any(token.lower in lexicon().negators or _has_no(parse, token) for token in around):
        return Polarity.NEGATIVE
    return Polarity.NEGATIVE if is_negated(parse, trigger) else Polarity.POSITIVE


def is_negated(parse: Parse, trigger: Token) -> bool:
    """Whether it is said not to be, by a negation of its own, its subject or what governs it; what
    it is done to aside ("reported no losses")."""
    if _has_negation(parse, trigger):
        return True
    subjects = parse.dependents(trigger, "nsubj", "nsubjpass")
    if any(token.lower in lexicon().negators or _has_no(parse, token) for token in subjects):
        return True
    first = _first_denied(parse, trigger)
    if first is not trigger and _has_negation(parse, first) and _is_alternative(parse, trigger):
        return True
    return _is_denied(parse, first)


def _has_negation(parse: Parse, trigger: Token) -> bool:
    return any(
        child.dep == "neg"
        or (child.dep in {"det", "preconj", "cc"} and _is_no(child))
        or (child.dep == "advmod" and child.lower == "longer" and _has_no(parse, child))
        for child in parse.dependents(trigger)
    )


def _first_denied(parse: Parse, trigger: Token) -> Token:
    """The first of clauses in a series that one governor has: "denied that he *came* and that he
    *left*", "refused to *come* or *write*"; climbed only so far."""
    for _ in range(_SERIES):
        above = parse.head(trigger)
        if trigger.dep != "conj" or not _is_alike(parse, trigger, above):
            break
        trigger = above
    return trigger


def _is_alike(parse: Parse, trigger: Token, above: Token) -> bool:
    """Whether a conjunct stands under the same governor: a clause with its own "that", or a verb of
    the same form without a subject of its own."""
    if any(each.lower == "but" for each in parse.dependents(above, "cc")):
        return False
    if any(each.lower == "that" for each in parse.dependents(trigger, "mark")):
        return True
    return trigger.tag == above.tag and not parse.dependents(trigger, "nsubj", "nsubjpass", "neg")


def _is_alternative(parse: Parse, trigger: Token) -> bool:
    """ "did not come or *write*"."""
    series = parse.dependents(parse.head(trigger), "cc")
    return any(each.lower in {"or", "nor"} for each in series)


def _is_denied(parse: Parse, trigger: Token) -> bool:
    """Whether the governor says that it is not so: "failed *to hold*", "denied that it *sank*",
    "denied *the attack*", "kept it from *sinking*", and not "did not deny that it sank"."""
    words, head = lexicon(), parse.head(trigger)
    if trigger.dep in {"acomp", "attr"} and head.pos in {"AUX", "VERB"}:
        trigger, head = head, parse.head(head)  # "denied that it was *unsafe*"
    lemma = head.lemma.lower()
    if trigger.dep in {"xcomp", "pcomp", "pobj"} and head.lower == "without":
        return True
    denied = trigger.dep in {"xcomp", "pcomp", "pobj", "ccomp"} and lemma in words.negative_verbs
    denied |= trigger.dep == "dobj" and lemma in words.negating_objects
    if trigger.dep == "pcomp" and head.lower == "from":
        head = parse.head(head)
        denied = head.lemma.lower() in words.hindering_verbs
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
