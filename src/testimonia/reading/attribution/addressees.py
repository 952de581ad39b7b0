"""Who is spoken to: somebody, and by a verb that speaks to somebody."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.candidate import Candidate, covers, union
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.sources import spoken_to
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense, may_be_somebody

_SOMEBODY = frozenset({"PERSON", "NORP", "ORG", "GPE"})  # the tagger's labels of whom one speaks to
_ELSE = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "EVENT", "WORK_OF_ART", "LAW"})
_PEOPLE = frozenset({"person", "group"})  # kinds of thing, of which all others speak to nobody
_REFLEXIVE = ("self", "selves")


def addressee_of(parse: Parse, candidate: Candidate) -> Token | None:
    """Who is spoken to: "told *Reuters* that", "urged *drivers* to", "said to *her*", "in a
    meeting with *Lee*"; ``None`` for what nobody can be told to ("to March", "praised *her
    record*")."""
    verb = cue_verb(parse, candidate)
    if verb is None:
        return None
    return next((whom for whom in _beside(parse, verb, candidate) if _hears(parse, whom)), None)


def cue_verb(parse: Parse, candidate: Candidate) -> Token | None:
    """The verb that is the candidate's cue, if a verb is."""
    if candidate.cue_head is None:
        return None
    cue = parse.tokens[candidate.cue_head]
    return cue if cue.pos == "VERB" else None


def outside(candidate: Candidate, token: Token) -> bool:
    """Whether the token is in none of the candidate's parts."""
    return not covers(union(candidate.content, candidate.cue, candidate.source), token.i)


def _beside(parse: Parse, verb: Token, candidate: Candidate) -> Iterator[Token]:
    """The phrases at the verb that stand where an addressee stands, the likeliest first."""
    words, lemma = lexicon(), verb.lemma.lower()
    inside = candidate.slot.startswith("infinitive:of object")  # "urged *drivers to leave*"
    if lemma in words.telling:
        for whom in parse.dependents(verb, "dobj", "dative"):
            if whom.pos != "ADP" and (inside or outside(candidate, whom)):
                yield whom
    for preposition in parse.dependents(verb, "dative", "prep"):
        if outside(candidate, preposition):
            noun = parse.dependent(preposition, "pobj")
            if noun is not None and preposition.lower == "to" and lemma in words.telling_to:
                yield noun
            elif noun is not None and noun.lemma in words.occasions:
                yield from _met(parse, noun)
    passive = spoken_to(parse, verb)  # "*Lee* was told that", "asked whether it was, *Lee* left"
    if passive is not None and outside(candidate, passive):
        yield passive


def _met(parse: Parse, occasion: Token) -> Iterator[Token]:
    """The partner in "during a meeting with *Lee*"."""
    for inner in parse.dependents(occasion, "prep"):
        partner = parse.dependent(inner, "pobj")
        if inner.lower in lexicon().addressed_by and partner is not None:
            yield partner


def _hears(parse: Parse, whom: Token) -> bool:
    """Whether it is somebody: a person, people, a body or a state."""
    label = parse.entities[whom.entity].label if whom.entity >= 0 else ""
    if label in _ELSE or whom.lower in lexicon().mute or whom.lower.endswith(_REFLEXIVE):
        return False
    if whom.pos == "PRON":
        return whom.lower != "it" and whom.tag in {"PRP", "NN", "WP"}
    if whom.pos == "PROPN" or label in _SOMEBODY:
        return True
    lemma = whom.lemma.lower()
    if lemma in lexicon().people or lemma in lexicon().bodies:
        return True
    return (
        whom.pos == "NOUN"
        and may_be_somebody(lemma)
        and (first_sense(lemma) or "person") in _PEOPLE
    )
