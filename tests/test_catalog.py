import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from testimonia.catalog import FILE, Catalog, State, merged
from testimonia.errors import ArchiveError
from testimonia.ingest import identify
from testimonia.model import Document, Metadata, Run, Text

BASE = "http://localhost:8000/"


def document(content: str = "Ada said it rained.", **stated: object) -> Document:
    return identify(Text(content, Metadata(**stated), "text/plain", "utf-8"))  # type: ignore[arg-type]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "a", BASE)


def test_what_is_kept_comes_back(tmp_path: Path, catalog: Catalog) -> None:
    kept = document(title="Weather", creator=("Ada", "Bo"), origins={"title": "user"})
    catalog.keep(b"bytes", kept, "weather.txt")
    catalog.close()
    again = Catalog.open(tmp_path / "a")
    record = again.document(kept.id)
    assert record is not None
    assert record.state is State.RECORDED
    assert again.text(record) == kept
    (original,) = (tmp_path / "a" / "originals").glob("*/*")
    assert original.read_bytes() == b"bytes"


def test_stating_more_adds_and_stating_otherwise_replaces() -> None:
    known = Metadata(title="A", issued="2024", origins={"title": "sidecar", "issued": "user"})
    new = merged(known, Metadata(title="B", rights="all", origins={"title": "user"}))
    assert (new.title, new.issued, new.rights) == ("B", "2024", "all")
    assert new.origins == {"title": "user", "issued": "user"}


def test_keeping_again_without_metadata_loses_none(catalog: Catalog) -> None:
    catalog.keep(b"x", document(title="Weather"), "a.txt")
    catalog.keep(b"x", document(), "b.txt")
    (record,) = catalog.documents()
    assert record.metadata.title == "Weather"
    assert record.name == "a.txt"


def test_a_document_goes_through_its_states(catalog: Catalog) -> None:
    kept = document()
    catalog.keep(b"x", kept, "a.txt")
    catalog.begin(Run("r", "2025-01-01T00:00:00Z", None, "e", "s"))
    catalog.mark_rejected(kept.id, "f", "r", "no speaker")
    rejected = catalog.document(kept.id)
    assert rejected is not None
    assert (rejected.state, rejected.report) == (State.REJECTED, "no speaker")
    catalog.mark_stored({kept.id: "g"}, "r")
    (stored,) = catalog.documents(State.STORED)
    assert (stored.fingerprint, stored.run, stored.report) == ("g", "r", None)
    catalog.mark_undone(kept.id)
    assert not list(catalog.documents(State.STORED))


def test_the_first_label_of_an_entity_stays(catalog: Catalog) -> None:
    kept = document()
    catalog.keep(b"x", kept, "a.txt")
    catalog.identify(kept.id, {"actor/0": "actor/x"}, {"actor/x": ("actor", "Ada")})
    catalog.identify(kept.id, {"actor/5": "actor/x"}, {"actor/x": ("actor", "Ada Lee")})
    assert catalog.label("actor/x") == "Ada"
    assert catalog.identities(kept.id) == {"actor/5": "actor/x"}


def test_a_folder_with_something_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="not empty and is no archive"):
        Catalog.create(tmp_path, BASE)
    with pytest.raises(ArchiveError, match="is a folder but not an archive"):
        Catalog.open(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_no_archive_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="testimonia ingest"):
        Catalog.open(tmp_path / "nowhere")


def test_a_file_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="is a file"):
        Catalog.open(tmp_path / "file")
    with pytest.raises(ArchiveError, match="is a file"):
        Catalog.create(tmp_path / "file", BASE)
    with pytest.raises(ArchiveError, match="cannot make"):
        Catalog.create(tmp_path / "file" / "below", BASE)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(ArchiveError, match="something else"):
        Catalog.open(tmp_path)


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(ArchiveError, match="something else"):
        Catalog.open(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_record_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(ArchiveError, match="check the access rights"):
        Catalog.open(tmp_path)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("not a database at all, though of some length " * 50)
    with pytest.raises(ArchiveError, match="cannot be read"):
        Catalog.open(tmp_path)


def test_a_newer_archive_is_refused(tmp_path: Path, catalog: Catalog) -> None:
    catalog.close()
    connection = sqlite3.connect(tmp_path / "a" / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ArchiveError, match="newer Testimonia"):
        Catalog.open(tmp_path / "a")


def test_another_source_makes_another_document() -> None:
    text = document().text
    elsewhere = replace(text, metadata=Metadata(source="https://example.org/a"))
    assert identify(elsewhere).id != identify(text).id
    assert identify(elsewhere).text_hash == identify(text).text_hash


def test_what_is_written_together_is_there_at_once_and_its_parts_are_whole(
    tmp_path: Path, catalog: Catalog
) -> None:
    other = Catalog.open(tmp_path / "a")

    def break_off() -> None:
        with catalog.together():
            catalog.keep(b"y", document("Bo said so."), "b.txt")
            raise LookupError

    with catalog.together():
        catalog.keep(b"x", document(), "a.txt")
        with pytest.raises(LookupError):
            break_off()
        catalog.keep(b"z", document("Cy said so."), "c.txt")
        assert not list(other.documents())
    assert [each.name for each in other.documents()] == ["a.txt", "c.txt"]
    other.close()


def test_labels_are_those_that_were_given_first(catalog: Catalog) -> None:
    kept = document()
    catalog.keep(b"x", kept, "a.txt")
    catalog.identify(kept.id, {"actor/0": "actor/x"}, {"actor/x": ("actor", "Ada")})
    catalog.identify(kept.id, {"actor/0": "actor/x"}, {"actor/x": ("actor", "Bo")})
    assert catalog.labels(["actor/x", "actor/y"]) == {"actor/x": "Ada"}
