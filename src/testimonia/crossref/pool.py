"""What the record has of documents that are compared, each thing read once."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Compared, Related, Told, arrival_of, first_item
from testimonia.linking.claims import Claim
from testimonia.linking.events import Setting
from testimonia.linking.relations import Side
from testimonia.linking.tellings import Telling

_SHARED: Final = 4  # earlier statements of one document under one key


@dataclass(slots=True)
class Pool:
    """Accounts, statements and documents by their items, for the time of one comparison."""

    catalog: Catalog
    _compared: dict[int, Compared | None] = field(default_factory=dict)
    _settings: dict[int, Setting] = field(default_factory=dict)
    _told: dict[int, tuple[Told, Telling] | None] = field(default_factory=dict)
    _sides: dict[int, Side | None] = field(default_factory=dict)
    _keys: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _relations: dict[int, list[Related]] = field(default_factory=dict)
    _minima: dict[int, bytes | None] = field(default_factory=dict)
    _within: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    _changed: dict[int, list[Related]] = field(default_factory=dict)

    # ----------------------------------------------------------------------- documents

    def compared(self, arrival: int) -> Compared | None:
        """A document."""
        if arrival not in self._compared:
            self._compared[arrival] = self.catalog.compared_at(arrival)
        return self._compared[arrival]

    def setting(self, item: int) -> Setting:
        """The document of an item, as its accounts are compared in it."""
        arrival = arrival_of(item)
        if arrival not in self._settings:
            found = self.compared(arrival)
            self._settings[arrival] = setting_of(found) if found else Setting("", "", frozenset())
        return self._settings[arrival]

    def minima(self, arrival: int) -> bytes | None:
        """The signature of a document's text."""
        if arrival not in self._minima:
            found = self.compared(arrival)
            signed = self.catalog.signed(found.document) if found else None
            self._minima[arrival] = signed.minima if signed else None
        return self._minima[arrival]

    @staticmethod
    def first(arrival: int) -> int:
        """The first item of a document."""
        return first_item(arrival)

    # ------------------------------------------------------------------------ accounts

    def told(self, items: Sequence[int]) -> Iterator[tuple[Told, Telling]]:
        """Accounts by their items, in their order."""
        missing = [item for item in items if item not in self._told]
        found = self.catalog.told(missing)
        for item in missing:
            told = found.get(item)
            self._told[item] = (told, Telling.read(told.features)) if told else None
        for item in items:
            if (known := self._told[item]) is not None:
                yield known

    def claims_of(self, items: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The statements that give accounts: their items, and those of the accounts."""
        for told, telling in self.told(list(items)):
            if telling.claim is not None:
                yield first_item(arrival_of(told.item)) + telling.claim, told.item

    # ---------------------------------------------------------------------- statements

    def side(self, item: int) -> Side | None:
        """A statement with its accounts."""
        if item not in self._sides:
            found = self.catalog.claimed([item]).get(item)
            self._keys[item] = found.blocks if found else ()
            self._sides[item] = self._side(item, Claim.read(found.features)) if found else None
        return self._sides[item]

    def _side(self, item: int, claim: Claim) -> Side:
        told = self.told(self._accounts(item, claim))
        return Side(claim, tuple(telling for _, telling in told), self.setting(item))

    @staticmethod
    def _accounts(item: int, claim: Claim) -> list[int]:
        return [first_item(arrival_of(item)) + number for number in claim.tellings]

    def keys(self, item: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The keys of a statement's words, and those of its accounts."""
        side = self.side(item)
        if side is None:
            return (), ()
        told = self.told(self._accounts(item, side.claim))
        accounts = {block for each, _ in told for block in each.blocks}
        return self._keys[item], tuple(sorted(accounts))

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
            for item in self.claims_in(arrival):
                for key in {each for keys in self.keys(item) for each in keys}:
                    index[key].append(item)
            self._within[arrival] = dict(index)
        return self._within[arrival]

    # ----------------------------------------------------------------------- relations

    def relations(self, source: int) -> list[Related]:
        """How a statement stands to others, as it was found last."""
        if source not in self._relations:
            self._relations[source] = self.catalog.relations_from(source)
        return self._relations[source]

    def keep_relations(self, source: int, related: list[Related]) -> None:
        """Take down how a statement stands to others."""
        self._relations[source] = self._changed[source] = related

    def write_relations(self) -> None:
        """Record all that was taken down."""
        if self._changed:
            related = [each for found in self._changed.values() for each in found]
            self.catalog.put_relations(list(self._changed), related)
            self._changed.clear()


def setting_of(compared: Compared) -> Setting:
    """A document as its accounts are compared in it."""
    return Setting(compared.document, compared.day, frozenset(compared.topic))
