"""Events across documents: the same happening, told by several, has one canonical id.

A new document's accounts are compared with those that share a key with them and tell of it in words
of one meaning, a bounded number of each key. The id of an event is minted from the first local
event of it and recorded; a document that gives the same as before keeps its ids.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Compared, Told
from testimonia.crossref.pool import Pool, setting_of
from testimonia.identity import entity_id
from testimonia.linking.events import (
    Evidence,
    Likely,
    Setting,
    best_event,
    may_be_one_here,
    may_share,
)
from testimonia.linking.tellings import Telling, is_event

_COMPARED: Final = 24  # accounts that one is compared with

_Pair = tuple[str, Telling, Telling, Evidence]
"""The path of an event, an account that may be of it, one that is, and what speaks for it."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document's accounts are of: per local event its canonical path, and why where it is
    another's too; the rows to record; how many pairs of accounts were compared."""

    canonical: Mapping[str, str]
    because: Mapping[str, Likely]
    told: tuple[Told, ...]
    comparisons: int


@dataclass(slots=True)
class _Before:
    """The accounts of a document that have been looked at, by their keys: of a long text those
    that share most keys, the nearest first, so that its length costs no more than its parts do."""

    _by_key: dict[int, list[int]] = field(default_factory=dict)

    def add(self, number: int, keys: Iterable[int]) -> None:
        """One more."""
        for key in set(keys):
            self._by_key.setdefault(key, []).append(number)

    def near(self, keys: Iterable[int]) -> list[int]:
        """Which to compare with one that has these keys, in textual order."""
        shared: Counter[int] = Counter()
        for key in set(keys):
            shared.update(self._by_key.get(key, ())[-_COMPARED:])
        order = sorted(shared, key=lambda number: (-shared[number], -number))
        return sorted(order[:_COMPARED])


@dataclass(slots=True)
class Recogniser:
    """Recognises the events of one document among those of the record."""

    catalog: Catalog
    own: Compared
    pool: Pool
    _comparisons: int = 0
    _here: Setting = field(init=False)
    _latest: bool = field(init=False)

    def __post_init__(self) -> None:
        self._here = setting_of(self.own)
        self._latest = self.catalog.is_latest(self.own.arrival)

    def recognise(
        self, tellings: Sequence[Telling], features: Sequence[str], keys: Sequence[Sequence[int]]
    ) -> Recognised:
        """The canonical events of a document's tellings, in textual order; ``features`` and
        ``keys`` are those that the record is to have of each."""
        others = self._look_up(tellings, keys)
        canonical: dict[str, str] = {}
        because: dict[str, Likely] = {}
        done = _Before()
        for event, members in _by_event(tellings).items():
            able = [n for n in members if is_event(tellings[n])]
            compared: list[_Pair] = []
            for number in able:
                compared += self._across(tellings[number], others[number])
                before = [tellings[n] for n in done.near(keys[number])]
                compared += self._within(tellings[number], before, canonical)
            self._comparisons += len(compared)
            found = best_event(compared)
            canonical[event] = found.event if found else self._minted(event)
            if found is not None and found.event != self._own_path(event):
                because[event] = found  # the event that is called after this one needs no reason
            for number in able:
                done.add(number, keys[number])
        told = tuple(
            Told(
                self.own.item(n),
                features[n],
                canonical[each.event],
                _written(because.get(each.event)),
                tuple(keys[n]),
            )
            for n, each in enumerate(tellings)
        )
        return Recognised(canonical, because, told, self._comparisons)

    def _look_up(
        self, tellings: Sequence[Telling], keys: Sequence[Sequence[int]]
    ) -> dict[int, list[int]]:
        """The accounts of other documents that each is compared with: those that share most keys;
        all are read at once."""
        able = [n for n, each in enumerate(tellings) if is_event(each)]
        self._near([key for n in able for key in keys[n]])
        chosen = {n: self._chosen(keys[n]) for n in able}
        self.pool.read_told({item for found in chosen.values() for item in found})
        return chosen

    def _across(self, telling: Telling, others: Collection[int]) -> Iterator[_Pair]:
        """What speaks for an account being of one event with those of other documents."""
        here = self._here
        for told, other in self.pool.told(others):
            if is_event(other) and may_share(telling, other):
                evidence = self.pool.compare(telling, here, other, self.pool.setting(told.item))
                yield told.event, telling, other, evidence

    def _within(
        self, telling: Telling, before: Iterable[Telling], canonical: Mapping[str, str]
    ) -> Iterator[_Pair]:
        """The accounts before one in its document, where nothing tells the two apart."""
        for other in before:
            if may_share(telling, other):
                evidence = self.pool.compare(telling, self._here, other, self._here)
                if may_be_one_here(evidence, telling, other):
                    yield canonical[other.event], telling, other, evidence

    def _chosen(self, keys: Collection[int]) -> list[int]:
        shared = self._near(keys)
        first = self.own.item(0)
        order = [(-count, abs(item - first), item) for item, count in shared.items()]
        return [item for _, _, item in heapq.nsmallest(_COMPARED, order)]

    def _near(self, keys: Collection[int]) -> Counter[int]:
        arrival = self.own.arrival
        shared = self.pool.near("telling", keys, arrival)
        return shared if self._latest else shared + self.pool.after("telling", keys, arrival)

    def _own_path(self, event: str) -> str:
        return f"event/{entity_id('event', self.own.document, event)}"

    def _minted(self, event: str) -> str:
        """An id of its own; another where accounts of other documents still have that one."""
        ordinal = 1
        while True:
            path = self._own_path(event if ordinal == 1 else f"{event}-{ordinal}")
            if not self.catalog.is_told_elsewhere(path, self.own.arrival):
                return path
            ordinal += 1


def _by_event(tellings: Sequence[Telling]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, telling in enumerate(tellings):
        found.setdefault(telling.event, []).append(number)
    return found


def _written(likely: Likely | None) -> str:
    return "" if likely is None else f"{likely.probability:.2f}: {'; '.join(likely.because)}"
