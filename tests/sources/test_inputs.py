import io
import os
from pathlib import Path

import pytest

from testimonia.errors import MetadataError, UnsupportedSource, UsageError
from testimonia.model import Text
from testimonia.sources import documents, documents_in, standard_input
from testimonia.sources.options import Options
from visits import ENGLISH


def read(data: bytes, name: str = "stdin", media_type: str | None = None) -> list[object]:
    source = standard_input(io.BytesIO(data), name, media_type)
    return [found.result for found in documents_in(source)]


def test_standard_input_under_its_name_and_media_type() -> None:
    (plain,) = read(ENGLISH.encode())
    (page,) = read(f"<!doctype html><p>{ENGLISH}</p>".encode())
    (markdown,) = read(f"# Ice\n\n{ENGLISH}".encode(), "a.md")
    (declared,) = read(f"# Ice\n\n{ENGLISH}".encode(), media_type="text/markdown")
    (row,) = read(f"text,title\n{ENGLISH},Ice\n".encode(), media_type="text/csv")
    assert [each.media_type for each in (plain, page) if isinstance(each, Text)] == [
        "text/plain",
        "text/html",
    ]
    for each in (markdown, declared, row):
        assert isinstance(each, Text)
        assert each.metadata.title == "Ice"
    with pytest.raises(UsageError, match="--media-type 'text/x': no reader; there are "):
        standard_input(io.BytesIO(), "stdin", "text/x")


def test_what_is_stated_of_it_is_checked() -> None:
    source = standard_input(io.BytesIO(ENGLISH.encode()), "letter")
    (found,) = documents_in(source, stated={"issued": "Friday"})
    assert (found.name, type(found.result)) == ("letter", MetadataError)


def test_a_sparse_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.touch()
    os.truncate(path, 2_000_000_000)
    (found,) = documents(path)
    assert "large.txt is larger than 50,000,000 bytes" in str(found.result)


def test_permissions_that_change_in_mid_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ENGLISH)

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    (found,) = documents(path)
    assert "a.txt may not be read: no permission" in str(found.result)


def test_a_file_that_fails_in_the_middle_ends_alone() -> None:
    class Failing(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            if self.tell() > 100:
                raise OSError(5, "Input/output error")
            return super().readline(size)

    from testimonia.sources.documents import Visit, known_of

    line = f'{{"text": "{ENGLISH}"}}\n'.encode()
    visit = Visit(known_of(None, None, "a"), False, Options())
    results = [found.result for found in visit.file(Failing(line * 9), "a.jsonl")]
    assert [type(each) for each in results] == [Text, Text, UnsupportedSource]
    assert "Input/output error" in str(results[-1])
