"""The server under test: ``testimonia serve --plain``, or any other by its addresses."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from conformance.endpoint import Endpoint
from conformance.servers import serving

# The addresses for queries, updates and graphs of a server that runs already, separated by blanks.
OTHER = "TESTIMONIA_CONFORMANCE_URLS"


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A connection to a server on a plain dataset, where every client may write."""
    if OTHER in os.environ:
        query, update, store = os.environ[OTHER].split()
        other = Endpoint(query, update, store)
        with other.client:
            yield other
        return
    folder = tmp_path_factory.mktemp("plain")
    command = [sys.executable, "-m", "testimonia", "serve", "--plain", str(folder / "dataset")]
    options = ["--write-open", "--host", "127.0.0.1", "--port", "0"]
    with serving([*command, *options], folder / "server.log") as url:
        own = Endpoint(f"{url}sparql", f"{url}sparql", f"{url}rdf-graph-store")
        with own.client:
            yield own
