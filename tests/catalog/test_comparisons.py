"""What is compared is found again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from testimonia.catalog import Catalog
from testimonia.catalog.comparisons import Compared, Told
from testimonia.ingest import identify
from testimonia.model import Metadata, Text


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "archive", "http://archive.test/")


def come(catalog: Catalog, content: str, event: str = "event/a") -> Compared:
    """A document that gives one account, under two keys."""
    document = identify(Text(content, Metadata(), "text/plain"))
    catalog.keep(content.encode(), document, "a.txt")
    own = Compared(catalog.arrival(document.id), document.id, "", (), content)
    catalog.put_compared(own, [Told(own.item(0), "{}", event, "", (7, -9))], [])
    return own


def test_accounts_are_found_by_their_keys_and_items(catalog: Catalog) -> None:
    first, second = come(catalog, "one"), come(catalog, "two")
    near = _counted(catalog.near("telling", [7, -9, 8], second.arrival + 1, 16))
    assert near == {first.item(0): 2, second.item(0): 2}
    assert _counted(catalog.near("telling", [7], second.arrival, 16)) == {first.item(0): 1}
    assert _counted(catalog.after("telling", [7], first.arrival, 16)) == {second.item(0): 1}
    assert _counted(catalog.near("telling", [7], second.arrival + 1, 1)) == {second.item(0): 1}
    found = catalog.told([second.item(0), first.item(0), first.item(5)])
    assert list(found) == [first.item(0), second.item(0)]
    assert catalog.told([]) == {}


def test_retired_paths_are_known_by_their_beginning(catalog: Catalog) -> None:
    assert not catalog.has_retired()
    catalog.retire({"document/a/actor/3": None, "actor/x": "actor/y"})
    assert catalog.has_retired()
    assert catalog.has_retired("document/a/")
    assert not catalog.has_retired("document/b/")
    assert not catalog.has_retired("statement/")


def _counted(near: dict[int, list[int]]) -> Counter[int]:
    return Counter(item for items in near.values() for item in items)
