"""Places that no gazetteer has: buildings and grounds ("the Museum of Salt"), states of the past,
worlds.

What a building is for a text, all its mentions decide together: one that speaks or mostly acts is
an organisation, and left to the rules for names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from testimonia.model import Mention, MentionForm, Place
from testimonia.reading.actors.geopolitics import acts
from testimonia.reading.actors.lexicon import Lexicon, lexicon
from testimonia.reading.actors.pieces import bare, ends_line
from testimonia.reading.syntax import Parse, Token

_LONGEST = 6  # words before or after the word that tells the kind
_LOCATIVE = frozenset({"in", "at", "near", "inside", "outside", "into", "through", "around"})
_CONFIDENCE = 0.8

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Site:
    """The tokens of one mention; ``head`` tells the kind, ``doubtful`` kinds are bodies too."""

    first: int
    last: int
    head: int
    doubtful: bool


def with_sites(
    parse: Parse, places: Sequence[Place], sources: Collection[int]
) -> tuple[Place, ...]:
    """The places, with the named buildings and grounds that no gazetteer has among them.

    ``sources`` are the tokens that attributions have as their source's head. A site is known by
    its name alone: ``entry`` is ``None``. Its key is ``"place/<start>"``, with an ordinal where a
    toponym starts there as well. It replaces unresolved places in its words.
    """
    words = lexicon()
    covered = _covered(parse, (place for place in places if place.entry is not None))
    named: dict[Name, list[_Site]] = defaultdict(list)
    for site in _mentions(parse, words):
        if site.head not in covered:
            named[_words(parse, site.first, site.last)].append(site)
    keys = {place.key for place in places}
    kept = [sites for sites in named.values() if _is_site(parse, sites, sources, words)]
    acronyms = _acronyms(parse, kept)
    return (
        *_outside(parse, places, {site.head for sites in kept for site in sites}),
        *(_place(parse, sites, acronyms.get(sites[0].first, ()), keys) for sites in kept),
    )


def _covered(parse: Parse, places: Iterable[Place]) -> set[int]:
    return {i for place in places for m in place.mentions for i in parse.within(m.span)}


def _outside(parse: Parse, places: Sequence[Place], heads: Collection[int]) -> Iterator[Place]:
    """The places without unresolved mentions at these tokens."""
    for place in places:
        left = tuple(
            mention
            for mention in place.mentions
            if place.entry is not None
            or mention.form is not MentionForm.NAME
            or not any(i in heads for i in parse.within(mention.span))
        )
        if left:
            yield replace(place, mentions=left)


def find_unmapped(parse: Parse, places: Sequence[Place]) -> list[Place]:
    """States of the past, worlds and quarters of one ("the West") that no toponym covers, known by
    their names alone, by first mention."""
    covered = _covered(parse, places)
    words = lexicon()
    beginnings = {name[0] for name in words.former_states} | words.worlds | words.quarters
    found: dict[Name, list[Mention]] = {}
    for token in parse.tokens:
        if token.text in beginnings and token.i not in covered:
            name = _unmapped(parse, token, words)
            if name is not None:
                span = parse.span(token.i, token.i + len(name))
                mention = Mention(span, MentionForm.NAME, _CONFIDENCE)
                found.setdefault(name, []).append(mention)
    return [
        Place(
            key=f"place/{mentions[0].span.start}",
            label=" ".join(name),
            names=(" ".join(name),),
            mentions=tuple(mentions),
            confidence=_CONFIDENCE,
        )
        for name, mentions in found.items()
    ]


def _unmapped(parse: Parse, token: Token, words: Lexicon) -> Name | None:
    """The name that begins with the token, if it is one of what no map has."""
    pair = tuple(each.text for each in parse.tokens[token.i : token.i + 2])
    for name in (pair, pair[:1]):
        if name in words.former_states:
            return name
    before = parse.tokens[token.i - 1] if token.i else None
    following = parse.tokens[token.i + 1 : token.i + 2]
    if not _is_proper(token) or any(map(_is_proper, following)):
        return None  # "Earth Day", "the West Bank"
    if token.text in words.quarters:
        known = before is not None and before.lower == "the"
    else:
        known = token.text in words.worlds and not (before is not None and _is_proper(before))
    return (token.text,) if known else None


def _mentions(parse: Parse, words: Lexicon) -> Iterator[_Site]:
    last = 0
    for token in parse.tokens:
        doubtful = token.lower in words.doubtful_sites
        if token.i < last or not (doubtful or token.lower in words.sites):
            continue
        if not token.text[0].isupper() or token.text.isupper():
            continue
        site = _whole(parse, token, doubtful)
        if site is not None:
            last = site.last
            yield site


def _whole(parse: Parse, head: Token, doubtful: bool) -> _Site | None:
    """ "Zenda Salt Museum", "Museum of Salt", "Pad 7"; nothing where the name goes on."""
    first = _run(parse, head.i, -1)
    last = head.i + 1
    following = parse.tokens[last : last + 2]
    if len(following) == 2 and following[0].lower == "of" and _is_proper(following[1]):
        last = _run(parse, following[1].i, 1) + 1
    elif following and _is_proper(following[0]) and not ends_line(parse, head.i):
        return None
    return _Site(first, last, head.i, doubtful) if last - first > 1 else None


def _run(parse: Parse, index: int, step: int) -> int:
    """The last index reached over proper nouns of the same line and sentence."""
    start = index
    for following in range(index + step, index + step * _LONGEST, step):
        if not 0 <= following < len(parse.tokens):
            break
        token = parse.tokens[following]
        if token.sentence != parse.tokens[start].sentence:
            break
        if ends_line(parse, min(following, following - step)):
            break
        joins = token.text in {"&", "-"} or (token.text == "." and step < 0)
        joins = joins or (token.lower == "and" and _is_one_entity(parse, token))
        if not joins and not _is_proper(token):
            break
        index = index if joins else following
    return index


def _is_one_entity(parse: Parse, token: Token) -> bool:
    """Whether the tagger sees one name on both sides of an "and"."""
    return token.entity >= 0 and all(
        parse.tokens[i].entity == token.entity for i in (token.i - 1, token.i + 1)
    )


def _is_proper(token: Token) -> bool:
    return token.text[0].isupper() and token.tag in {"NNP", "NNPS"}


def _words(parse: Parse, first: int, last: int) -> Name:
    return tuple(filter(None, (bare(token.text) for token in parse.tokens[first:last])))


def _is_site(
    parse: Parse, sites: Sequence[_Site], sources: Collection[int], words: Lexicon
) -> bool:
    heads = [parse.tokens[site.head] for site in sites]
    if any(i in sources for site in sites for i in range(site.first, site.last)):
        return False
    acting = sum(acts(parse, head, words) for head in heads)
    if sites[0].doubtful:
        return not acting and any(_is_where(parse, head) for head in heads)
    return acting == 0 or acting * 2 < len(heads)


def _is_where(parse: Parse, token: Token) -> bool:
    above = parse.head(token)
    return token.dep == "pobj" and above.lower in _LOCATIVE


def _acronyms(parse: Parse, named: Sequence[Sequence[_Site]]) -> dict[int, list[int]]:
    """By the first token of a site's first mention, where its acronym stands: "(ZSM)" and after."""
    owners: dict[str, int] = {}
    for sites in named:
        for site in sites:
            bracket = parse.tokens[site.last : site.last + 3]
            if len(bracket) == 3 and (bracket[0].text, bracket[2].text) == ("(", ")"):
                initials = "".join(word[0] for word in _words(parse, site.first, site.last))
                if bracket[1].text.isupper() and bracket[1].lower == initials:
                    owners[bracket[1].text] = sites[0].first
    found: dict[int, list[int]] = defaultdict(list)
    for token in parse.tokens if owners else ():
        if token.text in owners:
            found[owners[token.text]].append(token.i)
    return found


def _place(parse: Parse, sites: Sequence[_Site], acronyms: Sequence[int], keys: set[str]) -> Place:
    spans = [parse.span(site.first, site.last) for site in sites]
    key = f"place/{spans[0].start}"
    key = f"{key}-2" if key in keys else key
    keys.add(key)
    spans += [parse.span(i, i + 1) for i in acronyms]
    names = tuple(dict.fromkeys(" ".join(span.of(parse.text).split()) for span in spans))
    return Place(
        key=key,
        label=names[0],
        names=names,
        mentions=tuple(Mention(span, MentionForm.NAME, _CONFIDENCE) for span in sorted(spans)),
        confidence=_CONFIDENCE,
        site=True,
    )
