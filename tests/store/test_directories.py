from __future__ import annotations

from pathlib import Path

import pytest

from testimonia.errors import ArchiveError
from testimonia.iris import Iris
from testimonia.store.embedded import EmbeddedWriter, discard
from testimonia.store.published import open_view
from testimonia.terms import iri, literal
from testimonia.vocabulary import RDFS

MINE = "https://elsewhere.example/mine"
ONE = frozenset({(iri("https://elsewhere.example/s"), RDFS.label, literal("one"))})


def test_what_is_no_store_cannot_be_read(tmp_path: Path, iris: Iris) -> None:
    with pytest.raises(ArchiveError, match="has no store"), open_view(tmp_path, iris):
        pass


def test_a_file_in_the_place_of_the_store(tmp_path: Path, iris: Iris) -> None:
    (tmp_path / "store").write_text("something else")
    with pytest.raises(ArchiveError, match="no store can be made"):
        EmbeddedWriter(tmp_path / "store", iris)


def test_a_database_that_is_none(tmp_path: Path, iris: Iris) -> None:
    live = tmp_path / "store" / "live"
    live.mkdir(parents=True)
    (live / "CURRENT").write_text("something else")
    with pytest.raises(ArchiveError, match="cannot be opened"):
        EmbeddedWriter(tmp_path / "store", iris)


def test_discarding_makes_room_for_a_new_store(tmp_path: Path, iris: Iris) -> None:
    with EmbeddedWriter(tmp_path / "store", iris) as writer:
        writer.replace({MINE: ONE})
    discard(tmp_path / "store")
    with EmbeddedWriter(tmp_path / "store", iris) as writer:
        assert writer.count() == 0
