"""The query editor in a real browser: it works, and no request leaves this machine.

A screenshot of each view stays in ``test-output/``.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from testimonia.library import Archive
from testimonia.web import create_app, editor

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OUTPUT = Path(__file__).parents[2] / "test-output"
PLACES = """\
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?place ?wkt { ?place geo:hasGeometry/geo:asWKT ?wkt } ORDER BY ?place"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no Chromium with its driver here"),
    pytest.mark.skipif(not editor.installed(), reason="the editor is not installed (make editor)"),
]


@pytest.fixture(scope="module")
def address(seed_archive: Archive) -> Iterator[str]:
    """A real server."""
    server = uvicorn.Server(uvicorn.Config(create_app(seed_archive), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser with a new profile that does nothing of its own accord."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for each in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,1400",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


def until(condition: Callable[[], Any], seconds: float = 40) -> Any:
    """What the condition gives as soon as that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    pytest.fail("nothing came")


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


def picture(chromium: webdriver.Chrome, name: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    assert chromium.save_screenshot(str(OUTPUT / f"{name}.png"))


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
