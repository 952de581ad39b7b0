"""Documents in object storage, by fsspec: what a bucket would be, in memory and in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from testimonia.errors import UnreadableSource, UsageError
from testimonia.sources import Options, documents_in, is_object_address, objects

ADA = b"Ada Moss said that the harbour would be closed on Monday."


@pytest.fixture
def bucket() -> Iterator[str]:
    system = fsspec.filesystem("memory")
    for name, data in {
        "b/two.txt": ADA.replace(b"Ada", b"Bo"),
        "b/one.txt": ADA,
        "b/one.txt.meta.toml": b'title = "One"\nissued = 2024-03-20\n',
        "b/deep/three.txt": ADA.replace(b"Ada", b"Cy"),
        "b/.hidden/four.txt": ADA,
        "b/deep/.five.txt": ADA,
    }.items():
        system.pipe(f"/{name}", data)
    yield "memory://b"
    system.rm("/b", recursive=True)


def test_addresses_of_storage_are_told_from_paths_and_the_web() -> None:
    assert is_object_address("s3://bucket/letters")
    assert is_object_address("memory://b")
    assert not is_object_address("https://gazette.example/ice")
    assert not is_object_address("letters/one.txt")
    assert not is_object_address("-")


def test_a_folder_has_its_documents_sorted_without_sidecars_and_hidden_ones(bucket: str) -> None:
    found = [each.name for each in objects(bucket)]
    assert found == ["memory:///b/deep/three.txt", "memory:///b/one.txt", "memory:///b/two.txt"]
    assert [each.address for each in objects(bucket)] == found


def test_one_object_is_read_with_its_sidecar(bucket: str) -> None:
    (one,) = objects(f"{bucket}/one.txt")
    (found,) = documents_in(one)
    data, text = found.load()
    assert data == ADA
    assert text.content == ADA.decode()
    assert (text.metadata.title, str(text.metadata.issued)) == ("One", "2024-03-20")
    assert text.metadata.origins["title"] == "sidecar"
    (stated,) = documents_in(one, stated={"title": "Mine"})
    assert stated.load()[1].metadata.title == "Mine"


def test_an_object_that_has_gone_fails_by_itself(bucket: str) -> None:
    one, *_ = objects(bucket)
    fsspec.filesystem("memory").rm("/b/deep/three.txt")
    (found,) = documents_in(one)
    with pytest.raises(UnreadableSource, match=r"memory:///b/deep/three\.txt does not exist"):
        found.load()


def test_what_is_not_there_is_told_at_once() -> None:
    with pytest.raises(UnreadableSource, match="has no documents in it, or does not exist"):
        objects("memory://nowhere/at/all")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nosuch://bucket", "nosuch"),
        ("filecache://a::s3://b", "one address within another"),
        ("gs://bucket/a", "gcsfs"),  # its driver is no dependency of ours
    ],
)
def test_storage_that_is_unknown_or_has_no_driver_is_wrong_use(address: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        objects(address)


def test_a_damaged_sidecar_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = objects(f"{bucket}/one.txt")

    def refused(*_: object) -> bytes:
        raise PermissionError("no")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "cat_file", refused)
    (found,) = documents_in(one)
    assert "one.txt.meta.toml: cannot be read (no)" in str(found.result)


def test_files_by_address_are_the_same_documents(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes(ADA)
    (one,) = objects(f"file://{tmp_path}/one.txt")
    with one.open(Options()).file as file:
        assert file.read() == ADA
