"""Whether a source can speak: people, bodies and documents may, events and things may not.

Annotators mark "*The move* signals that …" as an attribution; a record of who said what must not
make the move a speaker.
"""

from __future__ import annotations

from dataclasses import replace

from testimonia.model import AttributionKind
from testimonia.reading.attribution.candidate import Candidate, difference, union
from testimonia.reading.attribution.counts import slot_group
from testimonia.reading.attribution.finish import senses_of
from testimonia.reading.attribution.lexicon import lexicon, sense_for
from testimonia.reading.attribution.spans import noun_phrase, trimmed
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense, may_be_somebody

# Here the words themselves say that somebody is quoted: "according to the census".
_NAMED_AS_SOURCE = frozenset({"according to", "viewpoint", "for", "turn", "adverb"})
_HAPPENINGS = frozenset({"EVENT", "DATE", "TIME", "MONEY"})
_THINGS = frozenset({"object", "object:gap", "object:relative"})
_PERCEIVING = frozenset({"person", "group", None})  # of nouns; one unknown may name somebody
_MOST_CONJUNCTS = 12
_MUTE = "mute"


def is_voiced(parse: Parse, candidate: Candidate) -> bool:
    """Whether the candidate's source, or one of those coordinated in it, can have said it.

    A candidate without a source has nothing in its way.
    """
    if candidate.route == _MUTE:
        return False
    if candidate.source_head is None or candidate.construction in _NAMED_AS_SOURCE:
        return True
    return any(_speaks(parse, head, candidate) for head in _conjuncts(parse, candidate.source_head))


def told_by_somebody(parse: Parse, candidate: Candidate) -> Candidate | None:
    """The candidate as a record can hold it: with whoever may have said it as source.

    Where the source is mute, a quotation, and a noun for what people feel or ask ("the fall raised
    *concerns* about …"), keep an unnamed source; of other cues ("the fall *shows* that …") nothing
    is left, ``None``.
    """
    if is_voiced(parse, candidate):
        return _of_antecedent(parse, candidate)
    if candidate.slot.startswith("quote") or candidate.construction == "noun":
        return replace(candidate, source=(), source_head=None, route=_MUTE)
    return None


def _of_antecedent(parse: Parse, candidate: Candidate) -> Candidate:
    """With what a relative pronoun stands for as content: "*the raid*, which the rebels denied"."""
    if candidate.slot != "object:relative" or candidate.cue_head is None:
        return candidate
    verb = parse.tokens[candidate.cue_head]
    near = parse.head(verb)
    if near.pos not in ("NOUN", "PROPN") or near.i > verb.i:
        return candidate
    noun = _shell_around(parse, near)
    clause = ((parse.edges[verb.i][0], len(parse.tokens)),)
    content = difference(noun_phrase(parse, noun), union(candidate.source, clause))
    content = trimmed(parse, content)
    return replace(candidate, content=content, content_head=noun.i) if content else candidate


def _shell_around(parse: Parse, noun: Token) -> Token:
    """The noun whose clause ends with this one, else itself: what is denied in "a *claim* that they
    had burnt the mill, which they denied" is the claim, wherever the parser hung the relative."""
    shell = noun
    for above in parse.ancestors(noun):
        if above.dep in ("acl", "ccomp", "relcl") and parse.head(above).lemma in lexicon().nouns:
            shell = parse.head(above)
    return shell


def _conjuncts(parse: Parse, head: int) -> list[Token]:
    found = [parse.tokens[head]]
    while len(found) < _MOST_CONJUNCTS:
        following = parse.dependent(found[-1], "conj")
        if following is None:
            break
        found.append(following)
    return found


def _speaks(parse: Parse, head: Token, candidate: Candidate) -> bool:
    if head.lower in lexicon().mute:
        return False
    if head.entity >= 0 and parse.entities[head.entity].label in _HAPPENINGS:
        return False
    if head.pos == "VERB":  # "Opening the bridge shows", but "the accused says"
        return parse.dependent(head, "det") is not None
    if head.pos != "NOUN":
        return True
    return _noun_speaks(parse, head, candidate)


def _noun_speaks(parse: Parse, noun: Token, candidate: Candidate) -> bool:
    words, lemma = lexicon(), noun.lemma.lower()
    if candidate.slot in _THINGS and candidate.lemma in words.perceiving:
        return lemma in words.people | words.actors or first_sense(lemma) in _PERCEIVING
    whole = _whole(parse, noun) if lemma in words.parts else None
    if whole is not None:
        return _speaks(parse, whole, candidate)
    if lemma in words.people or lemma in words.bodies:
        return True
    if lemma in words.evidence:
        return False
    if lemma in words.papers or first_sense(lemma) == "communication":
        return _says_in_writing(candidate)
    return may_be_somebody(lemma)


def _whole(parse: Parse, part: Token) -> Token | None:
    """The noun behind "of"."""
    of = next((child for child in parse.dependents(part, "prep") if child.lower == "of"), None)
    return parse.dependent(of, "pobj") if of is not None else None


def _says_in_writing(candidate: Candidate) -> bool:
    """Whether a document can do it: it states, shows and demands, and has no mind."""
    senses = senses_of(candidate)
    sense = sense_for(senses, slot_group(candidate)) or (senses[0] if senses else None)
    if sense is None or candidate.lemma in lexicon().purposes:
        return candidate.construction in ("headline", "colon")
    return sense.kind is not AttributionKind.ATTITUDE
