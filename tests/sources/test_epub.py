import pytest

from sources.made import BOMB, FIRST, SECOND, container
from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.sources import read_bytes
from testimonia.sources.epub import extract_bytes
from testimonia.sources.options import Options

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
METADATA = (
    '<dc:identifier>other</dc:identifier><dc:identifier id="uid">urn:isbn:1</dc:identifier>'
    "<dc:title>The quay</dc:title><dc:creator>Ada Holm</dc:creator><dc:creator>Bo Hale"
    "</dc:creator><dc:language>en-GB</dc:language><dc:publisher>The Gazette</dc:publisher>"
    '<dc:date opf:event="modification">2025</dc:date><dc:date>2024-03-05T10:00:00Z</dc:date>'
)


def page(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{body}</body></html>'


def epub(metadata: str = METADATA, **more: str) -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" unique-identifier="uid">'
        f"<metadata>{metadata}</metadata><manifest>"
        '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="two" href="text/two%20.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="far" href="../outside.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="css" href="a.css" media-type="text/css"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="one"/><itemref idref="two"/>'
        '<itemref idref="css"/><itemref idref="far"/><itemref idref="lost" /></spine></package>'
    )
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "EPUB/book.opf": package,
        "EPUB/nav.xhtml": page("<nav><ol><li>One</li></ol></nav>"),
        "EPUB/text/one.xhtml": page(f"<h1>At the quay</h1><p>{FIRST}</p>"),
        "EPUB/text/two .xhtml": page(f"<p>{SECOND}</p>"),
        "EPUB/a.css": "p { color: red }",
    }
    return container({**members, **{name.replace("__", "/"): each for name, each in more.items()}})


def test_a_book_is_one_document_in_reading_order() -> None:
    text = read_bytes(epub(), name="book.epub")
    assert text.content == f"At the quay\n\n{FIRST}\n\n{SECOND}"
    metadata = text.metadata
    assert (metadata.title, metadata.creator) == ("The quay", ("Ada Holm", "Bo Hale"))
    assert (metadata.issued, metadata.language) == ("2024-03-05", "en-GB")
    assert (metadata.identifier, metadata.publisher) == ("urn:isbn:1", "The Gazette")
    assert metadata.origins["title"] == "document: package document"
    assert text.media_type == "application/epub+zip"
    assert text.warnings == ("pages that are named and lacking: outside.xhtml",)


def test_an_encrypted_book_is_refused_one_with_encrypted_fonts_is_not() -> None:
    def locked(member: str) -> dict[str, str]:
        reference = f'<CipherReference xmlns="urn:x" URI="{member}"/>'
        return {"META-INF__encryption.xml": f"<encryption>{reference}</encryption>"}

    assert FIRST in extract_bytes(epub(**locked("EPUB/f.otf")), "a.epub", Options()).content
    with pytest.raises(UnsupportedSource, match="encrypted"):
        extract_bytes(epub(**locked("EPUB/text/one.xhtml")), "a.epub", Options())


def test_damaged_books() -> None:
    whole = epub()
    for data in (whole[: len(whole) // 2], container({"mimetype": "application/epub+zip"})):
        with pytest.raises(UnsupportedSource, match=r"a\.epub"):
            read_bytes(data, name="a.epub")
    with pytest.raises(UnsupportedSource, match="entities"):
        extract_bytes(epub(**{"EPUB/book.opf": BOMB}), "a.epub", Options())
    empty = {"EPUB/text/one.xhtml": page(""), "EPUB/text/two .xhtml": page("<img/>")}
    with pytest.raises(EmptySource):
        extract_bytes(epub(**empty), "a.epub", Options())


def test_a_page_that_unpacks_to_too_much() -> None:
    bomb = {"EPUB/text/one.xhtml": page("<p>" + "0" * 5_000_000 + "</p>")}
    with pytest.raises(UnsupportedSource, match="unpacks to more"):
        extract_bytes(epub(**bomb), "a.epub", Options())
