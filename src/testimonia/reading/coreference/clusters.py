"""Clusters of mentions under construction: a union-find that refuses what cannot be one actor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from testimonia.model import ActorType, MentionForm
from testimonia.reading.actors.lexicon import Gender, Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.syntax import Parse, Token


@dataclass
class _Traits:
    """What is known of a cluster so far."""

    type: ActorType | None
    plural: bool | None
    gender: Gender
    place: str | None
    named: bool
    size: int = 1


class Clusters:
    """Candidates, by number in textual order, put together step by step."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._parent = list(range(len(candidates)))
        self._traits = [_traits(candidate) for candidate in candidates]

    def find(self, number: int) -> int:
        """The number that stands for the candidate's cluster: its first candidate's."""
        root = number
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[number] != root:
            self._parent[number], number = root, self._parent[number]
        return root

    def traits(self, number: int) -> _Traits:
        """What is known of the candidate's cluster."""
        return self._traits[self.find(number)]

    def size(self, number: int) -> int:
        """How many mentions the candidate's cluster has."""
        return self.traits(number).size

    def may_merge(self, one: int, other: int) -> bool:
        """Whether type, number, gender and place of the two clusters agree."""
        a, b = self.traits(one), self.traits(other)
        if a.type and b.type and a.type is not b.type:
            return False
        if a.plural is not None and b.plural is not None and a.plural is not b.plural:
            return False
        if a.gender and b.gender and a.gender != b.gender:
            return False
        return not (a.place and b.place and a.place != b.place)

    def merge(self, one: int, other: int) -> bool:
        """Make one cluster of the two, if they may be one; whether they are now."""
        first, second = sorted((self.find(one), self.find(other)))
        if first == second:
            return True
        if not self.may_merge(first, second):
            return False
        self._unite(first, second)
        return True

    def adopt(self, speaker: int, pronoun: int) -> None:
        """Put a pronoun into a cluster whatever its number: "we" that one person says."""
        first, second = sorted((self.find(speaker), self.find(pronoun)))
        if first != second:
            traits = self.traits(speaker)
            self._unite(first, second)
            self._traits[first] = replace(traits, size=self._traits[first].size)

    def _unite(self, first: int, second: int) -> None:
        a, b = self._traits[first], self._traits[second]
        self._parent[second] = first
        self._traits[first] = _Traits(
            type=a.type or b.type,
            plural=b.plural if a.plural is None else a.plural,
            gender=a.gender or b.gender,
            place=a.place or b.place,
            named=a.named or b.named,
            size=a.size + b.size,
        )


def _traits(candidate: Candidate) -> _Traits:
    organisation = candidate.type in {ActorType.ORGANIZATION, ActorType.GEOPOLITICAL_ENTITY}
    known = candidate.type is not None and not organisation
    # "They" may be a company's people; of an organisation the number tells nothing.
    plural = candidate.plural if known or candidate.plural else None
    named = candidate.form is MentionForm.NAME
    return _Traits(candidate.type, plural, candidate.gender, candidate.place, named)


@dataclass
class Discourse:
    """A parse with its candidates in textual order, as the sieves look them up."""

    parse: Parse
    candidates: Sequence[Candidate]
    lexicon: Lexicon
    clusters: Clusters = field(init=False)

    def __post_init__(self) -> None:
        self.clusters = Clusters(self.candidates)

    @cached_property
    def by_head(self) -> dict[int, int]:
        """Token to the candidate whose head it is."""
        return {candidate.head: n for n, candidate in enumerate(self.candidates)}

    @cached_property
    def covering(self) -> dict[int, int]:
        """Token to the narrowest candidate that covers it."""
        cover: dict[int, int] = {}
        order = sorted(
            range(len(self.candidates)),
            key=lambda n: self.candidates[n].first - self.candidates[n].last,
        )
        for n in order:
            candidate = self.candidates[n]
            cover.update(dict.fromkeys(range(candidate.first, candidate.last), n))
        cover.update(self.by_head)
        return cover

    @cached_property
    def roots(self) -> list[Token]:
        """Per sentence its (first) root."""
        found: dict[int, Token] = {}
        for token in self.parse.tokens:
            if token.head == token.i:
                found.setdefault(token.sentence, token)
        return [
            found.get(number, self.parse.tokens[first])
            for number, (first, _) in enumerate(self.parse.sentences)
        ]

    @cached_property
    def _by_position(self) -> list[tuple[int, int]]:
        """Heads and numbers of the candidates in the order of their heads."""
        return sorted((candidate.head, number) for number, candidate in enumerate(self.candidates))

    def before(self, token: int, *, sentences: int, limit: int = 60) -> Iterator[int]:
        """Candidates whose head stands before the token, nearest first.

        None from further back than so many sentences before the token's own, ``limit`` at most:
        what bounds the cost of a text.
        """
        here = self.parse.tokens[token].sentence
        at = bisect_left(self._by_position, (token, -1))
        for _, number in reversed(self._by_position[max(0, at - limit) : at]):
            if here - self.sentence(number) > sentences:
                return
            yield number

    def sentence(self, number: int) -> int:
        """Number of the sentence in which the candidate stands."""
        return self.parse.tokens[self.candidates[number].head].sentence

    def of_form(self, *forms: MentionForm) -> Iterator[tuple[int, Candidate]]:
        """The candidates of these forms with their numbers, in textual order."""
        return ((n, c) for n, c in enumerate(self.candidates) if c.form in forms)
