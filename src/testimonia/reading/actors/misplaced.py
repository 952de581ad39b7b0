"""Mentions that the places stage claims and that name somebody: teams, surnames, armed groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from testimonia.model import ActorType, Mention, MentionForm, Place, Span
from testimonia.reading.actors.branches import find_branches
from testimonia.reading.actors.geopolitics import acts
from testimonia.reading.actors.lexicon import Lexicon, lexicon
from testimonia.reading.actors.pieces import bare, title_before
from testimonia.reading.actors.teams import find_teams
from testimonia.reading.syntax import Parse

_WHERE = frozenset(
    {"in", "at", "near", "into", "outside", "across", "around", "through", "inside", "of", "from"}
)
_INSIDE = frozenset({"in", "near", "into", "outside", "across", "around", "inside", "throughout"})
_OFTEN = 4
_MOSTLY = 0.6
_PEOPLED = 500_000  # inhabitants; who bears a larger place's name is told by a title only


@dataclass(frozen=True, slots=True)
class _Named:
    """One mention of a place by name, with the tagger's label of its last token."""

    span: Span
    tokens: range
    label: str


def misplaced(parse: Parse, places: Sequence[Place]) -> Mapping[Span, ActorType]:
    """Mentions of places that name a person or an organisation, with which of both.

    Of a place inside a body's name ("Transport Ruritania") both the mention and the name are given.
    """
    words = lexicon()
    surnames = _surnames(parse)
    shorts = _short_forms(parse, words)
    found = dict.fromkeys(find_teams(parse, places), ActorType.ORGANIZATION)
    for country, whole in find_branches(parse, places).items():
        found[country] = found[whole] = ActorType.ORGANIZATION
    for place in places:
        named = list(_named(parse, place.mentions))
        if place.site or not named:
            continue
        if _is_short(parse, place, named, shorts):
            found.update((one.span, ActorType.ORGANIZATION) for one in named)
        elif _is_surname(parse, place, named, surnames) or _is_introduced(
            parse, place, named, words
        ):
            found.update((one.span, ActorType.PERSON) for one in named)
        elif any(_is_where(parse, one) for one in named):
            continue
        elif _is_person(parse, place, named, surnames, words):
            found.update((one.span, ActorType.PERSON) for one in named)
        elif _is_body(parse, place, named, words):
            found.update((one.span, ActorType.ORGANIZATION) for one in named)
    return found


def well_placed(places: Sequence[Place], wrong: Mapping[Span, ActorType]) -> tuple[Place, ...]:
    """The places without these mentions; those that have no other are none."""
    if not wrong:
        return tuple(places)
    left = (
        replace(place, mentions=tuple(m for m in place.mentions if m.span not in wrong))
        for place in places
    )
    return tuple(place for place in left if place.mentions)


def _named(parse: Parse, mentions: Sequence[Mention]) -> Iterator[_Named]:
    for mention in mentions:
        tokens = parse.within(mention.span)
        if mention.form is MentionForm.NAME and tokens:
            entity = parse.tokens[tokens[-1]].entity
            label = parse.entities[entity].label if entity >= 0 else ""
            yield _Named(mention.span, tokens, label)


def _surnames(parse: Parse) -> frozenset[str]:
    """Last words of the persons that the text names in full."""
    return frozenset(
        parse.tokens[entity.last - 1].text
        for entity in parse.entities
        if entity.label == "PERSON" and entity.last - entity.first > 1
    )


def _is_person(
    parse: Parse,
    place: Place,
    named: Sequence[_Named],
    surnames: frozenset[str],
    words: Lexicon,
) -> bool:
    """ "Senator Zenda"; "Zenda said" where the text knows an Ann Zenda."""
    if any(len(one.tokens) > 1 for one in named):
        return False
    if any(_has_title(parse, one, words) for one in named):
        return True
    if place.entry is not None and (
        place.entry.population > _PEOPLED or place.entry.feature.startswith("PCL")
    ):
        return False
    if any(_is_said_of_person(parse, one, words) for one in named):
        return True
    return parse.tokens[named[0].tokens[0]].text in surnames and any(
        acts(parse, parse.tokens[one.tokens[0]], words) for one in named
    )


def _is_introduced(parse: Parse, place: Place, named: Sequence[_Named], words: Lexicon) -> bool:
    """ "Her neighbour Ada Moss", which no gazetteer knows: right behind what only people are."""
    if place.entry is not None:
        return False
    for one in named:
        last = parse.tokens[one.tokens[-1]]
        noun = parse.head(last)
        if last.dep == "appos" and noun.i + 1 == one.tokens[0]:
            return noun.lemma.lower() in words.persons | words.offices
    return False


def _is_surname(
    parse: Parse, place: Place, named: Sequence[_Named], surnames: Collection[str]
) -> bool:
    """A small place's name that the text has as a surname, never after "in" and the like, and that
    the tagger takes for a person's at least once."""
    entry = place.entry
    large = entry is not None and (
        entry.population > _PEOPLED or entry.feature.startswith(("PCL", "ADM1", "CONT"))
    )
    if large or any(len(one.tokens) > 1 or _is_inside(parse, one) for one in named):
        return False
    known = all(one.span.of(parse.text) in surnames for one in named)
    return known and any(one.label == "PERSON" for one in named)


def _is_inside(parse: Parse, one: _Named) -> bool:
    token = parse.tokens[one.tokens[-1]]
    return token.dep == "pobj" and parse.head(token).lower in _INSIDE


def _is_said_of_person(parse: Parse, one: _Named, words: Lexicon) -> bool:
    """ "His wife, Zenda": tagged as a person and in apposition to a word for one."""
    token = parse.tokens[one.tokens[-1]]
    above = parse.head(token)
    return (
        one.label == "PERSON"
        and token.dep == "appos"
        and above.pos == "NOUN"
        and above.lemma.lower() in words.persons
    )


def _has_title(parse: Parse, one: _Named, words: Lexicon) -> bool:
    before = parse.tokens[one.tokens[0] - 1] if one.tokens[0] else None
    if before is None or not before.text[:1].isupper():
        return False
    title, _ = title_before(parse, one.tokens[0], words)
    return bool(title) and one.label not in {"GPE", "LOC"}


def _is_body(parse: Parse, place: Place, named: Sequence[_Named], words: Lexicon) -> bool:
    """One word that no gazetteer has, and that acts without ever being where something is."""
    if place.entry is not None or any(len(one.tokens) > 1 for one in named):
        return False
    return any(acts(parse, parse.tokens[one.tokens[0]], words) for one in named)


def _short_forms(parse: Parse, words: Lexicon) -> frozenset[str]:
    """What bodies that the text names in full are called for short: "Zenda" for "Zenda Corp.",
    "ZBA" for the "Zenda Bar Association"."""
    found = set(_mostly_bodies(parse))
    for entity in parse.entities:
        tokens = parse.tokens[entity.first : entity.last]
        if entity.label != "ORG" or len(tokens) < 2:
            continue
        capitals = [token.text for token in tokens if token.text[:1].isupper()]
        if len(capitals) > 2:
            found.add("".join(word[0] for word in capitals))
        suffix = bare(tokens[-1].text) in words.business_suffixes
        if suffix and capitals[:1] == [tokens[0].text]:
            found.add(tokens[0].text)
    return frozenset(found)


def _mostly_bodies(parse: Parse) -> Iterator[str]:
    """Single words that the tagger takes for a body several times, and mostly."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in parse.entities:
        if entity.last - entity.first == 1:
            labels[parse.tokens[entity.first].text][entity.label] += 1
    for name, counted in labels.items():
        placed = counted["GPE"] + counted["LOC"] + counted["FAC"]
        if counted["ORG"] >= _OFTEN and not placed and counted["ORG"] >= _MOSTLY * counted.total():
            yield name


def _is_short(parse: Parse, place: Place, named: Sequence[_Named], shorts: Collection[str]) -> bool:
    """Whether all mentions are a body's short form, none where something is, of no large place."""
    entry = place.entry
    if entry is not None and (
        entry.population > _PEOPLED or entry.feature.startswith(("PCL", "ADM1", "CONT"))
    ):
        return False
    if any(_is_inside(parse, one) for one in named):
        return False
    return all(len(one.tokens) == 1 and one.span.of(parse.text) in shorts for one in named)


def _is_where(parse: Parse, one: _Named) -> bool:
    token = parse.tokens[one.tokens[-1]]
    beside = parse.tokens[one.tokens[-1] + 1 : one.tokens[-1] + 3]
    listed = len(beside) == 2 and beside[0].text == "," and beside[1].text[:1].isupper()
    return (token.dep == "pobj" and parse.head(token).lower in _WHERE) or (
        listed and beside[1].entity >= 0 and parse.entities[beside[1].entity].label == "GPE"
    )
