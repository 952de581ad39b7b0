"""From a cue to its source: subjects, agents, possessors, and those inherited through syntax."""

from __future__ import annotations

from typing import NamedTuple

from testimonia.reading.attribution.candidate import Ranges
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.series import reporter
from testimonia.reading.attribution.spans import noun_phrase, possessor_phrase, subtree
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.vocatives import addressed_subject, is_vocative

_LONGEST_ASIDE = 40  # tokens between a name and its cue
_LONGEST_CLIMB = 6  # governors between a cue and the subject that it shares
_SUBJECTS = ("nsubj", "csubj")
_PASSIVE = ("nsubjpass", "csubjpass")
_ADVERBIAL = frozenset({"advcl", "pcomp"})
_OBJECTS = ("dobj", "dative", "nsubj")
_RELATIVE = frozenset({"who", "that", "which", "whom"})


class Source(NamedTuple):
    """Whoever speaks: span by convention, the token that names them, the way it was found.

    In a relative clause the span is "who", ``head`` its antecedent.
    """

    span: Ranges
    head: int | None
    route: str


NOBODY = Source((), None, "none")


def source_of(parse: Parse, verb: Token) -> Source:
    """The source of a verbal or adjectival cue."""
    agent = agent_of(parse, verb)
    if agent is not None:
        return Source(noun_phrase(parse, agent), agent.i, "agent")
    shared = reporter(parse, verb)
    if shared is not None:
        route = "conjunct" if verb.dep == "conj" else "adverbial"
        return source_of(parse, shared)._replace(route=route)
    subject = parse.dependent(verb, *_SUBJECTS) or _contracted(parse, verb)
    passive = parse.dependent(verb, *_PASSIVE) is not None and subject is None
    if passive or is_asked(parse, verb):
        return Source((), None, "passive")
    if verb.lemma in lexicon().seeming or _expletive(parse, verb, subject):
        return Source((), None, "expletive")
    if subject is not None:
        return _named(parse, verb, subject, "subject")
    inherited = _inherited(parse, verb)
    return inherited if inherited.span else _opening(parse, verb)


def _contracted(parse: Parse, verb: Token) -> Token | None:
    """The subject of a perfect that the parser takes for a passive: "*She*'s said it will rain".

    Nobody "is said" a clause.
    """
    helper = parse.dependent(verb, "auxpass")
    if helper is None or helper.lower not in ("'s", "’s"):
        return None
    clause = parse.dependent(verb, "ccomp")
    finite = clause is not None and clause.i > verb.i
    return parse.dependent(verb, "nsubjpass") if finite else None


def _opening(parse: Parse, verb: Token) -> Source:
    """The name that opens the sentence of a finite cue, cut off by what stands between commas.

    "*Lee*, meanwhile, who sits on the council, *said* that …".
    """
    sentence = parse.sentence_of(verb)
    bounded = verb.i - sentence.start <= _LONGEST_ASIDE and parse.tokens[verb.i - 1].text == ","
    if verb.dep != "ROOT" or verb.tag not in ("VBD", "VBZ", "VBP") or not bounded:
        return NOBODY
    for index in range(sentence.start, verb.i):
        token, behind = parse.tokens[index], parse.tokens[index + 1]
        if behind.text == "," and token.pos in ("PROPN", "NOUN") and index + 1 < verb.i - 1:
            return Source(((sentence.start, index + 1),), index, "subject")
        if token.pos not in ("DET", "ADJ", "NOUN", "PROPN", "PART", "NUM"):
            break
    return NOBODY


def _expletive(parse: Parse, verb: Token, subject: Token | None) -> bool:
    """Whether "it" only stands for a clause: "*it* is hard to say"."""
    return (
        subject is not None
        and subject.lower == "it"
        and verb.lemma == "be"
        and parse.dependent(verb, "acomp", "attr") is not None
    )


def is_asked(parse: Parse, verb: Token) -> bool:
    """Whether the subject that the participle shares is spoken to: "*Asked* whether …, Lee …".

    Not so of feelings, which are that subject's: "*Worried* that …, Lee …".
    """
    if verb.lemma not in lexicon().addressing or parse.dependent(verb, *_SUBJECTS) is not None:
        return False
    opens = verb.tag == "VBD" and parse.edges[verb.i][0] == verb.i  # a participle mistaken
    preposed = verb.dep == "ccomp" and opens and verb.i < verb.head
    if not (verb.tag == "VBN" or opens) or not (verb.dep in _ADVERBIAL or preposed):
        return False
    perfect = parse.dependent(verb, "aux") is not None  # "having asked", but "to be asked"
    return not perfect or parse.dependent(verb, "auxpass") is not None


def spoken_to(parse: Parse, verb: Token) -> Token | None:
    """Whom a passive names as addressee: "*Lee* was told that …", "asked whether …, *Lee* …"."""
    if verb.lemma not in lexicon().addressing:
        return None
    if is_asked(parse, verb):
        return parse.dependent(_clause_of(parse, verb), *_SUBJECTS, *_PASSIVE)
    return parse.dependent(verb, "nsubjpass")


def _clause_of(parse: Parse, verb: Token) -> Token:
    above = parse.head(verb)
    return parse.head(above) if above.pos == "ADP" else above


def agent_of(parse: Parse, verb: Token) -> Token | None:
    """The noun of "by X" under a passive verb."""
    by = parse.dependent(verb, "agent")
    return parse.dependent(by, "pobj") if by is not None else None


def _named(parse: Parse, verb: Token, subject: Token, route: str) -> Source:
    if subject.lower in _RELATIVE and subject.tag in ("WP", "WDT"):
        antecedent = parse.head(verb).i if verb.dep == "relcl" else None
        return Source(((subject.i, subject.i + 1),), antecedent, "relative")
    if subject.tag == "EX":
        return Source((), None, "expletive")
    if is_vocative(parse, subject):
        own = addressed_subject(parse, subject)
        if own is not None:
            return Source(subtree(parse, own), own.i, route)
    span = noun_phrase(parse, subject, inverted=route == "subject" and subject.i > verb.i)
    return Source(span, subject.i, route)


def _inherited(parse: Parse, verb: Token) -> Source:
    """The subject that a verb without one shares with a governor.

    "Lee stood up and *said* …" (conjunct); "Lee refused to *say* …" (control); "Lee left,
    *saying* …" (adverbial); "a man *saying* …" (participle of a noun); "urged Lee to *say* …".
    """
    route = {"conj": "conjunct", "xcomp": "control", "advcl": "adverbial", "acl": "participle"}
    way = route.get(verb.dep, "climb")
    at = verb
    for _ in range(_LONGEST_CLIMB):
        above = parse.head(at)
        if above.i == at.i:
            return NOBODY
        if at.dep in ("acl", "relcl") and above.pos in ("NOUN", "PROPN", "PRON"):
            return _of_noun(parse, verb, above, way)
        found = _governing(parse, at, above)
        if found is not None:
            return _named(parse, above, found, way)
        if above.pos not in ("VERB", "AUX", "ADP", "ADJ", "SCONJ", "NOUN"):
            return NOBODY
        at = above
    return NOBODY


def _of_noun(parse: Parse, verb: Token, noun: Token, way: str) -> Source:
    """The noun that a participle hangs on; with a past participle or infinitive, nobody.

    "The ministry *issued* a statement saying …" names the ministry.
    """
    if verb.tag == "VBG":
        issuer = _issuer(parse, noun)
        if issuer is not None:
            return _named(parse, parse.head(noun), issuer, way)
        return Source(noun_phrase(parse, noun, verb=verb), noun.i, way)
    possessor = parse.dependent(noun, "poss")
    if possessor is not None and verb.tag == "VB":
        return Source(possessor_phrase(parse, possessor), possessor.i, "possessor")
    return NOBODY


def _issuer(parse: Parse, noun: Token) -> Token | None:
    """The subject of the verb that puts a text into the world, where the noun is such a text."""
    above = parse.head(noun)
    made = noun.dep == "dobj" and above.lemma in lexicon().issuing
    if not made or noun.lemma not in lexicon().papers:
        return None
    return parse.dependent(above, "nsubj")


def _governing(parse: Parse, at: Token, above: Token) -> Token | None:
    if at.dep == "xcomp" and above.lemma in lexicon().object_control:
        thing = parse.dependent(above, "dobj")
        if thing is not None:
            return thing
    return parse.dependent(above, *_SUBJECTS) or _passive_subject(parse, at, above)


def _passive_subject(parse: Parse, at: Token, above: Token) -> Token | None:
    return parse.dependent(above, *_PASSIVE) if at.dep in ("xcomp", "conj", "advcl") else None
