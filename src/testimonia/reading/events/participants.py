"""Who does what to whom: the participants of an event, by syntax."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.model import Role
from testimonia.reading.events.clauses import (
    is_passive,
    relative_object,
    shared_object,
    subject,
    verb_lemma,
)
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.model import Part
from testimonia.reading.events.phrases import (
    conjuncts,
    is_calendar,
    is_measure,
    label,
    phrase,
    resolved,
)
from testimonia.reading.syntax import Parse, Token

__all__ = ["heads", "parts", "phrase"]

_NAMES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
Found = Iterator[tuple[Role, Token]]


def heads(
    parse: Parse, trigger: Token, event_type: str, *, nominal: bool
) -> list[tuple[Role, Token]]:
    """The heads of all that takes part, quantities among them, each once."""
    found = (
        _of_noun(parse, trigger, event_type) if nominal else _of_verb(parse, trigger, event_type)
    )
    seen: dict[tuple[Role, int], Token] = {}
    for role, head in found:
        for each in (head, *conjuncts(parse, head)):
            if each.i != trigger.i and not is_calendar(parse, each):
                seen.setdefault((role, each.i), each)
    return [(role, token) for (role, _), token in seen.items()]


def parts(parse: Parse, found: list[tuple[Role, Token]]) -> tuple[Part, ...]:
    """The participants among these heads, in textual order: no quantities, no empty words."""
    made = [
        Part(role, head.i, phrase(parse, head))
        for role, head in found
        if not is_measure(parse, head) and not _is_empty(parse, head)
    ]
    return tuple(sorted(made, key=lambda part: (part.span, part.role)))


def _is_empty(parse: Parse, token: Token) -> bool:
    """ "there", "it" in "it rains", "what", "this", a bare number: words for nobody."""
    if token.pos == "ADJ" and label(parse, token) != "NORP":
        return parse.dependent(token, "det") is None  # but "the wounded"
    if token.dep == "expl" or token.pos not in _NOMINAL or token.tag in {"WP", "WDT", "WRB", "EX"}:
        return True
    if token.lower in {"this", "that", "there"}:
        return True
    if token.pos == "NUM":
        return parse.dependent(token, "prep") is None
    if token.lower == "it":
        return _is_impersonal(parse, parse.head(token))
    return not any(map(str.isalpha, token.text))


def _is_impersonal(parse: Parse, verb: Token) -> bool:
    """ "It rained", "it is said that …", "it seems": nobody does it."""
    if verb.lemma.lower() in lexicon().impersonal:
        return True
    return is_passive(parse, verb) and parse.dependent(verb, "ccomp", "xcomp") is not None


# ------------------------------------------------------------------------------------ verbs


def _of_verb(parse: Parse, verb: Token, event_type: str) -> Found:
    passive = is_passive(parse, verb)
    doer = subject(parse, verb)
    if doer is not None:
        yield (Role.PATIENT if passive else Role.AGENT), doer
    yield from _objects(parse, verb, passive=passive)
    for child in parse.dependents(verb, "agent", "dative", "prep"):
        below = parse.dependent(child, "pobj")
        if child.dep == "agent":
            yield from _if_any(Role.AGENT, below)
        elif child.dep == "dative" and child.pos != "ADP":
            yield Role.RECIPIENT, child
        elif below is not None:
            yield from _if_any(_beside_verb(parse, verb, child, event_type), below)


def _objects(parse: Parse, verb: Token, *, passive: bool) -> Found:
    """ "took *the town*", "took and burned *the town*", "*the town* that the troops took"."""
    own = parse.dependents(verb, "dobj")
    for each in own:
        yield from _if_any(Role.PATIENT, resolved(parse, each))
    if not own and not passive:
        shared = relative_object(parse, verb) or shared_object(parse, verb)
        yield from _if_any(Role.PATIENT, shared)


def _beside_verb(parse: Parse, verb: Token, preposition: Token, event_type: str) -> Role | None:
    """The role that a preposition gives: "talked *with* the mayor", "gave aid *to* the town"."""
    word = preposition.lower
    if preposition.dep == "dative":
        return Role.RECIPIENT
    if word == "with":
        if is_passive(parse, verb):
            return None
        named = _is_name(parse, parse.dependent(preposition, "pobj"))
        return Role.OTHER if named or event_type in lexicon().other_sides["with"] else None
    if word == "on":
        return Role.RECIPIENT if verb_lemma(parse, verb) in lexicon().on_verbs else None
    if word == "to" and verb_lemma(parse, verb) in lexicon().giving_verbs:
        return Role.RECIPIENT
    return Role.RECIPIENT if event_type in lexicon().other_sides.get(word, ()) else None


def _if_any(role: Role | None, token: Token | None) -> Found:
    if role is not None and token is not None:
        yield role, token


# ------------------------------------------------------------------------------------ nouns


def _of_noun(parse: Parse, noun: Token, event_type: str) -> Found:
    prepositions = parse.dependents(noun, "prep", "agent")
    words = {child.lower for child in prepositions}
    for child in parse.dependents(noun, "poss"):
        yield from _if_any(_of_possessor(noun, words), resolved(parse, child))
    for child in parse.dependents(noun, "amod"):
        if label(parse, child) == "NORP" and event_type != "other" and "by" not in words:
            yield Role.AGENT, child
    for child in prepositions:
        below = parse.dependent(child, "pobj")
        if below is not None:
            yield from _if_any(_beside_noun(parse, noun, child, event_type), below)
    yield from _of_support_verb(parse, noun, event_type)


def _of_possessor(noun: Token, prepositions: set[str]) -> Role:
    """ "the army's capture of the town", but "*the mayor's* arrest"."""
    undergoes = noun.lemma.lower() in lexicon().objective and "of" not in prepositions
    return Role.PATIENT if undergoes else Role.AGENT


def _beside_noun(parse: Parse, noun: Token, preposition: Token, event_type: str) -> Role | None:
    """ "the capture *of* the town", "the fall *of* the town" (who falls), "talks *between* …"."""
    word, words = preposition.lower, lexicon()
    if word == "of":
        return Role.AGENT if noun.lemma.lower() in words.intransitive else Role.PATIENT
    if word in {"by", "between"}:
        return Role.AGENT
    below = parse.dependent(preposition, "pobj")
    if below is None or below.lemma.lower() in words.idle:
        return None
    named = _is_name(parse, below)
    if word not in words.other_sides or not (named or event_type in words.other_sides[word]):
        return None
    if word == "with":
        return Role.OTHER
    return None if word == "on" and event_type in {"consult", "agree"} else Role.RECIPIENT


def _of_support_verb(parse: Parse, noun: Token, event_type: str) -> Found:
    """ "*nations* imposed sanctions on *the port*", "sanctions were imposed by *nations*"."""
    verb, words = parse.head(noun), lexicon()
    if noun.dep not in {"dobj", "nsubjpass"} or verb.pos != "VERB":
        return
    lemma = verb_lemma(parse, verb)
    if lemma not in words.light_verbs and lemma not in words.undergoing_verbs:
        return
    role = Role.PATIENT if lemma in words.undergoing_verbs else Role.AGENT
    yield from _if_any(role, _doer(parse, verb, noun))
    for child in parse.dependents(verb, "prep"):
        below = parse.dependent(child, "pobj")
        if below is not None and child.lower != "of":
            yield from _if_any(_beside_noun(parse, noun, child, event_type), below)


def _doer(parse: Parse, verb: Token, noun: Token) -> Token | None:
    if noun.dep == "dobj":
        return subject(parse, verb)
    agent = parse.dependent(verb, "agent")
    return parse.dependent(agent, "pobj") if agent else None


def _is_name(parse: Parse, token: Token | None) -> bool:
    """ "on Moscow", and not "on Monday"."""
    return token is not None and (
        token.tag.startswith("NNP") and (token.entity < 0 or label(parse, token) in _NAMES)
    )
