"""Which places act: a place that does, decides or speaks is a geopolitical entity."""

from __future__ import annotations

from collections.abc import Iterable

from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.syntax import Parse, Token

_SUBJECTS = frozenset({"nsubj", "csubj"})
_MUTUAL = frozenset({"between", "with", "against"})


def acting_places(
    parse: Parse,
    places: Iterable[Candidate],
    sources: frozenset[int],
    lexicon: Lexicon,
) -> frozenset[str]:
    """Keys of the places with a mention that acts or, being in ``sources``, speaks or is told."""
    return frozenset(
        place.place
        for place in places
        if place.place is not None
        and (_speaks(place, sources) or acts(parse, parse.tokens[place.head], lexicon))
    )


def _speaks(place: Candidate, sources: frozenset[int]) -> bool:
    return any(i in sources for i in range(place.first, place.last))


def acts(parse: Parse, token: Token, lexicon: Lexicon) -> bool:
    """Whether the head of a mention is an agent: of a verb, an action noun, or a mutual one.

    "Ruritania closed the border", "was closed by Ruritania", "Ruritania's decision", "the talks
    between Ruritania and Freedonia".
    """
    token = _first_of_series(parse, token)
    head = parse.head(token)
    if token.dep in _SUBJECTS:
        return _is_agentive(parse, head, lexicon)
    if token.dep == "poss":
        return is_action(head, lexicon)
    if token.dep == "pobj":
        if head.dep == "agent":
            return True
        governor = parse.head(head)
        return head.lower in _MUTUAL and governor.lemma.lower() in lexicon.mutual_nouns
    return False


def _first_of_series(parse: Parse, token: Token) -> Token:
    """The first member of a coordination; long ones are climbed only so far."""
    for _ in range(8):
        if token.dep != "conj":
            break
        token = parse.head(token)
    return token


def _is_agentive(parse: Parse, verb: Token, lexicon: Lexicon) -> bool:
    return verb.pos == "VERB" and verb.lemma.lower() not in lexicon.stative_verbs


def is_action(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a noun tells what its possessor does ("decision", "withdrawal")."""
    lemma = noun.lemma.lower()
    return lemma in lexicon.action_nouns or (
        len(lemma) > 6 and lemma.endswith(lexicon.action_suffixes)
    )
