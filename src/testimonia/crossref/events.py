"""Events across documents: the same happening, told by several, has one canonical id.

A new document's accounts are compared with those that share a key with them, a bounded number of
each key. The id of an event is minted from the first local event of it and recorded; a document
that gives the same as before keeps its ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Compared, Told
from testimonia.crossref.pool import Pool, setting_of
from testimonia.identity import entity_id
from testimonia.linking.blocks import blocks
from testimonia.linking.events import (
    Evidence,
    Likely,
    Setting,
    best_event,
    compare,
    shares_participant,
)
from testimonia.linking.tellings import Telling, is_event

_NEAREST: Final = 16  # items of one key that are looked at, before and after
_COMPARED: Final = 24  # accounts that one is compared with


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document's accounts are of: per local event its canonical path, and why where it is
    another's too; the rows to record; how many pairs of accounts were compared."""

    canonical: Mapping[str, str]
    because: Mapping[str, Likely]
    told: tuple[Told, ...]
    comparisons: int


@dataclass(slots=True)
class Recogniser:
    """Recognises the events of one document among those of the record."""

    catalog: Catalog
    own: Compared
    pool: Pool
    _comparisons: int = 0

    def recognise(self, tellings: Sequence[Telling]) -> Recognised:
        """The canonical events of a document's tellings, in textual order."""
        here = setting_of(self.own)
        keys = [blocks(each, here) for each in tellings]
        latest = self.catalog.is_latest(self.own.arrival)
        canonical: dict[str, str] = {}
        because: dict[str, Likely] = {}
        done: list[tuple[Telling, frozenset[int]]] = []
        for event, members in _by_event(tellings).items():
            able = [n for n in members if is_event(tellings[n])]
            compared: list[tuple[str, Telling, Telling, Evidence]] = []
            for number in able:
                for other, path, there in self._others(keys[number], latest):
                    pair = compare(tellings[number], here, other, there)
                    compared.append((path, tellings[number], other, pair))
                for other, theirs in done:
                    if not theirs.isdisjoint(keys[number]):
                        pair = compare(tellings[number], here, other, here)
                        # The reading has told apart what stands in one text by better signs.
                        if shares_participant(pair):
                            path = canonical[other.event]
                            compared.append((path, tellings[number], other, pair))
            self._comparisons += len(compared)
            found = best_event(compared)
            canonical[event] = found.event if found else self._minted(event)
            if found is not None and found.event != self._own_path(event):
                because[event] = found  # the event that is called after this one needs no reason
            done += [(tellings[n], frozenset(keys[n])) for n in able]
        told = tuple(
            Told(
                self.own.item(n),
                each.written(),
                canonical[each.event],
                _written(because.get(each.event)),
                keys[n],
            )
            for n, each in enumerate(tellings)
        )
        return Recognised(canonical, because, told, self._comparisons)

    def _others(self, keys: Sequence[int], latest: bool) -> Iterator[tuple[Telling, str, Setting]]:
        """The accounts of other documents that share most keys, with their events."""
        arrival = self.own.arrival
        shared = self.catalog.near("telling", keys, arrival, _NEAREST)
        if not latest:
            shared += self.catalog.after("telling", keys, arrival, _NEAREST)
        chosen = sorted(shared, key=lambda item: (-shared[item], abs(item - self.own.item(0))))
        for told, telling in self.pool.told(chosen[:_COMPARED]):
            if is_event(telling):
                yield telling, told.event, self.pool.setting(told.item)

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
