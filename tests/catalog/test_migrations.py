from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from testimonia.catalog import FILE, Catalog, State, migrations
from testimonia.errors import ArchiveError
from testimonia.ingest import identify
from testimonia.library import open_archive
from testimonia.model import Metadata, Text

LETTERS = ("Ada said it rained.", "Bo said it snowed.")

# As the first version made it, word for word: what a step changes must not change this.
VERSION_1 = """
CREATE TABLE archive (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE text (hash TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
CREATE TABLE document (
    id TEXT PRIMARY KEY,
    text_hash TEXT NOT NULL REFERENCES text (hash),
    original TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    metadata TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recorded', 'stored', 'rejected', 'removed')),
    fingerprint TEXT NOT NULL DEFAULT '',
    run TEXT,
    report TEXT
) STRICT;
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    extractor TEXT NOT NULL,
    settings TEXT NOT NULL
) STRICT;
CREATE TABLE outcome (
    run TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    document TEXT,
    result TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE TABLE entity (id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL) STRICT;
CREATE TABLE identity (
    document TEXT NOT NULL REFERENCES document (id),
    key TEXT NOT NULL,
    entity TEXT NOT NULL REFERENCES entity (id),
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_entity ON identity (entity);
PRAGMA application_id = 0x54535431;
PRAGMA user_version = 1;
INSERT INTO archive VALUES ('base_iri', 'http://archive.example/');
INSERT INTO run VALUES ('r', '2025-01-01T00:00:00Z', '2025-01-01T00:01:00Z', 'fake 0', 's');
"""


def made_by_version_1(folder: Path) -> list[str]:
    """An archive as the first version left it; the ids of its documents."""
    folder.mkdir()
    (folder / "originals").mkdir()
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(VERSION_1)
    ids = []
    for content in LETTERS:
        found = identify(Text(content, Metadata(title="A letter"), "text/plain", "utf-8"))
        ids.append(found.id)
        stated = json.dumps({"title": "A letter", "creator": [], "origins": {"title": "user"}})
        original = hashlib.sha256(content.encode()).hexdigest()
        connection.execute("INSERT INTO text VALUES (?, ?)", (found.text_hash, content))
        connection.execute(
            "INSERT INTO document VALUES (?, ?, ?, 'a.txt', 'text/plain', 'utf-8', ?,"
            " '2025-01-01T00:00:00+00:00', 'stored', 'f', 'r', NULL)",
            (found.id, found.text_hash, original, stated),
        )
        entity = f"actor/{found.id}"
        connection.execute("INSERT INTO entity VALUES (?, 'actor', 'Ada')", (entity,))
        connection.execute("INSERT INTO identity VALUES (?, 'actor/0', ?)", (found.id, entity))
    connection.close()
    return ids


def test_an_archive_of_the_first_version_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    ids = made_by_version_1(tmp_path / "a")
    catalog = Catalog.open(tmp_path / "a")
    assert catalog.base_iri == "http://archive.example/"
    assert [record.id for record in catalog.documents(State.STORED)] == ids
    first = catalog.document(ids[0])
    assert first is not None
    assert catalog.text(first).text.content == LETTERS[0]
    assert (first.metadata.title, first.fingerprint, first.run) == ("A letter", "f", "r")
    assert catalog.identities(ids[0]) == {"actor/0": f"actor/{ids[0]}"}
    catalog.mark_failed(ids[0], "could not be read")
    assert [record.id for record in catalog.documents(State.FAILED)] == ids[:1]
    catalog.close()
    assert Catalog.open(tmp_path / "a").base_iri == "http://archive.example/"


def test_the_record_as_it_was_is_kept_beside_it(tmp_path: Path) -> None:
    ids = made_by_version_1(tmp_path / "a")
    Catalog.open(tmp_path / "a").close()
    (copy,) = (tmp_path / "a").glob("catalog.before-version-*")
    old = sqlite3.connect(copy)
    assert migrations.version_of(old) == 1
    assert [id_ for (id_,) in old.execute("SELECT id FROM document ORDER BY rowid")] == ids
    old.close()


def test_brought_up_and_new_have_the_same_schema(tmp_path: Path) -> None:
    made_by_version_1(tmp_path / "old")
    Catalog.open(tmp_path / "old").close()
    Catalog.create(tmp_path / "new", "http://archive.example/").close()
    assert schema(tmp_path / "old") == schema(tmp_path / "new")


def schema(folder: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / FILE)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    connection.close()
    return [(kind, name, sql and " ".join(sql.split())) for kind, name, sql in rows]


def test_a_step_that_fails_leaves_the_record_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = made_by_version_1(tmp_path / "a")
    steps = (migrations.STEPS[0], migrations.STEPS[1] + "; INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(ArchiveError, match=r"older version and cannot be brought .* nowhere"):
        Catalog.open(tmp_path / "a")
    monkeypatch.undo()
    catalog = Catalog.open(tmp_path / "a")
    assert [record.id for record in catalog.documents()] == ids


def test_a_disk_without_room_for_the_copy_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_version_1(tmp_path / "a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "_copy", full)
    with pytest.raises(ArchiveError, match=r"No space left.*make room"):
        Catalog.open(tmp_path / "a")
    old = sqlite3.connect(tmp_path / "a" / FILE)
    assert migrations.version_of(old) == 1
    old.close()


def test_documents_of_the_first_version_are_in_the_graph_after_a_rebuild(tmp_path: Path) -> None:
    from fakes import FakeReader
    from testimonia.ingest import Ingestion
    from testimonia.settings import Settings

    made_by_version_1(tmp_path / "a")
    with open_archive(tmp_path / "a") as archive, archive.writer() as writer:
        archive._settle(writer)  # there is no store: what is marked as stored is to do again
        one = Ingestion(archive.catalog, writer, FakeReader(), Settings(), lambda _: [])
        outcomes = list(one.rederive(archive.catalog.documents()))
        assert [outcome.statements for outcome in outcomes] == [1, 1]


def test_what_was_begun_and_killed_does_not_keep_an_archive_from_being_made(
    tmp_path: Path,
) -> None:
    (tmp_path / "a" / "originals").mkdir(parents=True)
    (tmp_path / "a" / f"{FILE}.new").write_bytes(b"half")
    Catalog.create(tmp_path / "a", "http://archive.example/").close()
    assert sorted(each.name for each in (tmp_path / "a").iterdir()) == [FILE, "originals"]
