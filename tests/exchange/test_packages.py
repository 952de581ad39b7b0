"""Packages: RO-Crate, and the archive's own, made into an archive again."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from documents import ICE, RAIN, put
from testimonia.errors import ArchiveError, Forbidden, Invalid, QueryError, UsageError
from testimonia.exchange import PackageFormat
from testimonia.library import Archive, import_package, open_archive

MINE = "https://mine.example/g"


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def quads(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


def test_an_archive_exported_imported_and_exported_again_is_the_same(
    filled: Archive, target: Path, tmp_path: Path
) -> None:
    filled.catalog.keep_answer("key", "somebody 1", '{"said": "ünïcode \\u0000"}')
    filled.package(target, "archive")
    import_package(target, tmp_path / "again")
    with open_archive(tmp_path / "again") as again:
        again.package(tmp_path / "out-again", "archive")
        assert quads(again) == quads(filled)
        assert again.catalog.answer("key") == filled.catalog.answer("key")
        assert [again.catalog.text(each).text.content for each in again.catalog.documents()] == [
            ICE,
            RAIN,
        ]
        put(again, "Gus said the import worked.", "c.txt")
    assert contents(tmp_path / "out-again") == contents(target)


def test_a_zip_is_the_same_as_the_folder_and_twice_the_same(
    filled: Archive, target: Path, tmp_path: Path
) -> None:
    filled.package(target, "archive")
    for name in ("a.zip", "b.zip"):
        filled.package(tmp_path / name, "archive")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == contents(target)
    import_package(tmp_path / "a.zip", tmp_path / "again")
    with open_archive(tmp_path / "again") as again:
        assert quads(again) == quads(filled)


def test_where_copies_lie_is_nobody_elses_business(filled: Archive, target: Path) -> None:
    filled.backup(target.with_name("copy"))
    filled.package(target, "archive")
    assert not [name for name in contents(target) if "copy" in name]


@pytest.mark.parametrize("victim", ["graph.nq", "record/document.jsonl"])
def test_a_damaged_package_makes_no_archive(
    filled: Archive, target: Path, tmp_path: Path, victim: str
) -> None:
    filled.package(target, "archive")
    file = target / victim
    file.write_bytes(file.read_bytes().replace(b"Ice", b"Ire"))
    with pytest.raises(ArchiveError, match=victim):
        import_package(target, tmp_path / "again")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive", "out"]


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"graph.nq": "0", "../outside": "0"}},
        {"files": {"graph.nq": "0", "/etc/hosts": "0"}},
        {"files": {}},
        {"files": []},
        {"version": 99},
        {"format": "something"},
        {"record": "new"},
    ],
)
def test_a_manifest_that_is_none_is_refused(
    filled: Archive, target: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    filled.package(target, "archive")
    manifest = json.loads((target / "archive.json").read_text())
    (target / "archive.json").write_text(json.dumps({**manifest, **change}))
    with pytest.raises(ArchiveError, match="no package"):
        import_package(target, tmp_path / "again")


def rewritten(target: Path, name: str, data: bytes, **change: object) -> None:
    """A package whose file is another, with the hash that belongs to it."""
    (target / name).write_bytes(data)
    manifest = json.loads((target / "archive.json").read_text())
    manifest["files"][name] = hashlib.sha256(data).hexdigest()
    (target / "archive.json").write_text(json.dumps({**manifest, **change}))


def test_a_package_of_a_newer_version_is_refused(
    filled: Archive, target: Path, tmp_path: Path
) -> None:
    filled.package(target, "archive")
    rewritten(target, "graph.nq", (target / "graph.nq").read_bytes(), record=999)
    with pytest.raises(ArchiveError, match="newer Testimonia"):
        import_package(target, tmp_path / "again")
    filled.package(target.with_name("second"), "archive")
    rewritten(target.with_name("second"), "record/text.jsonl", b'["hash","unheard"]\n')
    with pytest.raises(ArchiveError, match="newer Testimonia"):
        import_package(target.with_name("second"), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_record_that_contradicts_itself_is_refused(
    filled: Archive, target: Path, tmp_path: Path
) -> None:
    filled.package(target, "archive")
    rewritten(target, "record/text.jsonl", b'["hash","content"]\n')
    with pytest.raises(ArchiveError, match="contradicts itself"):
        import_package(target, tmp_path / "again")


def test_nothing_is_imported_over_an_archive(filled: Archive, target: Path) -> None:
    filled.package(target, "archive")
    with pytest.raises(UsageError, match="not empty"):
        import_package(target, filled.folder)
    with pytest.raises(UsageError, match="exists"):
        filled.package(target, "archive")


# ------------------------------------------------------------------------------------ RO-Crate


def described(crate: Path) -> dict[str, dict[str, object]]:
    found = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))
    assert found["@context"] == "https://w3id.org/ro/crate/1.1/context"
    return {each["@id"]: each for each in found["@graph"]}


def test_a_crate_describes_every_file_that_it_has(filled: Archive, target: Path) -> None:
    filled.package(target, "ro-crate")
    entities = described(target)
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    files = contents(target)
    files.pop("ro-crate-metadata.json")
    parts = entities["./"]["hasPart"]
    assert isinstance(parts, list)
    assert {each["@id"] for each in parts} == set(files)
    for name, data in files.items():
        assert entities[name]["sha256"] == hashlib.sha256(data).hexdigest()
        assert entities[name]["contentSize"] == str(len(data))


def test_a_crate_has_texts_metadata_and_runs(filled: Archive, target: Path) -> None:
    filled.package(target, "ro-crate")
    entities = described(target)
    ice, rain = filled.catalog.documents()
    assert (target / f"texts/{ice.id}.txt").read_text("utf-8") == ICE
    document = entities[filled.iris.document(ice.id)]
    assert (document["name"], document["datePublished"]) == ("Ice", "2031-02-03")
    assert entities[filled.iris.document(rain.id)]["creator"] == ["Di Post", "Eb Ink"]
    actions = [each for each in entities.values() if each["@type"] == "CreateAction"]
    used = [each["object"] for each in actions]
    assert {"@id": filled.iris.document(ice.id)} in used  # a single value stands for itself
    assert all(each["instrument"] == {"@id": "#testimonia"} for each in actions)


def test_a_crate_has_no_text_of_what_is_restricted(archive: Archive, target: Path) -> None:
    put(archive, ICE, rights="http://purl.org/coar/access_right/c_16ec", title="Ice")
    archive.package(target, "ro-crate")
    assert set(contents(target)) == {"ro-crate-metadata.json", "graph.nq"}
    assert b"Nobody wondered" not in b"".join(contents(target).values())
    (record,) = archive.catalog.documents()
    assert described(target)[archive.iris.document(record.id)]["name"] == "Ice"


@pytest.mark.parametrize("format_", ["archive", "ro-crate"])
def test_a_package_is_of_one_moment(filled: Archive, target: Path, format_: PackageFormat) -> None:
    """Somebody else writes meanwhile: what is marked and not yet published is not awaited."""
    with filled.writer():
        filled.package(target, format_)
    assert b"the ice is thick" in (target / "graph.nq").read_bytes()


def test_a_removal_that_is_not_published_yet_is_waited_for(
    filled: Archive, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testimonia.exchange.snapshot._PATIENCE_SECONDS", 0.3)
    (record, *_) = filled.catalog.documents()
    with sqlite3.connect(filled.folder / "catalog.sqlite") as db:
        db.execute("UPDATE document SET state = 'removed' WHERE id = ?", (record.id,))
    db.close()
    with filled.writer(), pytest.raises(ArchiveError, match="calls removed"):
        filled.package(target, "archive")
    filled.remove(record.id)
    filled.package(target, "archive")
    assert record.id.encode() not in (target / "graph.nq").read_bytes()


# ---------------------------------------------------------------------------------- foreign RDF


def test_foreign_rdf_goes_into_a_graph_of_its_own(filled: Archive) -> None:
    before = quads(filled)
    assert filled.import_graph(b"<a:s> <a:p> <b> .", "text/turtle", "https://x.example/g")
    new = [line for line in quads(filled).splitlines() if line not in before.splitlines()]
    assert new == [b"<a:s> <a:p> <https://x.example/b> <https://x.example/g> ."]
    assert not filled.import_graph(b"", "text/turtle", "https://x.example/g")
    assert quads(filled) == before


def test_blank_nodes_stay_blank_nodes(filled: Archive) -> None:
    own = f"<{MINE}> .".encode()
    lines = [line for line in quads(filled).splitlines() if line.endswith(own)]
    assert len(lines) == 2
    assert all(line.startswith(b"_:") for line in lines)


def test_foreign_rdf_never_goes_into_ours(filled: Archive) -> None:
    (record, *_) = filled.catalog.documents()
    for graph in (
        filled.iris.document_graph(record.id),
        filled.iris.entities_graph,
        filled.iris.base_iri + "graph/anything",
        filled.iris.base_iri + "run/1",
    ):
        with pytest.raises(Forbidden):
            filled.import_graph(b"<a:s> <a:p> <a:o> .", "text/turtle", graph)


def test_foreign_rdf_that_cannot_be_right_is_refused(filled: Archive) -> None:
    with pytest.raises(QueryError, match="Turtle"):
        filled.import_graph(b"<a:s> <a:p>", "text/turtle", MINE)
    with pytest.raises(QueryError, match="graphs of its own"):
        filled.import_graph(b"<a:s> <a:p> <a:o> <a:g> .", "application/n-quads", MINE)
    statement = b"<a:s> a <https://w3id.org/testimonia#Statement> ."
    with pytest.raises(Invalid):
        filled.import_graph(statement, "text/turtle", MINE)
