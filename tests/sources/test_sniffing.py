import time
from io import BytesIO

import pytest

from sources.made import FIRST, container, odt
from testimonia.sources import media
from testimonia.sources.sniffing import sniff

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">'
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", media.PDF),
        (b"\r\n\x00%PDF-1.4\n", media.PDF),
        (odt(f"<text:p>{FIRST}</text:p>"), media.ODT),
        (container({"[Content_Types].xml": "", "word/document.xml": ""}), media.DOCX),
        (container({"a.txt": FIRST}), None),
        (b"PK\x03\x04" + bytes(40), None),
        (ATOM, media.ATOM),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- a > b --><!DOCTYPE feed [ <!-- > --> ]>" + ATOM,
         media.ATOM),
        (ATOM.decode().encode("utf-16"), media.ATOM),
        (b"<feed>", None),
        (b'<rss version="2.0">', media.RSS),
        (RDF + b' xmlns="http://purl.org/rss/1.0/">', media.RSS),
        (RDF + b">", None),
        (b"From ada Tue Mar  5 10:00:00 2024\nSubject: x\n", media.MBOX),
        (b"From Tuesday on the quay is closed.\n", None),
        (b"From: a\nDate: b\nTo: c\n\nWords", media.MAIL),
        (b"From: a\nDate: b\n\nWords", None),
        (FIRST.encode(), None),
        (b"", None),
    ],
)  # fmt: skip
def test_content_says_what_it_is(data: bytes, expected: str | None) -> None:
    assert sniff(BytesIO(data), "a") == expected


@pytest.mark.parametrize(
    "piece", [b"<!DOCTYPE a []>", b"<!DOCTYPE a [", b"<!-- -->", b"<!--", b"<?x?>", b"] ", b"<a "]
)
def test_no_prolog_takes_for_ever(piece: bytes) -> None:
    begun = time.monotonic()
    assert sniff(BytesIO(b"<!DOCTYPE a [" + piece * 20_000), "a.xml") is None
    assert sniff(BytesIO(piece * 20_000), "a.xml") is None
    assert time.monotonic() - begun < 5
