"""Towns and countries that are teams: in the report of a match "Ruritania" is eleven players."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from testimonia.model import MentionForm, Place, Span
from testimonia.reading.syntax import Parse, Token

_FEWEST_SIGNS = 4  # of words of matches and scores, before a text counts as the report of one
_FEWEST_ROLES = 2  # mentions that only a team's name can be
_DASHES = frozenset({"-", "–", "—"})
_WHERE = frozenset({"in", "at", "from", "near", "into", "outside", "across", "around", "of"})
_SIDES = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative", "conj"})


@dataclass(frozen=True, slots=True)
class _Words:
    roles: frozenset[str]
    events: frozenset[str]
    others: frozenset[str]
    contests: frozenset[str]


def find_teams(parse: Parse, places: Sequence[Place]) -> frozenset[Span]:
    """The mentions of places that mean the place's team.

    None but in the report of a match; there those of every place that once stands as only a team
    does ("Ruritania 2 – 1 Freedonia", "Zenda's goalkeeper"), save where
    it tells where something is.
    """
    words = _words()
    scores = _scores(parse)
    signs = sum(token.lemma.lower() in words.roles | words.events for token in parse.tokens)
    if signs + len(scores) < _FEWEST_SIGNS:
        return frozenset()
    teams: set[Span] = set()
    certain = 0
    for place in places:
        mentions = [
            (mention.span, parse.within(mention.span))
            for mention in place.mentions
            if mention.form is MentionForm.NAME and not place.site
        ]
        sure = sum(_is_role(parse, inside, scores, words) for _, inside in mentions if inside)
        if sure or any(_contends(parse, inside, words) for _, inside in mentions if inside):
            certain += sure
            teams |= {
                span
                for span, inside in mentions
                if inside
                and (_is_role(parse, inside, scores, words) or not _is_where(parse, inside))
            }
    return frozenset(teams) if certain >= _FEWEST_ROLES else frozenset()


def _scores(parse: Parse) -> dict[int, int]:
    """First token of each score ("2 – 1", "2-1") to the one after it."""
    found = {}
    for token in parse.tokens:
        one, *rest = (t.text for t in parse.tokens[token.i : token.i + 3])
        if len(rest) == 2 and _is_count(one) and rest[0] in _DASHES and _is_count(rest[1]):
            found[token.i] = token.i + 3
        elif any(all(map(_is_count, one.split(dash))) for dash in _DASHES if dash in one):
            found[token.i] = token.i + 1
    return found


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= 3


def _is_role(parse: Parse, inside: range, scores: dict[int, int], words: _Words) -> bool:
    """A score beside the name, or a player of its: "Zenda 2 – 1", "the Zenda coach"."""
    if inside.stop in scores or inside.start in scores.values():
        return True
    token = _head(parse, inside)
    return token.dep in {"poss", "compound", "nmod"} and (
        parse.head(token).lemma.lower() in words.roles | words.others
    )


def _contends(parse: Parse, inside: range, words: _Words) -> bool:
    """Who plays or is played against: "Zenda defeated Strelsau", "lost to Zenda"."""
    token = _head(parse, inside)
    if token.dep not in _SIDES or _is_where(parse, inside):
        return False
    above = (above for above, _ in zip(parse.ancestors(token), range(3), strict=False))
    return any(each.pos == "VERB" and each.lemma.lower() in words.contests for each in above)


def _is_where(parse: Parse, inside: range) -> bool:
    token = _head(parse, inside)
    return token.dep in {"appos", "npadvmod"} or (
        token.dep == "pobj" and parse.head(token).lower in _WHERE
    )


def _head(parse: Parse, inside: range) -> Token:
    return next(_heads(parse, inside), parse.tokens[inside.stop - 1])


def _heads(parse: Parse, inside: range) -> Iterator[Token]:
    for i in inside:
        token = parse.tokens[i]
        if token.head not in inside or token.head == i:
            yield token


@cache
def _words() -> _Words:
    data = tomllib.loads((files("testimonia.reading") / "data" / "sports.toml").read_text("utf-8"))
    return _Words(**{name: frozenset(words.split()) for name, words in data.items()})
