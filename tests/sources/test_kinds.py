import gzip
import io
import tarfile
from pathlib import Path

import pytest

from testimonia.sources import kinds
from testimonia.sources.sniffing import sniff
from visits import ENGLISH, contents, visit


def tarred(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", kinds.WARC),
        (gzip.compress(b"WARC/1.0\r\n"), kinds.WARC),
        (b"filedesc://x.arc 0.0.0.0 20040315100000 text/plain 10\n", kinds.WARC),
        (tarred("a.txt", b"x"), kinds.TAR),
        (tarred("a.pdf", b"%PDF-1.7"), kinds.TAR),
        (gzip.compress(tarred("a.txt", b"x")), kinds.TAR),
        (gzip.compress(b"The clerk left."), kinds.PACKED),
        (gzip.compress(b"The clerk left.")[:12], kinds.PACKED),
        (b"PK\x03\x04damaged", kinds.ZIP),
        (b"<?xml version='1.0'?>\n<!-- x --><TEI xmlns='http://www.tei-c.org/ns/1.0'>", kinds.TEI),
        (b"<!DOCTYPE TEI.2 SYSTEM 'x' [<!ENTITY a 'b'>]><TEI.2>", kinds.TEI),
        (b"\xef\xbb\xbf<teiCorpus>", kinds.TEI),
        (b"<a:alto xmlns:a='http://www.loc.gov/standards/alto/ns-v3#'>", kinds.ALTO),
        (b"<alto>", kinds.ALTO),
        (b'{"text": "a"}\n{"text": "b"}\n', kinds.JSON_LINES),
        (b"The clerk said WARC/1.0.", None),
        (b"{not json}\n{nor this}\n", None),
        (b"text,title\nThe clerk,left\n", None),
        (b"", None),
        (bytes(1_024), None),
    ],
)
def test_content_decides(data: bytes, expected: str | None) -> None:
    assert sniff(io.BytesIO(data), "a.txt") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", kinds.CSV),
        ("a.TSV", kinds.TSV),
        ("a.tab", kinds.TSV),
        ("a.ndjson", kinds.JSON_LINES),
    ],
)
def test_a_table_is_told_by_its_name(name: str, expected: str) -> None:
    assert sniff(io.BytesIO(b"text\nThe clerk left.\n"), name) == expected


def test_a_page_named_as_a_table_is_a_page() -> None:
    data = f"<!doctype html><p>{ENGLISH}</p>".encode()
    assert list(contents(visit(data, "a.csv")).values()) == [ENGLISH]


def test_a_folder_of_links_in_a_circle(tmp_path: Path) -> None:
    from testimonia.sources import find_sources

    (tmp_path / "a.txt").write_text(ENGLISH)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    assert find_sources([tmp_path]) == [tmp_path / "a.txt"]
