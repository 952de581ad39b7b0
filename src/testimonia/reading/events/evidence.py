"""What in a parse speaks for a word's denoting an event: named binary features for the ranker.

Syntax, the word's ending and what the lexicons say of it and of its governor; never the words
around it themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.model import Kind
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import often_happening, wordnet_evidence

_AUXILIARY = frozenset({"aux", "auxpass"})
_PREDICATE = frozenset({"acomp", "attr", "oprd", "ROOT", "ccomp", "advcl", "conj", "acl", "relcl"})
_CALENDAR = frozenset({"DATE", "TIME"})
_NUMERIC = frozenset({"MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})
_OBJECT = frozenset({"dobj", "nsubjpass"})
_CLAUSE = frozenset(
    {"amod", "compound", "prep", "pcomp", "acl", "relcl", "advcl", "xcomp", "ccomp"}
)
# The longest that fits is taken; order matters.
_ENDINGS = (
    *("tion", "sion", "ment", "ing", "ance", "ence", "ship", "ness", "ism", "age", "ery", "ity"),
    *("ure", "al", "ist", "er", "or", "ee", "th", "out", "down", "off", "over", "back", "up", "y"),
)
_EVENTFUL = frozenset({"tion", "sion", "ment", "ing", "ance", "ence", "out", "down", "off", "al"})


def kind_of(token: Token) -> Kind | None:
    """The sort of candidate that a token is; ``None`` where it can denote no event.

    "is" in "is falling" is none, "is" in "is a town" is one (a weak one).
    """
    if not any(map(str.isalpha, token.text)) or token.dep in _AUXILIARY:
        return None
    if token.tag == "VBG" and token.lower in lexicon().participles:
        return None
    if token.pos in {"VERB", "AUX"} or token.tag.startswith("VB"):
        return Kind.VERB
    if token.pos == "NOUN" or (
        token.pos == "PROPN" and lexicon().is_happening(token.lemma.lower())
    ):
        return Kind.NOUN
    if token.pos == "ADJ" and token.dep in _PREDICATE:
        return Kind.ADJECTIVE
    return None


def is_eventful(lemma: str) -> bool:
    """Whether a noun is known to name happenings, or has an ending of such ("recalibration")."""
    return lexicon().is_happening(lemma) or ending(lemma) in _EVENTFUL


def may_be_eventful(lemma: str) -> bool:
    """Whether a noun is worth a closer look: eventful, or of many senses that name happenings."""
    return is_eventful(lemma) or often_happening(lemma)


def evidence(parse: Parse, token: Token, kind: Kind) -> list[str]:
    """The names of the features that hold of the token, in no order."""
    found = list(_everywhere(parse, token))
    if kind is Kind.VERB:
        found.extend(_of_verb(parse, token))
    else:
        found.extend(_of_noun(parse, token))
        if kind is Kind.ADJECTIVE:
            found.extend(_of_adjective(parse, token))
    return found


def ending(lemma: str) -> str:
    """The ending of a noun that tells of its making: "deployment" gives "ment", else "-"."""
    return next((end for end in _ENDINGS if lemma.endswith(end) and len(lemma) > len(end) + 2), "-")


def _everywhere(parse: Parse, token: Token) -> Iterator[str]:
    head = parse.head(token)
    yield f"tag={token.tag}"
    yield f"dep={token.dep}"
    yield f"head={head.pos}"
    yield f"dep={token.dep}|head={head.pos}"
    if token.entity >= 0:
        yield f"in={_sort(parse, token)}"


def _sort(parse: Parse, token: Token) -> str:
    """What the tagger's label of the entity that the token is in comes down to."""
    label = parse.entities[token.entity].label
    if label in _CALENDAR:
        return "time"
    if label in _NUMERIC:
        return "number"
    return "event" if label == "EVENT" else "name"


# ------------------------------------------------------------------------------------ verbs


def _of_verb(parse: Parse, verb: Token) -> Iterator[str]:
    words, lemma, head = lexicon(), verb.lemma.lower(), parse.head(verb)
    children = parse.dependents(verb)
    labels = {child.dep for child in children}
    yield from (f"has={label}" for label in labels)
    if any(child.tag == "MD" for child in children):
        yield "modal"
    if any(child.tag == "TO" for child in children):
        yield "infinitive"
    yield from _subject(parse, verb)
    if verb.dep in _CLAUSE:
        yield f"dep={verb.dep}|tag={verb.tag}"
    if verb.dep in {"xcomp", "pcomp"}:
        yield f"below={_class(head.lemma.lower()) or head.pos}"
    if verb.dep == "acl" and verb.tag == "VBN":
        yield "reduced passive with agent" if "agent" in labels else "reduced passive"
    yield "typed" if lemma in words.verb_types else "untyped"
    yield f"class={_class(lemma) or 'none'}"
    if any(_is_dated(parse, child) for child in children):
        yield "dated"
    if verb.tag in {"VBZ", "VBP"} and not labels & _AUXILIARY:
        yield "simple present"
    if verb.text[0].isupper() and verb.i != parse.sentences[verb.sentence][0]:
        yield "capital"


def _subject(parse: Parse, verb: Token) -> Iterator[str]:
    subject = parse.dependent(verb, "nsubj", "nsubjpass")
    if subject is not None:
        yield f"subject={subject.pos}"
        yield f"subject={subject.tag}"
        if subject.entity >= 0:
            yield f"subject in={_sort(parse, subject)}"


def _is_dated(parse: Parse, child: Token) -> bool:
    """ "on Monday", "last week": a modifier that the tagger calls a time."""
    if child.dep not in {"npadvmod", "prep", "advmod"}:
        return False
    around = (child, *parse.dependents(child))
    return any(t.entity >= 0 and parse.entities[t.entity].label in _CALENDAR for t in around)


# ------------------------------------------------------------------------------------ nouns


def _of_noun(parse: Parse, noun: Token) -> Iterator[str]:
    lemma = noun.lemma.lower()
    children = parse.dependents(noun)
    yield from {f"has={child.dep}" for child in children}
    for child in children:
        yield from _modifier(parse, child)
    yield from _governor(parse, noun)
    yield f"ending={ending(lemma)}"
    yield f"lexicon={lexicon().standing(lemma)}"
    if noun.pos != "ADJ":
        yield from wordnet_evidence(lemma)
    yield "plural" if noun.tag.endswith("S") else "singular"


def _modifier(parse: Parse, child: Token) -> Iterator[str]:
    if child.dep == "prep":
        yield f"prep={child.lower}" if child.lower in lexicon().prepositions else "prep"
        below = parse.dependent(child, "pobj")
        if below is not None and below.entity >= 0:
            yield f"prep object in={_sort(parse, below)}"
    elif child.dep == "det" and child.tag == "DT":
        yield f"det={child.lower}"
    elif child.dep in {"compound", "poss", "amod"}:
        sort = _sort(parse, child) if child.entity >= 0 else child.pos
        yield f"{child.dep}={sort}"


def _governor(parse: Parse, noun: Token) -> Iterator[str]:
    words, head = lexicon(), parse.head(noun)
    lemma = head.lemma.lower()
    if noun.dep == "pobj":
        yield f"under={head.lower}" if head.lower in words.prepositions else "under"
        yield f"under preposition of={parse.head(head).pos}"
    elif noun.dep in _OBJECT:
        yield "object of typed" if lemma in words.verb_types else "object of untyped"
        yield f"object of={_class(lemma) or 'none'}"
        if lemma in words.support_verbs:
            yield "object of support verb"
    elif noun.dep == "nsubj":
        yield f"subject of={_class(lemma) or 'none'}"
        if lemma in words.verbs_of_happening:
            yield "subject of happening"
        if lemma == "be":
            yield "subject of be"
    elif noun.dep == "compound":
        yield "compound of happening" if words.is_happening(lemma) else "compound"


def _of_adjective(parse: Parse, adjective: Token) -> Iterator[str]:
    head = parse.head(adjective)
    yield f"head tag={head.tag}"
    yield f"class={_class(adjective.lemma.lower()) or 'none'}"
    if parse.dependent(adjective, "xcomp", "ccomp") is not None:
        yield "with clause"
    if adjective.dep == "acomp":
        subject = parse.dependent(head, "nsubj")
        yield f"subject={subject.pos}" if subject else "no subject"


def _class(lemma: str) -> str | None:
    found = lexicon().classes.get(lemma)
    return found.name if found else None
