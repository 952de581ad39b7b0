"""How statements stand to one another, found among those of the record.

A statement is set beside those that share a key with it (its accounts', or its words'), a bounded
number; each relation is from the later to the earlier. Who repeats points to the first that said
so, and leaves all else to it: one report in a thousand papers has 999 relations and not half a
million.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Related, arrival_of, first_item
from testimonia.crossref.pool import Keys, Pool
from testimonia.linking.likeness import THRESHOLD, likeness
from testimonia.linking.relations import BY_ORDER, Judged, Kind, judge

_ACCOUNTS: Final = 24  # accounts that lead to statements
_BESIDE: Final = 16  # statements that one is set beside
_BEFORE: Final = 2  # statements just before it, which it may answer
_MOST: Final = 3  # relations of one kind from one statement


@dataclass(slots=True)
class Relater:
    """Finds the relations of statements."""

    catalog: Catalog
    pool: Pool
    comparisons: int = 0
    _alike: dict[tuple[int, int], bool] = field(default_factory=dict)
    _near: dict[int, dict[int, int]] = field(default_factory=dict)

    def relate(self, items: Iterable[int]) -> tuple[list[Related], list[Related]]:
        """Find the relations of these statements to earlier ones anew, and record them.

        Returns those that they had and those that they have.
        """
        ordered = sorted(items)
        old = self.catalog.relations_from(ordered)
        new: list[Related] = []
        beside = self._look_up(ordered)
        for item in ordered:
            has = self._related(item, beside[item])
            new += has
            self.pool.keep_relations(item, has)
        self.pool.write_relations()
        return old, new

    def _look_up(self, items: list[int]) -> dict[int, list[int]]:
        """The statements that each is set beside, with all that is going to be asked of them."""
        self.pool.read_claims(items)
        keys: dict[int, list[Keys]] = {}
        for item in items:
            keys.setdefault(arrival_of(item), []).append(self.pool.keys(item))
        for arrival, found in keys.items():
            self.pool.near("claim", [key for words, _ in found for key in words], arrival)
            self.pool.near("telling", [key for _, own in found for key in own], arrival)
        self.pool.read_told({account for item in items for account in self._accounts(item)})
        beside = {item: self._beside(item) for item in items}
        others = {other for found in beside.values() for other in found}
        self.pool.read_claims(others)
        self.pool.read_relations(others)
        return beside

    def followers(self, arrival: int) -> set[int]:
        """The statements of later documents that may stand to one of this document."""
        found: set[int] = set()
        for item in self.pool.claims_in(arrival):
            words, accounts = self.pool.keys(item)
            found |= self.pool.after("claim", words, arrival).keys()
            told = self.pool.after("telling", accounts, arrival)
            found |= {each for each, _ in self.pool.claims_of(list(told))}
        return found

    def _related(self, item: int, beside: Iterable[int]) -> list[Related]:
        own = self.pool.side(item)
        if own is None:
            return []
        judged: dict[int, tuple[Judged, ...]] = {}
        for other in beside:
            side = self.pool.side(other)
            if side is not None:
                self.comparisons += 1
                judged[other] = judge(
                    own,
                    side,
                    reprint=partial(self._are_alike, item, other),
                    compare=self.pool.compare,
                )
        return self._chosen(item, judged)

    def _beside(self, item: int) -> list[int]:
        """The earlier statements that share most keys with one, those of its own document too."""
        words, _ = self.pool.keys(item)
        arrival = arrival_of(item)
        shared = self.pool.near("claim", words, arrival)
        told = self._accounts(item)
        for claim, telling in self.pool.claims_of(list(told)):
            shared[claim] += told[telling]
        for other in self.pool.sharing(item):
            shared[other] += 1
        best = sorted(shared, key=lambda other: (-shared[other], -other))[:_BESIDE]
        first = first_item(arrival)
        return sorted({*best, *range(max(first, item - _BEFORE), item)})

    def _accounts(self, item: int) -> dict[int, int]:
        """The earlier accounts that share most keys with those of a statement, and how many."""
        if item not in self._near:
            _, accounts = self.pool.keys(item)
            told = self.pool.near("telling", accounts, arrival_of(item))
            order = [(-count, -each) for each, count in told.items()]
            best = heapq.nsmallest(_ACCOUNTS, order)
            self._near[item] = {-each: -count for count, each in best}
        return self._near[item]

    def _chosen(self, item: int, judged: Mapping[int, tuple[Judged, ...]]) -> list[Related]:
        """The surest of each kind, each to the first that said it."""
        best: dict[tuple[str, int], Related] = {}
        for other, found in judged.items():
            for each in found:
                target = self._first(other)
                if each.kind is Kind.RESPONDS_TO or arrival_of(target) == arrival_of(item):
                    target = other
                known = best.get((each.kind, target))
                if known is None or known.confidence < each.confidence:
                    related = (item, target, str(each.kind), each.confidence, each.because)
                    best[each.kind, target] = Related(*related)
        ordered = sorted(best.values(), key=lambda each: (-each.confidence, _order(each)))
        return sorted(_bounded(ordered), key=lambda each: (each.target, each.kind))

    def _first(self, item: int) -> int:
        """The statement that one repeats, else itself."""
        repeated = [each for each in self.pool.relations(item) if each.kind == Kind.REPEATS]
        return min((each.target for each in repeated), default=item)

    def _are_alike(self, item: int, other: int) -> bool:
        """Whether the documents of two statements share their text."""
        pair = (arrival_of(item), arrival_of(other))
        if pair[0] == pair[1]:
            return False
        if pair not in self._alike:
            one, two = (self.pool.minima(arrival) for arrival in pair)
            self._alike[pair] = bool(one and two and likeness(one, two) >= THRESHOLD)
        return self._alike[pair]


def _order(each: Related) -> int:
    """What is answered stands nearest before; of all else the first is told."""
    return -each.target if each.kind == Kind.RESPONDS_TO else each.target


def _bounded(ordered: list[Related]) -> Iterator[Related]:
    """Of relations in the order of their confidence a few of each kind; what repeats another
    document's statement does nothing else: all else is that one's."""
    for each in ordered:
        if each.kind == Kind.REPEATS and arrival_of(each.target) != arrival_of(each.source):
            yield each
            return
    counted: Counter[str] = Counter()
    for each in ordered:
        if each.kind == Kind.RESPONDS_TO and counted[each.kind] and each.confidence <= BY_ORDER:
            continue  # where more tells what is answered, what stood before it tells nothing
        counted[each.kind] += 1
        if counted[each.kind] <= _MOST:
            yield each
