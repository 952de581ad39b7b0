"""Actors: who acts or speaks in a document, each with all the mentions of it that were found.

``find_actors`` gathers names, nominals and pronouns, lets coreference put them together, and makes
sure that whoever an attribution names as source or addressee is an actor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from testimonia.model import Actor, ActorType, Mention, MentionForm, Span
from testimonia.reading.actors.geopolitics import acting_places
from testimonia.reading.actors.labels import label_ranges, labelled
from testimonia.reading.actors.lexicon import Lexicon, lexicon
from testimonia.reading.actors.mentions import Candidate, PlaceMention
from testimonia.reading.actors.names import find_names, head_of
from testimonia.reading.actors.nominals import described, find_nominals
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.coreference.resolve import resolve
from testimonia.reading.syntax import Parse, Token

__all__ = ["PlaceMention", "find_actors"]

NOBODY: Mapping[Span, ActorType] = MappingProxyType({})
_CONFIDENCE = {MentionForm.NAME: 1.0, MentionForm.NOMINAL: 0.9, MentionForm.PRONOUN: 0.7}


def find_actors(
    parse: Parse,
    places: Sequence[PlaceMention],
    attributions: Sequence[Attribution],
    somebody: Mapping[Span, ActorType] = NOBODY,
) -> tuple[Actor, ...]:
    """All actors of a document by first mention, each with its mentions in textual order.

    Keys are ``"actor/<start of the first mention>"``. A political place that acts or speaks is an
    actor of type geopolitical entity under the place's own key; its mentions are the place's and
    what refers to it ("its"). Some actor has a mention that covers the head of every attribution's
    source and addressee, except first persons outside quotations: those are the narrator's.
    ``somebody`` has names like a place's that are a person's or an organisation's.
    """
    words = lexicon()
    speaking = _speaking(parse, attributions)
    candidates = _candidates(parse, places, speaking, words, somebody)
    acting = acting_places(parse, (c for c in candidates if c.place), frozenset(speaking), words)
    clusters = resolve(parse, candidates, attributions, words)
    actors = [
        actor
        for numbers in clusters
        for actor in _actor(parse, [candidates[n] for n in numbers], acting, speaking)
    ]
    return tuple(_with_ordinals(actors))


def _speaking(parse: Parse, attributions: Iterable[Attribution]) -> dict[int, None]:
    """The head tokens of sources and addressees, in textual order."""
    heads: set[int] = set()
    for attribution in attributions:
        if attribution.source_head is not None:
            heads.add(attribution.source_head)
        if attribution.addressee_head is not None:
            heads.add(attribution.addressee_head)
        elif attribution.addressee is not None:
            inside = parse.within(attribution.addressee)
            if inside:
                heads.add(head_of(parse, inside[0], inside[-1] + 1))
    return dict.fromkeys(sorted(heads))


# ------------------------------------------------------------------------------------- candidates


def _candidates(
    parse: Parse,
    places: Sequence[PlaceMention],
    speaking: Mapping[int, None],
    words: Lexicon,
    somebody: Mapping[Span, ActorType],
) -> list[Candidate]:
    claimed = _claimed(parse, places)
    names = find_names(parse, claimed, words, speaking, somebody)
    taken = [False] * len(parse.tokens)
    for name in names:
        taken[name.first : name.last] = [True] * (name.last - name.first)
    found = [*names, *_place_candidates(parse, places, claimed, taken, speaking)]
    found += find_nominals(parse, names, claimed, words)
    found += _pronouns(parse, words)
    found += _missing(parse, found, speaking, claimed, words)
    return sorted(found, key=lambda c: (c.first, -c.last, c.head))


def _claimed(parse: Parse, places: Sequence[PlaceMention]) -> list[int]:
    """Per token the number of the longest place mention that has it, or -1."""
    claimed = [-1] * len(parse.tokens)
    for number, place in sorted(enumerate(places), key=lambda pair: len(pair[1].span)):
        for i in parse.within(place.span):
            claimed[i] = number
    return claimed


def _place_candidates(
    parse: Parse,
    places: Sequence[PlaceMention],
    claimed: Sequence[int],
    taken: Sequence[bool],
    speaking: Mapping[int, None],
) -> Iterator[Candidate]:
    """Mentions of places that are political or speak, but for those inside a longer name."""
    for number, place in enumerate(places):
        tokens = [i for i in parse.within(place.span) if claimed[i] == number]
        may_act = place.political or any(i in speaking for i in tokens)
        if not tokens or not may_act or any(taken[i] for i in tokens):
            continue
        first, last = tokens[0], tokens[-1] + 1
        yield Candidate(
            *(first, last, head_of(parse, first, last)),
            form=place.form,
            type=ActorType.GEOPOLITICAL_ENTITY,
            name=_name(parse, place, first, last),
            named=place.form is MentionForm.NAME,
            place=place.key,
        )


def _name(parse: Parse, place: PlaceMention, first: int, last: int) -> tuple[str, ...]:
    if place.form is not MentionForm.NAME:
        return ()
    return tuple(token.lower for token in parse.tokens[first:last])


def _pronouns(parse: Parse, words: Lexicon) -> Iterator[Candidate]:
    for token in parse.tokens:
        pronoun = words.pronouns.get(token.lower)
        relative = token.tag in {"WP", "WP$", "WDT"} and (
            token.lower in words.relative_of_persons or token.lower in words.relative_of_any
        )
        if relative or (pronoun is not None and token.tag in {"PRP", "PRP$"}):
            yield Candidate(
                *(token.i, token.i + 1, token.i),
                form=MentionForm.PRONOUN,
                type=None,
                lemma=token.lower,
                plural=pronoun is not None and pronoun.number == "plural",
                gender=pronoun.gender if pronoun is not None and pronoun.gender != "n" else "",
            )


def _missing(
    parse: Parse,
    found: Sequence[Candidate],
    speaking: Iterable[int],
    claimed: Sequence[int],
    words: Lexicon,
) -> Iterator[Candidate]:
    """The sources and addressees that nothing found so far covers."""
    covered = {i for candidate in found for i in range(candidate.first, candidate.last)}
    labels = {i: tokens for _, tokens in label_ranges(parse) for i in tokens}
    for i in speaking:
        speaks = any(map(str.isalnum, parse.tokens[i].text))
        if not speaks or i in covered or claimed[i] >= 0:
            continue
        if i in labels and covered.isdisjoint(labels[i]):
            yield labelled(parse, labels[i], i, claimed, words)
        else:
            yield described(parse, parse.tokens[i], claimed, words)


# ----------------------------------------------------------------------------------------- actors


def _actor(
    parse: Parse,
    mentions: Sequence[Candidate],
    acting: frozenset[str],
    speaking: dict[int, None],
) -> Iterator[Actor]:
    """The actor of one cluster; nothing where it denotes no actor that is worth recording."""
    place = next((mention.place for mention in mentions if mention.place), None)
    speaks = any(i in speaking for m in mentions for i in range(m.first, m.last))
    if place is not None:
        if place in acting or speaks:
            yield _build(parse, mentions, ActorType.GEOPOLITICAL_ENTITY, place)
        return
    type_ = next((mention.type for mention in mentions if mention.type), None)
    if type_ is None:
        if not speaks or _is_first_person(mentions):
            return
        type_ = _pronoun_type(mentions[0])
    yield _build(parse, mentions, type_, f"actor/{mentions[0].span(parse).start}")


def _is_first_person(mentions: Sequence[Candidate]) -> bool:
    return all(
        (pronoun := lexicon().pronouns.get(mention.lemma)) is not None and pronoun.person == 1
        for mention in mentions
    )


def _pronoun_type(mention: Candidate) -> ActorType:
    if mention.plural:
        return ActorType.GROUP
    if mention.gender or mention.lemma in lexicon().relative_of_persons:
        return ActorType.PERSON
    return ActorType.ACTOR


def _build(parse: Parse, mentions: Sequence[Candidate], type_: ActorType, key: str) -> Actor:
    spellings = [
        (mention, _spelling(parse, mention))
        for mention in mentions
        if mention.form is not MentionForm.PRONOUN
    ]
    proper = [words for mention, words in spellings if mention.form is MentionForm.NAME]
    names = tuple(dict.fromkeys(proper or [words for _, words in spellings]))
    named = any(mention.named for mention in mentions)
    return Actor(
        key=key,
        type=type_,
        label=_label(type_, spellings) or mentions[0].span(parse).of(parse.text),
        names=names or (mentions[0].span(parse).of(parse.text),),
        named=named,
        mentions=tuple(
            Mention(m.span(parse), m.form, _CONFIDENCE[m.form])
            for m in sorted(mentions, key=lambda m: (m.first, m.last))
        ),
    )


def _spelling(parse: Parse, mention: Candidate) -> str:
    """The mention's words on one line, a named one's without its article."""
    tokens: list[Token] = list(parse.tokens[mention.first : mention.last])
    if mention.named and len(tokens) > 1 and tokens[0].tag == "DT":
        tokens = tokens[1:]
    return " ".join(parse.text[tokens[0].start : tokens[-1].end].split())


def _label(type_: ActorType, spellings: Sequence[tuple[Candidate, str]]) -> str:
    """A person's longest name; another's longest that recurs; else the first description."""
    proper = [words for mention, words in spellings if mention.form is MentionForm.NAME]
    proper = proper or [words for mention, words in spellings if mention.named]
    if not proper:
        return spellings[0][1] if spellings else ""
    often = Counter(proper)
    recurring = [words for words in often if often[words] > 1 and not words.isupper()]
    choice = recurring if recurring and type_ is not ActorType.PERSON else list(often)
    return max(choice, key=lambda words: (len(words.split()), not words.isupper(), often[words]))


def _with_ordinals(actors: Iterable[Actor]) -> Iterator[Actor]:
    """In the order of first mentions; a second actor from the same start is ``actor/12-2``."""
    keys: Counter[str] = Counter()
    for actor in sorted(actors, key=lambda actor: (actor.mentions[0].span, actor.key)):
        keys[actor.key] += 1
        number = keys[actor.key]
        yield actor if number == 1 else replace(actor, key=f"{actor.key}-{number}")
