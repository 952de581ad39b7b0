"""Every page over real data: what it shows, and what it never does."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

pytestmark = pytest.mark.anyio

BASE = "http://archive.test"
_OWN_SCRIPT = re.compile(r'<script (?:defer|type="module") src="\./static/[a-z./]+\.js"></script>')
_REFERENCE = re.compile(r'\b(?:href|src|action)="([^"]*)"')


def visible(page: str) -> str:
    """A page's text."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


async def crawl(browser: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Everything that can be reached from the home page by links."""
    found: dict[str, httpx.Response] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = await browser.get(path)
        if "html" in found[path].headers["content-type"]:
            references = map(html.unescape, _REFERENCE.findall(found[path].text))
            targets = [urljoin(BASE + path, each).partition("#")[0] for each in references]
            waiting += [target.removeprefix(BASE) or "/" for target in targets]
    return found


async def test_all_that_is_linked_is_there_and_is_ours(browser: httpx.AsyncClient) -> None:
    pages = await crawl(browser)
    assert len(pages) > 60
    assert {path for path in pages if urlsplit(path).netloc} == set()
    assert {path: each.status_code for path, each in pages.items() if each.status_code != 200} == {}


async def test_pages_run_nothing_and_show_no_iris(browser: httpx.AsyncClient) -> None:
    for path, response in (await crawl(browser)).items():
        assert "default-src 'none'" in response.headers["content-security-policy"]
        if "html" not in response.headers["content-type"]:
            continue
        scripts = re.findall(r"<script.*?</script>", response.text, re.IGNORECASE | re.DOTALL)
        if path.startswith("/sparql"):  # the query editor, where it is installed
            scripts = [each for each in scripts if not _OWN_SCRIPT.fullmatch(each)]
        assert scripts == [], path
        assert re.findall(r"<[^>]*\son\w+=", response.text) == [], path
        assert not any(each.startswith("/") for each in _REFERENCE.findall(response.text)), path
        if not path.startswith(("/docs", "/sparql")) and not path.endswith("/report"):
            # Only a citation needs one.
            text = re.sub(r'<p class="citation">.*?</p>', "", response.text)
            assert "http://localhost:8000/" not in visible(text), path


async def test_links_into_a_page_find_their_place(browser: httpx.AsyncClient) -> None:
    pages = await crawl(browser)
    into = [
        urljoin(BASE + path, html.unescape(each)).removeprefix(BASE).partition("#")
        for path, response in pages.items()
        for each in _REFERENCE.findall(response.text)
        if "#" in each and "html" in response.headers["content-type"]
    ]
    assert len(into) > 30
    assert [each for each in into if f'id="{each[2]}"' not in pages[each[0]].text] == []


async def test_home_has_counts_and_lists(browser: httpx.AsyncClient) -> None:
    page = visible((await browser.get("/")).text)
    for words in ("Ada Brook", "Odense", "breaking of the wall", "shut.txt", "1 document was"):
        assert words in page
    assert re.search(r"statements\s*6\b", page)
    assert "narrator of" not in page


async def test_a_document_has_its_statements_marked(
    browser: httpx.AsyncClient, documents: dict[str, str]
) -> None:
    response = await browser.get(f"/document/{documents['storm']}")
    assert "Storm <script>alert('title')</script> & flood" in visible(response.text)
    assert "Harbour Gazette" in response.text
    marked = re.search(r'<div class="text" lang="en">(.*?)</div>', response.text, re.DOTALL)
    assert marked is not None
    assert visible(marked[1]) == (
        "The harbour chief Ada Brook said on 3 May that “the wall <script>alert('text')</script>"
        " broke & 12 boats sank” in Odense.\n\nBrook insisted that fishermen fear more storms. "
        "The wall broke at night."
    )
    assert re.findall(r'class="content depth-2" href="#s3">([^<]*)<', marked[1]) == ["more storms"]
    assert 'class="content narrated"' in marked[1]
    assert all(f'id="s{number}"' in response.text for number in range(1, 5))


async def test_a_statement_tells_all_that_is_known(
    browser: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    id_ = statements["the wall <script>alert('text')</script> broke & 12 boats sank"]
    page = visible((await browser.get(f"/statement/{id_}")).text)
    for words in (
        "Ada Brook",
        "direct",
        "probable",
        "3 May XXXX-05-03 (year unknown)",
        "breaking of the wall",
        "12 boats",
        "characters 48–109",
        "The harbour chief Ada Brook said on 3 May",
        "scripted 1",
    ):
        assert words in page


async def test_nested_statements_lead_to_each_other(
    browser: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    outer, inner = statements["fishermen fear more storms"], statements["more storms"]
    assert f"statement/{inner}" in (await browser.get(f"/statement/{outer}")).text
    assert f"statement/{outer}" in (await browser.get(f"/statement/{inner}")).text


async def test_doubt_and_denial_are_shown(
    browser: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    doubted = statements["the harbour of Odense is shut"]
    assert "attribution possible" in (await browser.get(f"/statement/{doubted}")).text
    denied = statements["the wall broke"]
    assert "negated" in (await browser.get(f"/statement/{denied}")).text


async def test_an_actor_says_and_is_spoken_of(
    browser: httpx.AsyncClient, entities: dict[str, str]
) -> None:
    page = visible((await browser.get("/" + entities["fishermen"])).text)
    assert "group, not named" in page
    assert "What it said 1" in page
    assert "What is said about it 1" in page


async def test_a_place_is_located_by_the_gazetteer(
    browser: httpx.AsyncClient, entities: dict[str, str]
) -> None:
    assert entities["Odense"] == "place/geonames-2615876"
    page = visible((await browser.get("/place/geonames-2615876")).text)
    for words in ("55.3959° N, 10.3883° E", "Denmark", "180,863", "breaking of the wall"):
        assert words in page


async def test_an_event_has_its_accounts_side_by_side(
    browser: httpx.AsyncClient, entities: dict[str, str]
) -> None:
    page = visible((await browser.get("/" + entities["breaking of the wall"])).text)
    assert "Its accounts, side by side 2" in page
    for words in ("Ada Brook", "narrator of", "12 boats", "at night", "2031-05-03TNI", "probable"):
        assert words in page


async def test_a_rejected_document_has_a_report(
    browser: httpx.AsyncClient, documents: dict[str, str]
) -> None:
    rejected = documents["light"]
    assert "was rejected" in (await browser.get(f"/document/{rejected}")).text
    report = await browser.get(f"/document/{rejected}/report")
    assert report.status_code == 200
    assert "A statement has a speaker" in report.text
    assert (await browser.get(f"/document/{documents['storm']}/report")).status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wall", 4),
        ("WALL night", 1),
        ("storm flood", 2),
        ("odense", 2),
        ("service", 0),
        ("} UNION { ?x ?p ?o } #", 0),
        ("\\u0022", 0),
        ("storm\x00", 2),
        ("<script>alert('text')", 1),
        ('"harbour of odense" OR night', 2),
        ("fisherm*", 2),
    ],
)
async def test_search_finds_and_counts(browser: httpx.AsyncClient, words: str, found: int) -> None:
    response = await browser.get("/search", params={"q": words})
    assert response.status_code == 200
    count = re.search(r'<p role="status">(\d+) ', response.text)
    assert count is not None
    assert int(count[1]) == found
    assert response.text.count('<span class="kind">') == found
    assert f'value="{html.escape(words)}"'.replace("&#x27;", "&#39;") in response.text.replace(
        "&#34;", "&quot;"
    )


async def test_search_for_nothing_asks_for_words(browser: httpx.AsyncClient) -> None:
    assert "Write some words" in (await browser.get("/search?q=+")).text


@pytest.mark.parametrize("path", ["/statements?page=7", "/documents?page=7", "/actors?page=7"])
async def test_a_page_after_the_last_is_empty(browser: httpx.AsyncClient, path: str) -> None:
    response = await browser.get(path)
    assert response.status_code == 200
    assert 'class="card"' not in response.text


async def test_health_is_a_json_object(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


async def test_the_interface_describes_itself(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    assert set(schema["paths"]["/sparql"]) == {"get", "post"}
    page = visible((await client.get("/docs")).text)
    assert {path for path in schema["paths"] if path not in page} == set()
