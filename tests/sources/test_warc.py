import gzip
import zlib
from io import BytesIO

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, texts, visit

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile")

CAPTURED = "2024-03-15T10:00:00Z"
PAGE = f"<!doctype html><title>The quay</title><p>{ENGLISH} Ship {{}} left the port.</p>"


class Archive:
    """A web archive as warcio writes it, with the places of its records."""

    def __init__(self, *, gzip: bool) -> None:
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=gzip)
        self.starts: list[int] = []
        self.writer.write_record(self.writer.create_warcinfo_record("x.warc", {"software": "t"}))

    def add(
        self,
        address: str,
        body: bytes,
        content_type: str = "text/html; charset=utf-8",
        *,
        kind: str = "response",
        status: str = "200 OK",
        **headers: str,
    ) -> "Archive":
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        http = StatusAndHeaders(status, [("Content-Type", content_type), *named], "HTTP/1.1")
        self.starts.append(self.out.tell())
        self.writer.write_record(
            self.writer.create_warc_record(
                address,
                kind,
                payload=BytesIO(body),
                http_headers=http if kind in ("response", "request", "revisit") else None,
                warc_content_type="" if kind == "response" else content_type,
                warc_headers_dict={"WARC-Date": CAPTURED},
            )
        )
        return self

    @property
    def data(self) -> bytes:
        return self.out.getvalue()


def pages(*, gzip: bool, count: int = 4) -> Archive:
    archive = Archive(gzip=gzip)
    for number in range(count):
        archive.add(f"https://a.example/{number}", PAGE.format(number).encode())
    return archive


def name(number: int) -> str:
    return f"https://a.example/{number} {CAPTURED}"


@pytest.mark.parametrize("packed", [True, False])
def test_each_captured_page_is_a_document(packed: bool) -> None:
    found = visit(pages(gzip=packed).data, "x.warc")
    assert list(contents(found)) == [name(number) for number in range(4)]
    text = texts(found)[name(2)]
    assert text.content == f"{ENGLISH} Ship 2 left the port."
    assert (text.metadata.title, text.metadata.source) == ("The quay", "https://a.example/2")
    assert text.metadata.captured == CAPTURED
    assert {text.metadata.origins[key] for key in ("source", "captured")} == {"container: WARC"}
    assert text.metadata.issued is None
    assert text.warnings == ()
    assert found[2].data == PAGE.format(2).encode()


def test_what_is_no_page_is_passed_over() -> None:
    archive = Archive(gzip=True)
    body = PAGE.format(1).encode()
    archive.add("https://a.example/1", body)
    archive.add("https://a.example/1", body, kind="request")
    archive.add("https://a.example/2", body, status="404 Not Found")
    archive.add("https://a.example/3.png", b"\x89PNG", "image/png")
    archive.add("https://a.example/robots.txt", b"User-agent: *\nDisallow: /", "text/plain")
    archive.add("urn:note", ENGLISH.encode(), "text/plain", kind="resource")
    found = visit(archive.data, "x.warc.gz")
    assert list(contents(found)) == [name(1), f"urn:note {CAPTURED}"]
    assert failures(found) == {}
    assert texts(found)[f"urn:note {CAPTURED}"].metadata.source is None


def test_two_captures_at_once_have_names_of_their_own() -> None:
    archive = Archive(gzip=True)
    for number in range(2):
        archive.add("https://a.example/0", PAGE.format(number).encode())
    assert list(contents(visit(archive.data, "x.warc"))) == [name(0), f"{name(0)} (2)"]


@pytest.mark.parametrize(
    ("coding", "encode"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
def test_bodies_as_they_were_sent(coding: str, encode: object) -> None:
    body = PAGE.format(1).encode()
    sent = encode(body)  # type: ignore[operator]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (sent[:20], sent[20:])) + b"0\r\n\r\n"
    archive = Archive(gzip=True)
    archive.add("https://a.example/0", sent, Content_Encoding=coding)
    archive.add(
        "https://a.example/1", chunked, Content_Encoding=coding, Transfer_Encoding="chunked"
    )
    found = visit(archive.data, "x.warc")
    assert [each.data for each in found] == [body, body]


def test_a_bomb_in_a_body_is_refused_alone() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    archive = Archive(gzip=False)
    archive.add("https://a.example/0", bomb, Content_Encoding="gzip")
    archive.add("https://a.example/1", PAGE.format(1).encode())
    archive.add("https://a.example/2", b"x", Content_Encoding="zstd")
    found = visit(archive.data, "x.warc")
    assert list(contents(found)) == [name(1)]
    said = failures(found)
    assert "decompression bomb" in said[name(0)]
    assert "'zstd', which has no reader" in said[name(2)]


def test_a_page_that_is_too_large_is_refused_alone() -> None:
    archive = Archive(gzip=True)
    archive.add("https://a.example/0", b"x" * 5_000)
    archive.add("https://a.example/1", PAGE.format(1).encode())
    found = visit(archive.data, "x.warc", Options(max_bytes=4_000))
    assert list(contents(found)) == [name(1)]
    assert "larger than 4,000 bytes" in failures(found)[name(0)]


@pytest.mark.parametrize("at", [2, 40, 150, 300])
def test_a_broken_member_leaves_the_others(at: int) -> None:
    archive = pages(gzip=True)
    data = bytearray(archive.data)
    for place in range(archive.starts[1] + at, archive.starts[1] + at + 20):
        data[place] ^= 0xFF
    found = visit(bytes(data), "x.warc.gz")
    assert [each for each in contents(found) if each != name(1)] == [name(0), name(2), name(3)]
    (said,) = failures(found).values()
    assert "was left out" in said


def test_a_broken_record_leaves_the_others() -> None:
    archive = pages(gzip=False)
    for broken, why in [
        (b"Content-Length: 9999999", "cut off"),
        (b"Content-Length: 12", "wrong"),
        (b"Content-Length: -5", "wrong"),
        (b"Content-Length: none", "wrong"),
        (b"Content-Size: 4", "no length"),
    ]:
        start, end = archive.starts[1], archive.starts[2]
        record = archive.data[start:end]
        line = next(line for line in record.split(b"\r\n") if line.startswith(b"Content-Length"))
        data = archive.data[:start] + record.replace(line, broken, 1) + archive.data[end:]
        found = visit(data, "x.warc")
        assert list(contents(found)) == [name(0), name(2), name(3)], broken
        (said,) = failures(found).values()
        assert why in said, said


def test_a_record_that_was_altered_is_no_testimony() -> None:
    archive = pages(gzip=False)
    data = archive.data.replace(b"Ship 1 left", b"Ship 9 left")
    found = visit(data, "x.warc")
    assert list(contents(found)) == [name(0), name(2), name(3)]
    assert "its digest is not that of its bytes" in failures(found)[name(1)]


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_was_cut_off(packed: bool) -> None:
    archive = pages(gzip=packed)
    data = archive.data[: archive.starts[3] + 250]
    found = visit(data, "x.warc")
    assert list(contents(found)) == [name(0), name(1), name(2)]
    assert len(failures(found)) == 1


def test_one_gzip_stream_around_all_records() -> None:
    data = gzip.compress(pages(gzip=False).data)
    assert len(contents(visit(data, "x.warc.gz"))) == 4


def test_headers_that_mean_nothing() -> None:
    archive = pages(gzip=False)
    data = archive.data.replace(b"https://a.example/1\r\n", b"https://[a.example /1\r\n")
    at = data.index(b"sha1:", archive.starts[2])
    data = data[:at] + b"sha1:%~-\xff" + data[at + 9 :]
    found = visit(data, "x.warc")
    shown = f"https://[a.example%20/1 {CAPTURED}"
    assert list(contents(found)) == [name(0), shown, name(3)]
    assert texts(found)[shown].metadata.source == "https://[a.example%20/1"
    assert "its digest is no" in failures(found)[name(2)]


def test_rubbish_between_records() -> None:
    archive = pages(gzip=False)
    start = archive.starts[2]
    data = archive.data[:start] + b"\x00rubbish\r\n" * 3 + archive.data[start:]
    assert len(contents(visit(data, "x.warc"))) == 4


def test_headers_without_end_are_not_held_in_memory() -> None:
    archive = pages(gzip=False, count=2)
    start = archive.starts[1]
    endless = b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"x" * 2_000_000
    data = archive.data[:start] + endless + b"\r\n\r\n" + archive.data[start:]
    found = visit(data, "x.warc")
    assert list(contents(found)) == [name(0), name(1)]
    assert "headers are broken" in failures(found)["record"]


def test_the_encoding_that_the_server_named() -> None:
    body = f"<p>{ENGLISH} ".encode() + "Привет".encode("cp1251") + b"</p>"
    archive = Archive(gzip=True)
    archive.add("https://a.example/0", body, "text/html; charset=windows-1251")
    (text,) = texts(visit(archive.data, "x.warc")).values()
    assert text.content.endswith("Привет")


def test_an_arc_of_old() -> None:
    http = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.format(1).encode()
    version = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n\n"
    data = b"filedesc://x.arc 0.0.0.0 20040315100000 text/plain %d\n%s" % (len(version), version)
    data += b"https://a.example/1 192.0.2.1 20040315100000 text/html %d\n" % len(http)
    found = visit(data + http + b"\n", "x.arc")
    (text,) = texts(found).values()
    assert text.metadata.source == "https://a.example/1"
    assert text.metadata.captured == "2004-03-15T10:00:00Z"


def test_what_tools_note_of_a_capture_is_no_page() -> None:
    archive = pages(gzip=True, count=1)
    for address in (
        "metadata://gnu.org/software/wget/warc/wget.log",
        "urn:text:https://a.example/0",
    ):
        archive.add(address, ENGLISH.encode(), "text/plain", kind="resource")
    archive.add("https://a.example/note", ENGLISH.encode(), "text/plain", kind="resource")
    names = [
        each.removeprefix("https://a.example/") for each in contents(visit(archive.data, "a.warc"))
    ]
    assert names == [f"0 {CAPTURED}", f"note {CAPTURED}"]
