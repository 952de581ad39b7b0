import json

import pytest
from lxml.html import document_fromstring

from testimonia.sources.html_metadata import edtf_date, stated


def of(head: str, body: str = "<p>The clerk left.</p>", root: str = "<html>") -> dict[str, object]:
    return stated(document_fromstring(f"{root}<head>{head}</head><body>{body}</body></html>"))[0]


def test_nothing_is_stated() -> None:
    assert of("") == {}


def test_json_ld_comes_first() -> None:
    article = {
        "@context": "https://schema.org",
        "@type": ["NewsArticle"],
        "headline": "The quay",
        "author": [{"@type": "Person", "name": "Ada Quill"}, {"name": "Bo Reed"}],
        "publisher": {"@type": "Organization", "name": "The Gazette"},
        "datePublished": "2025-03-04T09:30:00+01:00",
        "dateModified": "2025-04-01",
        "mainEntityOfPage": {"@id": "https://gazette.example/quay"},
        "inLanguage": "en-GB",
        "license": "https://licence.example/",
    }
    graph = {"@graph": [{"@type": "Organization", "name": "Other"}, article]}
    head = f"<script type='application/ld+json'>{json.dumps(graph)}</script><title>x | y</title>"
    assert of(head) == {
        "title": "The quay",
        "creator": ["Ada Quill", "Bo Reed"],
        "publisher": "The Gazette",
        "issued": "2025-03-04",
        "source": "https://gazette.example/quay",
        "language": "en-GB",
        "rights": "https://licence.example/",
    }


@pytest.mark.parametrize("written", ["{", "[" * 20_000, "null", '"x"', '[1, {"@type": 5}]', ""])
def test_broken_json_ld_is_nothing(written: str) -> None:
    assert of(f"<script type='application/ld+json'>{written}</script>") == {}


def test_meta_elements() -> None:
    head = """
        <meta property="og:title" content="The quay">
        <meta name="Author" content="By Ada Quill; Bo Reed">
        <meta property="og:site_name" content="The Gazette">
        <meta name="DC.date.issued" content="2025-03">
        <meta name="dc:identifier" content="gazette-17">
        <meta name="copyright" content="The Gazette 2025">
        <link rel="canonical" href="/quay"><base href="https://gazette.example/">
    """
    assert of(head, root="<html lang='en-GB'>") == {
        "title": "The quay",
        "creator": ["Ada Quill", "Bo Reed"],
        "publisher": "The Gazette",
        "issued": "2025-03",
        "identifier": "gazette-17",
        "rights": "The Gazette 2025",
        "language": "en-GB",
        "source": "https://gazette.example/quay",
    }


def test_an_address_is_no_name() -> None:
    head = """
        <meta property="article:author" content="https://social.example/ada">
        <meta name="author" content="Ada Quill">
        <meta property="article:publisher" content="https://social.example/gazette">
    """
    assert of(head) == {"creator": ["Ada Quill"]}


def test_elements_marked_as_author_and_date() -> None:
    body = "<a rel='author'>Ada Quill</a><time pubdate datetime='2025-03-04 09:30'>Tuesday</time>"
    assert of("", body) == {"creator": ["Ada Quill"], "issued": "2025-03-04"}


def test_dates_are_never_guessed() -> None:
    head = (
        "<link rel='canonical' href='https://gazette.example/2025/03/04/quay'>"
        "<meta property='article:modified_time' content='2025-03-05'>"
        "<meta name='last-modified' content='2025-03-05'>"
    )
    body = "<time datetime='2025-03-04'>4 March 2025</time><p>Published on March 4, 2025.</p>"
    assert of(head, body) == {"source": "https://gazette.example/2025/03/04/quay"}


def test_the_most_precise_of_agreeing_dates() -> None:
    head = "<meta name='dc.date' content='2025-03-04'><meta name='dcterms.issued' content='2025'>"
    assert of(head)["issued"] == "2025-03-04"


def test_contradicting_dates_are_told() -> None:
    head = "<meta name='dcterms.issued' content='2025-03-04'><meta name='date' content='2024'>"
    found, warnings = stated(document_fromstring(f"<html><head>{head}</head><p>x</p></html>"))
    assert found["issued"] == "2025-03-04"
    assert "2024" in warnings[0]


def test_a_host_is_no_publisher() -> None:
    assert "publisher" not in of("<meta property='og:url' content='https://gazette.example/q'>")


@pytest.mark.parametrize("address", ["http://[", "javascript:left()", "/quay", "  "])
def test_an_address_that_is_none(address: str) -> None:
    assert of(f"<link rel='canonical' href='{address}'>") == {}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-03-04T23:59:00-05:00", "2025-03-04"),
        ("2025/3/4", "2025-03-04"),
        ("2025-03", "2025-03"),
        (" 2025 ", "2025"),
        ("04/03/2025", None),
        ("March 4, 2025", None),
        ("2025-03/04", None),
        ("", None),
    ],
)
def test_only_unambiguous_dates(written: str, expected: str | None) -> None:
    assert edtf_date(written) == expected
