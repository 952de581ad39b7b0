import io
import json
import warnings
from zipfile import ZipFile

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from visits import ENGLISH, contents, failures, texts, visit

pytestmark = pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile")

CAPTURED = "2024-03-15T10:00:00Z"


def captured(*addresses: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for address in addresses:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
        page = io.BytesIO(f"<p>{ENGLISH} See {address}</p>".encode())
        about = {"WARC-Date": CAPTURED}
        writer.write_record(
            writer.create_warc_record(
                address, "response", payload=page, http_headers=http, warc_headers_dict=about
            )
        )
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def pages(*lines: object) -> bytes:
    return "\n".join(map(json.dumps, ({"format": "json-pages-1.0"}, *lines))).encode()


def test_pages_of_all_archives_with_the_titles_of_their_list() -> None:
    data = packed(
        {
            "datapackage.json": b"{}",
            "archive/1.warc.gz": captured("https://a.example/1", "https://a.example/2"),
            "archive/2.warc.gz": captured("https://a.example/1"),
            "pages/pages.jsonl": pages({"url": "https://a.example/1", "title": "The quay"}, 7),
        }
    )
    found = visit(data, "x.wacz")
    names = [
        f"1.warc.gz/https://a.example/1 {CAPTURED}",
        f"1.warc.gz/https://a.example/2 {CAPTURED}",
    ]
    assert list(contents(found)) == [*names, f"2.warc.gz/https://a.example/1 {CAPTURED}"]
    first, second, _ = texts(found).values()
    assert (first.metadata.title, second.metadata.title) == ("The quay", None)
    assert first.metadata.source == "https://a.example/1"
    assert first.metadata.origins["title"].startswith("container: WARC")


def test_a_damaged_archive_leaves_the_others() -> None:
    whole = captured("https://a.example/1")
    data = packed(
        {
            "datapackage.json": b"{}",
            "archive/1.warc.gz": whole[:100],
            "archive/2.warc.gz": whole,
            "pages/pages.jsonl": b"\xff",
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = visit(data, "x.wacz")
    assert list(contents(found)) == [f"2.warc.gz/https://a.example/1 {CAPTURED}"]
    (said,) = failures(found).values()
    assert "x.wacz/1.warc.gz: a record was left out" in said
