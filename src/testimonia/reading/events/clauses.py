"""Verbs and their subjects: voice, coordination, control, relative and reduced clauses."""

from __future__ import annotations

from testimonia.reading.events.evidence import is_eventful
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.phrases import is_calendar, resolved
from testimonia.reading.syntax import Parse, Token

_DEEPEST = 6  # clauses that a subject is inherited through
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_VERBAL = frozenset({"VERB", "AUX"})


def verb_lemma(parse: Parse, verb: Token) -> str:
    """The lemma with its particle: "call off"."""
    particle = parse.dependent(verb, "prt")
    lemma = verb.lemma.lower()
    return f"{lemma} {particle.lower}" if particle else lemma


def is_passive(parse: Parse, verb: Token) -> bool:
    """ "was sent", "was taken and *burned*", "the aid *sent* to the town", "*Sent* in May, …",
    "were reported *killed*"."""
    if parse.dependent(verb, "auxpass", "nsubjpass") is not None:
        return True
    if verb.tag != "VBN" or parse.dependent(verb, "aux", "nsubj") is not None:
        return False
    if verb.dep in {"acl", "advcl"} or _is_complement(parse, verb):
        return True
    head = parse.head(verb)
    return verb.dep == "conj" and head.tag == "VBN" and is_passive(parse, head)


def _is_complement(parse: Parse, participle: Token) -> bool:
    """ "were reported *killed*", "and four believed *injured*": a participle without subject or
    auxiliary below a verb is a predicate; as a clause only below a passive."""
    if participle.tag != "VBN" or parse.dependent(participle, "aux", "nsubj", "mark") is not None:
        return False
    head = parse.head(participle)
    if participle.dep in {"xcomp", "oprd"}:
        return head.pos in _VERBAL
    return participle.dep == "ccomp" and parse.dependent(head, "auxpass") is not None


def subject(parse: Parse, verb: Token, deepest: int = _DEEPEST) -> Token | None:
    """The subject, its own or inherited through coordination, control and relative clauses.

    "The army *wanted to take* the town", "troops *entered and burned* it", "the man *who fled*",
    "they urged the mayor *to leave*".
    """
    own = parse.dependent(verb, "nsubj", "nsubjpass")
    if own is not None:
        return resolved(parse, own)
    head = parse.head(verb)
    if verb.dep == "relcl" and head.pos in _NOMINAL:
        return head
    if verb.dep == "acl" and head.pos in _NOMINAL:
        return _of_modifier(parse, verb, head, deepest)
    if not deepest or head.pos not in _VERBAL | {"ADJ", "ADP", "SCONJ"}:
        return None
    if verb.dep == "pcomp" and head.dep == "prep":
        return _of_phrase(parse, head, deepest)
    if verb.dep == "advcl":
        return _of_adverbial(parse, verb, head, deepest)
    if verb.dep == "xcomp" or _is_complement(parse, verb):
        controller = _object_controller(parse, head)
        return controller or _above(parse, head, deepest)
    return _above(parse, head, deepest) if verb.dep == "conj" else None


def _above(parse: Parse, head: Token, deepest: int) -> Token | None:
    """The subject of the verb above, or of the copula above an adjective."""
    if head.pos not in _VERBAL:
        head = parse.head(head)
    return subject(parse, head, deepest - 1) if head.pos in _VERBAL else None


def _object_controller(parse: Parse, head: Token) -> Token | None:
    """ "urged *the mayor* to leave", and not "used *troops* to take the town"."""
    if head.lemma.lower() in lexicon().subject_control:
        return None
    return parse.dependent(head, "dobj")


def _of_modifier(parse: Parse, verb: Token, noun: Token, deepest: int) -> Token | None:
    """ "troops *fleeing* the town", "the first mayor *to leave*", "*their* plan *to leave*"."""
    if parse.dependent(verb, "aux") is None:
        return noun
    first = parse.dependents(noun, "amod")
    if any(token.lower in lexicon().leading for token in first) and not is_eventful(
        noun.lemma.lower()
    ):
        return noun
    owner = parse.dependent(noun, "poss")
    if owner is not None:
        return resolved(parse, owner)
    above = parse.head(noun)
    if noun.dep == "dobj" and above.pos == "VERB" and deepest:
        return subject(parse, above, deepest - 1)
    return None


def _of_phrase(parse: Parse, preposition: Token, deepest: int) -> Token | None:
    """ "*The mayor* was praised for opening the bridge", "accused *the mayor* of closing it",
    "*the mayor* faces the task of closing it"."""
    above = parse.head(preposition)
    noun = above if above.pos in _NOMINAL else None
    if noun is not None:
        owner = parse.dependent(noun, "poss")
        if owner is not None or noun.dep != "dobj":
            return resolved(parse, owner) if owner else None
        above = parse.head(noun)
    if above.pos not in _VERBAL or not deepest:
        return None
    if above.lemma.lower() in lexicon().blaming_verbs and not is_passive(parse, above):
        return noun or parse.dependent(above, "dobj")
    return subject(parse, above, deepest - 1)


def _of_adverbial(parse: Parse, verb: Token, head: Token, deepest: int) -> Token | None:
    """ "*Troops* shelled the town, killing two"; who killed in "the town was shelled, killing two"
    is not the town."""
    if head.pos not in _VERBAL:
        return None
    head = told_before(parse, verb) or head
    if verb.tag == "VBG" and is_passive(parse, head):
        agent = parse.dependent(head, "agent")
        return parse.dependent(agent, "pobj") if agent else None
    if verb.tag in {"VBG", "VBN"} or parse.dependent(verb, "aux") is not None:
        return subject(parse, head, deepest - 1)
    return None


def told_before(parse: Parse, participle: Token) -> Token | None:
    """The verb of the clause that an inserted "…, the mayor said, " cuts off its participle:
    "*Shelling resumed*, the mayor said, *killing* two"."""
    cue, words, lemma = parse.head(participle), lexicon(), participle.lemma.lower()
    results = lemma in words.resulting or words.verb_types.get(lemma) in words.resulting_types
    if participle.dep != "advcl" or participle.tag != "VBG" or not results:
        return None
    speaker = parse.dependent(cue, "nsubj")
    if speaker is None or participle.i < cue.i or parse.tokens[participle.i - 1].text != ",":
        return None
    clause = parse.head(cue) if cue.dep == "parataxis" else parse.dependent(cue, "ccomp")
    if clause is None or clause.i > cue.i or clause.pos not in _VERBAL:
        return None
    quoted = any(t.tag in {"``", "''"} for t in parse.tokens[clause.i : cue.i])
    return None if quoted else clause


def relative_object(parse: Parse, verb: Token) -> Token | None:
    """What a relative clause without a pronoun is about: "the town *the troops took*"."""
    head = parse.head(verb)
    if verb.dep != "relcl" or head.pos not in {"NOUN", "PROPN"} or is_calendar(parse, head):
        return None
    children = parse.dependents(verb)
    closed = {"dobj", "ccomp", "xcomp", "nsubjpass", "auxpass", "attr", "acomp"}
    if any(child.dep in closed or child.tag in {"WDT", "WP", "WRB"} for child in children):
        return None
    if parse.dependent(verb, "nsubj") is None or verb.lemma.lower() not in lexicon().verb_types:
        return None
    return head


def shared_object(parse: Parse, verb: Token) -> Token | None:
    """The object behind the last of several verbs: "*took* and burned *the town*"."""
    following = parse.dependent(verb, "conj")
    if following is None or following.pos != "VERB":
        return None
    between = parse.tokens[verb.i + 1 : following.i]
    if any(token.dep not in {"cc", "advmod", "punct", "aux"} for token in between):
        return None
    return parse.dependent(following, "dobj")
