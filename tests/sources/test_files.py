import os
from pathlib import Path

import pytest

from testimonia.errors import MetadataError, UnreadableSource, UnsupportedSource
from testimonia.sources.files import find_sources, read_bytes_of, read_sidecar


def write(path: Path, content: str = "The clerk left.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def deny(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_directories_are_expanded_in_sorted_order(tmp_path: Path) -> None:
    wanted = [write(tmp_path / name) for name in ("a.txt", "b/a.md", "b/c/x.html", "c.txt")]
    for name in ("a.txt.meta.toml", ".hidden.txt", ".git/config", "b/.DS_Store"):
        write(tmp_path / name)
    (tmp_path / "empty").mkdir()
    assert find_sources([tmp_path]) == wanted


def test_named_files_keep_their_order_and_come_once(tmp_path: Path) -> None:
    second, first = write(tmp_path / "b.txt"), write(tmp_path / "a.txt")
    sidecar = write(tmp_path / "a.txt.meta.toml")
    assert find_sources([second, sidecar, first, second, tmp_path]) == [second, first]


def test_a_hidden_file_that_is_named_is_meant(tmp_path: Path) -> None:
    hidden = write(tmp_path / ".note.txt")
    assert find_sources([hidden]) == [hidden]


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"nowhere does not exist; check the path"):
        find_sources([tmp_path / "nowhere"])
    with pytest.raises(UnreadableSource, match=r"nowhere does not exist"):
        read_bytes_of(tmp_path / "nowhere")


def test_a_directory_without_documents(tmp_path: Path) -> None:
    write(tmp_path / "a.txt.meta.toml")
    with pytest.raises(UnreadableSource, match="has no documents in it"):
        find_sources([tmp_path])


def test_a_directory_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="is a directory, not a document"):
        read_bytes_of(tmp_path)


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableSource, match="is not a regular file"):
        read_bytes_of(pipe)


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    wanted = write(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert find_sources([tmp_path]) == [wanted]


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(UnreadableSource, match=r"a\.txt may not be read: no permission"):
        read_bytes_of(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path / "folder" / "a.txt")
    path.chmod(0)
    with pytest.raises(UnreadableSource, match="no permission"):
        read_bytes_of(path)
    path.parent.chmod(0)
    try:
        with pytest.raises(UnreadableSource, match="no permission"):
            find_sources([path.parent])
    finally:
        path.parent.chmod(0o700)


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UnreadableSource, match="may not be read: no permission"):
        find_sources([tmp_path])


def test_below_a_folder_that_may_not_be_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(UnreadableSource, match=r"a\.txt may not be read: no permission"):
        find_sources([tmp_path / "a.txt"])


def test_size_is_bounded(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "x" * 11)
    assert len(read_bytes_of(path, 11)) == 11
    with pytest.raises(UnsupportedSource, match=r"a\.txt is larger than 10 bytes"):
        read_bytes_of(path, 10)


def test_sidecars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    assert read_sidecar(path) is None
    write(tmp_path / "a.txt.meta.toml", "title = 'x'")
    assert read_sidecar(path) == b"title = 'x'"
    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(MetadataError, match=r"a\.txt\.meta\.toml: cannot be read"):
        read_sidecar(path)
