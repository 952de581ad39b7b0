"""Every kind of page, checked by axe-core in a real Chromium: nothing serious, nothing critical.

And what axe cannot see: all that can be done can be done by keyboard, and print hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import MISSING, browser, picture, served
from contradicting import archive_of_reports, found, statement
from testimonia.library import Archive

AXE = Path(__file__).parents[2] / "frontend" / "axe.min.js"
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  found => done(found.violations),
  error => done([{id: String(error), impact: 'critical', nodes: []}]));
"""
PAGES = (
    "",
    "search?q=storm",
    "search?q=%22",
    "documents",
    "statements",
    "actors",
    "places",
    "events",
    "document/{document}",
    "{statement}",
    "{actor}",
    "{place}",
    "{event}",
    "{actor}/dossier",
    "{place}/dossier",
    "compare",
    "compare?event={event}",
    "compare?q=storm",
    "compare?q=%22",
    "compare?actor=nobody",
    "voices",
    "voices?document={document}",
    "voices?q=nothingatall",
    "timeline",
    "timeline?place={place}",
    "timeline?from=2031-01-01",
    "sparql",
    "sparql?query=SELECT%20%2A%20%7B%3Fs%20a%20%3Fc%7D%20LIMIT%203",
    "docs",
    "nothing/here",
)

pytestmark = [
    pytest.mark.slow,
    MISSING,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (make axe)"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive_of_reports(tmp_path_factory.mktemp("accessible")) as made:
        yield made


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    with served(archive) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def things(archive: Archive) -> dict[str, str]:
    base = archive.iris.base_iri

    def path(pattern: str) -> str:
        return found(archive, pattern)[0].removeprefix(base)

    return {
        "document": path("?x dcterms:title 'Thirty boats lost'@en").removeprefix("document/"),
        "statement": statement(archive, "destroyed 30 boats").removeprefix(base),
        "actor": path("?x a tst:Person ; rdfs:label 'Ada Brook'"),
        "place": path("?x a tst:Place ; rdfs:label 'Odense'"),
        "event": path("?x a tst:Event ; rdfs:label ?l FILTER(STRSTARTS(?l, 'destroyed '))"),
    }


def violations(chromium: webdriver.Chrome, url: str) -> list[str]:
    """What axe holds against a page: rule, and where."""
    chromium.get(url)
    chromium.execute_script(AXE.read_text(encoding="utf-8"))
    results: list[dict[str, Any]] = chromium.execute_async_script(RUN)
    return [
        f"{each['impact']} {each['id']}: {node['target']} {node['html'][:120]}"
        for each in results
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3] or [{"target": "", "html": ""}]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    chromium: webdriver.Chrome, address: str, things: dict[str, str], scheme: str
) -> None:
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    bad = {}
    for page in PAGES:
        path = page.format(**{name: quote(value) for name, value in things.items()})
        if found_ := violations(chromium, f"{address}/{path}"):
            bad[page] = found_
    assert bad == {}


def test_what_axe_would_find_is_found(chromium: webdriver.Chrome, address: str) -> None:
    """The check itself works: a page that is spoilt is not passed."""
    chromium.get(f"{address}/voices")
    chromium.execute_script(
        "document.querySelector('label').remove();"
        "document.querySelector('h1').outerHTML = '<img src=icon.svg>';" + AXE.read_text()
    )
    rules = {each["id"] for each in chromium.execute_async_script(RUN)}
    assert {"image-alt", "label"} <= rules


def test_a_comparison_can_be_read_by_keyboard(
    chromium: webdriver.Chrome, address: str, things: dict[str, str]
) -> None:
    chromium.get(f"{address}/compare?event={quote(things['event'])}")
    picture(chromium, "compare")
    reached = []
    for _ in range(60):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        active = chromium.switch_to.active_element
        reached.append(active.get_attribute("aria-labelledby") or active.text)
    assert reached[0] == "Skip to the content"
    assert "event-1-caption" in reached  # the wide table scrolls by keyboard
    assert "Bo Lind" in " ".join(reached)


def test_a_disc_of_the_map_leads_to_its_events(chromium: webdriver.Chrome, address: str) -> None:
    chromium.get(f"{address}/timeline")
    picture(chromium, "timeline")
    disc = chromium.find_element(By.CSS_SELECTOR, "#map-title ~ a")
    assert "Odense" in (disc.get_attribute("aria-label") or "")
    disc.send_keys(Keys.ENTER)
    assert "place=place" in chromium.current_url
    assert "place: Odense" in chromium.find_element(By.TAG_NAME, "h1").text


def test_printed_pages_have_all_of_the_table_and_none_of_the_form(
    chromium: webdriver.Chrome, address: str, things: dict[str, str]
) -> None:
    chromium.get(f"{address}/compare?event={quote(things['event'])}")
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not chromium.find_element(By.CSS_SELECTOR, "form.filter").is_displayed()
        assert not chromium.find_element(By.CSS_SELECTOR, "header.site").is_displayed()
        table = chromium.find_element(By.CSS_SELECTOR, ".scroll")
        assert table.value_of_css_property("overflow-x") == "visible"
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
