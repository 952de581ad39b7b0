"""What the record has of documents that are compared, each thing read once and many at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import (
    Claimed,
    Compared,
    Related,
    Sort,
    Told,
    arrival_of,
    first_item,
)
from testimonia.linking.claims import Claim
from testimonia.linking.events import Evidence, Setting, compare
from testimonia.linking.relations import Side
from testimonia.linking.tellings import Telling

_SHARED: Final = 4  # earlier statements of one document under one key
_NEAREST: Final = 16  # items of one key that are looked at, before and after
_NOWHERE: Final = Setting("", "", frozenset())

Keys = tuple[tuple[int, ...], tuple[int, ...]]
"""The keys of a statement's words, and those of its accounts."""


@dataclass(slots=True)
class Pool:
    """Accounts, statements and documents by their items, for the time of one comparison."""

    catalog: Catalog
    _settings: dict[int, Setting] = field(default_factory=dict)
    _told: dict[int, Told | None] = field(default_factory=dict)
    _claimed: dict[int, Claimed | None] = field(default_factory=dict)
    _sides: dict[int, Side] = field(default_factory=dict)
    _near: dict[tuple[Sort, int], dict[int, list[int]]] = field(default_factory=dict)
    _after: dict[tuple[Sort, int], dict[int, list[int]]] = field(default_factory=dict)
    _relations: dict[int, list[Related]] = field(default_factory=dict)
    _minima: dict[int, bytes | None] = field(default_factory=dict)
    _within: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    _changed: dict[int, list[Related]] = field(default_factory=dict)
    _evidence: dict[tuple[str, str, str, str], Evidence] = field(default_factory=dict)

    # ----------------------------------------------------------------------- documents

    def setting(self, item: int) -> Setting:
        """The document of an item, as its accounts are compared in it."""
        arrival = arrival_of(item)
        if arrival not in self._settings:
            self._read_settings([item])
        return self._settings[arrival]

    def _read_settings(self, items: Iterable[int]) -> None:
        missing = {arrival_of(item) for item in items} - self._settings.keys()
        if missing:
            found = self.catalog.compared_at(missing)
            for each in missing:
                self._settings[each] = setting_of(found[each]) if each in found else _NOWHERE

    def minima(self, arrival: int) -> bytes | None:
        """The signature of a document's text."""
        if arrival not in self._minima:
            document = self.setting(first_item(arrival)).document
            signed = self.catalog.signed(document) if document else None
            self._minima[arrival] = signed.minima if signed else None
        return self._minima[arrival]

    def put(self, own: Compared, told: Iterable[Told], claimed: Iterable[Claimed]) -> None:
        """Take in what a document gives."""
        self._settings[own.arrival] = setting_of(own)
        self._told.update((each.item, each) for each in told)
        self._claimed.update((each.item, each) for each in claimed)

    # ---------------------------------------------------------------------------- keys

    def near(self, sort: Sort, blocks: Collection[int], arrival: int) -> Counter[int]:
        """How many of these keys items of earlier documents have, of each key the nearest few."""
        known = self._near.setdefault((sort, arrival), {})
        return _counted(known, blocks, lambda new: self.catalog.near(sort, new, arrival, _NEAREST))

    def after(self, sort: Sort, blocks: Collection[int], arrival: int) -> Counter[int]:
        """The same of later documents."""
        known = self._after.setdefault((sort, arrival), {})
        return _counted(known, blocks, lambda new: self.catalog.after(sort, new, arrival, _NEAREST))

    # ------------------------------------------------------------------------ accounts

    def told(self, items: Collection[int]) -> Iterator[tuple[Told, Telling]]:
        """Accounts by their items, in their order."""
        self.read_told(items)
        for item in items:
            if (told := self._told[item]) is not None:
                yield told, telling_of(told.features)

    def read_told(self, items: Iterable[int]) -> None:
        """Have accounts and their documents at hand, so that they are asked for at once."""
        known = self._told
        missing = [item for item in items if item not in known]
        if missing:
            found = self.catalog.told(missing)
            self._told.update((item, found.get(item)) for item in missing)
            self._read_settings(missing)

    def compare(self, one: Telling, here: Setting, other: Telling, there: Setting) -> Evidence:
        """What speaks for and against two accounts being of one event, each pair compared once."""
        pair = (here.document, one.account, there.document, other.account)
        if pair not in self._evidence:
            self._evidence[pair] = compare(one, here, other, there)
        return self._evidence[pair]

    def claims_of(self, items: Collection[int]) -> Iterator[tuple[int, int]]:
        """The statements that give accounts: their items, and those of the accounts."""
        for told, telling in self.told(items):
            if telling.claim is not None:
                yield first_item(arrival_of(told.item)) + telling.claim, told.item

    # ---------------------------------------------------------------------- statements

    def side(self, item: int) -> Side | None:
        """A statement with its accounts."""
        if item not in self._sides:
            self.read_claims([item])
            claimed = self._claimed[item]
            if claimed is None:
                return None
            claim = claim_of(claimed.features)
            told = self.told(_accounts(item, claim))
            self._sides[item] = Side(claim, tuple(each for _, each in told), self.setting(item))
        return self._sides[item]

    def read_claims(self, items: Iterable[int]) -> None:
        """Have statements at hand with their accounts, so that they are asked for at once."""
        missing = [item for item in items if item not in self._claimed]
        if missing:
            found = self.catalog.claimed(missing)
            self._claimed.update((item, found.get(item)) for item in missing)
            self._read_settings(missing)
            self.read_told(
                account
                for item, each in found.items()
                for account in _accounts(item, claim_of(each.features))
            )

    def keys(self, item: int) -> Keys:
        """The keys of a statement's words, and those of its accounts."""
        side, claimed = self.side(item), self._claimed[item]
        if side is None or claimed is None:
            return (), ()
        told = self.told(_accounts(item, side.claim))
        accounts = {block for each, _ in told for block in each.blocks}
        return claimed.blocks, tuple(sorted(accounts))

    def claims_in(self, arrival: int) -> list[int]:
        """The statements of a document."""
        return [each.item for each in self.catalog.claimed_in(arrival)]

    def sharing(self, item: int) -> Iterator[int]:
        """The nearest statements before one in its document that share a key with it, as often as
        they do."""
        index = self._index(arrival_of(item))
        for key in (each for keys in self.keys(item) for each in keys):
            there = index.get(key, [])
            before = bisect_left(there, item)
            yield from there[max(0, before - _SHARED) : before]

    def _index(self, arrival: int) -> dict[int, list[int]]:
        if arrival not in self._within:
            index: defaultdict[int, list[int]] = defaultdict(list)
            claims = self.claims_in(arrival)
            self.read_claims(claims)
            for item in claims:
                for key in {each for keys in self.keys(item) for each in keys}:
                    index[key].append(item)
            self._within[arrival] = dict(index)
        return self._within[arrival]

    # ----------------------------------------------------------------------- relations

    def relations(self, source: int) -> list[Related]:
        """How a statement stands to others, as it was found last."""
        self.read_relations([source])
        return self._relations[source]

    def read_relations(self, sources: Iterable[int]) -> None:
        """Have relations at hand, so that they are asked for at once."""
        missing = [source for source in sources if source not in self._relations]
        if missing:
            self._relations.update((source, []) for source in missing)
            for each in self.catalog.relations_from(missing):
                self._relations[each.source].append(each)

    def keep_relations(self, source: int, related: list[Related]) -> None:
        """Take down how a statement stands to others."""
        self._relations[source] = self._changed[source] = related

    def write_relations(self) -> None:
        """Record all that was taken down."""
        if self._changed:
            related = [each for found in self._changed.values() for each in found]
            self.catalog.put_relations(list(self._changed), related)
            self._changed.clear()


# What is frequent in an archive is met again with every document: decoding it costs more than
# comparing it.
@lru_cache(maxsize=16_384)
def telling_of(features: str) -> Telling:
    """An account from the record's features of it."""
    return Telling.read(features)


@lru_cache(maxsize=8_192)
def claim_of(features: str) -> Claim:
    """A statement from the record's features of it."""
    return Claim.read(features)


def setting_of(compared: Compared) -> Setting:
    """A document as its accounts are compared in it."""
    return Setting(compared.document, compared.day, _set_of(compared.topic))


_set_of = lru_cache(maxsize=4_096)(frozenset[str])


def _accounts(item: int, claim: Claim) -> Sequence[int]:
    return [first_item(arrival_of(item)) + number for number in claim.tellings]


def _counted(
    known: dict[int, list[int]],
    blocks: Collection[int],
    find: Callable[[list[int]], dict[int, list[int]]],
) -> Counter[int]:
    """How often items are found under some keys; what is ``known`` is not looked up again."""
    missing = [each for each in blocks if each not in known]
    if missing:
        found = find(missing)
        known.update((each, found.get(each, [])) for each in missing)
    return Counter(chain.from_iterable(known[each] for each in blocks))
