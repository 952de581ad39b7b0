"""A real Chromium and a real server for tests."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from selenium import webdriver

from testimonia.library import Archive
from testimonia.web import create_app

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OUTPUT = Path(__file__).parents[1] / "test-output"
MISSING = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no Chromium with its driver here"
)  # fmt: skip


@contextmanager
def served(archive: Archive) -> Iterator[str]:
    """A real server; its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(archive), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def browser(profile: Path) -> Iterator[webdriver.Chrome]:
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
        f"--user-data-dir={profile}",
    ):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


def until(condition: Callable[[], Any], seconds: float = 40) -> Any:
    """What the condition gives as soon as that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    pytest.fail("nothing came")


def picture(chromium: webdriver.Chrome, name: str) -> None:
    """A screenshot."""
    OUTPUT.mkdir(exist_ok=True)
    assert chromium.save_screenshot(str(OUTPUT / f"{name}.png"))
