import pytest

from testimonia.errors import UnsupportedSource
from testimonia.sources.media import HTML, MARKDOWN, PLAIN, XHTML, media_type, refuse_binary

PAGE = "<!DOCTYPE html>\n<html><body><p>The clerk left.</p></body></html>"
XPAGE = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("The clerk left.", "a.txt", PLAIN),
        ("The clerk left.", "README", PLAIN),
        ("The clerk left.", "report.2024", PLAIN),
        ("The clerk left.", "A.TXT", PLAIN),
        ("The clerk <b>left</b>.", "a.txt", PLAIN),
        ("The *clerk* left.", "a.md", MARKDOWN),
        ("<p>The clerk left.", "a.htm", HTML),
        (PAGE, "a.html", HTML),
        ("<!-- saved -->\n" + PAGE, "a.html", HTML),
        (XPAGE, "a.xhtml", XHTML),
        (XPAGE, "a.html", XHTML),
    ],
)
def test_content_and_name_agree(content: str, name: str, expected: str) -> None:
    assert media_type(content, name) == (expected, ())


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PAGE, "a.txt", HTML),
        (PAGE, "a.md", HTML),
        (PAGE, "a.json", HTML),
        (XPAGE, "a.xml", XHTML),
        ("The clerk left; 3 < 4.", "a.html", PLAIN),
    ],
)
def test_content_wins_over_the_name_with_a_warning(content: str, name: str, expected: str) -> None:
    found, warnings = media_type(content, name)
    assert found == expected
    assert name in warnings[0]


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.xml", "a.py"])
def test_a_format_without_a_reader_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedSource, match=rf"{name}: no reader for .*\.html, .*\.txt"):
        media_type("The clerk left.", name)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest", "neither Word nor OpenDocument"),
        (b"{\\rtf1 The clerk left.}", "Rich Text"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
    ],
)
def test_known_containers_are_named(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedSource, match=what):
        refuse_binary(data, "a.txt")
