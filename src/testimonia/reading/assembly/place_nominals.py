"""Definite nouns that stand for a place named before: "the city", "this region"."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from testimonia.model import Mention, MentionForm, Place, Span
from testimonia.reading.syntax import Parse, Token

# Sentences back that such a noun may reach; further off another place is as likely meant.
_REACH = 5
_CONFIDENCE = 0.5
_DEFINITE = frozenset({"the", "this", "that"})


def with_nominals(parse: Parse, places: Sequence[Place]) -> tuple[Place, ...]:
    """The places with the definite nouns among their mentions that mean them.

    Such a noun means the last place named before it that is of its kind (a city, a country, a
    region …), up to five sentences back. "The city of Turin" and "the port city" mean no other.
    """
    found: dict[str, list[Mention]] = {}
    named = _by_kind(places)
    for token in parse.tokens:
        kind = _kinds().get(token.lemma.lower()) if token.pos == "NOUN" else None
        if kind in named and _stands_alone(parse, token):
            key = _last_before(parse, token, *named[kind])
            if key:
                span = _with_article(parse, token)
                mention = Mention(span, MentionForm.NOMINAL, _CONFIDENCE)
                found.setdefault(key, []).append(mention)
    return tuple(
        replace(place, mentions=tuple(sorted((*place.mentions, *found[place.key]), key=_start)))
        if place.key in found
        else place
        for place in places
    )


def _by_kind(places: Sequence[Place]) -> dict[str | None, tuple[list[int], list[str]]]:
    """Per kind, where its places are named, and which it is there."""
    kinds = set(_kinds().values())
    found: dict[str | None, list[tuple[int, str]]] = {}
    for place in places:
        kind = place.entry.feature[:3] if place.entry else None
        if kind in kinds:
            names = (each for each in place.mentions if each.form is MentionForm.NAME)
            found.setdefault(kind, []).extend((each.span.start, place.key) for each in names)
    return {
        kind: ([start for start, _ in sorted(each)], [key for _, key in sorted(each)])
        for kind, each in found.items()
    }


def _last_before(
    parse: Parse, token: Token, starts: Sequence[int], keys: Sequence[str]
) -> str | None:
    position = bisect_left(starts, token.start) - 1
    if position < 0:
        return None
    sentence = parse.tokens[parse.at(starts[position])].sentence
    return keys[position] if token.sentence - sentence <= _REACH else None


def _stands_alone(parse: Parse, noun: Token) -> bool:
    """ "the city", not "a city", "the port city", "the city of Turin", "Mexico city"."""
    children = parse.dependents(noun)
    if not any(child.dep == "det" and child.lower in _DEFINITE for child in children):
        return False
    return noun.dep != "compound" and not any(
        child.dep in {"compound", "amod", "appos", "nmod", "relcl", "nummod"}
        or (child.dep == "prep" and child.lower == "of")
        for child in children
    )


def _with_article(parse: Parse, noun: Token) -> Span:
    article = parse.dependent(noun, "det")
    return Span(article.start if article and article.i == noun.i - 1 else noun.start, noun.end)


def _start(mention: Mention) -> Span:
    return mention.span


@cache
def _kinds() -> Mapping[str, str]:
    """Noun to the beginning of the feature codes that it stands for."""
    data = (files("testimonia.reading") / "data" / "place_nouns.toml").read_text("utf-8")
    return {noun: kind for kind, nouns in tomllib.loads(data).items() for noun in nouns}
