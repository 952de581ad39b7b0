"""What one document gives to be compared, before anything is known of others: pure, so that it can
be made wherever the document is read, and quick to send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from testimonia.linking.blocks import blocks, word_blocks
from testimonia.linking.claims import described
from testimonia.linking.events import Setting
from testimonia.mapping import told
from testimonia.model import Document, Reading

_LOCAL: Final = "#"  # before the key of a local entity, whose canonical id is yet to be found
_ENTITY: Final = re.compile(f'"entity":"{_LOCAL}([^"]*)"')


@dataclass(frozen=True, slots=True)
class Item:
    """An account or a statement: ``id`` is the statement's, empty for an account; its features as
    JSON, and the keys under which it is found again."""

    id: str
    features: str
    blocks: tuple[int, ...]

    def resolved(self, canonical: Mapping[str, str]) -> Item:
        """With the canonical ids of its local entities, as far as they are known."""

        def entity(match: re.Match[str]) -> str:
            return f'"entity":"{canonical.get(match[1], "")}"'

        return Item(self.id, _ENTITY.sub(entity, self.features), self.blocks)


@dataclass(frozen=True, slots=True)
class Given:
    """All that a document gives to be compared, in textual order; ``events`` are the local keys of
    those that are in its graph: others are compared too, as they may lead from one document to
    another, and are not told."""

    document: str
    day: str
    topic: tuple[str, ...]
    tellings: tuple[Item, ...]
    claims: tuple[Item, ...]
    events: frozenset[str]


class _Local(dict[str, str]):
    """Stands for the canonical ids of local entities until they are known."""

    def get(self, key: str, default: object = None) -> str:
        return _LOCAL + key


def prepared(document: Document, reading: Reading) -> Given:
    """What a document gives to be compared. ``reading`` is all that was read, with the accounts
    that no statement gives: a heading, or an event spoken of in passing, is of it too."""
    found = described(document, reading, _Local())
    here = Setting(document.id, found.day, frozenset(found.topic))
    return Given(
        document.id,
        found.day,
        found.topic,
        tuple(Item("", each.written(), blocks(each, here)) for each in found.tellings),
        tuple(Item(c.id, c.written(), word_blocks(list(c.text))) for c in found.claims),
        frozenset(_in_graph(reading)),
    )


def _in_graph(reading: Reading) -> Iterator[str]:
    kept = told(reading)
    yield from (each.key for each in kept.events)
    yield from (each.event for each in kept.accounts)
