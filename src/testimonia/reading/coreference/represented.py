"""For whom a person speaks: the organisation that stands with the person's name or office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from testimonia.model import ActorType, MentionForm
from testimonia.reading.coreference.clusters import Discourse
from testimonia.reading.syntax import Parse, Token

_OF = frozenset({"of", "for", "at", "with", "from"})
_WITHIN = frozenset({"compound", "nmod", "poss", "appos"})
_MOST_LINKS = 6  # from the person to the organisation, as in "Lee, the head of Acme"
_TOKENS = 40  # looked at in one phrase
_NO_LONGER = frozenset({"former", "ex", "retired", "late"})


def represented(discourse: Discourse) -> Mapping[int, int]:
    """Per cluster of a person (by its root) the number of a mention of a named organisation,
    where one of the person tells of it: "Acme chief executive Ann Lee", "Ann Lee, a spokeswoman for
    Acme", "the firm's president, Ann Lee".

    The first mention that tells decides.
    """
    found: dict[int, int] = {}
    for number, candidate in discourse.of_form(MentionForm.NAME, MentionForm.NOMINAL):
        root = discourse.clusters.find(number)
        if candidate.type is ActorType.PERSON and root not in found:
            body = _body(discourse, discourse.parse.tokens[candidate.head])
            if body is not None:
                found[root] = body
    return found


def _body(discourse: Discourse, person: Token) -> int | None:
    phrase = list(_phrase(discourse.parse, person))
    if any(token.lower in _NO_LONGER for token in phrase):
        return None
    for token in phrase:
        number = discourse.by_head.get(token.i)
        if number is not None and token.i != person.i:
            traits = discourse.clusters.traits(number)
            if traits.type is ActorType.ORGANIZATION and traits.named:
                return number
    return None


def _phrase(parse: Parse, person: Token) -> Iterator[Token]:
    """The tokens of the noun phrase that names somebody, nearest to the name first."""
    while person.dep == "appos":
        person = parse.head(person)
    level, seen = [person], 0
    for _ in range(_MOST_LINKS):
        following: list[Token] = []
        for token in level:
            seen += 1
            if seen > _TOKENS:
                return
            yield token
            for child in parse.dependents(token):
                inside = child.dep in _WITHIN or child.dep in {"amod", "pobj"}
                if inside or (child.dep == "prep" and child.lower in _OF):
                    following.append(child)
        level = following
