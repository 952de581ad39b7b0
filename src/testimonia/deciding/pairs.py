"""Which local entities people say are one, and which are not: constraints for linking.

Where decisions contradict each other (A is B, B is C, A is not C) the later ones rule: they are
taken from the newest to the oldest, and one that cannot hold beside newer ones is superseded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from testimonia.decisions import Decision, Kind, Standing

Local = tuple[str, str]
"""A local entity: the document's id and the key in it."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What an entity cannot cease to be: ``kind`` is ``actor``, ``place`` or ``event``,
    ``authority`` the path of what a gazetteer knows it as, or ``None``."""

    kind: str
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """``same`` and ``apart`` are pairs of local entities, each in order; ``standings`` tells
    of each decision how it stands, in words."""

    same: frozenset[tuple[Local, Local]] = frozenset()
    apart: frozenset[tuple[Local, Local]] = frozenset()
    standings: Mapping[str, tuple[Standing, str]] = field(default_factory=dict)

    def clusters(self) -> tuple[tuple[Local, ...], ...]:
        """The entities that are one, in order; those alone are left out."""
        roots = _Roots()
        for one, other in self.same:
            roots.join(one, other)
        found: defaultdict[Local, list[Local]] = defaultdict(list)
        for local in {each for pair in self.same for each in pair}:
            found[roots.of(local)].append(local)
        return tuple(sorted(tuple(sorted(each)) for each in found.values()))


def pairs(
    decisions: Iterable[Decision],
    sides: Mapping[str, tuple[Sequence[Local], Sequence[Local]]],
    natures: Mapping[Local, Nature],
) -> Pairs:
    """What merges and splits say; ``sides`` gives for a decision's id the local entities at the
    words of either side. What was withdrawn says nothing."""
    ruling = [each for each in decisions if each.withdrawn is None]
    taken = _Taken(natures)
    for decision in sorted(ruling, key=lambda each: each.number, reverse=True):
        ones, others = sides.get(decision.id, ((), ()))
        taken.take(decision, sorted(set(ones)), sorted(set(others)))
    return Pairs(frozenset(taken.same), frozenset(taken.apart), taken.standings)


class _Taken:
    def __init__(self, natures: Mapping[Local, Nature]) -> None:
        self.same: set[tuple[Local, Local]] = set()
        self.apart: set[tuple[Local, Local]] = set()
        self.standings: dict[str, tuple[Standing, str]] = {}
        self._natures = natures
        self._roots = _Roots()
        self._by: dict[tuple[Local, Local], str] = {}

    def take(self, decision: Decision, ones: Sequence[Local], others: Sequence[Local]) -> None:
        if not ones or not others:
            reason = "the words of one side denote nobody that is read now"
            self.standings[decision.id] = (Standing.NONE, reason)
            return
        if decision.kind is Kind.MERGE:
            self._merge(decision, ones, others)
        else:
            self._split(decision, ones, others)

    def _merge(self, decision: Decision, ones: Sequence[Local], others: Sequence[Local]) -> None:
        edges = [(ones[0], each) for each in (*ones[1:], *others)]
        before = self._roots.copy()
        for one, other in edges:
            # Each on what those before it made one: together they may join what is kept apart.
            if reason := self._against(one, other):
                self.standings[decision.id] = reason
                self._roots = before
                return
            self._roots.join(one, other)
        self.same |= {(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]}
        self.standings[decision.id] = (Standing.APPLIED, "they are one")

    def _split(self, decision: Decision, ones: Sequence[Local], others: Sequence[Local]) -> None:
        if set(ones) & set(others):
            reason = "both are read as one and the same in one document"
            self.standings[decision.id] = (Standing.NONE, reason)
            return
        crossing = [(one, other) for one in ones for other in others]
        if any(self._roots.of(one) == self._roots.of(other) for one, other in crossing):
            reason = "later decisions rule: they are one"
            self.standings[decision.id] = (Standing.SUPERSEDED, reason)
            return
        for one, other in crossing:
            pair = (min(one, other), max(one, other))
            self.apart.add(pair)
            self._by[pair] = decision.id
        self.standings[decision.id] = (Standing.APPLIED, "they are two")

    def _against(self, one: Local, other: Local) -> tuple[Standing, str] | None:
        """Why two cannot be made one."""
        if by := self._kept_apart(self._roots.of(one), self._roots.of(other)):
            return Standing.SUPERSEDED, f"the later decision {by} rules: they are not one"
        unlike = self._unlike(one, other)
        return (Standing.NONE, unlike) if unlike else None

    def _kept_apart(self, a: Local, b: Local) -> str | None:
        """The newer decision that two clusters are not one."""
        for (one, other), by in self._by.items():
            if {self._roots.of(one), self._roots.of(other)} == {a, b} and a != b:
                return by
        return None

    def _unlike(self, one: Local, other: Local) -> str | None:
        """Why two cannot be one, whoever says so."""
        natures = [self._nature(each) for each in (one, other)]
        kinds = {each.kind for each in natures}
        if len(kinds) > 1:
            return f"the one is read as {' and the other as '.join(sorted(kinds))}: correct a type"
        known = {each.authority for each in natures if each.authority}
        if len(known) > 1:
            return f"they are two places of the gazetteer ({', '.join(sorted(known))}): correct one"
        return None

    def _nature(self, local: Local) -> Nature:
        """Of all that it is one with by now."""
        root = self._roots.of(local)
        members = [each for each in self._natures if self._roots.of(each) == root]
        known = sorted(a for each in members if (a := self._natures[each].authority))
        kind = self._natures.get(local, Nature("actor")).kind
        return Nature(kind, known[0] if known else None)


class _Roots:
    """Disjoint sets."""

    def __init__(self) -> None:
        self._parents: dict[Local, Local] = {}

    def copy(self) -> _Roots:
        """The same, to be changed by itself."""
        found = _Roots()
        found._parents = dict(self._parents)
        return found

    def of(self, local: Local) -> Local:
        while (parent := self._parents.get(local, local)) != local:
            local = parent
        return local

    def join(self, one: Local, other: Local) -> None:
        a, b = self.of(one), self.of(other)
        if a != b:
            self._parents[max(a, b)] = min(a, b)
