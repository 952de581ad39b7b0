"""The query editor in a real browser: it works, and no request leaves this machine.

A screenshot of each view stays in ``test-output/``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import MISSING, browser, picture, served, until
from testimonia.library import Archive
from testimonia.web import editor

PLACES = """\
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?place ?wkt { ?place geo:hasGeometry/geo:asWKT ?wkt } ORDER BY ?place"""

pytestmark = [
    pytest.mark.slow,
    MISSING,
    pytest.mark.skipif(not editor.installed(), reason="the editor is not installed (make editor)"),
]


@pytest.fixture(scope="module")
def address(seed_archive: Archive) -> Iterator[str]:
    """A real server."""
    with served(seed_archive) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def log(chromium: webdriver.Chrome, kind: str) -> list[dict[str, Any]]:
    """What the browser has written down since the last call."""
    entries: list[dict[str, Any]] = chromium.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def requests(chromium: webdriver.Chrome) -> list[str]:
    """The addresses that pages asked for since the last call; the browser's own pages aside."""
    messages = [json.loads(each["message"])["message"] for each in log(chromium, "performance")]
    sent = [each["params"] for each in messages if each["method"] == "Network.requestWillBeSent"]
    urls = [each["request"]["url"] for each in sent]
    return [url for url in urls if urlsplit(url).scheme not in {"data", "chrome", "about"}]


def ready(chromium: webdriver.Chrome, url: str) -> None:
    chromium.get("about:blank")
    chromium.get(url)
    until(lambda: chromium.find_elements(By.CSS_SELECTOR, "#editor[data-ready]"))


def run(chromium: webdriver.Chrome) -> None:
    chromium.find_element(By.CSS_SELECTOR, ".yasqe_queryButton").click()


def cells(chromium: webdriver.Chrome) -> list[str]:
    return [each.text for each in chromium.find_elements(By.CSS_SELECTOR, "#editor .labelled td")]


def test_the_editor_answers_with_labels(chromium: webdriver.Chrome, address: str) -> None:
    ready(chromium, f"{address}/sparql")
    assert not chromium.find_element(By.CSS_SELECTOR, "form.query").is_displayed()
    run(chromium)
    found = until(lambda: cells(chromium))
    assert "officials" in found
    assert not any(each.startswith("http://localhost:8000/") for each in found)
    picture(chromium, "editor-table")


def test_a_shared_query_is_opened_and_places_are_on_a_map(
    chromium: webdriver.Chrome, address: str
) -> None:
    ready(chromium, f"{address}/sparql#query={quote(PLACES)}")
    run(chromium)
    assert "Siversk" in until(lambda: cells(chromium))
    tab = "//*[@id='editor']//button[contains(., 'Map')]"
    until(lambda: chromium.find_elements(By.XPATH, tab))[0].click()
    names = until(
        lambda: [
            each.text
            for each in chromium.find_elements(By.CSS_SELECTOR, "#editor svg.map text.name")
        ]
    )
    assert "Siversk" in names
    picture(chromium, "editor-map")


def test_an_example_is_one_click_away(chromium: webdriver.Chrome, address: str) -> None:
    ready(chromium, f"{address}/sparql")
    chromium.find_element(By.PARTIAL_LINK_TEXT, "What did Vladimir Putin say").click()
    assert any("Siversk" in each for each in until(lambda: cells(chromium)))


def test_prefixes_and_terms_are_ours_alone(chromium: webdriver.Chrome, address: str) -> None:
    def hints(text: str) -> list[str]:
        ready(chromium, f"{address}/sparql#query={quote(text)}")
        chromium.execute_script(
            "const e = document.querySelector('.yasqe .CodeMirror').CodeMirror;"
            "e.focus(); e.setCursor(e.lineCount(), 0); e.execCommand('goDocEnd'); e.autocomplete()"
        )
        found = until(lambda: chromium.find_elements(By.CSS_SELECTOR, ".CodeMirror-hint"))
        texts = [each.text for each in found]
        chromium.switch_to.active_element.send_keys(Keys.ESCAPE)
        return texts

    served = chromium.execute_async_script(
        "fetch(arguments[0]).then(r => r.json()).then(arguments[1])", f"{address}/editor.json"
    )
    prefixes = hints("PREFIX s")
    assert any("semanticweb.cs.vu.nl" in each for each in prefixes)
    ours = {f"{name}: <{iri}>" for name, iri in served["prefixes"].items()}
    assert set(prefixes) <= ours
    terms = hints("PREFIX tst: <https://w3id.org/testimonia#>\nSELECT * { ?s tst:spea")
    assert [each for each in terms if "speaker" in each]


def test_a_wrong_query_is_explained(chromium: webdriver.Chrome, address: str) -> None:
    ready(chromium, f"{address}/sparql#query={quote('SELECT * { ?s ?p FILTER }')}")
    run(chromium)
    until(lambda: "syntax error" in chromium.find_element(By.ID, "editor").text)


def test_no_request_leaves_the_machine(chromium: webdriver.Chrome, address: str) -> None:
    """All of the above, and every kind of page, with what the browser says it refused."""
    for path in ("/", "/statements", "/places", "/docs", "/sparql?query=ASK%20%7B%7D"):
        chromium.get(address + path)
    asked = requests(chromium)
    assert len(asked) > 20
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    severe = [each["message"] for each in log(chromium, "browser")]
    assert [each for each in severe if "Content Security Policy" in each] == []
    # And were a script to try, the browser would not let it.
    tried = chromium.execute_async_script(
        "fetch('http://foreign.invalid/').then(() => 'sent', () => 'refused').then(arguments[0])"
    )
    assert tried == "refused"
    assert any("Content Security Policy" in each["message"] for each in log(chromium, "browser"))
