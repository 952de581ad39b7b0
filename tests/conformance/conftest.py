"""The server under test: ``testimonia serve --plain``, or any other by its addresses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.endpoint import Endpoint

# The addresses for queries, updates and graphs of a server that runs already, separated by blanks.
OTHER = "TESTIMONIA_CONFORMANCE_URLS"
_START_SECONDS = 60
_STOP_SECONDS = 20


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A connection to a server on a plain dataset, where every client may write."""
    if OTHER in os.environ:
        query, update, store = os.environ[OTHER].split()
        other = Endpoint(query, update, store)
        with other.client:
            yield other
        return
    with serving(tmp_path_factory.mktemp("plain")) as url:
        own = Endpoint(f"{url}sparql", f"{url}sparql", f"{url}rdf-graph-store")
        with own.client:
            yield own


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server of its own process, which ends with the block."""
    command = [sys.executable, "-m", "testimonia", "serve", "--plain", str(folder / "dataset")]
    options = ["--write-open", "--host", "127.0.0.1", "--port", "0"]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen([*command, *options], stdout=file, stderr=file)
    try:
        yield address(process, log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def address(process: subprocess.Popen[bytes], log: Path) -> str:
    """What the server says that it listens on."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        said = re.search(r"listening on (http://\S+/)", log.read_text(encoding="utf-8"))
        if said:
            return said[1]
        time.sleep(0.05)
    pytest.fail(f"the server does not listen:\n{log.read_text(encoding='utf-8')}")
